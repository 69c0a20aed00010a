"""Signing in through a real OpenID Connect server on loopback, and behind a proxy that is believed from listed addresses."""

import dataclasses
import re
import warnings
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from fut.settings import Review
from review.pages.sign_in_outside import NO_ROLE
from review.store.schema import events, users
from review.web.app import create_app

with warnings.catch_warnings():
    import authlib.deprecate  # noqa: F401 - it asks for its warnings to be shown always

    warnings.simplefilter("ignore")  # the test server's own imports
    from oidc_provider_mock import User, run_server_in_thread

# the test server's own use of its library, within the server's threads
pytestmark = pytest.mark.filterwarnings("ignore:get_jwt_config", "ignore::authlib.deprecate.AuthlibDeprecationWarning")
KNOWN = (
    User(sub="anna", claims={"name": "Anna Prov", "email": "anna@prov.example", "roles": ["officer", "unknown"]}),
    User(sub="bo", claims={"name": "Bo Prov", "email": "bo@prov.example"}),
    User(sub="cia", claims={"name": "Cia Prov", "roles": []}),
)


@pytest.fixture(scope="module")
def issuer():
    """A real provider, as a process would be, with three people."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with run_server_in_thread(user_claims=KNOWN) as server:
            yield f"http://localhost:{server.server_port}"


@pytest.fixture
def app(world, issuer, monkeypatch):
    """The application in front of the provider."""
    monkeypatch.setenv("FUTVAKT_OIDC_SECRET", "of the tests")
    review = Review(sign_in="oidc", issuer=issuer, client_id="futvakt", address="http://127.0.0.1")
    return create_app(dataclasses.replace(world.settings, review=review), world.store)


def browser(app, client=("testclient", 50000)):
    return TestClient(app, base_url="http://127.0.0.1", follow_redirects=False, client=client)


def consent(client, sub, onward="/"):
    """Go to the provider as a browser does and come back with its answer's address."""
    away = client.get("/logga-in/kommunen", params={"till": onward})
    assert away.status_code == 303
    asked = parse_qs(urlsplit(away.headers["location"]).query)
    assert asked["code_challenge_method"] == ["S256"]
    answer = httpx2.post(away.headers["location"], data={"sub": sub})
    assert answer.status_code in (302, 303)
    return urlsplit(answer.headers["location"])


def kinds(world):
    with world.store.read() as connection:
        return list(connection.execute(select(events.c.kind).order_by(events.c.seq)).scalars())


def test_a_person_with_a_role_at_the_provider_comes_in_and_back_to_where_they_were_going(world, app):
    client = browser(app)
    assert 'href="/logga-in/kommunen' in client.get("/logga-in").text
    back = consent(client, "anna", "/flaggor")
    answer = client.get(f"{back.path}?{back.query}")
    assert (answer.status_code, answer.headers["location"]) == (303, "/flaggor")
    assert "Anna Prov" in client.get("/").text
    assert kinds(world)[-2:] == ["user.added", "sign_in.done"]
    with world.store.read() as connection:
        assert connection.execute(select(users.c.roles).where(users.c.name == "Anna Prov")).scalar_one() == "officer"
    again = client.get(f"{back.path}?{back.query}")
    assert again.status_code == 403


def test_whoever_has_no_role_yet_is_told_so_and_gets_an_account(world, app):
    for sub in ("bo", "cia"):
        client = browser(app)
        back = consent(client, sub)
        answer = client.get(f"{back.path}?{back.query}")
        assert answer.status_code == 403
        assert NO_ROLE in answer.text, re.findall("problem.*", answer.text)
        assert client.get("/").status_code == 303
    with world.store.read() as connection:
        assert connection.execute(select(users.c.roles).where(users.c.name == "Bo Prov")).scalar_one() == ""


def test_an_answer_that_this_browser_did_not_ask_for_is_refused(world, app):
    first, second = browser(app), browser(app)
    back = consent(first, "anna")
    assert second.get(f"{back.path}?{back.query}").status_code == 403
    assert first.get(f"{back.path}?code=guess&state={parse_qs(back.query)['state'][0]}").status_code == 403
    assert first.get(back.path).status_code == 403
    assert "sign_in.done" not in kinds(world)


def test_a_closed_account_stays_out(world, app):
    client = browser(app)
    back = consent(client, "anna")
    client.get(f"{back.path}?{back.query}")
    with world.store.write() as change:
        change.connection.execute(users.update().where(users.c.name == "Anna Prov").values(is_active=False))
    assert client.get("/").status_code == 303
    back = consent(client, "anna")
    assert "stängt" in client.get(f"{back.path}?{back.query}").text


def test_a_provider_that_does_not_answer_is_one_clear_sentence(world):
    review = Review(sign_in="oidc", issuer="http://127.0.0.1:9", client_id="futvakt")
    client = browser(create_app(dataclasses.replace(world.settings, review=review), world.store))
    answer = client.get("/logga-in/kommunen")
    assert (answer.status_code, "svarar inte" in answer.text) == (403, True)


def test_passwords_are_off_where_somebody_else_signs_in(app):
    client = browser(app)
    assert "password" not in client.get("/logga-in").text
    assert client.post("/logga-in", data={"login": "officer", "password": "x"}).status_code == 404


@pytest.fixture
def behind(world):
    """The application behind a proxy at one address."""
    review = Review(sign_in="proxy", proxies=("10.0.0.7",), address="https://fut.prov.example")
    return create_app(dataclasses.replace(world.settings, review=review), world.store)


def test_the_proxys_word_counts_from_its_own_address_alone(world, behind):
    with world.store.write() as change:
        mine = users.c.id == world.ids["officer"]
        change.connection.execute(users.update().where(mine).values(subject="proxy|officer"))
    said = {"X-Remote-User": "Officer"}
    right = browser(behind, ("10.0.0.7", 1)).get("/logga-in/kommunen", headers=said)
    assert right.status_code == 303
    assert right.headers["set-cookie"].startswith("__Host-futvakt=")
    assert "Secure" in right.headers["set-cookie"]
    for client, headers in ((("10.0.0.8", 1), said), (("10.0.0.7", 1), {}), (("10.0.0.7", 1), {"X-Remote-User": " "})):
        assert browser(behind, client).get("/logga-in/kommunen", headers=headers).status_code == 403


def test_only_known_host_names_are_answered(behind):
    client = browser(behind)
    assert client.get("/logga-in", headers={"Host": "evil.example"}).status_code == 400
    assert client.get("/static/app.css", headers={"Host": "fut.prov.example"}).status_code == 200


@pytest.mark.parametrize("headers", [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}])
def test_a_form_from_another_site_is_refused(world, headers):
    client = world.as_("officer").client
    csrf = world.as_("officer").csrf
    assert client.post("/logga-in", data={"login": "x", "password": "y"}, headers=headers).status_code == 403
    assert client.post("/logga-ut", data={"csrf": csrf}, headers=headers).status_code == 403
