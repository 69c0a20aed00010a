"""Every entry of the log about one payee: itself, its cases, and its payments in any month, acted on or only read."""

from sqlalchemy import Connection, select

from review.shelf.library import Library
from review.store.schema import cases, events, items


def subjects_of(connection: Connection, library: Library, payee: str) -> list[str]:
    """Return the subjects that are about a payee, given by its key or its organisation number alone.

    A payment that was only read is known by the month that it is published in: of an erased month those stay that the
    erasure keeps.
    """
    keys = {payee, f"org:{payee}"}
    found = {f"payee:{key}" for key in keys}
    found |= {f"case:{row.id}" for row in connection.execute(select(cases.c.id).where(cases.c.payee_ref.in_(keys)))}
    acted = select(items.c.month, items.c.payment_id).where(items.c.payee_ref.in_(keys))
    found |= {f"payment:{row.month}:{row.payment_id}" for row in connection.execute(acted)}
    of_payments = select(events.c.subject).where(events.c.subject.startswith("payment:")).distinct()
    seen = set(connection.execute(of_payments).scalars()) - found
    for month in {subject.split(":", 2)[1] for subject in seen}:
        shelf = library.shelf(month)
        for table in ("payments", "listed"):
            if shelf is None or not shelf.has(table):
                continue
            rows = shelf.ask(f"SELECT payment_id FROM {table} WHERE payee_ref IN (?, ?)", tuple(keys))
            found |= seen & {f"payment:{month}:{row['payment_id']}" for row in rows}
    return sorted(found)
