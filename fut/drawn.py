"""Small tables drawn as text: the examples in indicator files, and tests.

A drawing is a table's name on a line of its own, a header, rows, cells between bars; an empty cell is null. Columns
left out take the contract's neutral value, so that a drawing shows only what matters.
"""

import re
import textwrap

import duckdb

from fut.contract import Column, Contract, load_contracts
from fut.errors import ConfigError, did_you_mean

_NEUTRAL = {"string": "'x'", "integer": "0", "number": "0", "boolean": "false", "date": "DATE '2026-03-15'"}
Drawing = dict[str, list[dict[str, str | None]]]


def read_drawing(text: str) -> Drawing:
    """Return rows by table; raises ConfigError when a row has another number of cells than its header."""
    tables: Drawing = {}
    rows: list[dict[str, str | None]] = []
    header: list[str] | None = None
    for line in textwrap.dedent(text).strip().splitlines():
        line = line.strip()
        if not line or set(line) <= set("-|+ "):
            continue
        if "|" not in line and (header is None or line.startswith(("core_", "raw_"))):
            rows = tables.setdefault(line, [])
            header = None
        elif header is None:
            header = [cell.strip() for cell in line.split("|")]
        else:
            cells = [cell.strip() for cell in line.split("|")]
            if len(cells) != len(header):
                raise ConfigError(f"example: a row has {len(cells)} cells, its header {len(header)}")
            rows.append({name: cell or None for name, cell in zip(header, cells, strict=True)})
    return tables


def fill(connection: duckdb.DuckDBPyConnection, text: str) -> None:
    """Insert a drawing into the (empty) core tables; raises ConfigError naming an unknown table or column."""
    contracts = {c.physical: c for c in load_contracts("core").values()}
    for table, rows in read_drawing(text).items():
        if table not in contracts:
            raise ConfigError(f"example: no table '{table}'{did_you_mean(table, contracts)}")
        _insert(connection, contracts[table], rows)


def _insert(connection: duckdb.DuckDBPyConnection, contract: Contract, rows: list[dict[str, str | None]]) -> None:
    if not rows:
        return
    drawn = list(rows[0])
    for name in drawn:
        contract.column(name)
    # a neutral value may be told from another column: those come last
    columns = sorted(contract.columns, key=lambda c: (c.name not in drawn, _refers(c, contract)))
    selected = ", ".join(f'({_value(c, c.name in drawn)})::{c.physical_type} AS "{c.name}"' for c in columns)
    names = ", ".join(f'"{c.name}"' for c in columns)
    marks = ", ".join("(" + ", ".join("?" for _ in drawn) + ")" for _ in rows)
    aliases = ", ".join(f'"d_{name}"' for name in drawn)
    connection.execute(
        f"INSERT INTO {contract.physical} ({names}) SELECT {selected} FROM (VALUES {marks}) AS t({aliases})",
        [cell for row in rows for cell in row.values()],
    )


def _refers(column: Column, contract: Contract) -> bool:
    words = set(re.findall(r"\w+", str(column.said("neutral") or "")))
    return bool(words & set(contract.names))


def _value(column: Column, is_drawn: bool) -> str:
    if is_drawn:
        return f'"d_{column.name}"'
    if (neutral := column.said("neutral")) is not None:
        return str(neutral)
    return _NEUTRAL.get(column.logical_type, "NULL") if column.required else "NULL"
