"""The two versions of the home-care benchmark give the same tables; a cell put wrong is seen."""

import json
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from benchmarks.care_speed import CARE, INDICATORS
from benchmarks.care_speed.__main__ import STAGES
from benchmarks.care_speed.compare import KEYS, differences
from benchmarks.care_speed.month import make_month
from benchmarks.care_speed.pandas_rules import RULES
from benchmarks.measure import Stages
from fut.contract import load_contracts

VISITS = 5_500


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("care_speed")
    (folder / "out").mkdir()
    made = make_month(Stages(), folder, VISITS)
    assert abs(made - VISITS) < VISITS / 2
    _spoil(folder / "inbox")
    for module in ("ours", "pandas_run"):
        command = [sys.executable, "-W", "error", "-m", f"benchmarks.care_speed.{module}", "--folder", str(folder)]
        subprocess.run(command, check=True)
    return folder


def _spoil(inbox: Path) -> None:
    """Break rules of contracts in a few rows, errors and warnings, and pay lines by other rules than those stated."""
    rules = inbox / "compensation_rules.csv"
    _put(rules, 0, cap_share_of_granted="0.9", declined_share="0.3", absence_share_day_1="0.5")
    _put(rules, 3, basis="planned", cohabitant_share="0.7")
    _put(rules, 4, flat_minutes="75")
    _put(rules, 7, rounding="up", rounding_minutes="10", rounding_scope="day")
    visits = next(inbox.glob("visits_*.csv"))
    _put(visits, 0, status="gjort")
    _put(visits, 1, actual_start="1999-01-01T08:00:00")
    _put(visits, 2, start_method="hand", billable_minutes="0.45")
    _put(visits, 3, planned_start="", actual_start="")
    _put(visits, 4, actual_start="2025-03-03T08:00:00", status="")
    _put(visits, 5, actual_start="2024-11-01T08:00:00", service="")
    _put(visits, 6, utc_offset_end="1440")
    for row in _rows(visits, service="care", status="performed")[:5]:
        _put(visits, row, actual_end="2025-01-05T20:00:00")
    lines = next(inbox.glob("compensation_lines_*.csv"))
    _put(lines, _rows(lines, service="care", unit="hour")[0], minutes="9000.00", amount_sek="70000.00")
    _put(inbox / "carers.csv", 0, fte="80", employed_to="2019-01-01")
    _put(inbox / "decisions.csv", 0, minutes_per_month="3")
    _put(next(inbox.glob("payroll_months_*.csv")), 0, paid_hours="-1")


def _rows(path: Path, **cells: str) -> list[int]:
    """Return which rows hold the cells, of providers that are paid by the visit."""
    frame = pl.read_csv(path, infer_schema=False).with_row_index()
    private = frame.filter(~pl.col("provider_id").str.starts_with("P001"), **cells)
    return private["index"].to_list()


def _put(path: Path, row: int, **cells: str) -> None:
    frame = pl.read_csv(path, infer_schema=False)
    at = pl.int_range(pl.len()) == row
    cases = [pl.when(at).then(pl.lit(v or None)).otherwise(pl.col(c)).alias(c) for c, v in cells.items()]
    frame.with_columns(cases).write_csv(path)


def test_both_versions_give_the_same_tables(folder: Path) -> None:
    found = differences(folder / "out")
    assert set(found) == set(KEYS)
    assert all(rows > 0 for rows, _ in found.values())
    assert found["quarantine"][0] >= 15
    assert pl.read_parquet(folder / "out" / "lines.pandas.parquet")["differs_by"].n_unique() >= 5
    assert {table: wrong for table, (_, wrong) in found.items() if wrong} == {}


def test_pandas_states_every_written_rule_of_the_contracts() -> None:
    written = {name: {rule for rule, *_ in load_contracts("raw")[name].row_rules() if ":" not in rule} for name in CARE}
    assert {name: set(RULES.get(name, {})) for name in CARE} == written


def test_every_stage_is_measured(folder: Path) -> None:
    ours, pandas = (
        {s["name"] for s in json.loads((folder / "out" / f"{name}.json").read_text(encoding="utf-8"))["stages"]}
        for name in ("ours", "pandas")
    )
    assert {"load CSV", "core visits", "overlaps and neighbours", "compensation", "ranking", "forest"} <= ours
    assert set(STAGES) <= ours & pandas


def test_every_indicator_flags_something(folder: Path) -> None:
    flags = pl.read_parquet(folder / "out" / "flags.pandas.parquet")
    assert set(flags["indicator"]) == set(INDICATORS)


def test_repetitions_have_ids_of_their_own(folder: Path) -> None:
    inbox = folder / "inbox"
    ids = pl.read_csv(next(inbox.glob("visits_*.csv")), columns=["visit_id", "provider_id"])
    assert ids["visit_id"].str.slice(-3).unique().sort().to_list() == ["000", "001"]
    providers = pl.read_csv(inbox / "providers.csv")["provider_id"]
    assert providers.is_unique().all()
    assert set(ids["provider_id"]) <= set(providers)


def test_a_wrong_cell_and_a_lost_row_are_told(folder: Path, tmp_path: Path) -> None:
    for path in (folder / "out").glob("*.parquet"):
        (tmp_path / path.name).symlink_to(path)
    changed = tmp_path / "overlaps.pandas.parquet"
    frame = pl.read_parquet(changed)
    changed.unlink()
    later = (
        pl.when(pl.int_range(pl.len()) == 0).then(pl.col("overlap_minutes") + 1).otherwise(pl.col("overlap_minutes"))
    )
    frame.with_columns(later).head(-1).write_parquet(changed)
    assert differences(tmp_path)["overlaps"][1] == {"in ours alone": 1, "overlap_minutes": 1}
