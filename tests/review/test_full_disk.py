"""A database that takes no writes, as on a full disk: nobody is signed out, and nothing that was typed is lost."""

import logging
import threading

import pytest
from sqlalchemy import event, select

from fut.errors import StoreError
from review.exports import outcomes
from review.store.database import Store
from review.store.schema import decisions
from review.web.ask import payment_path
from tests.review.test_unsent import CLAIM, NOTE, fields


@pytest.fixture
def world(make_world, tmp_path):
    """An application whose database is a file."""
    return make_world(f"sqlite:///{tmp_path / 'own.sqlite'}")


def writable(world, answer):
    """Let the database take writes, or none."""
    switch = "OFF" if answer else "ON"

    def set_on(connection, _):
        connection.execute(f"PRAGMA query_only = {switch}")

    event.listen(world.store.engine, "connect", set_on)
    world.store.engine.dispose()


def test_a_form_that_cannot_be_saved_is_handed_back_and_saved_by_one_press_later(world, first, caplog):
    path = payment_path(first.shelf.month, first.payment_id)
    officer = world.as_("officer")
    writable(world, answer=False)
    world.clock.at = "2026-11-22T09:05:00Z"
    with caplog.at_level(logging.ERROR, "fut.review"):
        kept = officer.post(f"{path}/utfall", CLAIM | {"note": NOTE, "version": "0"})
    assert (kept.status_code, "Inget är sparat än" in kept.text, NOTE.partition("<")[0] in kept.text) == (
        503,
        True,
        True,
    )
    assert [record.getMessage() for record in caplog.records] == [
        "decisions database: cannot be used now (SQLITE_READONLY)"
    ]
    writable(world, answer=True)
    assert officer.client.post(f"{path}/utfall", data=fields(kept.text)).status_code == 303
    with world.store.read() as connection:
        assert [row.note for row in connection.execute(select(decisions))] == [NOTE]


def test_a_page_whose_reading_cannot_be_logged_says_why_and_shows_no_row(world, first):
    officer = world.as_("officer")
    writable(world, answer=False)
    answer = officer.get(payment_path(first.shelf.month, first.payment_id))
    assert (answer.status_code, "Beslutsdatabasen kan inte användas just nu" in answer.text) == (503, True)
    assert first.payee_name not in answer.text


def test_outcomes_are_tried_again_when_the_database_was_away(world, tmp_path, monkeypatch):
    tried = []

    def export(store, inbox):
        tried.append(inbox)
        with store.write() as change:
            change.record("outcomes.exported", "outcomes", rows=0, head_seq=0, head_hash="")

    monkeypatch.setattr(outcomes, "export", export)
    monkeypatch.setattr(outcomes, "EVERY_SECONDS", 0)
    writable(world, answer=False)

    class Twice(threading.Event):
        def wait(self, timeout=None):
            return len(tried) == 2

    outcomes.keep_exported(world.store, tmp_path, Twice())
    assert len(tried) == 2


def test_a_database_that_cannot_be_made_tells_the_database_s_own_code(tmp_path):
    store = Store(f"sqlite:///{tmp_path}")
    with pytest.raises(StoreError, match=r"^decisions database: cannot be opened \(SQLITE_CANTOPEN\)$"):
        store.migrate()
