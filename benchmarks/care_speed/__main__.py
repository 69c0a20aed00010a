"""Print CPU seconds, wall time and memory per stage: python -m benchmarks.care_speed [--visits 1000000]."""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.care_speed.compare import STAGE_OF, differences
from benchmarks.care_speed.month import make_month
from benchmarks.measure import Stages

VISITS = 1_000_000
STAGES = (
    "load CSV",
    "validation",
    "core visits",
    "overlaps and neighbours",
    "compensation",
    "indicators in both",
    "days and carers",
)
TARGET_CPU, TARGET_MB, TARGET_RATIO, TARGET_OVERLAP = 20.0, 3 * 1024, 5.0, 0.6
OVERLAPS = "exact overlaps"
NOTE = """
Both judge every row by its contract, pay every visit by the rules, name the rule by which a line was paid otherwise, and
keep on disk what each stage made. Ours also finds shifted cells, logs repairs, reconciles, keeps several deliveries of a row,
and takes unreadable cells and any tariff over any months, which the pandas version refuses. `exact overlaps` puts the
visits of carers and of clients in order and finds every pair, in memory; reading them, the visit before, and writing both
tables are `overlaps and neighbours`, which beside pandas holds both.
"""


def main(argv: list[str] | None = None) -> int:
    """Make the month, run both versions, each in a process of its own, compare, print; 1 when their tables differ."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.care_speed")
    parser.add_argument("--visits", type=int, default=VISITS, help="about so many in the month, default %(default)s")
    parser.add_argument("--data", type=Path, help="not used: the month is simulated")
    parser.add_argument("--only", choices=("ours",), help="without the pandas version")
    arguments = parser.parse_args(argv)
    making = Stages()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        visits = make_month(making, folder, arguments.visits)
        (folder / "out").mkdir()
        ours = _run(folder, "ours")
        pandas = None if arguments.only else _run(folder, "pandas_run")
        found = {} if arguments.only else differences(folder / "out")
    sys.stdout.write(f"One month of home care, {visits} visits delivered as CSV\n")
    for table, (rows, wrong) in found.items():
        told = "equal" if not wrong else f"differ: {wrong}"
        sys.stdout.write(f"  {table:14s}{rows:>10} rows  {told}  ({STAGE_OF[table]})\n")
    _print_alone(making.rows() + ours["stages"], ours, visits)
    if pandas:
        _print_beside(ours["stages"], pandas["stages"])
    return int(any(wrong for _, wrong in found.values()))


def _run(folder: Path, module: str) -> dict[str, Any]:
    command = [sys.executable, "-m", f"benchmarks.care_speed.{module}", "--folder", str(folder)]
    subprocess.run(command, check=True)  # noqa: S603
    return json.loads((folder / "out" / f"{module.split('_')[0]}.json").read_text(encoding="utf-8"))


def _print_alone(stages: list[dict[str, Any]], ours: dict[str, Any], visits: int) -> None:
    millions = visits / 1e6
    sys.stdout.write(f"\n  {'ours':28s}{'CPU s':>8}{'wall s':>9}{'peak MB':>9}{'CPU s/M visits':>16}\n")
    for s in stages:
        mark = "  (apart)" if s["is_apart"] else ""
        sys.stdout.write(
            f"  {s['name']:28s}{s['cpu_seconds']:8.2f}{s['wall_seconds']:9.1f}{s['peak_mb']:9.0f}"
            f"{s['cpu_seconds'] / millions:16.2f}{mark}\n"
        )
    own = [s for s in stages if not s["is_apart"]]
    cpu, wall = (sum(s[name] for s in own) for name in ("cpu_seconds", "wall_seconds"))
    peak = max(s["peak_mb"] for s in own)
    sys.stdout.write(f"  {'all, those apart left out':28s}{cpu:8.2f}{wall:9.1f}{peak:9.0f}{cpu / millions:16.2f}\n")
    overlap = next(s["cpu_seconds"] for s in own if s["name"] == OVERLAPS) / millions
    sys.stdout.write("  " + ", ".join(f"{name} {n}" for name, n in ours.items() if isinstance(n, int)) + "\n\n")
    _target("all, CPU s", cpu, f"<= {TARGET_CPU:.0f}", cpu <= TARGET_CPU)
    _target("peak MB", peak, f"< {TARGET_MB}", peak < TARGET_MB)
    _target(f"{OVERLAPS}, /M", overlap, f"<= {TARGET_OVERLAP}", overlap <= TARGET_OVERLAP)


def _print_beside(ours: list[dict[str, Any]], pandas: list[dict[str, Any]]) -> None:
    cpu = [{s["name"]: s["cpu_seconds"] for s in stages} for stages in (ours, pandas)]
    cpu[0]["overlaps and neighbours"] += cpu[0][OVERLAPS]
    peak = [max(s["peak_mb"] for s in stages if s["name"] in STAGES) for stages in (ours, pandas)]
    sys.stdout.write(f"\n  {'CPU s':28s}{'ours':>8}{'pandas':>9}{'pandas / ours':>16}\n")
    for name in STAGES:
        sys.stdout.write(
            f"  {name:28s}{cpu[0][name]:8.2f}{cpu[1][name]:9.2f}{_ratio(cpu[0][name], cpu[1][name]):16.2f}\n"
        )
    all_of = [sum(c[name] for name in STAGES) for c in cpu]
    rest = [total - c[STAGES[0]] for total, c in zip(all_of, cpu, strict=True)]
    for name, (a, b) in (("overall", all_of), ("overall without the loading", rest)):
        sys.stdout.write(f"  {name:28s}{a:8.2f}{b:9.2f}{_ratio(a, b):16.2f}\n")
    sys.stdout.write(f"  {'peak MB':28s}{peak[0]:8.0f}{peak[1]:9.0f}\n\n")
    ratio = _ratio(*all_of)
    _target("overall, pandas / ours", ratio, f">= {TARGET_RATIO:.0f}", ratio >= TARGET_RATIO)
    sys.stdout.write(NOTE)


def _ratio(ours: float, pandas: float) -> float:
    return pandas / ours if ours else float("nan")


def _target(name: str, value: float, wanted: str, is_met: bool) -> None:
    sys.stdout.write(f"  {name:28s}{value:8.2f}  target {wanted}: {'met' if is_met else 'not met'}\n")


if __name__ == "__main__":
    sys.exit(main())
