"""Jinja templates with escaping on, and what every page knows: the menu, the formatter, the words."""

import json
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PrefixLoader, StrictUndefined
from markupsafe import Markup, escape

from reporting import format as f
from reporting import words
from reporting.html import TEMPLATES as SHARED
from review.shelf.keys import sek
from review.vault import TOKEN
from review.web.alike import parted
from review.web.routes import found
from review.web.static import static_url
from review.work.people import ROLES_SV, May

if TYPE_CHECKING:
    from review.web.ask import Ask

TURNING = dict.fromkeys((0x61C, *range(0x200E, 0x2010), *range(0x202A, 0x202F), *range(0x2066, 0x206A)), "\ufffd")
_TURNS = re.compile(f"[{''.join(map(chr, TURNING))}]")
_TOKENS = re.compile(rf"\b{TOKEN.pattern}\b")
TEMPLATES = Path(__file__).parent.parent / "templates"


def _drawn(svg: str) -> Markup:
    """Mark one of our own pictures as safe; its texts were escaped when it was drawn."""
    return Markup(_plain(svg))  # noqa: S704


def _plain(value: Any) -> Any:
    """Return text with every mark that turns the direction of writing made visible, so that none hides in a name."""
    if isinstance(value, str) and not value.isascii() and _TURNS.search(value):
        return type(value)(value.translate(TURNING))
    return value


@cache
def environment() -> Environment:
    """Return the one environment of the application."""
    env = Environment(
        loader=ChoiceLoader([FileSystemLoader(TEMPLATES), PrefixLoader({"reporting": FileSystemLoader(SHARED)})]),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_plain,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    known: dict[str, Any] = {
        "f": f,
        "words": words,
        "sek": sek,
        "May": May,
        "roles_sv": ROLES_SV,
        "drawn": _drawn,
        "with_query": _with_query,
        "static": static_url,
        "revealing": revealing,
        "parted": parted,
    }
    env.globals.update(known)
    env.filters["part"] = lambda text: quote(str(text), safe="")
    env.filters["field_label"] = words.field_label
    env.filters["from_json"] = lambda text: json.loads(text) if text else []
    return env


def revealing(text: Any, may: bool) -> Any:
    """Return a pseudonym as a link to where its identity is shown for a purpose, to who may; other text as it is."""
    if not (may and isinstance(text, str) and _TOKENS.search(text)):
        return text
    shown, begin = [], 0
    for part in _TOKENS.finditer(text):
        token = part[0]
        link = f'<a class="token" href="/identitet?token={token}" title="Visa vem det är (loggas)">{token}</a>'
        shown += [escape(_plain(text[begin : part.start()])), Markup(link)]  # noqa: S704 - a token is letters and digits
        begin = part.end()
    return Markup("").join([*shown, escape(_plain(text[begin:]))])


def _with_query(path: str, query: dict[str, str], **changed: Any) -> str:
    """Return an address with the present query changed; None and the empty text leave a name out."""
    kept = {k: v for k, v in (query | changed).items() if v not in (None, "")}
    return f"{path}?{urlencode(kept)}" if kept else path


@cache
def _menu() -> list[tuple[str, str, May | None]]:
    entries = [(p.nav.place, p.nav.title, p.path, p.may) for p in found() if p.nav]
    return [(title, path, may) for _, title, path, may in sorted(entries, key=lambda e: e[:3])]


def rendered(template: str, ask: "Ask", context: dict[str, Any]) -> str:
    """Return a page's HTML."""
    session = ask.session
    menu = [(t, p) for t, p, may in _menu() if session and (may is None or session.user.may(may))]
    here = ask.request.url.path
    shared = {"ask": ask, "session": session, "menu": menu, "here": here, "settings": ask.settings}
    return environment().get_template(template).render(**shared, **context)
