"""Letters of a case: drafted from a template, written on by a person, marked as sent, answered. None is sent from here.

A slot `[[...]]` is what only a person can write; a letter that still has one, or that equals its draft, is not sent.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, and_, select

from review.store.database import Change
from review.store.schema import cases, letters
from review.work.cases import change_case, day, required, stale, subject
from review.work.errors import InvalidError, MissingError, RefusedError
from review.work.people import User
from review.work.states import answer_due, local_date

SLOT = "[["


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of letter; `awaits_answer` when the payee is given days to answer."""

    code: str
    title: str
    body: str
    awaits_answer: bool = False


_GREETING = "Till {payee}\n\nÄrende {case}. "
_CLOSING = "\n\nFrågor besvaras av {name}.\n"
KINDS = {
    kind.code: kind
    for kind in (
        Kind(
            "information_request",
            "Begäran om uppgifter",
            _GREETING + "Vi går igenom betalningar till er och behöver uppgifter.\n\n"
            "[[Skriv vad ni ser och vilka uppgifter ni ber om.]]\n\nSvara senast {answer_due}. "
            "Att vi frågar betyder inte att något är fel." + _CLOSING,
            awaits_answer=True,
        ),
        Kind(
            "hearing_notice",
            "Kommunicering",
            _GREETING + "Innan kommunen beslutar får ni ta del av uppgifterna i ärendet och yttra er.\n\n"
            "[[Beskriv vad som kommit fram, vilka betalningar det gäller och vad kommunen överväger.]]\n\n"
            "Lämna ert yttrande senast {answer_due}. Ärendet kan avgöras även om ni inte yttrar er." + _CLOSING,
            awaits_answer=True,
        ),
        Kind(
            "reminder",
            "Påminnelse",
            _GREETING + "Vi har inte fått ert svar.\n\n[[Skriv vilket brev det gäller och vad ni saknar.]]\n\n"
            "Svara senast {answer_due}." + _CLOSING,
            awaits_answer=True,
        ),
        Kind(
            "decision_notice",
            "Underrättelse om beslut",
            _GREETING + "Kommunen har beslutat i ärendet.\n\n[[Skriv beslutet, skälen och vilka regler det bygger på.]]"
            "\n\n[[Skriv hur beslutet kan överklagas, eller att det inte kan det.]]" + _CLOSING,
        ),
        Kind(
            "closing_notice",
            "Ärendet avslutas",
            _GREETING + "Vår granskning är klar.\n\n[[Skriv vad ni kom fram till.]]" + _CLOSING,
        ),
    )
}


def draft(kind: Kind, case_id: int, payee: str, name: str, at: str, answer_days: int) -> str:
    """Return the template with what the application knows filled in; the slots stay."""
    known = {"{payee}": payee, "{case}": str(case_id), "{name}": name, "{answer_due}": answer_due(at, answer_days)}
    text = kind.body
    for slot, value in known.items():
        text = text.replace(slot, value)
    return text


def of_case(connection: Connection, case_id: int) -> list[Any]:
    """Return the case's letters, oldest first."""
    return list(connection.execute(select(letters).where(letters.c.case_id == case_id).order_by(letters.c.id)))


def add(change: Change, user: User, case_id: int, code: str, payee: str, answer_days: int) -> int:
    """Make a draft of a kind of letter; returns its number. Raises what `change_case` does and InvalidError."""
    change_case(change, user, case_id, None)
    kind = KINDS.get(code)
    if kind is None:
        raise InvalidError({"kind": "Välj ett brev i listan."})
    body = draft(kind, case_id, payee, user.name, change.at, answer_days)
    row = {"case_id": case_id, "kind": code, "draft": body, "body": body, "written_by": user.id}
    new = letters.insert().values(**row, written_at=change.at, version=1).returning(letters.c.id)
    letter_id = change.connection.execute(new).scalar_one()
    change.record("case.letter_drafted", subject(case_id), letter_id=letter_id, letter=code, body=body)
    return letter_id


def _letter(change: Change, user: User, case_id: int, letter_id: int, version: int) -> Any:
    change_case(change, user, case_id, None)
    mine = and_(letters.c.id == letter_id, letters.c.case_id == case_id)
    row = change.connection.execute(select(letters).where(mine)).first()
    if row is None:
        raise MissingError(str(letter_id))
    if row.version != version:
        raise stale(change.connection, row.written_by, row.written_at, "ändrade brevet")
    return row


def write(change: Change, user: User, case_id: int, letter_id: int, version: int, body: str) -> None:
    """Save a letter's text. Raises what `change_case` does, InvalidError, and RefusedError when it is sent."""
    row = _letter(change, user, case_id, letter_id, version)
    if row.sent_at:
        raise RefusedError("Brevet är skickat och ändras inte.")
    said = required(body.replace("\r\n", "\n"), "body", "Skriv brevet.")
    told = {"body": said, "written_by": user.id, "written_at": change.at, "version": version + 1}
    change.connection.execute(letters.update().where(letters.c.id == letter_id).values(**told))
    change.record("case.letter_written", subject(case_id), letter_id=letter_id, body=said)


def is_written(row: Any) -> bool:
    """Whether a person has written the letter: no slot is left and it is not the draft."""
    return SLOT not in row.body and " ".join(row.body.split()) != " ".join(row.draft.split())


def send(change: Change, user: User, case_id: int, letter_id: int, version: int, answer_days: int) -> None:
    """Mark a letter as sent and count the days to answer from today.

    Raises what `change_case` does, and RefusedError when no person has written on it or it is sent already.
    """
    row = _letter(change, user, case_id, letter_id, version)
    if row.sent_at:
        raise RefusedError("Brevet är redan skickat.")
    if not is_written(row):
        raise RefusedError("Skriv klart brevet först: det som står inom [[ ]] måste en människa skriva.")
    due = answer_due(change.at, answer_days) if KINDS[row.kind].awaits_answer else None
    told = {"sent_at": change.at, "answer_due_on": due, "version": version + 1}
    change.connection.execute(letters.update().where(letters.c.id == letter_id).values(**told))
    change.record("case.letter_sent", subject(case_id), letter_id=letter_id, body=row.body, answer_due_on=due)
    if due and row.kind == "hearing_notice":
        now = change.connection.execute(select(cases.c.state).where(cases.c.id == case_id)).scalar_one()
        if now == "hearing":
            change_case(change, user, case_id, None, due_on=due)


def answer(change: Change, user: User, case_id: int, letter_id: int, version: int, form: dict[str, str]) -> None:
    """Register an answer to a sent letter. Raises what `change_case` does, InvalidError and RefusedError."""
    row = _letter(change, user, case_id, letter_id, version)
    if not row.sent_at:
        raise RefusedError("Brevet är inte skickat.")
    wrong: dict[str, str] = {}
    on = day(form.get("answered_on", ""), "answered_on", wrong) or local_date(change.at).isoformat()
    if wrong:
        raise InvalidError(wrong)
    said = required(form.get("answer", ""), "answer", "Skriv vad svaret säger, eller var det finns.")
    told = {"answered_at": on, "answer": said, "version": version + 1}
    change.connection.execute(letters.update().where(letters.c.id == letter_id).values(**told))
    change.record("case.answered", subject(case_id), letter_id=letter_id, answered_on=on, answer=said)
