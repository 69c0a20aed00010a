"""Eget lösenord: who signs in with a local account changes its password here, the old one asked for."""

from starlette.responses import RedirectResponse, Response

from review.access import rate, sessions
from review.access.passwords import LONGEST, SHORTEST, hash_password, is_right
from review.pages.sign_in import BARRED, with_cookie
from review.web.ask import Ask
from review.web.routes import action, page
from review.work import accounts
from review.work.errors import ConflictError, MissingError
from review.work.people import May

DONE = "Lösenordet är bytt. Alla andra inloggningar med kontot är avslutade."


@page("/losenord", may=May.ENTER)
def form(ask: Ask) -> Response:
    """Show the form."""
    _own(ask)
    return _shown(ask)


@action("/losenord", may=May.ENTER)
def change_password(ask: Ask) -> Response:
    """Prove the old password, keep the new one, and go on in a session of its own."""
    stored, key = _own(ask), f"password:{ask.user.id}"
    old, new, again = (ask.form.get(name, "") for name in ("old", "new", "again"))
    with ask.store.write() as change:
        if rate.is_barred(change, key):
            return _shown(ask, 429, problem=BARRED)
    if not is_right(stored, old):
        with ask.store.write(ask.user.id) as change:
            rate.failed(change, key)
            change.record("user.password_refused", f"user:{ask.user.id}")
        return _shown(ask, 422, wrong={"old": "Det är inte ditt nuvarande lösenord."})
    if wrong := _wrong(old, new, again):
        return _shown(ask, 422, wrong=wrong)
    hashed = hash_password(new)
    try:
        with ask.store.write(ask.user.id) as change:
            accounts.change_own(change, ask.user.id, stored, hashed)
            rate.succeeded(change, key)
            token = sessions.begin(change, ask.user.id)
            sessions.say(change, sessions.hashed(token), DONE)
    except ConflictError as error:
        return _shown(ask, 409, problem=str(error))
    return with_cookie(ask, RedirectResponse("/", status_code=303), token)


def _own(ask: Ask) -> str:
    """Return the hash of the user's password; raises MissingError for an account that signs in elsewhere."""
    with ask.store.read() as connection:
        stored = accounts.one(connection, ask.user.id).password_hash
    if ask.settings.review.sign_in != "local" or stored is None:
        raise MissingError("password")
    return stored


def _wrong(old: str, new: str, again: str) -> dict[str, str]:
    if not SHORTEST <= len(new) <= LONGEST:
        return {"new": f"Minst {SHORTEST} tecken, gärna flera ord."}
    if new == old:
        return {"new": "Välj ett annat lösenord än det nuvarande."}
    return {"again": "Skriv samma lösenord en gång till."} if again != new else {}


def _shown(ask: Ask, status: int = 200, problem: str = "", wrong: dict[str, str] | None = None) -> Response:
    return ask.page("password.html", status=status, problem=problem, wrong=wrong or {}, shortest=SHORTEST)
