"""Pauses: an indicator that an officer has found to say nothing of a payee, or all of them, is set aside until a day.

A listed payment whose every reason is paused is marked and passed over when work is handed out; it stays on the list.
The control arm is never paused. A pause ends by itself, or by a new act. It acts in the application alone: the next
run lists what it lists.
"""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, and_, bindparam, select

from review.shelf.library import Shelf
from review.store.database import Change
from review.store.schema import pauses, users
from review.work.errors import ConflictError, InvalidError, MissingError
from review.work.items import refuse_conflict
from review.work.people import User
from review.work.states import local_date
from review.work.verdicts import LONGEST_NOTE

LONGEST_DAYS = 180
ALL = "alla"
ALL_TITLE = "Alla indikatorer"
ACTIVE = select(pauses.c.payee_ref, pauses.c.indicator, pauses.c.until).where(
    pauses.c.ended_at.is_(None), pauses.c.until >= bindparam("today")
)
_RISK = "SELECT payment_id, codes FROM listed WHERE payee_ref = ? AND arm = 'risk'"


@dataclass(frozen=True, slots=True)
class Paused:
    """A listed payment set aside up to and with a day, the first on which one of its pauses ends."""

    payee_ref: str
    until: str


def subject(payee_ref: str) -> str:
    """Return the name the log knows the payee by."""
    return f"payee:{payee_ref}"


def of_payee(connection: Connection, payee_ref: str) -> list[Any]:
    """Return every pause of a payee with the name of who set it, newest first."""
    wanted = select(pauses, users.c.name).join(users, users.c.id == pauses.c.set_by)
    return list(connection.execute(wanted.where(pauses.c.payee_ref == payee_ref).order_by(pauses.c.id.desc())))


def is_active(row: Any, today: dt.date) -> bool:
    """Whether a pause holds on a day; its last day is included."""
    return row.ended_at is None and row.until >= today.isoformat()


def paused(connection: Connection, payee_ref: str, today: dt.date) -> frozenset[str]:
    """Return the indicators that are paused for a payee on a day."""
    mine = and_(pauses.c.payee_ref == payee_ref, pauses.c.ended_at.is_(None), pauses.c.until >= today.isoformat())
    return frozenset(connection.execute(select(pauses.c.indicator).where(mine)).scalars())


def paused_payments(connection: Connection, shelf: Shelf, today: dt.date) -> dict[str, Paused]:
    """Return the listed payments whose every reason is paused for their payee on a day, by payment id."""
    active = connection.execute(ACTIVE, {"today": today.isoformat()})
    return _covered(shelf, tuple(sorted(tuple(row) for row in active)))


@lru_cache(maxsize=64)
def _covered(shelf: Shelf, active: tuple[tuple[str, str, str], ...]) -> dict[str, Paused]:
    by_payee: dict[str, dict[str, str]] = {}
    for payee_ref, code, until in active:
        by_payee.setdefault(payee_ref, {})[code] = until
    found = {}
    for payee_ref, until_of in by_payee.items():
        for row in shelf.connection.execute(_RISK, (payee_ref,)):
            whole = until_of.get(ALL, "")
            ends = [max(until_of.get(code, ""), whole) for code in row["codes"].split()] or [whole]
            if all(ends):
                found[row["payment_id"]] = Paused(payee_ref, min(ends))
    return found


def pause(change: Change, user: User, payee_ref: str, form: dict[str, str], known: Collection[str]) -> int:
    """Set an indicator (one of the `known` codes) aside for a payee; returns the pause's number.

    Raises RefusedError when the user has an interest in the payee (jäv), InvalidError naming fields.
    """
    connection, today = change.connection, local_date(change.at)
    refuse_conflict(connection, user, payee_ref)
    code, note, wrong = form.get("indicator", ""), form.get("note", "").strip(), {}
    last = today + dt.timedelta(days=LONGEST_DAYS)
    if code not in known and code != ALL:
        wrong["indicator"] = "Välj en indikator i listan."
    elif code in paused(connection, payee_ref, today):
        wrong["indicator"] = "Indikatorn är redan pausad för mottagaren."
    try:
        until = dt.date.fromisoformat(form.get("until", "").strip())
        if not today < until <= last:
            wrong["until"] = f"Välj en dag efter i dag och senast {last.isoformat()}."
    except ValueError:
        until = today
        wrong["until"] = f"Skriv en dag som {last.isoformat()}."
    if not note:
        wrong["note"] = "Skriv varför indikatorn pausas."
    elif len(note) > LONGEST_NOTE:
        wrong["note"] = f"Högst {LONGEST_NOTE} tecken."
    if wrong:
        raise InvalidError(wrong)
    row = {"payee_ref": payee_ref, "indicator": code, "until": until.isoformat(), "note": note}
    new = pauses.insert().values(**row, set_by=user.id, set_at=change.at, version=1)
    pause_id = connection.execute(new.returning(pauses.c.id)).scalar_one()
    change.record("pause.set", subject(payee_ref), pause_id=pause_id, indicator=code, until=row["until"], note=note)
    return pause_id


def end(change: Change, user: User, payee_ref: str, pause_id: int, version: int) -> None:
    """End a pause before its day. Raises MissingError, RefusedError (jäv), ConflictError when it has ended already."""
    connection = change.connection
    refuse_conflict(connection, user, payee_ref)
    mine = and_(pauses.c.id == pause_id, pauses.c.payee_ref == payee_ref)
    row = connection.execute(select(pauses).where(mine)).first()
    if row is None:
        raise MissingError(str(pause_id))
    if row.version != version or row.ended_at is not None:
        raise ConflictError("En kollega", "avslutade pausen", "")
    connection.execute(pauses.update().where(mine).values(ended_at=change.at, version=version + 1))
    change.record("pause.ended", subject(payee_ref), pause_id=pause_id, indicator=row.indicator)
