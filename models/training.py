"""Which rows a month's detector learns from: a capped trailing sample, the same whether one month is run or a hundred.

Months of one calendar quarter share a detector. It learns from at most 20 000 payments, drawn by a seeded hash, of
the 12 months before the quarter; where those hold fewer than 500, each month learns from its own payments.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fut.period import add_months, month_index
from models.detector import Detector, Matrix

SAMPLE_ROWS = 20_000
LEAST_ROWS = 500
TRAILING_MONTHS = 12


Span = tuple[int, int]
"""The months a detector learns from: the first, and the one after the last."""


@dataclass(frozen=True)
class Fit:
    """Months (as month_index) that share a detector, and the positions of the rows it learns from, in drawn order.

    `scored` are the positions of the rows booked in the months, in order; `span` names the detector among those of one
    set of rows.
    """

    months: tuple[int, ...]
    rows: NDArray[np.intp]
    start: int
    span: Span
    scored: NDArray[np.intp]


def learned(fitted: dict[Span, Detector], fit: Fit, values: Matrix, detector: Detector) -> Detector:
    """Return the detector of the fit: the one that scored, else `detector`, taught and kept in `fitted`."""
    if fit.span not in fitted:
        fitted[fit.span] = detector.fit(values[fit.rows]).forget()
    return fitted[fit.span]


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

    def booked_in(first: int, after: int) -> NDArray[np.intp]:
        low, high = np.searchsorted(ordered, [first, after])
        return order[low:high]

    def rows_of(first: int, after: int) -> NDArray[np.intp]:
        rows = booked_in(first, after)
        if len(rows) > SAMPLE_ROWS:
            lots = draw[rows]
            rows = rows[lots <= np.partition(lots, SAMPLE_ROWS - 1)[SAMPLE_ROWS - 1]]
        return rows[np.argsort(draw[rows], kind="stable")][:SAMPLE_ROWS]

    def scored(months: Iterable[int]) -> NDArray[np.intp]:
        return np.sort(np.concatenate([booked_in(month, month + 1) for month in months]))

    wanted = sorted({month_index(month) for month in months})
    for start in sorted({quarter_start(month) for month in wanted}):
        shared = tuple(month for month in wanted if quarter_start(month) == start)
        trailing = rows_of(start - TRAILING_MONTHS, start)
        if len(trailing) >= LEAST_ROWS:
            yield Fit(shared, trailing, start, (start - TRAILING_MONTHS, start), scored(shared))
            continue
        for month in shared:
            own = rows_of(month, month + 1)
            if len(own):
                yield Fit((month,), own, start, (month, month + 1), scored((month,)))
