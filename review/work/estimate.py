"""The error in everything paid, estimated from the random control arm: pure functions over the payments drawn.

Each drawn payment stands for as many as its probability of being drawn tells. Payments of a stratum that were reviewed
stand for all that were drawn from it; a stratum without any joins its neighbour.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from reporting.pictures.trend import NORMAL_95, wilson
from review.work.kpi import ERRORS, Share

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Drawn:
    """One payment of the control arm. `verdict` None: not decided. `error_ore` is signed, None where not told."""

    stratum: int
    probability: float
    amount_ore: int
    verdict: str | None = None
    error_ore: int | None = None

    @property
    def is_known(self) -> bool:
        """Whether it is known if the payment was wrong: undecidable ones are as good as not reviewed."""
        return self.verdict is not None and self.verdict != "undecidable"

    @property
    def is_wrong(self) -> bool:
        """Whether it was found wrong."""
        return self.verdict in ERRORS

    @property
    def found_ore(self) -> int | None:
        """Return the error, nought for a payment that was right, None where it is not known."""
        if not self.is_known:
            return None
        return self.error_ore if self.is_wrong else 0


@dataclass(frozen=True, slots=True)
class Estimate:
    """What the control arm says of everything paid: shares of payments (`count`) and of kronor.

    `gross`, `net`, `over` and `under` are shares of the kronor; `under` is not positive.
    """

    drawn: int
    count: Share
    gross: Share
    net: Share
    over: float | None
    under: float | None


def weighted_share(drawn: Iterable[Drawn]) -> Share:
    """Return the share of payments in error, each weighted by how many it stands for.

    The interval is Wilson's on the effective number of cases, (sum w)^2 / sum w^2 (Kish, Survey Sampling, 1965).
    """
    rows = _weighted(list(drawn), lambda row: row.is_known)
    if not rows:
        return Share(0, 0)
    whole = math.fsum(w for _, w in rows)
    value = min(1.0, math.fsum(w for row, w in rows if row.is_wrong) / whole)
    effective = whole**2 / math.fsum(w * w for _, w in rows)
    hits = sum(row.is_wrong for row, _ in rows)
    return Share(hits, len(rows), value, *wilson(value * effective, effective))


def estimate(drawn: Iterable[Drawn]) -> Estimate:
    """Return the control arm's estimates for everything paid in the months it was drawn from.

    Kronor are a combined ratio estimate, its variance that of the weighted residuals within strata (Cochran, Sampling
    Techniques, 1977, 6.11). Where no error was found the interval of the kronor has no upper end: few payments cannot
    say how large a rare error is.
    """
    rows = list(drawn)
    count = weighted_share(rows)
    known = [(r, w, r.found_ore or 0) for r, w in _weighted(rows, lambda row: row.found_ore is not None)]
    paid = math.fsum(w * r.amount_ore for r, w, _ in known)
    if paid <= 0:
        return Estimate(len(rows), count, Share(0, 0), Share(0, 0), None, None)
    over, under = (math.fsum(w * e for _, w, e in known if e * sign > 0) / paid for sign in (1, -1))
    gross = _ratio([(r, w, abs(e)) for r, w, e in known], paid, 0.0)
    return Estimate(len(rows), count, gross, _ratio(known, paid, -math.inf), over, under)


def _merged(
    rows: Sequence[Row], stratum: Callable[[Row], int], counts: Callable[[Row], bool], least: int
) -> list[list[Row]]:
    """Return rows by stratum; a stratum with fewer than `least` that count joins the one before, else the one after."""
    groups: list[list[Row]] = []
    for one in sorted({stratum(row) for row in rows}):
        inside = [row for row in rows if stratum(row) == one]
        if groups and any(sum(map(counts, group)) < least for group in (inside, groups[-1])):
            groups[-1] += inside
        else:
            groups.append(inside)
    return groups


def _weighted(rows: Sequence[Drawn], counts: Callable[[Drawn], bool]) -> list[tuple[Drawn, float]]:
    """Return the rows that count with weights that add up to the payments all drawn ones stand for."""
    found = []
    for group in _merged(rows, lambda row: row.stratum, counts, 1):
        known = [row for row in group if counts(row)]
        whole, said = (math.fsum(1 / row.probability for row in part) for part in (group, known))
        found += [(row, whole / said / row.probability) for row in known]
    return found


def _ratio(rows: Sequence[tuple[Drawn, float, int]], paid: float, least: float) -> Share:
    value = math.fsum(w * e for _, w, e in rows) / paid
    hits = sum(e != 0 for _, _, e in rows)
    if not hits:
        return Share(0, len(rows), value, value)
    variance = 0.0
    for group in _merged(rows, lambda row: row[0].stratum, lambda _: True, 2):
        many = len(group)
        if many < 2:
            return Share(hits, len(rows), value)
        residuals = [w * (e - value * r.amount_ore) for r, w, e in group]
        middle = math.fsum(residuals) / many
        left_out = max(0.0, 1 - many / math.fsum(w for _, w, _ in group))
        variance += left_out * many / (many - 1) * math.fsum((x - middle) ** 2 for x in residuals)
    reach = NORMAL_95 * math.sqrt(variance) / paid
    return Share(hits, len(rows), value, max(least, value - reach), value + reach)
