"""Many rows of the month's list at once: officers take them, leads give them to somebody."""

from starlette.responses import Response

from review.pages.flags import back, back_path, moved, shown
from review.web.ask import Ask
from review.web.routes import action
from review.work import bulk
from review.work.errors import InvalidError
from review.work.people import May


@action("/flaggor/ta", may=May.WORK)
def take(ask: Ask) -> Response:
    """Make the marked payments the user's own."""
    wanted = back(ask)
    shelf = ask.shelf(wanted.month or None)
    try:
        with ask.store.write(ask.user.id) as change:
            done = bulk.take(change, ask.user, shelf, ask.many.get("vald", []))
    except InvalidError as error:
        return shown(ask, wanted, status=422, problem=str(error))
    return ask.go(back_path(wanted), message=moved(done.count, done.stayed, "är dina nu"))


@action("/flaggor/tilldela", may=May.LEAD)
def give(ask: Ask) -> Response:
    """Give the marked payments to the chosen person, or to nobody."""
    wanted = back(ask)
    shelf = ask.shelf(wanted.month or None)
    said = ask.form.get("till_person", "")
    is_id = said.isascii() and said.isdigit() and len(said) < 16
    try:
        if not is_id and said != "ingen":
            raise InvalidError({"to": "Välj en person i listan."})
        with ask.store.write(ask.user.id) as change:
            done = bulk.give(change, ask.user, shelf, ask.many.get("vald", []), int(said) if is_id else None)
    except InvalidError as error:
        return shown(ask, wanted, status=422, problem=str(error))
    return ask.go(back_path(wanted), message=moved(done.count, done.stayed, "är tilldelade" if is_id else "är lediga"))
