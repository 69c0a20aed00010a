"""python -m benchmarks.detection: how many wrong payments of simulated municipalities reach the top of the list.

Develop with --window develop (seeds 1-3; 4-105 have been looked at too); `report` (seeds 106-108) is for figures only,
never for tuning: whoever explains a figure of a report seed by its payments has made it a development seed.
"""

import argparse
import sys
import tempfile
from pathlib import Path

import polars as pl

from benchmarks.detection.report import Report
from benchmarks.detection.runs import Case, run_case
from benchmarks.measure import Stages

SEEDS = {"develop": (1, 2, 3), "report": (106, 107, 108)}
DIFFICULTIES = ("hard", "medium", "easy")


def main(arguments: list[str] | None = None) -> int:
    """Run the benchmark, print its tables, write them and the picture to --out."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.detection", description=__doc__)
    parser.add_argument("--window", choices=tuple(SEEDS), default="develop")
    parser.add_argument("--preset", default="medium")
    parser.add_argument("--difficulty", nargs="*", default=list(DIFFICULTIES), choices=DIFFICULTIES)
    parser.add_argument("--seeds", type=int, nargs="*", help="other seeds than the window's own three")
    parser.add_argument("--months", type=int, help="fewer months than the preset's")
    parser.add_argument("--data", type=Path, help="not needed: the municipalities are simulated")
    parser.add_argument("--out", type=Path, default=Path("var/bench/detection"))
    given = parser.parse_args(arguments)
    given.out.mkdir(parents=True, exist_ok=True)
    frames, stages = [], Stages()
    for difficulty in given.difficulty:
        for seed in given.seeds or SEEDS[given.window]:
            case = Case(given.preset, difficulty, seed, given.months)
            print(f"{case.name} ...", file=sys.stderr, flush=True)
            with tempfile.TemporaryDirectory(prefix="detection-") as folder:
                frames.append(run_case(case, Path(folder) / "m", stages))
            frames[-1].write_parquet(given.out / f"{case.name}.parquet")
    report = Report(given.window, given.preset, pl.concat(frames), stages)
    print(report.text())
    for path in report.write(given.out):
        print(f"wrote {path}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
