"""Files that are damaged and still load: what is repaired or set aside, counted to the smallest unit."""

import re
from collections.abc import Callable
from decimal import Decimal

import pytest

from fut.errors import ConfigError, InputError
from tests.fut.inbox_tools import SPEC, Inbox, posting, spec_file
from tests.fut.test_bad_input import DATA_ROW, GOOD, GOOD_SEK, PERSON, gzipped, refusal

# What is repaired or set aside: name, content, rows and money in, money in core, repairs, rules of quarantine.

TOTAL = "Totalt,,,,,,,402.00,,,,,,,"
EXAMPLE = [  # two rows of the specification's own example: a cell absent, and one moved as well
    "2120001355,3921217387,Distriktsveterinärerna,2021004151,7459,Övriga konsulttjänster,2022.31,2020-01-01,"
    "392 - Park- och Naturnämnden,,,,,",
    "2120001355,8001020462,Folkhälsomyndigheten,7499,Övriga främmande tjänster,444.75,2020-01-01,2021006545,"
    "800 - Miljö- och klimatnämnden,,,,,",
]


def loads(inbox: Inbox, content: str | bytes, name: str = "a.csv") -> tuple[int, Decimal]:
    """Load one file and return its rows and money; nothing of it may be lost."""
    inbox.put(name, content)
    inbox.load()
    return inbox.reconciled()[name]


def test_header_twice(inbox: Inbox) -> None:
    assert loads(inbox, spec_file(*GOOD[:2], SPEC, *GOOD[2:], SPEC.upper())) == (4, GOOD_SEK)
    assert inbox.rows("SELECT header_rows FROM deliveries") == [(2,)]
    assert inbox.rules() == {}


def test_header_twice_in_a_canonical_file(make_inbox: Callable[[str], Inbox]) -> None:
    inbox = make_inbox("canonical")
    header = "buyer_id,voucher_no,supplier_name,supplier_ref,account_no,amount_sek,booking_date"
    row = "B1,V1,Bolag AB,556047-1234,4010,10.00,2026-03-01"
    assert loads(inbox, f"{header}\n{row}\n{header}\n{row}\n", "ap_postings.csv") == (2, Decimal("20.00"))


def test_title_lines_blank_rows_and_a_grand_total(inbox: Inbox) -> None:
    rows = ["Utdrag ur reskontran", "", SPEC, *GOOD, ",,,,,,,,,,,,,,", "", " ,,, ,,,,,,,,,,,", TOTAL]
    assert loads(inbox, "\n".join(rows)) == (5, 2 * GOOD_SEK)
    assert inbox.rows("SELECT blank_rows, total_rows, sek_totals FROM deliveries") == [(2, 1, GOOD_SEK)]
    assert inbox.repairs() == {("", "lines_before_header"): 1}
    assert len(inbox.raw("voucher_no")) == 4


def test_words_of_a_total(inbox: Inbox) -> None:
    words = ["Totalt", "SUMMA", "Delsumma", "Grand total:", "Totalsumma", "Summa Skola", "Sub total"]
    for word in words:
        for column in ("leverantor", "kopare", "konto_text"):
            cells = dict.fromkeys(SPEC.split(","), "") | {"belopp": "402.00", column: word}
            inbox.put(f"{word.strip(':')}_{column}.csv", spec_file(*GOOD, ",".join(cells.values())))
    inbox.load()
    assert set(inbox.reconciled().values()) == {(5, 2 * GOOD_SEK)}
    assert inbox.rows("SELECT total_rows, sek_totals FROM deliveries") == [(1, GOOD_SEK)] * 21


def test_a_firm_named_total_is_no_total(inbox: Inbox) -> None:
    rows = [posting(1, leverantor="TOTAL GAS & POWER LTD"), posting(2, leverantor="Summa AB", verifikationsnummer="")]
    assert loads(inbox, spec_file(*rows)) == (2, Decimal("201.00"))
    assert inbox.rows("SELECT total_rows FROM deliveries") == [(0,)]
    assert len(inbox.raw("voucher_no")) == 2


