"""Dated values: the municipality's before the country's, each in force until the next begins."""

from collections.abc import Iterator
from datetime import date

import duckdb
import pytest

from core.limits import add_limits, national_limits
from fut.limit import Limit
from fut.limits import in_force
from fut.settings import Municipality, Settings


@pytest.fixture
def tables(core: duckdb.DuckDBPyConnection) -> Iterator[duckdb.DuckDBPyConnection]:
    """Return empty core tables that are empty again afterwards."""
    core.execute("BEGIN")
    yield core
    core.execute("ROLLBACK")


def settings(*limits: Limit, currency: str = "SEK") -> Settings:
    """Return settings with these limits."""
    return Settings(Municipality("m", "M"), (), None, None, currency=currency, limits=limits)  # ty: ignore


def rows(tables: duckdb.DuckDBPyConnection, kind: str) -> list[tuple[float, str, str | None]]:
    """Return the values of a kind, in order."""
    return tables.execute(
        "SELECT coalesce(amount_sek, hours, share)::DOUBLE, valid_from::VARCHAR, valid_to::VARCHAR FROM core_limits "
        "WHERE kind = $kind ORDER BY role NULLS FIRST, valid_from", {"kind": kind},
    ).fetchall()  # fmt: skip


def test_the_country_s_values_count_where_none_is_stated(tables: duckdb.DuckDBPyConnection) -> None:
    add_limits(tables, settings())
    assert rows(tables, "reminder_fee") == [(50, "1996-12-01", "2013-03-15"), (60, "2013-03-16", None)]
    assert rows(tables, "daily_rest") == [(11, "2005-07-01", None)]
    assert rows(tables, "tax_deduction") == [(0.3, "2012-01-01", None)]
    assert rows(tables, "direct_award") == []
    assert tables.execute(
        "SELECT count(*) FROM core_limits WHERE source IS NULL OR is_verified IS NULL"
    ).fetchone() == (0,)


def test_own_values_stand_from_the_day_they_begin(tables: duckdb.DuckDBPyConnection) -> None:
    own = (Limit("reminder_fee", date(2020, 1, 1), amount_sek=70), Limit("daily_rest", date(1990, 1, 1), hours=9))
    add_limits(tables, settings(*own))
    assert rows(tables, "reminder_fee")[1:] == [(60, "2013-03-16", "2019-12-31"), (70, "2020-01-01", None)]
    assert rows(tables, "daily_rest") == [(9, "1990-01-01", None)]


def test_kronor_do_not_count_in_a_ledger_of_another_currency(tables: duckdb.DuckDBPyConnection) -> None:
    add_limits(tables, settings(currency="GBP"))
    assert rows(tables, "reminder_fee") == []
    assert rows(tables, "daily_rest") == [(11, "2005-07-01", None)]


def test_a_value_ends_when_the_next_of_its_kind_and_role_begins(tables: duckdb.DuckDBPyConnection) -> None:
    tables.execute("INSERT INTO core_limits BY NAME SELECT 'approval' AS kind, '' AS role, 10 AS amount_sek, "
                 "DATE '2020-01-01' AS valid_from")  # fmt: skip
    own = (
        Limit("approval", date(2020, 1, 1), amount_sek=11),  # the file's row of the day is what counts
        Limit("approval", date(2021, 1, 1), date(2029, 1, 1), amount_sek=20),
        Limit("approval", date(2022, 1, 1), amount_sek=30),
        Limit("approval", date(2020, 6, 1), role="head", amount_sek=40),
    )
    add_limits(tables, settings(*own))
    assert rows(tables, "approval") == [
        (10, "2020-01-01", "2020-12-31"), (20, "2021-01-01", "2021-12-31"), (30, "2022-01-01", None),
        (40, "2020-06-01", None),
    ]  # fmt: skip


def test_the_values_of_a_month_are_those_in_force_on_some_day_of_it(tables: duckdb.DuckDBPyConnection) -> None:
    add_limits(tables, settings())

    def amounts(month: str) -> list[str]:
        return [row["amount_sek"] for row in in_force(tables, ["reminder_fee"], month)["reminder_fee"]]

    assert amounts("1996-11") == []
    assert amounts("2013-02") == ["50.00"]
    assert amounts("2013-03") == ["50.00", "60.00"]
    assert amounts("2013-04") == ["60.00"]
    assert in_force(tables, [], "2013-04") == {}
    assert in_force(tables, ["hourly_wage"], "2026-10")["hourly_wage"][0]["is_verified"] is False


@pytest.mark.parametrize(
    ("own", "expected"),
    [
        # of the same day as the country's: in its place
        ([("2013-03-16", 65)], ["50 1996-12-01..2013-03-15", "65 2013-03-16.."]),
        # from before the country's: none of these
        ([("2010-01-01", 40), ("2020-01-01", 70)], ["50 1996-12-01..2009-12-31", "40 2010-01-01..2019-12-31", "70 2020-01-01.."]),
    ],
)  # fmt: skip
def test_a_country_s_value_counts_until_the_first_own_one(
    tables: duckdb.DuckDBPyConnection, own: list[tuple[str, int]], expected: list[str]
) -> None:
    add_limits(tables, settings(*(Limit("reminder_fee", date.fromisoformat(d), amount_sek=sek) for d, sek in own)))
    found = [f"{sek:.0f} {since}..{until or ''}" for sek, since, until in rows(tables, "reminder_fee")]
    assert found == expected


def test_a_day_has_one_value_of_a_kind_and_role(tables: duckdb.DuckDBPyConnection) -> None:
    tables.execute("INSERT INTO core_limits BY NAME SELECT 'approval' AS kind, role, amount_sek, DATE '2024-01-01' AS valid_from, "
                   "DATE '2024-07-01' AS valid_to FROM (VALUES ('', 900), ('unit', 50), ('deputy', 10)) t(role, amount_sek)")  # fmt: skip
    own = (
        Limit("approval", date(2024, 1, 1), role="head", amount_sek=400),
        Limit("approval", date(2024, 1, 1), role="unit", amount_sek=60),
        Limit("approval", date(2024, 7, 2), role="unit", amount_sek=500),
        Limit("approval", date(2024, 7, 1), role="deputy", amount_sek=20),
        Limit("approval", date(2024, 7, 31), amount_sek=901),
    )
    add_limits(tables, settings(*own))
    told = {}
    for month in ("2023-12", "2024-01", "2024-06", "2024-07", "2024-08"):
        values = in_force(tables, ["approval"], month)["approval"]
        told[month] = [f"{row.get('role', '-')} {float(row['amount_sek']):.0f}" for row in values]
        assert all(row["is_verified"] for row in values), "what a file states counts as verified"
    assert told == {
        "2023-12": [],
        # the role with the lowest value first, the municipality's file before its settings
        "2024-01": ["deputy 10", "unit 50", "head 400", "- 900"],
        "2024-06": ["deputy 10", "unit 50", "head 400", "- 900"],
        # one ends on the first of the month, one on the day before its next begins, and one begins on the last
        "2024-07": ["deputy 20", "unit 50", "unit 500", "head 400", "- 900", "- 901"],
        "2024-08": ["deputy 20", "head 400", "unit 500", "- 901"],
    }


@pytest.mark.parametrize("limit", national_limits(), ids=lambda limit: f"{limit.kind}-{limit.valid_from}")
def test_every_value_of_the_country_says_where_it_is_stated(limit: Limit) -> None:
    assert len(limit.source) > 10
