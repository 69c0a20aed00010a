"""Accounts of people whom somebody else has signed in: found by who they are, made the first time they come."""

from sqlalchemy import delete, select

from review.access.whom import Attempt, Person
from review.store.database import Change
from review.store.entrance import sign_ins
from review.store.schema import users
from review.work.errors import RefusedError
from review.work.people import Role

MINUTES = 10


def remember(change: Change, attempt: Attempt) -> None:
    """Keep a signing-in under way, and forget those that were never finished."""
    change.connection.execute(delete(sign_ins).where(sign_ins.c.at < change.earlier(MINUTES)))
    row = {"state": attempt.state, "nonce": attempt.nonce, "verifier": attempt.verifier, "onward": attempt.onward}
    change.connection.execute(sign_ins.insert().values(**row, at=change.at))


def recall(change: Change, state: str) -> Attempt | None:
    """Return a signing-in under way, once; None when there is none or it is too old."""
    wanted = sign_ins.c.state == state
    row = change.connection.execute(select(sign_ins).where(wanted, sign_ins.c.at >= change.earlier(MINUTES))).first()
    change.connection.execute(delete(sign_ins).where(wanted))
    return Attempt(row.state, row.nonce, row.verifier, row.onward) if row else None


def account_of(change: Change, person: Person) -> int:
    """Return the person's account, made or brought up to date; raises RefusedError when it is shut or has no role.

    Roles that the provider sends are the ones that count; where it sends none, an administrator gives them here.
    """
    known = {str(role) for role in Role}
    said = None if person.roles is None else " ".join(sorted({r.lower() for r in person.roles} & known))
    row = change.connection.execute(select(users).where(users.c.subject == person.subject)).first()
    if row is None:
        login = person.login[:200].lower()
        if change.connection.execute(select(users.c.id).where(users.c.login == login)).first():
            login = person.subject[:200]
        new = {"login": login, "name": person.name[:200], "roles": said or "", "subject": person.subject}
        made = users.insert().values(**new, is_active=True, created_at=change.at, version=1).returning(users.c.id)
        user_id, roles = change.connection.execute(made).scalar_one(), said or ""
        change.record("user.added", f"user:{user_id}", roles=roles, how="outside")
    else:
        if not row.is_active:
            raise RefusedError("Ditt konto är stängt. Kontakta en administratör.")
        user_id, roles = row.id, row.roles if said is None else said
        if roles != row.roles:
            change.connection.execute(
                users.update().where(users.c.id == user_id).values(roles=roles, version=row.version + 1)
            )
            change.record("user.altered", f"user:{user_id}", roles=roles, how="outside")
    return user_id


def has_role(change: Change, user_id: int) -> bool:
    """Whether somebody has given the account a role yet."""
    return bool(change.connection.execute(select(users.c.roles).where(users.c.id == user_id)).scalar_one())
