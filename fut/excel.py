"""Read an Excel workbook as sheets of text cells, merged cells filled in and numbers in the dialect's writing."""

import re
import zipfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree

import polars as pl

from fut.dialect import normal
from fut.errors import InputError
from fut.table import HEADER_SEARCH_LINES, Table, find_header

MOST_UNPACKED = 2 << 30
"""A workbook that unpacks to more bytes is refused: a full sheet of fifteen columns takes about a third of them."""
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_REL = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell ref="([A-Z]+)(\d+):([A-Z]+)(\d+)"')
_NUMBER = r"^-?[0-9]+\.[0-9]*[1-9]([eE][-+]?[0-9]+)?$"
# Excel keeps a time of day, and a length, as a part of its day nought
_CLOCK, _MIDNIGHT = r"^1899-12-31 ([0-9:]{8})", r"^1900-01-01 00:00:00$"


def read_excel(path: Path, known: dict[str, str], wanted: list[str], table: Table) -> None:
    """Fill `table` from every sheet that has the table's header, and those that go on with its rows.

    Columns of a later sheet are told by their header, whatever their order; `known` gives the column a header stands
    for. Raises InputError.
    """
    sheets = sheet_cells(path, lambda rows: table.repaired("", "rows_in_hidden_sheet", rows))
    tops = [
        find_header(
            [(i, [cell or "" for cell in row]) for i, row in enumerate(s.head(HEADER_SEARCH_LINES).rows(), 1)], wanted
        )
        for s in sheets
    ]
    if not any(line for line, _, _ in tops):
        raise InputError(f"{path.name}: is empty")
    best = max(range(len(sheets)), key=lambda i: (tops[i][2], tops[i][0] > 0, -i))
    parts = [i for i, (_, _, hits) in enumerate(tops) if i == best or (hits > 1 and 2 * hits > tops[best][2])]
    main, after, frames = parts[0], 0, []
    table.header_line, table.header = tops[main][0], list(tops[main][1])
    columns = _columns(table.header, known)
    width = len(columns)
    for i, (sheet, (line, header, hits)) in enumerate(zip(sheets, tops, strict=True)):
        numbered = sheet.with_columns(_source_line=pl.int_range(after + 1, after + 1 + sheet.height, dtype=pl.Int64))
        if i in parts:
            table.repaired("", "lines_before_header", _filled(sheet[: line - 1]))
            own = _columns(header, known)
            for column, cell in zip(own, header, strict=True):
                if cell.strip() and column not in columns:
                    columns.append(column)
                    table.header.append(cell)
            # the header of a later sheet is recognised as one that is repeated
            kept = numbered[line - (i != main) :].select(
                "_source_line", *(f"c{n}" for n, c in enumerate(own) if c in columns)
            )
            frames.append(kept.rename({f"c{n}": f"c{columns.index(c)}" for n, c in enumerate(own) if c in columns}))
        elif i < main or sheet.width != width:
            table.repaired("", "rows_in_sheet_without_header", _filled(sheet))
            continue
        elif hits > 1:
            raise InputError(f"{path.name}: sheet {i + 1} has another header than sheet {main + 1}, save it as a file")
        else:
            frames.append(numbered)
        after += sheet.height
    table.frame = pl.concat(frames, how="diagonal").select(*(f"c{n}" for n in range(len(columns))), "_source_line")


def _columns(header: list[str], known: dict[str, str]) -> list[str]:
    """Return what each cell of a header stands for; a second of the same, or one without a name, keeps its place."""
    named = [known.get(normal(cell), normal(cell)) for cell in header]
    return [name if name and named.index(name) == place else f"{name} {place}" for place, name in enumerate(named)]


def _filled(sheet: pl.DataFrame) -> int:
    return sheet.filter(pl.any_horizontal(pl.all().is_not_null())).height


