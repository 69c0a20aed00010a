"""What a cell says in its column's type, and which repair is told of it."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

import duckdb
import pytest

from fut.cell_value import is_open, may_be_open, mended_cases, moment_formats, typed_value
from fut.contract import load_contracts
from fut.dialect import Dialect

PLAIN = Dialect("d", "D", decimal=",", thousands=" .")
DAYS = replace(PLAIN, date_formats=("%d.%m.%y", "%d.%m.%Y", "%Y-%m-%d %H.%M"))
DAY, MIDNIGHT = dt.date(2026, 3, 1), dt.datetime.fromisoformat("2026-03-02 00:00")
SEVEN = dt.datetime.fromisoformat("2026-03-01 07:05")


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    """Return an empty database."""
    with duckdb.connect() as found:
        yield found


def said(
    connection: duckdb.DuckDBPyConnection, where: str, text: str | None, dialect: Dialect = PLAIN, native: str = ""
) -> tuple[object, list[str]]:
    """Return what a cell of the column `where` (table.column) says, and the repairs told of it."""
    table, name = where.split(".")
    column = load_contracts("raw")[table].column(name)
    kinds = {name: native} if native else {}
    cell = f"'{text}'::{native or 'VARCHAR'}" if text is not None else f"NULL::{native or 'VARCHAR'}"
    cases = ", ".join(mended_cases(dialect, [column], kinds, [name])) or "NULL"
    found = connection.execute(
        f'SELECT "t_{name}", list_filter([{cases}], c -> c IS NOT NULL) FROM (SELECT *, '
        f'{typed_value(dialect, column, kinds, [name])} AS "t_{name}" FROM (SELECT {cell} AS "{name}", '
        "DATE '2026-03-31' AS _period_end))"
    ).fetchone()
    assert found is not None
    return found[0], [case.partition(":")[2] for case in found[1]]


@pytest.mark.parametrize(
    ("where", "text", "value", "repairs"),
    [
        ("ap_postings.amount_sek", "1.234,50-", Decimal("-1234.50"), []),
        # what Excel shows of a rest of nothing is nothing, a thousandth is not
        ("ap_postings.amount_sek", "-2,8E-14", Decimal("0.00"), ["excel_zero"]),
        ("ap_postings.amount_sek", "3E-4", Decimal("0.00"), ["excel_zero"]),
        ("ap_postings.amount_sek", "3E-3", None, []),
        ("ap_postings.amount_sek", "3E-03", None, []),
        ("ap_postings.amount_sek", "3E+04", None, []),
        # Excel's days are counted from 1899-12-30, since it knows a leap day in 1900
        ("ap_postings.invoice_date", "46082", DAY, ["excel_date"]),
        ("ap_postings.invoice_date", "46082,29514", DAY, ["excel_date"]),
        ("ap_postings.invoice_date", "33000", dt.date(1990, 5, 7), ["excel_date"]),
        ("ap_postings.invoice_date", "32999", None, []),
        ("ap_postings.invoice_date", "460821", None, []),
        # SQL Server's seven decimals
        ("ap_postings.invoice_date", "2026-03-01 00:00:00.0000000", DAY, []),
        ("ap_postings.invoice_date", "2026-03-01 23:59:59.9999999", DAY, []),
        ("ap_postings.invoice_date", "9999-12-31 00:00:00.0000000", dt.date(9999, 12, 31), []),
        ("visits.registered_at", "2026-03-01T07:05:00.0000000", SEVEN, []),
        ("visits.registered_at", "2026-03-01 07:05:00.000000x", None, []),
        ("ap_postings.invoice_date", "2026-03-01T00:00:00.000", DAY, []),
        ("ap_postings.invoice_date", "2026-02-29", None, []),
        ("ap_postings.invoice_date", "2028-02-29", dt.date(2028, 2, 29), []),
        # no day is meant where a row may lack one
        ("decisions.valid_to", "tills vidare", None, ["open_ended"]),
        ("decisions.valid_to", "t.v.", None, ["open_ended"]),
        ("decisions.valid_to", "–", None, ["open_ended"]),
        ("decisions.valid_to", "0000-00-00", None, ["open_ended"]),
        ("decisions.valid_to", "0000-00-00 00:00:00", None, ["open_ended"]),
        ("decisions.valid_to", "9999-12-31", dt.date(9999, 12, 31), []),
        ("decisions.valid_to", "snart", None, []),
        ("decisions.valid_from", "tills vidare", None, []),
        # a ledger's row without a day gets its file's, and one with another word is told apart
        ("ap_postings.booking_date", None, None, ["from_period"]),
        ("ap_postings.booking_date", "00:00:00", None, ["from_period"]),
        ("ap_postings.booking_date", "Skola", None, ["unreadable_from_period"]),
        ("ap_postings.booking_date", "2026-03-01", DAY, []),
        # moments: midnight as 24
        ("visits.registered_at", "2026-03-01 07:05", SEVEN, []),
        ("visits.registered_at", "2026-03-01T07:05:00.000000", SEVEN, []),
        ("visits.registered_at", "2026-03-01 24:00", MIDNIGHT, ["midnight_as_24"]),
        ("visits.registered_at", "2026-03-01T24:00:00", MIDNIGHT, ["midnight_as_24"]),
        ("visits.registered_at", "2026-02-24 24:00", dt.datetime.fromisoformat("2026-02-25"), ["midnight_as_24"]),
        ("visits.registered_at", "2026-03-01 24:01", None, []),
        # words
        *(("visits.double_staffed", word, True, []) for word in ("JA", "j", "1", "x", "Sant")),
        *(("visits.double_staffed", word, False, []) for word in ("Nej", "N", "0", "falskt")),
        ("visits.double_staffed", "2", None, []),
        # a number that Excel has cut is no number, but for one that the row cannot do without or that tells of a person
        ("ap_postings.invoice_no", "1,23457E+15", None, ["excel_number_removed"]),
        ("ap_postings.voucher_no", "1,23457E+15", "1,23457E+15", []),
        ("ap_postings.invoice_no", "2E+15", "2E+15", []),
        ("ap_postings.supplier_ref", "5,56047E+09", "5,56047E+09", []),
        ("ap_postings.invoice_no", "4711.0", "4711", ["excel_decimals"]),
        ("ap_postings.invoice_no", "4711.10", "4711.10", []),
        ("ap_postings.invoice_no", "4711.05", "4711.05", []),
        ("ap_postings.invoice_no", "F4711.0", "F4711.0", []),
        ("ap_postings.text", "4711.0", "4711.0", []),
        # whole numbers and others
        ("decisions.minutes_per_month", "1 200", 1200, []),
        ("decisions.minutes_per_month", "1\u00a0200", 1200, []),
        ("decisions.minutes_per_month", "1200,0", 1200, []),
        ("decisions.minutes_per_month", "1200,5", 1201, ["rounded_to_whole"]),
        ("decisions.minutes_per_month", "tolv", None, []),
        ("visits.billable_minutes", "12,25", Decimal("12.2500"), []),
        ("visits.distance_start_m", "1 000,5", 1000.5, []),
    ],
)  # fmt: skip
def test_what_a_cell_says(
    connection: duckdb.DuckDBPyConnection, where: str, text: str | None, value: object, repairs: list[str]
) -> None:
    assert said(connection, where, text) == (value, repairs)


@pytest.mark.parametrize(
    ("where", "text", "value"),
    [
        ("ap_postings.invoice_date", "01.03.26", DAY),
        ("ap_postings.invoice_date", "01.03.2026", DAY),
        ("ap_postings.invoice_date", "2026-03-01", DAY),
        ("visits.registered_at", "2026-03-01 07.05", SEVEN),
        ("visits.registered_at", "2026-03-01 24.00", MIDNIGHT),
    ],
)
def test_a_short_year_is_never_read_as_a_long_one(
    connection: duckdb.DuckDBPyConnection, where: str, text: str, value: object
) -> None:
    assert said(connection, where, text, DAYS)[0] == value
    assert moment_formats(DAYS, with_time=False)[0] == "%d.%m.%y"


def test_midnight_as_24_on_a_24th_written_with_points(connection: duckdb.DuckDBPyConnection) -> None:
    dialect = replace(PLAIN, date_formats=("%d.%m.%Y %H.%M",))
    said_at = dt.datetime.fromisoformat("2026-12-25")
    assert said(connection, "visits.registered_at", "24.12.2026 24.00", dialect) == (said_at, ["midnight_as_24"])


@pytest.mark.parametrize(
    ("where", "text", "native", "value"),
    [
        ("ap_postings.invoice_date", "2026-03-01 07:05:00", "TIMESTAMP", DAY),
        ("ap_postings.invoice_date", "9999-12-31 12:00:00", "TIMESTAMP", dt.date(9999, 12, 31)),
        ("ap_postings.invoice_date", "12026-03-01", "DATE", None),
        ("ap_postings.amount_sek", "10.10", "DECIMAL(10,2)", Decimal("10.10")),
        ("visits.distance_start_m", "0.1", "FLOAT", 0.1),
        ("ap_postings.booking_date", None, "DATE", None),
    ],
)
def test_a_cell_with_a_type_of_its_own(
    connection: duckdb.DuckDBPyConnection, where: str, text: str | None, native: str, value: object
) -> None:
    repairs = ["from_period"] if text is None else []
    assert said(connection, where, text, native=native) == (value, repairs)


def test_who_may_lack_a_day() -> None:
    columns = {
        c.name: c for table in ("ap_postings", "decisions", "visits") for c in load_contracts("raw")[table].columns
    }
    may = {name for name in ("booking_date", "due_date", "valid_from", "valid_to", "actual_end", "amount_sek")
           if may_be_open(PLAIN, columns[name])}  # fmt: skip
    assert may == {"due_date", "valid_to", "actual_end"}
    assert '"t_valid_to" IS NULL' in is_open(columns["valid_to"])
