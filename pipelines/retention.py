"""Erase deliveries (*gallring*): originals in the inbox, and their rows in the warehouse with all that was made of them.

A delivery goes as a whole, when its newest month is due: its sums then still add up to the öre. Only tables of what
happened in a month are erased; registers (clients, suppliers, prices) hold until a delivery replaces them, and
outcomes stay, for what they teach.
"""

import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from core.rankable import prepare_rankable
from fut.contract import load_contracts
from fut.errors import StoreError
from fut.inbox import prepare_tables
from fut.period import month_of
from fut.retention import Rule
from fut.settings import Settings
from fut.sql import literal
from fut.upgrade import keep
from fut.validate import validate
from fut.warehouse import STORAGE, open_warehouse, prepare, transaction
from models import learned
from models.evidence import MODEL
from models.feedback import HIT, pointed
from models.scores import SCORES, TABLE
from pipelines import steps

HAPPENED = {
    "ap_postings": "booking_date",
    "approvals": "approved_at",
    "compensation_lines": "booked_month",
    "invoice_lines": None,
    "lock_events": "at",
    "month_closes": "month",
    "payroll_months": "month",
    "supplier_changes": "changed_at",
    "visit_edits": "edited_at",
    "visits": "coalesce(actual_start, planned_start)",
}
"""Tables whose rows belong to a month, and what tells it where the file's name does not."""
ASIDE = ".gallras"
_MADE = ("raw_", "core_")


@dataclass(frozen=True)
class DueFile:
    """One delivery whose time is out: its original in the inbox, or its rows in the warehouse."""

    name: str
    month: str
    rule: Rule
    rows: int
    bytes: int


@dataclass(frozen=True)
class DueFiles:
    """What is due of the deliveries, and what an erasure that was cut off has left to finish."""

    originals: tuple[DueFile, ...] = ()
    rows: tuple[DueFile, ...] = ()
    is_half_done: bool = False
    found_wrong: frozenset[str] = frozenset()


