"""Rows whose every cell reads plainly: typed whole columns at a time, with the result `staging` has for their text.

A cell is plain when it is written the usual way of its column, so that nothing has to be mended to read it. The rows
that hold any other cell, or may be none of the table, are left as text for the careful way.
"""

import re
from dataclasses import dataclass

import polars as pl

from fut.cell_source import hidden_as
from fut.cell_value import FALSE_WORDS, IDENTIFIERS, TRUE_WORDS, moment_formats
from fut.contract import Column, Contract
from fut.dialect import Dialect
from fut.row_kind import surely_row
from fut.staging import elsewhere

LEAST_PLAIN_SHARE = 0.5
"""A column with fewer plain cells is left to the careful way, and so is a batch with fewer plain rows."""
MOST_FORMATS = 3

_CLASS = re.compile(r"\\[A-Za-z]")
"""Classes of signs, such as \\d and \\w, hold more here than in DuckDB."""
_PARTS = {
    "Y": "[1-9][0-9]{3}",
    "m": "[01][0-9]",
    "d": "[0-3][0-9]",
    "H": "[0-2][0-9]",
    "M": "[0-5][0-9]",
    "S": "[0-5][0-9]",
}
_NUMBERS: dict[str, pl.DataType] = {"INTEGER": pl.Int32(), "BIGINT": pl.Int64(), "DOUBLE": pl.Float64()}


@dataclass(frozen=True)
class Parted:
    """Rows of a batch: `plain` ones, whose columns `settled` hold what they say, and `odd` ones as text."""

    plain: pl.DataFrame
    odd: pl.DataFrame
    settled: frozenset[str] = frozenset()


def part(dialect: Dialect, target: Contract, cells: pl.DataFrame) -> Parted:
    """Part rows of trimmed text, null where empty; columns are those a file maps, `_file` and `_source_line`."""
    present = {name for name in cells.columns if not name.startswith("_")}
    certain = surely_row(dialect, target, present)
    if certain is None or dialect.row_digest or not cells.height:
        return Parted(cells.clear(), cells)
    is_plain = cells.select(certain.fill_null(value=False).alias("is_plain"))["is_plain"]
    found: dict[str, pl.Series] = {}
    apart = elsewhere(dialect)
    for column in target.columns:
        if column.name in present and column.name not in apart:
            read = _read(dialect, column, cells[column.name])
            if read is not None:
                found[column.name] = read[0]
                is_plain &= read[1]
    if _share(is_plain) < LEAST_PLAIN_SHARE:
        return Parted(cells.clear(), cells)
    typed = cells.with_columns(**found)
    if is_plain.all():
        return Parted(typed, cells.clear(), frozenset(found))
    return Parted(typed.filter(is_plain), cells.filter(~is_plain), frozenset(found))


def _read(dialect: Dialect, column: Column, cells: pl.Series) -> tuple[pl.Series, pl.Series] | None:
    """Return what plain cells say and which are plain; None when too few are."""
    kind = column.physical_type
    if hidden := dialect.hidden.get(column.name):
        whole = "|".join(f"(?:{pattern})" for pattern in hidden)
        if kind != "VARCHAR" or _CLASS.search(whole):
            return None
        cells = cells.set(cells.str.contains(f"^(?:{whole})$"), hidden_as(column.name))
    if kind == "VARCHAR":
        values, good = _words(dialect, column, cells)
    elif kind in ("DATE", "TIMESTAMP"):
        values, good = _moments(dialect, kind, cells)
    elif kind == "BOOLEAN":
        lower = cells.str.to_lowercase()
        values, good = lower.is_in(TRUE_WORDS), lower.is_in([*TRUE_WORDS, *FALSE_WORDS])
    elif scale := re.fullmatch(r"DECIMAL\((\d+),(\d+)\)", kind):
        size, places = int(scale[1]), int(scale[2])
        good = cells.str.contains(rf"^-?[0-9]{{1,{size - places}}}(?:[{dialect.decimal}][0-9]{{1,{places}}})?$")
        values = cells.set(~good, None).str.replace(dialect.decimal, ".", literal=True).str.to_decimal(scale=places)
        values = values.cast(pl.Decimal(size, places))
    elif kind in _NUMBERS:
        values = cells.cast(_NUMBERS[kind], strict=False)
        good = values.is_finite()
    else:
        return None
    is_empty = cells.is_null()
    good = good.fill_null(value=False) | is_empty
    if column.name == "booking_date":
        good &= ~is_empty  # such a row takes the date of its file's period
    return (values, good) if _share(good) >= LEAST_PLAIN_SHARE else None


def _share(flags: pl.Series) -> float:
    return int(flags.sum()) / len(flags)


def _words(dialect: Dialect, column: Column, cells: pl.Series) -> tuple[pl.Series, pl.Series]:
    good = pl.repeat(value=True, n=len(cells), eager=True)
    if column.name.endswith(IDENTIFIERS):
        # what a spreadsheet may have made of a number
        good = ~cells.str.contains(r"\.0|E\+")
    is_none = cells.is_in(dialect.empty)
    return (cells.set(is_none, None) if is_none.any() else cells), good


def _moments(dialect: Dialect, kind: str, cells: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Return moments written in full in any of the first formats met, where no other format reads them first."""
    formats = moment_formats(dialect, with_time=kind == "TIMESTAMP")
    into = pl.Datetime("us")
    values, good = pl.repeat(None, len(cells), dtype=into, eager=True), pl.repeat(value=False, n=len(cells), eager=True)
    is_left = cells.is_not_null()
    for _ in range(MOST_FORMATS):
        if not is_left.any():
            break
        first = str(cells[is_left.arg_true()[0]])
        form = next((f for f in formats if (pattern := _pattern(f)) and re.search(pattern, first)), None)
        if form is None or any(_signs(f) == _signs(form) for f in formats[: formats.index(form)]):
            break
        read = cells.str.to_datetime(form, time_unit="us", strict=False)
        fits = cells.str.contains(_pattern(form)) & read.is_not_null() & is_left
        values = read if fits.all() else read.zip_with(fits, values)
        good |= fits.fill_null(value=False)
        is_left &= ~good
    return values.cast(pl.Date) if kind == "DATE" else values, good


def _pattern(form: str) -> str:
    """Return the pattern of cells with every digit of a format; "" for a format that has no such."""
    parts = re.split("%(.)", form)
    if any(part not in _PARTS for part in parts[1::2]):
        return ""
    return "^" + "".join(_PARTS[part] if i % 2 else re.escape(part) for i, part in enumerate(parts)) + "$"


def _signs(form: str) -> str:
    """Return what stands between the numbers of a format: two formats that differ here never read the same cell."""
    return re.sub("%.", "0", form)
