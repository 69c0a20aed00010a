"""Ärende: one case whole, and what officers do with it. Each form that fails comes back with its text kept."""

from collections.abc import Callable
from typing import Any

from starlette.responses import Response

from reporting.words import OUTCOMES
from review.store.database import Change
from review.web.ask import Ask
from review.web.routes import action, page
from review.work import case_steps, cases, letters, measures
from review.work.case_list import payee_names
from review.work.case_view import view
from review.work.errors import ConflictError, InvalidError, RefusedError
from review.work.items import STATUSES
from review.work.log_words import KINDS
from review.work.people import May
from review.work.states import OUTCOMES_AFTER_DECISION, local_date, local_time

Act = Callable[[Change], str]
HAS_FILES = True


@page("/arende/{id}", may=May.SEE_PAYMENTS)
def show(ask: Ask) -> Response:
    """Show the case."""
    case_id = ask.number("id")
    with ask.store.read() as connection:
        cases.case_of(connection, ask.user, case_id)
    ask.read("case", cases.subject(case_id))
    return shown(ask, case_id)


def shown(ask: Ask, case_id: int, status: int = 200, **problem: Any) -> Response:
    """Answer with the case's page; `form`, `wrong` and `problem` tell of a form that failed."""
    at = ask.store.clock()
    with ask.store.read() as connection:
        case = cases.case_of(connection, ask.user, case_id)
        told = view(connection, ask.library, ask.user, case, at)
    shelf = ask.library.shelf()
    about = {"form": "", "wrong": {}, "problem": "", "typed": ask.form} | problem
    today = local_date(at).isoformat()
    currency = shelf.currency if shelf else ask.settings.currency
    about |= {"kinds": KINDS, "item_statuses": STATUSES, "local_time": local_time, "has_files": HAS_FILES}
    about |= {
        "person_options": [(user.id, user.name) for user in told["officers"]],
        "letter_options": [(kind.code, kind.title) for kind in letters.KINDS.values()],
        "measure_options": [(measure.code, measure.title) for measure in told["may_measure"]],
        "outcome_options": [
            (code, title)
            for code, title in OUTCOMES.items()
            if told["after_decision"] or code not in OUTCOMES_AFTER_DECISION
        ],
    }
    return ask.page("case.html", status=status, today=today, currency=currency, **told, **about)


def acted(ask: Ask, form: str, act: Act) -> Response:
    """Run an act on the case and go back to it; the act returns the sentence that tells it was done."""
    case_id = ask.number("id")
    try:
        with ask.store.write(ask.user.id) as change:
            return ask.go(f"/arende/{case_id}", change, act(change))
    except InvalidError as error:
        return shown(ask, case_id, 422, form=form, wrong=error.fields, problem=str(error))
    except ConflictError as error:
        return shown(ask, case_id, 409, form=form, problem=str(error))
    except RefusedError as error:
        return shown(ask, case_id, 403, form=form, problem=str(error))


def _days(ask: Ask) -> int:
    return ask.settings.review.answer_days


@action("/arende/{id}/uppgifter", may=May.WORK)
def alter(ask: Ask) -> Response:
    """Change title, responsible, last day and the like."""

    def act(change: Change) -> str:
        cases.alter(change, ask.user, ask.number("id"), ask.version(), ask.form)
        return "Ärendets uppgifter är sparade."

    return acted(ask, "facts", act)


@action("/arende/{id}/betalning", may=May.WORK)
def payment(ask: Ask) -> Response:
    """Add a payment, or take one out."""

    def act(change: Change) -> str:
        at = (ask.shelf(ask.form.get("month", "")), ask.number("id"), ask.version(), ask.form.get("payment_id", ""))
        if ask.form.get("do") == "remove":
            cases.remove_payment(change, ask.user, *at, ask.form.get("note", ""))
            return "Betalningen är borttagen ur ärendet."
        cases.add_payment(change, ask.user, *at)
        return "Betalningen är tillagd."

    return acted(ask, f"payment-{ask.form.get('payment_id', '')}", act)


@action("/arende/{id}/anteckning", may=May.WORK)
def note(ask: Ask) -> Response:
    """Write a note."""

    def act(change: Change) -> str:
        cases.add_note(change, ask.user, ask.number("id"), ask.form.get("text", ""))
        return "Anteckningen är sparad."

    return acted(ask, "note", act)


