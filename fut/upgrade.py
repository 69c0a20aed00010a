"""A warehouse that an earlier version wrote: its lasting tables get the columns of today, in today's order.

Core tables are made anew by every run. What a new column of a raw table holds comes from the files, which are read
again because their contract's `reading_digest` is another.
"""

import hashlib
import re
from collections.abc import Iterable

import duckdb

from fut.contract import RAW_META, Contract, load_contracts
from fut.errors import StoreError
from fut.warehouse import transaction

LASTING = ("raw", "out")
_BEFORE = "earlier_version"
Columns = list[tuple[str, str]]


def reading_digest(contract: Contract) -> str:
    """Return a hash of all in a contract that tells how a file is read: names, types and properties of its columns."""
    said = [(c.name, c.physical_type, c.custom) for c in contract.columns]
    return hashlib.sha256(repr(said).encode()).hexdigest()[:12]


def bring_up(connection: duckdb.DuckDBPyConnection) -> None:
    """Make a contract's lasting table anew where it has other columns; raises StoreError where its rows do not fit."""
    found: dict[str, Columns] = {}
    for table, column, kind in connection.execute(
        "SELECT table_name, column_name, data_type FROM duckdb_columns() WHERE NOT internal ORDER BY column_index"
    ).fetchall():
        found.setdefault(table, []).append((column, kind))
    for layer in LASTING:
        for contract in load_contracts(layer).values():
            if (have := found.get(contract.physical)) and not is_today(contract, have):
                _make_anew(connection, contract.physical, contract.ddl(), have)


def is_today(contract: Contract, have: Columns) -> bool:
    """Return whether a table's columns (name and type, in order) are those its contract states."""
    want = {c.name: c.physical_type for c in contract.columns} | (RAW_META if contract.layer == "raw" else {})
    return list(want.items()) == [(name, kind.replace('"', "")) for name, kind in have]


def keep(connection: duckdb.DuckDBPyConnection, ddl: str, forget: Iterable[str] = ()) -> None:
    """Create the lasting table of `CREATE TABLE IF NOT EXISTS ...`, or bring an earlier version's to its columns.

    Rows that are brought lose what their columns in `forget` said. Raises StoreError where rows do not fit.
    """
    name = ddl.partition("(")[0].split()[-1]
    connection.execute(ddl)
    connection.execute(re.sub(r"CREATE TABLE IF NOT EXISTS \w+", "CREATE OR REPLACE TEMP TABLE _today", ddl, count=1))
    have, want = (_columns(connection, table) for table in (name, "_today"))
    connection.execute("DROP TABLE _today")
    if have != want:
        _make_anew(connection, name, ddl, [(column, kind) for column, kind in have if column not in forget])


def _columns(connection: duckdb.DuckDBPyConnection, table: str) -> Columns:
    return [row[:2] for row in connection.execute(f"DESCRIBE {table}").fetchall()]


def _make_anew(connection: duckdb.DuckDBPyConnection, table: str, ddl: str, have: Columns) -> None:
    """Carry rows over to a table as `ddl` states it, all or none: added columns would stand last, and some cannot be."""
    try:
        with transaction(connection):
            connection.execute(f"ALTER TABLE {table} RENAME TO {_BEFORE};{ddl}")
            kept = [f'"{name}"' for name, _ in _columns(connection, table) if name in dict(have)]
            if kept:
                connection.execute(f"INSERT INTO {table} BY NAME SELECT {', '.join(kept)} FROM {_BEFORE}")
            connection.execute(f"DROP TABLE {_BEFORE}")
    except (duckdb.DataError, duckdb.IntegrityError, duckdb.NotSupportedError):
        raise StoreError(
            f"{table}: an earlier version's rows do not fit today's; move the warehouse away and load anew"
        ) from None
