"""Rows typed whole columns at a time hold what the careful way reads of their text, and no row is lost between the two."""

import csv
import io

import duckdb
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from fut import plain_rows
from tests.fut.inbox_tools import Inbox, clear

ODD = [
    "", "-", "NULL", " x ", "12.0", "1,5", "1E+05", "1.2E-05", "inf", "nan", "1e3", "1_000", "007", "-0", "+1", "1 234,50",
    "total", "Summa", "Ja", "nej", "TRUE", "45000", "2025-02-30", "2025-13-01T00:00:00", "2025-01-01 10:00",
    "2025-01-01 24:00", "2025-02-30T10:00:00", "0000-01-01T00:00:00", "0999-01-01", "2025- 1-01T00:00:00",
    "+025-01-01T00:00:00", "2025-01-01T00:00:60", "2025-1-001T00:00:00", "2025-01-01T23:59:59.5", "2025-01-01 10:00:00",
    "2025-01-01", "01/02/2025", "99999999999", "0.5.1", "1234567890123.55", "0.005", ".5", "5.", "٣", "å\u00a0", "*",
    "visit_id", "posting_id", "811218-9876", "a.0", "12.00", "3E+4", "row-1", "redacted", "INTERNAL redacted text",
]  # fmt: skip
VISIT = {
    "visit_id": "V{i}", "client_ref": "C1", "provider_id": "P1", "carer_ref": "W1", "service": "care",
    "actual_start": "2025-01-0{d}T10:00:00", "actual_end": "2025-01-0{d} 10:30:00", "start_method": "lock",
    "status": "performed", "distance_start_m": "12.5", "double_staffed": "false", "billable_minutes": "30.00",
    "start_x_m": "-400", "planned_start": "", "edited_by": "",
}  # fmt: skip
POSTING = {
    "posting_id": "{i}", "buyer_id": "1", "voucher_no": "V{i}", "supplier_name": "Bolag AB", "supplier_ref": "556047-1234",
    "account_no": "4010", "amount_sek": "-12{d}.5", "booking_date": "2025-01-0{d}", "department": "Skola",
    "invoice_no": "F{i}", "vat_sek": "1.25", "is_credit": "true", "entered_at": "2025-01-0{d}T10:00:00",
}  # fmt: skip
DEVON = {
    "Body": "18", "Name of Body": "Devon", "Date": "0{d}/02/2025", "Transaction Number": "T{i}", "Invoice Number": "I{i}",
    "Amount": "72{d}.75", "Supplier Name": "Firm {d}", "Supplier ID": "S{d}", "Expense Area": "A", "Expense Type": "T",
    "Expense Code": "1020",
}  # fmt: skip
FILES = {
    "visits_2025-01.csv": ("canonical", VISIT, 5), "ap_postings_2025-01.csv": ("canonical", POSTING, 7),
    "DCCSpendingOver500_202502.csv": ("devon", DEVON, 2),
}  # fmt: skip
"""By name of a file: its dialect, a row, and the place of a date in it."""
CHANGES = st.lists(st.tuples(st.integers(0, 19), st.integers(0, 14), st.sampled_from(ODD)), max_size=12)


def _written(row: dict[str, str], changes: list[tuple[int, int, str]]) -> str:
    rows = [[cell.format(i=i, d=i % 9 + 1) for cell in row.values()] for i in range(20)]
    for line, place, text in changes:
        rows[line][place % len(row)] = text
    stream = io.StringIO(newline="")
    csv.writer(stream, lineterminator="\n").writerows([list(row), *rows])
    return stream.getvalue()


@settings(max_examples=30)
@example(name="ap_postings_2025-01.csv", changes=[(3, 0, "")])
@example(name="visits_2025-01.csv", changes=[(i, 5, "2025-01-01 10:00:00") for i in range(12)])
@example(name="visits_2025-01.csv", changes=[(i, 9, "1,5") for i in range(12)])
@given(name=st.sampled_from(sorted(FILES)), changes=CHANGES)
def test_both_ways_say_the_same(
    name: str, changes: list[tuple[int, int, str]], warehouse: duckdb.DuckDBPyConnection,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:  # fmt: skip
    spoken, row, _ = FILES[name]
    found = []
    for least in (0.0, 0.5, 2.0):
        inbox = Inbox(tmp_path_factory.mktemp("both"), warehouse, spoken)
        inbox.put(name, _written(row, changes))
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(plain_rows, "LEAST_PLAIN_SHARE", least)
            inbox.load()
        found.append(inbox.state())
        clear(warehouse)
    assert found[0] == found[1] == found[2]


@pytest.mark.parametrize("name", sorted(FILES))
def test_clean_rows_go_the_plain_way(
    name: str, warehouse: duckdb.DuckDBPyConnection, tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    spoken, row, date = FILES[name]
    parted: list[plain_rows.Parted] = []
    plain = plain_rows.part
    monkeypatch.setattr("fut.plain_files.part", lambda *given: parted.append(plain(*given)) or parted[-1])
    inbox = Inbox(tmp_path_factory.mktemp("clean"), warehouse, spoken)
    inbox.put(name, _written(row, [(4, date, "2025-02-30"), (5, date, "x")]))
    inbox.load()
    clear(warehouse)
    assert [(found.plain.height, found.odd.height) for found in parted] == [(18, 2)]
