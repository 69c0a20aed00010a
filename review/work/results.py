"""What officers decided over some months, beside what the control arm says: the figures of Uppföljning and its report."""

import calendar
import datetime as dt
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, select

from reporting.svg import TrendPoint
from review.shelf.facts import MonthFacts, month_facts
from review.shelf.library import Library, Shelf
from review.store.schema import cases, decisions, items, measures
from review.work import kpi
from review.work.estimate import Drawn, Estimate, estimate, weighted_share
from review.work.kpi import Decided, Share, Spread
from review.work.states import MEASURES, RECOVERING, local_date

COLUMNS = (
    *(items.c.month, items.c.payment_id, items.c.arm, items.c.amount_ore),
    *(decisions.c.verdict, decisions.c.error_ore, decisions.c.cause, decisions.c.intent, decisions.c.explanation),
    *(decisions.c.spent_minutes, decisions.c.decided_at, decisions.c.confirmed_at, decisions.c.was_worth_looking),
)


@dataclass(frozen=True, slots=True)
class Money:
    """Öre demanded and come back by confirmed measures, and how many of each kind there are."""

    demanded_ore: int
    recovered_ore: int
    kinds: tuple[tuple[str, int, int, int], ...]

    @property
    def rate(self) -> float | None:
        """Return the share of what was demanded that has come back."""
        return self.recovered_ore / self.demanded_ore if self.demanded_ore else None


@dataclass(frozen=True, slots=True)
class Results:
    """Everything the figures are made of; months oldest first. `erased` are those left out since they are erased."""

    months: tuple[str, ...]
    currency: str
    decided: tuple[Decided, ...]
    proposed: tuple[tuple[str, int], ...]
    facts: tuple[MonthFacts, ...]
    drawn: dict[str, tuple[Drawn, ...]]
    money: Money
    case_minutes: tuple[int, ...]
    closed_cases: int
    titles: dict[str, str]
    erased: tuple[str, ...] = ()

    @property
    def risk(self) -> tuple[Decided, ...]:
        """Return the decided payments that were chosen by risk."""
        return tuple(row for row in self.decided if row.arm == "risk")

    @property
    def control(self) -> tuple[Decided, ...]:
        """Return the decided payments that were drawn by lot."""
        return tuple(row for row in self.decided if row.arm != "risk")

    @property
    def estimated_months(self) -> tuple[str, ...]:
        """Return the months of whose control arm something is known: what the estimate covers."""
        return tuple(month for month, rows in self.drawn.items() if any(row.is_known for row in rows))

    @property
    def paid_ore(self) -> int:
        """Return what was paid in the months the estimate covers."""
        covered = set(self.estimated_months)
        return sum(fact.amount_ore for fact in self.facts if fact.month in covered)

    @property
    def payments(self) -> int:
        """Return how many payments the months had in all."""
        return sum(fact.payments for fact in self.facts)

    def estimate(self) -> Estimate:
        """Return what the control arm says of the months it covers."""
        return estimate(row for month in self.estimated_months for row in self.drawn[month])

    def detected_share(self, found: Estimate) -> float | None:
        """Return errors found beside errors estimated, kronor without signs, over the months the estimate covers."""
        covered = set(self.estimated_months)
        over, under, _ = kpi.sums_ore(row for row in self.decided if row.month in covered)
        whole = (found.gross.value or 0) * self.paid_ore
        return (over - under) / whole if whole else None

    def days(self) -> Spread:
        """Return the days from the service month's end to the decision."""
        return kpi.spread(
            days_after(row.service_month, row.decided_on)
            for row in self.decided
            if row.service_month and row.decided_on
        )

    def trend(self) -> list[TrendPoint]:
        """Return the control arm's error rate month by month."""
        return [control_point(month, rows) for month, rows in self.drawn.items()]


def control_point(month: str, drawn: Sequence[Drawn]) -> TrendPoint:
    """Return a month's weighted error rate in payments with its interval; a gap where nothing is known."""
    share = weighted_share(drawn)
    return TrendPoint(month, share.value, share.lower, share.upper, share.cases)


def kronor_of(share: float | None, paid_ore: int) -> Decimal | None:
    """Return a share of what was paid in whole kronor: an estimate has no öre."""
    return None if share is None else Decimal(round(share * paid_ore / 100))


def days_after(service_month: str, decided_on: str) -> int:
    """Return the days from the last day of a month to a date."""
    year, month = int(service_month[:4]), int(service_month[5:7])
    last = dt.date(year, month, calendar.monthrange(year, month)[1])
    return (dt.date.fromisoformat(decided_on) - last).days


def results(connection: Connection, library: Library, months: Sequence[str], year: str = "") -> Results:
    """Return what is known of some published months; cases and measures are those of the `year`, of any when empty."""
    found = [shelf for month in sorted(months) if (shelf := library.shelf(month))]
    shelves = [shelf for shelf in found if not shelf.erased_on]  # what is left of the others is mostly errors
    ordered = [shelf.month for shelf in shelves]
    facts = tuple(month_facts(shelf) for shelf in shelves)
    final = _decisions(connection, ordered, "final")
    by_month: dict[str, dict[str, Any]] = {month: {} for month in ordered}
    for row in final:
        by_month[row.month][row.payment_id] = row
    decided = [one for shelf in shelves for one in _decided(shelf, by_month[shelf.month])]
    waiting = _decisions(connection, ordered, "proposed")
    minutes, closed = _case_minutes(connection, year)
    return Results(
        months=tuple(ordered),
        currency=facts[-1].currency if facts else "SEK",
        decided=tuple(decided),
        proposed=tuple((row.verdict, row.error_ore or 0) for row in waiting),
        facts=facts,
        drawn={fact.month: _drawn(fact, by_month[fact.month]) for fact in facts},
        money=money_of(_measures(connection, year)),
        case_minutes=minutes,
        closed_cases=closed,
        titles={code: row["title_sv"] for shelf in shelves for code, row in shelf.indicators.items()},
        erased=tuple(shelf.month for shelf in found if shelf.erased_on),
    )


