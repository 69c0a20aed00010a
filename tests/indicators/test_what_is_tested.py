"""Coverage counts what an indicator can test: a register that is empty for a payee, or has no history yet, tests nothing."""

import duckdb
import pytest

from fut.drawn import fill
from fut.evaluate import measure_coverage, prepare_out
from indicators import library

PAYMENTS = "core_payments\npayment_id | supplier_key | entity_key | booking_date | amount_sek"
LINES = "core_compensation_lines\nline_id | provider_id | booked_month | amount_sek | registered_minutes | performed_count | visit_count\n"
LINES += "A | P1 | 2026-03 | 900 | 600 | 9 | 9\nB | P2 | 2026-03 | 900 | 600 | 9 | 9"


PAYEES = "core_payees\nsupplier_key | entity_key | org_no\nS1 | E1 | 556000-0001\nS2 | E2 | 556000-0002"
OF_PAYEES = (
    "core_payments\npayment_id | entity_key | booking_date | invoice_date | vat_sek | amount_sek\nO | E3 | 2026-02-10 | 2026-02-10 | 900 | 9\n"
    "A | E1 | 2026-03-10 | 2026-03-10 | 900 | 9\nB | E1 | 2026-03-11 | 2026-03-10 | 900 | 9\nC | E1 | 2026-03-31 | 2026-03-10 | 900 | 9\n"
    "D | E2 | 2026-03-20 | 2026-03-10 | 900 | 9\nE | E3 | 2026-03-20 | 2026-03-10 | 900 | 9\nF | | 2026-03-20 | 2026-03-10 | 900 | 9"
)


def months(text: str) -> str:
    """Return twenty payments of last year to one payee and department, and one this year to three."""
    last = "\n".join(f"L{n} | E1 | D1 | 2025-06-30 | 900 | 2025-06-01 | 2025-06-20 | 2025-07-01" for n in range(100))
    head = "core_payments\npayment_id | entity_key | department | booking_date | amount_sek | invoice_date | payment_date | due_date"
    return f"{head}\n{last}\n{text}"


def _payees(count: int) -> str:
    """Return so many payees, each paid once in March."""
    known = "\n".join(f"S{n} | E{n} | 5560{n:02d}-0001" for n in range(count))
    paid = "\n".join(f"P{n} | E{n} | 2026-03-10 | 9" for n in range(count))
    return (
        f"core_payees\nsupplier_key | entity_key | org_no\n{known}\n"
        f"core_payments\npayment_id | entity_key | booking_date | amount_sek\n{paid}"
    )


