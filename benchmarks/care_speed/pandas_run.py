"""The pandas stages on one month of home care, measured; a process of its own, so that its memory peaks are its own."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from benchmarks.care_speed import INDICATORS
from benchmarks.measure import Stages


def main(argv: list[str] | None = None) -> int:
    """Run the stages on `--folder`/inbox; needs the months that `ours` wrote into `--folder`/out."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.care_speed.pandas_run")
    parser.add_argument("--folder", type=Path, required=True)
    folder = parser.parse_args(argv).folder
    run(folder)
    return 0


def run(folder: Path) -> None:
    """Run every stage; writes pandas.json and the tables to compare."""
    stages, out = Stages(), folder / "out"
    with stages.stage("imports", is_apart=True):
        import pandas as pd
        import pyarrow.parquet  # noqa: F401

        from benchmarks.care_speed import (
            pandas_days,
            pandas_flags,
            pandas_lines,
            pandas_pairs,
            pandas_pay,
            pandas_rules,
            pandas_visits,
        )
        from indicators import library
        from models.training import months_needed

        stated = {code: library()[code].parameters() for code in INDICATORS}
        months = months_needed(json.loads((out / "ours.json").read_text(encoding="utf-8"))["months"])
    with stages.stage("load CSV"):
        tables = pandas_visits.read(folder / "inbox")
        _keep(out, {f"raw_{name}": table for name, table in tables.items()})
    with stages.stage("validation"):
        broken = pandas_rules.judged(tables, folder / "inbox")
        tables = pandas_rules.accepted(tables, broken)
        _keep(out, {"quarantine": broken})
    with stages.stage("core visits"):
        v = pandas_visits.visits(tables)
        _keep(out, {"core_visits": v})
    with stages.stage("overlaps and neighbours"):
        near = pandas_pairs.neighbours(v)
        pairs = pd.concat([pandas_pairs.overlaps(v, subject) for subject in ("carer", "client")])
        _keep(out, {"core_neighbours": near, "core_overlaps": pairs})
    with stages.stage("compensation"):
        pay, paid = pandas_lines.recalculated(pandas_pay.paid_by_rules(v, tables))
        _keep(out, {"core_visit_pay": pay, "core_compensation_lines": paid})
    with stages.stage("indicators in both"):
        flags = pandas_flags.flags(v, pairs, tables, pay, paid, stated)
        _keep(out, {"out_flags": flags})
    with stages.stage("days and carers"):
        lines = tables["compensation_lines"].drop_duplicates("line_id", keep="last")
        placed = pandas_days.placed(v, lines, months)
        day = pandas_days.days(placed, near, pairs)
        carer = pandas_days.carers(placed, day, tables["payroll_months"])
    made = {"quarantine": broken, "visits": v, "neighbours": near, "overlaps": pairs, "visit_pay": pay, "lines": paid, "flags": flags, "visit_day": day,
            "carer_month": carer}  # fmt: skip
    for name, frame in made.items():
        frame.to_parquet(out / f"{name}.pandas.parquet", index=False, compression=None)
    (out / "pandas.json").write_text(json.dumps({"stages": stages.rows()}), encoding="utf-8")


def _keep(out: Path, frames: dict[str, Any]) -> None:
    """Write what a stage made, as one that others follow on another day must."""
    for name, frame in frames.items():
        frame.to_parquet(out / f"{name}.parquet")


if __name__ == "__main__":
    sys.exit(main())
