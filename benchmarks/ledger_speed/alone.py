"""One version of the stages in a process of its own, so that its memory peaks are its own."""

import argparse
import importlib
import json
import sys
from pathlib import Path

from benchmarks.measure import Stages

VERSIONS = ("ours", "pandas", "dagster")


def main(argv: list[str] | None = None) -> int:
    """Run a version on `--folder`/inbox; write its figures and the tables to compare into `--folder`/out."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.ledger_speed.alone")
    parser.add_argument("version", choices=VERSIONS)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--dialect", required=True)
    arguments = parser.parse_args(argv)
    stages, out = Stages(), arguments.folder / "out"
    version = importlib.import_module(f"benchmarks.ledger_speed.{arguments.version}_run")
    figures = version.run(stages, arguments.folder, arguments.dialect, out)
    told = {**figures, "stages": stages.rows()}
    (out / f"{arguments.version}.json").write_text(json.dumps(told), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
