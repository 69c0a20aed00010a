"""Run the built-in example and show the top of its list.

A small municipality is simulated once (18 months of home care and supplier payments) and run month by month.
`--ledger` runs the committed sample of a real ledger instead.
"""

import argparse
import json
import sys
from pathlib import Path

from commands import run
from commands._options import DEMO, LEDGER
from commands.list import show
from commands.report import write
from fut.settings import load_settings

TOP = 10
PRESET, DIFFICULTY, SEED = "small", "hard", 7


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    parser.add_argument("--ledger", action="store_true", help="a real ledger (Devon) instead of the simulated town")


def execute(args: argparse.Namespace) -> int:
    """Run the example, write its reports, print the top of the list and where to look."""
    settings = load_settings(LEDGER if args.ledger else DEMO)
    code = run.run(settings, None if args.ledger else _simulated(settings.inbox.parent))
    paths = write(settings, None)
    show(settings, None, TOP)
    print("\nÖppna:")
    for path in paths:
        print(f"  {path}")
    print("Vidare: fut explain BETALNING, fut review, fut indicators, fut dagster")
    return code


def _simulated(folder: Path) -> list[str]:
    """Return the months of the simulated municipality in the folder, made now if it is not there."""
    made = folder / "truth" / "simulation.json"
    if not (made.is_file() and (folder / "areas.geojson").is_file()):
        from simulation import simulate

        print("Simulating a municipality of 25,000 for 18 months ...", file=sys.stderr, flush=True)
        simulate(folder, PRESET, DIFFICULTY, SEED)
    return json.loads(made.read_text(encoding="utf-8"))["months"]
