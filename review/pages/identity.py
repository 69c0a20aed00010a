"""Identitet: who stands behind a pseudonym, shown once to who says what for."""

from starlette.responses import Response

from fut.errors import FutError
from fut.keys import key_of
from review.vault import TOKEN, Identity, Vault
from review.web.ask import Ask
from review.web.routes import Nav, action, page
from review.work.errors import InvalidError
from review.work.people import May
from review.work.reveal import reveal

CLOSED = "Identiteterna kan inte öppnas just nu. Den som sköter driften fyller valvet med kommandot fut identities."
UNKNOWN = "Beteckningen finns inte i valvet. Kontrollera den, eller be den som sköter driften att fylla valvet på nytt."


@page("/identitet", may=May.REVEAL, nav=Nav("Identitet", 86))
def form(ask: Ask) -> Response:
    """Show the form; the address may name the token."""
    token = ask.query.get("token", "")
    return _shown(ask, token=token if TOKEN.fullmatch(token) else "")


@action("/identitet", may=May.REVEAL)
def show(ask: Ask) -> Response:
    """Log the purpose, then show the identity on this answer alone."""
    token, purpose = ask.form.get("token", ""), ask.form.get("purpose", "")
    try:
        key = key_of(ask.settings)
        vault = Vault(ask.settings, key)
        with ask.store.write(ask.user.id) as change:
            found = reveal(change, ask.user, vault, key, token, purpose)
    except InvalidError as error:
        return _shown(ask, 422, token=token, purpose=purpose, wrong=error.fields)
    except FutError:
        return _shown(ask, 503, token=token, purpose=purpose, problem=CLOSED)
    if found is None:
        return _shown(ask, 404, token=token, purpose=purpose, problem=UNKNOWN)
    return _shown(ask, found=found)


def _shown(
    ask: Ask, status: int = 200, token: str = "", purpose: str = "", problem: str = "",
    wrong: dict[str, str] | None = None, found: Identity | None = None,
) -> Response:  # fmt: skip
    shown = {"token": token, "purpose": purpose, "problem": problem, "wrong": wrong or {}, "found": found}
    return ask.page("identity.html", status=status, **shown)
