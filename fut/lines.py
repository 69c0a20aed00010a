"""Cut text into cells: at once where it has no quotation mark, line by line where it has.

A cell in quotation marks may hold delimiters and line ends. A quotation mark that nothing closes is taken for text, so
that it costs its own row's form and never the rows after it.
"""

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import polars as pl

LONGEST_CELL_LINES = 200
_BLANKS = " \t\v\f\r\x1c\x1d\x1e\x1f"
csv.field_size_limit(2_000_000)

IsRow = Callable[[list[str]], bool]


@dataclass
class Cut:
    """Rows of a block: `frame` with columns c0, c1, ... and _source_line; `ragged` rows; `rest` for the next block.

    `is_trim` tells that no cell of the frame can have a blank at its ends.
    """

    frame: pl.DataFrame
    ragged: list[tuple[int, list[str]]] = field(default_factory=list)
    rest: list[str] = field(default_factory=list)
    unbalanced: int = 0
    is_trim: bool = False


def records(lines: list[str], delimiter: str, limit: int) -> Iterator[tuple[int, list[str]]]:
    """Yield (line number from 1, cells) of the first `limit` records, where the number of cells is not known yet."""
    i = 0
    for _ in range(limit):
        if i >= len(lines):
            return
        end = _closing(lines, i) if lines[i].count('"') % 2 else None
        spanning = _strict("\n".join(lines[i : end + 1]), delimiter) if end else None
        yield i + 1, spanning or _parse(lines[i], delimiter)
        i = end + 1 if end and spanning else i + 1


def cut_text(text: str, first: int, delimiter: str, width: int, is_row: IsRow, is_last: bool) -> Cut:
    """Return the rows of a block as `cut_lines` does, at once where every line is plainly `width` cells."""
    frame = _plainly_cut(text, delimiter, width)
    if frame is None:
        return cut_lines(text.split("\n"), first, delimiter, width, is_row, is_last)
    return Cut(
        frame.with_columns(pl.int_range(first, first + frame.height, dtype=pl.Int64).alias("_source_line")),
        is_trim=text.isascii() and not any(blank in text for blank in _BLANKS),
    )


def _plainly_cut(text: str, delimiter: str, width: int) -> pl.DataFrame | None:
    """Return the cells of lines that have `width` each; None when any has another number, or quotation marks in it."""
    unquoted = _unquoted(text, delimiter) if '"' in text else text
    if width < 2 or not delimiter.isascii() or unquoted is None:
        return None
    try:
        frame = pl.read_csv(
            text.encode(),
            has_header=False,
            separator=delimiter,
            quote_char=None if unquoted is text else '"',
            schema=dict.fromkeys(names(width), pl.String),
            empty_string_is_null=False,
            extra_columns="raise",
            missing_columns="raise",
        )
    except pl.exceptions.PolarsError:
        return None
    # no line has a cell too many, so none has one too few
    return frame if unquoted.count(delimiter) == frame.height * (width - 1) else None


def _unquoted(text: str, delimiter: str) -> str | None:
    """Return what is outside of quotation marks; None unless each pair of them is around a whole cell of one line."""
    parts, edges = f"\n{text}\n".split('"'), ("\n", delimiter)
    outside, inside = parts[::2], parts[1::2]
    is_plain = len(parts) % 2 and all(part.endswith(edges) for part in outside[:-1])
    is_plain = is_plain and all(part.startswith(edges) for part in outside[1:])
    return "".join(outside) if is_plain and not any("\n" in cell for cell in inside) else None


