"""Load files of one kind into their raw table: typed, repaired, pseudonymised, counted to the öre.

A group of files is first staged outside the warehouse; what was read is then written by `Load.write`, inside the one
transaction of an ingest, so that a file that is refused changes nothing.
"""

import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import duckdb
import polars as pl

from fut.contract import Contract, load_contracts
from fut.dialect import Dialect
from fut.errors import InputError
from fut.frames import put
from fut.pseudonym import MAY_HOLD, Pseudonymiser
from fut.reading import Table
from fut.settings import Source
from fut.sql import literal
from fut.stager import Stager
from fut.tokens import Known, Tokens
from fut.upgrade import reading_digest

LONGEST_ID = 10


@dataclass(frozen=True)
class InboxFile:
    """A file of the inbox with the dialect that reads it."""

    path: Path
    source: Source
    dialect: Dialect
    target: Contract
    sha256: str

    @property
    def version(self) -> str:
        """Return what the loaded rows depend on besides the file's bytes."""
        return f"{self.dialect.digest}:{reading_digest(self.target)}" + (
            f":{self.source.ids}" if self.source.ids else ""
        )


def _padded(values: dict[str, int]) -> dict[str, str]:
    """Return ids of digits that have lost leading zeros, as wide as most rows have them; `values` gives their rows.

    Twelve digits are a personal number, whose century a shorter one may lack: those are never taken for the usual.
    """
    widths = Counter[int]()
    for value, rows in values.items():
        if value.isascii() and value.isdigit() and len(value) <= LONGEST_ID:
            widths[len(value)] += rows
    usual = max(widths, key=lambda width: (widths[width], width), default=0)
    return {value: value.zfill(usual) for value in values if value.isascii() and value.isdigit() and len(value) < usual}


