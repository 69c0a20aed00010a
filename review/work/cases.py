"""Cases: opened with payments of one payee, led by one person, with tasks and notes. Steps are in `case_steps`.

Whatever an act writes is also in its log entry, so that a case file can be made anew from the log alone.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import Connection, and_, or_, select

from review.shelf.library import Shelf
from review.store.database import Change
from review.store.schema import cases, conflicts, items, notes, tasks, users
from review.work.errors import ConflictError, InvalidError, MissingError, RefusedError
from review.work.items import change_item, item_of, refuse_conflict
from review.work.people import May, User, user_of
from review.work.states import CLOSED, FIRST, due_on, local_time

LONGEST_TITLE, LONGEST_TEXT = 300, 20_000


def subject(case_id: int) -> str:
    """Return the name the log knows the case by."""
    return f"case:{case_id}"


def _sees_sensitive(user: User, row: Any) -> bool:
    return not row.is_sensitive or row.responsible == user.id or user.may(May.LEAD) or user.may(May.SEE_LOG)


def case_of(connection: Connection, user: User, case_id: int) -> Any:
    """Return the case's row as the user may see it.

    Raises MissingError when there is none or it is sensitive and not the user's to see, RefusedError when the user has
    an interest in the payee (jäv).
    """
    row = connection.execute(select(cases).where(cases.c.id == case_id)).first()
    if row is None or not _sees_sensitive(user, row):
        raise MissingError(str(case_id))
    refuse_conflict(connection, user, row.payee_ref)
    return row


def visible(user: User) -> Any:
    """Return the condition that a row of `cases` is the user's to see: no jäv, no sensitive case of somebody else."""
    own = select(conflicts.c.payee_ref).where(and_(conflicts.c.user_id == user.id, conflicts.c.ended_at.is_(None)))
    free = cases.c.payee_ref.not_in(own)
    if user.may(May.LEAD) or user.may(May.SEE_LOG):
        return free
    return and_(free, or_(cases.c.is_sensitive.is_(False), cases.c.responsible == user.id))


def change_case(
    change: Change, user: User, case_id: int, version: int | None, reopens: bool = False, **values: Any
) -> Any:
    """Write new values to a case and return its new row; `version` None when what others did does not matter.

    Raises what `case_of` does, ConflictError when somebody changed the case, RefusedError when it is closed.
    """
    row = case_of(change.connection, user, case_id)
    if version is not None and version != row.version:
        raise stale(change.connection, row.changed_by, row.changed_at)
    if row.state == CLOSED and not reopens:
        raise RefusedError("Ärendet är avslutat. Öppna det igen för att ändra något.")
    if values:
        values |= {"version": row.version + 1, "changed_by": user.id, "changed_at": change.at}
        change.connection.execute(cases.update().where(cases.c.id == case_id).values(**values))
    return case_of(change.connection, user, case_id)


def stale(connection: Connection, by: int, at: str, what: str = "ändrade ärendet") -> ConflictError:
    """Return the error that tells who was first."""
    name = connection.execute(select(users.c.name).where(users.c.id == by)).scalar_one_or_none()
    return ConflictError(name or "Någon annan", what, f"({local_time(at).replace('T', ' ')})")


def open_case(
    change: Change, user: User, shelf: Shelf, payee_ref: str, title: str, payment_ids: Iterable[str], answer_days: int
) -> int:
    """Open a case with payments of one payee, led by who opens it; returns its number.

    Raises InvalidError, MissingError (a payment that is not listed), RefusedError (jäv, another payee, in another case).
    """
    title, wanted = title.strip(), list(dict.fromkeys(payment_ids))
    wrong: dict[str, str] = {}
    if not title or len(title) > LONGEST_TITLE:
        wrong["title"] = "Skriv en rubrik."
    if not wanted:
        wrong["payment_id"] = "Välj minst en betalning."
    if wrong:
        raise InvalidError(wrong)
    refuse_conflict(change.connection, user, payee_ref)
    due = due_on(FIRST, change.at, answer_days)
    row = {"payee_ref": payee_ref, "title": title, "state": FIRST, "responsible": user.id, "due_on": due}
    who = {"opened_by": user.id, "opened_at": change.at, "changed_by": user.id, "changed_at": change.at}
    new = cases.insert().values(**row, **who, is_sensitive=False, version=1)
    case_id = change.connection.execute(new.returning(cases.c.id)).scalar_one()
    change.record("case.opened", subject(case_id), **row)
    for payment_id in wanted:
        add_payment(change, user, shelf, case_id, None, payment_id)
    return case_id