def test_the_specifications_own_example_with_its_shifted_columns(inbox: Inbox) -> None:
    assert loads(inbox, spec_file(*EXAMPLE)) == (2, Decimal("2467.06"))
    assert inbox.raw(
        "buyer_id", "buyer_name", "voucher_no", "supplier_ref", "account_no", "amount_sek", "department"
    ) == [
        ("2120001355", None, "3921217387", "202100-4151", "7459", Decimal("2022.31"), "392 - Park- och Naturnämnden"),
        ("2120001355", None, "8001020462", "202100-6545", "7499", Decimal("444.75"), "800 - Miljö- och klimatnämnden"),
    ]
    assert inbox.repairs()["", "shifted_columns"] == 2


def test_an_extra_delimiter_in_a_name(inbox: Inbox) -> None:
    rows = [*GOOD, posting(5, leverantor="Bolag, Filial AB"), posting(6, kopare="Storstad, kommun")]
    assert loads(inbox, spec_file(*rows)) == (6, Decimal("603.00"))
    assert inbox.raw("supplier_name", "buyer_name")[4:] == [
        ("Bolag, Filial AB", "Storstad"), ("Bolag 0 AB", "Storstad, kommun"),
    ]  # fmt: skip
    assert inbox.repairs()["", "shifted_columns"] == 2


def test_cells_moved_one_step(inbox: Inbox) -> None:
    cells = posting(5).split(",")
    right, left = [*cells[:3], "", *cells[3:14]], [*cells[:11], *cells[12:], ""]
    right_of_amount = [*cells[:7], "", *cells[7:14]]
    rows = [*GOOD, ",".join(right), ",".join(left), ",".join(right_of_amount)]
    assert loads(inbox, spec_file(*rows)) == (7, Decimal("703.50"))
    assert [r[0] for r in inbox.raw("amount_sek")] == [Decimal("100.50")] * 7
    assert inbox.rules() == {}


def test_an_amount_that_is_missing_is_never_taken_from_another_column(inbox: Inbox) -> None:
    rows = [posting(5, belopp="", fakturanummer="12345"), posting(6, amount="", konto_text="2500")]
    assert loads(inbox, spec_file(*GOOD, *rows)) == (6, GOOD_SEK)
    assert inbox.rules() == {"missing:amount_sek": 2}


def test_ragged_rows(inbox: Inbox) -> None:
    rows = [posting(5)[:-6], posting(6) + ",,,", ",,,y", posting(7) + ",1,2,3,4,5,6"]
    assert loads(inbox, spec_file(*GOOD, *rows)) == (8, Decimal("703.50"))
    assert len(inbox.raw("voucher_no")) == 8
    repairs = inbox.repairs()
    assert repairs["", "cells_missing"] == 1
    assert repairs["", "empty_cells_cut"] == 1
    assert repairs["", "cells_missing_or_extra"] == 2
    assert inbox.rules()["missing:amount_sek"] == 1


def test_an_unbalanced_quotation_mark_costs_no_other_row(inbox: Inbox) -> None:
    rows = [*GOOD[:2], posting(5, leverantor='"Bolag 1 AB'), *GOOD[2:], posting(6, leverantor='Bolag 2" AB')]
    assert loads(inbox, spec_file(*rows)) == (6, Decimal("603.00"))
    assert inbox.repairs() == {("", "unbalanced_quote"): 2}
    assert inbox.raw("_source_line", "voucher_no") == [
        (2, "V1"), (3, "V2"), (4, "V5"), (5, "V3"), (6, "V4"), (7, "V6"),
    ]  # fmt: skip


def test_two_unbalanced_marks_do_not_swallow_the_rows_between(inbox: Inbox) -> None:
    rows = [posting(5, leverantor='"Bolag'), *GOOD, posting(6, leverantor='Bolag"')]
    assert loads(inbox, spec_file(*rows)) == (6, Decimal("603.00"))


def test_line_ends_of_every_kind_in_quoted_cells(inbox: Inbox) -> None:
    rows = [posting(i, leverantor=f'"Bolag{end}""A"", AB"') for i, end in enumerate(["\n", "\r\n", "\r", "\n\n"])]
    assert loads(inbox, SPEC + "\r\n" + "\r\n".join([*rows, GOOD[0]])) == (5, Decimal("502.50"))
    assert [r[0] for r in inbox.raw("supplier_name")][:4] == [f'Bolag{e}"A", AB' for e in ("\n", "\n", "\n", "\n\n")]
    assert inbox.raw("_source_line") == [(2,), (4,), (6,), (8,), (11,)]
    assert inbox.repairs() == {}


