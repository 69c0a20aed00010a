"""Blindgranskning: the month's payments drawn by lot, a queue of their own without score, rank or reasons."""

from starlette.responses import Response

from reporting.words import OUTCOMES
from review.web.ask import Ask, payment_path
from review.web.routes import Nav, page
from review.work.around import drawn, names, standing_verdicts
from review.work.items import STATUSES
from review.work.people import May
from review.work.walk import DONE

PAGE = 100


@page("/blind", may=May.SEE_PAYMENTS, nav=Nav("Blindgranskning", 30))
def blind(ask: Ask) -> Response:
    """Show the control arm of a month (`manad`, the newest when absent), what is left to decide first."""
    if not ask.library.months():
        return ask.page("flags_none.html")
    shelf = ask.shelf(ask.query.get("manad") or None)
    with ask.store.read() as connection:
        rows, hidden = drawn(connection, ask.user, shelf)
        outcomes, people = standing_verdicts(connection, shelf.month), names(connection)
    rows.sort(key=lambda pair: (pair[1] is not None and pair[1].status in DONE, pair[0]["place"]))
    left = sum(1 for _, item in rows if item is None or item.status not in DONE)
    last = max(1, -(-len(rows) // PAGE))
    said = ask.query.get("sida", "1")
    at = min(last, max(1, int(said))) if said.isascii() and said.isdigit() and len(said) < 7 else 1
    return ask.page(
        "blind.html",
        shelf=shelf,
        months=ask.library.months(),
        rows=rows[(at - 1) * PAGE : at * PAGE],
        count=len(rows),
        left=left,
        hidden=hidden,
        at=at,
        last=last,
        outcomes={item_id: OUTCOMES[verdict] for item_id, verdict in outcomes.items()},
        people=people,
        statuses=STATUSES,
        address=payment_path,
    )
