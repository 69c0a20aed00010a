"""A payee as officers see it: month by month over everything published, its listed payments, and its features.

Flags and features of a payment drawn by lot count only when its outcome is set.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, and_, func, select

from reporting.svg import ProfileValue, ProviderMonth, furthest_first
from review.shelf.keys import sek
from review.shelf.library import Library, Row, Shelf
from review.store.schema import cases, conflicts, decisions, items, measures
from review.work.cases import visible
from review.work.errors import MissingError
from review.work.kpi import ERRORS
from review.work.people import User
from review.work.results import Money, money_of

MOST = 40
_VOLUME = """SELECT COUNT(*) AS payments, SUM(CAST(ROUND(amount_sek * 100) AS INTEGER)) AS ore FROM payments
 WHERE payee_ref = ?"""
_FLAGS = """SELECT COUNT(DISTINCT flag_id) AS flags FROM flag_payments WHERE payment_id IN (
 SELECT payment_id FROM payments WHERE payee_ref = ?) AND payment_id NOT IN (SELECT value FROM json_each(?))"""


@dataclass(frozen=True, slots=True)
class Listed:
    """A listed payment of the payee; `verdict` is that of the outcome that holds."""

    month: str
    payment_id: str
    arm: str
    row: Row
    verdict: str | None = None
    error_ore: int | None = None


@dataclass(frozen=True, slots=True)
class PayeeMonth:
    """One published month: all its payments, its flags, what is listed and decided of it."""

    month: str
    payments: int
    amount_ore: int
    flags: int
    listed: tuple[Listed, ...]
    outcomes: int
    errors: int

    @property
    def drawn(self) -> ProviderMonth:
        """Return the month as the picture asks for it."""
        listed, decided = bool(self.listed), self.outcomes > 0
        amount = sek(self.amount_ore) or Decimal(0)
        return ProviderMonth(self.month, amount, self.flags, self.outcomes, self.errors, listed, decided)


@dataclass(frozen=True, slots=True)
class Point:
    """A feature in one month: own value beside peers', the mean over the payee's listed payments."""

    month: str
    value: float
    peer_median: float | None
    peer_p95: float | None


@dataclass(frozen=True, slots=True)
class Feature:
    """One feature over time; `weight` adds up its share of the model's scores."""

    name: str
    label: str
    unit: str
    weight: float
    points: tuple[Point, ...]


def profile(library: Library, payee_ref: str) -> tuple[Row, str]:
    """Return the newest published row about the payee and its month; raises MissingError when none knows it."""
    for month in library.months():
        shelf = library.shelf(month)
        for table in ("payees", "payments") if shelf else ():
            assert shelf is not None
            if shelf.has(table) and (row := shelf.one(f'SELECT * FROM "{table}" WHERE payee_ref = ?', (payee_ref,))):
                return row if table == "payees" else {"payee_name": row["payee_name"]}, month
    raise MissingError(payee_ref)


def months_of(connection: Connection, library: Library, payee_ref: str) -> list[PayeeMonth]:
    """Return every published month in which the payee was paid or listed, oldest first."""
    joined = select(items.c.month, items.c.payment_id, decisions.c.verdict, decisions.c.error_ore)
    holds = and_(items.c.payee_ref == payee_ref, decisions.c.state == "final")
    rows = connection.execute(joined.join(items, items.c.id == decisions.c.item_id).where(holds))
    final = {(row.month, row.payment_id): row for row in rows}
    found = []
    for month in reversed(library.months()):
        shelf = library.shelf(month)
        one = _month(shelf, payee_ref, final) if shelf else None
        if one and (one.payments or one.listed):
            found.append(one)
    return found


def _month(shelf: Shelf, payee_ref: str, final: dict[tuple[str, str], Any]) -> PayeeMonth:
    volume = (shelf.one(_VOLUME, (payee_ref,)) if shelf.has("payments") else None) or {"payments": 0, "ore": 0}
    listed = []
    for row in shelf.ask("SELECT * FROM listed WHERE payee_ref = ? ORDER BY place", (payee_ref,)):
        held = final.get((shelf.month, row["payment_id"]))
        said = (held.verdict, held.error_ore) if held else (None, None)
        listed.append(Listed(shelf.month, row["payment_id"], row["arm"], row, *said))
    blind = json.dumps(_blind(listed))
    flags = (shelf.one(_FLAGS, (payee_ref, blind)) or {}).get("flags", 0) if shelf.has("flag_payments") else 0
    verdicts = [row.verdict for (month, _), row in final.items() if month == shelf.month]
    errors = sum(verdict in ERRORS for verdict in verdicts)
    return PayeeMonth(shelf.month, volume["payments"], volume["ore"] or 0, flags, tuple(listed), len(verdicts), errors)


def _blind(listed: Iterable[Listed]) -> list[str]:
    return [one.payment_id for one in listed if one.arm == "random" and one.verdict is None]


def profile_of(library: Library, payee_ref: str, months: Sequence[PayeeMonth]) -> tuple[str, list[list[ProfileValue]]]:
    """Return the newest month whose run published the payee's profile, and the profile, those of each grain together.

    A month in which the payee is listed by undecided lots alone tells nothing.
    """
    for one in reversed(months):
        shelf = library.shelf(one.month)
        if shelf and len(_blind(one.listed)) < len(one.listed):
            parts: dict[tuple[str, str], list[ProfileValue]] = defaultdict(list)
            for row in shelf.rows("payee_profile", "payee_ref", (payee_ref,)):
                value = ProfileValue.of(row)
                parts[value.grain, value.provider_id].append(value)
            if parts:
                return one.month, [furthest_first(part) for _, part in sorted(parts.items())]
    return "", []


def features_of(library: Library, months: Sequence[PayeeMonth]) -> list[Feature]:
    """Return the features of the payee's listed payments over time, the ones that weighed most first."""
    points: dict[str, dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
    for one in months:
        shelf, blind = library.shelf(one.month), set(_blind(one.listed))
        keys = [listed.payment_id for listed in one.listed if listed.payment_id not in blind]
        for row in shelf.rows("peer_features", "payment_id", keys) if shelf and keys else ():
            if row["value"] is not None:
                points[row["feature"]][one.month].append(row)
    found = [_feature(name, by_month) for name, by_month in points.items()]
    return sorted(found, key=lambda feature: (-feature.weight, feature.name))


def _feature(name: str, by_month: dict[str, list[Row]]) -> Feature:
    rows = [row for found in by_month.values() for row in found]
    said = [Point(m, *(_mean(found, k) for k in ("value", "peer_median", "peer_p95"))) for m, found in by_month.items()]
    label = rows[-1].get("label_sv") or ""
    return Feature(name, label, rows[-1].get("unit") or "", sum(abs(r.get("share") or 0) for r in rows), tuple(said))


def _mean(rows: Sequence[Row], key: str) -> Any:
    known = [row[key] for row in rows if row.get(key) is not None]
    return sum(known) / len(known) if known else None


def money_of_payee(connection: Connection, user: User, payee_ref: str) -> Money:
    """Return what the measures of the payee's cases add up to, those of cases the user may not see left out."""
    mine = and_(cases.c.payee_ref == payee_ref, visible(user))
    return money_of(connection.execute(select(measures).join(cases, cases.c.id == measures.c.case_id).where(mine)))


def conflict_count(connection: Connection, payee_ref: str) -> int:
    """Return how many people are registered as having an interest in the payee (jäv)."""
    held = and_(conflicts.c.payee_ref == payee_ref, conflicts.c.ended_at.is_(None))
    return connection.execute(select(func.count()).select_from(conflicts).where(held)).scalar_one()
