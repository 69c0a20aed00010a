"""Measures of a case: proposed, confirmed by a second person, with kronor demanded and recovered in whole öre."""

from typing import Any

from sqlalchemy import Connection, and_, select

from review.store.database import Change
from review.store.schema import measures
from review.work.case_steps import WAITING, refuse_second
from review.work.cases import change_case, required, subject
from review.work.errors import ConflictError, InvalidError, MissingError, RefusedError
from review.work.people import User
from review.work.states import MEASURES, STATES
from review.work.verdicts import kronor


def of_case(connection: Connection, case_id: int) -> list[Any]:
    """Return the case's measures, oldest first."""
    return list(connection.execute(select(measures).where(measures.c.case_id == case_id).order_by(measures.c.id)))


def confirmed_kinds(connection: Connection, case_id: int) -> frozenset[str]:
    """Return the kinds of measures that are confirmed."""
    return frozenset(row.kind for row in of_case(connection, case_id) if row.state == "final")


def refuse_measure(connection: Connection, case: Any, code: str) -> None:
    """Raise RefusedError when a guard rail bars the measure in the case's state."""
    measure = MEASURES[code]
    if case.state not in measure.states:
        raise RefusedError(f"{measure.title} går inte att föreslå i läget {STATES[case.state].title}.")
    if measure.after and measure.after not in confirmed_kinds(connection, case.id):
        raise RefusedError(f"{measure.title} kräver först: {MEASURES[measure.after].title}, bekräftat.")


def propose(change: Change, user: User, case_id: int, version: int, form: dict[str, str]) -> int:
    """Propose a measure, or make it at once where one person may; returns its number.

    Raises what `change_case` does, InvalidError naming fields, RefusedError by a guard rail.
    """
    case = change_case(change, user, case_id, version)
    code, wrong = form.get("kind", ""), {}
    if code not in MEASURES:
        wrong["kind"] = "Välj en åtgärd i listan."
    demanded = kronor(form.get("demanded_sek", ""), "demanded_sek", wrong)
    if demanded is not None and demanded < 0:
        wrong["demanded_sek"] = "Ett krav är inte negativt."
    if code in MEASURES and demanded is not None and not MEASURES[code].has_money:
        wrong["demanded_sek"] = "Åtgärden har inget belopp."
    if not form.get("note", "").strip():
        wrong["note"] = "Skriv vad åtgärden bygger på."
    if wrong:
        raise InvalidError(wrong)
    refuse_measure(change.connection, case, code)
    state = WAITING if MEASURES[code].needs_second else "final"
    row = {"kind": code, "demanded_ore": demanded, "note": required(form["note"], "note", ""), "state": state}
    new = measures.insert().values(case_id=case_id, **row, proposed_by=user.id, proposed_at=change.at, version=1)
    measure_id = change.connection.execute(new.returning(measures.c.id)).scalar_one()
    change_case(change, user, case_id, version, state=case.state)
    said = {"measure_id": measure_id, "measure": code, "demanded_ore": demanded, "note": row["note"]}
    kind = "case.measure_proposed" if state == WAITING else "case.measure_made"
    change.record(kind, subject(case_id), **said)
    return measure_id


def _measure(change: Change, case_id: int, measure_id: int) -> Any:
    mine = and_(measures.c.id == measure_id, measures.c.case_id == case_id)
    row = change.connection.execute(select(measures).where(mine)).first()
    if row is None:
        raise MissingError(str(measure_id))
    return row


def second(change: Change, user: User, case_id: int, measure_id: int, version: int, agrees: bool, note: str) -> None:
    """Let a second person confirm a proposed measure or return it with a note; the guard rails are asked again."""
    case = change_case(change, user, case_id, None)
    row = _measure(change, case_id, measure_id)
    refuse_second(user, row, version)
    said = note.strip() if agrees else required(note, "note", "Skriv varför förslaget återsänds.")
    if agrees:
        refuse_measure(change.connection, case, row.kind)
    told = {"state": "final" if agrees else "returned", "confirmed_by": user.id, "confirmed_at": change.at}
    mine = measures.c.id == measure_id
    change.connection.execute(measures.update().where(mine).values(**told, version=version + 1))
    kind = "case.measure_confirmed" if agrees else "case.measure_returned"
    what = {"measure_id": measure_id, "measure": row.kind, "note": said}
    change.record(kind, subject(case_id), **what)


def recover(change: Change, user: User, case_id: int, measure_id: int, version: int, form: dict[str, str]) -> None:
    """Register how much of a confirmed measure's kronor has come back in all. Raises what `propose` does."""
    change_case(change, user, case_id, None, reopens=True)
    row = _measure(change, case_id, measure_id)
    if row.version != version:
        raise ConflictError("En kollega", "ändrade åtgärden", "")
    if row.state != "final" or not MEASURES[row.kind].has_money:
        raise RefusedError("Bara en gällande åtgärd med belopp kan ge kronor tillbaka.")
    wrong: dict[str, str] = {}
    recovered = kronor(form.get("recovered_sek", ""), "recovered_sek", wrong)
    if recovered is None or recovered < 0:
        wrong.setdefault("recovered_sek", "Skriv hur mycket som kommit tillbaka, i kronor.")
    if wrong:
        raise InvalidError(wrong)
    mine = measures.c.id == measure_id
    change.connection.execute(measures.update().where(mine).values(recovered_ore=recovered, version=version + 1))
    change.record("case.recovered", subject(case_id), measure_id=measure_id, recovered_ore=recovered)
