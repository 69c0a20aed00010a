"""Our stages on one month of home care, measured; a process of its own, so that its memory peaks are its own."""

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.care_speed import INDICATORS
from benchmarks.care_speed.compare import OURS
from benchmarks.measure import Stages, forest_measured

CORE = {"visits": "core visits", "neighbours": "overlaps and neighbours", "compensation": "compensation"}
OTHER_CORE = "other core"
OVERLAPS = "exact overlaps"
AGGREGATES = "days and carers"


def main(argv: list[str] | None = None) -> int:
    """Run the stages on `--folder`/inbox; write ours.json and the tables to compare into `--folder`/out."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.care_speed.ours")
    parser.add_argument("--folder", type=Path, required=True)
    arguments = parser.parse_args(argv)
    stages = Stages()
    figures = run(stages, arguments.folder, arguments.folder / "out")
    figures["stages"] = stages.rows()
    (arguments.folder / "out" / "ours.json").write_text(json.dumps(figures), encoding="utf-8")
    return 0


def run(stages: Stages, folder: Path, out: Path) -> dict[str, Any]:
    """Run every stage, forests by themselves; returns counts."""
    with stages.stage("imports", is_apart=True):
        import duckdb  # noqa: F401
        import numpy  # noqa: F401
        import polars  # noqa: F401
        import pyarrow  # noqa: F401
        import sklearn.tree  # noqa: F401

        from core import neighbours
        from features import carer_month, visit_day
        from fut.evaluate import empty_core
        from fut.settings import Municipality, Settings, Source
        from fut.validate import RECONCILED
        from fut.warehouse import open_warehouse
        from models import care_scoring, explain, scoring
        from pipelines import steps
    settings = Settings(
        Municipality("speed", "Speed"), (Source("speed", "canonical"),), folder / "inbox", folder / "var", is_demo=True
    )
    frames: dict[str, Any] = {}
    for module in (scoring, care_scoring, explain):
        if hasattr(module, "recipe"):
            module.recipe = forest_measured(stages, module.recipe, is_apart=True)
    for name in ("in_order", "overlaps"):
        setattr(neighbours, name, _within(stages, OVERLAPS, getattr(neighbours, name)))
    setattr(visit_day, "prepare", _within(stages, AGGREGATES, visit_day.prepare))  # noqa: B010
    for module in (visit_day, carer_month):
        name = module.__name__.rpartition(".")[2]
        setattr(module, "prepared", _within(stages, AGGREGATES, module.prepared, frames, name))  # noqa: B010
    with open_warehouse(settings) as connection:
        with stages.stage("load CSV"):
            steps.ingest(connection, settings, steps.pseudonymiser(settings))
        with stages.stage("validation"):
            steps.validate(connection)
        with stages.stage(OTHER_CORE):
            empty_core(connection)
        _build(stages, connection, settings)
        with stages.stage(OTHER_CORE):
            connection.execute(RECONCILED)
            steps.measure_drift(connection, settings.checks)
            steps.require_reconciled(connection)
            months = steps.known_months(connection)
        rest = [
            c for c, i in steps.active_library(settings).items() if c.startswith(("HC", "ST")) and c not in INDICATORS
        ]
        with stages.stage("indicators in both"):
            steps.flag(connection, settings, months, INDICATORS)
        with stages.stage("other home-care indicators"):
            steps.flag(connection, settings, months, rest)
        with stages.stage("features and scores"):
            scored = steps.score(connection, settings, months)
        with stages.stage("ranking"):
            steps.order(connection, settings, months, scored)
        _export(connection, frames, out)
        return _counted(connection) | {"months": months}


def _counted(connection: Any) -> dict[str, Any]:
    counts = {}
    for table in ("core_visits", "core_visit_overlaps", "core_compensation_lines", "out_flags", "out_ranked_payments"):
        counts[table] = connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
    return counts


def _build(stages: Stages, connection: Any, settings: Any) -> None:
    """Build core, the stages of home care apart from the others."""
    from core import build_core

    opened = []

    def close() -> None:
        while opened:
            opened.pop().__exit__(None, None, None)

    def begin(name: str) -> None:
        close()
        opened.append(stages.stage(CORE.get(name, OTHER_CORE)))
        opened[-1].__enter__()

    begin("")
    build_core(connection, settings, begin)
    close()


def _within(
    stages: Stages, stage: str, known: Callable[..., Any], frames: dict[str, Any] | None = None, name: str = ""
) -> Callable[..., Any]:
    """Return a function that is a part of `stage`; what it returns is kept in `frames`."""

    def measured(*arguments: Any) -> Any:
        with stages.stage(stage):
            result = known(*arguments)
        if frames is not None:
            frames[name] = result
        return result

    return measured


def _export(connection: Any, frames: dict[str, Any], out: Path) -> None:
    """Write what both versions give."""
    for name, frame in frames.items():
        frame.write_parquet(out / f"{name}.ours.parquet")
    for name, query in OURS.items():
        connection.execute(f"COPY ({query}) TO '{out / name}.ours.parquet' (COMPRESSION uncompressed)")


if __name__ == "__main__":
    sys.exit(main())
