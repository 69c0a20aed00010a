"""The Excel list: same bytes, no text that runs, a blind control arm, and a way back as outcomes."""

import datetime as dt
from dataclasses import replace

import openpyxl
import pytest

from fut.contract import contract
from fut.errors import InputError
from fut.inbox import form_of
from reporting.excel import COLUMNS, FIRST_TO_FILL, write_excel
from reporting.filled_list import FORM, HIDDEN, outcome_rows, read_filled
from reporting.format import kr
from reporting.words import OUTCOMES
from reporting.workbook import CAUTIOUS

NAMES = [column.title for column in COLUMNS]
SCORED = ("Rang", "Belopp i risk", "Förväntat fel", "Sannolikhet", "Skäl", "Talar emot", "Bunt", "flag_ids")


@pytest.fixture(scope="module")
def path(snapshot, tmp_path_factory):
    """The list as a file."""
    file = tmp_path_factory.mktemp("excel") / "lista.xlsx"
    write_excel(file, snapshot)
    return file


def _rows(sheet):
    return [dict(zip(NAMES, row, strict=True)) for row in sheet.iter_rows(min_row=2, values_only=True)]


def test_the_same_run_gives_the_same_bytes(path, snapshot, tmp_path):
    again = tmp_path / "again.xlsx"
    write_excel(again, snapshot)
    assert again.read_bytes() == path.read_bytes()
    other = tmp_path / "other.xlsx"
    write_excel(other, replace(snapshot, run_id="r-other"))
    assert other.read_bytes() != path.read_bytes()


def test_the_list_has_every_payment_with_true_amounts(path, snapshot):
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["Lista", "Om listan", "Ordlista"]
    sheet = book["Lista"]
    assert [cell.value for cell in sheet[1]] == NAMES
    rows = _rows(sheet)
    assert [row["payment_id"] for row in rows] == [p.payment_id for p in snapshot.ranked]
    assert [row["Belopp"] for row in rows] == [float(p.amount_sek) for p in snapshot.ranked]
    assert sheet["G2"].number_format.startswith('#,##0 "kr"')
    assert sheet.freeze_panes == "E2"
    assert sheet.auto_filter.ref.startswith("A1:")
    assert sheet.page_setup.orientation == "landscape"
    hidden = [n for d in sheet.column_dimensions.values() if d.hidden for n in range(d.min, d.max + 1)]
    assert [NAMES[n - 1] for n in hidden] == ["outcome_id", "run_id", "payment_id", "arm", "flag_ids"]


def test_a_bundle_is_numbered_by_the_rank_of_its_first(path, snapshot):
    told = {row["payment_id"]: row["Bunt"] for row in _rows(openpyxl.load_workbook(path)["Lista"])}
    for payment in snapshot.ranked:
        alike = [p.rank for p in snapshot.listed if p.payee_ref == payment.payee_ref]
        assert told[payment.payment_id] == (None if payment.is_control else min(alike))


def test_control_rows_show_no_score_rank_or_reason(path, snapshot):
    rows = _rows(openpyxl.load_workbook(path)["Lista"])
    control = [row for row in rows if row["arm"] == "random"]
    assert len(control) == len(snapshot.control)
    for row in control:
        assert {name: row[name] for name in SCORED if row[name] is not None} == {}
        assert row["Urval"] == "Slump"
        assert row["Belopp"] is not None
    assert all(row["Rang"] and row["Skäl"] for row in rows if row["arm"] == "risk")


