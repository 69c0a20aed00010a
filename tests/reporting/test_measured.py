"""What a flag measured is told beside its reason, once for each value, and nowhere where there is nothing to tell."""

from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import load_workbook

from reporting.excel import write_excel
from reporting.html import render_html, why
from reporting.measured import measured, measured_notes


@pytest.mark.parametrize(
    ("unit", "value", "shown"),
    [
        ("number", 1234.0, "1 234"),
        ("number", 28.5, "28,50"),
        ("number", -3.0, "−3"),
        ("share", 0.937, "93,7 %"),
        ("share", 0.0067, "0,7 %"),
        ("sek", -1751.68, "−1 752 kr"),
        ("date", 20261121.0, "lördag 2026-11-21"),
        (None, 2.0, "2"),
    ],
)
def test_a_value_is_written_by_its_unit(unit: str | None, value: float, shown: str) -> None:
    row = {"measured_sv": "Dagar", "measured_unit": unit}
    between = shown if unit == "date" else shown.replace(" ", "\u00a0")
    assert measured(row, value, "SEK") == ("Dagar", between)


def test_what_a_value_is_compared_with_follows_in_brackets() -> None:
    row = {"measured_sv": "Andel för hand", "measured_unit": "share", "compared_sv": "tidigare"}
    assert measured(row, 0.5, "SEK", 0.1) == ("Andel för hand", "50,0\u00a0% (tidigare 10,0\u00a0%)")
    assert measured(row, 0.5, "SEK", None) == ("Andel för hand", "50,0\u00a0%")
    assert measured(row | {"compared_sv": None}, 0.5, "SEK", 0.1) == ("Andel för hand", "50,0\u00a0%")


@pytest.mark.parametrize("row", [{}, {"measured_sv": None}, {"measured_sv": ""}])
def test_a_run_made_before_names_were_published_tells_none(row: dict[str, str | None]) -> None:
    assert measured(row, 3.0, "SEK") == ("", "")
    assert measured({"measured_sv": "Dagar"}, None, "SEK") == ("", "")


def test_reasons_carry_the_values_of_their_own_flags(snapshot) -> None:
    payment = next(p for p in snapshot.listed if p.flags and p.reasons[0].code == p.flags[0].code)
    flag, code = payment.flags[0], payment.flags[0].code
    values = ["7", "28", "7", "", "1", "2", "3", "4"]
    flags = [replace(flag, measured=("Dagar", value) if value else ("", "")) for value in values]
    found = next(reason for reason in why(replace(payment, flags=tuple(flags)), snapshot) if reason.code == code)
    assert found.notes[0] == "Dagar: 7, 28, 1, 2, 3 med flera."
    assert measured_notes(flags[:3]) == ["Dagar: 7, 28."]
    assert measured_notes([]) == []


def test_the_report_shows_them(snapshot) -> None:
    first = snapshot.listed[0]
    changed = replace(first, flags=tuple(replace(flag, measured=("Besök på raden", "4711")) for flag in first.flags))
    others = tuple(payment for payment in snapshot.ranked if payment is not first)
    assert "Besök på raden: 4711." in render_html(replace(snapshot, ranked=(changed, *others)))
    assert "4711." not in render_html(snapshot)


def test_the_excel_list_shows_them_below_their_reason(snapshot, tmp_path: Path) -> None:
    payment = next(p for p in snapshot.listed if p.flags and p.reasons[0].code == p.flags[0].code)
    flag, reason = payment.flags[0], payment.reasons[0]
    changed = replace(payment, reasons=(reason,), flags=(replace(flag, measured=("Besök", "12")),))
    write_excel(tmp_path / "lista.xlsx", replace(snapshot, ranked=(changed,)))
    sheet = load_workbook(tmp_path / "lista.xlsx")["Lista"]
    told = next(cell.value for cell in sheet[2] if str(cell.value).startswith(reason.code))
    assert told.split("\n")[1:] == ["Besök: 12."]
