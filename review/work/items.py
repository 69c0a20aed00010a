"""A listed payment as work: who has it, what it waits for. Nothing is stored before somebody touches it."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, select

from reporting.format import timestamp
from review.shelf.library import Row, Shelf
from review.store.database import Change
from review.store.schema import conflicts, items, users
from review.work.errors import ConflictError, InvalidError, MissingError, RefusedError
from review.work.people import User
from review.work.states import local_date

STATUSES = {
    "new": "Ny",
    "open": "Påbörjad",
    "waiting": "Väntar på svar",
    "follow_up": "Följs upp",
    "proposed": "Väntar på andra person",
    "decided": "Avgjord",
}
ACTS = {
    "new": "lämnade tillbaka betalningen",
    "open": "tog betalningen",
    "waiting": "väntar på svar",
    "follow_up": "satte en uppföljning",
    "proposed": "lämnade ett förslag",
    "decided": "avgjorde betalningen",
}
# built once: putting a query together costs more than asking it
ITEM = select(items).where(items.c.month == bindparam("of_month"), items.c.payment_id == bindparam("payment"))
_OWN = (conflicts.c.user_id == bindparam("who"), conflicts.c.ended_at.is_(None))
BARRED = select(conflicts.c.payee_ref).where(*_OWN)
INTEREST = select(conflicts.c.id).where(*_OWN, conflicts.c.payee_ref == bindparam("payee"))
ALTER = items.update().where(items.c.id == bindparam("item"))


@dataclass(frozen=True, slots=True)
class Item:
    """A payment's state of work; `id` 0 means nothing is stored of it, `version` 0 that nobody has taken it up."""

    month: str
    payment_id: str
    payee_ref: str
    status: str = "new"
    id: int = 0
    assigned_to: int | None = None
    follow_up_on: str | None = None
    case_id: int | None = None
    changed_by: int | None = None
    changed_at: str = ""
    version: int = 0

    @property
    def subject(self) -> str:
        """Return the name the log knows the payment by."""
        return f"payment:{self.month}:{self.payment_id}"


def as_item(row: Any) -> Item:
    """Return the state that a row of `items` holds."""
    return Item(**{name: getattr(row, name) for name in Item.__slots__})


def touched(connection: Connection, month: str) -> dict[str, Item]:
    """Return the touched payments of a month by payment id."""
    return {row.payment_id: as_item(row) for row in connection.execute(select(items).where(items.c.month == month))}


def listed(shelf: Shelf, payment_id: str) -> Row:
    """Return a listed payment's row; raises MissingError."""
    row = shelf.one("SELECT * FROM listed WHERE payment_id = ?", (payment_id,))
    if row is None:
        raise MissingError(payment_id)
    return row


def item_of(connection: Connection, shelf: Shelf, payment_id: str) -> Item:
    """Return a listed payment's state of work, touched or not; raises MissingError."""
    found = connection.execute(ITEM, {"of_month": shelf.month, "payment": payment_id}).first()
    if found:
        return as_item(found)
    return Item(shelf.month, payment_id, listed(shelf, payment_id)["payee_ref"])


def refuse_conflict(connection: Connection, user: User, payee_ref: str) -> None:
    """Raise RefusedError when the user is registered as having an interest in the payee (jäv)."""
    if connection.execute(INTEREST, {"who": user.id, "payee": payee_ref}).first():
        raise RefusedError("Du är registrerad som jävig mot den här mottagaren.")


def barred_payees(connection: Connection, user: User) -> set[str]:
    """Return the payees the user is registered as having an interest in (jäv): their payments are not listed."""
    return set(connection.execute(BARRED, {"who": user.id}).scalars())


