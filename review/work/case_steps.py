"""A case's way: steps between states, the assessment, measures, and the close. Rules are data in `states`.

What turns against the payee (a decision, an adverse measure) is a proposal until a second person confirms it.
"""

from typing import Any

from sqlalchemy import Connection, and_, select

from reporting.words import OUTCOMES
from review.store.database import Change
from review.store.schema import items, letters, measures, steps
from review.work.cases import change_case, required, subject
from review.work.errors import ConflictError, InvalidError, MissingError, RefusedError
from review.work.people import May, User
from review.work.states import (
    ASSESSMENTS,
    CLOSED,
    DECIDED,
    OUTCOMES_AFTER_DECISION,
    STATES,
    TWO_PEOPLE,
    due_on,
    is_back,
    local_date,
    needs_note,
    steps_from,
)  # fmt: skip

WAITING = "proposed"


def of_case(connection: Connection, case_id: int) -> list[Any]:
    """Return the case's steps, oldest first."""
    return list(connection.execute(select(steps).where(steps.c.case_id == case_id).order_by(steps.c.id)))


def hearing_problem(connection: Connection, case_id: int, at: str) -> str:
    """Return why the payee has not been heard yet, or nothing when it has been."""
    where = and_(letters.c.case_id == case_id, letters.c.kind == "hearing_notice", letters.c.sent_at.is_not(None))
    sent = list(connection.execute(select(letters).where(where)))
    if not sent:
        return "Mottagaren har inte fått yttra sig: skicka en kommunicering först."
    today = local_date(at).isoformat()
    if not any(row.answered_at or (row.answer_due_on or "") < today for row in sent):
        return "Mottagaren har tid kvar att yttra sig."
    return ""


def refuse_step(connection: Connection, case: Any, to: str, at: str) -> None:
    """Raise RefusedError when a guard rail bars the step, whoever takes it."""
    if to not in steps_from(case.state):
        raise RefusedError(f"Från {STATES[case.state].title} går det inte att gå dit.")
    if to == "decision":
        if case.assessment in (None, "no_error"):
            raise RefusedError("Ett beslut kräver en bedömning att något är fel.")
        if problem := hearing_problem(connection, case.id, at):
            raise RefusedError(problem)


def step(change: Change, user: User, case_id: int, version: int, to: str, note: str, answer_days: int) -> bool:
    """Take the case to another state, or propose it where two people are needed (then True). To close is `close`.

    Raises what `change_case` does, InvalidError when the note is missing, RefusedError by a guard rail.
    """
    if to not in STATES or to == CLOSED:
        raise InvalidError({"to": "Välj ett steg i listan."})
    case = change_case(change, user, case_id, version, reopens=True)
    refuse_step(change.connection, case, to, change.at)
    refuse_waiting(change.connection, case_id)
    said = note.strip()
    if needs_note(case.state, to):
        said = required(note, "note", "Skriv varför.")
    if to in TWO_PEOPLE and not is_back(case.state, to):
        step_id = _kept(change, user, case, to, said, WAITING)
        change_case(change, user, case_id, version, state=case.state)
        told = {"step_id": step_id, "from_state": case.state, "to_state": to, "note": said}
        change.record("case.step_proposed", subject(case_id), **told)
        return True
    step_id = _kept(change, user, case, to, said, "final")
    _move(change, user, case, version, step_id, to, said, answer_days)
    return False


def _kept(change: Change, user: User, case: Any, to: str, note: str, state: str) -> int:
    row = {"case_id": case.id, "from_state": case.state, "to_state": to, "note": note, "state": state}
    new = steps.insert().values(**row, proposed_by=user.id, proposed_at=change.at, version=1)
    return change.connection.execute(new.returning(steps.c.id)).scalar_one()


def _move(
    change: Change, user: User, case: Any, version: int, step_id: int, to: str, note: str, answer_days: int
) -> None:
    due = due_on(to, change.at, answer_days)
    told: dict[str, Any] = {"state": to, "due_on": due, "closed_at": None, "outcome": None}
    back = is_back(case.state, to)
    if back:
        told["assessment"] = None if to in ("initial_review", "in_depth_review", "hearing") else case.assessment
    change_case(change, user, case.id, version, reopens=True, **told)
    said = {"step_id": step_id, "from_state": case.state, "to_state": to, "note": note, "due_on": due}
    change.record("case.stepped_back" if back else "case.stepped", subject(case.id), **said)


def refuse_waiting(connection: Connection, case_id: int) -> None:
    """Raise RefusedError while a step or a measure waits for a second person."""
    for table, what in ((steps, "steg"), (measures, "förslag till åtgärd")):
        waiting = and_(table.c.case_id == case_id, table.c.state == WAITING)
        if connection.execute(select(table.c.id).where(waiting)).first():
            raise RefusedError(f"Ett {what} väntar på en andra person. Låt det bekräftas eller återsändas först.")