@pytest.mark.parametrize(
    ("code", "delivered", "month", "tested", "untested"),
    [
        # an unused credit is looked at when it has lain its days, not when it is booked
        ("SP12", [f"{PAYMENTS}\nA | S | E | 2026-01-10 | -2000\nB | S | E | 2026-04-01 | -2000\nC | S | E | 2026-01-10 | -99"], "2026-04", 1, 0),
        ("SP12", [f"{PAYMENTS}\nA | S | E | 2026-01-10 | -2000"], "2026-01", 0, 0),
        # an account says nothing before the register began
        (
            "SP16",
            [
                "core_payees\nsupplier_key | org_no\nS | 556000-0001",
                "core_payee_accounts\npayee_account | owner_org_no | as_of\n1-1 | 556000-0001 | 2026-02-28",
                "core_payments\npayment_id | supplier_key | payee_account | booking_date | amount_sek\nA | S | 1-1 | 2026-01-10 | 9\n"
                "B | S | 1-1 | 2026-03-10 | 9",
            ],
            "2026-01", 0, 1,
        ),
        # of a payee only the first month can be a large first payment, and in a ledger's first year none
        ("SP32", [f"{PAYMENTS} | category\nO | S | OLD | 2025-01-10 | 9 | K\nA | S | OLD | 2026-03-10 | 9 | K\nB | S | NEW | 2026-03-10 | 9 | K"], "2026-03", 1, 0),
        ("SP32", [f"{PAYMENTS} | category\nO | S | OLD | 2025-01-10 | 9 | K\nB | S | NEW | 2025-12-10 | 9 | K"], "2025-12", 0, 1),
        ("SP34", [f"{PAYMENTS}\n" + "\n".join(f"A{n} | S | E | 2026-03-10 | 90" for n in range(300)) + "\nB | S | F | 2026-03-10 | 90"], "2026-03", 300, 1),
        (
            "SP36",
            [months("A | E1 | D2 | 2026-03-10 | 9 | 2026-03-01 | 2026-03-06 | 2026-04-01\nB | E2 | D1 | 2026-03-10 | 9 | 2026-03-01 | 2026-03-06 | 2026-04-01\n"
                    "C | E2 | D2 | 2026-03-10 | 9 | 2026-03-01 | 2026-03-06 | 2026-04-01\nD | E1 | D1 | 2026-03-10 | 9 | 2026-03-01 | | 2026-04-01")],
            "2026-03", 2, 2,
        ),
        (
            "SU11",
            [
                LINES, "core_providers\nprovider_id | org_no\nP1 | 556000-0001\nP2 | 556000-0002",
                "core_company_register\norg_no | as_of | turnover_sek | period_from | period_to\n556000-0001 | 2026-03-01 | 9 | 2025-01-01 | 2025-12-31",
            ],
            "2026-03", 1, 1,
        ),
        (
            "SU12",
            [LINES, "core_limits\nkind | amount_sek | valid_from\nhourly_wage | 150 | 2025-01-01",
             "core_payroll_months\nprovider_id | carer_ref | month | gross_sek\nP1 | W1 | 2026-03 | 900\nP2 | W2 | 2026-02 | 900"],
            "2026-03", 1, 1,
        ),
        ("HC29", [LINES, "core_carers\ncarer_ref | provider_id\nW1 | P1"], "2026-03", 1, 1),
        (
            "IR04",
            [
                "core_payments\npayment_id | invoice_id | created_by | booking_date | amount_sek\nA | I1 | U1 | 2026-03-10 | 9\n"
                "B | I2 | | 2026-03-10 | 9\nC | I3 | | 2026-03-10 | 9\nD | I4 | U1 | 2026-03-10 | 9",
                "core_approvals\ninvoice_id | step | user_ref | approved_at\nI1 | decision | U1 | 2026-03-01\nI2 | decision | U1 | 2026-03-01\n"
                "I3 | decision | U1 | 2026-03-01\nI3 | receipt | U2 | 2026-03-01",
            ],
            "2026-03", 2, 2,
        ),
        (  # a register of one payee in two is an extract, one of all but the last is not
            "SU02",
            [_payees(24), "core_company_register\norg_no | as_of\n" + "\n".join(f"5560{n:02d}-0001 | 2026-01-01" for n in range(12))],
            "2026-03", 0, 24,
        ),
        (
            "SU02",
            [_payees(24), "core_company_register\norg_no | as_of\n" + "\n".join(f"5560{n:02d}-0001 | 2026-01-01" for n in range(24))],
            "2026-03", 24, 0,
        ),
        # the register says nothing of a day before the one it describes, nor of a payee or a column that it leaves out
        *(
            (code, [f"core_company_register\norg_no | as_of | {column}\n556000-0001 | 2026-03-11 | {value}\n556000-0001 | 2026-09-01 | {value}\n"
                    "556000-0002 | 2026-01-01 |", PAYEES, OF_PAYEES], "2026-03", 2, 4)
            for code, column, value in (("SU03", "f_tax", "true"), ("SU05", "status", "active"), ("SU09", "registered_date", "2015-09-01"),
                                        ("SP29", "registered_date", "2015-09-01"), ("SP44", "vat_registered", "true"))
        ),
        # a limit is one from its first month to its last, and a gap between two is one
        *(
            ("SP24", ["core_limits\nkind | amount_sek | valid_from | valid_to\ndirect_award | 700000 | 2025-02-15 | 2025-12-31\n"
                      "direct_award | 800000 | 2026-02-15 |\napproval | 9 | 2020-01-01 |",
                      f"{PAYMENTS}\nA | S | E | {month}-10 | 9"], month, int(is_tested), int(not is_tested))
            for month, is_tested in (("2025-01", False), ("2025-02", True), ("2025-12", True), ("2026-01", False), ("2026-02", True))
        ),
        (
            "NW01",
            ["core_payee_accounts\npayee_account | is_factoring | as_of\n9-9 | true | 2026-01-01",
             "core_payees\nsupplier_key | entity_key | org_no\nS1 | E1 | 556000-0001",
             "core_payments\npayment_id | entity_key | payee_account | booking_date | amount_sek\nA | E1 | 1-1 | 2026-03-10 | 9\n"
             "B | E1 | 9-9 | 2026-03-10 | 9\nC | E2 | 1-1 | 2026-03-10 | 9\nD | E1 | | 2026-03-10 | 9"],
            "2026-03", 1, 3,
        ),
    ],
)  # fmt: skip
def test_rows_counted_as_tested_are_those_the_rule_can_test(
    core: duckdb.DuckDBPyConnection, code: str, delivered: list[str], month: str, tested: int, untested: int
) -> None:
    core.execute("BEGIN")
    prepare_out(core)
    for drawn in delivered:
        fill(core, drawn)
    measure_coverage(core, library()[code], [month], ())
    found = core.execute("SELECT rows_tested, rows_untested, status FROM out_coverage").fetchall()
    core.execute("ROLLBACK")
    assert found == [(tested, untested, "clean" if tested else "not_applicable")]


def test_relatives_are_told_from_either_column() -> None:
    scope = library()["HC28"].scope
    assert scope.lacking({"carers.household_ref", "approvals"}) == ()
    assert scope.lacking({"carers.household_ref", "carers.relative_of_client_ref"}) != ()
