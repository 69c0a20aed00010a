"""Jäv: the register of who has an interest in which payee."""

from starlette.responses import Response

from review.web.ask import Ask
from review.web.routes import Nav, action, page
from review.work import conflicts
from review.work.errors import ConflictError, InvalidError
from review.work.people import May


@page("/jav", may=May.SEE_PAYMENTS, nav=Nav("Jäv", 85))
def register_page(ask: Ask) -> Response:
    """Show the register, and with `sok` or `mottagare` payees to register a conflict for."""
    return _shown(ask)


@action("/jav", may=May.WORK)
def register(ask: Ask) -> Response:
    """Register a conflict of one's own, or a lead another person's."""
    said = ask.form.get("person", "") or str(ask.user.id)
    person = int(said) if said.isascii() and said.isdigit() and len(said) < 16 else 0
    payee_ref, note = ask.form.get("payee_ref", ""), ask.form.get("note", "")
    try:
        with ask.store.write(ask.user.id) as change:
            conflicts.register(change, ask.user, ask.library, person, payee_ref, note)
            return ask.go("/jav", change, "Jävet är registrerat.")
    except InvalidError as error:
        return _shown(ask, 422, wrong=error.fields, typed={"person": said, "payee_ref": payee_ref, "note": note})


@action("/jav/{id}/avsluta", may=May.WORK)
def end(ask: Ask) -> Response:
    """End a conflict."""
    number = ask.number("id")
    try:
        with ask.store.write(ask.user.id) as change:
            conflicts.end(change, ask.user, number)
            return ask.go("/jav", change, "Jävet är avslutat.")
    except ConflictError:
        return _shown(ask, 409, problem="Jävet är redan avslutat.")


def _shown(
    ask: Ask,
    status: int = 200,
    problem: str = "",
    wrong: dict[str, str] | None = None,
    typed: dict[str, str] | None = None,
) -> Response:
    typed = typed or {"person": "", "payee_ref": ask.query.get("mottagare", ""), "note": ""}
    sought = ask.query.get("sok", "")[:100]
    found = {row["payee_ref"]: row["payee_name"] for row in conflicts.payees_like(ask.library, sought)}
    with ask.store.read() as connection:
        rows = conflicts.known(connection, ask.user)
        people = conflicts.people(connection, ask.user) if ask.user.may(May.WORK) else []
    payees = conflicts.names(ask.library, {row.payee_ref for row in rows} | ({typed["payee_ref"]} - {""}))
    if typed["payee_ref"] and payees[typed["payee_ref"]] != typed["payee_ref"]:
        found.setdefault(typed["payee_ref"], payees[typed["payee_ref"]])
    shown = {"rows": rows, "people": people, "payees": payees, "found": found, "sought": sought, "typed": typed}
    may_end = {row.id for row in rows if ask.user.may(May.WORK) and conflicts.may_end(ask.user, row)}
    all_seen = conflicts.sees_all(ask.user)
    return ask.page(
        "conflicts.html", status=status, wrong=wrong or {}, problem=problem, may_end=may_end, all_seen=all_seen, **shown
    )