@action("/arende/{id}/uppgift", may=May.WORK)
def task(ask: Ask) -> Response:
    """Add something to do, or mark it as done."""

    def act(change: Change) -> str:
        done = ask.form.get("task_id", "")
        if done.isascii() and done.isdigit() and len(done) < 16:
            cases.finish_task(change, ask.user, ask.number("id"), int(done))
            return "Uppgiften är klar."
        cases.add_task(change, ask.user, ask.number("id"), ask.form)
        return "Uppgiften är tillagd."

    return acted(ask, "task", act)


@action("/arende/{id}/brev", may=May.WORK)
def new_letter(ask: Ask) -> Response:
    """Begin a letter from a template."""

    def act(change: Change) -> str:
        case_id = ask.number("id")
        case = cases.case_of(change.connection, ask.user, case_id)
        payee = payee_names(change.connection, ask.library, {case_id: case.payee_ref})[case_id]
        letters.add(change, ask.user, case_id, ask.form.get("kind", ""), payee, _days(ask))
        return "Ett utkast till brev ligger i ärendet."

    return acted(ask, "letter", act)


@action("/arende/{id}/brev/{letter}", may=May.WORK)
def letter(ask: Ask) -> Response:
    """Save a letter, mark it as sent, or register its answer."""
    key = (ask.number("id"), ask.number("letter"))

    def act(change: Change) -> str:
        version = ask.version()
        if ask.form.get("do") == "answer":
            letters.answer(change, ask.user, *key, version, ask.form)
            return "Svaret är registrerat."
        letters.write(change, ask.user, *key, version, ask.form.get("body", ""))
        if ask.form.get("do") != "send":
            return "Brevet är sparat."
        letters.send(change, ask.user, *key, version + 1, _days(ask))
        return "Brevet är markerat som skickat."

    return acted(ask, f"letter-{key[1]}", act)


@action("/arende/{id}/steg", may=May.WORK)
def step(ask: Ask) -> Response:
    """Take the next step, or go back; the outcome of a close is asked for in its own form."""

    def act(change: Change) -> str:
        to, said = ask.form.get("to", ""), ask.form.get("note", "")
        is_waiting = case_steps.step(change, ask.user, ask.number("id"), ask.version(), to, said, _days(ask))
        return "Steget väntar på en andra person." if is_waiting else "Ärendet har bytt läge."

    return acted(ask, "step", act)


@action("/arende/{id}/steg/{step}", may=May.LEAD)
def second_step(ask: Ask) -> Response:
    """Confirm a proposed step as the second person, or return it."""

    def act(change: Change) -> str:
        agrees = ask.form.get("do") == "confirm"
        key = (ask.number("id"), ask.number("step"), ask.version())
        case_steps.second_step(change, ask.user, *key, agrees, ask.form.get("note", ""), _days(ask))
        return "Steget är bekräftat." if agrees else "Steget är återsänt."

    return acted(ask, f"step-{ask.number('step')}", act)


@action("/arende/{id}/bedomning", may=May.WORK)
def assess(ask: Ask) -> Response:
    """Say what the case has shown."""

    def act(change: Change) -> str:
        said = (ask.form.get("assessment", ""), ask.form.get("note", ""))
        case_steps.assess(change, ask.user, ask.number("id"), ask.version(), *said)
        return "Bedömningen är sparad."

    return acted(ask, "assess", act)


@action("/arende/{id}/avsluta", may=May.WORK)
def close(ask: Ask) -> Response:
    """Close the case with its outcome."""

    def act(change: Change) -> str:
        said = (ask.form.get("outcome", ""), ask.form.get("note", ""))
        case_steps.close(change, ask.user, ask.number("id"), ask.version(), *said)
        return "Ärendet är avslutat."

    return acted(ask, "close", act)


@action("/arende/{id}/atgard", may=May.WORK)
def measure(ask: Ask) -> Response:
    """Propose a measure."""

    def act(change: Change) -> str:
        measures.propose(change, ask.user, ask.number("id"), ask.version(), ask.form)
        return "Åtgärden är sparad."

    return acted(ask, "measure", act)


@action("/arende/{id}/atgard/{measure}", may=May.WORK)
def on_measure(ask: Ask) -> Response:
    """Confirm or return a measure as the second person, or register what has come back."""

    def act(change: Change) -> str:
        key = (ask.number("id"), ask.number("measure"), ask.version())
        if ask.form.get("do") == "recover":
            measures.recover(change, ask.user, *key, ask.form)
            return "Det återförda beloppet är registrerat."
        agrees = ask.form.get("do") == "confirm"
        measures.second(change, ask.user, *key, agrees, ask.form.get("note", ""))
        return "Åtgärden är bekräftad." if agrees else "Åtgärden är återsänd."

    return acted(ask, f"measure-{ask.number('measure')}", act)
