"""Read one file of the inbox into text cells with their line numbers, whatever its format and damage.

A file that cannot be read is one clear InputError; a line that cannot be read is kept, marked, never dropped.
"""

import csv
import gzip
import hashlib
import io
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from fut.dialect import Dialect
from fut.errors import InputError

LONGEST_LINE = 1_000_000
HEADER_SEARCH_LINES = 25
_CHUNK = 1 << 20


@dataclass
class Table:
    """A file's cells: header, rows as (line, cells), and what was repaired while reading."""

    file: str
    header: list[str]
    header_line: int
    rows: list[tuple[int, list[str]]] = field(default_factory=list)
    text: str | None = None
    repairs: dict[tuple[str, str], int] = field(default_factory=dict)
    is_typed: bool = False

    def repaired(self, column: str, kind: str, rows: int = 1) -> None:
        """Count a repair."""
        if rows:
            self.repairs[column, kind] = self.repairs.get((column, kind), 0) + rows


def file_digest(path: Path) -> str:
    """Return the SHA-256 of a file; raises InputError when it cannot be read."""
    try:
        with path.open("rb") as handle:
            return hashlib.file_digest(handle, "sha256").hexdigest()
    except OSError as error:
        raise InputError(f"{path.name}: cannot be read ({error.strerror})") from None


def read_table(path: Path, dialect: Dialect, wanted: list[str]) -> Table:
    """Read a CSV (also gzip), Excel or Parquet file; `wanted` are header names that tell the header's line."""
    if path.is_dir():
        raise InputError(f"{path.name}: is a directory, not a file")
    suffixes = "".join(path.suffixes).lower()
    if suffixes.endswith((".xlsx", ".xlsm", ".xls")):
        return _from_rows(path.name, _excel_rows(path, dialect), wanted)
    if suffixes.endswith(".parquet"):
        return _parquet(path)
    return _csv(path, dialect, wanted)


def parse_rows(table: Table, dialect: Dialect) -> Iterator[tuple[int, list[str]]]:
    """Yield every row after the header of a CSV text as (line, cells); raises InputError naming the line."""
    if table.text is None:
        yield from table.rows
        return
    reader = csv.reader(io.StringIO(table.text, newline=""), delimiter=dialect.delimiter)
    start = 1
    try:
        for cells in reader:
            if start > table.header_line:
                yield start, cells
            start = reader.line_num + 1
    except csv.Error:
        raise InputError(f"{table.file} line {start}: a quoted cell never ends") from None


def _csv(path: Path, dialect: Dialect, wanted: list[str]) -> Table:
    raw = _bytes(path)
    if not raw.strip():
        raise InputError(f"{path.name}: is empty")
    text, encoding = _decode(path.name, raw, dialect.encodings)
    table = Table(path.name, [], 0, text=text)
    if encoding != dialect.encodings[0]:
        table.repaired("", f"encoding_{encoding}")
    if "\0" in text:
        table.repaired("", "nul_bytes_removed", text.count("\0"))
        table.text = text = text.replace("\0", "")
    head = io.StringIO(text, newline="")
    lines = csv.reader(head, delimiter=dialect.delimiter)
    candidates = []
    try:
        for cells in lines:
            candidates.append((lines.line_num, cells))
            if len(candidates) >= HEADER_SEARCH_LINES:
                break
    except csv.Error:
        raise InputError(f"{path.name} line {lines.line_num}: a quoted cell never ends") from None
    table.header_line, table.header = _find_header(path.name, candidates, wanted)
    return table


def _bytes(path: Path) -> bytes:
    """Return the file's bytes, decompressed; stops at a line too long to be a row before memory runs out."""
    chunks: list[bytes] = []
    since_newline, line = 0, 1
    try:
        with path.open("rb") as plain:
            is_gzip = plain.read(2) == b"\x1f\x8b"
            plain.seek(0)
            stream = gzip.open(plain) if is_gzip else plain
            while chunk := stream.read(_CHUNK):
                chunks.append(chunk)
                last = chunk.rfind(b"\n")
                since_newline = len(chunk) - last - 1 if last >= 0 else since_newline + len(chunk)
                line += chunk.count(b"\n")
                if since_newline > LONGEST_LINE:
                    raise InputError(f"{path.name} line {line}: longer than {LONGEST_LINE} characters, not a table")
    except (EOFError, zlib.error, gzip.BadGzipFile):
        raise InputError(f"{path.name}: the gzip file is damaged or cut off") from None
    except OSError as error:
        raise InputError(f"{path.name}: cannot be read ({error.strerror})") from None
    return b"".join(chunks)


def _decode(name: str, raw: bytes, encodings: tuple[str, ...]) -> tuple[str, str]:
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encodings = ("utf-16",)
    position = 0
    for encoding in encodings:
        try:
            return raw.decode(encoding), encoding
        except UnicodeDecodeError as error:
            position = max(position, error.start)
    line = raw.count(b"\n", 0, position) + 1
    raise InputError(f"{name} line {line}: is not text in {' or '.join(encodings)}")


def _find_header(name: str, candidates: list[tuple[int, list[str]]], wanted: list[str]) -> tuple[int, list[str]]:
    from fut.dialect import normal

    known = set(wanted)
    best, score = None, 0
    for line, cells in candidates:
        hits = len({normal(c) for c in cells} & known)
        if hits > score:
            best, score = (line, cells), hits
    if best is None:
        first = next((c for c in candidates if any(x.strip() for x in c[1])), None)
        if first is None:
            raise InputError(f"{name}: has no rows")
        return first
    return best


def _from_rows(name: str, rows: list[list[str]], wanted: list[str]) -> Table:
    numbered = list(enumerate(rows, start=1))
    if not numbered:
        raise InputError(f"{name}: is empty")
    line, header = _find_header(name, numbered[:HEADER_SEARCH_LINES], wanted)
    return Table(name, header, line, rows=numbered[line:])


def _excel_rows(path: Path, dialect: Dialect) -> list[list[str]]:
    import fastexcel

    try:
        book = fastexcel.read_excel(str(path))
        frames = [
            book.load_sheet(i, header_row=None, schema_sample_rows=0).to_polars() for i in range(len(book.sheet_names))
        ]
    except Exception as error:  # the reader raises its own unrelated classes for every kind of damage
        reason = str(error).splitlines()[0][:80]
        raise InputError(f"{path.name}: is not a readable Excel file ({reason})") from None
    rows: list[list[str]] = []
    for frame in frames:
        rows += [[_excel_cell(cell, dialect) for cell in row] for row in frame.iter_rows()]
    return rows


def _excel_cell(cell: object, dialect: Dialect) -> str:
    if cell is None:
        return ""
    text = str(cell)
    if isinstance(cell, float):
        text = str(int(cell)) if cell.is_integer() else repr(cell)
    if re.fullmatch(r"-?\d+\.\d+([eE][-+]?\d+)?", text):
        # Excel stores numbers, not their look: a plain number is put into the dialect's own writing
        return f"{float(text):.10f}".rstrip("0").rstrip(".").replace(".", dialect.decimal)
    return text


def _parquet(path: Path) -> Table:
    import duckdb

    try:
        with duckdb.connect() as connection:
            header = connection.execute("SELECT * FROM read_parquet(?) LIMIT 0", [str(path)]).description or []
    except duckdb.Error as error:
        raise InputError(f"{path.name}: is not a readable Parquet file ({str(error).splitlines()[0][:60]})") from None
    return Table(path.name, [c[0] for c in header], 0, is_typed=True)
