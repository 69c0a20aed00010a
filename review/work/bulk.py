"""Many payments at once: taken by an officer, given to somebody by a lead, decided alike within a bundle.

What may not be moved stays, counted.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select

from review.shelf.library import Shelf
from review.store.database import Change
from review.store.schema import users
from review.work import decisions, items
from review.work.errors import InvalidError, RefusedError
from review.work.items import barred_payees, item_of, listed
from review.work.people import May, User, user_of
from review.work.verdicts import LONGEST_NOTE, VERDICTS, Judgement

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


def same(change: Change, user: User, shelf: Shelf, payment_id: str, marked: dict[str, int]) -> int:
    """Give payments of one bundle the outcome that holds for one of them; returns how many.

    `marked` has the version that the officer saw of each. Only an outcome that accuses nobody goes for more than one:
    an error has kronor of its own. Raises what `decisions.decide` does, InvalidError when nothing is marked.
    """
    ids = _few(marked)
    own = listed(shelf, payment_id)
    made = decisions.standing(change.connection, item_of(change.connection, shelf, payment_id).id)
    if own["arm"] != "risk" or made is None or made.state != "final" or not VERDICTS[made.verdict].is_one_click:
        raise RefusedError("Bara ett utfall utan fel kan gälla fler betalningar i bunten.")
    told = f"Samma utfall som betalning {own['invoice_no'] or payment_id} i bunten."
    note = "\n".join(filter(None, (made.note, told)))[:LONGEST_NOTE]
    said = Judgement(
        VERDICTS[made.verdict], made.was_worth_looking, intent=made.intent, explanation=made.explanation, note=note
    )
    for other in ids:
        row = listed(shelf, other)
        if (row["payee_ref"], row["bundle_id"], row["arm"]) != (own["payee_ref"], own["bundle_id"], "risk"):
            raise RefusedError("Betalningen hör inte till bunten.")
        decisions.decide(change, user, shelf, other, marked[other], said)
    return len(ids)


def _few(payment_ids: Iterable[str]) -> list[str]:
    ids = list(dict.fromkeys(payment_ids))
    if not ids:
        raise InvalidError({"vald": "Markera minst en betalning först."})
    if len(ids) > MOST:
        raise InvalidError({"vald": f"Markera högst {MOST} betalningar åt gången."})
    return ids
