"""An inbox, its settings and a warehouse in memory, for tests of loading."""

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from core.build import build_core
from fut.evaluate import empty_core
from fut.inbox import Loaded, ingest
from fut.pseudonym import DEMO_KEY, Pseudonymiser
from fut.settings import Municipality, Settings, Source
from fut.validate import RECONCILED, validate
from fut.warehouse import prepare
from reporting.words import repair_text

SPEC = (
    "kopare_id,kopare,verifikationsnummer,leverantor,leverantor_id,konto_nr,konto_text,belopp,datum,forvaltning,"
    "fakturanummer,grund,avtal,kommun_id,s_kod_nr"
)


def posting(number: int, amount: str = "100.50", **cells: str) -> str:
    """Return a row of the open specification; `cells` replaces cells by their header."""
    row = {
        "kopare_id": "2120001355", "kopare": "Storstad", "verifikationsnummer": f"V{number}",
        "leverantor": f"Bolag {number % 3} AB", "leverantor_id": f"55604{number % 3}-1234", "konto_nr": "4010",
        "konto_text": "Livsmedel", "belopp": amount, "datum": "2026-03-10", "forvaltning": "Skola",
        "fakturanummer": f"F-{number}", "grund": "", "avtal": "", "kommun_id": "1480", "s_kod_nr": "",
    }  # fmt: skip
    assert set(cells) <= set(row)
    return ",".join((row | cells).values())


def spec_file(*rows: str) -> str:
    """Return a file of the open specification."""
    return "\n".join((SPEC, *rows)) + "\n"


class Inbox:
    """One municipality's inbox; `put` files there, `load` them, ask the warehouse with `rows`."""

    def __init__(self, folder: Path, connection: duckdb.DuckDBPyConnection, dialect: str = "lankadedata-1.1") -> None:
        self.folder, self.connection = folder / "inbox", connection
        self.folder.mkdir(parents=True)
        self.settings = Settings(
            Municipality("storstad", "Storstad"),
            (Source("ledger", dialect),),
            self.folder,
            folder / "var",
            is_demo=True,
        )

    def put(self, name: str, content: str | bytes, encoding: str = "utf-8") -> Path:
        """Write a file into the inbox."""
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path

    def load(self) -> Loaded:
        """Load and validate, as a run does."""
        loaded = ingest(self.connection, self.settings, Pseudonymiser(DEMO_KEY))
        validate(self.connection)
        return loaded

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Return the rows of a query."""
        return self.connection.execute(sql).fetchall()

    def raw(self, *columns: str) -> list[tuple[Any, ...]]:
        """Return these columns of the raw ledger in the order of file and line."""
        return self.rows(f"SELECT {', '.join(columns)} FROM raw_ap_postings ORDER BY _source_file, _source_line")

    def repairs(self) -> dict[tuple[str, str], int]:
        """Return rows by column and kind of repair, each of which has words for officers."""
        found = {(c, k): n for c, k, n in self.rows('SELECT "column", kind, sum(rows)::INT FROM repairs GROUP BY ALL')}
        assert all(repair_text(kind) for _, kind in found)
        return found

    def rules(self) -> dict[str, int]:
        """Return rows by rule of those that errors keep out."""
        return dict(self.rows("SELECT rule, count(*) FROM quarantine WHERE severity = 'error' GROUP BY 1"))

    def reconciled(self) -> dict[str, tuple[int, Decimal]]:
        """Build the core layer and return rows and money of each file, having seen that all of it adds up."""
        empty_core(self.connection)
        build_core(self.connection, self.settings)
        self.connection.execute(RECONCILED)
        found = self.rows("SELECT source_file, rows_in, sek_in, adds_up FROM reconciliation")
        assert [name for name, _, _, adds_up in found if not adds_up] == []
        assert len(found) == self.rows("SELECT count(*) FROM deliveries WHERE \"table\" = 'ap_postings'")[0][0]
        return {name: (rows, sek) for name, rows, sek, _ in found}

    def state(self) -> list[tuple[Any, ...]]:
        """Return rows and a hash of every table that holds any, to see that nothing changed."""
        names = self.rows("SELECT table_name FROM duckdb_tables() WHERE NOT temporary ORDER BY 1")
        found = [(n, *self.rows(f"SELECT count(*), bit_xor(hash(t)) FROM {n} t")[0]) for (n,) in names]
        return [row for row in found if row[1]]


@contextmanager
def memory() -> Iterator[duckdb.DuckDBPyConnection]:
    """Yield an empty warehouse in memory."""
    with duckdb.connect() as connection:
        prepare(connection)
        yield connection


def clear(connection: duckdb.DuckDBPyConnection) -> None:
    """Remove every table and view; fails when a transaction or a temporary table was left behind."""
    for (name,) in connection.execute("SELECT view_name FROM duckdb_views() WHERE NOT internal").fetchall():
        connection.execute(f"DROP VIEW {name}")
    for name, temporary in connection.execute("SELECT table_name, temporary FROM duckdb_tables()").fetchall():
        assert not temporary or name.startswith("_"), f"temporary table {name} was left behind"
        connection.execute(f"DROP TABLE {name}")
