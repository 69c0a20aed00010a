"""Print how long pages take and what they cost the server: python -m benchmarks.review [--payments N]."""

import argparse
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from benchmarks.review.load import Officer, Pages, warm
from benchmarks.review.month import MONTH, write_month

OFFICERS, ROUNDS, PACE_SECONDS = 10, 8, 1.0
TICKS = os.sysconf("SC_CLK_TCK")


def main() -> int:
    """Serve an invented month from a process of its own, let officers read and decide, print a table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.review")
    parser.add_argument("--payments", type=int, default=50_000)
    parser.add_argument("--officers", type=int, default=OFFICERS)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--pace", type=float, default=PACE_SECONDS, help="seconds an officer reads a page, 0 for none")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="lay the month out here, once for many runs")
    parser.add_argument("--data", type=Path, help="not used: the month is invented")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        var = given.keep or Path(folder)
        if not (var / "published").is_dir():
            write_month(var, given.payments)
        for old in var.glob("decisions.sqlite*"):
            old.unlink()
        command = [sys.executable, "-m", "benchmarks.review.serve", str(var), str(given.officers)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)  # noqa: S603
        try:
            assert process.stdout is not None
            port, *tokens = process.stdout.readline().split()
            _measure(int(port), tokens, given, process.pid)
        finally:
            process.kill()
            process.wait()
    return 0


def _measure(port: int, tokens: list[str], given: argparse.Namespace, pid: int) -> None:
    officers = [Officer(port, token, n, MONTH, given.pace) for n, token in enumerate(tokens)]
    started = time.perf_counter()
    warm(officers[0])
    print(
        f"{given.payments} listed payments, {len(officers)} officers reading {given.pace} s a page, "
        f"first page after {time.perf_counter() - started:.1f} s"
    )
    first = officers[0].first_visit()
    print(f"first visit: {sum(first.values()) / 1000:.0f} kB in {len(first)} requests (target <= 100 kB)")
    before, pages = _cpu(pid), Pages()
    with ThreadPoolExecutor(len(officers)) as pool:
        for found in pool.map(lambda officer: officer.work(given.rounds), officers):
            pages.add(found)
    spent = _cpu(pid) - before
    print(f"{'page':12s}{'count':>7s}{'median ms':>11s}{'p95 ms':>9s}{'max ms':>9s}")
    for name, taken in sorted(pages.taken.items()):
        p95 = statistics.quantiles(taken, n=20, method="inclusive")[-1] if len(taken) > 1 else taken[0]
        print(f"{name:12s}{len(taken):7d}{statistics.median(taken):11.1f}{p95:9.1f}{max(taken):9.1f}")
    print(
        f"server CPU {1000 * spent / pages.count:.1f} ms a page (target <= 15); memory {_memory(pid)} MB (target < 300)"
    )
    print(f"answers other than 200, 303 and 409: {pages.odd}")


def _cpu(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def _memory(pid: int) -> int:
    found = re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{pid}/status").read_text("ascii"))
    return int(found[1]) // 1024 if found else 0


if __name__ == "__main__":
    sys.exit(main())
