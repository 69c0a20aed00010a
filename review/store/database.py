"""Opens the decisions database, brings its schema up to date, and gives reading and writing transactions.

One writer at a time: SQLite begins at once (`BEGIN IMMEDIATE`), PostgreSQL takes an advisory lock, so that the event
log has one order. Readers never wait in SQLite's write-ahead mode.
"""

import contextlib
import datetime as dt
import sqlite3
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import SQLAlchemyError

from fut.errors import ConfigError, StoreError
from review.store import log

MIGRATIONS = Path(__file__).parent / "migrations"
WRITER_LOCK = 7_263_041_118  # any fixed number that no other program on the server uses
BUSY_SECONDS = 20
TIME = "%Y-%m-%dT%H:%M:%SZ"


def now() -> str:
    """Return the time as text in UTC, `2026-11-22T14:05:09Z`."""
    return dt.datetime.now(dt.UTC).strftime(TIME)


def cause_of(error: Exception) -> str:
    """Return the database's own code of an error, as SQLITE_FULL; never its text, which may hold values."""
    cause = getattr(error, "orig", None) or error
    return getattr(cause, "sqlite_errorname", None) or getattr(cause, "sqlstate", None) or type(cause).__name__


@dataclass(frozen=True)
class Change:
    """A writing transaction by `actor` (None: the system itself); all of it is kept, or nothing."""

    connection: Connection
    actor: int | None
    at: str

    def earlier(self, minutes: int) -> str:
        """Return the time so many minutes ago."""
        moment = dt.datetime.strptime(self.at, TIME).replace(tzinfo=dt.UTC) - dt.timedelta(minutes=minutes)
        return moment.strftime(TIME)

    def record(self, kind: str, subject: str, **payload: Any) -> int:
        """Add what happened to the log; returns the entry's number."""
        return log.append(self.connection, self.at, self.actor, kind, subject, payload)


class Store:
    """The decisions database behind a URL: `sqlite:///path` or `postgresql+psycopg://...`."""

    def __init__(self, url: str, clock: Callable[[], str] = now) -> None:
        """Open the database; raises ConfigError for a URL that is none."""
        self.clock = clock
        self._writer = threading.RLock()  # threads of one process wait their turn; SQLite itself would have them poll
        try:
            self.url = make_url(url)
            self.engine = _sqlite(self.url) if self.url.get_backend_name() == "sqlite" else _engine(self.url)
        except (SQLAlchemyError, ImportError) as error:
            raise ConfigError("review.database: not a database address SQLAlchemy can use") from error

    @contextmanager
    def read(self) -> Generator[Connection]:
        """Give a connection for reading; what it sees is one moment."""
        with self.engine.connect() as connection:
            yield connection

    @contextmanager
    def write(self, actor: int | None = None) -> Generator[Change]:
        """Give a writing transaction, kept when the block ends and undone when it raises."""
        with (
            self._writer if self.engine.dialect.name == "sqlite" else contextlib.nullcontext(),
            self.engine.connect().execution_options(writes=True) as connection,
            connection.begin(),
        ):
            if self.engine.dialect.name == "postgresql":
                connection.execute(text(f"SELECT pg_advisory_xact_lock({WRITER_LOCK})"))
            yield Change(connection, actor, self.clock())

    def migrate(self) -> None:
        """Create the tables, or bring older ones up to date. Raises StoreError."""
        from alembic import command
        from alembic.config import Config

        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        try:
            with self.engine.connect().execution_options(writes=True) as connection, connection.begin():
                config.attributes["connection"] = connection
                command.upgrade(config, "head")
        except (SQLAlchemyError, OSError, sqlite3.Error) as error:
            raise StoreError(f"decisions database: cannot be opened ({cause_of(error)})") from error

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()


def _engine(url: URL, **options: Any) -> Engine:
    return create_engine(url, hide_parameters=True, **options)  # no value of a row in an error's text


def _sqlite(url: URL) -> Engine:
    if url.database and url.database != ":memory:":
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = _engine(url, connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False})

    @event.listens_for(engine, "connect")
    def _set(connection: sqlite3.Connection, _: object) -> None:
        connection.isolation_level = None
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine
