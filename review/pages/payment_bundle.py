"""What officers do with a payment and others of its bundle at once: take them, open a case, give them one outcome."""

from starlette.responses import Response

from reporting.format import plural
from review.pages.cases import title_for
from review.pages.flags import moved
from review.pages.payment import PATH, trail_of
from review.pages.payment_acts import done
from review.shelf.library import Shelf
from review.store.database import Change
from review.web.ask import Ask, payment_path
from review.web.routes import action
from review.work import bulk, cases
from review.work.errors import MissingError
from review.work.items import item_of
from review.work.people import May


@action(PATH + "/bunt-ta", may=May.WORK)
def take(ask: Ask) -> Response:
    """Make the payment and the marked ones the user's own."""

    def act(change: Change, shelf: Shelf, payment_id: str) -> tuple[str, str]:
        found = bulk.take(change, ask.user, shelf, [payment_id, *_marked(ask)])
        return payment_path(shelf.month, payment_id, trail_of(ask)), moved(found.count, found.stayed, "är dina nu")

    return done(ask, act)


@action(PATH + "/bunt-arende", may=May.WORK)
def case(ask: Ask) -> Response:
    """Open a case with the payment and the marked ones, or add the marked ones to the case it is in."""

    def act(change: Change, shelf: Shelf, payment_id: str) -> tuple[str, str]:
        now = item_of(change.connection, shelf, payment_id)
        title, days = title_for(shelf, now.payee_ref), ask.settings.review.answer_days
        case_id = now.case_id or cases.open_case(change, ask.user, shelf, now.payee_ref, title, [payment_id], days)
        others = [key for key in _marked(ask) if item_of(change.connection, shelf, key).case_id != case_id]
        for key in others:
            cases.add_payment(change, ask.user, shelf, case_id, None, key)
        count = len(others) + (now.case_id is None)
        return f"/arende/{case_id}", f"{plural(count, 'betalning ligger', 'betalningar ligger')} nu i ärende {case_id}."

    return done(ask, act)


@action(PATH + "/bunt-utfall", may=May.WORK)
def same(ask: Ask) -> Response:
    """Give the marked payments the outcome of this one."""

    def act(change: Change, shelf: Shelf, payment_id: str) -> tuple[str, str]:
        count = bulk.same(change, ask.user, shelf, payment_id, _marked(ask))
        said = f"{plural(count, 'betalning', 'betalningar')} fick samma utfall."
        return payment_path(shelf.month, payment_id, trail_of(ask)), said

    return done(ask, act)


def _marked(ask: Ask) -> dict[str, int]:
    """Return the version the officer saw of each marked payment; raises MissingError."""
    found = {}
    for text in ask.many.get("vald", []):
        version, parted, payment_id = text.partition(":")
        if not (parted and version.isascii() and version.isdigit() and len(version) < 10):
            raise MissingError("vald")
        found[payment_id] = int(version)
    return found
