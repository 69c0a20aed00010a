"""Dated values in the list and the report: what held in the month, and what nobody has verified."""

import json
import shutil
from pathlib import Path

import pytest
from openpyxl import load_workbook

from indicators import library
from reporting.dated import dated_text
from reporting.documents.indicators import page
from reporting.excel import write_excel
from reporting.html import write_html
from reporting.indicator_words import FAMILIES, UNITS
from reporting.model import load_snapshot

LIMITS = {
    "approval": [{"amount_sek": "50000.00", "valid_from": "2020-01-01", "is_verified": True, "role": "chef"}],
    "hourly_wage": [{"amount_sek": "150.50", "valid_from": "2025-01-01", "is_verified": False, "source": "HÖK"}],
    "daily_rest": [{"hours": "11.00", "valid_from": "2005-07-01", "is_verified": True, "source": "13 §"}],
    "full_time": [],
    "tax_deduction": [{"share": "0.30", "valid_from": "2012-01-01", "is_verified": False, "source": "13 kap."}],
}


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (LIMITS["approval"], "50\u00a0000\u00a0kr"),
        (LIMITS["hourly_wage"], "150,50\u00a0kr, ej kontrollerat värde"),
        (LIMITS["daily_rest"], "11\u00a0timmar"),
        (LIMITS["tax_deduction"], "30\u00a0%, ej kontrollerat värde"),
        ([], "ingen angiven"),
        # a later value says from when, one of another role does not; one that nobody has verified marks them all
        (
            [
                {"amount_sek": "50", "valid_from": "1996-12-01", "role": "chef"},
                {"amount_sek": "60", "valid_from": "2013-03-16", "role": "chef"},
                {"amount_sek": "900", "valid_from": "2013-03-16", "role": "nämnd", "is_verified": False},
            ],
            "50\u00a0kr, från 2013-03-16 60\u00a0kr och 900\u00a0kr, ej kontrollerat värde",
        ),
    ],
)
def test_a_value_in_a_sentence(rows: list, said: str) -> None:
    assert dated_text(rows) == said


def test_the_list_and_the_report_tell_what_held(folder: Path, tmp_path: Path) -> None:
    own = shutil.copytree(folder, tmp_path / "bjorklunda" / "2026-10" / folder.name)
    manifest = own / "manifest.json"
    manifest.write_text(json.dumps(json.loads(manifest.read_text("utf-8")) | {"limits": LIMITS}), "utf-8")
    snapshot = load_snapshot(own)
    write_excel(tmp_path / "l.xlsx", snapshot)
    rows = list(load_workbook(tmp_path / "l.xlsx")["Om listan"].iter_rows(values_only=True))
    told = {row[0]: row[5] for row in rows}
    assert told["Attestgräns, chef"] == "Kommunens uppgift"
    assert (told["Lägsta timlön"], told["Dygnsvila"]) == ("Nej", "Ja")
    write_html(tmp_path / "r.html", snapshot)
    assert "150,50\u00a0kr" in (tmp_path / "r.html").read_text("utf-8")


def test_an_indicator_s_page_has_swedish_words_for_units_and_families() -> None:
    known = library().values()
    assert {param.unit for i in known for param in i.params.values()} <= set(UNITS)
    assert {i.family for i in known} <= set(FAMILIES)
    swedish = page(library()["SP02"], "sv")
    assert "| `floor_sek` | 500 | kr |" in swedish
    assert "- Familj: dubblett" in swedish
    assert "| `floor_sek` | 500 | sek |" in page(library()["SP02"], "en")