def due_files(settings: Settings, today: date) -> DueFiles:
    """Return what is due; nothing is written. Raises StoreError, also while a run is writing to the warehouse.

    `found_wrong` are the payments that officers' outcomes say were wrong, wherever these were written.
    """
    if not settings.warehouse.is_file():
        return DueFiles()
    with open_warehouse(settings) as connection:
        present = {row[0] for row in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
        if "deliveries" not in present:
            return DueFiles()
        prepare_tables(connection)
        originals, rows = [], []
        for name, table, month, size in _delivered(connection, present, month_of(today)):
            path, whole = _original(settings, name), (name, month)
            kept = settings.retention.rule("inbox", month)
            if is_out := path is not None and kept.is_due(month, today):
                assert path is not None
                originals.append(DueFile(*whole, kept, 0, path.stat().st_size))
            kept = settings.retention.rule("warehouse", month)
            if table in HAPPENED and kept.is_due(month, today) and (is_out or path is None):
                rows.append(DueFile(*whole, kept, size, 0))
        wrong = _found_wrong(connection) if "core_outcomes" in present else frozenset()
    return DueFiles(tuple(originals), tuple(rows), _marker(settings).exists(), wrong)


def _original(settings: Settings, name: str) -> Path | None:
    """Return where a delivery's original is: the inbox, or set aside by an erasure that was cut off."""
    return next((path for path in (settings.inbox / name, settings.inbox / ASIDE / name) if path.is_file()), None)


def _delivered(connection: duckdb.DuckDBPyConnection, present: set[str], now: str) -> list[tuple[str, str, str, int]]:
    """Return file, table, newest month and rows of every delivery that belongs to a month.

    A mistyped date that is still to come does not keep the rows of others.
    """
    found = []
    told = connection.execute(
        """SELECT source_file, "table", coalesce(month, strftime(period_end, '%Y-%m')), rows_in FROM deliveries ORDER BY 1"""
    )
    for name, table, month, rows in told.fetchall():
        when = {**HAPPENED, "outcomes": "decided_at"}.get(table)
        if month is None and when and f"raw_{table}" in present:
            row = connection.execute(
                f"SELECT coalesce(max(m) FILTER (m <= '{now}'), max(m)) FROM (SELECT left(({when})::VARCHAR, 7) AS m FROM "
                f"raw_{table} WHERE _source_file = {literal(name)})"
            ).fetchone()
            month = row[0] if row else None
        if month and (table in HAPPENED or table == "outcomes"):
            found.append((name, table, month, rows))
    return found


def _found_wrong(connection: duckdb.DuckDBPyConnection) -> frozenset[str]:
    wrong = ", ".join(map(literal, HIT))
    rows = connection.execute(f"SELECT payment_id FROM core_outcomes WHERE verdict IN ({wrong})").fetchall()
    return frozenset(row[0] for row in rows)


def set_aside(settings: Settings, due: DueFiles) -> None:
    """Move the originals that are due to a folder that no run reads; `remove_aside` ends what this begins."""
    aside = settings.inbox / ASIDE
    try:
        aside.mkdir(exist_ok=True)
        for file in due.originals:
            if (path := settings.inbox / file.name).is_file():
                os.replace(path, aside / file.name)
    except OSError as error:
        raise StoreError(f"inbox: cannot be written ({error.strerror})") from None


def remove_aside(settings: Settings) -> None:
    """Remove what was set aside."""
    try:
        shutil.rmtree(settings.inbox / ASIDE)
    except FileNotFoundError:
        return
    except OSError as error:
        raise StoreError(f"inbox: {ASIDE} cannot be removed ({error.strerror})") from None


def erase_rows(settings: Settings, files: Sequence[DueFile]) -> None:
    """Erase the rows of deliveries and what was made of them; the warehouse is then written anew, without their bytes.

    Cut off and done again it ends the same. Raises StoreError.
    """
    marker = _marker(settings)
    marker.touch()
    with open_warehouse(settings) as connection:
        _forget(connection, [file.name for file in files])
        validate(connection)
        steps.build(connection, settings)
        _prune(connection)
    _write_anew(settings.warehouse, settings.scratch)
    marker.unlink()


def _forget(connection: duckdb.DuckDBPyConnection, names: list[str]) -> None:
    present = {row[0] for row in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
    listed = literal(names)
    if SCORES in present:
        keep(connection, TABLE)
    with transaction(connection):
        if {"core_outcomes", "out_flags", "core_payments"} <= present:
            prepare_rankable(connection)
            _keep_what_was_taught(connection, listed, SCORES if SCORES in present else None)
        for contract in load_contracts("raw").values():
            if contract.physical in present:
                connection.execute(f"DELETE FROM {contract.physical} WHERE list_contains({listed}, _source_file)")
        for table in ("deliveries", "repairs"):
            connection.execute(f"DELETE FROM {table} WHERE list_contains({listed}, source_file)")


def _keep_what_was_taught(connection: duckdb.DuckDBPyConnection, listed: str, scores: str | None) -> None:
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE _going AS SELECT DISTINCT payment_id FROM core_postings "
        f"WHERE list_contains({listed}, source_file) UNION SELECT line_id FROM core_compensation_lines "
        f"WHERE list_contains({listed}, source_file)"
    )
    learned.write_down(connection, pointed(scores, MODEL.code, MODEL.least_percentile), "_going")
    connection.execute("DROP TABLE _going")


def _prune(connection: duckdb.DuckDBPyConnection) -> None:
    """Remove from the tables made of core what is about payments that are no longer there."""
    prepare_rankable(connection)
    columns = connection.execute(
        "SELECT table_name, list(column_name) FROM duckdb_columns() WHERE NOT internal AND table_name IN "
        "(SELECT table_name FROM duckdb_tables() WHERE NOT temporary) GROUP BY 1 ORDER BY 1"
    ).fetchall()
    gone = "NOT IN (SELECT payment_id FROM rankable UNION SELECT payment_id FROM core_payments)"
    for table, names in columns:
        if "payment_id" in names and not table.startswith((*_MADE, "out_flags")):
            connection.execute(f"DELETE FROM {table} WHERE payment_id {gone}")
    if any(table == "out_flags" for table, _ in columns):
        connection.execute(
            "DELETE FROM out_flags WHERE flag_id NOT IN (SELECT flag_id FROM out_flag_payments) AND service_month < "
            "coalesce((SELECT min(booked_month) FROM rankable), '9999-12')"
        )


def _write_anew(path: Path, spill: Path) -> None:
    """Copy what is left to a new file in the old one's place: DuckDB leaves erased rows' bytes where they were."""
    draft = path.with_name(f".{path.name}.draft")
    draft.unlink(missing_ok=True)
    try:
        with duckdb.connect() as connection:
            prepare(connection, spill)
            # attached until the new file is in its place, so that no other process can write to the old one meanwhile
            connection.execute(f"ATTACH {literal(str(path))} AS old (READ_ONLY)")
            connection.execute(f"ATTACH {literal(str(draft))} AS new (STORAGE_VERSION {literal(STORAGE)})")
            connection.execute("COPY FROM DATABASE old TO new")
            connection.execute("DETACH new")
            os.replace(draft, path)
    except (OSError, duckdb.IOException) as error:
        raise StoreError(f"warehouse {path.name}: cannot be written anew ({type(error).__name__})") from None


def _marker(settings: Settings) -> Path:
    return settings.warehouse.with_suffix(".erasing")
