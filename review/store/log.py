"""The event log: append-only, each entry's hash over its own content and the hash before, so a change shows.

Whoever owns the database can drop the triggers and write the chain anew; the head is therefore anchored outside, in
the next run's manifest and in each case file.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from review.store.schema import events

FIRST = "0" * 64
NEWEST = select(events.c.seq, events.c.hash).order_by(events.c.seq.desc()).limit(1)
ADD = events.insert()


@dataclass(frozen=True, slots=True)
class Head:
    """The newest entry: its number (0 when the log is empty) and its hash."""

    seq: int
    hash: str


@dataclass(frozen=True, slots=True)
class Break:
    """The first entry that does not fit the one before, and why."""

    seq: int
    why: str


def entry_hash(previous: str, seq: int, at: str, actor: int | None, kind: str, subject: str, payload: str) -> str:
    """Return the SHA-256 of an entry; `payload` is the stored text, so no reading of JSON can change it."""
    said = json.dumps([previous, seq, at, actor, kind, subject, payload], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(said.encode()).hexdigest()


def head(connection: Connection) -> Head:
    """Return the log's newest entry."""
    found = connection.execute(NEWEST).first()
    return Head(found.seq, found.hash) if found else Head(0, FIRST)


def append(connection: Connection, at: str, actor: int | None, kind: str, subject: str, payload: dict[str, Any]) -> int:
    """Add an entry within the caller's writing transaction, which is the only one at a time; returns its number."""
    last = head(connection)
    text = json.dumps(payload, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    row = {"seq": last.seq + 1, "at": at, "actor": actor, "kind": kind, "subject": subject, "payload": text}
    own = entry_hash(last.hash, row["seq"], at, actor, kind, subject, text)
    connection.execute(ADD, row | {"previous_hash": last.hash, "hash": own})
    return row["seq"]


def breaks(connection: Connection, anchors: dict[int, str] | None = None) -> Iterator[Break]:
    """Yield what is wrong with the chain, and every anchor (number to hash) that the log contradicts."""
    previous, expected = FIRST, 1
    wanted = dict(anchors or {})
    for row in connection.execution_options(yield_per=2000).execute(select(events).order_by(events.c.seq)):
        if row.seq != expected:
            yield Break(expected, "posten saknas")
        if row.previous_hash != previous:
            yield Break(row.seq, "hänger inte ihop med posten före")
        if row.hash != entry_hash(row.previous_hash, row.seq, row.at, row.actor, row.kind, row.subject, row.payload):
            yield Break(row.seq, "innehållet stämmer inte med sin kontrollsumma")
        if wanted.pop(row.seq, row.hash) != row.hash:
            yield Break(row.seq, "stämmer inte med den kontrollsumma som förankrats utanför databasen")
        previous, expected = row.hash, row.seq + 1
    for seq in sorted(wanted):
        yield Break(seq, "förankrad utanför databasen men saknas här")
