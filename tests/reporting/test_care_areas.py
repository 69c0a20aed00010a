"""Home care by area, as published: where a client lived, what is flagged and listed, small numbers left out."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import duckdb
import polars as pl
import pytest

from fut.contract import contract
from reporting import svg
from reporting.care_areas import AREAS
from reporting.frames import typed

LINE = "('{line}', true, 'C{client}', '2026-09', '2026-10', {sek})"
SUMS = (
    "payments", "clients", "amount_sek", "flagged_payments", "flagged_sek", "listed_payments", "listed_sek",
)  # fmt: skip


@pytest.fixture
def told() -> Iterator[duckdb.DuckDBPyConnection]:
    """Six clients in the north, one of whom moved there, four in the south, one whom no register knows."""
    with duckdb.connect() as connection:
        for table in ("compensation_lines", "clients", "areas"):
            connection.execute(contract("core", table).ddl(f"core_{table}"))
        for table in ("flags", "flag_payments", "coverage", "ranked_payments"):
            connection.execute(contract("out", table).ddl())
        connection.execute("CREATE TEMP TABLE _shown_months AS SELECT '2026-10' AS month")
        connection.execute(
            "INSERT INTO core_areas VALUES ('N', 'Norr', 'norr-1'), ('S', NULL, NULL), ('E', 'Tomt', NULL)"
        )
        homes = [f"('C{i}', '{'N' if i < 6 else 'S'}', DATE '2020-01-01')" for i in range(10)]
        homes += ["('C0', 'S', DATE '2026-10-01')", "('C1', 'S', DATE '2019-01-01')"]
        connection.execute(f"INSERT INTO core_clients (client_ref, area, valid_from) VALUES {', '.join(homes)}")
        lines = [LINE.format(line=f"L{i}", client=i, sek=1000) for i in range(11)]
        lines += [
            LINE.format(line="L0b", client=0, sek=-200),
            LINE.format(line="due", client=0, sek=9).replace("true", "false"),
        ]
        connection.execute(
            "INSERT INTO core_compensation_lines (line_id, is_delivered, client_ref, service_month, booked_month, "
            f"amount_sek) VALUES {', '.join(lines)}"
        )
        yield connection


def _flag(connection: duckdb.DuckDBPyConnection, key: str, line: str, sek: int, **other: str) -> None:
    said = {"month": "2026-10", "verdict": "contradiction", "kind": "H", "code": "HC01"} | other
    connection.execute(
        "INSERT INTO out_flags (flag_id, indicator, evidence_class, service_month, verdict) VALUES "
        f"('{key}', '{said['code']}', '{said['kind']}', '{said['month']}', '{said['verdict']}')"
    )
    connection.execute(f"INSERT INTO out_flag_payments VALUES ('{key}', '{line}', {sek})")


def _areas(connection: duckdb.DuckDBPyConnection) -> dict[str, dict[str, Any]]:
    frame = typed("areas", connection.execute(AREAS).pl())
    assert frame["risk_area"].unique().to_list() == ["home_care"]
    return {row["area"]: row for row in frame.to_dicts()}


def test_a_client_counts_where_the_register_has_them_at_the_months_end(told):
    found = _areas(told)
    assert set(found) == {"N", "S", "unknown"}, "an area without payments has no row"
    assert (found["N"]["payments"], found["N"]["clients"]) == (7, 6)
    assert found["N"]["amount_sek"] == Decimal(5800), "signed, and what no line pays is left out"
    assert (found["N"]["area_name"], found["N"]["geojson_feature_id"]) == ("Norr", "norr-1")


def test_a_client_registered_later_counts_where_first_known(told):
    told.execute("UPDATE core_clients SET valid_from = DATE '2027-01-01' WHERE client_ref = 'C9'")
    told.execute("INSERT INTO core_clients (client_ref, area, valid_from) VALUES ('C9', 'N', DATE '2028-01-01')")
    told.execute("INSERT INTO core_clients (client_ref, area, valid_from) VALUES ('C10', 'S', DATE '2020-01-01')")
    assert _areas(told)["S"]["clients"] == 5
    assert "unknown" not in _areas(told)


def test_areas_with_few_clients_have_no_sums(told):
    found = _areas(told)
    for area in ("S", "unknown"):
        assert found[area]["is_suppressed"]
        assert [found[area][name] for name in SUMS] == [None] * len(SUMS)
    assert not found["N"]["is_suppressed"]
    assert None not in [found["N"][name] for name in SUMS]


def test_flagged_is_what_may_stand_alone_once_and_at_most_the_payment(told):
    _flag(told, "a", "L1", -300)
    _flag(told, "b", "L1", 400, kind="R")
    _flag(told, "c", "L0b", 900)
    north = _areas(told)["N"]
    assert (north["flagged_payments"], north["flagged_sek"]) == (2, Decimal(600))


@pytest.mark.parametrize(
    "other", [{"kind": "S"}, {"kind": "C"}, {"verdict": "explained"}, {"month": "2026-11"}, {"code": "HC99"}]
)
def test_what_lists_nothing_alone_or_was_not_known_is_not_flagged(told, other):
    told.execute("INSERT INTO out_coverage (indicator, month, alarm) VALUES ('HC99', '2026-10', 'too_many')")
    _flag(told, "a", "L1", 300, **other)
    north = _areas(told)["N"]
    assert (north["flagged_payments"], north["flagged_sek"]) == (0, 0)


def test_listed_are_those_chosen_by_risk(told):
    for line, arm, sek in (("L1", "risk", -300), ("L2", "random", 500), ("L7", "risk", 100)):
        told.execute(
            "INSERT INTO out_ranked_payments (month, payment_id, arm, risk_area, amount_at_risk_sek) VALUES "
            f"('2026-10', '{line}', '{arm}', 'home_care', {sek})"
        )
    north = _areas(told)["N"]
    assert (north["listed_payments"], north["listed_sek"]) == (1, Decimal(300))


def test_rates_of_rows_keep_small_areas_out_of_the_picture(told):
    _flag(told, "a", "L1", 290)
    rows = list(_areas(told).values())
    rates = {rate.area: rate for rate in svg.area_rates(rows)}
    assert rates["N"] == svg.AreaRate("N", "Norr", 0.05, 6, "norr-1")
    assert (rates["S"].name, rates["S"].rate, rates["S"].is_small) == ("S", None, True)
    assert rates["unknown"].name == "Okänt område"
    (per_payment,) = (r.rate for r in svg.area_rates(rows, "flagged_payments", "payments") if r.area == "N")
    assert per_payment == pytest.approx(1 / 7)
    assert svg.area_rates([{"area": "N", "clients": 9, "flagged_sek": 1, "amount_sek": 0}])[0].rate is None


def test_a_month_without_home_care_has_the_columns(told):
    told.execute("DELETE FROM core_compensation_lines")
    frame = typed("areas", told.execute(AREAS).pl())
    assert frame.height == 0
    assert frame.schema["listed_sek"] == pl.Decimal(14, 2)
