"""A value of law or agreement that changes inside a run changes what comes after, and each flag says which counted."""

import json
from collections.abc import Iterator
from datetime import date, timedelta

import duckdb
import pytest

from fut.drawn import fill
from fut.evaluate import evaluate, measure_coverage, prepare_out
from indicators import library
from reporting.words import filled

MONTHS = ["2026-02", "2026-03", "2026-04"]


@pytest.fixture
def tables(core: duckdb.DuckDBPyConnection) -> Iterator[duckdb.DuckDBPyConnection]:
    """Return empty core and out tables that are gone afterwards."""
    core.execute("BEGIN")
    prepare_out(core)
    yield core
    core.execute("ROLLBACK")


def flagged(tables: duckdb.DuckDBPyConnection, code: str, limits: str) -> dict[str, tuple[float, str]]:
    """Return each flagged payment's value and the sentence an officer reads, with these limits."""
    tables.execute("DELETE FROM core_limits")
    fill(tables, f"core_limits\nkind | amount_sek | hours | valid_from | valid_to | is_verified\n{limits}")
    indicator = library()[code]
    evaluate(tables, indicator, MONTHS, indicator.parameters())
    rows = tables.execute("SELECT subject_id, value, parameters FROM out_flags ORDER BY 1").fetchall()
    return {key: (value, filled(indicator.means.sv, json.loads(said))) for key, value, said in rows}


DAYS = [date(2026, 2, 27) + timedelta(days=7 * n) for n in range(7)]
REMINDED = "\n".join(
    ["core_payment_pairs", "payment_id | block | ref_relation | days_apart | earlier_amount_sek | amount_sek | is_expected | booked_month"]
    + [f"P{day} | reference | equal | 35 | 4000 | 4060 | false | {day:%Y-%m}" for day in DAYS]
    + ["core_payments", "payment_id | booking_date"]
    + [f"P{day} | {day}" for day in DAYS]
)  # fmt: skip


def test_a_reminder_fee_counts_from_its_day(tables: duckdb.DuckDBPyConnection) -> None:
    fill(tables, REMINDED)
    always = flagged(tables, "SP03", "reminder_fee | 60 | | 2013-03-16 | | true")
    assert list(always) == [f"P{day}" for day in DAYS]
    changed = flagged(
        tables, "SP03",
        "reminder_fee | 60 | | 2013-03-16 | 2026-03-19 | true\nreminder_fee | 90 | | 2026-03-20 | | false",
    )  # fmt: skip
    assert list(changed) == [f"P{day}" for day in DAYS if day < date(2026, 3, 20)]
    assert "en påminnelseavgift (60\u00a0kr) och" in changed["P2026-02-27"][1]
    told = "(60\u00a0kr och från 2026-03-20 90\u00a0kr, ej kontrollerat värde)"
    assert told in changed["P2026-03-13"][1]
    assert "ett inkassokrav (ingen angiven)" in changed["P2026-03-13"][1]


DELIVERED = """
core_payroll_months
provider_id | carer_ref | month | paid_hours | gross_sek
P1 | W1 | 2026-02 | 200 | 20000
P1 | W1 | 2026-03 | 200 | 20000
P1 | W1 | 2026-04 | 200 | 20000
core_compensation_lines
line_id | provider_id | service_month | booked_month | registered_minutes | amount_sek
L2 | P1 | 2026-02 | 2026-02 | 12000 | 75000
L3 | P1 | 2026-03 | 2026-04 | 12000 | 75000
L4 | P1 | 2026-04 | 2026-04 | 12000 | 75000
"""


def test_the_wage_of_the_month_of_service_counts_not_that_of_the_bill(tables: duckdb.DuckDBPyConnection) -> None:
    fill(tables, DELIVERED)
    found = flagged(
        tables,
        "SU12",
        "hourly_wage | 150 | | 2026-03-01 | 2026-03-31 | false\nhourly_wage | 100 | | 2026-04-01 | | true",
    )
    assert list(found) == ["L3"]
    nothing = flagged(tables, "SU12", "hourly_wage | 100 | | 2026-03-01 | | true")
    assert nothing == {}
    measure_coverage(tables, library()["SU12"], MONTHS, ())
    tested = tables.execute("SELECT month, rows_tested, rows_untested, missing FROM out_coverage ORDER BY 1").fetchall()
    assert tested == [
        ("2026-02", 0, 1, ["limits.valid_from"]),
        ("2026-03", 0, 0, ["payroll_months.gross_sek"]),
        ("2026-04", 2, 0, []),
    ]


def test_a_direct_award_limit_missing_is_said_though_approvals_are_known(tables: duckdb.DuckDBPyConnection) -> None:
    fill(tables, "core_payments\npayment_id | booking_date | amount_sek\nA | 2026-03-02 | 900000")
    indicator = library()["SP24"]
    flagged(tables, "SP24", "approval | 50000 | | 2020-01-01 | | true")
    measure_coverage(tables, indicator, ["2026-03"], ())
    row = tables.execute("SELECT status, rows_tested, missing FROM out_coverage").fetchone()
    assert row == ("not_applicable", 0, ["limits.valid_from"])
    flagged(tables, "SP24", "direct_award | 700000 | | 2026-03-01 | | true")
    measure_coverage(tables, indicator, ["2026-03"], ())
    assert tables.execute("SELECT status, rows_tested FROM out_coverage").fetchone() == ("flagged", 1)
