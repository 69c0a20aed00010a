"""What officers do with a payment: decide, propose, confirm, undo, take, put off, note. Each form answers with the page."""

from collections.abc import Callable

from starlette.responses import Response

from reporting.html import innocent, why
from review.pages.payment import LISTS, PATH, Sent, shown, trail_of
from review.shelf.library import Shelf
from review.shelf.records import payment_record, texts
from review.store.database import Change
from review.web.ask import Ask, payment_path
from review.web.routes import action
from review.work import decisions
from review.work import items as work
from review.work.errors import ConflictError, InvalidError, MissingError, RefusedError
from review.work.item_notes import add_note
from review.work.people import May
from review.work.verdicts import VERDICTS, judgement
from review.work.walk import next_open

OTHER = "Annan förklaring"
Act = Callable[[Change, Shelf, str], tuple[str, str]]


def done(ask: Ask, act: Act, renamed: dict[str, str] | None = None, keeps: bool = False) -> Response:
    """Run an act, which returns where to go and what to say; answer with the page when it cannot be done.

    One that `keeps` a judgement not yet saved answers with the page as well when it is done, the judgement in its form.
    """
    shelf, payment_id = ask.shelf(ask.part("month")), ask.part("payment_id")
    typed, checked = ask.form, tuple(ask.many.get("ruled_out", ()))
    try:
        with ask.store.write(ask.user.id) as change:
            path, said = act(change, shelf, payment_id)
            if not keeps:
                return ask.go(path, change, said)
    except InvalidError as error:
        wrong = {(renamed or {}).get(name, name): text for name, text in error.fields.items()}
        return shown(ask, Sent(422, typed, checked, wrong, "Rätta det som är markerat och spara igen."))
    except (ConflictError, RefusedError) as error:
        return shown(ask, Sent(409, typed, checked, problem=str(error)))
    return shown(ask, Sent(200, typed, checked, said=f"{said} Det du skrev är kvar men inte sparat."))


@action(PATH + "/utfall", may=May.WORK)
def decide(ask: Ask) -> Response:
    """Keep the outcome and go on to the next payment, or stay when asked to."""

    def act(change: Change, shelf: Shelf, payment_id: str) -> tuple[str, str]:
        row = shelf.one("SELECT * FROM listed WHERE payment_id = ?", (payment_id,)) or {}
        offered = _offered(shelf, payment_id)
        explanation = ask.form.get("explanation", "")
        ruled_out = tuple(text for text in ask.many.get("ruled_out", ()) if text in offered)
        said = judgement(ask.form, row.get("amount_ore") or 0, ruled_out)
        if explanation and explanation not in (*offered, OTHER):
            raise InvalidError({"explanation": "Välj i listan."})
        item = decisions.decide(change, ask.user, shelf, payment_id, ask.version(), said)
        kept = f"Sparat: {said.verdict.title}" + (
            ", förslag som en annan person bekräftar." if item.status == "proposed" else "."
        )
        trail = trail_of(ask)
        here = payment_path(shelf.month, payment_id, trail)
        if ask.form.get("then") == "stay" or not row:
            return here, kept
        following = next_open(change.connection, ask.user, shelf, row, trail, change.at)
        if following is None and trail:
            return f"{LISTS['risk']}?manad={shelf.month}&{trail}", f"{kept} Inga fler att avgöra i urvalet."
        if following is None:
            return f"{LISTS[row['arm']]}?manad={shelf.month}", f"{kept} Inga fler att avgöra i månaden."
        return payment_path(shelf.month, following, trail), f"{kept} Nästa betalning visas."

    return done(ask, act)


def _offered(shelf: Shelf, payment_id: str) -> list[str]:
    record = payment_record(shelf, payment_id, True)
    return innocent(why(record, texts(shelf))) if record else []


@action(PATH + "/forslag", may=May.LEAD)
def second(ask: Ask) -> Response:
    """Confirm a colleague's proposal, or return it."""

    def act(change: Change, shelf: Shelf, payment_id: str) -> tuple[str, str]:
        item = work.item_of(change.connection, shelf, payment_id)
        found = next((d for d in decisions.history(change.connection, item.id) if str(d.id) == _id(ask)), None)
        if found is None or ask.form.get("answer") not in ("confirm", "return"):
            raise MissingError("decision")
        agrees = ask.form["answer"] == "confirm"
        decisions.second(change, ask.user, found.id, ask.version(), agrees, ask.form.get("second_note", ""))
        title = VERDICTS[found.verdict].title
        return payment_path(
            shelf.month, payment_id, trail_of(ask)
        ), f"{'Bekräftat' if agrees else 'Återsänt'}: {title}."

    return done(ask, act, {"note": "second_note"})


def _id(ask: Ask) -> str:
    return ask.form.get("decision_id", "")


@action(PATH + "/angra", may=May.WORK)
def undo(ask: Ask) -> Response:
    """Open the payment again; the outcome stays in the log with the reason.

    Sent along with a judgement that could not be kept, it answers with the page, that judgement still in its form.
    """

    def act(change: Change, shelf: Shelf, payment_id: str) -> tuple[str, str]:
        decisions.undo(change, ask.user, shelf, payment_id, ask.version(), ask.form.get("undo_note", ""))
        return payment_path(shelf.month, payment_id, trail_of(ask)), "Utfallet är ångrat."

    return done(ask, act, keeps="was_worth_looking" in ask.form)


@action(PATH + "/ta", may=May.WORK)
def take(ask: Ask) -> Response:
    """Make the payment the user's own."""
    return _simple(
        ask, lambda change, shelf, key: work.take(change, ask.user, shelf, key, ask.version()), "Betalningen är din."
    )


@action(PATH + "/lamna", may=May.WORK)
def release(ask: Ask) -> Response:
    """Give the payment back to the common queue."""
    return _simple(
        ask,
        lambda change, shelf, key: work.release(change, ask.user, shelf, key, ask.version()),
        "Betalningen är lämnad tillbaka.",
    )


@action(PATH + "/skjut-upp", may=May.WORK)
def put_off(ask: Ask) -> Response:
    """Let the payment wait for an answer or for a day."""
    status, on = ask.form.get("status", ""), ask.form.get("on", "")
    return _simple(
        ask,
        lambda change, shelf, key: work.put_off(change, ask.user, shelf, key, ask.version(), status, on),
        "Betalningen väntar.",
    )


@action(PATH + "/anteckning", may=May.WORK)
def note(ask: Ask) -> Response:
    """Write a note beside the payment."""
    return _simple(
        ask, lambda change, shelf, key: add_note(change, ask.user, shelf, key, ask.form.get("text", "")), "Antecknat."
    )


def _simple(ask: Ask, act: Callable[[Change, Shelf, str], object], said: str) -> Response:
    def kept(change: Change, shelf: Shelf, payment_id: str) -> tuple[str, str]:
        act(change, shelf, payment_id)
        return payment_path(shelf.month, payment_id, trail_of(ask)), said

    return done(ask, kept)
