"""What was typed before a session ended: it is kept in the page, saved by one press, and never without one."""

import html
import re
from urllib.parse import quote, unquote

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from review.access.passwords import hash_password
from review.store.schema import decisions, users
from review.web.ask import payment_path
from tests.review.browser import axe
from tests.review.test_sign_in_outside import app, browser, issuer  # noqa: F401 - fixtures

PASSWORD = "ett långt lösenord"
LATE = "2026-11-22T10:00:01Z"
NOTE = "Besöken ägde inte rum. Se låsloggen <b>12 juni</b>."
CLAIM = {"verdict": "error_no_recovery", "was_worth_looking": "yes", "error_sek": "1 200", "cause": "provider"}


@pytest.fixture
def path(first):
    return payment_path(first.shelf.month, first.payment_id)


def with_password(world, login):
    with world.store.write() as change:
        mine = users.c.id == world.ids[login]
        change.connection.execute(users.update().where(mine).values(password_hash=hash_password(PASSWORD)))


def outcomes(world):
    with world.store.read() as connection:
        return [(row.verdict, row.note, row.decided_by) for row in connection.execute(select(decisions))]


def fields(text):
    """Return a page's hidden fields by name."""
    found = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', text)
    return {name: html.unescape(value) for name, value in found}


def test_a_form_sent_after_lunch_keeps_its_text_until_it_is_saved(world, path):
    with_password(world, "officer")
    officer = world.as_("officer")
    form = CLAIM | {"note": NOTE, "version": "0", "csrf": officer.csrf}
    world.clock.at = LATE
    came_from = {"referer": f"http://127.0.0.1{path}?lista=sok%3Da"}
    late = officer.client.post(f"{path}/utfall", data=form, headers=came_from)
    assert (late.status_code, "Det du skrev är inte sparat än" in late.text) == (401, True)
    assert html.escape(NOTE, quote=False) in late.text
    assert officer.csrf not in late.text
    kept = fields(late.text)
    assert (kept["kvar_till"], kept["till"]) == (f"{unquote(path)}/utfall", f"{path}?lista=sok%3Da")
    wrong = officer.client.post("/logga-in", data=kept | {"login": "officer", "password": "fel"})
    assert (wrong.status_code, fields(wrong.text)) == (422, kept)
    back = officer.client.post("/logga-in", data=kept | {"login": "officer", "password": PASSWORD})
    assert (back.status_code, "Spara nu" in back.text, outcomes(world)) == (200, True, [])
    assert f'href="{path}?lista=sok%3Da"' in back.text
    again = fields(back.text)
    assert {name: again[name] for name in form if name != "csrf"} == {k: v for k, v in form.items() if k != "csrf"}
    saved = officer.client.post(f"{path}/utfall", data=again)
    assert saved.status_code == 303
    assert outcomes(world) == [("error_no_recovery", NOTE, world.ids["officer"])]


def test_who_signed_in_anew_in_another_tab_loses_nothing_in_the_first(world, path):
    officer = world.as_("officer")
    old = officer.csrf
    anew = world.as_("officer")
    refused = anew.client.post(f"{path}/utfall", data=CLAIM | {"note": NOTE, "version": "0", "csrf": old})
    assert (refused.status_code, "Formuläret är för gammalt" in refused.text, outcomes(world)) == (403, True, [])
    assert anew.client.post(f"{path}/utfall", data=fields(refused.text)).status_code == 303
    assert [note for _, note, _ in outcomes(world)] == [NOTE]


@pytest.mark.parametrize(
    ("path", "form"),
    [("/losenord", {"now": "gammalt", "new": "nytt och hemligt"}), ("/ta-nasta", {}), ("/logga-ut", {})],
)
def test_passwords_and_forms_without_anything_typed_are_not_kept(world, path, form):
    officer = world.as_("officer")
    world.clock.at = LATE
    late = officer.client.post(
        path, data=form | {"csrf": officer.csrf}, headers={"referer": "http://127.0.0.1/blind?a=1"}
    )
    assert (late.status_code, late.headers["location"]) == (303, "/logga-in?till=/blind%3Fa%3D1")
    came_from = {"referer": "http://evil.example/blind"}
    elsewhere = officer.client.post(path, data=form | {"csrf": officer.csrf}, headers=came_from)
    assert elsewhere.headers["location"] == "/logga-in?till=/"


def test_signing_in_leads_back_to_the_list_as_it_was_narrowed(world):
    officer = world.as_("officer")
    world.clock.at = LATE
    asked = "/flaggor?manad=2026-10&sok=%C3%A5kare"
    assert officer.client.get(asked).headers["location"] == f"/logga-in?till={quote(asked)}"
    assert html.escape(asked) in officer.client.get("/logga-in", params={"till": asked}).text


@pytest.mark.parametrize(
    "way", [{"kvar": "a=1", "kvar_till": "//evil.example"}, {"kvar": "&".join(["a=1"] * 3000), "kvar_till": "/x"}]
)
def test_a_carried_form_that_is_not_ours_is_dropped(world, way):
    with_password(world, "officer")
    client = world.as_("officer").client
    client.cookies.clear()
    assert client.post("/logga-in", data=way | {"login": "officer", "password": PASSWORD}).status_code == 303


def test_with_the_municipalitys_sign_in_the_form_waits_beside_a_new_tab(world, app, path):  # noqa: F811
    late = browser(app).post(f"{path}/utfall", data=CLAIM | {"note": NOTE, "version": "0"})
    assert (late.status_code, 'target="_blank"' in late.text) == (401, True)
    assert fields(late.text) == CLAIM | {"note": NOTE, "version": "0", "csrf": ""}


def test_in_a_browser_the_text_stays_and_one_press_saves_it(live, path, first):
    with_password(live.world, "officer")
    page = live.page
    page.goto(path)
    page.check("input[value=error_no_recovery]")
    page.fill("textarea[name=note]", NOTE)
    page.fill("input[name=error_sek]", "1 200")
    page.select_option("select[name=cause]", "provider")
    live.world.clock.at = LATE
    page.get_by_role("button", name="Spara", exact=True).click()
    expect(page.locator("#problem")).to_contain_text("är inte sparat än")
    assert page.locator("textarea").input_value() == NOTE
    assert axe(page) == []
    page.fill("#login", "officer")
    page.fill("#password", PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Inte sparat än")
    assert axe(page) == []
    page.click("#save-now")
    expect(page.locator("h1")).to_have_text(first.payee_name)
    assert outcomes(live.world) == [("error_no_recovery", NOTE, live.world.ids["officer"])]
