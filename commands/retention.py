"""Report what has been kept for as long as it should be (gallring), and erase it with --apply.

Without --apply nothing but the report is written. What a case needs stays; the officers' log tells of the act, and each
erased month keeps its manifest and says that it is erased: `fut verify`.
"""

import argparse
from datetime import date
from typing import TYPE_CHECKING

from commands._options import add_settings, settings_of
from commands._screen import table
from fut.errors import UsageError

if TYPE_CHECKING:
    from fut.settings import Settings
    from pipelines.retention import DueFiles
    from reporting.erasing import DueRun
    from review.store.database import Store


def day(text: str) -> date:
    """Return a date written as YYYY-MM-DD."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError("expected a date as YYYY-MM-DD") from None


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    add_settings(parser)
    parser.add_argument("--apply", action="store_true", help="erase what the report lists")
    parser.add_argument("--as-of", type=day, metavar="DATE", help="what is due on a day (default: today)")


def execute(args: argparse.Namespace) -> int:
    """Write the report, print what is due by kind, and erase it when asked to."""
    today = date.today()  # noqa: DTZ011 - the municipality's own day
    if args.apply and args.as_of and args.as_of > today:
        raise UsageError(
            "retention: --as-of is a day to come, and nothing is erased before its time; leave out --apply"
        )
    return run(settings_of(args), args.as_of or today, is_applied=args.apply)


def run(settings: "Settings", today: date, is_applied: bool) -> int:
    """Report what is due on a day; erase it when `is_applied`. Raises StoreError."""
    from pipelines.retention import due_files
    from reporting.retention import Due, write_report
    from review.retention import due_published, require_own_log
    from review.store.database import Store
    from review.web.app import database_url

    store = Store(database_url(settings))
    try:
        store.migrate()
        files = due_files(settings, today)
        with store.read() as connection:
            require_own_log(settings, connection)
            runs = due_published(settings, connection, today, files.found_wrong)
        due = [Due(one.month, one.name, one.rows, one.bytes, 0, one.rule) for one in (*files.originals, *files.rows)]
        due += [Due(one.month, one.run_id, one.rows, one.bytes, one.kept_rows, one.rule) for one in runs]
        is_applied = is_applied and bool(due or files.is_half_done)
        folder = settings.reports / "gallring"
        path, sha256 = write_report(folder, settings.municipality.name, due, today, is_applied=is_applied)
        _show(due)
        if files.is_half_done:
            print("En gallring av lagret avbröts" + (" och slutförs." if is_applied else ": kör igen med --apply."))
        if is_applied:
            told = {"months": len({one.month for one in due}), "rows": sum(one.rows for one in due), "sha256": sha256}
            with store.write() as change:
                change.record("retention.applied", "retention", **told)
            _erase(settings, store, files, runs, today)
            print("Gallrat.")
        print(path)
    finally:
        store.close()
    return 0


def _erase(settings: "Settings", store: "Store", files: "DueFiles", runs: "list[DueRun]", today: date) -> None:
    from commands.identities import fill
    from pipelines.retention import erase_rows, remove_aside, set_aside
    from review.retention import erase_published
    from review.vault import path_of

    erase_published(settings, store, runs, today)
    if files.originals:
        set_aside(settings, files)
        if path_of(settings).is_file():
            fill(
                settings
            )  # the vault holds what the inbox holds, so who stood behind the tokens goes with the originals
        remove_aside(settings)
    if files.rows or files.is_half_done:
        erase_rows(settings, files.rows)


def _show(due: list) -> None:
    rows: dict[tuple[str, str], list[int]] = {}
    for one in due:
        held = rows.setdefault((one.kind, one.month), [0, 0, 0])
        rows[one.kind, one.month] = [held[0] + one.rows, held[1] + one.bytes, max(held[2], one.kept)]
    if not due:
        print("Inget är förfallet till gallring.")
        return
    table(["Slag", "Månad", ">Rader", ">Byte", ">Behålls"], ([*key, *held] for key, held in sorted(rows.items())))
