"""A run cut off anywhere and run again gives the snapshot of a run never cut off, byte for byte."""

import hashlib
from pathlib import Path
from types import ModuleType

import duckdb
import pytest

from fut.errors import StoreError
from fut.settings import load_settings
from fut.warehouse import open_warehouse
from pipelines import steps
from reporting.publish import write_folder

MONTHS = ["2019-01", "2019-02"]
MOMENTS = ("DCCSpendingOver500_201902", "netting", "payment pairs", "SP05", "2019-02")


class CutOffError(BaseException):
    """Stands for a killed process: nothing in the batch may catch it."""


@pytest.fixture
def settings_file(ledger: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(steps, "judge", lambda *_: [])
    return ledger.make(tmp_path, MONTHS)


def published(folder: Path) -> dict[str, str]:
    files = sorted(p for p in folder.rglob("*") if p.is_file())
    return {p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


@pytest.fixture(scope="module")
def undisturbed(ledger: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    settings = load_settings(ledger.make(tmp_path_factory.mktemp("whole"), MONTHS))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(steps, "judge", lambda *_: [])
        steps.run(settings, MONTHS)
    return published(settings.published)


@pytest.mark.parametrize("moment", MOMENTS)
def test_snapshot_is_the_same_after_a_run_cut_off(
    settings_file: Path, undisturbed: dict[str, str], moment: str
) -> None:
    settings = load_settings(settings_file)

    def cut(name: str) -> None:
        if name.startswith(moment):
            raise CutOffError

    with pytest.raises(CutOffError):
        steps.run(settings, MONTHS, cut)
    steps.run(settings, MONTHS)
    assert published(settings.published) == undisturbed


def test_a_second_run_changes_nothing(settings_file: Path, undisturbed: dict[str, str]) -> None:
    settings = load_settings(settings_file)
    for _ in range(2):
        steps.run(settings, MONTHS)
        assert published(settings.published) == undisturbed


# what an earlier version lacked, and what it had that is gone
OLDER = """
ALTER TABLE deliveries DROP COLUMN rows_in; ALTER TABLE repairs ADD COLUMN older INT; ALTER TABLE quarantine ADD COLUMN
older INT; ALTER TABLE scores DROP COLUMN model_percentile; ALTER TABLE scores ADD COLUMN older INT; ALTER TABLE
peer_features ADD COLUMN older INT; ALTER TABLE peer_features DROP COLUMN feature; ALTER TABLE erased_outcomes ADD COLUMN
older INT; ALTER TABLE out_flag_payments DROP COLUMN flag_id; ALTER TABLE core_payments DROP COLUMN is_live; CREATE TABLE
older AS SELECT 1 AS payment_id
"""


def test_a_run_over_an_earlier_versions_warehouse_publishes_the_same(
    settings_file: Path, undisturbed: dict[str, str]
) -> None:
    settings = load_settings(settings_file)
    steps.run(settings, MONTHS)
    with open_warehouse(settings) as connection:
        connection.execute(OLDER)
    steps.run(settings, MONTHS)
    assert published(settings.published) == undisturbed


def test_a_month_published_again_is_left_alone_where_it_is_the_same_and_replaced_where_not(tmp_path: Path) -> None:
    folder = tmp_path / "2019-01" / "run"
    write_folder(folder, {"a.parquet": b"1", "manifest.json": b"{}"})
    first = folder.stat().st_ino
    for left in (".run.draft", ".run.before"):
        (folder.with_name(left) / "a.parquet").mkdir(parents=True)
    write_folder(folder, {"a.parquet": b"1", "manifest.json": b"{}"})
    assert folder.stat().st_ino == first
    for damaged in ({"a.parquet": b"2", "manifest.json": b"{}"}, {"manifest.json": b"{}"}):
        write_folder(folder, damaged)
        assert {path.name: path.read_bytes() for path in folder.iterdir()} == damaged
    assert [path.name for path in folder.parent.iterdir()] == ["run"]


def test_an_indicator_the_disk_had_no_room_for_stops_the_run(
    settings_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> int:
        raise duckdb.TransactionException("Failed to commit: Could not write file: No space left on device")

    monkeypatch.setattr(steps, "evaluate", full)
    settings = load_settings(settings_file)
    with pytest.raises(StoreError, match="the disk is full"):
        steps.run(settings, MONTHS)
    assert not settings.published.exists()
