"""Signing in, the form token, rights, headers and the pages one sees when something is wrong."""

import pytest

from review.access.passwords import hash_password
from review.store.schema import users

PASSWORD = "ett långt lösenord"


@pytest.fixture
def with_password(world):
    with world.store.write() as change:
        mine = users.c.id == world.ids["officer"]
        change.connection.execute(users.update().where(mine).values(password_hash=hash_password(PASSWORD)))
    return world


def visitor(world):
    browser = world.as_("officer")
    browser.client.cookies.clear()
    return browser.client


def test_who_is_not_signed_in_is_sent_to_the_form_and_back(with_password):
    client = visitor(with_password)
    sent = client.get("/")
    assert (sent.status_code, sent.headers["location"]) == (303, "/logga-in?till=/")
    assert "Logga in" in client.get("/logga-in").text
    wrong = client.post("/logga-in", data={"login": "officer", "password": "fel"})
    assert (wrong.status_code, "Fel användarnamn" in wrong.text) == (422, True)
    right = client.post("/logga-in", data={"login": "OFFICER ", "password": PASSWORD, "till": "//evil.example"})
    assert (right.status_code, right.headers["location"]) == (303, "/")
    assert "Min kö" in client.get("/").text


def test_eight_failures_bar_a_login_for_a_while(with_password):
    client = visitor(with_password)
    codes = [client.post("/logga-in", data={"login": "officer", "password": "fel"}).status_code for _ in range(9)]
    assert codes == [422] * 8 + [429]
    assert client.post("/logga-in", data={"login": "officer", "password": PASSWORD}).status_code == 429
    with_password.clock.at = "2026-11-22T09:16:00Z"
    assert client.post("/logga-in", data={"login": "officer", "password": PASSWORD}).status_code == 303


def test_a_form_without_its_token_changes_nothing(world):
    browser = world.as_("officer")
    assert browser.client.post("/logga-ut", data={"csrf": "guess"}).status_code == 403
    assert browser.get("/").status_code == 200
    assert browser.post("/logga-ut").status_code == 303
    assert browser.get("/").status_code == 303


def test_a_session_ends_after_half_an_hour_of_nothing(world):
    browser = world.as_("officer")
    world.clock.at = "2026-11-22T09:29:00Z"
    assert browser.get("/").status_code == 200
    world.clock.at = "2026-11-22T10:00:01Z"
    assert browser.get("/").status_code == 303


def test_every_answer_carries_the_policy(world):
    browser = world.as_("officer")
    for path in ("/", "/finns-inte", "/static/app.css"):
        answer = browser.get(path)
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert answer.headers["x-content-type-options"] == "nosniff"
    assert browser.get("/finns-inte").status_code == 404
