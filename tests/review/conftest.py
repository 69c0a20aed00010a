"""A published municipality of two months, a decisions database, and people of every role, for the application's tests."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import sync_playwright
from starlette.testclient import TestClient

from fut.settings import Municipality, Settings
from review.access import sessions
from review.store.database import Store
from review.web.app import create_app
from review.work import accounts
from review.work.people import Role
from tests.reporting.sample import write_sample
from tests.review.browser import FLAGS, Live, Server, chromium_path
from tests.review.postgres import copied, server

# What these modules try is tried on both databases; the others on SQLite unless --database says otherwise.
BOTH = {
    "test_accounts", "test_blind", "test_bundle", "test_case_pages", "test_cases", "test_conflicts", "test_fuzz", "test_fuzz_forms", "test_list", "test_log",
    "test_outcomes", "test_payee", "test_payment_page", "test_queue_cases", "test_republished", "test_results", "test_retention",
    "test_sign_in_outside", "test_work",
}  # fmt: skip
MONTHS = ("2026-09", "2026-10")
PEOPLE = {**{role.value: [role.value] for role in Role}, "officer2": ["officer"], "lead2": ["lead", "officer"]}


def publish(var: Path, month: str, run_id: str = "r-5f2c91", listed: int = 9, control: int = 2) -> Path:
    """Write an invented published run and point at it."""
    folder = var / "published" / "prov" / month
    write_sample(folder / run_id, listed=listed, control=control)
    (folder / "current").write_text(run_id + "\n", encoding="utf-8")
    return folder / run_id


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder `var` with two published months."""
    var = tmp_path_factory.mktemp("var")
    for month in MONTHS:
        publish(var, month)
    return var


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Try a test on the database asked for, or on both where its module is named in `BOTH`."""
    asked = metafunc.config.getoption("--database")
    if "database" in metafunc.fixturenames and (asked or metafunc.module.__name__.rpartition(".")[2] in BOTH):
        metafunc.parametrize("database", [asked] if asked else ["sqlite", "postgresql"], indirect=True)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """A PostgreSQL server whose first database has our tables and nothing in them: others are copied from it."""
    with server("-c fsync=off -c full_page_writes=off") as address:
        store = Store(address)
        store.migrate()
        store.close()
        yield address


@pytest.fixture
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty decisions database."""
    if getattr(request, "param", "sqlite") == "sqlite":
        yield f"sqlite:///{tmp_path / 'decisions.sqlite'}"
    else:
        with copied(request.getfixturevalue("postgresql")) as address:
            yield address


class Clock:
    """A clock that tests can move; ISO text in UTC."""

    def __init__(self) -> None:
        self.at = "2026-11-22T09:00:00Z"

    def __call__(self) -> str:
        return self.at


@dataclass
class World:
    """The application, its store and a signed-in browser per person."""

    app: object
    store: Store
    clock: Clock
    settings: Settings
    ids: dict[str, int]

    def as_(self, login: str) -> "Browser":
        """Return a browser in which a person is signed in (without the form: argon2 takes its time)."""
        with self.store.write() as change:
            token = sessions.begin(change, self.ids[login])
        return Browser(self, token)


class Browser:
    """A signed-in HTTP client that sends the form token along."""

    def __init__(self, world: World, token: str) -> None:
        self.world = world
        self.client = TestClient(world.app, base_url="http://127.0.0.1", follow_redirects=False)
        self.client.cookies.set(sessions.COOKIE, token)
        self.csrf = sessions.find(world.store, token, 30).csrf

    def get(self, path: str, **params: str):
        """Fetch a page."""
        return self.client.get(path, params=params or None)

    def post(self, path: str, data: dict | None = None):
        """Send a form."""
        return self.client.post(path, data={"csrf": self.csrf} | (data or {}))


@pytest.fixture
def make_world(tmp_path: Path, published: Path, database: str) -> Iterator[Callable[..., World]]:
    """Return a function that makes an application over its own database; `url` names another one."""
    opened: list[Store] = []

    def make(url: str = "", var: Path | None = None) -> World:
        clock = Clock()
        store = Store(url or database, clock)
        store.migrate()
        opened.append(store)
        settings = Settings(
            municipality=Municipality("prov", "Provkommun"), sources=(), inbox=tmp_path / "inbox", var=var or published
        )
        ids = {}
        with store.write() as change:
            for login, roles in PEOPLE.items():
                ids[login] = accounts.add(change, login, f"Prov {login.title()}", roles, None)
        return World(create_app(settings, store), store, clock, settings, ids)

    yield make
    for store in opened:
        store.close()


@pytest.fixture
def world(make_world: Callable[..., World]) -> World:
    """An application over an empty database and the two published months."""
    return make_world()


@pytest.fixture
def own_var(tmp_path: Path, published: Path) -> Path:
    """A copy of the published months that a test may change."""
    return Path(shutil.copytree(published, tmp_path / "var"))


@pytest.fixture
def first(world: World) -> SimpleNamespace:
    """The first listed payment of the newest month."""
    shelf = world.app.state.library.shelf()
    return SimpleNamespace(shelf=shelf, **shelf.one("SELECT * FROM listed ORDER BY place LIMIT 1"))


@pytest.fixture(scope="module")
def chromium() -> Iterator[Chromium]:
    """A browser for one module's tests; not for the session, as its event loop would be in other tests' way."""
    path = chromium_path()
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def live(world: World, chromium: Chromium) -> Iterator[Live]:
    """The application running over `world`: `live.page` is an officer's. Fails when a browser's console told of errors."""
    server = Server(world.app)
    running = Live(server.base_url, world, chromium)
    yield running
    running.close()
    server.stop()
    assert running.problems == []
