"""Read one file of the inbox, whatever its format and damage, into a header and blocks of text lines or cells.

A file that cannot be read is one clear InputError; a line that cannot be read is kept, marked, never dropped.
A text file is read block by block, so that its size does not matter.
"""

import codecs
import gzip
import hashlib
import re
import zlib
from collections import Counter
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import IO

import polars as pl

from fut.dialect import Dialect
from fut.errors import InputError
from fut.lines import LONGEST_CELL_LINES, records
from fut.table import HEADER_SEARCH_LINES, Table, find_header

LONGEST_LINE = 1_000_000
MOST_HEADER_LINES = HEADER_SEARCH_LINES * LONGEST_CELL_LINES
BLOCK_BYTES = 16 << 20
_CHUNK = 1 << 20
_LINE_END = re.compile(rb"\r\n|\n|\r(?!\Z)")
_UTF8_PAIR, _BEYOND_ASCII = re.compile(rb"[\xc2-\xf4][\x80-\xbf]"), re.compile(rb"[\x80-\xff][^\n]*")
_ZIP, _OLE, _PARQUET = b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"PAR1"


def file_digest(path: Path) -> str:
    """Return the SHA-256 of a file; raises InputError when it cannot be read."""
    try:
        with path.open("rb") as handle:
            return hashlib.file_digest(handle, "sha256").hexdigest()
    except OSError as error:
        raise InputError(f"{path.name}: cannot be read ({error.strerror})") from None


def read_table(path: Path, dialect: Dialect, wanted: list[str]) -> Table:
    """Open a CSV (also gzip), Excel or Parquet file, told apart by content; `wanted` are names of a header's cells."""
    if path.is_dir():
        raise InputError(f"{path.name}: is a directory, not a file")
    table = Table(path.name)
    try:
        with path.open("rb") as handle:
            start = handle.read(4)
    except OSError as error:
        raise InputError(f"{path.name}: cannot be read ({error.strerror})") from None
    if start in (_ZIP, _OLE):
        from fut.excel import read_excel

        read_excel(path, dialect.known_headers, wanted, table)
    elif start == _PARQUET:
        _read_parquet(path, table)
    else:
        _read_text(path, dialect, wanted, table)
    return table


def _read_text(path: Path, dialect: Dialect, wanted: list[str], table: Table) -> None:
    blocks = _blocks(path, dialect.encodings, table)
    first = next(blocks, None)
    if first is None:
        raise InputError(f"{path.name}: is empty")
    lines = first[1].split("\n", MOST_HEADER_LINES)
    top, found = lines[:MOST_HEADER_LINES], []
    for rank, delimiter in enumerate(dialect.delimiter):
        line, header, hits = find_header(list(records(top, delimiter, HEADER_SEARCH_LINES)), wanted)
        found.append((-hits, rank, delimiter, line, header))
    _, rank, table.delimiter, line, table.header = min(found)
    if not line:
        raise InputError(f"{path.name}: has no rows")
    if rank:
        table.repaired("", "other_delimiter")
    table.header_line = line + sum(cell.count("\n") for cell in table.header)
    table.repaired("", "lines_before_header", sum(1 for text in top[: line - 1] if text.strip()))
    rest = [(table.header_line + 1, "\n".join(lines[table.header_line :]))] if len(lines) > table.header_line else []
    table.blocks = chain(rest, blocks)


def _read_parquet(path: Path, table: Table) -> None:
    try:
        table.header = list(pl.read_parquet_schema(path))
    except (OSError, pl.exceptions.PolarsError):
        raise InputError(f"{path.name}: is not a readable Parquet file") from None
    table.is_parquet = True


def _blocks(path: Path, encodings: tuple[str, ...], table: Table) -> Iterator[tuple[int, str]]:
    """Yield (number of the first line, lines parted by \\n) of text free of NUL bytes and byte order marks."""
    line, rest, seen = 1, b"", Counter[str]()
    pieces = _transcoded(path, table)
    following = next(pieces, None)
    while following is not None:
        chunk, following = following, next(pieces, None)
        raw, is_last = rest + chunk, following is None
        cut = len(raw) if is_last else max(raw.rfind(b"\n"), raw.rfind(b"\r", 0, len(raw) - 1)) + 1
        if len(raw) - cut > LONGEST_LINE:
            at = line + len(_LINE_END.findall(raw))
            raise InputError(f"{path.name} line {at}: longer than {LONGEST_LINE} characters, not a table")
        whole, rest = raw[:cut], raw[cut:]
        if not whole:
            continue
        text = _decode(path.name, whole, encodings, seen, line)
        for mark, kind in (("\0", "nul_bytes_removed"), ("\ufeff", "byte_order_marks_removed")):
            if mark in text:
                table.repaired("", kind, text.count(mark))
                text = text.replace(mark, "")
        if "\r" in text:
            text = text.replace("\r\n", "\n").replace("\r", "\n")
        text = text.removesuffix("\n")
        if line > 1 or (text and not text.isspace()):
            yield line, text
        line += text.count("\n") + 1
    if seen["own"]:
        table.repaired("", "lines_in_another_encoding", seen["other"])
    elif seen["other"]:
        table.repaired("", f"encoding_{encodings[-1]}")