def _drawn(fact: MonthFacts, final: dict[str, Any]) -> tuple[Drawn, ...]:
    """Return the month's control arm with the outcomes that hold."""
    return tuple(
        Drawn(lot.stratum, lot.probability, lot.amount_ore, *((row.verdict, row.error_ore) if row else (None, None)))
        for lot in fact.drawn
        for row in [final.get(lot.payment_id)]
    )


def control_trend(connection: Connection, shelves: Sequence[Shelf]) -> list[TrendPoint]:
    """Return the control arm's error rate in each month, in the order given."""
    months = [shelf.month for shelf in shelves]
    final = [row for row in _decisions(connection, months, "final") if row.arm != "risk"]
    own = {shelf.month: {row.payment_id: row for row in final if row.month == shelf.month} for shelf in shelves}
    return [control_point(shelf.month, _drawn(month_facts(shelf), own[shelf.month])) for shelf in shelves]


@lru_cache(maxsize=8192)
def _day(at: str) -> str:
    return local_date(at).isoformat()


def _decisions(connection: Connection, months: Sequence[str], state: str) -> list[Any]:
    joined = select(*COLUMNS).join(items, items.c.id == decisions.c.item_id)
    return list(connection.execute(joined.where(decisions.c.state == state, items.c.month.in_(months))))


def _decided(shelf: Shelf, rows: dict[str, Any]) -> list[Decided]:
    wanted = (
        "SELECT payment_id, rank, service_month, codes FROM listed WHERE payment_id IN (SELECT value FROM json_each(?))"
    )
    known = {row["payment_id"]: row for row in shelf.ask(wanted, (json.dumps(sorted(rows)),))} if rows else {}
    return [
        Decided(
            month=row.month,
            arm=row.arm,
            verdict=row.verdict,
            amount_ore=row.amount_ore,
            error_ore=row.error_ore,
            service_month=known.get(key, {}).get("service_month") or row.month,
            decided_on=_day(row.confirmed_at or row.decided_at),
            rank=known.get(key, {}).get("rank"),
            codes=tuple((known.get(key, {}).get("codes") or "").split()),
            spent_minutes=row.spent_minutes,
            cause=row.cause,
            intent=row.intent,
            explanation=row.explanation,
            was_worth_looking=row.was_worth_looking,
        )
        for key, row in sorted(rows.items())
    ]


def _span(year: str) -> tuple[str, str]:
    """Return the ends of a year as the store writes times, the last excluded; of all time for an empty year."""
    return (f"{year}-01", f"{int(year) + 1}-01") if year else ("", "A")


def money_of(rows: Iterable[Any]) -> Money:
    """Return what measures that hold add up to; demanded and come back are those of claims, set-offs and deductions."""
    final = [row for row in rows if row.state == "final"]
    kinds = []
    for code, measure in MEASURES.items():
        if mine := [row for row in final if row.kind == code]:
            sums = (sum(row.demanded_ore or 0 for row in mine), sum(row.recovered_ore or 0 for row in mine))
            kinds.append((measure.title, len(mine), *sums))
    claims = [row for row in final if row.kind in RECOVERING]
    demanded, recovered = (sum(getattr(row, name) or 0 for row in claims) for name in ("demanded_ore", "recovered_ore"))
    return Money(demanded, recovered, tuple(kinds))


def _measures(connection: Connection, year: str) -> list[Any]:
    first, after = _span(year)
    rows = connection.execute(select(measures))
    return [row for row in rows if first <= (row.confirmed_at or row.proposed_at) < after]


def _case_minutes(connection: Connection, year: str) -> tuple[tuple[int, ...], int]:
    """Return the minutes told for the payments of each case closed in the year, and how many cases closed."""
    first, after = _span(year)
    within = (cases.c.closed_at >= first, cases.c.closed_at < after)
    closed = connection.execute(select(cases.c.id).where(*within)).scalars().all()
    told: dict[int, int] = {}
    spent = select(items.c.case_id, decisions.c.spent_minutes).join(items, items.c.id == decisions.c.item_id)
    where = (decisions.c.spent_minutes.is_not(None), decisions.c.state == "final", items.c.case_id.in_(closed))
    for case_id, minutes in connection.execute(spent.where(*where)):
        told[case_id] = told.get(case_id, 0) + minutes
    return tuple(told[key] for key in sorted(told)), len(closed)


def shares_of(rows: Sequence[Decided]) -> dict[str, Share]:
    """Return how the reviews of the list ended: set aside as explained, data errors, undecidable."""
    told = {"explained": 0, "data_error": 0, "undecidable": 0}
    for row in rows:
        if row.verdict in told:
            told[row.verdict] += 1
    return {verdict: kpi.share_of(count, len(rows)) for verdict, count in told.items()}
