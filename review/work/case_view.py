"""A case as its page shows it: its rows, what may be done next by whom, and why something may not be done yet."""

import json
from typing import Any

from sqlalchemy import Connection, and_, func, select

from review.shelf.library import Library
from review.store.schema import documents, events, notes, tasks
from review.work import case_list, case_steps, cases, letters, measures
from review.work.case_words import said
from review.work.errors import RefusedError
from review.work.people import May, User
from review.work.states import ASSESSMENTS, CLOSED, DECIDED, MEASURES, STATES, measures_in, needs_note, steps_from

MOST_ACTS = 60


def view(connection: Connection, library: Library, user: User, case: Any, at: str) -> dict[str, Any]:
    """Return what the page of a case needs; `case` is the row that `case_of` gave the user."""
    own_steps, own_measures = case_steps.of_case(connection, case.id), measures.of_case(connection, case.id)
    waiting = [row for row in own_steps if row.state == case_steps.WAITING]
    confirmed = measures.confirmed_kinds(connection, case.id)
    payments = cases.payments(connection, case.id)
    people = case_list.names(connection)
    ways = [to for to in steps_from(case.state) if to != CLOSED]
    return {
        "case": case,
        "payee": case_list.payee_names(connection, library, {case.id: case.payee_ref})[case.id],
        "names": people,
        "officers": case_list.officers(connection),
        "payments": [(row, _listed(library, row)) for row in payments],
        "letters": letters.of_case(connection, case.id),
        "letter_kinds": letters.KINDS,
        "tasks": _rows(connection, tasks, case.id),
        "notes": _rows(connection, notes, case.id),
        "documents": _rows(connection, documents, case.id),
        "measures": own_measures,
        "measure_kinds": MEASURES,
        "may_measure": measures_in(case.state, confirmed),
        "states": STATES,
        "ways": [(STATES[to], needs_note(case.state, to), _bar(connection, case, to, at)) for to in ways],
        "waiting": waiting,
        "is_waiting": bool(waiting) or any(row.state == case_steps.WAITING for row in own_measures),
        "assessments": ASSESSMENTS,
        "may_close": CLOSED in steps_from(case.state),
        "after_decision": case.state in DECIDED,
        "undecided": sum(row.status != "decided" for row in payments),
        "acts": _acts(connection, case.id, people),
        "reads": _reads(connection, case.id),
        "may_work": user.may(May.WORK) and case.state != CLOSED,
        "may_step": user.may(May.WORK),
        "may_confirm": user.may(May.LEAD),
    }


def _rows(connection: Connection, table: Any, case_id: int) -> list[Any]:
    return list(connection.execute(select(table).where(table.c.case_id == case_id).order_by(table.c.id)))


def _acts(connection: Connection, case_id: int, people: dict[int, str]) -> list[dict[str, Any]]:
    """Return what was done in the case, newest first."""
    about = and_(events.c.subject == cases.subject(case_id), events.c.kind.not_like("read.%"))
    found = connection.execute(select(events).where(about).order_by(events.c.seq.desc()).limit(MOST_ACTS))
    return [
        {
            "at": e.at,
            "who": people.get(e.actor, "Systemet"),
            "kind": e.kind,
            "said": said(json.loads(e.payload), people),
        }
        for e in found
    ]


def _reads(connection: Connection, case_id: int) -> tuple[int, int]:
    about = and_(events.c.subject == cases.subject(case_id), events.c.kind.like("read.%"))
    row = connection.execute(select(func.count(), func.count(events.c.actor.distinct())).where(about)).one()
    return row[0], row[1]


def _bar(connection: Connection, case: Any, to: str, at: str) -> str:
    try:
        case_steps.refuse_step(connection, case, to, at)
    except RefusedError as refused:
        return str(refused)
    return ""


def _listed(library: Library, row: Any) -> dict[str, Any] | None:
    """Return a payment's row of the list with its reasons' titles, none while it is drawn by lot and not decided."""
    shelf = library.shelf(row.month)
    found = shelf.one("SELECT * FROM listed WHERE payment_id = ?", (row.payment_id,)) if shelf else None
    if shelf is None or found is None:
        return None
    codes = (found["codes"] or "").split() if row.arm != "random" or row.status == "decided" else []
    titles = [shelf.indicators[code]["title_sv"] if code in shelf.indicators else code for code in codes]
    return found | {"titles": ", ".join(titles)}
