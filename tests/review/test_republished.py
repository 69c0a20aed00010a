"""A month published again: every decision stays with its payment, also when the payment is no longer listed."""

import polars as pl
import pytest
from sqlalchemy import select

from review.store.schema import decisions, items
from review.web.ask import payment_path
from tests.review.conftest import MONTHS, publish

MONTH = MONTHS[1]
EXPLAINED = {"verdict": "explained", "was_worth_looking": "yes", "version": "0", "then": "stay"}


@pytest.fixture
def own(make_world, own_var):
    return make_world(var=own_var)


def first_of(world):
    return world.app.state.library.shelf(MONTH).one("SELECT * FROM listed ORDER BY place LIMIT 1")


def without(folder, payment_id):
    """Take a payment off a published list."""
    path = folder / "ranked_payments.parquet"
    pl.read_parquet(path).filter(pl.col("payment_id") != payment_id).write_parquet(path)


def test_a_new_run_keeps_every_decision(own, own_var):
    browser, shelf = own.as_("officer"), own.app.state.library.shelf(MONTH)
    ids = [row["payment_id"] for row in shelf.ask("SELECT payment_id FROM listed ORDER BY place")]
    for payment_id in ids[::2]:
        assert browser.post(payment_path(MONTH, payment_id) + "/utfall", EXPLAINED).status_code == 303
    publish(own_var, MONTH, "r-77aa01")
    assert own.app.state.library.shelf(MONTH).run_id == "r-77aa01"
    for place, payment_id in enumerate(ids):
        text = browser.get(payment_path(MONTH, payment_id)).text
        assert ('id="older-run"' in text) == (place % 2 == 0)
        assert ("Avgjord" in text) == (place % 2 == 0)
    with own.store.read() as connection:
        assert {row.run_id for row in connection.execute(select(decisions))} == {"r-5f2c91"}
    again = browser.post(payment_path(MONTH, ids[0]) + "/utfall", EXPLAINED | {"version": "1"})
    assert again.status_code == 409


def test_a_decided_payment_that_left_the_list_is_reached_and_says_so(own, own_var):
    browser, row = own.as_("officer"), first_of(own)
    path = payment_path(MONTH, row["payment_id"])
    browser.post(path + "/utfall", EXPLAINED)
    without(publish(own_var, MONTH, "r-77aa01"), row["payment_id"])
    answer = browser.get(path)
    assert answer.status_code == 200
    assert "finns inte kvar på månadens lista" in answer.text
    assert "Förklarad" in answer.text
    assert browser.post(path + "/angra", {"version": "1", "undo_note": "Ny körning."}).status_code == 303
    assert browser.post(path + "/anteckning", {"version": "2", "text": "Kvar."}).status_code == 303
    claim = {"verdict": "error_no_recovery", "error_sek": "5", "cause": "system", "note": "Fel.", "version": "2"}
    assert browser.post(path + "/utfall", EXPLAINED | claim).status_code == 303
    with own.store.read() as connection:
        assert [d.run_id for d in connection.execute(select(decisions).order_by(decisions.c.id))] == [
            "r-5f2c91",
            "r-77aa01",
        ]


def test_an_untouched_payment_that_left_the_list_is_gone(own, own_var):
    browser, row = own.as_("officer"), first_of(own)
    without(publish(own_var, MONTH, "r-77aa01"), row["payment_id"])
    path = payment_path(MONTH, row["payment_id"])
    assert browser.get(path).status_code == 404
    assert browser.post(path + "/utfall", EXPLAINED).status_code == 404
    with own.store.read() as connection:
        assert connection.execute(select(items)).all() == []


def test_a_blind_payment_that_left_the_list_stays_blind(own, own_var):
    shelf = own.app.state.library.shelf(MONTH)
    row = shelf.one("SELECT * FROM listed WHERE arm = 'random'")
    path, browser = payment_path(MONTH, row["payment_id"]), own.as_("officer")
    browser.post(path + "/ta", {"version": "0"})
    without(publish(own_var, MONTH, "r-77aa01"), row["payment_id"])
    text = browser.get(path).text
    assert "finns inte kvar" in text
    assert "Tidigare utfall" not in text