def _transcoded(path: Path, table: Table) -> Iterator[bytes]:
    """Yield the file's bytes, UTF-16 turned into UTF-8, in pieces of a block's size."""
    stream = _unpacked(path)
    first = next(stream, b"")
    if first.startswith((_ZIP, _OLE, _PARQUET)):
        raise InputError(f"{path.name}: holds a workbook or Parquet file, packed once more; deliver it unpacked")
    name = _utf16(first)
    if name is None:
        yield first.removeprefix(codecs.BOM_UTF8)
        yield from stream
        return
    table.repaired("", "encoding_utf-16")
    decoder = codecs.getincrementaldecoder(name)()
    try:
        for chunk in chain([first], stream):
            yield decoder.decode(chunk).removeprefix("\ufeff").encode()
        decoder.decode(b"", final=True)
    except UnicodeError:
        raise InputError(f"{path.name}: is not whole UTF-16 text") from None


def _utf16(start: bytes) -> str | None:
    if start[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return "utf-16"
    even, odd = start[:400:2].count(0), start[1:400:2].count(0)
    half = min(len(start), 400) // 4
    return "utf-16-le" if odd > half > even else "utf-16-be" if even > half > odd else None


def _unpacked(path: Path) -> Iterator[bytes]:
    """Yield the file's bytes, decompressed, and stop at a line too long to be a row before memory runs out."""
    try:
        with path.open("rb") as plain:
            is_gzip = plain.read(2) == b"\x1f\x8b"
            plain.seek(0)
            with gzip.open(plain) if is_gzip else plain as stream:
                yield from _by_blocks(stream)
    except (EOFError, zlib.error, gzip.BadGzipFile):
        raise InputError(f"{path.name}: the gzip file is damaged or cut off") from None
    except OSError as error:
        raise InputError(f"{path.name}: cannot be read ({error.strerror})") from None


def _by_blocks(stream: IO[bytes] | gzip.GzipFile) -> Iterator[bytes]:
    pieces: list[bytes] = []
    size = since_end = 0
    while chunk := stream.read(_CHUNK):
        pieces.append(chunk)
        size += len(chunk)
        last = max(chunk.rfind(b"\n"), chunk.rfind(b"\r"))
        since_end = since_end + len(chunk) if last < 0 else len(chunk) - last - 1
        if size >= BLOCK_BYTES or since_end > LONGEST_LINE:
            yield b"".join(pieces)
            pieces, size = [], 0
    yield b"".join(pieces)


def _decode(name: str, raw: bytes, encodings: tuple[str, ...], seen: Counter[str], first_line: int) -> str:
    """Return the text; bytes that are not the first encoding are read line by line in the others.

    `seen` counts lines with other than ASCII signs: in the dialect's own encoding, or in an other.
    """
    try:
        text = raw.decode(encodings[0])
        seen["own"] += not raw.isascii()
        return text
    except UnicodeDecodeError:
        pass
    if encodings[0].startswith("utf-8") and len(encodings) == 2 and not _UTF8_PAIR.search(raw):
        # no line that is not plain ASCII can be of the first encoding
        try:
            text = raw.decode(encodings[1])
            seen["other"] += len(_BEYOND_ASCII.findall(raw))
            return text
        except UnicodeDecodeError:
            pass
    found = []
    for number, line in enumerate(raw.split(b"\n"), first_line):
        for rank, encoding in enumerate(encodings):
            try:
                found.append(line.decode(encoding))
            except UnicodeDecodeError:
                continue
            seen["other" if rank else "own"] += not line.isascii()
            break
        else:
            raise InputError(f"{name} line {number}: is not text in {' or '.join(encodings)}")
    return "\n".join(found)
