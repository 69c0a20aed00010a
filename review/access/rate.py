"""A limit on failed signing in, per login and per address, kept in the database so that a restart forgets nothing."""

from sqlalchemy import delete, func, select

from review.store.database import Change
from review.store.entrance import attempts

MOST = 8
MINUTES = 15


def is_barred(change: Change, *keys: str) -> bool:
    """Whether one of the keys has failed too often lately."""
    counted = (
        select(func.count())
        .where(attempts.c.key.in_(keys), attempts.c.at > change.earlier(MINUTES))
        .group_by(attempts.c.key)
        .order_by(func.count().desc())
    )
    return (change.connection.execute(counted).scalar() or 0) >= MOST


def failed(change: Change, *keys: str) -> None:
    """Count a failure for each key, and forget those too old to matter."""
    change.connection.execute(delete(attempts).where(attempts.c.at <= change.earlier(MINUTES)))
    change.connection.execute(attempts.insert(), [{"key": key, "at": change.at} for key in keys])


def succeeded(change: Change, key: str) -> None:
    """Forget a key's failures."""
    change.connection.execute(delete(attempts).where(attempts.c.key == key))
