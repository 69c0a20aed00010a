"""Erase published months (*gallring*) down to the payments that a case or an outcome still needs.

A run's manifest stays, byte for byte, so that the chain of months holds. Beside it stands `erasure.json`: when, by
which rule, the rows of each table before and after, and what the file's hash is now. The record is written before the
files and marked as finished after them: an erasure that was cut off is seen, and done again it ends the same.
"""

import hashlib
import io
import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import polars as pl

from fut.errors import StoreError
from fut.retention import Rule
from reporting.erased import RECORD, Acts, acts

WHOLE = ("areas", "coverage", "drift", "indicators", "repairs", "runs")
"""Published tables that tell of nobody: sums, texts and measures. They stay."""


@dataclass(frozen=True)
class Less:
    """A table's file with fewer rows, ready to be written."""

    data: bytes
    rows_before: int
    rows_after: int
    bytes_before: int

    @property
    def sha256(self) -> str:
        """Return the hash of the file as it will be."""
        return hashlib.sha256(self.data).hexdigest()


@dataclass(frozen=True)
class DueRun:
    """One published run whose time is out: the tables that hold rows to erase, and files that only repeat them."""

    month: str
    run_id: str
    folder: Path
    rule: Rule
    kept: frozenset[str]
    tables: Mapping[str, Less] = field(default_factory=dict)
    copies: tuple[Path, ...] = ()
    is_half_done: bool = False

    @property
    def rows(self) -> int:
        """Return how many rows go."""
        return sum(table.rows_before - table.rows_after for table in self.tables.values())

    @property
    def kept_rows(self) -> int:
        """Return how many payments stay, of those the run lists."""
        listed = self.tables.get("ranked_payments")
        return listed.rows_after if listed else 0

    @property
    def bytes(self) -> int:
        """Return the size of the files that are written anew or removed."""
        return sum(table.bytes_before for table in self.tables.values()) + sum(map(_size, self.copies))


def due_run(month: str, folder: Path, rule: Rule, kept: set[str]) -> DueRun | None:
    """Return what is to be erased of a run, None when nothing is; `kept` are the payments that stay.

    Raises StoreError when a file cannot be read.
    """
    less = {}
    for path in sorted(folder.glob("*.parquet")):
        try:
            data = path.read_bytes()
            frames = _Frames(folder, kept)
            if (found := frames.less(path.stem, data)) is not None:
                less[path.stem] = found
        except (OSError, pl.exceptions.PolarsError):
            raise StoreError(f"published {month}: {path.name} cannot be read") from None
    told = acts(folder)
    is_half_done = bool(told) and not told[-1]["is_finished"]
    if not (less or is_half_done):
        return None
    return DueRun(month, folder.name, folder, rule, frozenset(kept), less, is_half_done=is_half_done)


class _Frames:
    """The tables of one run with the rows of the kept payments alone."""

    def __init__(self, folder: Path, kept: set[str]) -> None:
        self._folder, self._kept = folder, sorted(kept)

    def less(self, table: str, data: bytes) -> Less | None:
        """Return the table without what goes; None when all of it may stay."""
        if table in WHOLE:
            return None
        frame = pl.read_parquet(data)
        if table == "quarantine":  # rule, file and kronor stay, for the sums; the row's own key may name somebody
            changed = frame.filter(pl.col("row_key").is_not_null()).height if "row_key" in frame.columns else 0
            rest = frame.with_columns(row_key=pl.lit(None, pl.String)) if changed else frame
            gone = changed
        else:
            rest = frame.filter(self._stays(table, frame.columns))
            gone = frame.height - rest.height
        if not gone:
            return None
        held = io.BytesIO()
        rest.write_parquet(held, compression="zstd", compression_level=3, statistics=True, row_group_size=100_000)
        return Less(held.getvalue(), frame.height, frame.height - gone, len(data))

    def _stays(self, table: str, columns: list[str]) -> pl.Expr:
        if table == "flags":
            return pl.col("flag_id").is_in(self._of("flag_payments", "flag_id"))
        if "payment_id" in columns:
            return pl.col("payment_id").is_in(self._kept)
        if "payee_ref" in columns:
            return pl.col("payee_ref").is_in(
                self._of("payments", "payee_ref") + self._of("ranked_payments", "payee_ref")
            )
        return pl.lit(value=False)  # a table that nobody has classed holds nothing we know may stay

    def _of(self, table: str, column: str) -> list[str]:
        path = self._folder / f"{table}.parquet"
        if not path.is_file():
            return []
        found = pl.scan_parquet(path).filter(pl.col("payment_id").is_in(self._kept)).select(column)
        return found.collect()[column].drop_nulls().unique().sort().to_list()


def erase_run(due: DueRun, today: date) -> None:
    """Erase what `due` lists and nothing else. Raises StoreError; done again it goes on where it was cut off."""
    try:
        if due.tables or due.is_half_done:
            _write_down(due, today)
            for name, table in due.tables.items():
                _put(due.folder / f"{name}.parquet", table.data)
            _finish(due.folder)
        for copy in due.copies:
            shutil.rmtree(copy) if copy.is_dir() else copy.unlink(missing_ok=True)
    except OSError as error:
        raise StoreError(f"published {due.month}: cannot be erased ({error.strerror})") from None


def _write_down(due: DueRun, today: date) -> None:
    told = acts(due.folder)
    tables = {
        name: {"rows_before": t.rows_before, "rows_after": t.rows_after, "sha256": t.sha256}
        for name, t in sorted(due.tables.items())
    }
    if due.is_half_done:
        tables = told.pop()["tables"] | tables  # what was cut off is the same act
    act = {
        "at": today.isoformat(),
        "rule": {"kind": due.rule.kind, "keep_months": due.rule.keep_months, "counted_from": due.rule.counted_from},
        "ground": due.rule.ground,
        "payments_kept": len(due.kept),
        "tables": tables,
        "is_finished": False,
    }
    _write(due.folder, [*told, act])


def _finish(folder: Path) -> None:
    told = acts(folder)
    _write(folder, [*told[:-1], told[-1] | {"is_finished": True}])


def _write(folder: Path, told: Acts) -> None:
    text = json.dumps({"acts": told}, ensure_ascii=False, sort_keys=True, indent=1)
    _put(folder / RECORD, (text + "\n").encode())


def _put(path: Path, data: bytes) -> None:
    draft = path.with_name(f".{path.name}.draft")
    draft.write_bytes(data)
    os.replace(draft, path)


def _size(path: Path) -> int:
    if path.is_dir():
        return sum(p.stat().st_size for p in path.rglob("*") if p.is_file())
    return path.stat().st_size if path.is_file() else 0
