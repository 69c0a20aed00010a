"""Every screen, found by itself: nothing for axe to say, nothing wider than a phone; and the docs' six pictures."""

import subprocess
import sys
from pathlib import Path

import pytest

from review.store.schema import users
from review.web.routes import found
from review.work import cases
from review.work.people import GRANTS, Role
from tests.review.browser import axe, sideways
from tests.review.case_tools import DAYS, does

ROOT = Path(__file__).resolve().parents[2]
SCREENS = [page for page in found() if page.method == "GET" and not page.path.endswith((".xlsx", ".csv", ".pdf"))]
# answers that are no screen of ours: sent on to the identity provider, files to keep
NO_SCREEN = {"/logga-in/kommunen", "/logga-in/svar", "/uppfoljning/{year}.html", "/arende/{id}/akt.html"}


def who(page) -> str:
    """Return a person who may see the page, an officer where that is possible."""
    return next((str(role) for role in Role if page.may is None or page.may in GRANTS[role]), "officer")


@pytest.fixture
def parts(world):
    """What addresses are filled in with: a listed payment, its payee, a case on it."""
    shelf = world.app.state.library.shelf()
    row = shelf.one("SELECT * FROM listed ORDER BY place LIMIT 1")
    with world.store.write() as change:  # a screen of one's own password asks for an account that has one
        change.connection.execute(users.update().values(password_hash="-"))
    case_id = does(world, "officer", cases.open_case, shelf, row["payee_ref"], "Prov", [row["payment_id"]], DAYS)
    return {"month": shelf.month, "payment_id": row["payment_id"], "payee_ref": row["payee_ref"], "id": case_id}


@pytest.mark.parametrize("page", [p for p in SCREENS if p.path not in NO_SCREEN], ids=lambda p: p.path)
def test_a_screen_is_usable_by_all(live, parts, page):
    tab = live.as_(who(page) if page.may else "")
    answer = tab.goto(page.path.replace(":path}", "}").format_map(parts))
    assert answer.status == 200
    assert tab.locator("h1").count() == 1
    assert axe(tab) == []
    assert sideways(tab) == []


def test_the_six_pictures_of_the_docs_can_be_taken(tmp_path):
    command = [sys.executable, "-m", "tests.review.screens", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-800:]
    sizes = {path.name: path.stat().st_size for path in tmp_path.glob("*.png")}
    assert len(sizes) == 6
    assert min(sizes.values()) > 20_000, sizes
