"""What a pause does: which payments it sets aside, where that shows, and when it ends; the control arm never is."""

import io
import re

import openpyxl
import pytest

from review.web.ask import payment_path
from review.work import pauses, walk
from review.work.states import local_date
from tests.review.case_tools import does, person


def pause(world, ref, code, until="2027-01-31", login="officer"):
    form = {"indicator": code, "until": until, "note": "Utrett."}
    return does(world, login, pauses.pause, ref, form, {code})


def aside(world, shelf):
    with world.store.read() as connection:
        return pauses.paused_payments(connection, shelf, local_date(world.clock()))


@pytest.fixture
def shelf(world):
    return world.app.state.library.shelf()


@pytest.fixture
def several(shelf):
    """A listed payment with more than one reason, whose payee has no payment that only the first would hold."""
    return next(row for row in shelf.ask("SELECT * FROM listed WHERE arm = 'risk'") if len(row["codes"].split()) > 1)


def test_a_payment_is_set_aside_when_every_reason_is_paused_and_until_the_first_ends(world, shelf, several):
    first, *others = several["codes"].split()
    pause(world, several["payee_ref"], first, "2027-01-31")
    assert several["payment_id"] not in aside(world, shelf)
    for code in others:
        pause(world, several["payee_ref"], code, "2026-12-15")
    assert aside(world, shelf)[several["payment_id"]].until == "2026-12-15"
    world.clock.at = "2026-12-15T20:00:00Z"
    assert several["payment_id"] in aside(world, shelf)
    world.clock.at = "2026-12-16T09:00:00Z"
    assert several["payment_id"] not in aside(world, shelf)


def test_all_indicators_pause_every_listed_payment_of_the_payee_but_those_drawn_by_lot(world, shelf):
    drawn = shelf.one("SELECT * FROM listed WHERE arm = 'random' ORDER BY place LIMIT 1")
    for ref in {drawn["payee_ref"], shelf.one("SELECT payee_ref FROM listed ORDER BY place")["payee_ref"]}:
        pause(world, ref, pauses.ALL)
        own = shelf.ask("SELECT payment_id, arm FROM listed WHERE payee_ref = ?", (ref,))
        found = aside(world, shelf)
        assert {row["payment_id"] for row in own if row["arm"] == "risk"} <= found.keys()
        assert not {row["payment_id"] for row in own if row["arm"] == "random"} & found.keys()


def test_what_is_paused_is_not_handed_out_and_the_queue_says_how_many(world, shelf, first):
    everything = shelf.one("SELECT count(*) n FROM listed")["n"]
    before = world.as_("officer").get("/").text
    assert f"<dt>Ingen har tagit</dt><dd>{everything}</dd>" in before
    assert 'id="paused-line"' not in before
    pause(world, first.payee_ref, pauses.ALL)
    count = len(aside(world, shelf))
    assert count
    text = world.as_("officer").get("/").text
    assert f"<dt>Ingen har tagit</dt><dd>{everything - count}</dd>" in text
    assert re.search(rf'id="paused-line"><a href="/flaggor\?paus=ja">{count}\u00a0pausad', text)
    taken = [does(world, "officer", walk.take_next, shelf) for _ in range(everything - count + 1)]
    assert taken[-1] is None
    assert first.payment_id not in {item.payment_id for item in taken[:-1]}
    world.clock.at = "2027-02-01T09:00:00Z"
    assert does(world, "officer", walk.take_next, shelf).payment_id == first.payment_id


def test_the_list_marks_counts_and_filters_them_and_so_does_the_workbook(world, shelf, first):
    officer = world.as_("officer")
    assert "Pausad" not in officer.get("/flaggor").text.replace("Bara pausade", "")
    pause(world, first.payee_ref, pauses.ALL)
    held = aside(world, shelf)
    everything = shelf.one("SELECT count(*) n FROM listed")["n"]
    text = officer.get("/flaggor").text
    assert text.count('<span class="tag">Pausad</span> till 2027-01-31') == len(held)
    assert 'id="paused" href="/flaggor?paus=ja"' in text
    for said, count in (("ja", len(held)), ("nej", everything - len(held)), ("kanske", everything)):
        shown = officer.get("/flaggor", paus=said).text
        assert len(re.findall(r'<tr role="row" data-row', shown)) == count, said
    book = openpyxl.load_workbook(io.BytesIO(officer.get("/flaggor.xlsx", paus="ja").content))
    cells = [str(cell.value) for row in book.worksheets[0].iter_rows() for cell in row]
    assert cells.count("Ny, pausad till 2027-01-31") == len(held)


def test_saving_goes_on_to_one_that_is_not_paused_and_the_payment_says_it_is(world, shelf, first):
    with world.store.read() as connection:
        row = shelf.one("SELECT * FROM listed WHERE payment_id = ?", (first.payment_id,))
        second = walk.next_open(connection, person(world, "officer"), shelf, row, "", world.clock())
    ref = shelf.one("SELECT payee_ref FROM listed WHERE payment_id = ?", (second,))["payee_ref"]
    pause(world, ref, pauses.ALL)
    with world.store.read() as connection:
        after = walk.next_open(connection, person(world, "officer"), shelf, row, "", world.clock())
    assert after not in aside(world, shelf)
    assert after != second
    text = world.as_("officer").get(payment_path(shelf.month, second)).text
    assert "Pausad till och med 2027-01-31" in text
    assert "Pausad till" not in world.as_("officer").get(payment_path(shelf.month, after)).text


def test_an_ended_pause_sets_nothing_aside(world, shelf, first):
    number = pause(world, first.payee_ref, pauses.ALL)
    assert first.payment_id in aside(world, shelf)
    does(world, "officer", pauses.end, first.payee_ref, number, 1)
    assert aside(world, shelf) == {}
