"""Stage the text cells of many files at once: DuckDB parses what is plainly one line per row, Python the rest.

Every line keeps its file and number. A line with another number of cells than the header, or whose amount or date
reads like something else, is put right by `realign` or kept as it is for the contract to judge.
"""

import csv
from pathlib import Path

import duckdb
import polars as pl

from fut.contract import Contract
from fut.dialect import Dialect, normal
from fut.reading import Table, parse_rows, read_table
from fut.realign import realign

Layout = tuple[int, tuple[tuple[str, int], ...]]


class Stager:
    """Fills the temporary table `stage`; `tables` holds each file's header and repairs by its number."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, dialect: Dialect, target: Contract, folder: Path) -> None:
        self.connection, self.dialect, self.target, self.folder = connection, dialect, target, folder
        self.tables: dict[int, Table] = {}
        self._paths: dict[int, Path] = {}
        self._plain: dict[Layout, Path] = {}
        self._wanted = list(dialect.known_headers) if dialect.columns else [normal(c) for c in target.names]

    def add(self, number: int, path: Path) -> Table:
        """Read one file and set its rows up for staging; raises InputError or ConfigError naming the file."""
        table = read_table(path, self.dialect, self._wanted)
        mapped = self.dialect.map_header(table.header, self.target)
        if self.dialect.missing(mapped, self.target):
            raise self.dialect.explain_mismatch(path.name, table.header, self.target)
        self.tables[number], self._paths[number] = table, path
        if table.is_typed:
            self._add_parquet(number, path, table, mapped)
        elif table.text is None or not self._add_plain(number, table, mapped):
            self._add_rows(number, table, mapped, list(parse_rows(table, self.dialect)))
        table.text, table.rows = None, []
        return table

    def finish(self) -> None:
        """Let DuckDB parse the plain lines of all files, layout by layout, then look at doubtful rows again."""
        for (width, mapped), path in self._plain.items():
            names = ", ".join(f"'c{i}': 'VARCHAR'" for i in range(width))
            chosen = ", ".join(f'c{position} AS "{name}"' for name, position in mapped)
            self.connection.execute(
                f"INSERT INTO stage BY NAME SELECT {chosen}, _file, _source_line FROM read_csv('{path}', header = false, "
                f"auto_detect = false, columns = {{'_file': 'INTEGER', '_source_line': 'BIGINT', {names}}}, delim = "
                f"'{self.dialect.delimiter}', quote = '\"', escape = '\"', max_line_size = 2000000)"
            )
            path.unlink()
        self._realign_doubtful()

    def _add_plain(self, number: int, table: Table, mapped: dict[str, int]) -> bool:
        """Write a file's plain lines where DuckDB will read them; False when a quoted cell spans lines."""
        text = (table.text or "").replace("\r\n", "\n").replace("\r", "\n")
        width, delimiter = len(table.header), self.dialect.delimiter
        plain: list[str] = []
        ragged: list[tuple[int, list[str]]] = []
        for line, content in enumerate(text.split("\n")[table.header_line :], start=table.header_line + 1):
            if '"' in content:
                if content.count('"') % 2:
                    return False
                cells = next(csv.reader([content], delimiter=delimiter))
                if len(cells) != width:
                    ragged.append((line, cells))
                    continue
            elif content.count(delimiter) != width - 1:
                if content.strip():
                    ragged.append((line, content.split(delimiter)))
                continue
            plain.append(f"{number}{delimiter}{line}{delimiter}{content}\n")
        layout = (width, tuple(mapped.items()))
        path = self._plain.setdefault(layout, self.folder / f"plain{len(self._plain)}.csv")
        with path.open("a", encoding="utf-8", newline="") as handle:
            handle.writelines(plain)
        self._add_rows(number, table, mapped, ragged)
        return True

    def _add_rows(self, number: int, table: Table, mapped: dict[str, int], rows: list[tuple[int, list[str]]]) -> None:
        if not rows:
            return
        width = len(table.header)
        columns: dict[str, list[str]] = {name: [] for name in mapped}
        lines = []
        for line, cells in rows:
            fixed, kind = realign(cells, width, mapped, self.dialect, self.target)
            if kind:
                table.repaired("", kind)
            lines.append(line)
            for name, position in mapped.items():
                columns[name].append(fixed[position])
        schema = {**dict.fromkeys(columns, pl.String), "_file": pl.Int32, "_source_line": pl.Int64}
        frame = pl.DataFrame({**columns, "_file": [number] * len(lines), "_source_line": lines}, schema=schema)
        self.connection.register("one_frame", frame)
        self.connection.execute("INSERT INTO stage BY NAME SELECT * FROM one_frame")
        self.connection.unregister("one_frame")

    def _add_parquet(self, number: int, path: Path, table: Table, mapped: dict[str, int]) -> None:
        quoted = str(path).replace("'", "''")
        chosen = ", ".join(f'"{table.header[position]}"::VARCHAR AS "{name}"' for name, position in mapped.items())
        self.connection.execute(
            f"INSERT INTO stage BY NAME SELECT {chosen}, {number} AS _file, file_row_number + 1 AS _source_line "
            f"FROM read_parquet('{quoted}', file_row_number = true)"
        )

    def _realign_doubtful(self) -> None:
        """Realign staged rows of the right width in which an amount or date cell holds something else."""
        doubts = []
        for column in self.target.columns:
            cell = f'trim("{column.name}")'
            if column.required and column.name in self.dialect.columns:
                if column.physical_type.startswith("DECIMAL"):
                    doubts.append(f"regexp_matches({cell}, '[A-Za-zÅÄÖåäö]|^[^0-9]+$|\\d[-/]\\d')")
                elif column.physical_type == "DATE":
                    doubts.append(f"regexp_matches({cell}, '^[^0-9]|^[0-9]*[.,][0-9]+$|^\\d{{1,5}}$')")
        if not doubts:
            return
        found = self.connection.execute(
            f"SELECT _file, list(_source_line) FROM stage WHERE {' OR '.join(doubts)} GROUP BY 1 ORDER BY 1"
        ).fetchall()
        for number, lines in found:
            table = read_table(self._paths[number], self.dialect, self._wanted)
            mapped, width, wrong = self.dialect.map_header(table.header, self.target), len(table.header), set(lines)
            rows = [(line, cells) for line, cells in parse_rows(table, self.dialect) if line in wrong]
            mended = [
                r for r in rows if realign(r[1], width, mapped, self.dialect, self.target)[1] == "shifted_columns"
            ]
            if mended:
                listed = ", ".join(str(line) for line, _ in mended)
                self.connection.execute(f"DELETE FROM stage WHERE _file = {number} AND _source_line IN ({listed})")
                self._add_rows(number, self.tables[number], mapped, mended)
