"""Keeps the log's head as an anchor when it leaves the database, so that a log written anew can be found out."""

from review.store import log
from review.store.database import Change
from review.store.schema import anchors


def anchored(change: Change, where: str) -> log.Head:
    """Return the log's head, noted as named in `where`; an empty log has none to note."""
    head = log.head(change.connection)
    if head.seq:
        change.connection.execute(anchors.insert().values(seq=head.seq, hash=head.hash, where=where, at=change.at))
    return head
