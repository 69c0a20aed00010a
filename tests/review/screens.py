"""Pictures of six screens for the docs: `python -m tests.review.screens FOLDER [--published VAR --municipality ID]`.

Over an invented month, or over a published municipality (the built-in example after `fut demo`).
"""

import argparse
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from fut.settings import Municipality, Settings
from review.shelf.library import Shelf
from review.store.database import Store
from review.web.app import create_app
from review.web.ask import payee_path, payment_path
from review.work import accounts, cases, decisions, items
from review.work.verdicts import judgement
from tests.review.browser import FLAGS, Live, Server, chromium_path
from tests.review.case_tools import DAYS, does
from tests.review.conftest import PEOPLE, Clock, World, publish

WIDTH, HEIGHT = 1280, 900
WORTH = {"was_worth_looking": "yes"}


def over(folder: Path, var: Path, municipality: Municipality) -> World:
    """Return the application over published months, with a few payments taken, decided and in a case."""
    settings = Settings(municipality=municipality, sources=(), inbox=folder, var=var, areas=_areas(var), is_demo=True)
    store = Store(f"sqlite:///{folder / 'pictures.sqlite'}", Clock())
    store.migrate()
    with store.write() as change:
        ids = {login: accounts.add(change, login, f"Exempel {login.title()}", PEOPLE[login], None) for login in PEOPLE}
    world = World(create_app(settings, store), store, store.clock, settings, ids)
    shelf = world.app.state.library.shelf()
    listed = shelf.ask("SELECT * FROM listed WHERE arm = 'risk' ORDER BY place LIMIT 9")
    for row, verdict in zip(listed[2:5], ("explained", "data_error", "undecidable"), strict=False):
        said = judgement({"verdict": verdict} | WORTH, row["amount_ore"])
        does(world, "officer", decisions.decide, shelf, row["payment_id"], 0, said)
    claim = {"verdict": "error_recovery", "error_sek": "1 200", "cause": "provider", "note": "Besöken ägde inte rum."}
    does(world, "officer", decisions.decide, shelf, listed[1]["payment_id"], 0, judgement(claim | WORTH, 10**6))
    for row in listed[5:7]:
        does(world, "officer", items.take, shelf, row["payment_id"], 0)
    does(world, "officer", items.put_off, shelf, listed[7]["payment_id"], 0, "waiting", "2026-12-01")
    case_id = does(
        world,
        "officer",
        cases.open_case,
        shelf,
        listed[0]["payee_ref"],
        "Besök utan underlag",
        [listed[0]["payment_id"]],
        DAYS,
    )
    does(world, "officer", cases.add_note, case_id, "Underlag begärt från verksamhetssystemet.")
    return world


def _areas(var: Path) -> Path | None:
    return next(iter(sorted((var / "demo").glob("*.geojson"))), None)


def take(folder: Path, world: World) -> list[Path]:
    """Write the six pictures; returns their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    world.app.state.library.prepare()
    shelf = world.app.state.library.shelf()
    row = shelf.one("SELECT * FROM listed ORDER BY place LIMIT 1")
    shown = {
        "ko": "/",
        "flaggor": "/flaggor",
        "betalning": payment_path(shelf.month, row["payment_id"]),
        "utforare": payee_path(_payee(shelf) or row["payee_ref"]),
        "arende": "/arende/1",
        "uppfoljning": "/uppfoljning",
    }
    server, paths = Server(world.app), []
    with sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        live = Live(server.base_url, world, chromium)
        tab = live.as_("officer", WIDTH, HEIGHT)
        for name, address in shown.items():
            answer = tab.goto(address)
            assert answer is not None
            assert answer.status == 200, f"{address} answers {answer.status}"
            paths.append(folder / f"{name}.png")
            tab.screenshot(path=paths[-1])
        live.close()
        chromium.close()
    server.stop()
    assert live.problems == []
    return paths


def _payee(shelf: Shelf) -> str | None:
    """Return the first listed payee with a permit, for its page to show one."""
    wanted = (
        "SELECT payee_ref FROM listed WHERE payee_ref IN (SELECT payee_ref FROM payee_records WHERE kind = 'permit')"
    )
    return (
        (shelf.one(f"{wanted} ORDER BY place LIMIT 1") or {}).get("payee_ref") if shelf.has("payee_records") else None
    )


def main(argv: list[str] | None = None) -> int:
    """Write the pictures."""
    parser = argparse.ArgumentParser(prog="python -m tests.review.screens")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--published", type=Path, help="a folder var with published months")
    parser.add_argument("--municipality", default="prov")
    given = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as name:
        var = given.published or Path(name)
        if not given.published:
            publish(var, "2026-10", listed=40, control=6)
        take(given.folder, over(Path(name), var, Municipality(given.municipality, "Exempelkommun")))
    return 0


if __name__ == "__main__":
    sys.exit(main())
