"""Conflicts of interest (jäv): who may neither see nor decide about which payee, registered and ended in the open."""

from typing import Any

from sqlalchemy import Connection, and_, select

from review.shelf.library import Library, Row
from review.store.database import Change
from review.store.schema import conflicts, users
from review.work.errors import ConflictError, InvalidError, MissingError, RefusedError
from review.work.payee import profile
from review.work.people import May, User

MOST_FOUND = 20
MOST_SHOWN = 300
SHORTEST, LONGEST = 3, 500


def sees_all(user: User) -> bool:
    """Whether the user sees others' conflicts too: who leads, and who audits."""
    return user.may(May.LEAD) or user.may(May.SEE_LOG)


def known(connection: Connection, user: User) -> list[Any]:
    """Return the conflicts the user may see with `person` and `registrar` by name, those that hold first."""
    registrar = users.alias()
    query = (
        select(conflicts, users.c.name.label("person"), registrar.c.name.label("registrar"))
        .join(users, users.c.id == conflicts.c.user_id)
        .join(registrar, registrar.c.id == conflicts.c.registered_by)
        .order_by(conflicts.c.ended_at.is_not(None), conflicts.c.registered_at.desc(), conflicts.c.id.desc())
        .limit(MOST_SHOWN)
    )
    return list(connection.execute(query if sees_all(user) else query.where(conflicts.c.user_id == user.id)))


def people(connection: Connection, user: User) -> list[Any]:
    """Return whom the user may register a conflict for: who leads for everybody, others for themselves."""
    query = select(users.c.id, users.c.name).where(users.c.is_active).order_by(users.c.name, users.c.id)
    return list(connection.execute(query if user.may(May.LEAD) else query.where(users.c.id == user.id)))


def payees_like(library: Library, text: str) -> list[Row]:
    """Return payees of the newest month whose name or organisation number holds the text, the first few by name."""
    shelf, wanted = library.shelf(), text.strip().casefold()
    if shelf is None or not wanted or not shelf.has("payees"):
        return []
    rows = shelf.ask("SELECT payee_ref, payee_name, org_no FROM payees ORDER BY payee_name, payee_ref")
    found = (r for r in rows if wanted in f"{r['payee_name'] or ''}\n{r['org_no'] or ''}\n{r['payee_ref']}".casefold())
    return [row for row, _ in zip(found, range(MOST_FOUND), strict=False)]


def names(library: Library, refs: set[str]) -> dict[str, str]:
    """Return payees' names by reference; a payee that no month publishes any more goes by its reference."""
    return {ref: _name(library, ref) or ref for ref in sorted(refs)}


def _name(library: Library, payee_ref: str) -> str | None:
    """Return a payee's name, None when no published month knows the payee."""
    try:
        return profile(library, payee_ref)[0]["payee_name"] or payee_ref
    except MissingError:
        return None


def register(change: Change, user: User, library: Library, person: int, payee_ref: str, note: str) -> int:
    """Register a person's interest in a payee; returns its number. Raises InvalidError and RefusedError."""
    note, wrong = note.strip(), dict[str, str]()
    if person != user.id and not user.may(May.LEAD):
        raise RefusedError("Jäv för någon annan registreras av den som är ansvarig.")
    if person not in {row.id for row in people(change.connection, user)}:
        wrong["person"] = "Välj en person i listan."
    held = and_(conflicts.c.user_id == person, conflicts.c.payee_ref == payee_ref, conflicts.c.ended_at.is_(None))
    if _name(library, payee_ref) is None:
        wrong["payee_ref"] = "Sök upp mottagaren och välj den i listan."
    elif change.connection.execute(select(conflicts.c.id).where(held)).first():
        wrong["payee_ref"] = "Jävet är redan registrerat."
    if not SHORTEST <= len(note) <= LONGEST:
        wrong["note"] = f"Skriv kort vad jävet består i, {SHORTEST}–{LONGEST} tecken."
    if wrong:
        raise InvalidError(wrong)
    row = {"user_id": person, "payee_ref": payee_ref, "note": note}
    new = conflicts.insert().values(**row, registered_by=user.id, registered_at=change.at)
    number = change.connection.execute(new.returning(conflicts.c.id)).scalar_one()
    change.record("conflict.registered", f"payee:{payee_ref}", user_id=person, conflict_id=number)
    return number


def may_end(user: User, row: Any) -> bool:
    """Whether the user may end a conflict: one's own that one registered oneself, else a lead another person's."""
    if row.user_id == user.id:
        return row.registered_by == user.id
    return user.may(May.LEAD)


def end(change: Change, user: User, number: int) -> None:
    """End a conflict. Raises MissingError, RefusedError, and ConflictError when it has ended already."""
    row = change.connection.execute(select(conflicts).where(conflicts.c.id == number)).first()
    if row is None or (row.user_id != user.id and not sees_all(user)):
        raise MissingError(str(number))
    if not may_end(user, row):
        raise RefusedError("Jävet avslutas av en annan person med rollen Ansvarig.")
    if row.ended_at is not None:
        raise ConflictError("En kollega", "avslutade jävet", "")
    change.connection.execute(conflicts.update().where(conflicts.c.id == number).values(ended_at=change.at))
    change.record("conflict.ended", f"payee:{row.payee_ref}", user_id=row.user_id, conflict_id=number)
