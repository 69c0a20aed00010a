"""Counts and small pictures for Dagster's event log, which everyone reads: never a row value, name or id."""

import base64
from collections.abc import Iterable, Mapping, Sequence

import dagster as dg
import duckdb

from fut.sql import literal
from reporting import svg
from reporting.format import kr_short, number

PICTURE_MONTHS = 24


def listed(values: Iterable[str]) -> str:
    """Return values as the inside of an SQL IN list."""
    return ", ".join(map(literal, values)) or "NULL"


def counts(connection: duckdb.DuckDBPyConnection, tables: Iterable[str]) -> dict[str, int]:
    """Return the rows of each table; a table that does not exist has none."""
    known = {row[0] for row in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
    found = {}
    for table in tables:
        row = connection.execute(f"SELECT count(*) FROM {table}").fetchone() if table in known else None
        found[table] = int(row[0]) if row else 0
    return found


def keyed(connection: duckdb.DuckDBPyConnection, query: str) -> dict[str, tuple[float, ...]]:
    """Return the measures of each month (or table) of a query by its first column."""
    return {row[0]: tuple(float(v or 0) for v in row[1:]) for row in connection.execute(query).fetchall()}


def picture(title: str, figures: Mapping[str, float], currency: str = "") -> dict[str, dg.MarkdownMetadataValue]:
    """Return bars of the latest months as Markdown with the picture inside; nothing when there is one month."""
    shown: Sequence[str] = sorted(figures)[-PICTURE_MONTHS:]
    if len(shown) < 2:
        return {}
    show = (lambda value: kr_short(value, currency)) if currency else number
    drawn = svg.bars(shown, {title: [figures[month] for month in shown]}, title, show=show, width=svg.NARROW)
    data = base64.b64encode(svg.standalone(drawn).encode()).decode()
    return {"picture": dg.MetadataValue.md(f"![{title}](data:image/svg+xml;base64,{data})")}
