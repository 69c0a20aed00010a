"""Accounts: made, changed and shut by administrators; each act in the log, never a password in it."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, select

from review.access.passwords import SHORTEST, hash_password
from review.store.database import Change
from review.store.entrance import sessions
from review.store.schema import users
from review.work.errors import ConflictError, InvalidError, MissingError
from review.work.people import Role

LONGEST_NAME = 200
EVERYBODY = select(users).order_by(users.c.name, users.c.id)


def everybody(connection: Connection) -> list[Any]:
    """Return all accounts by name."""
    return list(connection.execute(EVERYBODY))


def add(
    change: Change, login: str, name: str, roles: Iterable[str], password: str | None, subject: str | None = None
) -> int:
    """Make an account; `password` None leaves signing in to an identity provider. Raises InvalidError."""
    login, name = login.strip().lower(), name.strip()
    wrong: dict[str, str] = {}
    if not login or len(login) > LONGEST_NAME or not login.isprintable() or " " in login:
        wrong["login"] = "Skriv ett användarnamn utan blanktecken."
    elif change.connection.execute(select(users.c.id).where(users.c.login == login)).first():
        wrong["login"] = "Användarnamnet är upptaget."
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        wrong["name"] = "Skriv ett namn."
    if password is not None and len(password) < SHORTEST:
        wrong["password"] = f"Minst {SHORTEST} tecken."
    said = _roles(roles, wrong)
    if wrong:
        raise InvalidError(wrong)
    row = {"login": login, "name": name, "roles": said, "subject": subject, "created_at": change.at}
    stored = None if password is None else hash_password(password)
    new = users.insert().values(**row, password_hash=stored, is_active=True, version=1)
    user_id = change.connection.execute(new.returning(users.c.id)).scalar_one()
    change.record("user.added", f"user:{user_id}", roles=said)
    return user_id


def one(connection: Connection, user_id: int) -> Any:
    """Return an account; raises MissingError."""
    row = connection.execute(select(users).where(users.c.id == user_id)).first()
    if row is None:
        raise MissingError(str(user_id))
    return row


def alter(
    change: Change,
    user_id: int,
    version: int,
    roles: Iterable[str] | None,
    is_active: bool,
    password: str | None = None,
) -> None:
    """Change an account and end its sessions; `roles` None leaves them. Raises MissingError, InvalidError, ConflictError.

    The last active administrator can neither be shut out nor lose the role.
    """
    row = one(change.connection, user_id)
    if row.version != version:
        raise ConflictError("En kollega", "ändrade kontot", "")
    wrong: dict[str, str] = {}
    said = row.roles if roles is None else _roles(roles, wrong)
    if not (is_active and _is_admin(said)) and _is_last_admin(change.connection, row):
        wrong["roles"] = "Kontot är den sista administratören. Ge någon annan rollen först."
    if password is not None and len(password) < SHORTEST:
        wrong["password"] = f"Minst {SHORTEST} tecken."
    if wrong:
        raise InvalidError(wrong)
    told: dict[str, Any] = {"roles": said, "is_active": is_active, "version": version + 1}
    if password is not None:
        told["password_hash"] = hash_password(password)
    change.connection.execute(users.update().where(users.c.id == user_id).values(**told))
    change.connection.execute(sessions.delete().where(sessions.c.user_id == user_id))
    what = {"roles": said, "is_active": is_active, "new_password": password is not None}
    change.record("user.altered", f"user:{user_id}", **what)


def change_own(change: Change, user_id: int, known_hash: str, new_hash: str) -> None:
    """Give the user's own account another password and end all its sessions.

    `known_hash` is that of the old password, just proved; raises ConflictError when it has changed since.
    """
    mine = (users.c.id == user_id, users.c.password_hash == known_hash)
    told = {"password_hash": new_hash, "version": users.c.version + 1}
    if change.connection.execute(users.update().where(*mine).values(**told)).rowcount != 1:
        raise ConflictError("Någon annan", "bytte kontots lösenord", "")
    change.connection.execute(sessions.delete().where(sessions.c.user_id == user_id))
    change.record("user.password", f"user:{user_id}")


def _is_admin(roles: str) -> bool:
    return Role.ADMIN in roles.split()


def _is_last_admin(connection: Connection, row: Any) -> bool:
    others = connection.execute(select(users.c.roles).where(users.c.is_active, users.c.id != row.id)).scalars()
    return row.is_active and _is_admin(row.roles) and not any(map(_is_admin, others))


def _roles(roles: Iterable[str], wrong: dict[str, str]) -> str:
    said = sorted(set(roles))
    if not said or not set(said) <= {str(role) for role in Role}:
        wrong["roles"] = "Välj minst en roll i listan."
    return " ".join(said)
