"""The event log as an auditor reads it: filtered, page by page, and held against every anchor outside the database."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Select, select

from reporting.outcomes_file import NAME as OUTCOMES_FILE
from reporting.outcomes_file import log_head
from review.shelf.library import Library
from review.store import log
from review.store.schema import anchors, events, users
from review.work.errors import InvalidError
from review.work.log_payee import subjects_of
from review.work.states import day_begins

PAGE = 100


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of the log is asked for; `kind` is one kind or a group of them, dates are ISO, local and both included."""

    kind: str = ""
    actor: int | None = None
    subject: str = ""
    first: str = ""
    last: str = ""
    payee: str = ""

    @property
    def told(self) -> dict[str, Any]:
        """Return what was asked for, without what was left open."""
        return {name: value for name in self.__slots__ if (value := getattr(self, name)) not in ("", None)}


@dataclass(frozen=True, slots=True)
class Anchor:
    """An entry's number and hash as kept elsewhere."""

    seq: int
    hash: str
    where: str


@dataclass(slots=True)
class Verified:
    """What a check of the chain found: `breaks` is empty when all holds."""

    head: log.Head
    anchors: list[Anchor] = field(default_factory=list)
    breaks: list[log.Break] = field(default_factory=list)


def wanted(query: dict[str, str]) -> Wanted:
    """Return the filter an address asks for; raises InvalidError naming the field."""
    wrong: dict[str, str] = {}
    found = {name: query.get(name, "").strip()[:300] for name in ("kind", "actor", "subject", "first", "last", "payee")}
    for name in ("first", "last"):
        try:
            found[name] = found[name] and dt.date.fromisoformat(found[name]).isoformat()
        except ValueError:
            wrong[name] = "Skriv ett datum som 2026-11-22."
    actor = found.pop("actor")
    if actor and not (actor.isascii() and actor.isdigit() and len(actor) < 16):
        wrong["actor"] = "Välj en person i listan."
    if wrong:
        raise InvalidError(wrong)
    return Wanted(actor=int(actor) if actor else None, **found)


def _filtered(asked: Wanted, connection: Connection, library: Library) -> Select:
    query = select(events, users.c.name).outerjoin(users, users.c.id == events.c.actor)
    if asked.kind:
        group = events.c.kind.startswith(asked.kind + ".", autoescape=True)
        query = query.where((events.c.kind == asked.kind) | group)
    if asked.actor is not None:
        query = query.where(events.c.actor == asked.actor)
    if asked.subject:
        query = query.where(events.c.subject.startswith(asked.subject, autoescape=True))
    if asked.payee:
        query = query.where(events.c.subject.in_(subjects_of(connection, library, asked.payee)))
    if asked.first:
        query = query.where(events.c.at >= day_begins(asked.first))
    if asked.last:
        query = query.where(events.c.at < day_begins(asked.last, 1))
    return query


def entries(
    connection: Connection, library: Library, asked: Wanted, before: int | None = None
) -> tuple[list[Any], int | None]:
    """Return a page of entries, newest first, and the number the next page begins before (None: there is none)."""
    query = _filtered(asked, connection, library).order_by(events.c.seq.desc()).limit(PAGE + 1)
    rows = list(connection.execute(query if before is None else query.where(events.c.seq < before)))
    return rows[:PAGE], rows[PAGE - 1].seq if len(rows) > PAGE else None


def actors(connection: Connection) -> list[Any]:
    """Return everybody with an account by name."""
    return list(connection.execute(select(users.c.id, users.c.name).order_by(users.c.name, users.c.id)))


def every(connection: Connection, library: Library, asked: Wanted) -> Iterator[Any]:
    """Yield all entries asked for, oldest first."""
    query = _filtered(asked, connection, library).order_by(events.c.seq)
    yield from connection.execution_options(yield_per=2000).execute(query)


def anchored(connection: Connection, library: Library, inbox: Path) -> list[Anchor]:
    """Return what is kept of the log outside it: in published runs, in the file for the next run, in case files."""
    found = [
        Anchor(said["seq"], said["hash"], f"körningen {manifest['month']}")
        for manifest in library.manifests()
        if (said := manifest.get("decisions_log"))
    ]
    if said := log_head(inbox / OUTCOMES_FILE):
        found.append(Anchor(said["seq"], said["hash"], OUTCOMES_FILE))
    kept = connection.execute(select(anchors).order_by(anchors.c.id))
    found += [Anchor(row.seq, row.hash, row.where) for row in kept]
    return [anchor for anchor in found if anchor.seq]


def verified(connection: Connection, kept: Iterable[Anchor]) -> Verified:
    """Read the whole chain and hold it against the anchors."""
    found = Verified(log.head(connection), list(kept))
    by_number: dict[int, str] = {}
    for anchor in found.anchors:
        if by_number.setdefault(anchor.seq, anchor.hash) != anchor.hash:
            found.breaks.append(log.Break(anchor.seq, f"två förankringar säger olika ({anchor.where})"))
    found.breaks += log.breaks(connection, by_number)
    return found
