"""The month's list as an officer narrows and orders it: the address says all of it, and the shelf's SQL does it.

Nothing of the control arm's score is on the shelf's list, so no filter or order can tell about it.
"""

import json
import math
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, bindparam, select

from reporting.reading import capacity_minutes
from review.shelf.keys import typed_ore
from review.shelf.library import Row, Shelf
from review.store.schema import items
from review.work.items import STATUSES, barred_payees
from review.work.people import User
from review.work.wanted import LEFT, ME, NOBODY, ORDERS, PAUSED, UNPAUSED, Wanted

PER_PAGE = 50
MOST_TERMS = 8
TAKEN_OUT = (
    "rank, arm, payment_id, payee_name, payee_ref, invoice_no, risk_area, service_month, amount_ore, at_risk_ore, "
    "probability, per_hour_ore, codes"
)
_AMONG_PAUSED = "(SELECT value FROM json_each(:paused))"
TOUCHED = select(items.c.payment_id, items.c.status, items.c.assigned_to, items.c.follow_up_on).where(
    items.c.month == bindparam("month"), items.c.payment_id.in_(bindparam("ids", expanding=True))
)


@dataclass(frozen=True, slots=True)
class Selection:
    """Rows of the list (place, payment_id, rank): how many the filter left of how many, and their sums.

    `page` is the one shown (from 1) of `pages`; `paused` counts those of the filter that are paused.
    """

    rows: list[Row]
    count: int
    everything: int
    amount_ore: int
    at_risk_ore: int
    page: int
    pages: int
    cut_at: int | None
    paused: int = 0


def where(
    shelf: Shelf, connection: Connection, user: User, wanted: Wanted, paused: Collection[str]
) -> tuple[str, dict[str, Any]]:
    """Return the filter as SQL over `listed`, with its parameters; `paused` are the payments set aside today."""
    parts, given = _seen(connection, user)
    for n, term in enumerate(wanted.text.lower().split()[:MOST_TERMS]):
        parts.append(f"instr(words, :t{n}) > 0")
        given[f"t{n}"] = term
    exact = {"risk_area": wanted.area, "arm": wanted.arm}
    for column, said in exact.items():
        if said:
            parts.append(f"{column} = :{column}")
            given[column] = said
    if wanted.code:
        parts.append("instr(' ' || codes || ' ', :code) > 0")
        given["code"] = f" {wanted.code} "
    if wanted.evidence:
        parts.append("instr(classes, :evidence) > 0")
        given["evidence"] = wanted.evidence
    for name, sign, text in (("low", ">=", wanted.low), ("high", "<=", wanted.high)):
        if (limit := typed_ore(text)) is not None:
            parts.append(f"amount_ore {sign} :{name}")
            given[name] = limit
    for name, chosen in (("status", _by_status(wanted.status)), ("assigned", _by_person(wanted.assigned, user))):
        if chosen is not None:
            is_in, condition = chosen
            ids = connection.execute(
                select(items.c.payment_id).where(and_(items.c.month == shelf.month, condition))
            ).scalars()
            parts.append(f"payment_id {'IN' if is_in else 'NOT IN'} (SELECT value FROM json_each(:{name}))")
            given[name] = json.dumps(list(ids))
    if wanted.paused in (PAUSED, UNPAUSED):
        parts.append(f"payment_id {'IN' if wanted.paused == PAUSED else 'NOT IN'} {_AMONG_PAUSED}")
        given["paused"] = json.dumps(sorted(paused))
    return " AND ".join(parts), given


def _seen(connection: Connection, user: User) -> tuple[list[str], dict[str, Any]]:
    barred = barred_payees(connection, user)
    if not barred:
        return ["TRUE"], {}
    return ["payee_ref NOT IN (SELECT value FROM json_each(:barred))"], {"barred": json.dumps(sorted(barred))}


def _by_status(said: str) -> tuple[bool, ColumnElement[bool]] | None:
    """Return a condition on touched payments and whether those are wanted, or all but those."""
    if said == LEFT:
        return False, items.c.status == "decided"
    if said == "new":
        return False, items.c.status != "new"
    return (True, items.c.status == said) if said in STATUSES else None


def _by_person(said: str, user: User) -> tuple[bool, ColumnElement[bool]] | None:
    if said == NOBODY:
        return False, items.c.assigned_to.is_not(None)
    if said == ME:
        return True, items.c.assigned_to == user.id
    is_id = said.isascii() and said.isdigit() and len(said) < 16
    return (True, items.c.assigned_to == int(said)) if is_id else None


