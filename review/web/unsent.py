"""A form that came too late: its sender had been signed out. What was typed is kept in the page until it is saved.

Nothing is stored on the way: the browser carries the form, and a person presses a button before it is sent again.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from starlette.responses import Response

from review.web.ask import Ask

SIGNED_OUT = (
    "Du har varit borta så länge att du har loggats ut. Det du skrev är inte sparat än, men det är kvar: "
    "logga in, så får du spara det."
)
OLD_FORM = "Formuläret är för gammalt: du har loggat in på nytt sedan sidan hämtades. Inget är sparat än."
NOT_SAVED = "Databasen kunde inte ta emot det just nu. Inget är sparat än, men det du skrev är kvar här: försök igen."
_OURS = frozenset({"csrf", "version", "lista", "q"})
_SECRET = ("/losenord", "/logga-")
MOST_FIELDS = 2000


@dataclass(frozen=True, slots=True)
class Unsent:
    """A form as it was sent: where to, its fields without the token, and the page that it lay on."""

    path: str
    fields: tuple[tuple[str, str], ...]
    onward: str = "/"

    @property
    def packed(self) -> str:
        """Return the fields as one text, for a page to carry."""
        return urlencode(self.fields)

    @property
    def written(self) -> list[str]:
        """Return what somebody wrote in words, to be read before it is sent again."""
        return [value for name, value in self.fields if name not in _OURS and re.search(r"[^\W\d]\s+\S", value)]


def own_path(wanted: str) -> str:
    """Return an address within the application, the start page for anything else."""
    is_own = wanted.startswith("/") and not wanted.startswith(("//", "/\\")) and wanted.isprintable()
    return wanted if is_own else "/"


def asked_for(ask: Ask) -> str:
    """Return the page to come back to after signing in: what was asked for, or the page that a form lay on."""
    if ask.request.method == "GET":
        return _path(ask) + (f"?{query}" if (query := ask.request.url.query) else "")
    try:
        left = urlsplit(ask.request.headers.get("referer", ""))
    except ValueError:
        return "/"
    is_ours = f"{left.scheme}://{left.netloc}" == ask.address()
    return own_path(left.path + (f"?{left.query}" if left.query else "")) if is_ours else "/"


def unsent(ask: Ask) -> Unsent | None:
    """Return the posted form; None when nothing was filled in, or what was is a password."""
    path = _path(ask)
    if ask.request.method != "POST" or path.startswith(_SECRET) or not set(ask.many) - _OURS:
        return None
    return Unsent(path, _pairs(ask.many), asked_for(ask))


def carried(ask: Ask) -> Unsent | None:
    """Return the form that the page for signing in carries; None when it carries none."""
    try:
        found = parse_qsl(ask.form.get("kvar", ""), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        return None
    path = own_path(ask.form.get("kvar_till", ""))
    fields = tuple((name, value.replace("\x00", "")) for name, value in found if name != "csrf")
    return Unsent(path, fields, own_path(ask.form.get("till", "/"))) if fields and path != "/" else None


def once_more(ask: Ask, form: Unsent, status: int, problem: str = "") -> Response:
    """Show the form to who is signed in now, to be saved with one press; nothing is done until then."""
    return ask.page("unsent.html", status=status, unsent=form, problem=problem)


def _path(ask: Ask) -> str:
    return quote(ask.request.scope["path"], safe="/:")


def _pairs(many: Mapping[str, Sequence[str]]) -> tuple[tuple[str, str], ...]:
    return tuple((name, value) for name, values in many.items() for value in values if name != "csrf")
