"""A warehouse that an earlier version wrote: its lasting tables get the columns of today's contracts.

Core tables are made anew by every run. What a new column of a raw table holds comes from the files, which are read
again because their contract's `reading_digest` is another.
"""

import hashlib
from collections.abc import Iterator

import duckdb

from fut.contract import RAW_META, Contract, load_contracts
from fut.errors import StoreError

LASTING = ("raw", "out")


def reading_digest(contract: Contract) -> str:
    """Return a hash of all in a contract that tells how a file is read: names, types and properties of its columns."""
    said = [(c.name, c.physical_type, c.custom) for c in contract.columns]
    return hashlib.sha256(repr(said).encode()).hexdigest()[:12]


def bring_up(connection: duckdb.DuckDBPyConnection) -> None:
    """Add, drop and retype columns where a table is not as its contract states; raises StoreError where none can be."""
    found: dict[str, dict[str, str]] = {}
    for table, column, kind in connection.execute(
        "SELECT table_name, column_name, data_type FROM duckdb_columns() WHERE NOT internal"
    ).fetchall():
        found.setdefault(table, {})[column] = kind
    for layer in LASTING:
        for contract in load_contracts(layer).values():
            if have := found.get(contract.physical):
                for change in changes(contract, have):
                    try:
                        connection.execute(f"ALTER TABLE {contract.physical} {change}")
                    except duckdb.Error:
                        raise StoreError(f"{contract.physical}: an earlier version's rows do not fit today's contract; "
                                         "move the warehouse away and load anew") from None  # fmt: skip


def changes(contract: Contract, have: dict[str, str]) -> Iterator[str]:
    """Yield what ALTER TABLE must do to columns (name to type) so that they are the contract's, nothing when they are."""
    want = {c.name: c.physical_type for c in contract.columns} | (RAW_META if contract.layer == "raw" else {})
    have = {name: kind.replace('"', "") for name, kind in have.items()}
    yield from (f'ADD COLUMN "{name}" {kind}' for name, kind in want.items() if name not in have)
    yield from (f'DROP COLUMN "{name}"' for name in have if name not in want)
    yield from (f'ALTER "{n}" TYPE {kind}' for n, kind in want.items() if n in have and have[n] != kind)
