"""Many payments at once: taken by an officer, or given to somebody by a lead. What may not be moved stays, counted."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select

from review.shelf.library import Shelf
from review.store.database import Change
from review.store.schema import users
from review.work import items
from review.work.errors import InvalidError
from review.work.items import barred_payees
from review.work.people import May, User, user_of

MOST = 500


@dataclass(frozen=True, slots=True)
class Moved:
    """How many payments were moved, and how many stayed: decided, somebody else's, or barred by jäv."""

    count: int
    stayed: int


def take(change: Change, user: User, shelf: Shelf, payment_ids: Iterable[str]) -> Moved:
    """Make payments the user's own, those that nobody else has. Raises MissingError, InvalidError."""
    barred = barred_payees(change.connection, user)
    count = stayed = 0
    for payment_id in _few(payment_ids):
        now = items.item_of(change.connection, shelf, payment_id)
        is_done = now.status in ("decided", "proposed")
        if is_done or now.payee_ref in barred or now.assigned_to not in (None, user.id):
            stayed += 1
        elif now.assigned_to is None:
            items.take(change, user, shelf, payment_id, now.version)
            count += 1
    return Moved(count, stayed)


def give(change: Change, user: User, shelf: Shelf, payment_ids: Iterable[str], to: int | None) -> Moved:
    """Give payments to a person, or to nobody. Raises MissingError, and InvalidError for a person who cannot work."""
    barred = barred_payees(change.connection, user)
    if to is not None:
        row = change.connection.execute(select(users).where(users.c.id == to)).first()
        if row is None or not row.is_active or not user_of(row).may(May.WORK):
            raise InvalidError({"to": "Välj en person i listan."})
        barred |= barred_payees(change.connection, user_of(row))
    count = stayed = 0
    for payment_id in _few(payment_ids):
        now = items.item_of(change.connection, shelf, payment_id)
        done = 0 if now.payee_ref in barred else items.assign(change, user, shelf, [payment_id], to)
        count, stayed = count + done, stayed + 1 - done
    return Moved(count, stayed)


def _few(payment_ids: Iterable[str]) -> list[str]:
    ids = list(dict.fromkeys(payment_ids))
    if not ids:
        raise InvalidError({"vald": "Markera minst en betalning först."})
    if len(ids) > MOST:
        raise InvalidError({"vald": f"Markera högst {MOST} betalningar åt gången."})
    return ids
