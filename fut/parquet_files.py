"""Files delivered as Parquet: read where they lie when every row is one of the table, else staged as typed rows."""

from collections.abc import Callable
from pathlib import Path

import duckdb

from fut.contract import Contract
from fut.dialect import Dialect
from fut.errors import InputError
from fut.sql import literal
from fut.staging import native_columns, typed_select


class ParquetFiles:
    """The Parquet files of a group: `direct` holds relations to read in place, `keep` stages what a SELECT gives.

    `connection` holds the table `files` (_file, _source, _source_file, _delivered_month, _period_end).
    """

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        dialect: Dialect,
        target: Contract,
        files: str,
        keep: Callable[[str], Path],
    ) -> None:
        self.connection, self.dialect, self.target, self.files, self.keep = connection, dialect, target, files, keep
        self.direct: list[str] = []
        self._layouts: dict[tuple[str, ...], list[Path]] = {}
        self._natives: dict[str, tuple[dict[str, str], set[str]]] = {}

    def add(self, path: Path, header: list[str], mapped: dict[str, int]) -> None:
        """Take a file whose header is `mapped`; raises InputError naming it."""
        try:
            rows = self.connection.execute(f"DESCRIBE FROM read_parquet({literal(str(path))})").fetchall()
        except duckdb.Error:
            raise InputError(f"{path.name}: is not a readable Parquet file") from None
        kinds = {row[0]: row[1] for row in rows}
        staged = {name: (header[p], kinds[header[p]]) for name, p in mapped.items()}
        native = native_columns(self.dialect, self.target, {name: kind for name, (_, kind) in staged.items()})
        chosen = ", ".join(
            f'{_quoted(cell) if name in native else self._as_text(cell, kind)} AS "{name}"'
            for name, (cell, kind) in staged.items()
        )
        self._natives[chosen] = (native, set(staged))
        # files read together are cast to the types of the first: one of other types is read apart
        self._layouts.setdefault((chosen, *(kind for _, kind in staged.values())), []).append(path)

    def finish(self) -> None:
        """Read the files, those of one layout together."""
        for (chosen, *_), paths in self._layouts.items():
            self._read(chosen, paths)

    def damaged(self) -> InputError | None:
        """Return the error that names the first Parquet file that cannot be read to its end; None when all can."""
        for path in (path for paths in self._layouts.values() for path in paths):
            try:
                with duckdb.connect() as other:
                    other.execute(f"SELECT bit_xor(hash(t)) FROM read_parquet({literal(str(path))}) t")
            except duckdb.Error:
                return InputError(f"{path.name}: is not a readable Parquet file")
        return None

    def _read(self, chosen: str, paths: list[Path]) -> None:
        """Take Parquet files of one layout as they lie; rows are only staged when some of them are none of the table."""
        listed = literal([str(path) for path in paths])
        stage = (
            f"(SELECT {chosen}, f.*, file_row_number + 1 AS _source_line FROM read_parquet({listed}, "
            f"file_row_number = true, filename = '_path') p JOIN {self.files} f ON f._source_file = parse_filename(p._path))"
        )
        native, present = self._natives[chosen]
        select = typed_select(self.dialect, self.target, stage, present, native)
        try:
            found = self.connection.execute(
                f"SELECT count(_kind), count(*) FILTER (len(_unreadable) > 0 OR len(_mended) > 0) FROM ({select})"
            ).fetchone()
            others, mended = found or (0, 0)
            if others:
                self.keep(select)
            else:
                is_clean = not mended
                self.direct.append(
                    f"({typed_select(self.dialect, self.target, stage, present, native, is_clean=is_clean)})"
                )
        except duckdb.Error as error:
            raise self.damaged() or error from None

    def _as_text(self, name: str, kind: str) -> str:
        cell = _quoted(name)
        if kind.startswith("TIMESTAMP"):
            return f"strftime({cell}, '%Y-%m-%d %H:%M:%S.%f')"
        text = f"nullif(trim({cell}::VARCHAR), '')"
        return (
            f"replace({text}, '.', '{self.dialect.decimal}')"
            if kind.startswith(("DECIMAL", "DOUBLE", "FLOAT"))
            else text
        )


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
