"""The state of things: rates by area, reasons by month, and the control arm's error rate, over published months."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

from fut.errors import FutError
from reporting.svg import AreaRate, ReasonBar, Shape, area_rates, load_shapes
from review.shelf.facts import month_facts
from review.shelf.keys import sek
from review.shelf.library import Row, Shelf
from review.shelf.records import Typed

MONTHS = 12
SERIES = 4


@dataclass(frozen=True, slots=True)
class Measure:
    """A rate of an area: what is divided by what, and the officer's words for it."""

    code: str
    title: str
    part: str
    whole: str
    is_money: bool = False


MEASURES = {
    measure.code: measure
    for measure in (
        Measure("belopp", "Andel av beloppet med urvalsträff", "flagged_sek", "amount_sek"),
        Measure("betalningar", "Andel av betalningarna med urvalsträff", "flagged_payments", "payments"),
        Measure("brukare", "Belopp med urvalsträff per brukare", "flagged_sek", "clients", is_money=True),
    )
}


@dataclass(frozen=True, slots=True)
class Area:
    """One area of a month: its published row and its rate."""

    row: Row
    rate: AreaRate


def areas_of(shelf: Shelf, measure: Measure) -> list[Area]:
    """Return the month's areas, highest rate first, those whose rate is not shown last."""
    rows = Typed(shelf).rows("areas")
    found = [Area(row, rate) for row, rate in zip(rows, area_rates(rows, measure.part, measure.whole), strict=True)]
    return sorted(found, key=lambda a: (not a.rate.is_shown, -(a.rate.rate or 0.0), a.rate.name, a.rate.area))


def shapes_of(path: Path | None) -> dict[str, Shape] | None:
    """Return the municipality's map; None when none is set, or it is not there or cannot be read."""
    try:
        return _shapes(path, changed(path)) if path else None
    except (FutError, OSError):
        return None


def changed(path: Path | None) -> int:
    """Return when a file was last changed, nought when it is not there."""
    try:
        return path.stat().st_mtime_ns if path else 0
    except OSError:
        return 0


@lru_cache(maxsize=4)
def _shapes(path: Path, _: int) -> dict[str, Shape]:
    return load_shapes(path)


def reason_bars(shelf: Shelf) -> list[ReasonBar]:
    """Return the reasons of a month's list."""
    facts = month_facts(shelf)
    return [ReasonBar(r.code, r.title, sek(r.at_risk_ore) or Decimal(0), r.payments) for r in facts.reasons]


@dataclass(frozen=True, slots=True)
class ReasonRow:
    """One indicator over the months: payments and öre at risk (signs dropped) by month, noughts where it stood for none."""

    code: str
    title: str
    payments: tuple[int, ...]
    at_risk_ore: tuple[int, ...]


def reasons_over(shelves: Sequence[Shelf]) -> list[ReasonRow]:
    """Return every indicator that brought a payment to the list in the months, most kronor first."""
    facts = [month_facts(shelf) for shelf in shelves]
    by_code = [{reason.code: reason for reason in fact.reasons} for fact in facts]
    titles = {reason.code: reason.title for fact in facts for reason in fact.reasons}
    rows = [
        ReasonRow(
            code,
            title,
            tuple(known[code].payments if code in known else 0 for known in by_code),
            tuple(known[code].at_risk_ore if code in known else 0 for known in by_code),
        )
        for code, title in titles.items()
    ]
    return sorted(rows, key=lambda row: (-sum(row.at_risk_ore), row.code))
