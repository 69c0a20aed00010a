"""A payment opened from a narrowed or sorted list is walked from in that list's order, forward and back."""

import html
import re
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from review.store.schema import items
from review.web.ask import payment_path
from review.work import listing, walk
from review.work.wanted import NARROWING, ORDERS, Wanted
from tests.review.case_tools import person
from tests.review.test_payment_page import EXPLAINED


@pytest.fixture
def shelf(world):
    return world.app.state.library.shelf()


def narrowed(world, shelf, trail):
    """Return the ids of the list that a trail names, in its order."""
    with world.store.read() as connection:
        wanted = Wanted.of_trail(trail)
        return [row["payment_id"] for row in listing.every(shelf, connection, person(world, "officer"), wanted)]


def beside(world, shelf, payment_id, trail):
    row = shelf.one("SELECT * FROM listed WHERE payment_id = ?", (payment_id,))
    with world.store.read() as connection:
        return walk.neighbours(connection, person(world, "officer"), shelf, row, trail, ())


@pytest.mark.parametrize("name", [way + name for name in ORDERS for way in ("", "-")])
def test_one_walks_through_every_order_both_ways(world, shelf, name):
    trail = Wanted(sort=name, status="kvar").trail
    ids = narrowed(world, shelf, trail)
    assert len(ids) > 8
    for before, own, after in zip([None, *ids], ids, [*ids[1:], None], strict=False):
        assert beside(world, shelf, own, trail) == (before, after), own


def test_the_plain_list_keeps_the_control_arm_apart(world, shelf):
    drawn = [
        row["payment_id"] for row in shelf.ask("SELECT payment_id FROM listed WHERE arm = 'random' ORDER BY place")
    ]
    risk = [row["payment_id"] for row in shelf.ask("SELECT payment_id FROM listed WHERE arm = 'risk' ORDER BY place")]
    assert beside(world, shelf, risk[-1], "") == (risk[-2], None)
    assert beside(world, shelf, drawn[0], "")[0] is None


def test_links_from_the_list_carry_it_and_the_page_leads_on_and_back(world, shelf):
    officer = world.as_("officer")
    page = officer.get("/flaggor", sortera="belopp", urval="risk").text
    links = [html.unescape(one) for one in re.findall(r'href="(/betalning/[^"]+)"', page)]
    ids = narrowed(world, shelf, "urval=risk&sortera=belopp")
    assert [unquote(urlsplit(link).path.rsplit("/", 1)[1]) for link in links] == ids
    assert parse_qs(urlsplit(links[1]).query) == {"lista": ["urval=risk&sortera=belopp"]}
    text = officer.get(links[1]).text
    for rel, other in (("prev", links[0]), ("next", links[2])):
        found = re.search(rf'href="([^"]+)" rel="{rel}"', text)
        assert html.unescape(found[1]) == other
    assert f'href="/flaggor?manad={shelf.month}&amp;urval=risk&amp;sortera=belopp"' in text
    assert "lista=" not in officer.get("/flaggor").text


def test_saving_goes_on_in_the_list_and_says_when_it_is_through(world, shelf):
    officer, trail = world.as_("officer"), "urval=risk&sortera=belopp"
    ids = narrowed(world, shelf, trail)
    sent = EXPLAINED | {"lista": trail}
    for own, after in zip(ids, [*ids[1:], None], strict=True):
        answer = officer.post(payment_path(shelf.month, own) + "/utfall", sent)
        if after:
            assert answer.headers["location"] == payment_path(shelf.month, after, trail)
        else:
            assert answer.headers["location"] == f"/flaggor?manad={shelf.month}&{trail}"
    assert "Inga fler att avgöra i urvalet." in officer.get("/flaggor").text


def test_a_payment_that_its_own_filter_no_longer_holds_still_has_neighbours(world, shelf):
    ids = narrowed(world, shelf, "status=new")
    officer = world.as_("officer")
    officer.post(payment_path(shelf.month, ids[1]) + "/ta", {"version": "0"})
    assert beside(world, shelf, ids[1], "status=new") == (ids[0], ids[2])


def test_a_trail_is_untrusted(world, first):
    officer = world.as_("officer")
    path = payment_path(first.shelf.month, first.payment_id)
    for trail in ("x=1", "sortera=drop table", "fran=abc", "%00", "a" * 9000, "&" * 500, "sok=<script>", "\u202e"):
        answer = officer.get(path, lista=trail)
        assert answer.status_code == 200, trail
        assert "<script>alert" not in answer.text
    assert Wanted.of_trail("manad=2020-01&sida=4&okänt=1").trail == ""
    assert set(NARROWING) >= {"sok", "paus"}


def test_a_judgement_that_came_second_survives_undoing_the_first(world, first):
    path = payment_path(first.shelf.month, first.payment_id)
    world.as_("officer2").post(path + "/utfall", EXPLAINED | {"then": "stay"})
    officer = world.as_("officer")
    mine = {"verdict": "error_recovery", "was_worth_looking": "yes", "error_sek": "77", "cause": "provider"}
    late = officer.post(path + "/utfall", mine | {"version": "0", "note": "Min text.", "then": "stay"})
    assert (late.status_code, "Min text.</textarea>" in late.text) == (409, True)
    assert "behåll det du skrev" in late.text
    without = officer.post(path + "/angra", mine | {"version": "1", "note": "Min text.", "undo_note": " "})
    assert (without.status_code, "Min text.</textarea>" in without.text) == (422, True)
    undone = officer.post(path + "/angra", mine | {"version": "1", "note": "Min text.", "undo_note": "Fel utfall."})
    assert undone.status_code == 200
    assert "Utfallet är ångrat. Det du skrev är kvar men inte sparat." in undone.text
    assert "Min text.</textarea>" in undone.text
    assert 'value="77"' in undone.text
    with world.store.read() as connection:
        assert connection.execute(items.select()).one().status == "open"
    saved = officer.post(path + "/utfall", mine | {"version": "2", "note": "Min text.", "then": "stay"})
    assert saved.status_code == 303


def test_the_reason_for_undoing_is_kept_when_somebody_else_has_undone(world, first):
    path = payment_path(first.shelf.month, first.payment_id)
    officer = world.as_("officer")
    officer.post(path + "/utfall", EXPLAINED | {"then": "stay"})
    world.as_("officer2").post(path + "/angra", {"version": "1", "undo_note": "Jag var först."})
    late = officer.post(path + "/angra", {"version": "1", "undo_note": "Min långa förklaring."})
    assert late.status_code == 409
    assert "Min långa förklaring.</textarea>" in late.text