def add_payment(change: Change, user: User, shelf: Shelf, case_id: int, version: int | None, payment_id: str) -> None:
    """Add a listed payment of the case's payee. Raises what `change_case` does, MissingError and RefusedError."""
    row = change_case(change, user, case_id, version)
    now = item_of(change.connection, shelf, payment_id)
    if now.payee_ref != row.payee_ref:
        raise RefusedError("Ett ärende gäller en mottagare. Betalningen hör till en annan.")
    if now.case_id is not None:
        raise RefusedError(f"Betalningen ingår redan i ärende {now.case_id}.")
    item = change_item(change, user, shelf, payment_id, now.version, case_id=case_id)
    said = {"month": shelf.month, "payment_id": payment_id, "run_id": shelf.run_id}
    change.record("case.payment_added", subject(case_id), **said)
    change.record("item.in_case", item.subject, case_id=case_id)
    if version is not None:
        change_case(change, user, case_id, version, state=row.state)


def remove_payment(
    change: Change, user: User, shelf: Shelf, case_id: int, version: int, payment_id: str, note: str
) -> None:
    """Take a payment out of the case; the note says why. Raises what `change_case` does and InvalidError."""
    row = change_case(change, user, case_id, version)
    now = item_of(change.connection, shelf, payment_id)
    if now.case_id != case_id:
        raise MissingError(payment_id)
    why = required(note, "note", "Skriv varför betalningen tas bort.")
    item = change_item(change, user, shelf, payment_id, now.version, case_id=None)
    change.record("case.payment_removed", subject(case_id), month=shelf.month, payment_id=payment_id, note=why)
    change.record("item.out_of_case", item.subject, case_id=case_id)
    change_case(change, user, case_id, version, state=row.state)


def payments(connection: Connection, case_id: int) -> list[Any]:
    """Return the case's payments as rows of `items`, by month and payment id."""
    wanted = select(items).where(items.c.case_id == case_id).order_by(items.c.month, items.c.payment_id)
    return list(connection.execute(wanted))


def open_cases_of(connection: Connection, user: User, payee_ref: str) -> list[Any]:
    """Return the open cases of a payee that the user may see, newest first."""
    where = and_(cases.c.payee_ref == payee_ref, cases.c.state != CLOSED, visible(user))
    return list(connection.execute(select(cases).where(where).order_by(cases.c.id.desc())))


def alter(change: Change, user: User, case_id: int, version: int, form: dict[str, str]) -> None:
    """Change title, registry number, responsible, last day and whether the case is sensitive.

    Raises what `change_case` does, InvalidError, and RefusedError when somebody else's case is marked as sensitive.
    """
    now = change_case(change, user, case_id, version)
    wrong: dict[str, str] = {}
    title, registry_no = form.get("title", "").strip(), form.get("registry_no", "").strip()
    if not title or len(title) > LONGEST_TITLE:
        wrong["title"] = "Skriv en rubrik."
    if len(registry_no) > 100:
        wrong["registry_no"] = "Högst 100 tecken."
    responsible = _responsible(change.connection, form.get("responsible", ""), now.payee_ref, wrong)
    due, is_sensitive = day(form.get("due_on", ""), "due_on", wrong), form.get("is_sensitive") == "yes"
    if wrong:
        raise InvalidError(wrong)
    if is_sensitive != now.is_sensitive and now.responsible != user.id and not user.may(May.LEAD):
        raise RefusedError("Bara ärendets handläggare och ansvarig får ändra om ärendet är känsligt.")
    said = {"title": title, "registry_no": registry_no or None, "responsible": responsible, "due_on": due}
    said["is_sensitive"] = is_sensitive
    change.connection.execute(cases.update().where(cases.c.id == case_id).values(
        **said, version=now.version + 1, changed_by=user.id, changed_at=change.at))  # fmt: skip
    change.record("case.altered", subject(case_id), **said)


