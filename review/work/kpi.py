"""Key figures over decided payments: pure functions, so that each can be checked by hand.

What the list found is never the error rate: payments on it were chosen. The rate in everything paid is estimated from
the random control arm alone, in `review.work.estimate`.
"""

import math
import statistics
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from reporting.svg import wilson

ERRORS = ("error_recovery", "error_no_recovery", "suspected_crime")
DISMISSED = ("explained", "data_error")
SMALL = 20
"""Fewer cases than this are told as few: the figure says little."""
RANK_BANDS = ((1, 10), (11, 25), (26, 50), (51, 100), (101, None))


@dataclass(frozen=True, slots=True)
class Decided:
    """One payment's final outcome. Öre, dates as `2026-11-22`, months as `2026-10`; `codes` are its indicators."""

    month: str
    arm: str
    verdict: str
    amount_ore: int
    error_ore: int | None = None
    service_month: str = ""
    decided_on: str = ""
    rank: int | None = None
    codes: tuple[str, ...] = ()
    spent_minutes: int | None = None
    cause: str | None = None
    intent: str | None = None
    explanation: str | None = None
    was_worth_looking: bool = False

    @property
    def is_error(self) -> bool:
        """Whether the payment was found wrong."""
        return self.verdict in ERRORS


@dataclass(frozen=True, slots=True)
class Share:
    """A share with its 95 % interval, None where there is nothing to tell it by."""

    hits: int
    cases: int
    value: float | None = None
    lower: float | None = None
    upper: float | None = None

    @property
    def is_small(self) -> bool:
        """Whether too few cases stand behind it."""
        return self.cases < SMALL


@dataclass(frozen=True, slots=True)
class Spread:
    """The middle and the ninetieth percentile of a measure over `cases`."""

    cases: int
    median: float | None = None
    p90: float | None = None

    @property
    def is_small(self) -> bool:
        """Whether too few cases stand behind it."""
        return self.cases < SMALL


def share_of(hits: int, cases: int) -> Share:
    """Return a plain share with its Wilson interval."""
    return Share(hits, cases, hits / cases, *wilson(hits, cases)) if cases else Share(hits, 0)


def precision(decided: Iterable[Decided]) -> Share:
    """Return how many of the reviewed payments were wrong."""
    rows = list(decided)
    return share_of(sum(row.is_error for row in rows), len(rows))


def worth(decided: Iterable[Decided]) -> Share:
    """Return how many of the reviewed payments the officers found worth looking at, wrong or not."""
    rows = list(decided)
    return share_of(sum(row.was_worth_looking for row in rows), len(rows))


def by_indicator(
    decided: Iterable[Decided], what: Callable[[list[Decided]], Share] = precision
) -> list[tuple[str, Share]]:
    """Return a share (the precision) of the payments each indicator stood for, most reviewed first."""
    found: dict[str, list[Decided]] = defaultdict(list)
    for row in decided:
        for code in row.codes:
            found[code].append(row)
    return sorted(((code, what(rows)) for code, rows in found.items()), key=lambda e: (-e[1].cases, e[0]))


def by_rank(decided: Iterable[Decided]) -> list[tuple[int, int | None, Share]]:
    """Return first and last rank (None: no last) and precision of each band with a reviewed payment."""
    rows = [row for row in decided if row.rank is not None]
    found = []
    for first, last in RANK_BANDS:
        inside = [row for row in rows if row.rank and row.rank >= first and (last is None or row.rank <= last)]
        if inside:
            found.append((first, last, precision(inside)))
    return found


def spread(values: Iterable[float]) -> Spread:
    """Return the median and the ninetieth percentile (the smallest value that nine tenths do not exceed)."""
    ordered = sorted(values)
    if not ordered:
        return Spread(0)
    return Spread(len(ordered), statistics.median(ordered), ordered[math.ceil(0.9 * len(ordered)) - 1])


def sums_ore(decided: Iterable[Decided]) -> tuple[int, int, int]:
    """Return the errors found as öre: too much, too little (not positive), and how many payments were wrong."""
    errors = [row.error_ore or 0 for row in decided if row.is_error]
    return sum(e for e in errors if e > 0), sum(e for e in errors if e < 0), len(errors)


def counted(decided: Iterable[Decided], what: Callable[[Decided], str | None]) -> list[tuple[str, int]]:
    """Return how many payments have each value, most first; those without one are left out."""
    found = Counter(value for row in decided if (value := what(row)))
    return sorted(found.items(), key=lambda e: (-e[1], e[0]))


def dismissed_by_indicator(decided: Iterable[Decided]) -> list[tuple[str, Share]]:
    """Return how often payments an indicator stood for were explained or data errors, most dismissed first."""
    found: dict[str, list[bool]] = defaultdict(list)
    for row in decided:
        for code in row.codes:
            found[code].append(row.verdict in DISMISSED)
    shares = [(code, share_of(sum(hits), len(hits))) for code, hits in found.items() if any(hits)]
    return sorted(shares, key=lambda e: (-e[1].hits, -(e[1].value or 0), e[0]))
