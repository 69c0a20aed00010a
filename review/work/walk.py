"""The way officers walk the list: the next that is free, the next that waits for them, the one before and the one after.

A payment opened from a list that was narrowed or sorted carries that list along, and is walked from in its order.
"""

from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import Connection, bindparam, select

from review.shelf.library import Row, Shelf
from review.store.database import Change
from review.store.schema import items
from review.work.items import Item, barred_payees, item_of, take, touched
from review.work.listing import ordering, sorted_by, where
from review.work.pauses import paused_payments
from review.work.people import User
from review.work.states import local_date
from review.work.wanted import Wanted

DONE = ("decided", "proposed")
PARKED = ("waiting", "follow_up")
_ARM = "(arm = 'random') = :is_drawn"
# built once: putting a query together costs more than asking it
STATES = select(items.c.payment_id, items.c.status, items.c.assigned_to, items.c.case_id, items.c.version).where(
    items.c.month == bindparam("month"), items.c.payment_id.in_(bindparam("ids", expanding=True))
)


def take_next(change: Change, user: User, shelf: Shelf) -> Item | None:
    """Take the first payment of the list that nobody has and that the user may decide; None when there is none left.

    Those set aside by a pause are passed over until its end.
    """
    known = touched(change.connection, shelf.month).values()
    busy = {item.payment_id for item in known if item.assigned_to or item.status != "new"}
    busy |= paused_payments(change.connection, shelf, local_date(change.at)).keys()
    barred = barred_payees(change.connection, user)
    for row in shelf.connection.execute("SELECT payment_id, payee_ref FROM listed ORDER BY place"):
        if row["payment_id"] not in busy and row["payee_ref"] not in barred:
            now = item_of(change.connection, shelf, row["payment_id"])
            return take(change, user, shelf, row["payment_id"], now.version)
    return None


def neighbours(
    connection: Connection, user: User, shelf: Shelf, row: Row, trail: str, paused: Collection[str]
) -> tuple[str | None, str | None]:
    """Return the payments before and after one on the list, or on the narrowed list that `trail` names."""
    found = []
    for is_after in (False, True):
        rows = _walked(connection, user, shelf, row, trail, paused, is_after, backwards=not is_after)
        found.append(next((other["payment_id"] for other in rows), None))
    return found[0], found[1]


def next_open(connection: Connection, user: User, shelf: Shelf, row: Row, trail: str, at: str) -> str | None:
    """Return the first payment after one of the list, then from the top, that waits for this user (`at`: time, UTC).

    Decided ones, those put off or paused, those of colleagues and those of payees the user has an interest in are
    passed over. Without a `trail` the control arm and the rest of the list are walked apart.
    """
    barred, paused = barred_payees(connection, user), paused_payments(connection, shelf, local_date(at))
    for is_after in (True, False):
        rows = _walked(connection, user, shelf, row, trail, paused, is_after)
        while some := [other for _, other in zip(range(20), rows, strict=False)]:
            known = states(connection, shelf.month, [other["payment_id"] for other in some])
            for other in some:
                item = known.get(other["payment_id"])
                is_free = item is None or (item.status not in DONE + PARKED and item.assigned_to in (None, user.id))
                if is_free and other["payee_ref"] not in barred and other["payment_id"] not in paused:
                    return other["payment_id"]
    return None


def states(connection: Connection, month: str, payment_ids: list[str]) -> dict[str, Any]:
    """Return status, person, case and version of the touched payments among these, by payment id."""
    found = connection.execute(STATES, {"month": month, "ids": payment_ids})
    return {row.payment_id: row for row in found}


def _walked(
    connection: Connection, user: User, shelf: Shelf, row: Row, trail: str, paused: Collection[str], is_after: bool,
    backwards: bool = False,
) -> Iterator[Any]:  # fmt: skip
    """Yield the rows after one, or before it, in the list's order or `backwards`."""
    wanted = Wanted.of_trail(trail)
    if trail:
        condition, given = where(shelf, connection, user, wanted, paused)
    else:
        condition, given = _ARM, {"is_drawn": row["arm"] == "random"}
    column, falls = sorted_by(wanted)
    given |= {"own_place": row["place"], "own": row[column]}
    beyond = _beyond(column, falls, row[column] is None, is_after)
    order = ordering(wanted, backwards)
    sql = f"SELECT payment_id, payee_ref FROM listed WHERE {condition} AND ({beyond}) ORDER BY {order}"
    yield from shelf.connection.execute(sql, given)


def _beyond(column: str, falls: bool, is_unknown: bool, is_after: bool) -> str:
    """Return what holds of the rows on one side of a row in the list's order, rows without the value standing last."""
    side = "place > :own_place" if is_after else "place < :own_place"
    if column == "place":
        return side
    if is_unknown:
        return f"{column} IS NULL AND {side}" if is_after else f"{column} IS NOT NULL OR {side}"
    sign = "<" if falls == is_after else ">"
    return f"{column} {sign} :own OR ({column} = :own AND {side})" + (f" OR {column} IS NULL" if is_after else "")
