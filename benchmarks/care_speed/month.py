"""One month of home care of about so many visits, as CSV files in the canonical dialect.

A small simulated municipality is repeated under new ids until the month is large enough: every repetition has its own
clients, carers, providers, visits and lines, with the overlaps, absences and edits of the original.
"""

from pathlib import Path

import polars as pl

from benchmarks.care_speed import CARE
from benchmarks.measure import Stages
from simulation import simulate

SEED = 1
DIFFICULTY = "hard"
START = "2025-01"
PRESETS = ((150_000, "medium"), (12_000, "small"), (0, "tiny"))
"""From how many visits on which preset is repeated: a month of medium holds some 70 000 visits."""

IDS = frozenset(
    (
        "approved_by", "building_ref", "carer_ref", "client_ref", "decision_id", "device_ref", "edited_by", "household_ref",
        "invoice_id", "line_id", "order_id", "pair_visit_id", "payment_id", "planned_carer_ref", "provider_id",
        "relative_of_client_ref", "visit_id",
    )
)  # fmt: skip
SHARED = frozenset(("areas", "calendar", "compensation_rules", "month_closes", "rates"))


def make_month(stages: Stages, folder: Path, visits: int) -> int:
    """Write `folder`/inbox with a month of about `visits` visits; return how many there are."""
    preset = next(name for least, name in PRESETS if visits >= least)
    with stages.stage("simulation", is_apart=True):
        simulate(folder / "simulated", preset, DIFFICULTY, SEED, 1, START)
    with stages.stage("writing CSV", is_apart=True):
        found = {table: _path(folder / "simulated" / "inbox", table) for table in CARE}
        once = pl.read_parquet(found["visits"]).height
        copies = max(1, round(visits / once))
        (folder / "inbox").mkdir()
        for table, path in found.items():
            frame = pl.read_parquet(path)
            with (folder / "inbox" / f"{path.stem}.csv").open("wb") as file:
                for copy in range(1 if table in SHARED else copies):
                    _renamed(frame, table, copy).write_csv(
                        file, include_header=copy == 0, datetime_format="%Y-%m-%dT%H:%M:%S"
                    )
    return once * copies


def _path(folder: Path, table: str) -> Path:
    whole = folder / f"{table}.parquet"
    return whole if whole.exists() else folder / f"{table}_{START}.parquet"


def _renamed(frame: pl.DataFrame, table: str, copy: int) -> pl.DataFrame:
    """Return the rows under ids of their own; what all repetitions share keeps its name."""
    if table in SHARED:
        return frame
    return frame.with_columns(pl.col(name) + f"{copy:03d}" for name in frame.columns if name in IDS)
