"""Användare: who may sign in and as what; added, given roles, shut and opened by administrators."""

import secrets
from typing import Any

from starlette.responses import Response

from review.web.ask import Ask
from review.web.routes import Nav, action, page
from review.work import accounts
from review.work.errors import ConflictError, InvalidError, MissingError
from review.work.people import May

SAVED = {"save": "Rollerna är sparade.", "shut": "Kontot är stängt.", "open": "Kontot är öppnat."}


@page("/anvandare", may=May.MANAGE, nav=Nav("Användare", 95))
def everybody(ask: Ask) -> Response:
    """Show all accounts."""
    return _shown(ask)


@action("/anvandare", may=May.MANAGE)
def add(ask: Ask) -> Response:
    """Make an account; a local one gets a first password, shown on this answer alone."""
    how = ask.settings.review.sign_in
    if how == "oidc":
        raise MissingError("oidc")
    login, name, roles = ask.form.get("login", ""), ask.form.get("name", ""), ask.many.get("roles", [])
    password = secrets.token_urlsafe(12) if how == "local" else None
    subject = f"proxy|{login.strip().lower()}" if how == "proxy" else None
    try:
        with ask.store.write(ask.user.id) as change:
            user_id = accounts.add(change, login, name, roles, password, subject)
    except InvalidError as error:
        return _shown(ask, 422, wrong=error.fields, typed={"login": login, "name": name, "roles": roles})
    if password is None:
        return ask.go("/anvandare", message="Kontot är upplagt.")
    return _shown(ask, made=(user_id, password))


@action("/anvandare/{id}", may=May.MANAGE)
def alter(ask: Ask) -> Response:
    """Save roles, shut or open an account, or give it a new password (`do`)."""
    user_id, version, do = ask.number("id"), ask.version(), ask.form.get("do", "save")
    is_local = ask.settings.review.sign_in == "local"
    if do not in SAVED and not (do == "password" and is_local):
        raise MissingError(do)
    password = secrets.token_urlsafe(12) if do == "password" else None
    try:
        with ask.store.write(ask.user.id) as change:
            now = accounts.one(change.connection, user_id)
            is_active = {"shut": False, "open": True}.get(do, now.is_active)
            roles = ask.many.get("roles", []) if do == "save" else None
            accounts.alter(change, user_id, version, roles, is_active, password)
    except InvalidError as error:
        return _shown(ask, 422, about=user_id, problem=str(error))
    except ConflictError:
        return _shown(ask, 409, about=user_id, problem="En kollega ändrade kontot. Läs igenom och gör om.")
    if password is None:
        return ask.go("/anvandare", message=SAVED[do])
    return _shown(ask, made=(user_id, password))


def _shown(
    ask: Ask, status: int = 200, about: int = 0, problem: str = "", wrong: dict[str, str] | None = None,
    typed: dict[str, Any] | None = None, made: tuple[int, str] | None = None,
) -> Response:  # fmt: skip
    with ask.store.read() as connection:
        rows = accounts.everybody(connection)
    shown = {"about": about, "problem": problem, "wrong": wrong or {}, "typed": typed or {}, "made": made}
    return ask.page("accounts.html", status=status, rows=rows, how=ask.settings.review.sign_in, **shown)
