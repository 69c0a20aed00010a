"""What lies around a payment: its neighbours on the list, its bundle, the payee's earlier outcomes, its own story."""

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, func, select

from reporting.words import OUTCOMES
from review.shelf.library import Row, Shelf
from review.store.schema import decisions, events, items, users
from review.work.items import STATUSES, Item, barred_payees, touched
from review.work.people import User

MOST = 20
DONE = ("decided", "proposed")
PARKED = ("waiting", "follow_up")
ARM = "(arm = 'random') = (SELECT arm = 'random' FROM listed WHERE place = ?)"
BUNDLE = """SELECT payment_id, invoice_no, rank, amount_ore, at_risk_ore, codes FROM listed
 WHERE payee_ref = ? AND bundle_id = ? AND payment_id <> ? ORDER BY place LIMIT 50"""
# built once: putting a query together costs more than asking it
STATES = select(items.c.payment_id, items.c.status, items.c.assigned_to).where(
    items.c.month == bindparam("month"), items.c.payment_id.in_(bindparam("ids", expanding=True))
)
_OUTCOME = (items.c.month, items.c.payment_id, items.c.amount_ore, decisions.c.verdict, decisions.c.error_ore)
OUTCOMES_OF = (
    select(*_OUTCOME, decisions.c.state, decisions.c.decided_at, decisions.c.explanation, users.c.name)
    .join(items, items.c.id == decisions.c.item_id)
    .join(users, users.c.id == decisions.c.decided_by)
    .where(items.c.payee_ref == bindparam("payee_ref"), items.c.id != bindparam("besides"))
    .where(decisions.c.state.in_(("final", "proposed")))
    .order_by(decisions.c.id.desc())
    .limit(MOST)
)
ACTS_ON = (
    select(events, users.c.name)
    .outerjoin(users, users.c.id == events.c.actor)
    .where(events.c.subject == bindparam("subject"), events.c.kind.not_like("read.%"))
    .order_by(events.c.seq.desc())
    .limit(100)
)
READS_OF = select(func.count(), func.count(events.c.actor.distinct())).where(
    events.c.subject == bindparam("subject"), events.c.kind == "read.payment"
)
NAMES = select(users.c.id, users.c.name)


def neighbours(shelf: Shelf, place: int) -> tuple[str | None, str | None]:
    """Return the payments before and after a place of the list, of the same arm."""
    before = f"SELECT payment_id FROM listed WHERE place < ? AND {ARM} ORDER BY place DESC LIMIT 1"
    after = f"SELECT payment_id FROM listed WHERE place > ? AND {ARM} ORDER BY place LIMIT 1"
    found = [shelf.one(sql, (place, place)) for sql in (before, after)]
    return (found[0] or {}).get("payment_id"), (found[1] or {}).get("payment_id")


def next_open(connection: Connection, user: User, shelf: Shelf, place: int) -> str | None:
    """Return the first payment after a place, then from the top, of the same arm, that waits for this user.

    Decided ones, those put off, those of colleagues and those of payees the user has an interest in are passed over.
    """
    barred = barred_payees(connection, user)
    for walk in (f"place > ? AND {ARM}", f"place <= ? AND {ARM}"):  # each in the order of the key: nothing is sorted
        rows = shelf.connection.execute(
            f"SELECT payment_id, payee_ref FROM listed WHERE {walk} ORDER BY place", (place, place)
        )
        while some := rows.fetchmany(20):
            known = _states(connection, shelf.month, [row["payment_id"] for row in some])
            for row in some:
                item = known.get(row["payment_id"])
                is_free = item is None or (item.status not in DONE + PARKED and item.assigned_to in (None, user.id))
                if is_free and row["payee_ref"] not in barred:
                    return row["payment_id"]
    return None


def _states(connection: Connection, month: str, payment_ids: list[str]) -> dict[str, Any]:
    found = connection.execute(STATES, {"month": month, "ids": payment_ids})
    return {row.payment_id: row for row in found}


def drawn(connection: Connection, user: User, shelf: Shelf) -> tuple[list[tuple[Row, Item | None]], int]:
    """Return the month's control arm with each payment's state of work, and how many are hidden from the user (jäv)."""
    known, barred = touched(connection, shelf.month), barred_payees(connection, user)
    rows = shelf.ask("SELECT * FROM listed WHERE arm = 'random' ORDER BY place")
    seen = [(row, known.get(row["payment_id"])) for row in rows if row["payee_ref"] not in barred]
    return seen, len(rows) - len(seen)


def bundle(connection: Connection, shelf: Shelf, row: Row) -> list[Row]:
    """Return the other listed payments of a payment's bundle, each with its status."""
    found = shelf.ask(BUNDLE, (row["payee_ref"], row["bundle_id"], row["payment_id"]))
    known = _states(connection, shelf.month, [other["payment_id"] for other in found]) if found else {}
    for other in found:
        item = known.get(other["payment_id"])
        other["status"] = STATUSES[item.status if item else "new"]
    return found


def earlier_outcomes(connection: Connection, payee_ref: str, besides: int) -> list[Any]:
    """Return the payee's outcomes of all months that hold or wait for a second person, newest first."""
    return list(connection.execute(OUTCOMES_OF, {"payee_ref": payee_ref, "besides": besides}))


def standing_verdicts(connection: Connection, month: str) -> dict[int, str]:
    """Return the outcome that holds or waits for a second person, of each payment of a month that has one, by item."""
    wanted = select(decisions.c.item_id, decisions.c.verdict).join(items, items.c.id == decisions.c.item_id)
    holds = decisions.c.state.in_(("final", "proposed"))
    found = connection.execute(wanted.where(items.c.month == month, holds).order_by(decisions.c.id))
    return {row.item_id: row.verdict for row in found}


def names(connection: Connection) -> dict[int | None, str]:
    """Return everybody's name by number."""
    return {row.id: row.name for row in connection.execute(NAMES)}


@dataclass(frozen=True, slots=True)
class Told:
    """One act on a payment as the log has it: when (UTC), who, its kind, and what was said."""

    seq: int
    at: str
    who: str
    kind: str
    said: str


def story(connection: Connection, subject: str) -> tuple[list[Told], int, int]:
    """Return what was done with a payment, newest first, and how often it was read by how many people."""
    acts = connection.execute(ACTS_ON, {"subject": subject}).all()
    known = names(connection) if acts else {}
    read = connection.execute(READS_OF, {"subject": subject}).one()
    told = [
        Told(row.seq, row.at, row.name or "Systemet", row.kind, _said(json.loads(row.payload), known)) for row in acts
    ]
    return told, read[0], read[1]


def _said(payload: dict[str, Any], known: dict[int | None, str]) -> str:
    parts = [OUTCOMES.get(payload.get("verdict", ""), ""), payload.get("on") or ""]
    if payload.get("to"):
        parts.append(f"till {known.get(payload['to'], 'okänd')}")
    if payload.get("case_id"):
        parts.append(f"ärende {payload['case_id']}")
    parts += [payload.get("explanation") or "", payload.get("note") or "", payload.get("text") or ""]
    return ". ".join(str(part).strip().rstrip(".") for part in parts if part)
