"""A proxy in front that has signed the person in and says so in a header; believed from listed addresses alone."""

from starlette.requests import Request

from fut.settings import Review
from review.access.whom import Person
from review.work.errors import RefusedError


def person_of(request: Request, settings: Review) -> Person:
    """Return whom the proxy names; raises RefusedError when the request comes from elsewhere or names nobody."""
    peer = request.client.host if request.client else ""
    if peer not in settings.proxies:
        raise RefusedError("Inloggning sker genom kommunens inloggningsproxy.")
    said = request.headers.getlist(settings.proxy_header)
    if len(said) != 1 or not said[0].strip() or not said[0].isprintable() or len(said[0]) > 200:
        raise RefusedError("Inloggningsproxyn uppger inte vem du är.")
    name = said[0].strip()
    return Person(f"proxy|{name.lower()}", name, name, None)