def _responsible(connection: Connection, said: str, payee_ref: str, wrong: dict[str, str]) -> int | None:
    if not said:
        return None
    known = said.isascii() and said.isdigit() and len(said) < 16
    row = connection.execute(select(users).where(users.c.id == int(said))).first() if known else None
    if row is None or not row.is_active or not user_of(row).may(May.WORK):
        wrong["responsible"] = "Välj en handläggare i listan."
        return None
    try:
        refuse_conflict(connection, user_of(row), payee_ref)
    except RefusedError:
        wrong["responsible"] = "Personen är registrerad som jävig mot mottagaren."
    return row.id


def add_note(change: Change, user: User, case_id: int, text: str) -> None:
    """Write a note in the case. Raises what `change_case` does and InvalidError."""
    change_case(change, user, case_id, None)
    said = required(text, "text", "Skriv en anteckning.")
    change.connection.execute(
        notes.insert().values(case_id=case_id, text=said, written_by=user.id, written_at=change.at)
    )
    change.record("case.noted", subject(case_id), text=said)


def add_task(change: Change, user: User, case_id: int, form: dict[str, str]) -> None:
    """Add something to do, with a person and a day where given. Raises what `change_case` does and InvalidError."""
    row = change_case(change, user, case_id, None)
    wrong: dict[str, str] = {}
    text = form.get("text", "").strip()
    if not text or len(text) > LONGEST_TEXT:
        wrong["text"] = "Skriv vad som ska göras."
    due = day(form.get("due_on", ""), "due_on", wrong)
    person = _responsible(change.connection, form.get("responsible", ""), row.payee_ref, wrong)
    if wrong:
        raise InvalidError(wrong)
    said = {"text": text, "due_on": due, "assigned_to": person}
    new = tasks.insert().values(case_id=case_id, **said, version=1).returning(tasks.c.id)
    change.record("case.task_added", subject(case_id), task_id=change.connection.execute(new).scalar_one(), **said)


def finish_task(change: Change, user: User, case_id: int, task_id: int) -> None:
    """Mark a task as done; once done it stays so. Raises what `change_case` does and MissingError."""
    change_case(change, user, case_id, None)
    mine = and_(tasks.c.id == task_id, tasks.c.case_id == case_id)
    row = change.connection.execute(select(tasks).where(mine)).first()
    if row is None:
        raise MissingError(str(task_id))
    if row.done_at:
        return
    done = {"done_at": change.at, "done_by": user.id, "version": row.version + 1}
    change.connection.execute(tasks.update().where(mine).values(**done))
    change.record("case.task_done", subject(case_id), task_id=task_id)


def required(text: str, field: str, message: str) -> str:
    """Return text without blanks around it; raises InvalidError when nothing, or too much, is left."""
    said = text.strip()
    if not said or len(said) > LONGEST_TEXT:
        raise InvalidError({field: message if not said else f"Högst {LONGEST_TEXT} tecken."})
    return said


def day(text: str, field: str, wrong: dict[str, str]) -> str | None:
    """Return a day as ISO text, None when empty; a text that is no day is put into `wrong`."""
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip()).isoformat()
    except ValueError:
        wrong[field] = "Skriv dagen som 2026-12-01."
        return None
