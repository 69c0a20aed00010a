"""Logga in och ut."""

from urllib.parse import quote

from sqlalchemy import func, select
from starlette.responses import RedirectResponse, Response

from review.access import rate, sessions
from review.access.passwords import is_right
from review.store.schema import users
from review.web.ask import Ask
from review.web.routes import action, page
from review.web.unsent import carried, once_more, own_path
from review.work.errors import MissingError
from review.work.people import May

WRONG = "Fel användarnamn eller lösenord."
BARRED = "För många försök. Vänta en kvart och försök igen."


@page("/logga-in", may=None)
def form(ask: Ask) -> Response:
    """Show the form."""
    if ask.session:
        return ask.go("/")
    if ask.settings.review.sign_in == "proxy":
        return ask.go(f"/logga-in/kommunen?till={quote(own_path(ask.query.get('till', '/')))}")
    onward = own_path(ask.query.get("till", "/"))
    return ask.page("sign_in.html", problem="", login="", onward=onward, unsent=None)


@action("/logga-in", may=None)
def sign_in(ask: Ask) -> Response:
    """Check the password and begin a session."""
    if ask.settings.review.sign_in != "local":
        raise MissingError("local")
    login, onward = ask.form.get("login", "").strip().lower()[:200], own_path(ask.form.get("till", "/"))
    client = ask.request.client.host if ask.request.client else ""
    keys = (f"login:{login}", f"from:{client}")
    with ask.store.write() as change:
        barred = rate.is_barred(change, *keys)
        wanted = select(users).where(func.lower(users.c.login) == login, users.c.is_active)
        row = None if barred else change.connection.execute(wanted).first()
    if barred or not is_right(row.password_hash if row else None, ask.form.get("password", "")):
        if not barred:
            with ask.store.write() as change:
                rate.failed(change, *keys)
                change.record("sign_in.failed", f"user:{row.id}" if row else "user:")
        said = {"problem": BARRED if barred else WRONG, "login": login, "onward": onward, "unsent": carried(ask)}
        return ask.page("sign_in.html", status=429 if barred else 422, **said)
    assert row is not None
    with ask.store.write(row.id) as change:
        rate.succeeded(change, keys[0])
        token = sessions.begin(change, row.id)
        change.record("sign_in.done", f"user:{row.id}", how="local")
    answer: Response = RedirectResponse(onward, status_code=303)
    if form := carried(ask):
        ask.session = sessions.find(ask.store, token, ask.settings.review.idle_minutes)
        answer = once_more(ask, form, status=200)
    return with_cookie(ask, answer, token)


@action("/logga-ut", may=May.ENTER)
def sign_out(ask: Ask) -> Response:
    """End the session."""
    assert ask.session is not None
    with ask.store.write(ask.user.id) as change:
        sessions.end(change.connection, ask.session.token_hash)
        change.record("sign_in.ended", f"user:{ask.user.id}")
    answer = RedirectResponse("/logga-in", status_code=303)
    answer.delete_cookie(sessions.cookie(ask.is_secure()), secure=ask.is_secure(), httponly=True)
    return answer


def with_cookie(ask: Ask, answer: Response, token: str) -> Response:
    """Give the browser its session's token, which no script can read and no other site can make it send in a form."""
    secure = ask.is_secure()
    answer.set_cookie(sessions.cookie(secure), token, httponly=True, samesite="lax", secure=secure, path="/")
    return answer
