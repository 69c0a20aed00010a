"""A ledger drawn as text, built into core tables: what goes in and what comes out stand side by side in a test.

A line of the drawing is a posting: voucher, payee, date, amount and more columns of the raw ledger as the header says.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from core.build import build_core
from fut.contract import load_contracts
from fut.drawn import read_drawing
from fut.evaluate import empty_core
from fut.inbox import DELIVERIES
from fut.settings import Municipality, Settings, Source
from fut.sql import literal
from fut.validate import QUARANTINE
from fut.warehouse import prepare

SHORT = {"voucher": "voucher_no", "payee": "supplier_name", "date": "booking_date", "amount": "amount_sek", "ref": "supplier_ref",
         "invoice": "invoice_no", "dept": "department", "account": "account_no", "buyer": "buyer_id",
         "delivered": "_delivered_month"}  # fmt: skip
SETTINGS = Settings(Municipality("m", "M"), (Source("l", "canonical"),), Path("inbox"), Path("var"))
Row = dict[str, str | None]


@contextmanager
def core_of(*drawings: str, precision: str = "day") -> Iterator[duckdb.DuckDBPyConnection]:
    """Yield a connection whose core tables are built from the drawn ledger and the drawn registers (raw_...)."""
    with duckdb.connect() as connection:
        prepare(connection)
        connection.execute(f"{DELIVERIES};{QUARANTINE}")
        for drawing in drawings:
            lines = drawing.strip("\n")
            tables = read_drawing(lines if lines.lstrip().startswith("raw_") else f"raw_ap_postings\n{lines}")
            for table, rows in tables.items():
                deliver(connection, table, rows, precision)
        empty_core(connection)
        build_core(connection, SETTINGS)
        yield connection


def deliver(connection: duckdb.DuckDBPyConnection, table: str, rows: list[Row], precision: str = "day") -> None:
    """Insert rows as one delivered file of its own."""
    contract = load_contracts("raw")[table.removeprefix("raw_")]
    connection.execute(contract.ddl())
    neutral = {"account_no": "4010", "buyer_id": "B"} if contract.table == "ap_postings" else {}
    for line, drawn in enumerate(rows, 1):
        row = neutral | {SHORT.get(name, name): cell for name, cell in drawn.items()}
        if contract.table == "ap_postings":
            row.setdefault("voucher_no", f"V{line}")
        meta = {
            "_source": "'l'",
            "_source_file": literal(table),
            "_source_line": str(line),
            "_unreadable": "[]::VARCHAR[]",
        }
        names = ", ".join(f'"{name}"' for name in (*row, *meta))
        cells = ", ".join((*map(literal, row.values()), *meta.values()))
        connection.execute(f"INSERT INTO {contract.physical} ({names}) VALUES ({cells})")
    connection.execute(
        f'INSERT INTO deliveries BY NAME SELECT {literal(table)} AS source_file, {literal(contract.table)} AS "table", '
        f"{literal(precision)} AS date_precision, true AS is_in_force WHERE {literal(table)} NOT IN "
        "(SELECT source_file FROM deliveries)"
    )


def table(connection: duckdb.DuckDBPyConnection, sql: str) -> str:
    """Return a query's result drawn as text, the way tests state what they expect."""
    found = connection.execute(sql)
    header = [column[0] for column in found.description or ()]
    return drawn([header, *[["" if cell is None else _shown(cell) for cell in row] for row in found.fetchall()]])


def drawn(rows: list[list[str]]) -> str:
    """Return rows as aligned text."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(" | ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)).rstrip() for row in rows)


def same(expected: str) -> str:
    """Return a drawing in a test as `table` draws it."""
    lines = [line for line in expected.strip("\n").splitlines() if line.strip()]
    return drawn([[cell.strip() for cell in line.split("|")] for line in lines])


def _shown(cell: Any) -> str:
    return str(cell).lower() if isinstance(cell, bool) else str(cell)
