"""Officers' filled-in lists, dropped into the inbox, are outcomes that the next run learns from."""

from datetime import date
from pathlib import Path
from types import ModuleType

import openpyxl
import pytest

from fut.errors import InputError
from fut.settings import Settings, load_settings
from fut.warehouse import open_warehouse
from pipelines import steps
from reporting.excel import write_excel
from reporting.loading import read_snapshot
from reporting.model import Snapshot

MONTHS = ["2019-01", "2019-02", "2019-03"]
SAID = {
    "Utfall": "Förklarad",
    "Värt att titta på": "Nej",
    "Minuter": 15,
    "Granskad": date(2019, 3, 30),
    "Handläggare": "A",
}


@pytest.fixture(scope="module")
def settings(ledger: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Return a municipality whose three months are published."""
    found = load_settings(ledger.make(tmp_path_factory.mktemp("filled"), MONTHS))
    steps.run(found, MONTHS)
    return found


def latest(settings: Settings) -> Snapshot:
    month = settings.published / MONTHS[-1]
    return read_snapshot(month / (month / "current").read_text(encoding="utf-8").strip())


def fill(path: Path, said: dict[int, dict[str, object]]) -> None:
    """Fill in lines of a list's sheet by heading."""
    book = openpyxl.load_workbook(path)
    sheet = book["Lista"]
    headings = {cell.value: cell.column for cell in sheet[1]}
    for line, values in said.items():
        for name, value in values.items():
            sheet.cell(line, headings[name], value)
    book.save(path)


def outcomes(settings: Settings) -> list[tuple[object, ...]]:
    with open_warehouse(settings) as connection:
        return connection.execute(
            "SELECT payment_id, verdict, was_worth_looking, error_sek::VARCHAR, spent_minutes, arm, decided_at::DATE, "
            "flag_ids FROM core_outcomes ORDER BY decided_at, payment_id"
        ).fetchall()


def test_a_list_filled_in_twice_is_one_outcome_a_row_and_is_learnt_from(settings: Settings) -> None:
    before = latest(settings)
    first, second = before.listed[0], before.control[0]
    mailed = settings.inbox / "lista-2019-03.xlsx"
    write_excel(mailed, before)
    fill(mailed, {2: SAID})
    again = settings.inbox / "Lista-2019-03-klar.xlsx"
    write_excel(again, before)
    found = SAID | {"Utfall": "Fel med återkrav", "Felbelopp kr": -1250.5, "Granskad": date(2019, 3, 31)}
    fill(again, {2: SAID, 2 + len(before.listed): found})
    result = steps.run(settings, MONTHS[-1:])
    assert {mailed.name, again.name} <= set(result.loaded.loaded)
    assert outcomes(settings) == [
        (first.payment_id, "explained", False, None, 15, "risk", date(2019, 3, 30), " ".join(f.flag_id for f in first.flags)),
        (second.payment_id, "error_recovery", False, "-1250.50", 15, "random", date(2019, 3, 31), None),
    ]  # fmt: skip
    after = latest(settings)
    assert after.run_id != before.run_id
    assert first.payment_id not in {p.payment_id for p in after.listed}
    assert {mailed.name, again.name} <= set(steps.run(settings, MONTHS[-1:]).loaded.unchanged)


def test_a_list_nobody_filled_in_is_left_and_a_wrong_word_is_named(settings: Settings) -> None:
    path = settings.inbox / "lista-2019-02.xlsx"
    write_excel(path, latest(settings))
    try:
        known = outcomes(settings)
        assert path.name in steps.run(settings, MONTHS[-1:]).loaded.ignored
        assert outcomes(settings) == known
        fill(path, {2: SAID | {"Utfall": "Kanske"}})
        with pytest.raises(
            InputError, match=r"lista-2019-02\.xlsx: sheet Lista, row 2: unknown word in column 'Utfall'"
        ):
            steps.run(settings, MONTHS[-1:])
        openpyxl.Workbook().save(path)
        with pytest.raises(InputError, match=r"lista-2019-02\.xlsx: no sheet with a column 'Utfall'"):
            steps.run(settings, MONTHS[-1:])
        path.rename(path.with_suffix(".ods"))
        with pytest.raises(InputError, match=r"lista-2019-02\.ods: .* save it as lista-2019-02\.xlsx"):
            steps.run(settings, MONTHS[-1:])
    finally:
        for left in settings.inbox.glob("lista-2019-02.*"):
            left.unlink()
