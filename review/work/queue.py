"""What waits for a user: taken payments of every month, answers and days that are due, proposals to confirm, what is free."""

import datetime as dt
import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, and_, or_, select

from review.shelf.library import Library, Row, Shelf
from review.store.schema import cases, decisions, items, measures, steps, users
from review.work.items import barred_payees
from review.work.pauses import paused_payments
from review.work.people import May, User
from review.work.states import MEASURES, STATES

FIRST_FREE = 5
OWN = ("new", "open", "waiting", "follow_up")


@dataclass(frozen=True, slots=True)
class Entry:
    """One payment in the queue: its state of work, and its row of the list (None when its month is not published)."""

    month: str
    payment_id: str
    status: str
    follow_up_on: str | None
    row: Row | None
    verdict: str = ""
    who: str = ""


@dataclass(frozen=True, slots=True)
class InCase:
    """A step or a measure of a case that waits for a second person."""

    case_id: int
    case_title: str
    what: str
    who: str


@dataclass(frozen=True, slots=True)
class Queue:
    """A user's queue; `free` counts the newest month's payments that nobody has, `first_free` are the first of them.

    `paused` counts those that nobody has and that a pause sets aside: they are not among the free.
    """

    due: list[Entry]
    mine: list[Entry]
    waiting: list[Entry]
    later: list[Entry]
    proposals: list[Entry]
    in_cases: list[InCase]
    free: int = 0
    first_free: tuple[Row, ...] = ()
    paused: int = 0

    @property
    def count(self) -> int:
        """Return how many things the user can act on now; waiting and later ones are not among them."""
        return len(self.due) + len(self.mine) + len(self.proposals) + len(self.in_cases) + self.free


def queue_of(connection: Connection, library: Library, user: User, today: str) -> Queue:
    """Return a user's queue on a day (`2026-11-22`)."""
    barred = barred_payees(connection, user)
    own = and_(items.c.assigned_to == user.id, items.c.status.in_(OWN))
    found = connection.execute(select(items).where(own).order_by(items.c.month, items.c.id))
    rows = [row for row in found if row.payee_ref not in barred]
    proposed = _proposed(connection, user, barred) if user.may(May.LEAD) else []
    shown = _shown(library, [*rows, *proposed])
    due, mine, waiting, later = [], [], [], []
    for row in rows:
        is_put_off = row.status in ("waiting", "follow_up")
        if is_put_off and (row.follow_up_on or "9") <= today:
            group = due
        else:
            group = {"waiting": waiting, "follow_up": later}.get(row.status, mine)
        group.append(_entry(row, shown))
    for group in (due, waiting, later):
        group.sort(key=lambda e: e.follow_up_on or "9")
    shelf = library.shelf()
    free = _free(connection, shelf, barred, today) if shelf and user.may(May.WORK) else (0, (), 0)
    proposals = [_entry(row, shown, row.verdict, row.name) for row in proposed]
    return Queue(due, mine, waiting, later, proposals, _in_cases(connection, user, barred), *free)


def _entry(row: Any, shown: dict[tuple[str, str], Row], verdict: str = "", who: str = "") -> Entry:
    key = (row.month, row.payment_id)
    return Entry(*key, row.status, row.follow_up_on, shown.get(key), verdict, who)


def _shown(library: Library, rows: list[Any]) -> dict[tuple[str, str], Row]:
    by_month: dict[str, list[str]] = {}
    for row in rows:
        by_month.setdefault(row.month, []).append(row.payment_id)
    return {
        (month, row["payment_id"]): row
        for month, ids in by_month.items()
        if (shelf := library.shelf(month))
        for row in shelf.rows("listed", "payment_id", ids)
    }


def _proposed(connection: Connection, user: User, barred: set[str]) -> list[Any]:
    wanted = (
        select(items, decisions.c.verdict, users.c.name)
        .join(decisions, decisions.c.item_id == items.c.id)
        .join(users, users.c.id == decisions.c.decided_by)
        .where(and_(decisions.c.state == "proposed", decisions.c.decided_by != user.id))
        .order_by(decisions.c.decided_at, decisions.c.id)
    )
    return [row for row in connection.execute(wanted) if row.payee_ref not in barred]


def _in_cases(connection: Connection, user: User, barred: set[str]) -> list[InCase]:
    if not user.may(May.LEAD):
        return []
    found: list[InCase] = []
    for table, coded, titles in ((steps, steps.c.to_state, STATES), (measures, measures.c.kind, MEASURES)):
        wanted = (
            select(table.c.case_id, coded.label("code"), cases.c.title, cases.c.payee_ref, users.c.name)
            .join(cases, cases.c.id == table.c.case_id)
            .join(users, users.c.id == table.c.proposed_by)
            .where(and_(table.c.state == "proposed", table.c.proposed_by != user.id))
            .order_by(table.c.proposed_at, table.c.id)
        )
        rows = [row for row in connection.execute(wanted) if row.payee_ref not in barred]
        found += [InCase(row.case_id, row.title, titles[row.code].title, row.name) for row in rows]
    return found


def _free(connection: Connection, shelf: Shelf, barred: set[str], today: str) -> tuple[int, tuple[Row, ...], int]:
    is_busy = or_(items.c.assigned_to.is_not(None), items.c.status != "new")
    taken = select(items.c.payment_id).where(and_(items.c.month == shelf.month, is_busy))
    busy = set(connection.execute(taken).scalars())
    paused = paused_payments(connection, shelf, dt.date.fromisoformat(today))
    aside = sum(key not in busy and one.payee_ref not in barred for key, one in paused.items())
    given = {"busy": json.dumps(sorted(busy | paused.keys())), "barred": json.dumps(sorted(barred))}
    gone = """payment_id IN (SELECT value FROM json_each(:busy))
        OR payee_ref IN (SELECT value FROM json_each(:barred))"""
    free = shelf.one(f"SELECT (SELECT count(*) FROM listed) - (SELECT count(*) FROM listed WHERE {gone}) n", given)
    first = shelf.ask(f"SELECT * FROM listed WHERE NOT ({gone}) ORDER BY place LIMIT {FIRST_FREE}", given)
    return (free["n"] if free else 0), tuple(first), aside
