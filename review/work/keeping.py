"""Which payments officers still need the published rows of: what is in a case, found wrong, or in somebody's hands."""

from collections import defaultdict

from sqlalchemy import Connection, or_, select

from review.store.schema import decisions, items
from review.work.kpi import ERRORS

IN_HAND = ("open", "waiting", "follow_up", "proposed")


def needed(connection: Connection) -> dict[str, set[str]]:
    """Return by month the payments that stay when their month is erased.

    They are those of a case, open or closed, those whose outcome that holds or waits says that they were wrong, and
    those somebody has taken up and not decided. A payment that was explained is not among them.
    """
    wrong = decisions.c.state.in_(("final", "proposed")) & decisions.c.verdict.in_(ERRORS)
    found = select(items.c.month, items.c.payment_id).outerjoin(decisions, decisions.c.item_id == items.c.id)
    kept: dict[str, set[str]] = defaultdict(set)
    for row in connection.execute(found.where(or_(items.c.case_id.is_not(None), items.c.status.in_(IN_HAND), wrong))):
        kept[row.month].add(row.payment_id)
    return dict(kept)
