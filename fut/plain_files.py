"""Rows of text that read plainly, staged with their types: nothing is left to do but to write them."""

from collections.abc import Callable
from pathlib import Path

import duckdb
import polars as pl

from fut.contract import Contract
from fut.dialect import Dialect
from fut.plain_rows import part
from fut.staging import doubtful, staged_rows, typed_select
from fut.tokens import Changed, Tokens

Kind = tuple[frozenset[str], frozenset[str], int | None]
"""Columns present, columns settled, and the number of the file that all rows are of, if they are of one."""


class PlainFiles:
    """The plain rows of a group's text files: `finished` relations hold tokens already, `late` ones do not yet.

    Where columns are still text, `keep` stages what a SELECT reads of them; `drop` takes that back.
    """

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, dialect: Dialect, target: Contract, files: str, tokens: Tokens,
        path: Callable[[], Path], keep: Callable[[str], Path], drop: Callable[[Path], None],
    ) -> None:  # fmt: skip
        self.connection, self.dialect, self.target, self.files = connection, dialect, target, files
        self._tokens, self._path, self._keep, self._drop = tokens, path, keep, drop
        self._finished: dict[Kind, list[Path]] = {}
        self._late: dict[Kind, list[Path]] = {}

    @property
    def finished(self) -> list[str]:
        """Return relations with the columns of `typed_select`."""
        return [f"({self._select(paths, *kind)})" for kind, paths in self._finished.items()]

    @property
    def late(self) -> list[str]:
        """Return relations whose tokens are yet to be put in."""
        return [f"({self._select(paths, *kind)})" for kind, paths in self._late.items()]

    def take(self, cells: pl.DataFrame, present: frozenset[str]) -> tuple[pl.DataFrame, Changed]:
        """Stage the plain rows of a batch (see `plain_rows`); returns the others, and where tokens were put in."""
        parted = part(self.dialect, self.target, cells)
        if not parted.plain.height:
            return cells, []
        is_settled = parted.settled.issuperset(present)
        done = self._tokens.put(parted.plain) if is_settled else None
        rows, changed = done or (parted.plain, [])
        path = self._path()
        write_rows(rows, path)
        numbers = rows["_file"].unique()
        kind = present, parted.settled, numbers[0] if len(numbers) == 1 else None
        if is_settled:
            (self._late if done is None else self._finished).setdefault(kind, []).append(path)
        elif not self._keep_read(path, kind):
            return cells, []
        return parted.odd, changed

    def _keep_read(self, path: Path, kind: Kind) -> bool:
        """Read once what is still text; returns whether every required amount and date in it reads right."""
        typed = self._keep(self._select([path], *kind))
        path.unlink()
        test = doubtful(self.dialect, self.target, set(kind[0] - kind[1]))
        query = f"SELECT 1 FROM read_parquet('{typed}') WHERE {test} LIMIT 1"
        if test == "false" or not self.connection.execute(query).fetchone():
            return True
        self._drop(typed)
        return False

    def _select(self, paths: list[Path], present: frozenset[str], settled: frozenset[str], file: int | None) -> str:
        stage = staged_rows(self.files, paths, file)
        return typed_select(self.dialect, self.target, stage, set(present), settled=settled)


def write_rows(rows: pl.DataFrame, path: Path) -> None:
    """Write rows for a query to read once."""
    rows.write_parquet(path, compression="uncompressed", statistics=False)
