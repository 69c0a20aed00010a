"""A real browser for the application's tests: Debian's chromium, a server on a free port, and what to ask of a page."""

import gzip
import os
import shutil
import subprocess
import threading
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, expect

AXE = Path(__file__).parent / "vendor" / "axe.min.js.gz"
NAMES = ("chromium", "chromium-browser", "google-chrome")
ABSENT = "chromium is missing and cannot be installed here: run `apt-get install chromium` as root"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking"]
# A refused form (409, 422) is an answer, not a fault of the page: the browser notes it all the same.
EXPECTED = "Failed to load resource: the server responded with a status of 4"


def chromium_path() -> str:
    """Return the browser's path, installing Debian's when root may; fails the test with one line when it is absent."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None and os.geteuid() == 0 and shutil.which("apt-get"):
        for command in (["update"], ["install", "--no-install-recommends", "chromium"]):
            subprocess.run(["apt-get", "-qq", "-y", *command], capture_output=True, check=False)
        found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        pytest.fail(ABSENT, pytrace=False)
    return found


class Server:
    """The application served on a free port of the loopback address, in a thread."""

    def __init__(self, app: object) -> None:
        """Start it; returns when it listens."""
        config = uvicorn.Config(
            app, port=0, log_level="critical", lifespan="off", ws="none", timeout_graceful_shutdown=1
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, daemon=True)
        self._thread.start()
        while not self._server.started:
            assert self._thread.is_alive(), "the server did not start"
            self._thread.join(0.01)
        port = self._server.servers[0].sockets[0].getsockname()[1]
        self.base_url = f"http://127.0.0.1:{port}"

    def stop(self) -> None:
        """Stop it and wait for the thread."""
        self._server.should_exit = True
        self._thread.join(10)


@dataclass
class Live:
    """The running application: `page` is an officer's, `as_` gives another person's. `problems` is what browsers said."""

    base_url: str
    world: Any
    chromium: Chromium
    problems: list[str] = field(default_factory=list)
    _contexts: list[BrowserContext] = field(default_factory=list)
    _page: Page | None = None

    @property
    def page(self) -> Page:
        """Return the page of the person `officer`, 1280 x 900."""
        if self._page is None:
            self._page = self.as_("officer")
        return self._page

    def as_(self, login: str, width: int = 1280, height: int = 900, scripts: bool = True) -> Page:
        """Return a new page in a browser of its own where a person is signed in ('' for nobody)."""
        context = self.chromium.new_context(
            base_url=self.base_url,
            locale="sv-SE",
            timezone_id="Europe/Stockholm",
            viewport={"width": width, "height": height},
            reduced_motion="reduce",
            java_script_enabled=scripts,
        )
        context.set_default_timeout(10_000)
        self._contexts.append(context)
        if login:
            signed_in = self.world.as_(login).client.cookies
            context.add_cookies([{"name": n, "value": v, "url": self.base_url} for n, v in signed_in.items()])
        page = context.new_page()
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.problems.append(str(error)))
        return page

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(EXPECTED):
            self.problems.append(message.text)

    def close(self) -> None:
        """Close every page."""
        for context in self._contexts:
            context.close()


@cache
def _axe_source() -> str:
    return gzip.decompress(AXE.read_bytes()).decode("utf-8")


def axe(page: Page) -> list[str]:
    """Return what axe finds wrong with the page, one line a node: rule, where, and what it says. Empty is good."""
    page.evaluate(_axe_source() + ";0")
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{rule['id']}: {' '.join(map(str, node['target']))}: {' '.join(node['failureSummary'].split())}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]


def sideways(page: Page, width: int = 320) -> list[str]:
    """Return what makes the page wider than `width` pixels, empty when nothing does."""
    page.set_viewport_size({"width": width, "height": 800})
    return page.evaluate(
        """() => {
        const wide = document.documentElement.clientWidth, scrolls = (el) => el && (el !== document.documentElement)
            && (getComputedStyle(el).overflowX !== "visible" || scrolls(el.parentElement))
        if (document.documentElement.scrollWidth <= wide) return []
        return [...document.querySelectorAll("body *")].filter((el) => el.getBoundingClientRect().right > wide + 1
            && !scrolls(el.parentElement)).map((el) => el.outerHTML.slice(0, 120))
        }"""
    ) or (
        ["the page"]
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
        else []
    )


def focused(page: Page) -> str:
    """Return what has the focus: its id, else its tag and text."""
    return page.evaluate(
        "(el => el.id || el.tagName.toLowerCase() + ' ' + el.textContent.trim().slice(0, 60))(document.activeElement)"
    )


def announced(page: Page) -> str:
    """Return the live region's text."""
    return page.locator("#live").inner_text()


def settled(page: Page) -> None:
    """Wait until no request of htmx is under way and its swap has settled; first expect something of the new page."""
    expect(page.locator(".htmx-request, .htmx-swapping, .htmx-settling, .htmx-added")).to_have_count(0)