def refuse_second(user: User, row: Any, version: int) -> None:
    """Raise when the user may not be the second person of a waiting step or measure."""
    if row.state != WAITING or row.version != version:
        raise ConflictError("En kollega", "behandlade förslaget", "")
    if row.proposed_by == user.id:
        raise RefusedError("En annan person än den som lämnade förslaget måste bekräfta det.")
    if not user.may(May.LEAD):
        raise RefusedError("Din roll får inte bekräfta förslag.")


def second_step(
    change: Change, user: User, case_id: int, step_id: int, version: int, agrees: bool, note: str, answer_days: int
) -> None:
    """Let a second person confirm a proposed step or return it with a note; the guard rails are asked again."""
    case = change_case(change, user, case_id, None)
    mine = and_(steps.c.id == step_id, steps.c.case_id == case_id)
    row = change.connection.execute(select(steps).where(mine)).first()
    if row is None:
        raise MissingError(str(step_id))
    refuse_second(user, row, version)
    said = note.strip() if agrees else required(note, "note", "Skriv varför förslaget återsänds.")
    if agrees:
        refuse_step(change.connection, case, row.to_state, change.at)
    told = {"state": "final" if agrees else "returned", "confirmed_by": user.id, "confirmed_at": change.at}
    change.connection.execute(steps.update().where(mine).values(**told, version=version + 1))
    if agrees:
        _move(change, user, case, case.version, step_id, row.to_state, row.note, answer_days)
    else:
        change.record("case.step_returned", subject(case_id), step_id=step_id, note=said)


def assess(change: Change, user: User, case_id: int, version: int, code: str, note: str) -> None:
    """Say what the case has shown; a person's judgement, never a number. Raises what `step` does."""
    case = change_case(change, user, case_id, version)
    if case.state != "assessment":
        raise RefusedError("En bedömning görs i läget Bedömning.")
    refuse_waiting(change.connection, case_id)
    wrong = {} if code in ASSESSMENTS else {"assessment": "Välj en bedömning."}
    if not note.strip():
        wrong["note"] = "Skriv vad bedömningen bygger på."
    if wrong:
        raise InvalidError(wrong)
    change_case(change, user, case_id, version, assessment=code)
    change.record("case.assessed", subject(case_id), assessment=code, note=note.strip())


def close(change: Change, user: User, case_id: int, version: int, outcome: str, note: str) -> None:
    """Close the case with an outcome.

    An outcome that an error was found follows a decision only, and one of recovery a confirmed claim; every payment of
    the case must have its own outcome. Raises what `step` does.
    """
    case = change_case(change, user, case_id, version)
    refuse_step(change.connection, case, CLOSED, change.at)
    refuse_waiting(change.connection, case_id)
    wrong = {} if outcome in OUTCOMES else {"outcome": "Välj ett utfall."}
    if not note.strip():
        wrong["note"] = "Skriv en motivering."
    if wrong:
        raise InvalidError(wrong)
    if outcome in OUTCOMES_AFTER_DECISION and case.state not in DECIDED:
        raise RefusedError("Utfallet kräver ett beslut av två personer.")
    if case.assessment == "no_error" and outcome in OUTCOMES_AFTER_DECISION:
        raise RefusedError("Bedömningen är att inget är fel: välj ett annat utfall eller bedöm igen.")
    own = list(change.connection.execute(select(measures).where(measures.c.case_id == case_id)))
    confirmed = [row for row in own if row.state == "final"]
    if outcome == "error_recovery" and not any(row.demanded_ore for row in confirmed):
        raise RefusedError("Utfallet kräver ett bekräftat krav i kronor bland åtgärderna.")
    undecided = and_(items.c.case_id == case_id, items.c.status != "decided")
    if change.connection.execute(select(items.c.id).where(undecided)).first():
        raise RefusedError("En betalning i ärendet saknar utfall. Avgör den först, eller ta bort den ur ärendet.")
    step_id = _kept(change, user, case, CLOSED, note.strip(), "final")
    told: dict[str, Any] = {"state": CLOSED, "outcome": outcome, "closed_at": change.at, "due_on": None}
    change_case(change, user, case_id, version, **told)
    demanded = sum(row.demanded_ore or 0 for row in confirmed)
    sums = {"demanded_ore": demanded, "recovered_ore": sum(row.recovered_ore or 0 for row in confirmed)}
    said = {"step_id": step_id, "from_state": case.state, "outcome": outcome, "note": note.strip(), **sums}
    change.record("case.closed", subject(case_id), **said)
