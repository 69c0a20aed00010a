"""Run the built-in example and show the top of its list."""

import argparse

from commands import run
from commands._options import DEMO
from commands.list import show
from commands.report import write
from fut.settings import load_settings

TOP = 10


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add no options: the example is always the same."""


def execute(args: argparse.Namespace) -> int:
    """Run the example's latest month, write its reports, print the top of the list and where to look."""
    settings = load_settings(DEMO)
    code = run.run(settings, None)
    paths = write(settings, None)
    show(settings, None, TOP)
    print("\nÖppna:")
    for path in paths:
        print(f"  {path}")
    print("Vidare: fut explain BETALNING, fut indicators, fut dagster")
    return code
