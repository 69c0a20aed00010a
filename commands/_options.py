"""Options that several commands share: which municipality, which month."""

import argparse
import os
from collections.abc import Callable
from pathlib import Path

from fut.errors import ConfigError, UsageError
from fut.period import parse_month, parse_range
from fut.settings import Settings, load_settings

ROOT = Path(__file__).resolve().parent.parent
OWN = Path("municipality.yaml")
DEMO = ROOT / "demo" / "municipality.yaml"
LEDGER = ROOT / "demo" / "ledger.yaml"


def whole(least: int, most: int | None = None) -> Callable[[str], int]:
    """Return the type of an option that is a whole number within limits."""

    def read(text: str) -> int:
        try:
            number = int(text)
        except ValueError:
            number = least - 1
        if number < least or (most is not None and number > most):
            upper = "" if most is None else f" and at most {most}"
            raise argparse.ArgumentTypeError(f"expected a whole number of at least {least}{upper}")
        return number

    return read


def add_settings(parser: argparse.ArgumentParser) -> None:
    """Add --settings FILE."""
    parser.add_argument(
        "--settings",
        metavar="FILE",
        type=Path,
        help="the municipality's settings (default: FUT_SETTINGS, else ./municipality.yaml, else the built-in example)",
    )


def add_month(parser: argparse.ArgumentParser, several: bool = False) -> None:
    """Add --month, with `several` also a range."""
    how = "2026-10, or 2026-01..2026-10" if several else "2026-10"
    latest = "the latest the ledger holds" if several else "the latest published"
    parser.add_argument("--month", metavar="MONTH", help=f"month as {how} (default: {latest})")


def settings_of(args: argparse.Namespace) -> Settings:
    """Return the settings the command is for; raises ConfigError when there are none."""
    return load_settings(settings_path(args))


def settings_path(args: argparse.Namespace) -> Path:
    """Return the settings file the command is for; raises ConfigError when it does not exist."""
    named = args.settings or (Path(os.environ["FUT_SETTINGS"]) if os.environ.get("FUT_SETTINGS") else None)
    chosen = named or (OWN if OWN.is_file() else DEMO)
    if not chosen.is_file():
        raise ConfigError(f"no settings file '{chosen.name}': name one with --settings FILE or FUT_SETTINGS")
    return chosen


def files_of(settings: Settings) -> int:
    """Return how many files lie in the inbox, none when there is no inbox: the steps that loading takes."""
    return len(list(settings.inbox.iterdir())) if settings.inbox.is_dir() else 0


def month_of(args: argparse.Namespace) -> str | None:
    """Return the one month asked for, or None; raises UsageError."""
    if args.month and ".." in args.month:
        raise UsageError("one month at a time here: write --month YYYY-MM")
    return parse_month(args.month) if args.month else None


def months_of(args: argparse.Namespace) -> list[str] | None:
    """Return the months asked for, or None; raises UsageError."""
    if not args.month:
        return None
    months = parse_range(args.month)
    if not months:
        raise UsageError("the range ends before it begins: write FIRST..LAST")
    return months
