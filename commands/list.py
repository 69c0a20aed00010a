"""Show a month's ranked list, or write it as Excel."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from commands._options import add_month, add_settings, month_of, settings_of, whole
from commands._screen import table
from fut.errors import InputError, StoreError
from fut.settings import Settings

if TYPE_CHECKING:
    from reporting.model import Snapshot

TOP = 20


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    add_settings(parser)
    add_month(parser)
    parser.add_argument(
        "--top", type=whole(1), default=TOP, metavar="N", help=f"how many payments to show (default: {TOP})"
    )
    parser.add_argument("--xlsx", type=Path, metavar="FILE", help="write the officers' list here instead")


def execute(args: argparse.Namespace) -> int:
    """Print the top of the list in Swedish, from the published snapshot."""
    settings = settings_of(args)
    if args.xlsx:
        write_list(args.xlsx, snapshot_of(settings, month_of(args)))
        print(args.xlsx)
        return 0
    show(settings, month_of(args), args.top)
    return 0


def write_list(path: Path, snapshot: "Snapshot") -> None:
    """Write the officers' list; raises StoreError, also where that would wipe out what they have filled in."""
    from reporting.excel import write_excel
    from reporting.filled_list import read_filled

    try:
        kept = "outcomes are filled in" if path.is_file() and read_filled(path) else ""
    except InputError:
        kept = "something else than an unfilled list is in it"
    if kept:
        raise StoreError(f"{path.name}: {kept}; move it into the inbox, or away, and write the list again")
    try:
        write_excel(path, snapshot)
    except OSError as error:
        raise StoreError(f"{path.name}: cannot be written ({error.strerror})") from None


def snapshot_of(settings: Settings, month: str | None):  # noqa: ANN201 - its module is imported when it is needed
    """Return the published snapshot of a month (the latest when None); raises InputError when there is none."""
    from reporting.model import load_snapshot
    from reporting.publish import current_folder

    folder = current_folder(settings, month)
    if folder is None:
        what = f"{month} is not" if month else "nothing is"
        raise InputError(f"{what} published for {settings.municipality.name}: run `fut run` first")
    return load_snapshot(folder)


def show(settings: Settings, month: str | None, top: int) -> None:
    """Print the first payments of the list and what the rest holds."""
    from reporting import format as f
    from reporting.words import ALARMS, FLAG_SENTENCE, erased_sentence, too_low_sentence

    snapshot = snapshot_of(settings, month)
    money = snapshot.currency
    rows = [
        [
            p.rank,
            p.payee_name or p.payee_ref,
            f.kr(p.amount_sek, money),
            f.kr(p.expected_error_sek, money),
            f.share(p.error_probability, 0),
            "; ".join(f"{r.code} {r.title}" for r in p.reasons),
            p.payment_id,
        ]
        for p in snapshot.listed[:top]
    ]
    title = f"{snapshot.municipality}, {f.month_name(snapshot.month)}"
    table(["Rang", "Mottagare", ">Belopp", ">Förväntat fel", ">Sannolikhet", "Skäl", "Betalning"], rows, title)
    shown = f.plural(len(snapshot.listed), "betalning", "betalningar")
    drawn = f.plural(len(snapshot.control), "dragen med lott", "dragna med lott")
    too_low = too_low_sentence(snapshot.expected_too_low_sek, money)
    expected = f.kr(snapshot.expected_error_sek, money) + (f" ({too_low})" if too_low else "")
    print(
        f"{shown} på listan, förväntat fel {expected}, {f.hours(snapshot.review_minutes)} granskning; därtill {drawn}."
    )
    if doubted := [c for c in snapshot.coverage if c.alarm == ALARMS["too_many"]]:
        told = ", ".join(f"{c.indicator} {c.title} ({f.share(c.fire_rate)})" for c in doubted)
        print(f"Ifrågasätts, för träff på över en av tjugo rader, och bär ingen betalning: {told}.")
    print(FLAG_SENTENCE)
    if snapshot.erased_on:
        print(erased_sentence(snapshot.month, snapshot.erased_on))
    if snapshot.attribution:
        print(snapshot.attribution)
