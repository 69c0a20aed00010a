"""The application: every page behind the same wall of session, right, form token, error pages and headers."""

import logging
import secrets
from collections.abc import Callable
from functools import partial
from urllib.parse import quote, urlsplit

from sqlalchemy.exc import DataError, OperationalError
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Mount, Route

from fut.errors import FutError
from fut.settings import Settings
from review.access import sessions
from review.shelf.library import Library
from review.store.database import Store, cause_of
from review.web.ask import Ask, texts
from review.web.headers import Headers
from review.web.routes import Page, found
from review.web.static import serve
from review.web.unsent import NOT_SAVED, OLD_FORM, SIGNED_OUT, asked_for, once_more, unsent
from review.work.errors import ConflictError, InvalidError, MissingError, RefusedError

LARGEST_FORM = 2_000_000
NOT_NOW = "Beslutsdatabasen kan inte användas just nu. Försök igen om en stund, eller säg till den som sköter driften."
FORM = "application/x-www-form-urlencoded"  # what our pages send; other kinds name files and writings of their own
_log = logging.getLogger("fut.review")


def database_url(settings: Settings) -> str:
    """Return the decisions database's address: the settings' own, else a file under `var`."""
    return settings.review.database or f"sqlite:///{settings.var / 'review' / (settings.municipality.id + '.sqlite')}"


def create_app(settings: Settings, store: Store) -> Starlette:
    """Return the application for one municipality; the store's tables must exist."""
    library = Library(settings.published, settings.var / "review" / "shelves")
    make = partial(Ask, settings=settings, store=store, library=library)
    routes: list[Route | Mount] = [
        Route(page.path, partial(_answer, page, make), methods=[page.method], name=f"{page.method} {page.path}")
        for page in found()
    ]
    routes.append(Mount("/static", serve, name="static"))
    handlers = {404: partial(_lost, make), 405: partial(_lost, make), 500: partial(_broken, make)}
    app = Starlette(
        routes=routes,
        middleware=[
            Middleware(Headers),
            Middleware(TrustedHostMiddleware, allowed_hosts=_hosts(settings), www_redirect=False),
        ],
        exception_handlers=handlers,
    )
    app.state.settings, app.state.store, app.state.library = settings, store, library
    return app


MakeAsk = Callable[..., Ask]


async def _answer(page: Page, make: MakeAsk, request: Request) -> Response:
    ask = make(request)
    if page.method == "POST":
        length = request.headers.get("content-length", "")
        if not (length.isascii() and length.isdigit() and len(length) < 10 and int(length) <= LARGEST_FORM):
            return await run_in_threadpool(_failed, ask, 413, "Formuläret är för stort.")
        if request.headers.get("content-type", "").partition(";")[0].strip().lower() != FORM:
            return await run_in_threadpool(_failed, ask, 415, "Formuläret kunde inte läsas.")
        try:
            async with request.form(max_fields=2000) as form:
                ask.form, ask.many = texts(form)
        except HTTPException:
            return await run_in_threadpool(_failed, ask, 400, "Formuläret kunde inte läsas.")
    return await run_in_threadpool(_handled, page, ask)


def _handled(page: Page, ask: Ask) -> Response:
    token = ask.request.cookies.get(sessions.cookie(ask.is_secure()), "")
    ask.session = sessions.find(ask.store, token, ask.settings.review.idle_minutes) if token else None
    if page.method == "POST" and not _is_own_form(ask):
        return _failed(ask, 403, "Formuläret skickades från en annan webbplats.")
    if page.may is not None:
        if ask.session is None:
            return _to_sign_in(ask)
        if not ask.session.user.may(page.may):
            return _failed(ask, 403, "Din roll har inte tillgång till sidan.")
    if page.method == "POST" and ask.session is not None:
        sent = ask.form.get("csrf") or ask.request.headers.get("x-csrf", "")
        if not secrets.compare_digest(sent.encode(), ask.session.csrf.encode()):
            if form := unsent(ask):
                return once_more(ask, form, 403, OLD_FORM)
            return _failed(ask, 403, "Formuläret är för gammalt. Ladda om sidan och försök igen.")
    try:
        return page.handler(ask)
    except RefusedError as error:
        return _failed(ask, 403, str(error))
    except MissingError:
        return _failed(ask, 404, "Det du söker finns inte, eller finns inte längre.")
    except ConflictError as error:
        return _failed(ask, 409, str(error))
    except InvalidError as error:
        return _failed(ask, 422, str(error))
    except DataError:  # PostgreSQL refuses what does not fit its column; the transaction is undone by then
        return _failed(ask, 422, "Något av det som skickades är för långt eller för stort.")
    except OperationalError as error:
        return _not_now(ask, error)
    except FutError:
        return _failed(ask, 503, "Den publicerade körningen kan inte läsas just nu. Säg till den som sköter driften.")


def _not_now(ask: Ask, error: OperationalError) -> Response:
    """Answer when the database is full, locked or away: nothing was saved, what was typed is handed back."""
    _log.error("decisions database: cannot be used now (%s)", cause_of(error))
    form = unsent(ask)
    return once_more(ask, form, 503, NOT_SAVED) if form and ask.session else _failed(ask, 503, NOT_NOW)


def _is_own_form(ask: Ask) -> bool:
    """Whether the browser says that a form was sent from our own pages, as far as it says anything."""
    headers = ask.request.headers
    if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return False
    own = {ask.address(), f"{ask.request.url.scheme}://{ask.request.url.netloc}"}
    return headers.get("origin") in {None, *own}


def _hosts(settings: Settings) -> list[str]:
    named = urlsplit(settings.review.address).hostname
    return ["127.0.0.1", "localhost", *([named] if named else [])]


def _to_sign_in(ask: Ask) -> Response:
    if form := unsent(ask):
        return ask.page("sign_in.html", status=401, problem=SIGNED_OUT, login="", onward=form.onward, unsent=form)
    return RedirectResponse(f"/logga-in?till={quote(asked_for(ask))}", status_code=303)


def _failed(ask: Ask, status: int, text: str) -> Response:
    return ask.page("error.html", status=status, status_code=status, text=text)


async def _lost(make: MakeAsk, request: Request, _: Exception) -> Response:
    return await run_in_threadpool(_failed, make(request), 404, "Sidan finns inte.")


async def _broken(make: MakeAsk, request: Request, _: Exception) -> Response:
    return await run_in_threadpool(_failed, make(request), 500, "Något gick fel hos oss. Försök igen om en stund.")
