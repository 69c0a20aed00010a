"""Logga in genom kommunens inloggningstjänst eller proxy."""

from functools import lru_cache
from typing import TYPE_CHECKING

from starlette.responses import RedirectResponse, Response

from fut.settings import Review
from review.access import outside, sessions
from review.access.proxy import person_of
from review.access.whom import Person
from review.pages.sign_in import with_cookie
from review.web.ask import Ask
from review.web.routes import page
from review.web.unsent import own_path
from review.work.errors import MissingError, RefusedError

if TYPE_CHECKING:
    from review.access.oidc import Provider

STATE = "futvakt-in"
NO_ROLE = "Du är inloggad, men ditt konto har ingen roll än. En administratör behöver ge dig en."


@lru_cache(maxsize=4)
def provider(settings: Review) -> "Provider":
    """Return the provider of these settings, one object as long as the server runs."""
    from review.access.oidc import Provider  # only who signs in this way pays for its libraries

    return Provider(settings)


@page("/logga-in/kommunen", may=None)
def away(ask: Ask) -> Response:
    """Send the browser to the identity provider, or believe the proxy that has asked already."""
    settings, onward = ask.settings.review, own_path(ask.query.get("till", "/"))
    if settings.sign_in == "proxy":
        return _in(ask, person_of(ask.request, settings), onward)
    if settings.sign_in != "oidc":
        raise MissingError("sign_in")
    url, attempt = provider(settings).begin(ask.address() + "/logga-in/svar", onward)
    with ask.store.write() as change:
        outside.remember(change, attempt)
    answer = RedirectResponse(url, status_code=303)
    answer.set_cookie(STATE, attempt.state, max_age=600, httponly=True, samesite="lax", secure=ask.is_secure())
    return answer


@page("/logga-in/svar", may=None)
def back(ask: Ask) -> Response:
    """Take the provider's answer; it must be the answer to what this browser asked."""
    if ask.settings.review.sign_in != "oidc":
        raise MissingError("sign_in")
    state = ask.query.get("state", "")
    if not state or ask.request.cookies.get(STATE) != state:
        raise RefusedError("Inloggningen påbörjades inte i den här webbläsaren. Försök igen.")
    with ask.store.write() as change:
        attempt = outside.recall(change, state)
    if attempt is None:
        raise RefusedError("Inloggningen tog för lång tid. Försök igen.")
    address = ask.address() + "/logga-in/svar"
    return _in(ask, provider(ask.settings.review).finish(address, ask.request.url.query, attempt), attempt.onward)


def _in(ask: Ask, person: Person, onward: str) -> Response:
    with ask.store.write() as change:
        user_id = outside.account_of(change, person)
        token = sessions.begin(change, user_id) if outside.has_role(change, user_id) else None
        if token:
            change.record("sign_in.done", f"user:{user_id}", how=ask.settings.review.sign_in)
    if token is None:
        raise RefusedError(NO_ROLE)
    answer = with_cookie(ask, RedirectResponse(onward, status_code=303), token)
    answer.delete_cookie(STATE)
    return answer
