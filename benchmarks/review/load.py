"""Ten officers over HTTP: list pages with filters, payment pages, decisions, each timed by its kind."""

import html
import http.client
import random
import re
import time
from collections import defaultdict
from dataclasses import dataclass, field
from urllib.parse import urlencode

from review.access import sessions

FINE = (200, 303, 409)


@dataclass
class Pages:
    """Milliseconds by kind of page; `odd` counts answers that should not come."""

    taken: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    odd: int = 0

    @property
    def count(self) -> int:
        """Return how many pages were asked for."""
        return sum(map(len, self.taken.values()))

    def add(self, other: "Pages") -> None:
        """Add another officer's."""
        self.odd += other.odd
        for name, found in other.taken.items():
            self.taken[name] += found


class Officer:
    """One officer's browser: a kept connection, a session, a way of working."""

    def __init__(self, port: int, token: str, number: int, month: str, pace_seconds: float) -> None:
        """Connect to the server on the loopback address."""
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        self.headers = {"Cookie": f"{sessions.COOKIE}={token}", "Accept-Encoding": "gzip"}
        self.rng, self.month, self.pace_seconds, self.pages = random.Random(number), month, pace_seconds, Pages()  # noqa: S311 - whom to look at

    def ask(self, kind: str, path: str, form: dict[str, str] | None = None) -> bytes:
        """Fetch a page or post a form, and note the time it took."""
        time.sleep(self.pace_seconds * self.rng.uniform(0.5, 1.5))
        body = urlencode(form) if form else None
        headers = self.headers | ({"Content-Type": "application/x-www-form-urlencoded"} if form else {})
        started = time.perf_counter()
        self.connection.request("POST" if form else "GET", path, body, headers)
        answer = self.connection.getresponse()
        text = answer.read()
        self.pages.taken[kind].append(1000 * (time.perf_counter() - started))
        self.pages.odd += answer.status not in FINE
        return text

    def first_visit(self) -> dict[str, int]:
        """Return the bytes on the wire of the list page and everything it names."""
        sizes = {"/flaggor": len(self.ask("first", "/flaggor"))}
        page = self.ask("first", "/flaggor").decode("utf-8", "replace")
        for path in re.findall(r'(?:src|href)="(/static/[^"]+)"', page):
            sizes[path] = len(self.ask("first", path))
        self.pages = Pages()
        return sizes

    def work(self, rounds: int) -> Pages:
        """Look at lists, open payments and decide some of them; returns what each page took."""
        for _ in range(rounds):
            page = self.rng.randrange(1, 40)
            sort = self.rng.choice(["", "belopp", "mottagare", "risk"])
            listed = self.ask("list", f"/flaggor?{urlencode({'sida': page, 'sortera': sort})}").decode()
            links = [html.unescape(link) for link in re.findall(rf'href="(/betalning/{self.month}/[^"#]+)"', listed)]
            for link in self.rng.sample(links, min(3, len(links))):
                text, path = self.ask("payment", link).decode(), link.partition("?")[0]
                told = {
                    name: re.search(rf'name="{name}" value="([^"]*)"', text) for name in ("csrf", "version", "lista")
                }
                if told["version"] and self.rng.random() < 0.3:
                    form = {name: html.unescape(found[1]) for name, found in told.items() if found}
                    form |= {"verdict": "explained", "was_worth_looking": "yes"}
                    self.ask("decide", f"{path}/utfall", form)
        return self.pages


def warm(officer: Officer) -> None:
    """Let the server lay out the month and compile its templates."""
    officer.ask("warm", "/flaggor")
    officer.pages = Pages()
