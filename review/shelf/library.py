"""Finds the published runs, month by month, and opens each on its shelf; the pipeline's own files are never written."""

import contextlib
import json
import re
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from fut.errors import FutError, InputError, StoreError
from reporting.erased import acts, mark
from review.shelf.keys import FORM

Row = dict[str, Any]
LISTS = {"reasons", "speaks_against", "flag_ids", "evidence", "missing", "innocent_sv", "innocent_en"}
_MONTH = re.compile("[0-9]{4}-(0[1-9]|1[0-2])")
_RUN = re.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


class Shelf:
    """One published run, opened for reading by any thread. Rows are dictionaries by column, lists are read back."""

    def __init__(self, path: Path, month: str, run_id: str, erased_on: str = "") -> None:
        """Open the file; nothing is read yet. `erased_on` is the day the month was erased, "" for one that is whole."""
        self.path, self.month, self.run_id, self.erased_on = path, month, run_id, erased_on
        self._local = threading.local()

    @property
    def connection(self) -> sqlite3.Connection:
        """Return this thread's own connection."""
        if not hasattr(self._local, "connection"):
            connection = sqlite3.connect(f"file:{self.path}?mode=ro&immutable=1", uri=True, check_same_thread=False)
            connection.row_factory = sqlite3.Row
            self._local.connection = connection
        return self._local.connection

    def ask(self, sql: str, parameters: Sequence[Any] | dict[str, Any] = ()) -> list[Row]:
        """Return the rows of a query."""
        return [dict(row) for row in self.connection.execute(sql, parameters)]

    def one(self, sql: str, parameters: Sequence[Any] | dict[str, Any] = ()) -> Row | None:
        """Return a query's first row, or None."""
        row = self.connection.execute(sql, parameters).fetchone()
        return dict(row) if row else None

    def has(self, table: str) -> bool:
        """Whether the run published the table."""
        return table in self.tables

    @cached_property
    def tables(self) -> frozenset[str]:
        """Return the names of the tables the run published."""
        return frozenset(row["name"] for row in self.ask("SELECT name FROM sqlite_master WHERE type = 'table'"))

    def rows(self, name: str, column: str = "", keys: Iterable[str] | None = None) -> list[Row]:
        """Return a published table's rows, only those whose `column` is among `keys` when given."""
        if name not in self.tables:
            return []
        where, given = "", ()
        if keys is not None:
            given = (json.dumps(sorted(set(keys))),)
            where = f' WHERE "{column}" IN (SELECT value FROM json_each(?))'
        found = self.ask(f'SELECT * FROM "{name}"{where}', given)
        for row in found:
            for key in LISTS & row.keys():
                row[key] = json.loads(row[key]) if row[key] else None
        return found

    @cached_property
    def manifest(self) -> Row:
        """Return the run's manifest."""
        said = self.one("SELECT text FROM about WHERE name = 'manifest'")
        return json.loads(said["text"]) if said else {}

    @cached_property
    def indicators(self) -> dict[str, Row]:
        """Return the run's indicators by code."""
        return {row["code"]: row for row in self.rows("indicators")}

    @property
    def currency(self) -> str:
        """Return the ledger's currency."""
        return str(self.manifest.get("settings", {}).get("currency", "SEK"))


def shelf_name(folder: Path) -> str:
    """Return the name of a published run's shelf: another one once rows of the run have been erased."""
    return "-".join(filter(None, (folder.parent.name, folder.name, mark(folder), str(FORM)))) + ".sqlite"


def laid_out(shelves: Path, folder: Path) -> list[Path]:
    """Return every shelf ever laid out of a published run, with drafts."""
    own = f"{folder.parent.name}-{folder.name}-"
    made = shelves.iterdir() if shelves.is_dir() else ()
    return sorted(path for path in made if path.name.removeprefix(".").startswith(own))


class Library:
    """All published months of one municipality."""

    def __init__(self, published: Path, shelves: Path) -> None:
        """`published` is the pipeline's folder of months, `shelves` a folder of ours for looking up."""
        self.published, self.shelves = published, shelves
        self._open: dict[str, Shelf] = {}
        self._manifests: dict[tuple[str, str], Row] = {}
        self._lock = threading.Lock()

    def months(self) -> list[str]:
        """Return the published months, newest first."""
        if not self.published.is_dir():
            return []
        return sorted(
            (p.parent.name for p in self.published.glob("*/current") if _MONTH.fullmatch(p.parent.name)), reverse=True
        )

    def manifests(self) -> list[Row]:
        """Return the manifest of each month's current run, newest first; no month is laid out for it.

        A run without a readable manifest is left out.
        """
        found = []
        for month in self.months():
            try:
                run_id = (self.published / month / "current").read_text(encoding="utf-8").strip()
                if (month, run_id) not in self._manifests:
                    path = self.published / month / run_id / "manifest.json"
                    self._manifests[month, run_id] = json.loads(path.read_text(encoding="utf-8"))
            except (OSError, ValueError):
                continue
            found.append(self._manifests[month, run_id])
        return found

    def prepare(self) -> None:
        """Lay out every published month that is not, so that nobody waits for it; a run that cannot be is left."""
        for month in self.months():
            with contextlib.suppress(FutError):
                self.shelf(month)

    def shelf(self, month: str | None = None) -> Shelf | None:
        """Return the current run of a month (the newest when None), None when the month is not published.

        Raises StoreError when the run cannot be laid out.
        """
        if month is None:
            month = next(iter(self.months()), None)
        if month is None or not _MONTH.fullmatch(month):
            return None
        try:
            run_id = (self.published / month / "current").read_text(encoding="utf-8").strip()
        except OSError:
            return None
        folder = self.published / month / run_id
        path = self.shelves / shelf_name(folder)
        found = self._open.get(month)
        if found and found.path == path:
            return found
        with self._lock:
            self._open[month] = self._opened(folder, path)
            return self._open[month]

    def run(self, month: str, run_id: str) -> Shelf | None:
        """Return one published run, current or earlier; None when its folder is gone. Raises what `shelf` does."""
        folder = self.published / month / run_id
        if not (_MONTH.fullmatch(month) and _RUN.fullmatch(run_id) and (folder / "manifest.json").is_file()):
            return None
        path = self.shelves / shelf_name(folder)
        found = self._open.get(month)
        if found and found.path == path:
            return found
        with self._lock:
            return self._opened(folder, path)

    def erased(self) -> dict[str, str]:
        """Return the day each erased month's current run was erased, by month."""
        found = {}
        for month in self.months():
            with contextlib.suppress(OSError, FutError):
                run_id = (self.published / month / "current").read_text(encoding="utf-8").strip()
                if told := acts(self.published / month / run_id):
                    found[month] = str(told[-1]["at"])
        return found

    def _opened(self, folder: Path, path: Path) -> Shelf:
        if not path.is_file():
            self._lay_out(folder, path)
        told = acts(folder)
        return Shelf(path, folder.parent.name, folder.name, str(told[-1]["at"]) if told else "")

    def _lay_out(self, folder: Path, path: Path) -> None:
        command = [sys.executable, "-m", "review.shelf.build", str(folder), str(path)]
        done = subprocess.run(command, capture_output=True, check=False)  # noqa: S603
        if done.returncode:
            if not (folder / "manifest.json").is_file():
                raise InputError(f"published run {folder.name}: no manifest.json")
            raise StoreError(f"published run {folder.name}: cannot be laid out for reading")
