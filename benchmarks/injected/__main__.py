"""python -m benchmarks.injected --data DIR: how many injected errors reach the top of their month's list.

Develop on the window `develop` with seeds 1-5; `report` with seeds 11-15 is for figures only, never for tuning.
"""

import argparse
import sys
import tempfile
from pathlib import Path

from benchmarks.injected.inject import kinds
from benchmarks.injected.report import Report
from benchmarks.injected.run import run_seed
from benchmarks.injected.sources import SOURCES, SPLIT_LIMITS, read_facts

SEEDS = {"develop": (1, 2, 3, 4, 5), "report": (11, 12, 13, 14, 15)}


def main(arguments: list[str] | None = None) -> int:
    """Run the benchmark and print its table; exit code 2 when the data are absent."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.injected", description=__doc__)
    parser.add_argument(
        "--data", type=Path, required=True, help="folder that holds devon_2011_2021 and oxford_spending"
    )
    parser.add_argument("--window", choices=tuple(SEEDS), default="develop")
    parser.add_argument("--seeds", type=int, nargs="*", help="other seeds than the window's own five")
    parser.add_argument("--sources", nargs="*", default=[s.name for s in SOURCES], choices=[s.name for s in SOURCES])
    parser.add_argument(
        "--as-shipped", action="store_true", help="leave the library's thresholds in kronor unconverted"
    )
    parser.add_argument("--out", type=Path, default=Path("var/bench"))
    given = parser.parse_args(arguments)
    chosen = [source for source in SOURCES if source.name in given.sources]
    absent = [s.folder for s in chosen if not (given.data / s.folder / "published").is_dir()]
    if absent:
        print(f"data absent: {', '.join(absent)} under --data", file=sys.stderr)
        return 2
    every = kinds(SPLIT_LIMITS)
    found, figures, shares = [], [], {}
    with tempfile.TemporaryDirectory(prefix="injected-") as folder:
        for source in chosen:
            facts = read_facts(source, given.window, given.data)
            shares[source.name] = facts.shares()
            for seed in given.seeds or SEEDS[given.window]:
                print(f"{source.name}, seed {seed} ...", file=sys.stderr, flush=True)
                cases, cost = run_seed(source, facts, seed, every, Path(folder) / source.name, not given.as_shipped)
                found += cases
                figures.append(cost)
    order = {kind.name: n for n, kind in enumerate(every)}
    found.sort(key=lambda case: (order[case.kind], case.source, case.seed, case.month))
    apart = frozenset(kind.name for kind in every if not kind.is_pooled)
    report = Report(given.window, found, figures, shares, apart)
    print(report.text())
    for path in report.write(given.out):
        print(f"wrote {path}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
