"""Put shifted cells back: a row is right when its date, amount and account read right in their own columns.

Of several ways that give a right row, the one is taken whose cells look most like those of their columns: words the
file's other rows have in that column, digits in numbers, letters in names.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import combinations

import polars as pl

from fut.contract import Contract
from fut.dialect import Dialect
from fut.money import AmountError, parse_amount

DELIMITERS = ",;\t|"
MOST_EXTRA_CELLS = 4
MOST_MISSING_CELLS = 2
SAMPLE_ROWS = 5000
PATIENCE = 300
CLEARLY = 2
_MOVES = ("gap", "cells_moved")
_NUMBERED = ("_no", "_ref", "_id", "ocr")
_NAMED = ("_name", "_text", "department", "category", "text")


@dataclass
class Form:
    """What rows of one file look like: where its columns lie and which words its columns use again and again.

    `patience` is how many rows in vain are looked at for moved cells, which is slow.
    """

    width: int
    mapped: dict[str, int]
    dialect: Dialect
    target: Contract
    sample: pl.DataFrame = field(default_factory=pl.DataFrame)
    patience: int = PATIENCE
    _words: dict[str, set[str]] | None = None

    def words(self) -> dict[str, set[str]]:
        """Return for each column the words that several of the sampled rows have."""
        if self._words is None:
            self._words = {}
            for name, position in self.mapped.items():
                if f"c{position}" in self.sample.columns:
                    counted = self.sample[f"c{position}"].head(SAMPLE_ROWS).value_counts()
                    self._words[name] = set(counted.filter(pl.col("count") > 1)[f"c{position}"].drop_nulls()) - {""}
        return self._words

    def is_row(self, cells: list[str]) -> bool:
        """Whether cells are a whole row whose amounts and dates read right."""
        return len(cells) == self.width and self.fits(cells)

    def fits(self, cells: list[str]) -> bool:
        """Whether required cells hold something and amounts, dates and accounts read right where they are."""
        if not any(cell.strip() for cell in cells):
            return False
        for column in self.target.columns:
            if column.name not in self.mapped or not column.required:
                continue
            text = cells[self.mapped[column.name]].strip()
            test = _TESTS.get(column.physical_type)
            if not text or (test and not test(text, self.dialect)):
                return False
            if column.name == "account_no" and not re.search(r"\d", text):
                return False
        return True

    def likeness(self, cells: list[str]) -> int:
        """Return how much the cells look like those of their columns; higher is more."""
        score, words = 0, self.words()
        for name, position in self.mapped.items():
            text = cells[position].strip()
            if not text:
                continue
            score += 2 * (text in words.get(name, ()))
            has_digit, has_letter = bool(re.search(r"\d", text)), bool(re.search(r"[^\W\d_]{2}", text))
            if name.endswith(_NUMBERED):
                score += 1 if has_digit and self.dialect.delimiter[0] not in text else -1
            elif name.endswith(_NAMED):
                score += 1 if has_letter else -1
        return score


def realign(cells: list[str], form: Form) -> tuple[list[str], str | None]:
    """Return (cells of the form's width, kind of repair or None).

    Tried: the row as it is; empty cells at its end cut off or put there; neighbours joined (a delimiter inside an
    unquoted text); cells moved, where that makes the row look clearly more like the others: an amount that is missing
    is never taken from another column. A row nothing mends is padded or squeezed and left to its contract to judge.
    """
    if form.is_row(cells):
        return cells, None
    plain = _squeezed(cells, form)
    enough = form.likeness(plain) + CLEARLY
    best: tuple[int, int, list[str], str] | None = None
    for order, (candidate, kind) in enumerate(_candidates(cells, form)):
        if form.fits(candidate):
            # a delimiter inside a text is followed by a blank more often than not
            score = form.likeness(candidate) + sum(f"{form.dialect.delimiter[0]} " in cell for cell in candidate)
            if kind in _MOVES and score < enough:
                continue
            rated = (score - 3 * (kind == "cells_moved"), -order, candidate, kind)
            best = rated if best is None or rated[:2] > best[:2] else best
    if best:
        return best[2], "shifted_columns" if best[3] in _MOVES else best[3]
    form.patience -= 1
    return plain, None if len(cells) == form.width else "cells_missing_or_extra"


def recut(cells: list[str], form: Form, delimiter: str, header: list[str]) -> tuple[list[str], str] | None:
    """Return the cells, and the kind of repair, of a line that is whole by another delimiter than its file's; else None."""
    line = delimiter.join(cells)
    for other in DELIMITERS:
        again = line.split(other) if other != delimiter and len(cells) < form.width else []
        if len(again) == form.width and (form.is_row(again) or again == header):
            return again, "other_delimiter"
    return None


def _squeezed(cells: list[str], form: Form) -> list[str]:
    if len(cells) <= form.width:
        return [*cells, *[""] * (form.width - len(cells))]
    rest = [cell for cell in cells[form.width - 1 :] if cell.strip()]
    return [*cells[: form.width - 1], form.dialect.delimiter[0].join(rest)]


def _candidates(cells: list[str], form: Form) -> Iterator[tuple[list[str], str]]:
    width, extra = form.width, len(cells) - form.width
    if extra > 0 and not any(cell.strip() for cell in cells[width:]):
        yield cells[:width], "empty_cells_cut"
    if -MOST_MISSING_CELLS <= extra < 0:
        yield [*cells, *[""] * -extra], "cells_missing"
    if 0 < extra <= MOST_EXTRA_CELLS:
        for start in range(width):
            joined = form.dialect.delimiter[0].join(cells[start : start + extra + 1])
            yield [*cells[:start], joined, *cells[start + extra + 1 :]], "shifted_columns"
    if -MOST_MISSING_CELLS <= extra <= 0:
        yield from _with_a_gap(cells, -extra)
        if form.patience > 0:
            yield from _with_a_move(cells, -extra)


def _with_a_gap(cells: list[str], absent: int) -> Iterator[tuple[list[str], str]]:
    """Yield rows with empty cells put in, as many as are absent; or one, where the last or another cell is empty."""
    width, free = len(cells) + absent, absent or 1
    padded = [*cells, *[""] * absent]
    if not any(cell.strip() for cell in padded[width - free :]):
        for places in combinations(range(width), free):
            yield _put_gaps(padded, places)[:width], "gap"
    for start in range(width):
        if not absent and padded[start].strip() == "":
            yield [*padded[:start], *padded[start + 1 :], ""], "gap"


def _with_a_move(cells: list[str], absent: int) -> Iterator[tuple[list[str], str]]:
    """Yield rows with one cell moved to the left, and an empty cell put in where one is absent."""
    width = len(cells) + absent
    for source in range(len(cells)):
        if not cells[source].strip():
            continue
        others = [*cells[:source], *cells[source + 1 :]]
        for target in range(source):
            moved = [*others[:target], cells[source], *others[target:]]
            if not absent:
                yield moved, "cells_moved"
            for gap in range(width) if absent == 1 else ():
                yield _put_gaps(moved, (gap,))[:width], "cells_moved"


def _put_gaps(cells: list[str], places: tuple[int, ...]) -> list[str]:
    filled = list(cells)
    for place in places:
        filled.insert(place, "")
    return filled


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