def sheet_cells(path: Path, left_out: Callable[[int], None] = lambda rows: None) -> list[pl.DataFrame]:
    """Return each visible sheet as a frame of text cells c0, c1, ...; row 1 of the sheet is row 1 of the frame.

    A cell merged over several rows counts for each of them, except a number: an amount is never multiplied.
    Hidden sheets are left out, and `left_out` told how many rows each holds. Raises InputError.
    """
    import fastexcel

    if zipfile.is_zipfile(path) and _unpacked(path) > MOST_UNPACKED:
        raise InputError(f"{path.name}: unpacks to more than {MOST_UNPACKED >> 20} MB, deliver it as CSV")
    try:
        book = fastexcel.read_excel(str(path))
        sheets = [
            book.load_sheet(i, header_row=None, skip_rows=0, dtypes="string") for i in range(len(book.sheet_names))
        ]
        shown = [(i, sheet.to_polars()) for i, sheet in enumerate(sheets) if sheet.visible == "visible"]
        hidden = [sheet.to_polars() for sheet in sheets if sheet.visible != "visible"]
        merged = _merged_cells(path)
    except Exception:  # the reader raises its own unrelated classes for every kind of damage
        raise InputError(f"{path.name}: is not a readable Excel file (damaged, packed or with a password)") from None
    for sheet in hidden:
        left_out(_filled(sheet) if sheet.width else 0)
    frames = []
    for i, frame in shown:
        frame.columns = [f"c{position}" for position in range(frame.width)]
        clocks = pl.all().str.replace(_CLOCK, "$1").str.replace(_MIDNIGHT, "24:00:00")
        frames.append(_fill(frame.cast(pl.String).with_columns(clocks), merged.get(i, [])))
    return frames


def in_writing(frame: pl.DataFrame, names: list[str], decimal: str) -> pl.DataFrame:
    """Return the frame with plain numbers in columns of amounts put into the dialect's writing.

    Excel stores numbers, not their look. Text with a zero at its end is no number of Excel's and is left to the dialect.
    """
    return frame.with_columns(
        pl.when(pl.col(name).str.contains(_NUMBER))
        .then(pl.col(name).map_elements(lambda text: _plain(text, decimal), return_dtype=pl.String))
        .otherwise(pl.col(name))
        for name in names
    )


def _plain(text: str, decimal: str) -> str:
    if not re.match(_NUMBER, text):
        return text
    whole, _, part = format(Decimal(text), "f").partition(".")
    return whole + decimal + part


def _fill(frame: pl.DataFrame, areas: list[tuple[int, int, int, int]]) -> pl.DataFrame:
    """Give every row of a merged area the text of its first cell."""
    for top, left, bottom, _ in areas:
        if left < frame.width and top < frame.height and bottom > top:
            text = frame[top, left]
            if text and not re.match(r"^[-+]?[0-9]+([.,][0-9]+)?$", text):
                rows = pl.int_range(pl.len()).is_between(top, bottom)
                frame = frame.with_columns(
                    pl.when(rows).then(pl.lit(text)).otherwise(pl.col(f"c{left}")).alias(f"c{left}")
                )
    return frame


def _unpacked(path: Path) -> int:
    """Return how many bytes a workbook says that it unpacks to; 0 when its list of parts is damaged."""
    try:
        with zipfile.ZipFile(path) as package:
            return sum(part.file_size for part in package.infolist())
    except (zipfile.BadZipFile, OSError):
        return 0


def _merged_cells(path: Path) -> dict[int, list[tuple[int, int, int, int]]]:
    """Return (top, left, bottom, right) from zero of each merged area, by the sheet's place in the workbook."""
    if not zipfile.is_zipfile(path):
        return {}
    found = {}
    with zipfile.ZipFile(path) as package:
        related = ElementTree.fromstring(package.read("xl/_rels/workbook.xml.rels"))  # noqa: S314
        targets = {node.get("Id"): node.get("Target", "") for node in related}
        book = ElementTree.fromstring(package.read("xl/workbook.xml"))  # noqa: S314
        for i, sheet in enumerate(book.iter(f"{_MAIN}sheet")):
            target = targets.get(sheet.get(_REL), "").removeprefix("/xl/")
            if f"xl/{target}" in package.namelist():
                areas = _areas(package, f"xl/{target}")
                found[i] = [(int(t) - 1, _column(a), int(b) - 1, _column(z)) for a, t, z, b in areas]
    return found


def _areas(package: zipfile.ZipFile, name: str) -> list[tuple[bytes, bytes, bytes, bytes]]:
    found, window = set(), b""
    with package.open(name) as sheet:
        while chunk := sheet.read(1 << 20):
            window = window[-200:] + chunk
            found.update(_MERGED.findall(window))
    return sorted(found)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1
