"""Stage the rows of many files as typed Parquet, batch by batch, so that memory does not grow with the files.

Every row keeps its file and line. A row with another number of cells than the header, or whose amount or date reads
like something else, is put right by `realign` or kept as it is for the contract to judge.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import duckdb
import polars as pl

from fut.contract import Contract
from fut.dialect import Dialect
from fut.errors import ConfigError
from fut.excel import in_writing
from fut.lines import cell_frame, cut_text
from fut.parquet_files import ParquetFiles
from fut.plain_files import PlainFiles, write_rows
from fut.reading import Table, read_table
from fut.realign import Form, realign, recut
from fut.sql import literal
from fut.staging import doubtful, staged_rows, typed_select
from fut.tokens import Tokens

BATCH_ROWS = 200_000
Layout = tuple[int, tuple[tuple[str, int], ...]]


@dataclass
class _Open:
    """A file being staged."""

    number: int
    path: Path
    table: Table
    form: Form


class Stager:
    """Turns files into relations whose columns are those of `typed_select`: see `source`.

    Text is typed once and kept as the Parquet files `typed`; `parquet` holds what is delivered as Parquet.
    `connection` holds the table `files` (_file, _source, _source_file, _delivered_month, _period_end).
    """

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, dialect: Dialect, target: Contract, folder: Path, files: str,
        tokens: Tokens,
    ) -> None:  # fmt: skip
        self.files = files
        self.connection, self.dialect, self.target, self.folder = connection, dialect, target, folder
        self.typed: list[Path] = []
        self._files: dict[str, _Open] = {}
        self._tables: dict[int, Table] = {}
        self._waiting: dict[Layout, list[tuple[pl.DataFrame, bool]]] = {}
        self.parquet = ParquetFiles(connection, dialect, target, files, self._keep)
        self.plain = PlainFiles(connection, dialect, target, files, tokens, self._path, self._keep, self._drop)
        self._wanted = list(dialect.header_names(target))
        self._count = 0

    def add(self, number: int, path: Path, register: Callable[[int, Table, dict[str, int]], None]) -> Table:
        """Stage one file; `register` is told its number, header and mapped columns before the first row.

        Raises InputError or ConfigError naming the file.
        """
        table = read_table(path, self.dialect, self._wanted)
        mapped = self._map(table)
        register(number, table, mapped)
        self._tables[number] = table
        self._files[path.name] = opened = _Open(
            number, path, table, Form(len(table.header), mapped, self.dialect, self.target)
        )
        if table.is_parquet:
            self.parquet.add(path, table.header, mapped)
        elif table.frame is not None:
            self._wait(opened, in_writing(table.frame, self._amounts(mapped), self.dialect.decimal))
            table.frame = None
        else:
            self._add_blocks(opened)
        return table

    def finish(self) -> None:
        """Stage what still waits."""
        for layout in list(self._waiting):
            self._flush(layout)
        self.parquet.finish()

    @property
    def source(self) -> str:
        """Return the relation of staged rows whose tokens are yet to be put in; "" when there is none."""
        parts = [*self.parquet.direct, *self.plain.late]
        if self.typed:
            parts.append(f"read_parquet({literal([str(path) for path in self.typed])}, union_by_name = true)")
        return _union(parts)

    @property
    def finished(self) -> str:
        """Return the relation of the other rows, which hold tokens; "" when there is none."""
        return _union(self.plain.finished)

    def _map(self, table: Table) -> dict[str, int]:
        mapped = self.dialect.map_header(table.header, self.target)
        if self.dialect.missing(mapped, self.target):
            from fut.nearest import hint

            raise self.dialect.explain_mismatch(table.file, table.header, self.target, hint(table.header, self.dialect))
        period = self.dialect.period(table.file)
        if period and not period.month and "booking_date" in self.dialect.columns and "booking_date" not in mapped:
            names = " or ".join(f"'{name}'" for name in self.dialect.columns["booking_date"])
            raise ConfigError(
                f"{table.file}: no column {names}, and its months are several: {period.first}..{period.last}"
            )
        if twice := self.dialect.named_twice(table.header, self.target):
            raise ConfigError(f"{table.file}: the header has more than one column '{twice[0]}'; rename or remove one")
        return mapped

    def _add_blocks(self, opened: _Open) -> None:
        table, form = opened.table, opened.form
        rest: list[str] = []
        block = next(table.blocks, None)
        while block is not None:
            following = next(table.blocks, None)
            first, text = block[0] - len(rest), "\n".join([*rest, block[1]])
            cut = cut_text(text, first, table.delimiter, form.width, form.is_row, following is None)
            rest = cut.rest
            table.repaired("", "unbalanced_quote", cut.unbalanced)
            form.sample = cut.frame
            self._wait(opened, cut.frame, cut.is_trim)
            if cut.ragged:
                self._wait(
                    opened, cell_frame([(line, self._mended(opened, cells)) for line, cells in cut.ragged], form.width)
                )
            block = following
        form.sample = pl.DataFrame()

    def _mended(self, opened: _Open, cells: list[str]) -> list[str]:
        if self.dialect.skip and self.dialect.is_skipped(";".join(filter(None, cells))):
            return [*cells, *[""] * opened.form.width][: opened.form.width]
        fixed, kind = recut(cells, opened.form, opened.table.delimiter, opened.table.header) or realign(
            cells, opened.form
        )
        if kind:
            opened.table.repaired("", kind)
        return fixed

    def _wait(self, opened: _Open, frame: pl.DataFrame, is_trim: bool = False) -> None:
        """Let rows wait until there are enough of their layout to be worth a query."""
        layout = (opened.form.width, tuple(opened.form.mapped.items()))
        waiting = self._waiting.setdefault(layout, [])
        waiting.append((frame.with_columns(pl.lit(opened.number, dtype=pl.Int32).alias("_file")), is_trim))
        if sum(piece.height for piece, _ in waiting) >= BATCH_ROWS:
            self._flush(layout)

    def _flush(self, layout: Layout) -> None:
        waiting = self._waiting.pop(layout)
        frame = pl.concat(piece for piece, _ in waiting)
        if not frame.height:
            return
        mapped = dict(layout[1])
        cells = _cells(frame, mapped, all(is_trim for _, is_trim in waiting))
        odd, tokens = self.plain.take(cells, frozenset(mapped))
        for number, name, rows in tokens:
            self._tables[number].repaired(name, "normalised_or_token", rows)
        if not odd.height:
            return
        typed = self._type(odd, set(mapped))
        found = self.connection.execute(
            f"SELECT _source_file, list(_source_line) FROM read_parquet('{typed}') WHERE "
            f"{doubtful(self.dialect, self.target, set(mapped))} GROUP BY 1 ORDER BY 1"
        ).fetchall()
        mended = [
            rows for name, lines in found if (rows := self._realigned(self._files[name], frame, sorted(lines))).height
        ]
        if mended:
            replaced = pl.concat(mended)
            lines = ", ".join(f"({file}, {line})" for file, line in replaced.select("_file", "_source_line").rows())
            kept = self._path()
            self.connection.execute(
                f"COPY (SELECT t.* FROM read_parquet('{typed}') t JOIN {self.files} f USING (_source_file) WHERE "
                f"(f._file, t._source_line) NOT IN ({lines})) TO '{kept}' (FORMAT parquet)"
            )
            typed.unlink()
            self.typed[self.typed.index(typed)] = kept
            self._type(_cells(replaced, mapped), set(mapped))

    def _realigned(self, opened: _Open, frame: pl.DataFrame, lines: list[int]) -> pl.DataFrame:
        """Return the rows among doubtful ones whose cells were shifted, put right."""
        form, rows = opened.form, []
        own = frame.filter((pl.col("_file") == opened.number) & pl.col("_source_line").is_in(lines)).sort(
            "_source_line"
        )
        if own.height:
            form.sample = frame.filter(pl.col("_file") == opened.number)
        for line, *cells in own.select("_source_line", *(f"c{i}" for i in range(form.width))).rows():
            fixed, kind = realign([cell or "" for cell in cells], form)
            if kind:
                opened.table.repaired("", kind)
                rows.append((line, fixed))
        form.sample = pl.DataFrame()
        return cell_frame(rows, form.width).with_columns(pl.lit(opened.number, dtype=pl.Int32).alias("_file"))

    def _type(self, cells: pl.DataFrame, present: set[str]) -> Path:
        """Type rows of cells; returns the Parquet file, which is added to `typed`."""
        staged = self._path()
        write_rows(cells, staged)
        typed = self._keep(typed_select(self.dialect, self.target, staged_rows(self.files, [staged]), present))
        staged.unlink()
        return typed

    def _keep(self, select: str) -> Path:
        path = self._path()
        self.connection.execute(f"COPY ({select}) TO '{path}' (FORMAT parquet, COMPRESSION lz4)")
        self.typed.append(path)
        return path

    def _drop(self, typed: Path) -> None:
        typed.unlink()
        self.typed.remove(typed)

    def _path(self) -> Path:
        self._count += 1
        return self.folder / f"typed{self._count}.parquet"

    def _amounts(self, mapped: dict[str, int]) -> list[str]:
        numbers = [c.name for c in self.target.columns if c.physical_type.startswith(("DECIMAL", "INTEGER", "DOUBLE"))]
        return [f"c{mapped[name]}" for name in numbers if name in mapped]


def _cells(frame: pl.DataFrame, mapped: dict[str, int], is_trim: bool = False) -> pl.DataFrame:
    """Return the mapped cells under their columns' names, trimmed, null where empty."""
    cells = frame.select("_file", "_source_line", *(pl.col(f"c{i}").alias(name) for name, i in mapped.items()))
    if not is_trim:
        cells = cells.with_columns(pl.col(*mapped).str.strip_chars())
    return cells.with_columns(pl.when(pl.col(name) != "").then(pl.col(name)) for name in mapped)


def _union(parts: list[str]) -> str:
    return f"({' UNION ALL BY NAME '.join(f'FROM {part}' for part in parts)})" if parts else ""
