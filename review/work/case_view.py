"""A case as its page shows it: its rows, what may be done next by whom, and why something may not be done yet."""

from typing import Any

from sqlalchemy import Connection, select

from review.shelf.library import Library
from review.store.schema import documents, notes, tasks
from review.work import around, case_list, case_steps, cases, letters, measures
from review.work.errors import RefusedError
from review.work.people import May, User
from review.work.states import ASSESSMENTS, CLOSED, DECIDED, MEASURES, STATES, measures_in, needs_note, steps_from


def view(connection: Connection, library: Library, user: User, case: Any, at: str) -> dict[str, Any]:
    """Return what the page of a case needs; `case` is the row that `case_of` gave the user."""
    own_steps, own_measures = case_steps.of_case(connection, case.id), measures.of_case(connection, case.id)
    waiting = [row for row in own_steps if row.state == case_steps.WAITING]
    confirmed = measures.confirmed_kinds(connection, case.id)
    payments = cases.payments(connection, case.id)
    told, reads, readers = around.story(connection, cases.subject(case.id))
    ways = [to for to in steps_from(case.state) if to != CLOSED]
    return {
        "case": case,
        "payee": case_list.payee_names(connection, library, {case.id: case.payee_ref})[case.id],
        "names": case_list.names(connection),
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
        "told": told,
        "reads": (reads, readers),
        "may_work": user.may(May.WORK) and case.state != CLOSED,
        "may_step": user.may(May.WORK),
        "may_confirm": user.may(May.LEAD),
    }


def _rows(connection: Connection, table: Any, case_id: int) -> list[Any]:
    return list(connection.execute(select(table).where(table.c.case_id == case_id).order_by(table.c.id)))


def _bar(connection: Connection, case: Any, to: str, at: str) -> str:
    try:
        case_steps.refuse_step(connection, case, to, at)
    except RefusedError as refused:
        return str(refused)
    return ""


def _listed(library: Library, row: Any) -> dict[str, Any] | None:
    shelf = library.shelf(row.month)
    return shelf.one("SELECT * FROM listed WHERE payment_id = ?", (row.payment_id,)) if shelf else None
