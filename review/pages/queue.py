"""Min kö: what is mine, what nobody has, what waits and what is due."""

from starlette.responses import Response

from review.web.ask import Ask
from review.web.routes import Nav, page
from review.work.people import May


@page("/", may=May.ENTER, nav=Nav("Min kö", 10))
def queue(ask: Ask) -> Response:
    """Show the queue."""
    return ask.page("queue.html")
