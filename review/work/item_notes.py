"""Notes on a payment: beside its state of work, so that a note never stands in a colleague's way."""

from typing import Any

from sqlalchemy import Connection, bindparam, select

from review.shelf.library import Shelf
from review.store.database import Change
from review.store.schema import items, notes, users
from review.work.errors import InvalidError
from review.work.items import Item, item_of, listed, refuse_conflict
from review.work.people import User
from review.work.verdicts import LONGEST_NOTE

NOTES = (
    select(notes.c.text, notes.c.written_at, users.c.name)
    .join(users, users.c.id == notes.c.written_by)
    .where(notes.c.item_id == bindparam("item_id"))
    .order_by(notes.c.id.desc())
)


def notes_of(connection: Connection, item_id: int) -> list[Any]:
    """Return a payment's notes with their writers' names, newest first."""
    return list(connection.execute(NOTES, {"item_id": item_id})) if item_id else []


def add_note(change: Change, user: User, shelf: Shelf, payment_id: str, said: str) -> Item:
    """Write a note; the payment keeps its version. Raises InvalidError, MissingError and RefusedError (jäv)."""
    item = item_of(change.connection, shelf, payment_id)
    refuse_conflict(change.connection, user, item.payee_ref)
    text = said.strip()
    if not text or len(text) > LONGEST_NOTE:
        raise InvalidError({"text": "Skriv en anteckning." if not text else f"Högst {LONGEST_NOTE} tecken."})
    item_id = item.id or _untouched(change, user, shelf, item)
    row = {"item_id": item_id, "text": text, "written_by": user.id, "written_at": change.at}
    change.connection.execute(notes.insert().values(**row))
    change.record("item.noted", item.subject, text=text)
    return item


def _untouched(change: Change, user: User, shelf: Shelf, item: Item) -> int:
    row = listed(shelf, item.payment_id)
    said = {"month": item.month, "payment_id": item.payment_id, "payee_ref": item.payee_ref, "arm": row["arm"]}
    said |= {"amount_ore": row["amount_ore"] or 0, "status": "new", "version": 0}
    who = {"changed_by": user.id, "changed_at": change.at}
    return change.connection.execute(items.insert().values(**said, **who).returning(items.c.id)).scalar_one()
