"""Min kö: what is due, what is mine, what waits for me as second person, and what nobody has."""

from starlette.responses import Response

from review.web.ask import Ask, payment_path
from review.web.routes import Nav, action, page
from review.work.items import STATUSES
from review.work.people import May
from review.work.queue import queue_of
from review.work.states import local_date
from review.work.walk import take_next


@page("/", may=May.ENTER, nav=Nav("Min kö", 10))
def queue(ask: Ask) -> Response:
    """Show the queue; a role that sees no payments gets its own pages in the menu."""
    if not ask.user.may(May.SEE_PAYMENTS):
        return ask.page("queue.html", queue=None, newest=None)
    today = local_date(ask.store.clock()).isoformat()
    with ask.store.read() as connection:
        waits = queue_of(connection, ask.library, ask.user, today)
    newest = ask.library.shelf()
    return ask.page("queue.html", queue=waits, newest=newest, path=payment_path, statuses=STATUSES)


@action("/ta-nasta", may=May.WORK)
def next_one(ask: Ask) -> Response:
    """Take the first payment that nobody has and open it."""
    shelf = ask.shelf()
    with ask.store.write(ask.user.id) as change:
        item = take_next(change, ask.user, shelf)
    if item is None:
        return ask.go("/", message="Ingen betalning är ledig just nu.")
    return ask.go(payment_path(item.month, item.payment_id))