def change_item(change: Change, user: User, shelf: Shelf, payment_id: str, version: int | None, **values: Any) -> Item:
    """Write new values to a payment's state; `version` is what the officer saw, None when it does not matter.

    Raises MissingError, RefusedError (jäv) and ConflictError when somebody changed the payment in between.
    """
    connection = change.connection
    now = item_of(connection, shelf, payment_id)
    refuse_conflict(connection, user, now.payee_ref)
    if version is not None and version != now.version:
        raise conflict(connection, now)
    told = values | {"changed_by": user.id, "changed_at": change.at, "version": now.version + 1}
    if now.id == 0:
        row = listed(shelf, payment_id)
        fixed = {"month": shelf.month, "payment_id": payment_id, "payee_ref": now.payee_ref, "status": "open"}
        told = fixed | {"arm": row["arm"], "amount_ore": row["amount_ore"] or 0} | told
        connection.execute(items.insert(), told)
    else:
        connection.execute(ALTER, told | {"item": now.id})
    return item_of(connection, shelf, payment_id)


def conflict(connection: Connection, now: Item) -> ConflictError:
    """Return the error that names who changed the payment last, and to what."""
    name = connection.execute(select(users.c.name).where(users.c.id == now.changed_by)).scalar_one_or_none()
    return ConflictError(name or "Någon annan", ACTS[now.status], f"({timestamp(now.changed_at[:16])})")


def take(change: Change, user: User, shelf: Shelf, payment_id: str, version: int) -> Item:
    """Make the payment the user's own; raises RefusedError when it is decided and what `change_item` does."""
    now = item_of(change.connection, shelf, payment_id)
    if now.version == version and now.status in ("decided", "proposed"):
        raise RefusedError("Betalningen är redan bedömd.")
    item = change_item(change, user, shelf, payment_id, version, assigned_to=user.id, status="open")
    change.record("item.taken", item.subject)
    return item


def release(change: Change, user: User, shelf: Shelf, payment_id: str, version: int) -> Item:
    """Give the payment back to the common queue; raises RefusedError when it is decided."""
    now = item_of(change.connection, shelf, payment_id)
    if now.version == version and now.status in ("decided", "proposed"):
        raise RefusedError("Betalningen är redan bedömd.")
    item = change_item(change, user, shelf, payment_id, version, assigned_to=None, status="new", follow_up_on=None)
    change.record("item.released", item.subject)
    return item


def assign(change: Change, user: User, shelf: Shelf, payment_ids: Iterable[str], to: int | None) -> int:
    """Give payments that are not decided to a person, or to nobody; returns how many. Raises InvalidError."""
    if to is not None:
        person = change.connection.execute(select(users).where(users.c.id == to)).first()
        if person is None or not person.is_active:
            raise InvalidError({"to": "Välj en person i listan."})
    count = 0
    for payment_id in dict.fromkeys(payment_ids):
        now = item_of(change.connection, shelf, payment_id)
        if now.status in ("decided", "proposed"):
            continue
        status = "open" if now.status == "new" and to is not None else now.status
        item = change_item(change, user, shelf, payment_id, now.version, assigned_to=to, status=status)
        change.record("item.assigned", item.subject, to=to)
        count += 1
    return count


def put_off(change: Change, user: User, shelf: Shelf, payment_id: str, version: int, status: str, on: str) -> Item:
    """Let the payment wait for an answer or for a day (`2026-12-01`); raises InvalidError and what `change_item` does."""
    if status not in ("waiting", "follow_up"):
        raise InvalidError({"status": "Välj vad betalningen väntar på."})
    try:
        on = dt.date.fromisoformat(on.strip()).isoformat()
    except ValueError:
        raise InvalidError({"on": "Skriv en dag som 2026-12-01."}) from None
    if on < local_date(change.at).isoformat():
        raise InvalidError({"on": "Välj en dag som inte har varit."})
    now = item_of(change.connection, shelf, payment_id)
    if now.version == version and now.status in ("decided", "proposed"):
        raise RefusedError("Betalningen är redan bedömd.")
    item = change_item(change, user, shelf, payment_id, version, status=status, follow_up_on=on, assigned_to=user.id)
    change.record(f"item.{status}", item.subject, on=on)
    return item
