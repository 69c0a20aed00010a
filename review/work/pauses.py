"""Pauses: an indicator that an officer has found to say nothing of a payee is set aside for it until a day.

A pause hides nothing: it marks the indicator as already looked into. It ends by itself, or by a new act.
"""

import datetime as dt
from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, and_, select

from review.store.database import Change
from review.store.schema import pauses, users
from review.work.errors import ConflictError, InvalidError, MissingError
from review.work.items import refuse_conflict
from review.work.people import User
from review.work.states import local_date
from review.work.verdicts import LONGEST_NOTE

LONGEST_DAYS = 180


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


def pause(change: Change, user: User, payee_ref: str, form: dict[str, str], known: Collection[str]) -> int:
    """Set an indicator (one of the `known` codes) aside for a payee; returns the pause's number.

    Raises RefusedError when the user has an interest in the payee (jäv), InvalidError naming fields.
    """
    connection, today = change.connection, local_date(change.at)
    refuse_conflict(connection, user, payee_ref)
    code, note, wrong = form.get("indicator", ""), form.get("note", "").strip(), {}
    last = today + dt.timedelta(days=LONGEST_DAYS)
    if code not in known:
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
