"""A user's saved views of the list: a name and the filter it stands for. The filter itself lives in the address."""

from typing import Any

from sqlalchemy import Connection, and_, bindparam, select

from review.store.database import Change
from review.store.schema import views
from review.work.errors import InvalidError
from review.work.people import User

MOST = 50
LONGEST = 100
OWN = select(views).where(views.c.user_id == bindparam("who")).order_by(views.c.id)


def own(connection: Connection, user: User) -> list[Any]:
    """Return the user's views, oldest first."""
    return list(connection.execute(OWN, {"who": user.id}))


def save(change: Change, user: User, name: str, query: str) -> str:
    """Keep a view under a name, over an earlier one of that name; returns the name. Raises InvalidError."""
    name = " ".join(name.split())
    if not name or len(name) > LONGEST or not name.isprintable():
        raise InvalidError({"namn": f"Ge vyn ett namn på högst {LONGEST} tecken."})
    there = {row.name for row in own(change.connection, user)}
    if name not in there and len(there) >= MOST:
        raise InvalidError({"namn": f"Du har redan {MOST} vyer. Ta bort någon först."})
    change.connection.execute(views.delete().where(and_(views.c.user_id == user.id, views.c.name == name)))
    change.connection.execute(views.insert().values(user_id=user.id, name=name, query=query))
    change.record("view.saved", f"user:{user.id}", name=name, query=query)
    return name


def remove(change: Change, user: User, name: str) -> None:
    """Remove a view of the user's; one that is already gone is no fault."""
    gone = change.connection.execute(views.delete().where(and_(views.c.user_id == user.id, views.c.name == name)))
    if gone.rowcount:
        change.record("view.removed", f"user:{user.id}", name=name)
