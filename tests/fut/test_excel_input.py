"""Excel as ledgers come in it: titles, merged cells, totals, numbers as text, dates as numbers, several sheets."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
import xlsxwriter

from fut.errors import FutError, InputError
from tests.fut.inbox_tools import Inbox

HEADER = ["Förvaltning", "Leverantör", "Organisationsnummer", "Fakturanummer", "Konto", "Belopp exkl. moms"]
ROWS = [
    ["Skola", "Bolag 1 AB", "556047-1234", "F1", "4010 Livsmedel", 100.5],
    ["Skola", "Bolag 2 AB", "556048-1234", "F2", "4010 Livsmedel", -20.25],
    ["Vård", "Bolag 3 AB", "556049-1234", "F3", "5010 Lokalhyra", 1000],
]
NAME = "leverantörsfakturor 2026-03.xlsx"
Cells = list[list[Any]]


def workbook(*sheets: Cells, merged: list[str] = [], hidden: int | None = None) -> bytes:  # noqa: B006
    """Return a workbook with these sheets; None is an empty cell; areas of the first sheet are merged."""
    stream = BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for number, cells in enumerate(sheets):
            sheet = book.add_worksheet()
            if number == hidden:
                sheet.hide()
            for i, row in enumerate(cells):
                for j, cell in enumerate(row):
                    if isinstance(cell, dt.date):
                        sheet.write_datetime(i, j, dt.datetime.combine(cell, dt.time()), day)
                    elif isinstance(cell, dt.timedelta):
                        sheet.write_number(i, j, cell / dt.timedelta(days=1), book.add_format({"num_format": "[h]:mm"}))
                    elif isinstance(cell, str):
                        sheet.write_string(i, j, cell)
                    elif cell is not None:
                        sheet.write_number(i, j, cell)
            for area in merged if number == 0 else ():
                first = area.split(":")[0]
                i, j = int(first[1:]) - 1, ord(first[0]) - ord("A")
                sheet.merge_range(area, cells[i][j])
    return stream.getvalue()


@pytest.fixture
def orebro(make_inbox: Callable[[str], Inbox]) -> Inbox:
    return make_inbox("orebro")


def loads(inbox: Inbox, content: bytes, name: str = NAME) -> tuple[int, Decimal]:
    inbox.put(name, content)
    inbox.load()
    return inbox.reconciled()[name]


def test_account_number_and_text_in_one_cell(orebro: Inbox) -> None:
    assert loads(orebro, workbook([HEADER, *ROWS])) == (3, Decimal("1080.25"))
    assert orebro.raw("account_no", "account_text", "amount_sek", "voucher_no", "booking_date", "_source_line") == [
        ("4010", "Livsmedel", Decimal("100.50"), "F1", dt.date(2026, 3, 1), 2),
        ("4010", "Livsmedel", Decimal("-20.25"), "F2", dt.date(2026, 3, 1), 3),
        ("5010", "Lokalhyra", Decimal("1000.00"), "F3", dt.date(2026, 3, 1), 4),
    ]
    assert orebro.rows("SELECT date_precision FROM deliveries") == [("month",)]


def test_titles_blank_rows_and_totals(orebro: Inbox) -> None:
    total = ["Totalt", None, None, None, None, 1080.25]
    cells = [
        ["Leverantörsfakturor mars"],
        [],
        HEADER,
        *ROWS[:2],
        [None] * 6,
        HEADER,
        ROWS[2],
        total,
        ["Källa: Raindance"],
    ]
    assert loads(orebro, workbook(cells, merged=["A1:F1"])) == (5, Decimal("2160.50"))
    assert orebro.rows("SELECT blank_rows, header_rows, total_rows, sek_totals FROM deliveries") == [
        (1, 1, 1, Decimal("1080.25"))
    ]
    assert orebro.repairs() == {("", "lines_before_header"): 1, ("voucher_no", "made_from_row"): 1}
    assert orebro.raw("_source_line") == [(4,), (5,), (8,), (10,)]
    assert orebro.rules()["missing:amount_sek"] == 1


def test_merged_cells_count_for_each_of_their_rows_but_an_amount_only_once(orebro: Inbox) -> None:
    cells = [HEADER, ROWS[0], [None, "Bolag 4 AB", "556050-1234", "F4", "4010 Livsmedel", None], ROWS[2]]
    assert loads(orebro, workbook(cells, merged=["A2:A3", "F2:F3"])) == (3, Decimal("1100.50"))
    assert orebro.raw("department", "amount_sek") == [
        ("Skola", Decimal("100.50")), ("Skola", None), ("Vård", Decimal("1000.00")),
    ]  # fmt: skip
    assert orebro.rules() == {"missing:amount_sek": 1}


def test_numbers_stored_as_text_and_more_decimals_than_money_has(orebro: Inbox) -> None:
    amounts: list[Any] = [
        "1 234,50",
        "1\u00a0234,50",
        "-20,25",
        "1234.50",
        0.1 + 0.2,
        12.345,
        1e-11,
        123456789.12,
        "12,50-",
    ]
    rows = [["Skola", "Bolag AB", 5560471234, i, "4010 Mat", amount] for i, amount in enumerate(amounts)]
    loads(orebro, workbook([HEADER, *rows]))
    assert [str(r[0]) for r in orebro.raw("amount_sek")] == [
        "1234.50", "1234.50", "-20.25", "1234.50", "0.30", "12.35", "0.00", "123456789.12", "-12.50",
    ]  # fmt: skip
    assert set(orebro.raw("supplier_ref")) == {("556047-1234",)}
    assert orebro.raw("invoice_no")[:2] == [("0",), ("1",)]


def test_text_that_looks_like_a_number_stays_text_outside_amounts(orebro: Inbox) -> None:
    rows = [["Skola", "Bolag AB", "556047-1234", text, "4010 Mat", 1.5] for text in ("2016.10", "12.5", "0012", "1,50")]
    loads(orebro, workbook([HEADER, *rows]))
    assert orebro.raw("invoice_no") == [("2016.10",), ("12.5",), ("0012",), ("1,50",)]


def test_dates_as_cells_text_and_bare_numbers(make_inbox: Callable[[str], Inbox]) -> None:
    inbox = make_inbox("lankadedata-1.1")
    header = ["kopare_id", "verifikationsnummer", "leverantor", "leverantor_id", "konto_nr", "belopp", "datum"]
    days: list[Any] = [dt.date(2026, 3, 10), 46091, "2026-03-10", "20260310", "46091", 46091.5]
    rows = [["2120001355", f"V{i}", "Bolag AB", "5560471234", 4010, 10, day] for i, day in enumerate(days)]
    assert loads(inbox, workbook([header, *rows]), "a.xlsx") == (6, Decimal("60.00"))
    assert set(inbox.raw("booking_date")) == {(dt.date(2026, 3, 10),)}
    assert inbox.repairs() == {("booking_date", "excel_date"): 3, ("supplier_ref", "normalised_or_token"): 6}


def test_a_table_that_goes_on_in_the_next_sheet(orebro: Inbox) -> None:
    about = [["Om filen", None], ["Mars 2026", None]]
    content = workbook(about, [HEADER, *ROWS], [HEADER, *ROWS[:2]], ROWS[2:], [["Pivot", 1]])
    assert loads(orebro, content) == (6, Decimal("2160.50"))
    assert orebro.rows("SELECT header_rows FROM deliveries") == [(1,)]
    assert orebro.repairs() == {("", "rows_in_sheet_without_header"): 3}
    assert len(set(orebro.raw("_source_line"))) == 6


def test_one_month_as_excel_and_the_next_as_text_are_read_together(orebro: Inbox) -> None:
    orebro.put("fakturor 2026-02.csv", ";".join(HEADER) + "\nSkola;Bolag 1 AB;556047-1234;F1;4010 Livsmedel;1 234,50\n")
    assert loads(orebro, workbook([HEADER, *ROWS])) == (3, Decimal("1080.25"))
    assert orebro.reconciled()["fakturor 2026-02.csv"] == (1, Decimal("1234.50"))


def test_a_hidden_sheet_is_no_part_of_the_table(orebro: Inbox) -> None:
    assert loads(orebro, workbook([HEADER, *ROWS], [HEADER, *ROWS], hidden=1)) == (3, Decimal("1080.25"))
    assert orebro.repairs() == {("", "rows_in_hidden_sheet"): 4}


def test_columns_of_a_later_sheet_are_told_by_their_header(orebro: Inbox) -> None:
    title = ["Mars 2026, fortsättning", None, None, None, None, None]
    other = [title, [h.upper() for h in HEADER[::-1]], *(row[::-1] for row in ROWS)]
    more = [[*HEADER, "Anmärkning"], *([*row, "brådskar"] for row in ROWS)]
    content = workbook(
        [["Framsida"]], [HEADER, *ROWS], other, more, [["Summa per förvaltning", "Belopp"], ["Skola", 80]]
    )
    assert loads(orebro, content) == (9, Decimal("3240.75"))
    assert orebro.raw("department", "supplier_name", "amount_sek") == [
        (row[0], row[1], Decimal(str(row[5]))) for row in ROWS * 3
    ]
    assert orebro.repairs() == {("", "lines_before_header"): 1, ("", "rows_in_sheet_without_header"): 3}


def test_a_sheet_that_has_a_few_of_the_headers_is_not_mixed_in(orebro: Inbox) -> None:
    half = [["Förvaltning", "Leverantör", "a", "b", "c", "d"], ["Skola", "Bolag 1 AB", 1, 2, 3, 4]]
    orebro.put(NAME, workbook([HEADER, *ROWS], half))
    with pytest.raises(FutError) as caught:
        orebro.load()
    assert caught.value.exit_code == 3
    assert str(caught.value) == f"{NAME}: sheet 2 has another header than sheet 1, save it as a file"


def test_shifted_cells_in_a_sheet(orebro: Inbox) -> None:
    shifted = ["Skola", None, *ROWS[1][1:]]
    header = [*HEADER, "Anmärkning"]
    assert loads(orebro, workbook([header, *ROWS, shifted])) == (4, Decimal("1060.00"))
    assert orebro.raw("supplier_name", "amount_sek")[3] == ("Bolag 2 AB", Decimal("-20.25"))
    assert orebro.repairs() == {("", "shifted_columns"): 1}


@pytest.mark.parametrize("cells", [[], [[None]]])
def test_an_empty_workbook(cells: Cells, orebro: Inbox) -> None:
    orebro.put(NAME, workbook(cells))
    with pytest.raises(FutError, match="is empty") as caught:
        orebro.load()
    assert caught.value.exit_code == 3


def test_a_workbook_is_known_by_its_content(make_inbox: Callable[[str], Inbox]) -> None:
    inbox = make_inbox("orebro")
    assert loads(inbox, workbook([HEADER, *ROWS]), "fakturor 2026-03.csv") == (3, Decimal("1080.25"))


def test_a_workbook_that_unpacks_beyond_measure_is_refused_before_it_is_read(
    orebro: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    orebro.put(NAME, workbook([HEADER, *ROWS]))
    monkeypatch.setattr("fut.excel.MOST_UNPACKED", 1 << 20)
    orebro.load()
    orebro.put(NAME, workbook([HEADER, *([["Skola", "Bolag 1 AB" * 9, "556047-1234", "F1", "4010", 1.5]] * 9000)]))
    monkeypatch.setattr("fastexcel.read_excel", None)
    with pytest.raises(InputError, match="unpacks to more than 1 MB, deliver it as CSV"):
        orebro.load()
