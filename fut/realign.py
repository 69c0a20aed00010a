"""Put shifted cells back: a row is right when its date, amount and account read right in their own columns."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime

from fut.contract import Contract
from fut.dialect import Dialect
from fut.money import AmountError, parse_amount


def realign(
    cells: list[str], width: int, mapped: dict[str, int], dialect: Dialect, target: Contract
) -> tuple[list[str], str | None]:
    """Return (cells of the header's width, kind of repair or None).

    Tried in order: the row as it is; empty cells at its end cut off; two neighbours joined (a delimiter inside an
    unquoted text); an empty cell moved. A row nothing mends is padded or cut and left to its contract to judge.
    """
    if len(cells) == width and _fits(cells, mapped, dialect, target):
        return cells, None
    for candidate, kind in _candidates(cells, width, dialect.delimiter):
        if _fits(candidate, mapped, dialect, target):
            return candidate, kind
    return ([*cells, *[""] * width])[:width], "cells_missing_or_extra" if len(cells) != width else None


def _candidates(cells: list[str], width: int, delimiter: str) -> Iterator[tuple[list[str], str]]:
    extra = len(cells) - width
    if extra > 0 and not any(cell.strip() for cell in cells[width:]):
        yield cells[:width], "empty_cells_cut"
    if 0 < extra <= 4:
        for start in range(width):
            joined = f"{delimiter}".join(cells[start : start + extra + 1])
            yield [*cells[:start], joined, *cells[start + extra + 1 :]], "shifted_columns"
    if extra < 0:
        yield [*cells, *[""] * -extra], "cells_missing"
    if -2 <= extra <= 0:
        padded = [*cells, *[""] * -extra]
        for start in range(width):
            if padded[-1].strip() == "":
                yield [*padded[:start], "", *padded[start:-1]], "shifted_columns"
            if padded[start].strip() == "":
                yield [*padded[:start], *padded[start + 1 :], ""], "shifted_columns"


def _fits(cells: list[str], mapped: dict[str, int], dialect: Dialect, target: Contract) -> bool:
    for column in target.columns:
        if column.name not in mapped or not column.required:
            continue
        text = cells[mapped[column.name]].strip()
        test = _TESTS.get(column.physical_type)
        if test and text and not test(text, dialect):
            return False
        if test and not text and any(cell.strip() for cell in cells):
            return False
        if column.name == "account_no" and text and not re.search(r"\d", text):
            return False
    return True


def _is_amount(text: str, dialect: Dialect) -> bool:
    try:
        parse_amount(text, dialect.decimal, dialect.thousands)
    except AmountError:
        return False
    return True


def _is_date(text: str, dialect: Dialect) -> bool:
    for form in (*dialect.date_formats, "%Y-%m-%d"):
        try:
            datetime.strptime(text, form)  # noqa: DTZ007 a date has no zone
        except ValueError:
            continue
        return True
    return False


_TESTS: dict[str, Callable[[str, Dialect], bool]] = {"DECIMAL(14,2)": _is_amount, "DATE": _is_date}
