"""Write a published month as Excel list and HTML report."""

import argparse
from pathlib import Path

from commands._options import add_month, add_settings, month_of, settings_of
from commands.list import snapshot_of, write_list
from fut.errors import StoreError
from fut.settings import Settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    add_settings(parser)
    add_month(parser)
    parser.add_argument("--out", type=Path, metavar="DIR", help="folder to write to (default: under var/reports/)")


def execute(args: argparse.Namespace) -> int:
    """Write both files and print where they are."""
    for path in write(settings_of(args), month_of(args), args.out):
        print(path)
    return 0


def write(settings: Settings, month: str | None, out: Path | None = None) -> list[Path]:
    """Write the month's list and report; returns their paths. Raises InputError or StoreError.

    The list is named after its run too: filled in, lists of two runs of a month lie beside each other in the inbox.
    """
    from reporting.html import write_html

    snapshot = snapshot_of(settings, month)
    folder = out or settings.reports / snapshot.month
    paths = [folder / f"lista-{snapshot.month}-{snapshot.run_id[:8]}.xlsx", folder / "rapport.html"]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_list(paths[0], snapshot)
        write_html(paths[1], snapshot)
    except OSError as error:
        raise StoreError(f"{folder.name}: cannot be written ({error.strerror})") from None
    return paths
