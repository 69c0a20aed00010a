"""Server-side sessions: the browser holds a random token, the database its hash, the person and the form token."""

import datetime as dt
import hashlib
import secrets
from contextlib import suppress
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, delete, select
from sqlalchemy.exc import OperationalError

from review.store.database import Change, Store
from review.store.entrance import sessions
from review.store.schema import users
from review.work.people import User, user_of

COOKIE = "futvakt"
LONGEST_HOURS = 12
SEEN_EVERY_SECONDS = 60
FOUND = (
    select(sessions, users.c.id, users.c.name, users.c.roles, users.c.login)
    .join(users, users.c.id == sessions.c.user_id)
    .where(sessions.c.token_hash == bindparam("token"), users.c.is_active)
)
SAY = sessions.update().where(sessions.c.token_hash == bindparam("of_session"))


@dataclass(frozen=True, slots=True)
class Session:
    """A person signed in; `csrf` is what every form must send back."""

    token_hash: str
    user: User
    csrf: str
    message: str | None = None


def cookie(secure: bool) -> str:
    """Return the cookie's name; the prefix makes browsers refuse it from another host or without encryption."""
    return f"__Host-{COOKIE}" if secure else COOKIE


def hashed(token: str) -> str:
    """Return what is stored of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def _at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


def begin(change: Change, user_id: int) -> str:
    """Start a session and return its token, always a new one: a session never outlives the signing in."""
    token = secrets.token_urlsafe(32)
    row = {"token_hash": hashed(token), "user_id": user_id, "csrf": secrets.token_urlsafe(24)}
    change.connection.execute(sessions.insert().values(**row, created_at=change.at, seen_at=change.at))
    return token


def end(connection: Connection, token_hash: str) -> None:
    """End a session."""
    connection.execute(delete(sessions).where(sessions.c.token_hash == token_hash))


def find(store: Store, token: str, idle_minutes: int) -> Session | None:
    """Return the session of a token; None when there is none, it has been idle too long, or the person is shut out."""
    with store.read() as connection:
        row = connection.execute(FOUND, {"token": hashed(token)}).first()
    if row is None:
        return None
    now = _at(store.clock())
    idle = now - _at(row.seen_at)
    if idle > dt.timedelta(minutes=idle_minutes) or now - _at(row.created_at) > dt.timedelta(hours=LONGEST_HOURS):
        with store.write() as change:
            end(change.connection, row.token_hash)
        return None
    if idle.total_seconds() >= SEEN_EVERY_SECONDS or row.message:
        # a full disk must not sign everybody out: what they typed would be lost
        with suppress(OperationalError), store.write() as change:
            told = {"of_session": row.token_hash, "seen_at": change.at, "message": None}
            change.connection.execute(SAY, told)
    return Session(row.token_hash, user_of(row), row.csrf, row.message)


def say(change: Change, token_hash: str, message: str) -> None:
    """Leave a message for the session's next page."""
    change.connection.execute(SAY, {"of_session": token_hash, "message": message})
