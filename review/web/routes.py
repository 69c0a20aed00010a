"""How a page announces itself: a decorator names its address, what it asks for, and its place in the menu.

A page is one file in `review/pages` and edits nothing else: `found()` walks the package.
"""

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.responses import Response

from review.work.people import May

if TYPE_CHECKING:
    from review.web.ask import Ask

Handler = Callable[["Ask"], Response]


@dataclass(frozen=True, slots=True)
class Nav:
    """A menu entry: its Swedish name and its place."""

    title: str
    place: int


@dataclass(frozen=True, slots=True)
class Page:
    """One address: `may` None is open to who is not signed in."""

    path: str
    handler: Handler
    method: str
    may: May | None
    nav: Nav | None = None


_PAGES: list[Page] = []


def page(path: str, may: May | None, nav: Nav | None = None) -> Callable[[Handler], Handler]:
    """Register a handler that shows something and changes nothing but the log of reads."""
    return _registered(path, "GET", may, nav)


def action(path: str, may: May | None) -> Callable[[Handler], Handler]:
    """Register a handler of a form: its form token is checked before it runs."""
    return _registered(path, "POST", may, None)


def _registered(path: str, method: str, may: May | None, nav: Nav | None) -> Callable[[Handler], Handler]:
    def keep(handler: Handler) -> Handler:
        _PAGES.append(Page(path, handler, method, may, nav))
        return handler

    return keep


def found() -> list[Page]:
    """Return every page of the application, in the order of their addresses."""
    import review.pages

    for module in pkgutil.walk_packages(review.pages.__path__, "review.pages."):
        importlib.import_module(module.name)
    return sorted(_PAGES, key=lambda p: (p.path.count("{"), p.path, p.method))