@pytest.mark.parametrize("start", [*CAUTIOUS, "{=", "http://", "mailto:"])
def test_no_text_becomes_a_formula_or_a_link(snapshot, tmp_path, start):
    bad = f"{start}cmd|' /C calc'!A1"
    first = replace(snapshot.ranked[0], payee_name=bad, payment_id=bad, speaks_against=(bad,))
    coverage = (replace(snapshot.coverage[0], title=bad, alarm=bad, missing=(bad,)),)
    changed = replace(
        snapshot,
        ranked=(first, *snapshot.ranked[1:]),
        coverage=coverage,
        attribution=bad,
        municipality=bad,
        settings_rows=((bad, bad),),
    )
    shown = start.replace("\r", "_x000D_")  # how the format escapes it
    file = tmp_path / "bad.xlsx"
    write_excel(file, changed)
    book = openpyxl.load_workbook(file)
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert not [cell.coordinate for cell in cells if cell.data_type == "f" or cell.hyperlink]
    texts = [cell for cell in cells if isinstance(cell.value, str) and cell.value.startswith(shown)]
    assert {cell.data_type for cell in texts} == {"s"}
    assert {cell.parent.title for cell in texts} == {"Lista", "Om listan"}
    if start in CAUTIOUS:
        assert all(cell.quotePrefix for cell in texts), "a quote mark stays when an officer edits the cell"


def test_the_drop_downs_offer_exactly_the_six_outcomes(path):
    sheet = openpyxl.load_workbook(path)["Lista"]
    found = sheet.data_validations.dataValidation
    lists = {next(iter(v.sqref.ranges)).min_col: v.formula1 for v in found if v.type == "list"}
    assert lists[FIRST_TO_FILL + 1].strip('"').split(",") == list(OUTCOMES.values())
    assert len(OUTCOMES) == 6
    assert len(lists) == 4
    choices = [choice for column in COLUMNS for choice in column.choices]
    assert not [choice for choice in choices if "," in choice], "a comma would split a choice in two"


def test_about_sheet_says_what_a_flag_is_and_what_was_not_tested(path, snapshot):
    sheet = openpyxl.load_workbook(path)["Om listan"]
    texts = [cell for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None]
    assert "Urvalsträff: ett skäl att titta, aldrig en misstanke." in texts
    assert snapshot.attribution in texts
    assert snapshot.run_id in texts
    assert any("Mottagarkonto (payee_account)" in str(text) for text in texts)
    assert float(snapshot.coverage[0].sek_untested) in texts
    assert f"{kr(snapshot.expected_error_sek)}, varav {kr(snapshot.expected_too_low_sek)} för lågt betalt" in texts


def test_a_list_in_pounds_shows_pounds(snapshot, tmp_path):
    file = tmp_path / "gbp.xlsx"
    write_excel(file, replace(snapshot, currency="GBP"))
    assert openpyxl.load_workbook(file)["Lista"]["G2"].number_format.startswith('#,##0 "£"')


def test_an_empty_list_is_a_valid_workbook(snapshot, tmp_path):
    file = tmp_path / "empty.xlsx"
    write_excel(file, replace(snapshot, ranked=()))
    assert openpyxl.load_workbook(file)["Lista"].max_row == 1


SAID = {
    "Utfall": "Fel med återkrav",
    "Värt att titta på": "Ja",
    "Felbelopp kr": -120.5,
    "Orsak": "Kommunen",
    "Minuter": 35,
    "Granskad": dt.date(2026, 11, 22),
    "Handläggare": "ab12",
}


@pytest.fixture
def rows(path):
    """The list's rows by heading."""
    return _rows(openpyxl.load_workbook(path)["Lista"])


def test_a_filled_list_comes_back_as_outcomes(path, rows, tmp_path):
    book = openpyxl.load_workbook(path)
    for name, value in SAID.items():
        book["Lista"].cell(3, NAMES.index(name) + 1, value)
    book.save(tmp_path / "filled.xlsx")
    ((line, outcome),) = read_filled(tmp_path / "filled.xlsx").items()
    assert line == 3
    assert set(outcome) <= set(contract("raw", "outcomes").names)
    assert outcome["payment_id"] == rows[1]["payment_id"]
    assert outcome["flag_ids"] == rows[1]["flag_ids"]
    assert (outcome["verdict"], outcome["cause"], outcome["intent"]) == ("error_recovery", "municipality", "")
    assert (outcome["was_worth_looking"], outcome["error_sek"], outcome["spent_minutes"]) == ("true", "-120.5", "35")
    assert outcome["decided_at"] == "2026-11-22"