def cut_lines(lines: list[str], first: int, delimiter: str, width: int, is_row: IsRow, is_last: bool) -> Cut:
    """Return the rows of a block whose first line has number `first`; a row is `width` cells.

    `is_row` tells whether cells look like a whole row of the table: a cell over several lines never swallows one. The
    lines of a cell that the block cuts off are given back in `rest`, unless it is the last block.
    """
    series = pl.Series("line", lines, dtype=pl.String)
    quoted = series.str.contains('"', literal=True)
    fitting = ~quoted & (series.str.count_matches(delimiter, literal=True) == width - 1)
    taken: set[int] = set()
    rows: list[tuple[int, list[str]]] = []
    cut = Cut(pl.DataFrame())
    marked = quoted.arg_true().to_list()
    odd = [i for i in marked if lines[i].count('"') % 2]
    for i in odd:
        if i in taken:
            continue
        end = _closing(lines, i)
        if end is None and not is_last and len(lines) - i <= LONGEST_CELL_LINES:
            cut.rest = lines[i:]
            taken.update(range(i, len(lines)))
            break
        cells = _spanning(lines, i, end, delimiter, width, is_row)
        if cells is None:
            cut.unbalanced += 1
            cells, end = lines[i].split(delimiter), i
        taken.update(range(i, (end or i) + 1))
        rows.append((i, cells))
    even = [i for i in marked if i not in taken]
    rows += zip(even, _parse_each([lines[i] for i in even], delimiter), strict=True)
    others = (~fitting & ~quoted).arg_true().to_list()
    rows += [(i, lines[i].split(delimiter)) for i in others if i not in taken and lines[i].strip()]
    cut.ragged = [(first + i, cells) for i, cells in sorted(rows) if len(cells) != width]
    numbers = pl.int_range(first, first + len(lines), dtype=pl.Int64, eager=True)
    if taken:
        fitting &= ~numbers.is_in([first + i for i in taken])
    plain = series.filter(fitting).str.split_exact(delimiter, width - 1).struct.unnest()
    plain.columns = names(width)
    whole = [(first + i, cells) for i, cells in rows if len(cells) == width]
    cut.frame = plain.with_columns(numbers.filter(fitting).alias("_source_line"))
    if whole:
        cut.frame = pl.concat([cut.frame, cell_frame(whole, width)])
    return cut


def names(width: int) -> list[str]:
    """Return the column names of a frame of cells."""
    return [f"c{i}" for i in range(width)]


def cell_frame(rows: list[tuple[int, list[str]]], width: int) -> pl.DataFrame:
    """Return rows of exactly `width` cells as a frame of cells."""
    columns = list(zip(*(cells for _, cells in rows), strict=True)) or [()] * width
    schema = dict.fromkeys(names(width), pl.String)
    frame = pl.DataFrame(dict(zip(names(width), map(list, columns), strict=True)), schema=schema)
    return frame.with_columns(pl.Series("_source_line", [line for line, _ in rows], dtype=pl.Int64))


def _closing(lines: list[str], start: int) -> int | None:
    """Return the next line with an odd number of quotation marks: where a cell opened at `start` may close."""
    stop = min(len(lines), start + LONGEST_CELL_LINES)
    return next((j for j in range(start + 1, stop) if lines[j].count('"') % 2), None)


def _spanning(
    lines: list[str], start: int, end: int | None, delimiter: str, width: int, is_row: IsRow
) -> list[str] | None:
    """Return the cells of a record over several lines; None when it is none: then the mark was a stray one."""
    if end is None or any(is_row(_alone(lines[j], delimiter)) for j in range(start + 1, end)):
        return None
    cells = _strict("\n".join(lines[start : end + 1]), delimiter)
    return cells if cells and len(cells) == width else None


def _alone(line: str, delimiter: str) -> list[str]:
    """Return the cells of a line as a record of its own; none when its quotation marks belong to lines around it."""
    return (_strict(line, delimiter) or []) if '"' in line else line.split(delimiter)


def _strict(record: str, delimiter: str) -> list[str] | None:
    try:
        return next(csv.reader([record], delimiter=delimiter, strict=True), None)
    except csv.Error:
        return None


def _parse(record: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([record], delimiter=delimiter), [])
    except csv.Error:
        return record.split(delimiter)


def _parse_each(lines: list[str], delimiter: str) -> list[list[str]]:
    """Return the cells of lines with an even number of quotation marks, each a record of its own."""
    try:
        read = list(csv.reader(lines, delimiter=delimiter))
    except csv.Error:
        read = []
    return read if len(read) == len(lines) else [_parse(line, delimiter) for line in lines]