@pytest.mark.parametrize("end", ["\r", "\r\n", "\n"])
def test_line_ends(end: str, inbox: Inbox) -> None:
    assert loads(inbox, spec_file(*GOOD).replace("\n", end)) == (4, GOOD_SEK)
    assert inbox.raw("_source_line") == [(2,), (3,), (4,), (5,)]


@pytest.mark.parametrize(
    ("encoding", "repair"),
    [
        ("utf-8-sig", {}),
        ("cp1252", {("", "encoding_cp1252"): 1}),
        ("utf-16", {("", "encoding_utf-16"): 1}),
        ("utf-16-le", {("", "encoding_utf-16"): 1}),
        ("utf-16-be", {("", "encoding_utf-16"): 1}),
    ],
)
def test_encodings(encoding: str, repair: dict[tuple[str, str], int], inbox: Inbox) -> None:
    rows = [posting(i, leverantor="Åre Blåbär & Öl AB") for i in range(4)]
    assert loads(inbox, spec_file(*rows).encode(encoding)) == (4, GOOD_SEK)
    assert set(inbox.raw("supplier_name")) == {("Åre Blåbär & Öl AB",)}
    assert inbox.repairs() == repair


def test_a_file_put_together_from_two_encodings(inbox: Inbox) -> None:
    ours, theirs = posting(1, leverantor="Åre AB").encode(), posting(2, leverantor="Öland AB").encode("cp1252")
    assert loads(inbox, SPEC.encode() + b"\n" + ours + b"\n" + theirs) == (2, Decimal("201.00"))
    assert inbox.raw("supplier_name") == [("Åre AB",), ("Öland AB",)]
    assert inbox.repairs() == {("", "lines_in_another_encoding"): 1}


def test_nul_bytes_and_marks_in_the_middle(inbox: Inbox) -> None:
    content = spec_file(GOOD[0]) + "\ufeff" + spec_file(*GOOD[1:]).replace("Bolag", "Bol\0ag")
    assert loads(inbox, content) == (4, GOOD_SEK)
    assert inbox.repairs() == {("", "nul_bytes_removed"): 3, ("", "byte_order_marks_removed"): 1}
    assert inbox.rows("SELECT header_rows FROM deliveries") == [(1,)]
    assert {r[0] for r in inbox.raw("supplier_name")} == {"Bolag 0 AB", "Bolag 1 AB", "Bolag 2 AB"}


@pytest.mark.parametrize("name", ["a.csv.gz", "a.csv"])
@pytest.mark.parametrize("is_packed", [True, False])
def test_packed_or_not_is_told_by_the_content(name: str, is_packed: bool, inbox: Inbox) -> None:
    content = spec_file(*GOOD)
    assert loads(inbox, gzipped(content) if is_packed else content, name) == (4, GOOD_SEK)


AMOUNTS = {
    "1.234,50-": "-1234.50", "(123,45)": "-123.45", "1\u00a0234,50": "1234.50", "1 234,50 kr": "1234.50",
    "-1\u2009234,5": "-1234.50", "\u22121 234,50": "-1234.50", "1234": "1234.00", "1234.5": "1234.50", "5,82077E-11": "0.00",
    "\u00a0 12,00 \u00a0": "12.00",
}  # fmt: skip


AMOUNT_HEADER = "Förvaltning;Leverantör;Organisationsnummer;Fakturanummer;konto_nr;konto_text;Belopp exkl. moms"


def test_amounts_as_ledgers_write_them(make_inbox: Callable[[str], Inbox]) -> None:
    inbox = make_inbox("orebro")
    rows = [f"Skola;Bolag AB;556047-1234;F{i};4010;Mat;{text}" for i, text in enumerate(AMOUNTS)]
    content = "\n".join([AMOUNT_HEADER, *rows])
    assert loads(inbox, content, "leverantorer 2026-03.csv") == (len(rows), sum(map(Decimal, AMOUNTS.values())))
    assert dict(zip(AMOUNTS, (str(r[0]) for r in inbox.raw("amount_sek")), strict=True)) == AMOUNTS
    assert inbox.rules() == {}
    assert inbox.repairs() == {("amount_sek", "excel_zero"): 1}


