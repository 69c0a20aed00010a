"""What lies around a payment: its neighbours on the list, its bundle, the payee's earlier outcomes, its own story."""

import json
from collections import Counter
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, func, select

from reporting.words import OUTCOMES
from review.shelf.library import Row, Shelf
from review.store.schema import decisions, events, items, users
from review.work.items import STATUSES, Item, barred_payees, touched
from review.work.people import User
from review.work.walk import DONE, states

MOST = 20
UNTOUCHED = Item("", "", "")
BUNDLE = """SELECT payment_id, invoice_no, rank, amount_ore, at_risk_ore, codes FROM listed
 WHERE payee_ref = ? AND bundle_id = ? AND payment_id <> ? AND arm = 'risk' ORDER BY place LIMIT 50"""
# built once: putting a query together costs more than asking it
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


def drawn(connection: Connection, user: User, shelf: Shelf) -> tuple[list[tuple[Row, Item | None]], int]:
    """Return the month's control arm with each payment's state of work, and how many are hidden from the user (jäv)."""
    known, barred = touched(connection, shelf.month), barred_payees(connection, user)
    rows = shelf.ask("SELECT * FROM listed WHERE arm = 'random' ORDER BY place")
    seen = [(row, known.get(row["payment_id"])) for row in rows if row["payee_ref"] not in barred]
    return seen, len(rows) - len(seen)


def bundle(connection: Connection, shelf: Shelf, row: Row) -> list[Row]:
    """Return the other listed payments of a payment's bundle, each with its state of work; the control arm is left out.

    `status`, `assigned_to`, `case_id` and `version` are those of `Item`; `is_open` tells that nobody has decided it, `is_alike`
    that it is listed for the same reasons; `name` is its invoice number, or its id where several are on one invoice.
    """
    found = shelf.ask(BUNDLE, (row["payee_ref"], row["bundle_id"], row["payment_id"]))
    known = states(connection, shelf.month, [other["payment_id"] for other in found]) if found else {}
    invoices = Counter([row["invoice_no"], *(other["invoice_no"] for other in found)])
    for other in found:
        item = known.get(other["payment_id"], UNTOUCHED)
        other |= {"status": STATUSES[item.status], "is_open": item.status not in DONE}
        other["is_alike"] = set(other["codes"].split()) == set(row["codes"].split())
        other["name"] = other["invoice_no"] if invoices[other["invoice_no"]] == 1 else other["payment_id"]
        other |= {name: getattr(item, name) for name in ("assigned_to", "case_id", "version")}
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
