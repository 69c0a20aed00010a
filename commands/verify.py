"""Check the published months: every file against its manifest, every manifest against the month before it.

Erased months are told of: what is left of them is checked against their erasure record. Exit code 5 when something is
wrong.
"""

import argparse

from commands._options import add_settings, settings_of
from commands._screen import table
from fut.errors import InputError, StoreError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    add_settings(parser)


def execute(args: argparse.Namespace) -> int:
    """Print a line a month and what is wrong."""
    from reporting.chain import check

    settings = settings_of(args)
    found = check(settings.published)
    if not found:
        raise InputError(f"nothing is published for {settings.municipality.name}: run `fut run` first")
    rows = []
    for one in found:
        state = "wrong" if one.wrong else f"erased {one.erased_on}" if one.erased_on else "whole"
        rows.append([one.month, one.run_id, state, "; ".join((*one.wrong, *one.notes))])
    table(["Month", "Published run", "State", "Told"], rows)
    wrong = [one for one in found if one.wrong]
    if wrong:
        others = f" (and {len(wrong) - 1} more months)" if len(wrong) > 1 else ""
        raise StoreError(f"published {wrong[0].month}{others}: {wrong[0].wrong[0]}")
    return 0