def test_amounts_that_say_nothing_certain_are_set_aside(make_inbox: Callable[[str], Inbox]) -> None:
    inbox = make_inbox("orebro")
    wrong = ["1,2,3", "12 34,50", "tusen", "5,56E+09", "1.234.50", "99999999999999"]
    rows = [f"Skola;Bolag AB;556047-1234;F{i};4010;Mat;{text}" for i, text in enumerate([*wrong, "2,00"])]
    content = "\n".join([AMOUNT_HEADER, *rows])
    assert loads(inbox, content, "leverantorer 2026-03.csv") == (7, Decimal("2.00"))
    assert inbox.rules() == {"unreadable:amount_sek": 6, "missing:amount_sek": 6}
    assert inbox.rows("SELECT rows_unreadable FROM deliveries") == [(6,)]


def test_dates_out_of_reach_are_set_aside(make_inbox: Callable[[str], Inbox]) -> None:
    inbox = make_inbox("devon")
    header = ("Body,Name of Body,Date,Transaction Number,Invoice Number,Amount,Supplier Name,Supplier ID,VAT Reg no,"
              "Expense Area,Expense Type,Expense Code,Creditor Type")  # fmt: skip
    dates = [
        "10/03/2016",
        "2016-03-31 00:00:00",
        "01/03/2061",
        "10/03/0016",
        "31/12/1899",
        "30/02/2016",
        "00:00:00",
        "",
    ]
    rows = [f"E1,County,{day},T{i},I{i},10.00,Firm,S1,,Area,Type,4010,C" for i, day in enumerate(dates)]
    assert loads(inbox, "\n".join([header, *rows]), "DCCSpendingOver500_201603.csv") == (8, Decimal("80.00"))
    assert inbox.rules() == {"booked_after_delivery": 1, "booking_date_out_of_range": 2}
    assert inbox.repairs() == {("booking_date", "from_period"): 2, ("booking_date", "unreadable_from_period"): 1}


def test_a_file_whose_dates_are_something_else_is_refused(make_inbox: Callable[[str], Inbox]) -> None:
    inbox = make_inbox("devon")
    header = ("Body,Name of Body,Date,Transaction Number,Invoice Number,Amount,Supplier Name,Supplier ID,VAT Reg no,"
              "Expense Area,Expense Type,Expense Code,Creditor Type")  # fmt: skip

    def rows(day: str, number: int) -> list[str]:
        return [f"E1,County,{day},T{i},I{i},10.00,Firm,S1,,Area,Type,4010,C" for i in range(number)]

    name = "DCCSpendingOver500_201603.csv"
    assert loads(inbox, "\n".join([header, *rows("10/03/2016", 190), *rows("03/31/2016", 10)]), name)[0] == 200
    assert loads(inbox, "\n".join([header, *rows("", 20)]), name)[0] == 20
    message = r"201603\.csv: 11 of its 200 rows have no date, but something else, in column 'Date'; .* %d/%m/%Y or"
    with pytest.raises(InputError, match=message):
        loads(inbox, "\n".join([header, *rows("10/03/2016", 189), *rows("03/31/2016", 11)]), name)
    assert loads(inbox, "\n".join([header, *rows("10/03/2016", 11), *rows("03/31/2016", 9)]), name)[0] == 20
    with pytest.raises(InputError, match="10 of its 20 rows have no date"):
        loads(inbox, "\n".join([header, *rows("10/03/2016", 10), *rows("03/31/2016", 10)]), name)
    with pytest.raises(InputError, match="20 of its 20 rows have no date"):
        loads(inbox, "\n".join([header, *rows("CFA1", 20)]), name)


def test_dates_far_after_all_others_are_set_aside_where_the_name_gives_no_month(inbox: Inbox) -> None:
    rows = [posting(i) for i in range(200)]
    assert loads(inbox, spec_file(*rows, posting(201, datum="2062-03-10"))) == (201, Decimal("20200.50"))
    assert inbox.rules() == {"booked_far_after_file": 1}


def test_identifiers_that_excel_damaged(inbox: Inbox) -> None:
    rows = [
        posting(1, leverantor_id='"5,56047E+09"', fakturanummer='"1,23457E+11"', avtal="4711.0"),
        posting(2, leverantor_id="5560471234.0", fakturanummer="1.23457E+11", konto_nr="4010.0"),
        posting(3, fakturanummer="12E+4"),
    ]
    assert loads(inbox, spec_file(*rows)) == (3, Decimal("301.50"))
    assert inbox.raw("supplier_ref", "invoice_no", "account_no", "contract_id") == [
        ("5,56047E+09", None, "4010", "4711"), ("556047-1234", None, "4010", None), ("556040-1234", "12E+4", "4010", None),
    ]  # fmt: skip
    repairs = inbox.repairs()
    assert repairs["invoice_no", "excel_number_removed"] == 2
    assert repairs["account_no", "excel_decimals"] == 1


