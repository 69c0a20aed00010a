"""One request as a handler sees it: who asks, for what, with which form, and the ways to answer."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from fut.settings import Settings
from review.access.sessions import Session, say
from review.shelf.library import Library, Shelf
from review.store.database import Change, Store
from review.web.templates import rendered
from review.work.errors import MissingError
from review.work.people import User


@dataclass
class Ask:
    """A request. `form` holds a posted form's texts, `query` the address's; both are untrusted."""

    request: Request
    settings: Settings
    store: Store
    library: Library
    session: Session | None = None
    form: dict[str, str] = field(default_factory=dict)
    many: dict[str, list[str]] = field(default_factory=dict)

    @property
    def user(self) -> User:
        """Return who asks; pages open to everybody must not use it."""
        assert self.session is not None
        return self.session.user

    @property
    def query(self) -> dict[str, str]:
        """Return the address's own parameters, the last of each name."""
        return {name: value.replace("\x00", "") for name, value in self.request.query_params.items()}

    def address(self) -> str:
        """Return the application's own address as browsers know it, without a path."""
        said = self.settings.review.address or f"{self.request.url.scheme}://{self.request.url.netloc}"
        return said.rstrip("/")

    def is_secure(self) -> bool:
        """Whether browsers reach the application over https, a proxy in front counted in."""
        return self.address().startswith("https://")

    def part(self, name: str) -> str:
        """Return a part of the address, `{payment_id}`."""
        return str(self.request.path_params[name]).replace("\x00", "")

    def number(self, name: str) -> int:
        """Return a part of the address that is a number; raises MissingError."""
        text = self.part(name)
        if not (text.isascii() and text.isdigit() and len(text) < 16):
            raise MissingError(text)
        return int(text)

    def version(self) -> int:
        """Return the version of the thing the form was filled in for; raises MissingError."""
        text = self.form.get("version", "")
        if not (text.isascii() and text.isdigit() and len(text) < 10):
            raise MissingError("version")
        return int(text)

    def shelf(self, month: str | None = None) -> Shelf:
        """Return a month's published run (the newest when None); raises MissingError."""
        found = self.library.shelf(month)
        if found is None:
            raise MissingError("month")
        return found

    def read(self, kind: str, subject: str, **payload: Any) -> None:
        """Log that the user looked at something about a payee or a payment."""
        with self.store.write(self.user.id) as change:
            change.record(f"read.{kind}", subject, **payload)

    def page(self, template: str, status: int = 200, **context: Any) -> Response:
        """Answer with a page."""
        return HTMLResponse(rendered(template, self, context), status_code=status)

    def go(self, path: str, change: Change | None = None, message: str = "") -> Response:
        """Send the browser on; `message` is said on the next page, kept with what `change` writes."""
        if message and self.session:
            if change is not None:
                say(change, self.session.token_hash, message)
            else:
                with self.store.write(self.user.id) as own:
                    say(own, self.session.token_hash, message)
        return RedirectResponse(path, status_code=303)


def payment_path(month: str, payment_id: str, trail: str = "") -> str:
    """Return the address of a payment's page; `trail` is the narrowed or sorted list that it is opened from."""
    return f"/betalning/{month}/{quote(payment_id, safe='')}" + (f"?lista={quote(trail, safe='')}" if trail else "")


def payee_path(payee_ref: str) -> str:
    """Return the address of a payee's page."""
    return f"/utforare/{quote(payee_ref, safe='')}"


def texts(form: FormData) -> tuple[dict[str, str], dict[str, list[str]]]:
    """Return a form's texts, the last of each name and all of each name; files are left out."""
    many: dict[str, list[str]] = {}
    for name, value in form.multi_items():
        if not isinstance(value, UploadFile):
            many.setdefault(name, []).append(value.replace("\x00", ""))
    return {name: values[-1] for name, values in many.items()}, many