class Load:
    """Changed files of one source and table on their way into the warehouse; `close` removes what was staged."""

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, group: list[InboxFile], number: int, pseudonyms: Pseudonymiser,
        folder: Path | None, known: Known | None = None,
    ) -> None:  # fmt: skip
        self.connection, self.group = connection, group
        self.dialect, self.target = group[0].dialect, group[0].target
        self._folder = tempfile.TemporaryDirectory(dir=folder, prefix="load")
        self._name = f"load{number}_"
        self._changed: list[str] = []
        self._parts: list[str] = []
        self._tokens = Tokens(
            pseudonyms, self.dialect, self.target, group[0].source.namespace, {} if known is None else known
        )
        self._stager = Stager(
            connection, self.dialect, self.target, Path(self._folder.name), self._name + "files", self._tokens
        )

    def close(self) -> None:
        """Remove staged files and temporary tables."""
        self._folder.cleanup()
        for row in self.connection.execute("SELECT table_name FROM duckdb_tables() WHERE temporary").fetchall():
            if row[0].startswith(self._name):
                self.connection.execute(f"DROP TABLE {row[0]}")

    def stage(self, progress: Callable[[str], None]) -> None:
        """Read and type every file; raises InputError or ConfigError and leaves the warehouse as it was."""
        execute = self.connection.execute
        execute(f"CREATE OR REPLACE TEMP TABLE {self._name}files (_file INTEGER, _source VARCHAR, _source_file VARCHAR, "
                "_delivered_month VARCHAR, _period_end DATE)")  # fmt: skip
        for table in ("deliveries", "repairs"):
            execute(f"CREATE OR REPLACE TEMP TABLE {self._name}{table} AS FROM {table} LIMIT 0")
        tables = []
        for number, file in enumerate(self.group):
            progress(file.path.name)
            tables.append(self._stager.add(number, file.path, self._register))
        self._stager.finish()
        for file, table in zip(self.group, tables, strict=True):
            for (column, kind), rows in sorted(table.repairs.items()):
                values = ", ".join(map(literal, (file.path.name, self.target.table, column, kind, rows)))
                execute(f"INSERT INTO {self._name}repairs VALUES ({values})")
        self._parts = [part for part in (self._stager.source, self._stager.finished) if part]
        if self._parts:
            try:
                if self._stager.source:
                    self._pseudonymise(self._stager.source)
                self._count(" UNION ALL BY NAME ".join(f"FROM {part}" for part in self._parts))
            except duckdb.Error as error:
                raise self._stager.parquet.damaged() or error from None

    def write(self) -> None:
        """Put the staged files in the place of what they held before; the caller holds the transaction."""
        execute, target = self.connection.execute, self.target
        names = ", ".join(literal(file.path.name) for file in self.group)
        present = {row[0] for row in execute("SELECT table_name FROM duckdb_tables()").fetchall()}
        for contract in load_contracts("raw").values():
            if contract.physical in present:
                execute(f"DELETE FROM {contract.physical} WHERE _source_file IN ({names})")
        execute(target.ddl())
        if self._parts:
            try:
                done = sum(self._insert(part) for part in self._parts)
            except duckdb.Error as error:
                raise self._stager.parquet.damaged() or error from None
            told = execute(f"SELECT sum(rows_in - total_rows) FROM {self._name}deliveries").fetchone()
            if (done,) != told:
                raise InputError(f"{self.group[0].path.name}: a file of '{target.table}' changed while it was read")
        execute(
            f"DELETE FROM deliveries WHERE source_file IN ({names});INSERT INTO deliveries FROM {self._name}deliveries"
        )
        execute(
            f"DELETE FROM repairs WHERE source_file IN ({names});INSERT INTO repairs SELECT * EXCLUDE (rows), sum(rows) "
            f"FROM {self._name}repairs GROUP BY ALL"
        )

    def _insert(self, part: str) -> int:
        """Write the rows of a relation, tokens put in where they are not yet; returns how many."""
        late = self._changed if part == self._stager.source else []
        replaced = [f'coalesce(p_{c}.new, t."{c}") AS "{c}"' for c in late]
        # a home to the metre would tell who lives there
        replaced += [f'(round(t."{c}" / {step}.0) * {step})::INTEGER AS "{c}"' for c, step in self._grid(part).items()]
        shown = f" REPLACE ({', '.join(replaced)})" if replaced else ""
        joins = " ".join(f'LEFT JOIN {self._name}{c} p_{c} ON p_{c}.old = t."{c}"' for c in late)
        row = self.connection.execute(
            f"INSERT INTO {self.target.physical} BY NAME SELECT t.* EXCLUDE (_kind, _mended)"
            f"{shown} FROM {part} t {joins} WHERE t._kind IS NULL"
        ).fetchone()
        return row[0] if row else 0

    def _grid(self, part: str) -> dict[str, int]:
        """Return the columns of a relation whose positions are kept on a grid alone, with its step in metres."""
        steps = {c.name: int(c.said("grid")) for c in self.target.columns if c.said("grid")}
        present = {row[0] for row in self.connection.execute(f"DESCRIBE FROM {part}").fetchall()} if steps else set()
        return {name: step for name, step in steps.items() if name in present}

    def _register(self, number: int, table: Table, mapped: dict[str, int]) -> None:
        file, spoken, target = self.group[number], self.dialect, self.target
        name, period = file.path.name, spoken.period(file.path.name)
        month = period.month if period else None
        is_dated = "booking_date" not in target.names or "booking_date" in mapped
        precision = spoken.date_precision if is_dated else "month"
        end = f"last_day(DATE '{period.last}-01')" if period else "NULL"
        if period and precision == "month":
            end = f"DATE '{period.last}-01'"
        self.connection.execute(
            f"INSERT INTO {self._name}files SELECT {number}, {literal(file.source.name)}, {literal(name)}, {literal(month)}, {end}"
        )
        given = sorted(spoken.provided(mapped) & set(target.names))
        unknown = spoken.unknown_headers(table.header, target)
        said = (file.source.name, name, file.sha256, spoken.dialect, file.version, target.table, month)
        self.connection.execute(
            f"INSERT INTO {self._name}deliveries SELECT {', '.join(map(literal, said))}, {end}, {literal(precision)}, "
            f"{literal(given)}, {literal(unknown)}, 0, 0, 0, 0, 0, 0, 0, true"
        )

    def _pseudonymise(self, source: str) -> None:
        """Find the token of each personal number and local person id, to be put in before a row reaches the warehouse."""
        present = {row[0] for row in self.connection.execute(f"DESCRIBE FROM {source}").fetchall()}
        for name, kind in self._tokens.kinds.items():
            cell = f'"{name}"'
            if name not in present:
                continue
            looks = f"regexp_matches({cell}, {literal(MAY_HOLD[kind])})" if kind in MAY_HOLD else "true"
            seen = self._name + name
            # each distinct value once, with the rows it is in: a token costs more than reading its row
            self.connection.execute(
                f"CREATE OR REPLACE TEMP TABLE {seen}_seen AS SELECT {cell} AS old, _source_file, count(*) FILTER "
                f"(_kind IS NULL) AS rows FROM {source} WHERE {cell} IS NOT NULL AND {looks} GROUP BY ALL"
            )
            found = self.connection.execute(f"SELECT old, sum(rows)::BIGINT FROM {seen}_seen GROUP BY 1 ORDER BY 1")
            values = dict(found.fetchall())
            padded = _padded(values) if name in self.dialect.padded else {}
            changed = self._tokens.of(kind, {value: padded.get(value, value) for value in values})
            if not changed:
                continue
            put(self.connection, seen, pl.DataFrame({"old": list(changed), "new": list(changed.values())}))
            self._changed.append(name)
            self.connection.execute(
                f"INSERT INTO {self._name}repairs SELECT _source_file, '{self.target.table}', '{name}', "
                f"'normalised_or_token', sum(rows) AS n FROM {seen}_seen JOIN {seen} USING (old) GROUP BY ALL HAVING n > 0"
            )

            if padded:
                short = ", ".join(map(literal, padded))
                self.connection.execute(
                    f"INSERT INTO {self._name}repairs SELECT _source_file, '{self.target.table}', '{name}', "
                    f"'leading_zeros_restored', sum(rows) FROM {seen}_seen WHERE old IN ({short}) GROUP BY ALL"
                )

    def _count(self, rows: str) -> None:
        """Count rows and kronor of each file as delivered, what was set aside as no row, and what was mended."""
        amount = self.target.amount or "NULL::DECIMAL(14,2)"
        unreadable = f"list_contains(_unreadable, '{self.target.amount}')" if self.target.amount else "false"
        self.connection.execute(
            f"UPDATE {self._name}deliveries SET rows_in = c.n, sek_in = c.sek, rows_unreadable = c.bad, blank_rows = "
            "c.blank, header_rows = c.header, total_rows = c.total, sek_totals = c.sek_total FROM (SELECT _source_file "
            "AS f, count(*) FILTER (_kind IS NULL OR _kind = 'total') AS n, "
            f"coalesce(sum({amount}) FILTER (_kind IS NULL OR _kind = 'total'), 0) AS sek, "
            f"count(*) FILTER (_kind IS NULL AND {unreadable}) AS bad, count(*) FILTER (_kind = 'blank') AS blank, "
            "count(*) FILTER (_kind = 'header') AS header, count(*) FILTER (_kind = 'total') AS total, "
            f"coalesce(sum({amount}) FILTER (_kind = 'total'), 0) AS sek_total FROM ({rows}) GROUP BY 1) c "
            "WHERE c.f = source_file"
        )
        for part in self._parts:
            for name, step in self._grid(part).items():
                self.connection.execute(
                    f"INSERT INTO {self._name}repairs SELECT _source_file, '{self.target.table}', '{name}', "
                    f"'rounded_to_grid', count(*) FROM {part} WHERE _kind IS NULL AND \"{name}\" % {step} <> 0 GROUP BY 1"
                )
        self.connection.execute(
            f"INSERT INTO {self._name}repairs SELECT _source_file, '{self.target.table}', split_part(m, ':', 1), "
            f"split_part(m, ':', 2), count(*) FROM (SELECT _source_file, unnest(_mended) AS m FROM ({rows}) "
            "WHERE _kind IS NULL AND len(_mended) > 0) GROUP BY ALL"
        )
