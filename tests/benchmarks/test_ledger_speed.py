"""The versions of the ledger benchmark give the same tables, and a Dagster run of the same files publishes."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.ledger_speed import month_files
from benchmarks.ledger_speed.alone import VERSIONS
from benchmarks.ledger_speed.compare import MEASURED, TABLES, differences
from commands._options import LEDGER
from fut.settings import load_settings

MONTHS = 3


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("ledger_speed")
    (folder / "out").mkdir()
    (folder / "inbox").mkdir()
    for path in sorted(load_settings(LEDGER).inbox.iterdir())[:MONTHS]:
        (folder / "inbox" / path.name).symlink_to(path)
    for version in VERSIONS:
        command = [sys.executable, "-m", "benchmarks.ledger_speed.alone", version, "--folder", str(folder)]
        subprocess.run([*command, "--dialect", "devon"], check=True)
    return folder


def figures(folder: Path, version: str) -> dict:
    return json.loads((folder / "out" / f"{version}.json").read_text(encoding="utf-8"))


def test_both_versions_give_the_same_tables(folder: Path) -> None:
    found = differences(folder / "out")
    assert set(found) == {*TABLES, *MEASURED}
    assert all(rows > 0 for rows, _ in found.values())
    assert {table: wrong for table, (_, wrong) in found.items() if wrong} == {}


def test_the_dagster_run_measures_every_step_once(folder: Path) -> None:
    run = figures(folder, "dagster")
    assert (run["months"], run["runs"]) == (MONTHS, 1)
    assert run["events"] > 100
    steps = {s["name"] for s in run["stages"] if not s["is_apart"]}
    assert steps == {"load and check", "judge", "build", "flag", "score", "order", "publish"}
    assert len(list((folder / "var_dagster" / "published" / "devon").glob("20??-??"))) == MONTHS


def test_months_are_chosen_by_file_name(tmp_path: Path) -> None:
    published = tmp_path / "devon_2011_2021" / "published"
    published.mkdir(parents=True)
    for month in ("201812", "201901", "201912", "202001"):
        (published / f"DCCSpendingOver500_{month}.csv.gz").touch()
    names = [path.name[-13:-7] for path in month_files(tmp_path, "2019-01..2019-12")]
    assert names == ["201901", "201912"]
