"""Hands the outcomes that hold to the next run: one file in the inbox, written anew and at once when they changed."""

import contextlib
import json
import os
import threading
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, func, select
from sqlalchemy.exc import OperationalError

from reporting.outcomes_file import NAME, log_head, outcomes_text
from review.shelf.keys import sek
from review.store import log
from review.store.database import Store
from review.store.schema import anchors, decisions, items, measures
from review.work.states import local_second
from review.work.verdicts import VERDICTS

EVERY_SECONDS = 60


def outcome_rows(connection: Connection) -> list[dict[str, Any]]:
    """Return every outcome that holds, with the columns of `raw/outcomes`.

    Money demanded and paid back belongs to a case; it is told of a payment that is alone in its case.
    """
    alone = (
        select(items.c.case_id).where(items.c.case_id.is_not(None)).group_by(items.c.case_id).having(func.count() == 1)
    ).scalar_subquery()
    money = (
        select(
            measures.c.case_id,
            func.sum(measures.c.demanded_ore).label("demanded"),
            func.sum(measures.c.recovered_ore).label("recovered"),
        )
        .where(measures.c.state == "final", measures.c.case_id.in_(alone))
        .group_by(measures.c.case_id)
        .subquery()
    )
    wanted = (
        select(decisions, items.c.payment_id, items.c.arm, items.c.case_id, money.c.demanded, money.c.recovered)
        .join(items, items.c.id == decisions.c.item_id)
        .outerjoin(money, money.c.case_id == items.c.case_id)
        .where(decisions.c.state == "final", decisions.c.verdict.in_(VERDICTS))
        .order_by(decisions.c.id)
    )
    return [_row(row) for row in connection.execute(wanted)]


def _row(row: Any) -> dict[str, Any]:
    return {
        "outcome_id": f"review-{row.id}",
        "payment_id": row.payment_id,
        "flag_ids": " ".join(json.loads(row.flag_ids)),
        "case_id": row.case_id,
        "decided_at": local_second(row.confirmed_at or row.decided_at),
        "decided_by_ref": f"user-{row.decided_by}",
        "arm": row.arm,
        "verdict": row.verdict,
        "was_worth_looking": "true" if row.was_worth_looking else "false",
        "error_sek": sek(row.error_ore),
        "cause": row.cause,
        "intent": row.intent,
        "explanation_code": row.explanation,
        "demanded_sek": sek(row.demanded),
        "recovered_sek": sek(row.recovered),
        "spent_minutes": row.spent_minutes,
    }


def export(store: Store, inbox: Path) -> bool:
    """Write the outcomes that hold to the inbox unless the file says the same already; returns whether it was written.

    The log's head is named in the file and kept as an anchor. Raises OSError.
    """
    path = inbox / NAME
    with store.write() as change:
        head = log.head(change.connection)
        rows = outcome_rows(change.connection)
        there = log_head(path)
        if (there and path.read_text("utf-8") == outcomes_text(rows, seq=there["seq"], head=there["hash"])) or (
            not there and not rows
        ):
            return False
        inbox.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f".{NAME}.draft")
        draft.write_text(outcomes_text(rows, head.seq, head.hash), "utf-8")
        os.replace(draft, path)
        anchor = {"seq": head.seq, "hash": head.hash, "where": f"inbox/{NAME}", "at": change.at}
        change.connection.execute(anchors.insert().values(**anchor))
        change.record("outcomes.exported", "outcomes", rows=len(rows), head_seq=head.seq, head_hash=head.hash)
    return True


def keep_exported(store: Store, inbox: Path, stop: threading.Event) -> None:
    """Export now and every minute until `stop` is set; a full disk or a database that is away is tried again."""
    while True:
        with contextlib.suppress(OSError, OperationalError):  # the next minute tries again, and `fut outcomes` tells
            export(store, inbox)
        if stop.wait(EVERY_SECONDS):
            return
