"""The administrators' screen: accounts added, given roles, shut and opened; never without an administrator."""

import re

import pytest
from sqlalchemy import select

from review.access.passwords import is_right
from review.store.schema import events, users
from review.work import accounts
from tests.review.browser import axe, focused, settled, sideways


def row(world, user_id):
    with world.store.read() as connection:
        return accounts.one(connection, user_id)


def alter(world, login, do, **form):
    user_id = world.ids[login]
    said = {"version": str(row(world, user_id).version), "do": do} | form
    return world.as_("admin").post(f"/anvandare/{user_id}", said)


def test_an_account_gets_a_first_password_shown_once(world):
    browser = world.as_("admin")
    answer = browser.post("/anvandare", {"login": "Ny.Person", "name": "Ny Person", "roles": ["officer", "lead"]})
    password = re.search('id="made">([^<]+)<', answer.text)[1]
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    with world.store.read() as connection:
        made = connection.execute(select(users).where(users.c.login == "ny.person")).one()
        log = " ".join(connection.execute(select(events.c.payload)).scalars())
    assert (made.roles, made.is_active, is_right(made.password_hash, password)) == ("lead officer", True, True)
    assert password not in log
    assert password not in browser.get("/anvandare").text


def test_a_form_that_is_not_whole_comes_back_with_its_text(world):
    answer = world.as_("admin").post("/anvandare", {"login": "officer", "name": "<Namn>", "roles": "king"})
    assert answer.status_code == 422
    for text in ("Användarnamnet är upptaget.", "Välj minst en roll", 'value="&lt;Namn&gt;"', 'aria-invalid="true"'):
        assert text in answer.text
    with world.store.read() as connection:
        assert len(accounts.everybody(connection)) == len(world.ids)


def test_roles_are_changed_and_the_person_is_signed_out(world):
    officer = world.as_("officer")
    assert alter(world, "officer", "save", roles=["controller"]).status_code == 303
    assert officer.get("/").status_code == 303
    assert row(world, world.ids["officer"]).roles == "controller"
    assert alter(world, "officer", "save").status_code == 422
    with world.store.read() as connection:
        last = connection.execute(select(events).order_by(events.c.seq.desc()).limit(1)).one()
    assert (last.kind, last.actor, last.subject) == (
        "user.altered",
        world.ids["admin"],
        f"user:{world.ids['officer']}",
    )


def test_an_account_is_shut_and_opened_again_with_its_roles(world):
    assert alter(world, "officer", "shut").status_code == 303
    assert row(world, world.ids["officer"]).is_active is False
    assert "Stängda konton" in world.as_("admin").get("/anvandare").text
    assert alter(world, "officer", "open").status_code == 303
    now = row(world, world.ids["officer"])
    assert (now.is_active, now.roles) == (True, "officer")


@pytest.mark.parametrize(("do", "roles"), [("shut", []), ("save", ["officer"])])
def test_the_last_administrator_stays(world, do, roles):
    answer = alter(world, "admin", do, roles=roles)
    assert (answer.status_code, "sista administratören" in answer.text) == (422, True)
    assert (row(world, world.ids["admin"]).roles, row(world, world.ids["admin"]).is_active) == ("admin", True)
    assert alter(world, "officer", "save", roles=["admin"]).status_code == 303
    assert alter(world, "admin", do, roles=roles).status_code == 303


def test_a_shut_administrator_is_no_administrator(world):
    alter(world, "officer", "save", roles=["admin"])
    alter(world, "officer", "shut")
    assert alter(world, "admin", "shut").status_code == 422


def test_a_new_password_replaces_the_old(world):
    answer = alter(world, "officer", "password")
    password = re.search('id="made">([^<]+)<', answer.text)[1]
    assert is_right(row(world, world.ids["officer"]).password_hash, password)
    again = alter(world, "officer", "password")
    assert not is_right(row(world, world.ids["officer"]).password_hash, password)
    assert again.status_code == 200


def test_a_colleagues_change_is_not_overwritten(world):
    user_id, seen = world.ids["officer"], row(world, world.ids["officer"]).version
    alter(world, "officer", "save", roles=["lead"])
    late = world.as_("admin").post(f"/anvandare/{user_id}", {"version": str(seen), "roles": "auditor"})
    assert (late.status_code, "En kollega ändrade kontot" in late.text) == (409, True)
    assert row(world, user_id).roles == "lead"


def test_the_page_is_accessible_and_fits_a_phone(live):
    page = live.as_("admin")
    page.goto("/anvandare")
    assert axe(page) == []
    page.fill("#new-login", "ny")
    page.fill("#new-name", "Ny Person")
    page.check("#new-officer")
    page.click("text=Lägg upp kontot")
    assert page.locator("#made").inner_text()
    settled(page)
    assert focused(page) == "made-h"
    assert axe(page) == []
    assert sideways(page) == []
