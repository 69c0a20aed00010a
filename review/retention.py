"""What of the published months is due for erasure (*gallring*) and what officers still need of it; and the erasing.

The officers' log tells of the act before anything is erased, with the hash of the report that lists it.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from sqlalchemy import Connection

from fut.errors import StoreError
from fut.settings import Settings
from reporting.erased import runs
from reporting.erasing import DueRun, due_run, erase_run
from review.shelf.library import Library, laid_out, shelf_name
from review.store.database import Store
from review.work.keeping import needed
from review.work.logbook import anchored, verified


def shelves_of(settings: Settings) -> Path:
    """Return the folder in which the application lays published runs out."""
    return settings.var / "review" / "shelves"


def require_own_log(settings: Settings, connection: Connection) -> None:
    """Raise StoreError when the decisions database is not the one that published runs name, or its chain is broken.

    An empty or foreign database would say that nothing is needed.
    """
    library = Library(settings.published, shelves_of(settings))
    broken = verified(connection, anchored(connection, library, settings.inbox)).breaks
    if broken:
        raise StoreError(
            f"decisions database: entry {broken[0].seq} of its log is missing or altered, so nothing can be erased; is it "
            "the right database?"
        )


def due_published(
    settings: Settings, connection: Connection, today: date, found_wrong: frozenset[str] = frozenset()
) -> list[DueRun]:
    """Return the published runs with rows to erase, in order; raises StoreError.

    Payments `found_wrong` outside the application, in a filled-in list, stay too.
    """
    kept = needed(connection)
    found = (
        _due(settings, month, folder, kept.get(month, set()) | found_wrong, today)
        for month, folder in runs(settings.published)
    )
    return [due for due in found if due]


def _due(settings: Settings, month: str, folder: Path, kept: set[str], today: date) -> DueRun | None:
    rule = settings.retention.rule("published", month)
    if not rule.is_due(month, today):
        return None
    rows = due_run(month, folder, rule, kept)
    # an erased run's own shelf holds what is left; every other one, and every list written as a file, holds more
    own = shelf_name(folder) if not rows else ""
    copies = [path for path in laid_out(shelves_of(settings), folder) if path.name != own]
    copies += sorted(path for cut in ("draft", "before") for path in folder.parent.glob(f".*.{cut}"))
    if (written := settings.reports / month).is_dir():
        copies.append(written)
    if not (rows or copies):
        return None
    return replace(rows or DueRun(month, folder.name, folder, rule, frozenset(kept)), copies=tuple(copies))


def erase_published(settings: Settings, store: Store, due: Sequence[DueRun], today: date) -> None:
    """Erase the runs listed, each within a writing transaction, so that nobody opens a case on them meanwhile.

    What officers have come to need since the list was made stays too. Raises StoreError.
    """
    for run in due:
        with store.write() as change:
            kept = run.kept | needed(change.connection).get(run.month, set())
            now = run if kept == run.kept else due_run(run.month, run.folder, run.rule, set(kept))
            erase_run(replace(now, copies=run.copies) if now else replace(run, tables={}), today)
