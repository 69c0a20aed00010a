"""Decisions on payments: made, proposed, confirmed by a second person, returned, undone. None is ever erased."""

import json
from typing import Any

from sqlalchemy import Connection, and_, bindparam, select

from review.shelf.library import Shelf
from review.store.database import Change
from review.store.schema import decisions, items
from review.work.errors import InvalidError, MissingError, RefusedError
from review.work.items import Item, as_item, change_item, conflict, item_of, refuse_conflict
from review.work.people import May, User
from review.work.verdicts import VERDICTS, Judgement

STATES = {
    "proposed": "Förslag, väntar på andra person",
    "final": "Gäller",
    "returned": "Återsänt",
    "undone": "Ångrat",
}
HISTORY = select(decisions).where(decisions.c.item_id == bindparam("item")).order_by(decisions.c.id.desc())
NEW = decisions.insert().returning(decisions.c.id)


def history(connection: Connection, item_id: int) -> list[Any]:
    """Return every decision on a payment, newest first."""
    return list(connection.execute(HISTORY, {"item": item_id}))


def standing(connection: Connection, item_id: int) -> Any | None:
    """Return the decision that holds or waits for a second person, or None."""
    return next((row for row in history(connection, item_id) if row.state in ("final", "proposed")), None)


def decide(change: Change, user: User, shelf: Shelf, payment_id: str, version: int, said: Judgement) -> Item:
    """Keep an officer's judgement: final at once, or a proposal when the outcome is adverse.

    `version` is the state the officer saw. Raises MissingError, RefusedError (jäv, already decided) and ConflictError.
    """
    now = item_of(change.connection, shelf, payment_id)
    state = "proposed" if said.verdict.is_adverse else "final"
    if now.version == version and now.status in ("decided", "proposed"):
        raise RefusedError("Betalningen är redan bedömd. Ångra det utfallet först.")
    status = "proposed" if state == "proposed" else "decided"
    item = change_item(
        change,
        user,
        shelf,
        payment_id,
        version,
        status=status,
        assigned_to=now.assigned_to or user.id,
        follow_up_on=None,
    )
    earlier = next(iter(history(change.connection, item.id)), None)
    flags = shelf.one("SELECT flag_ids FROM ranked_payments WHERE payment_id = ?", (payment_id,)) or {}
    row = {
        "item_id": item.id,
        "verdict": said.verdict.code,
        "was_worth_looking": said.was_worth_looking,
        "error_ore": said.error_ore,
        "cause": said.cause,
        "intent": said.intent,
        "explanation": said.explanation,
        "ruled_out": json.dumps(said.ruled_out, ensure_ascii=False),
        "note": said.note,
        "spent_minutes": said.spent_minutes,
        "flag_ids": flags.get("flag_ids") or "[]",
        "run_id": shelf.run_id,
        "state": state,
        "supersedes_id": earlier.id if earlier else None,
    }
    who = {"decided_by": user.id, "decided_at": change.at, "version": 1}
    made = change.connection.execute(NEW, row | who).scalar_one()
    kind = "decision.proposed" if state == "proposed" else "decision.made"
    told = row | {"flag_ids": json.loads(row["flag_ids"]), "ruled_out": said.ruled_out, "decision_id": made}
    change.record(kind, item.subject, **told)
    return item


def _waiting(connection: Connection, decision_id: int, version: int) -> tuple[Any, Any]:
    row = connection.execute(select(decisions).where(decisions.c.id == decision_id)).first()
    if row is None:
        raise MissingError(str(decision_id))
    item = connection.execute(select(items).where(items.c.id == row.item_id)).one()
    if row.state != "proposed" or row.version != version:
        raise conflict(connection, as_item(item))
    return row, item


def second(change: Change, user: User, decision_id: int, version: int, agrees: bool, note: str) -> None:
    """Let a second person confirm a proposal, or return it with a note.

    Raises RefusedError when it is the same person, one without the right or one with an interest (jäv), InvalidError
    when a return lacks its note, ConflictError when the proposal is no longer waiting.
    """
    connection = change.connection
    row, item = _waiting(connection, decision_id, version)
    if row.decided_by == user.id:
        raise RefusedError("En annan person än den som lämnade förslaget måste bekräfta det.")
    if not user.may(May.LEAD):
        raise RefusedError("Din roll får inte bekräfta förslag.")
    refuse_conflict(connection, user, item.payee_ref)
    if not agrees and not note.strip():
        raise InvalidError({"note": "Skriv varför förslaget återsänds."})
    told = {"confirmed_by": user.id, "confirmed_at": change.at, "version": version + 1}
    connection.execute(
        decisions.update().where(decisions.c.id == decision_id).values(state="final" if agrees else "returned", **told)
    )
    connection.execute(
        items.update()
        .where(items.c.id == item.id)
        .values(
            status="decided" if agrees else "open",
            changed_by=user.id,
            changed_at=change.at,
            version=item.version + 1,
        )
    )
    kind = "decision.confirmed" if agrees else "decision.returned"
    subject = f"payment:{item.month}:{item.payment_id}"
    change.record(kind, subject, decision_id=decision_id, note=note.strip())


def undo(change: Change, user: User, shelf: Shelf, payment_id: str, version: int, note: str) -> Item:
    """Open a decided payment again: the decision stays, marked as undone, and a new entry says why."""
    connection = change.connection
    now = item_of(connection, shelf, payment_id)
    row = standing(connection, now.id)
    if row is None:
        raise RefusedError("Det finns inget utfall att ångra.")
    if VERDICTS[row.verdict].is_adverse and row.state == "final" and not user.may(May.LEAD):
        raise RefusedError("Ett bekräftat utfall får bara ångras av ansvarig.")
    if not note.strip():
        raise InvalidError({"undo_note": "Skriv varför utfallet ångras."})
    item = change_item(change, user, shelf, payment_id, version, status="open")
    undone = and_(decisions.c.id == row.id, decisions.c.version == row.version)
    connection.execute(decisions.update().where(undone).values(state="undone", version=row.version + 1))
    change.record("decision.undone", item.subject, decision_id=row.id, note=note.strip())
    return item