def ordering(wanted: Wanted, backwards: bool = False) -> str:
    """Return the sorting as SQL, a total order in which rows without the value stand last; or its reverse."""
    column, falls = sorted_by(wanted)
    end = "place DESC" if backwards else "place"
    if column == "place":
        return end
    way = "DESC NULLS" if falls != backwards else "ASC NULLS"
    return f"{column} {way} {'FIRST' if backwards else 'LAST'}, {end}"


def sorted_by(wanted: Wanted) -> tuple[str, bool]:
    """Return the column the list is sorted by and whether it falls; the list's own order is by `place`."""
    name, is_reversed = wanted.order
    if name == "rang" and not is_reversed:
        return "place", False
    return ORDERS[name].column, ORDERS[name].is_down != is_reversed


def chosen(shelf: Shelf, connection: Connection, user: User, wanted: Wanted, paused: Collection[str] = ()) -> Selection:
    """Return the page of the list that the address asks for; a page that is not there gives the last one."""
    condition, given = where(shelf, connection, user, wanted, paused)
    held = _among(shelf, condition, given, paused)
    sums = _sums(shelf, condition, tuple(given.items()))
    seen, own = _seen(connection, user)
    everything = _sums(shelf, " AND ".join(seen), tuple(own.items()))["n"]
    pages = max(1, math.ceil(sums["n"] / PER_PAGE))
    asked = int(wanted.page) if wanted.page.isascii() and wanted.page.isdigit() and len(wanted.page) < 9 else 1
    page = min(max(asked, 1), pages)
    start = (page - 1) * PER_PAGE
    rows = shelf.ask(
        f"SELECT place, payment_id, rank FROM listed WHERE {condition} ORDER BY {ordering(wanted)}"
        f" LIMIT {PER_PAGE} OFFSET {start}",
        given,
    )
    at = None
    if wanted.order == ("rang", False) and reach(shelf) is not None:
        at = sums["reached"] - start
        if not 0 <= at < len(rows) or rows[at]["rank"] is None:
            at = None
    return Selection(rows, sums["n"], everything, sums["amount"], sums["at_risk"], page, pages, at, held)


def _among(shelf: Shelf, condition: str, given: dict[str, Any], paused: Collection[str]) -> int:
    """Return how many of a filter's rows are paused."""
    if not paused:
        return 0
    wanted = f"SELECT count(*) n FROM listed WHERE {condition} AND payment_id IN {_AMONG_PAUSED}"
    return (shelf.one(wanted, given | {"paused": json.dumps(sorted(paused))}) or {"n": 0})["n"]


def every(shelf: Shelf, connection: Connection, user: User, wanted: Wanted, paused: Collection[str] = ()) -> list[Row]:
    """Return every row the filter leaves, in order, with what a file of them shows."""
    condition, given = where(shelf, connection, user, wanted, paused)
    return shelf.ask(f"SELECT {TAKEN_OUT} FROM listed WHERE {condition} ORDER BY {ordering(wanted)}", given)


@lru_cache(maxsize=32)
def _sums(shelf: Shelf, condition: str, given: tuple[tuple[str, Any], ...]) -> Row:
    """Return number and sums of a filter's rows; a shelf never changes, so they may be kept."""
    said = "count(*) n, coalesce(sum(amount_ore), 0) amount, coalesce(sum(at_risk_ore), 0) at_risk"
    said += f", count(*) FILTER (WHERE rank <= {reach(shelf) or 0}) reached"
    return shelf.one(f"SELECT {said} FROM listed WHERE {condition}", dict(given)) or {}


@lru_cache(maxsize=64)
def reach(shelf: Shelf) -> int | None:
    """Return the last rank the officers' hours reach; None when they reach all of the list, or are not stated."""
    minutes = capacity_minutes(shelf.manifest)
    if minutes is None:
        return None
    spent, last = 0, 0
    for row in shelf.connection.execute("SELECT rank, minutes FROM listed WHERE rank IS NOT NULL ORDER BY place"):
        spent += row["minutes"] or 0
        if spent > minutes:
            return last
        last = row["rank"]
    return None


def states(connection: Connection, month: str, payment_ids: Iterable[str]) -> dict[str, Any]:
    """Return status, person and day of the touched payments among these, by payment id."""
    found = connection.execute(TOUCHED, {"month": month, "ids": list(payment_ids)})
    return {row.payment_id: row for row in found}
