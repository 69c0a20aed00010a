"""Which rows a month's detector learns from: a capped trailing sample, the same whether one month is run or a hundred.

Months of one calendar quarter share a detector. It learns from at most 20 000 payments, drawn by a seeded hash, of
the 12 months before the quarter; where those hold fewer than 500, each month learns from its own payments.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fut.period import add_months, month_index

SAMPLE_ROWS = 20_000
LEAST_ROWS = 500
TRAILING_MONTHS = 12


@dataclass(frozen=True)
class Fit:
    """Months (as month_index) that share a detector, and the positions of the rows it learns from, in drawn order."""

    months: tuple[int, ...]
    rows: NDArray[np.intp]
    start: int


def quarter_start(month: int) -> int:
    """Return the month_index of the first month of the month's calendar quarter."""
    return month - month % 3


def months_needed(months: Iterable[str]) -> list[str]:
    """Return the months themselves and those their detectors learn from, sorted."""
    wanted = set(months)
    for month in tuple(wanted):
        first = -(month_index(month) % 3)
        wanted |= {add_months(month, first - back) for back in range(1, TRAILING_MONTHS + 1)}
        wanted |= {add_months(month, back) for back in range(first, 0)}
    return sorted(wanted)


def fits(booked: NDArray[np.int64], draw: NDArray[np.uint64], months: Iterable[str]) -> Iterator[Fit]:
    """Yield the fits that the months need, in order.

    `booked` is the month_index of every row, `draw` its place in the seeded lottery; both of shape (rows,).
    """
    order = np.argsort(booked, kind="stable")
    ordered = booked[order]

    def rows_of(first: int, after: int) -> NDArray[np.intp]:
        low, high = np.searchsorted(ordered, [first, after])
        rows = order[low:high]
        return rows[np.argsort(draw[rows], kind="stable")][:SAMPLE_ROWS]

    wanted = sorted({month_index(month) for month in months})
    for start in sorted({quarter_start(month) for month in wanted}):
        shared = tuple(month for month in wanted if quarter_start(month) == start)
        trailing = rows_of(start - TRAILING_MONTHS, start)
        if len(trailing) >= LEAST_ROWS:
            yield Fit(shared, trailing, start)
            continue
        for month in shared:
            own = rows_of(month, month + 1)
            if len(own):
                yield Fit((month,), own, start)
