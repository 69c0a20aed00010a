"""Home-care lines in the report: recalculation in sentences, days, visits in few columns; the drawn stay blind."""

import datetime as dt
import shutil
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from fut.contract import contract
from reporting.care_lines import JOINER, day_cells, recalculated, visit_columns
from reporting.excel import write_excel
from reporting.format import NBSP
from reporting.html import render_html
from reporting.model import Snapshot, load_snapshot
from reporting.words import CODES, DIFFERENCES

DAY = {
    "visit_date": dt.date(2026, 10, 3), "visits": 3, "performed": 2, "by_hand": 1,
    "first_start": dt.datetime.fromisoformat("2026-10-03T08:05"), "last_end": dt.datetime.fromisoformat("2026-10-03T18:00"),
    "planned_minutes": Decimal(60), "registered_minutes": Decimal(75), "billable_minutes": Decimal(75),
    "paid_sek": Decimal("512.50"), "carers": 2, "absence": None,
}  # fmt: skip
LINE = {
    "kind": "line", "basis": "performed", "granted_minutes": Decimal(600), "billable_minutes": Decimal(300),
    "amount_sek": Decimal("2000.0000"), "paid_sek": Decimal("2100.00"), "difference_sek": Decimal("100.00"),
    "rate_code": "CPR", "paid_rate_code": "CPR", "paid_minutes": Decimal(315), "differs_by": "minutes",
}  # fmt: skip


@pytest.fixture
def care(folder: Path, tmp_path: Path) -> Snapshot:
    """The sample with days and recalculations of every payment, also of those drawn by lot."""
    copy = tmp_path / "bjorklunda" / "2026-10" / "r-5f2c91"
    shutil.copytree(folder, copy)
    ranked = pl.read_parquet(copy / "ranked_payments.parquet").with_columns(risk_area=pl.lit("home_care"))
    ranked.write_parquet(copy / "ranked_payments.parquet")
    ids = ranked["payment_id"].to_list()
    pl.DataFrame([DAY | {"payment_id": i} for i in ids]).write_parquet(copy / "visit_days.parquet")
    pl.DataFrame([LINE | {"payment_id": i} for i in ids]).write_parquet(copy / "recalculation.parquet")
    return load_snapshot(copy)


def test_a_day_reads_in_swedish() -> None:
    told = dict(day_cells(DAY))
    assert told["Besök"] == "3 (1 ej utfört, 1 för hand)"
    assert told["Klockan"] == f"08:05–{JOINER}18:00"
    assert told["Registrerad tid"] == f"1{NBSP}tim{NBSP}15{NBSP}min"
    assert told["Ersättning"] == f"512,50{NBSP}kr"
    assert dict(day_cells(DAY | {"absence": "hospital"}))["Frånvaro"] == "Sjukhus"
    nobody = dict(day_cells(DAY | {"performed": 3, "by_hand": 0, "first_start": None, "last_end": None}))
    assert (nobody["Besök"], nobody["Klockan"]) == ("3", "–")


def test_a_visit_joins_its_start_and_end() -> None:
    told = dict(visit_columns({"planned_start": "08:00", "planned_end": "08:30", "start_method": "tag",
                               "end_method": "manual"}))  # fmt: skip
    assert told == {"Planerat": f"08:00–{JOINER}08:30", "Registrerat": "–", "Registrering": "Tagg, Manuell"}
    assert dict(visit_columns({"start_method": "gps", "end_method": "gps"}))["Registrering"] == "GPS"


def test_a_recalculation_is_told_in_sentences_and_only_of_a_line() -> None:
    told = " ".join(recalculated([LINE, {"kind": "visit", "billable_minutes": Decimal(300)}]))
    assert "Besöken ger 300 min." in told
    assert f"Skillnad 100,00{NBSP}kr. Raden är betald för andra minuter än besöken ger." in told
    assert recalculated([]) == ()


def test_every_difference_has_its_swedish() -> None:
    assert set(contract("core", "compensation_lines").column("differs_by").said("values")) == set(DIFFERENCES)
    assert CODES["differs_by"]["price"] == "pris"


def test_listed_lines_show_days_and_recalculation_and_drawn_ones_nothing(care: Snapshot) -> None:
    assert all(p.days and p.recalculation for p in care.listed)
    assert not any(p.days or p.recalculation for p in care.control)
    page = render_html(care)
    assert page.count('<details class="days">') == len(care.listed)
    assert page.count("Omräkning enligt reglerna") == len(care.listed)
    assert "rader som är ungefär lika långa" in page


def test_a_line_is_named_by_its_area_and_service(care: Snapshot, tmp_path: Path) -> None:
    named = replace(care, ranked=tuple(replace(p, service="Omvårdnad") for p in care.ranked))
    assert "Hemtjänst, omvårdnad" in render_html(named)
    write_excel(tmp_path / "list.xlsx", named)
    sheet = openpyxl.load_workbook(tmp_path / "list.xlsx")["Lista"]
    assert [cell.value for cell in sheet[1]][3:5] == ["Mottagare", "Område"]
    assert sheet["E2"].value == "Hemtjänst, omvårdnad"
