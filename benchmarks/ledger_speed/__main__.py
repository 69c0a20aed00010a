"""Print CPU seconds, wall time and memory per stage: python -m benchmarks.ledger_speed --data DIR."""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.ledger_speed import month_files
from benchmarks.ledger_speed.alone import VERSIONS
from benchmarks.ledger_speed.compare import STAGE_OF, differences, where
from fut.errors import InputError

MONTHS = "2011-01..2021-12"
OREBRO = (("orebro_2016_03_masked.csv", None), ("orebro_2016-03.xlsx", "ours"))
"""Files, and which version alone reads one: the workbook holds the rows of the CSV file."""
KEYS = {
    "files": ("source_file",),
    "flags": ("indicator", "subject_id", "month", "evidence"),
    "coverage": ("indicator", "month"),
    "payments": ("payment_id",),
    "pairs": ("payment_id", "earlier_id"),
    "postings": ("payment_id", "account_no", "pence"),
}
BOTH = ("ingest", "validation", "core", "indicators in both", "features and scores")
NOTE = """
Both keep on disk what each stage made, ours every column of the contracts in DuckDB, the pandas version its frames as
Parquet; ours also logs repairs, looks again at doubtful rows, reconciles and measures drift. The tables are equal, the
scores within a millionth. The forest is one code in both and, with imports and publishing, stands apart; so do the
indicators and the ranking that ours alone has: the ratio is over the stages both have. The lots by which histories and
training rows are thinned are DuckDB's hashes, given to the pandas version.
"""


def main(argv: list[str] | None = None) -> int:
    """Run both versions, each in a process of its own, compare their tables, print; 1 when they differ."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.ledger_speed")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--months", default=MONTHS, help="of Devon's published files, default %(default)s")
    parser.add_argument("--only", choices=VERSIONS)
    parser.add_argument("--without-orebro", action="store_true")
    arguments = parser.parse_args(argv)
    files = month_files(arguments.data, arguments.months)
    if not files:
        raise InputError("devon_2011_2021/published: no files of the months asked for")
    with tempfile.TemporaryDirectory() as folder:
        wrong = _both(Path(folder), "devon", files, arguments.only)
    for name, only in () if arguments.without_orebro else OREBRO:
        if only and arguments.only not in (only, None):
            continue
        with tempfile.TemporaryDirectory() as folder:
            wrong |= _both(Path(folder), "orebro", [arguments.data / "orebro_2016_03" / name], arguments.only or only)
    sys.stdout.write(NOTE)
    return wrong


def _both(folder: Path, dialect: str, files: list[Path], only: str | None) -> int:
    """Run one ledger; returns 1 when the tables of the versions differ."""
    _inbox(folder, files)
    figures = {version: _run(folder, version, dialect) for version in ([only] if only else VERSIONS)}
    sys.stdout.write(f"\n{dialect.capitalize()}, {len(files)} files as published, {files[0].name.split('.', 1)[1]}\n")
    if only:
        _print_alone(figures[only])
        return 0
    found = differences(folder / "out")
    for table, (rows, wrong) in found.items():
        columns = where(folder / "out", table, KEYS[table]) if wrong and table in KEYS else ""
        told = "equal" if not wrong else f"{wrong} rows differ {columns}"
        sys.stdout.write(f"  {table:10s}{rows:>10} rows  {told}  ({STAGE_OF.get(table, 'core')})\n")
    _print_alone(figures["ours"])
    _print_beside(figures["ours"], figures["pandas"])
    sys.stdout.write("\n  the same months as one Dagster backfill\n")
    _print_alone(figures["dagster"])
    return int(any(wrong for _, wrong in found.values()))


def _inbox(folder: Path, files: list[Path]) -> None:
    (folder / "inbox").mkdir()
    (folder / "out").mkdir()
    for path in files:
        (folder / "inbox" / path.name).symlink_to(path.resolve())


def _run(folder: Path, version: str, dialect: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.ledger_speed.alone", version, "--folder", str(folder)]
    subprocess.run([*command, "--dialect", dialect], check=True)  # noqa: S603
    return json.loads((folder / "out" / f"{version}.json").read_text(encoding="utf-8"))


def _print_alone(figures: dict[str, Any]) -> None:
    sys.stdout.write(f"\n  {'stage':24s}{'CPU s':>8}{'wall s':>9}{'peak MB':>9}\n")
    for s in figures["stages"]:
        mark = "  (apart)" if s["is_apart"] else ""
        sys.stdout.write(f"  {s['name']:24s}{s['cpu_seconds']:8.1f}{s['wall_seconds']:9.1f}{s['peak_mb']:9.0f}{mark}\n")
    own = [s for s in figures["stages"] if not s["is_apart"]]
    cpu, wall = (sum(s[name] for s in own) for name in ("cpu_seconds", "wall_seconds"))
    sys.stdout.write(f"  {'all, imports apart':24s}{cpu:8.1f}{wall:9.1f}{max(s['peak_mb'] for s in own):9.0f}\n")
    told = ", ".join(f"{k} {len(v) if isinstance(v, dict) else v}" for k, v in figures.items() if k != "stages")
    sys.stdout.write(f"  {told}\n" if told else "")


def _print_beside(ours: dict[str, Any], pandas: dict[str, Any]) -> None:
    cpu = [{s["name"]: s["cpu_seconds"] for s in figures["stages"]} for figures in (ours, pandas)]
    peak = [max(s["peak_mb"] for s in figures["stages"] if s["name"] in BOTH) for figures in (ours, pandas)]
    sys.stdout.write(f"\n  {'CPU s':24s}{'ours':>8}{'pandas':>9}{'pandas / ours':>16}\n")
    for name in BOTH:
        sys.stdout.write(f"  {name:24s}{cpu[0][name]:8.1f}{cpu[1][name]:9.1f}{cpu[1][name] / cpu[0][name]:16.2f}\n")
    both = [sum(c[name] for name in BOTH) for c in cpu]
    sys.stdout.write(f"  {'overall':24s}{both[0]:8.1f}{both[1]:9.1f}{both[1] / both[0]:16.2f}\n")
    sys.stdout.write(f"  {'peak MB':24s}{peak[0]:8.0f}{peak[1]:9.0f}\n")


if __name__ == "__main__":
    sys.exit(main())