def test_a_header_without_rows_is_a_delivery_of_none(inbox: Inbox) -> None:
    assert loads(inbox, spec_file()) == (0, Decimal(0))


def test_a_changed_export_names_its_unknown_columns(inbox: Inbox) -> None:
    content = "\n".join([f"{SPEC},nytt_fält,", *(f"{row},x," for row in GOOD)])
    assert loads(inbox, content) == (4, GOOD_SEK)
    assert inbox.rows("SELECT unknown_headers FROM deliveries") == [(["nytt_fält"],)]


def test_no_message_shows_what_a_row_holds(inbox: Inbox) -> None:
    for case, row in enumerate([DATA_ROW, f"{PERSON};19900101-1234;12,50", f'"{PERSON}"\t5,00']):
        inbox.put(f"a{case}.csv", row)
        text = str(refusal(inbox))
        assert not re.search(r"Svea|Hemlig|1990|4010|Skola", text)
        (inbox.folder / f"a{case}.csv").unlink()


def test_lines_by_another_delimiter_are_read_and_what_cannot_be_is_never_blank(inbox: Inbox) -> None:
    others = [posting(n).replace(",", ";") for n in range(5, 9)]
    content = spec_file(
        *GOOD, SPEC.replace(",", ";"), *others, "2120001355;Storstad;V9;Bolag AB;100.50", ",,,,,,,,,,,,,,"
    )
    assert loads(inbox, content) == (9, GOOD_SEK + 4 * Decimal("100.50"))
    assert inbox.repairs()["", "other_delimiter"] == 5
    assert inbox.rows("SELECT header_rows, blank_rows FROM deliveries") == [(1, 1)]
    assert inbox.rules()["missing:amount_sek"] == 1


def test_a_file_whose_days_and_months_were_exchanged_is_refused(make_inbox: Callable[[str], Inbox]) -> None:
    inbox = make_inbox("oxford")
    header = (
        "Service Area,Expenditure Category,Expenditure Code,Paid Date,Trans No,Amount,Type,Supplier ID,Supplier Name"
    )

    def rows(days: list[str]) -> str:
        return "\n".join([header, *(f"A,B,C{n},{day},{n},{n}.10,Revenue,S1,Firm" for n, day in enumerate(days))])

    name, right = "expenditure-over-500-jul-sep-2015.csv", [f"{d:02d}/08/2015" for d in range(1, 31)] * 6
    assert loads(inbox, rows([*right, *["08/03/2015"] * 9]), name)[0] == 189
    assert loads(inbox, rows([*right, *["20/10/2015"] * 40]), name)[0] == 220
    assert loads(inbox, rows([*right, *right[:10], *["08/03/2015"] * 10]), name)[0] == 200
    with pytest.raises(
        InputError, match=r"2015\.csv: 10 of its 190 rows are booked outside 2015-07\.\.2015-09, and in it"
    ):
        loads(inbox, rows([*right, *["08/03/2015"] * 10]), name)


def test_a_quarters_file_without_its_dates_is_refused(make_inbox: Callable[[str], Inbox]) -> None:
    inbox = make_inbox("oxford")
    header = "Service Area,Expenditure Code,Trans No,Amount,Type,Supplier ID,Supplier Name"
    with pytest.raises(ConfigError, match=r"no column 'Paid Date', and its months are several: 2015-07\.\.2015-09"):
        loads(inbox, f"{header}\nA,C,1,10.00,Revenue,S1,Firm\n", "expenditure-over-500-jul-sep-2015.csv")


def test_a_file_parted_by_another_sign_is_told_so(make_inbox: Callable[[str], Inbox]) -> None:
    inbox = make_inbox("oxford")
    header = "Service Area;Expenditure Code;Paid Date;Trans No;Amount;Type;Supplier ID;Supplier Name"
    with pytest.raises(
        ConfigError, match="its cells are parted by semicolon, not comma: was it saved by another program"
    ):
        loads(inbox, f"{header}\nA;C;2015-08-01;1;10,00;Revenue;S1;Firm\n", "expenditure-over-500-jul-sep-2015.csv")