def test_a_sheet_sorted_by_its_filter_keeps_every_outcome_with_its_payment(path, rows):
    sheet = openpyxl.load_workbook(path)["Lista"]
    assert sheet.auto_filter.ref == f"A1:{sheet.cell(sheet.max_row, len(NAMES)).coordinate}", "ids are sorted along"
    shown = [name for name in NAMES if name not in HIDDEN]
    turned = [{name: row[name] for name in HIDDEN} for row in rows]
    turned = [ids | {name: row[name] for name in shown} for ids, row in zip(turned, reversed(rows), strict=True)]
    turned[0] |= SAID
    (outcome,) = outcome_rows(turned).values()
    assert {name: outcome[name] for name in HIDDEN} == {name: rows[-1][name] or "" for name in HIDDEN}
    with pytest.raises(InputError, match="row 2: column 'Betalning' shows a payment that the list does not have"):
        outcome_rows([rows[0] | SAID | {"Betalning": "0"}])


def test_words_days_and_amounts_are_read_as_people_write_them(rows):
    said = SAID | {"Utfall": " FEL MED\u00a0återkrav", "Värt att titta på": "ja", "Felbelopp kr": "-1 250,50 kr"}
    for day in ("22/11 2026", "22.11.2026", "20261122", "2026-11-22 00:00:00", "22/11-2026"):
        (outcome,) = outcome_rows([rows[0] | said | {"Granskad": day, "Minuter": "35.0"}]).values()
        assert (outcome["verdict"], outcome["was_worth_looking"]) == ("error_recovery", "true")
        assert (outcome["error_sek"], outcome["decided_at"]) == ("-1250.50", "2026-11-22")
        assert outcome["spent_minutes"] == "35"
    assert outcome_rows([rows[0], rows[1]]) == {}


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("1.500", "1500"),
        ("-12.500", "-12500"),
        ("1500.5", "1500.5"),
        ("1500,50", "1500.50"),
        ("33.3333", "33.3333"),
        (124.63, "124.63"),
        ("124,625", "124.625"),
        ("0", "0"),
    ],
)
def test_a_point_before_three_digits_parts_thousands(rows, typed, amount):
    (outcome,) = outcome_rows([rows[0] | SAID | {"Felbelopp kr": typed}]).values()
    assert outcome["error_sek"] == amount


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"Utfall": "Kanske"}, "unknown word in column 'Utfall'; known: Fel med återkrav"),
        ({"Utfall": None}, "column 'Utfall' is blank but 'Värt att titta på' is filled in"),
        ({"Granskad": None}, "column 'Granskad' is blank"),
        ({"Granskad": "2026-02-30"}, "column 'Granskad' is no date"),
        ({"Felbelopp kr": "tusen"}, "column 'Felbelopp kr' is no amount"),
        ({"Felbelopp kr": "124.625"}, "column 'Felbelopp kr' may be thousands or thousandths"),
        ({"Felbelopp kr": -1.125}, "column 'Felbelopp kr' may be thousands or thousandths"),
        ({"Minuter": "1 tim"}, "column 'Minuter' is no whole number"),
    ],
)
def test_what_cannot_be_read_names_row_and_column(rows, changed, told):
    with pytest.raises(InputError, match=f"sheet Lista, row 3: {told}"):
        outcome_rows([rows[0], rows[1] | SAID | changed])


def test_a_row_doubled_is_one_outcome_unless_it_says_two_things(rows):
    filled = rows[0] | SAID
    assert len(outcome_rows([filled, filled])) == 1
    with pytest.raises(InputError, match="rows 2 and 4 judge the same payment differently"):
        outcome_rows([filled, rows[1], filled | {"Utfall": "Förklarad"}])


def test_a_lost_column_is_named(rows):
    with pytest.raises(InputError, match="no column 'arm'"):
        outcome_rows([{k: v for k, v in rows[0].items() if k != "arm"}])


@pytest.mark.parametrize(
    ("name", "is_form"),
    [("lista-2026-10.xlsx", True), ("Lista oktober (1).xlsx", True), ("lista_2026-10.XLSX", True), ("listan.xlsx", False),
     ("prislista.xlsx", False), ("lista.csv", False)],
)  # fmt: skip
def test_a_list_is_known_by_how_its_name_begins(name, is_form):
    assert (form_of(name) == FORM) is is_form
