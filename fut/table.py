"""A file's table before its rows are read: header, where its rows come from, and what was repaired while reading."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import polars as pl

from fut.dialect import normal

HEADER_SEARCH_LINES = 25


@dataclass
class Table:
    """A file's header and where its rows come from: `blocks` of (first line number, text), or a `frame` of cells."""

    file: str
    header: list[str] = field(default_factory=list)
    header_line: int = 0
    delimiter: str = ","
    blocks: Iterator[tuple[int, str]] = field(default_factory=lambda: iter(()))
    frame: pl.DataFrame | None = None
    is_parquet: bool = False
    repairs: dict[tuple[str, str], int] = field(default_factory=dict)

    def repaired(self, column: str, kind: str, rows: int = 1) -> None:
        """Count a repair."""
        if rows:
            self.repairs[column, kind] = self.repairs.get((column, kind), 0) + rows


def find_header(rows: list[tuple[int, list[str]]], wanted: list[str]) -> tuple[int, list[str], int]:
    """Return (line, cells, known names among them) of the best header; the first row with text when none is known."""
    known = set(wanted)
    best: tuple[int, list[str], int] = (0, [], 0)
    for line, cells in rows:
        hits = len({normal(c) for c in cells} & known)
        if hits > best[2] or (not best[0] and any(c.strip() for c in cells)):
            best = (line, cells, hits)
        if hits > 2 and 2 * hits > sum(map(bool, cells)):
            break
    return best
