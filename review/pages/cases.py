"""Ärenden: the list of cases by their last day, and the opening of a new one from a payment."""

from typing import Any

from starlette.responses import Response

from review.shelf.library import Shelf
from review.store.database import Change
from review.web.ask import Ask
from review.web.routes import Nav, action, page
from review.work import case_list, cases
from review.work.errors import MissingError
from review.work.people import May
from review.work.states import STATES, local_date


@page("/arenden", may=May.SEE_PAYMENTS, nav=Nav("Ärenden", 30))
def list_of_cases(ask: Ask) -> Response:
    """Show the cases the user may see."""
    asked, today = case_list.Asked.read(ask.query), local_date(ask.store.clock()).isoformat()
    with ask.store.read() as connection:
        rows, count = case_list.found(connection, ask.user, asked, today)
        payees = case_list.payee_names(connection, ask.library, {row.id: row.payee_ref for row in rows})
        people = case_list.officers(connection)
    shelf = ask.library.shelf()
    currency = shelf.currency if shelf else ask.settings.currency
    shown: dict[str, Any] = {
        "rows": rows,
        "count": count,
        "payees": payees,
        "people": people,
        "asked": asked,
        "today": today,
    }
    pages = -(-count // case_list.PAGE)
    return ask.page("cases.html", states=STATES, currency=currency, pages=pages, query=ask.query, **shown)


@action("/arende/nytt", may=May.WORK)
def open_one(ask: Ask) -> Response:
    """Open a case with a payment (`month`, `payment_id`), or add the payment to the case `case_id` names."""
    shelf = ask.shelf(ask.form.get("month", ""))
    ids = [text for text in ask.many.get("payment_id", []) if text]
    payee = ask.form.get("payee_ref", "")
    title = ask.form.get("title", "").strip() or title_for(shelf, payee)
    into = ask.form.get("case_id", "")

    def act(change: Change) -> int:
        if into:
            if not (into.isascii() and into.isdigit() and len(into) < 16):
                raise MissingError(into)
            for payment_id in ids:
                cases.add_payment(change, ask.user, shelf, int(into), None, payment_id)
            return int(into)
        days = ask.settings.review.answer_days
        return cases.open_case(change, ask.user, shelf, payee, title[: cases.LONGEST_TITLE], ids, days)

    with ask.store.write(ask.user.id) as change:
        case_id = act(change)
        said = f"Betalningen ligger i ärende {case_id}." if into else f"Ärende {case_id} är öppnat."
        return ask.go(f"/arende/{case_id}", change, said)


def title_for(shelf: Shelf, payee_ref: str) -> str:
    """Return the title of a case that nobody has named."""
    known = shelf.one("SELECT payee_name FROM payees WHERE payee_ref = ?", (payee_ref,)) or {}
    return f"Granskning av {known.get('payee_name') or payee_ref}"[: cases.LONGEST_TITLE]
