"""One's own password: the old one asked, wrong ones counted, other sessions ended, the act in the log and no secret."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from review.access import rate
from review.access.passwords import hash_password, is_right
from review.store.entrance import sessions
from review.store.schema import events, users
from review.web.app import create_app

OLD, NEW = "ett gammalt lösenord", "ett nytt lösenord med å"
FORM = {"old": OLD, "new": NEW, "again": NEW}
HASH = hash_password(OLD)  # argon2 takes its time


@pytest.fixture
def officer(world):
    with world.store.write() as change:
        change.connection.execute(
            users.update().where(users.c.id == world.ids["officer"]).values(password_hash=HASH, version=5)
        )
    return world.as_("officer")


def told(world):
    with world.store.read() as connection:
        rows = connection.execute(select(events).order_by(events.c.seq)).all()
    return [row for row in rows if row.kind.startswith("user.password")]


def own(world):
    with world.store.read() as connection:
        return connection.execute(select(users).where(users.c.id == world.ids["officer"])).one()


def test_a_changed_password_ends_other_sessions_and_is_logged_without_it(world, officer):
    other, colleague = world.as_("officer"), world.as_("lead")
    assert "/losenord" in officer.get("/").text
    answer = officer.post("/losenord", FORM)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert (is_right(own(world).password_hash, NEW), is_right(own(world).password_hash, OLD)) == (True, False)
    assert own(world).version == 6
    assert "Lösenordet är bytt." in officer.get("/").text  # goes on, under a new token
    assert other.get("/").status_code == 303
    assert colleague.get("/").status_code == 200
    (event,) = told(world)
    assert (event.kind, event.actor, event.subject) == (
        "user.password",
        world.ids["officer"],
        f"user:{world.ids['officer']}",
    )
    assert NEW not in event.payload + event.subject
    assert OLD not in event.payload


def test_a_wrong_old_password_is_refused_counted_and_barred(world, officer):
    for _ in range(rate.MOST):
        answer = officer.post("/losenord", FORM | {"old": "fel"})
        assert answer.status_code == 422
        assert 'id="password-old-wrong"' in answer.text
    barred = officer.post("/losenord", FORM)
    assert (barred.status_code, "För många försök" in barred.text) == (429, True)
    assert own(world).password_hash == HASH
    assert [event.kind for event in told(world)] == ["user.password_refused"] * rate.MOST
    world.clock.at = "2026-11-22T09:20:00Z"
    assert officer.post("/losenord", FORM).status_code == 303


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"new": "kort", "again": "kort"}, "new"),
        ({"new": "x" * 1001, "again": "x" * 1001}, "new"),
        ({"new": OLD, "again": OLD}, "new"),
        ({"again": NEW + "."}, "again"),
        ({"old": ""}, "old"),
    ],
)
def test_a_form_names_what_is_wrong_and_repeats_no_password(world, officer, form, field):
    answer = officer.post("/losenord", FORM | form)
    assert answer.status_code == 422
    assert f'id="password-{field}-wrong"' in answer.text
    assert NEW not in answer.text
    assert OLD not in answer.text
    assert own(world).password_hash == HASH
    with world.store.read() as connection:
        assert connection.execute(select(sessions)).first() is not None


def test_who_signs_in_elsewhere_has_no_password_to_change(world, officer):
    assert world.as_("lead").get("/losenord").status_code == 404  # an account without one
    settings = replace(world.settings, review=replace(world.settings.review, sign_in="proxy"))
    elsewhere = replace(world, app=create_app(settings, world.store)).as_("officer")
    assert elsewhere.get("/losenord").status_code == 404
    assert elsewhere.post("/losenord", FORM).status_code == 404
    assert "/losenord" not in elsewhere.get("/").text
    assert own(world).password_hash == HASH
