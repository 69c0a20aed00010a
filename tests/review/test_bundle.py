"""What officers do with the payments of one bundle at once, and what is never done to them by the way."""

import re
from collections import Counter

import polars as pl
import pytest
from sqlalchemy import select

from review.store.schema import decisions, items
from review.web.ask import payment_path
from review.work import around
from review.work import items as work
from tests.review.case_tools import does, opened
from tests.review.conftest import MONTHS, publish

MONTH = MONTHS[-1]
EXPLAINED = {"verdict": "explained", "was_worth_looking": "no", "note": "Årets hyra.", "then": "stay", "version": "0"}
CLAIM = {"verdict": "error_recovery", "error_sek": "10", "cause": "provider", "was_worth_looking": "yes"}


@pytest.fixture
def bundled(own_var, make_world):
    """A world, the payments of its largest bundle by rank, and one drawn by lot that is of the same bundle."""
    path = publish(own_var, MONTH, "r-bundle", listed=60, control=1) / "ranked_payments.parquet"
    ranked = pl.read_parquet(path)
    rows = ranked.to_dicts()
    sizes = Counter(row["bundle_id"] for row in rows if row["arm"] == "risk")
    own = sorted((row for row in rows if row["bundle_id"] == max(sizes, key=sizes.get)), key=lambda row: row["rank"])
    assert len(own) >= 4
    (drawn,) = (row for row in rows if row["arm"] == "random")
    drawn |= {name: own[0][name] for name in ("bundle_id", "payee_ref", "payee_name")}
    own[-1]["reasons"] = own[0]["reasons"]
    pl.DataFrame(rows, ranked.schema).write_parquet(path)
    world = make_world(var=own_var)
    return world, world.app.state.library.shelf(), [row["payment_id"] for row in own], drawn["payment_id"]


def boxes(text):
    """Return {payment id: "checked", "disabled" or ""} of the bundle's boxes."""
    found = re.findall(
        r'name="vald" value="\d+:([^"]+)" aria-label="[^"]*"( checked| disabled|)>', text.replace(' class="alike"', "")
    )
    return {key: state.strip() for key, state in found}


def rows(world, table):
    with world.store.read() as connection:
        return list(connection.execute(select(table).order_by(table.c.id)))


def status(world, shelf, key):
    with world.store.read() as connection:
        return work.item_of(connection, shelf, key).status


def test_the_page_offers_the_others_of_the_list_and_none_that_was_drawn_by_lot(bundled):
    world, _, (first, second, third, *rest), drawn = bundled
    does(world, "officer2", work.take, bundled[1], second, 0)
    world.as_("officer").post(payment_path(MONTH, third) + "/utfall", EXPLAINED)
    seen = boxes(world.as_("officer").get(payment_path(MONTH, first)).text)
    assert seen == {second: "", third: "disabled"} | dict.fromkeys(rest, "")
    assert drawn not in seen
    assert boxes(world.as_("officer").get(payment_path(MONTH, drawn)).text) == {}
    assert boxes(world.as_("auditor").get(payment_path(MONTH, first)).text) == {}


def test_nothing_is_marked_beforehand_and_those_listed_for_the_same_reasons_say_so(bundled):
    world, shelf, (first, *others), _ = bundled
    reasons = {
        row["payment_id"]: set(row["codes"].split()) for row in shelf.ask("SELECT payment_id, codes FROM listed")
    }
    browser, path = world.as_("officer"), payment_path(MONTH, first)
    assert set(boxes(browser.get(path).text).values()) == {""}
    browser.post(path + "/utfall", EXPLAINED)
    page = browser.get(path).text
    assert set(boxes(page).values()) == {""}
    alike = set(re.findall(r'name="vald" class="alike" value="\d+:([^"]+)"', page))
    assert alike == {key for key in others if reasons[key] == reasons[first]}
    assert page.count("samma skäl</span>") == len(alike) > 0
    assert "Markera alla med samma skäl" in page
    browser.post(path + "/bunt-utfall", {"vald": [f"0:{key}" for key in alike]})
    assert 'data-all="vald"' not in browser.get(path).text  # others are open, none for the same reasons


def test_several_on_one_invoice_are_told_by_their_ids(bundled):
    world, shelf, (first, second, *_), _ = bundled
    row = shelf.one("SELECT * FROM listed WHERE payment_id = ?", (first,))
    with world.store.read() as connection:
        apart = around.bundle(connection, shelf, row)[0]
        number = apart["invoice_no"]
        together = around.bundle(connection, shelf, row | {"invoice_no": number})[0]
    assert (number, apart["name"], together["name"]) == (number, number or second, second)


def test_taking_takes_the_payment_and_the_marked_and_leaves_what_is_a_colleagues(bundled):
    world, shelf, (first, second, third, fourth, *_), _ = bundled
    does(world, "officer2", work.take, shelf, second, 0)
    browser = world.as_("officer")
    sent = browser.post(payment_path(MONTH, first) + "/bunt-ta", {"vald": [f"1:{second}", f"0:{third}"]})
    assert (sent.status_code, sent.headers["location"]) == (303, payment_path(MONTH, first))
    told = browser.get(sent.headers["location"]).text
    assert "2\xa0betalningar är dina nu. 1\xa0betalning lämnades" in told
    mine = {row.payment_id for row in rows(world, items) if row.assigned_to == world.ids["officer"]}
    assert mine == {first, third}
    assert status(world, shelf, fourth) == "new"


def test_a_case_is_opened_with_all_and_others_are_added_to_it(bundled):
    world, _, (first, second, third, *_), _ = bundled
    browser, path = world.as_("officer"), payment_path(MONTH, first)
    sent = browser.post(path + "/bunt-arende", {"vald": [f"0:{second}"]})
    case_path = sent.headers["location"]
    assert {row.payment_id for row in rows(world, items) if row.case_id} == {first, second}
    again = browser.post(path + "/bunt-arende", {"vald": [f"1:{second}", f"0:{third}"]})
    assert again.headers["location"] == case_path
    assert {row.payment_id for row in rows(world, items) if row.case_id} == {first, second, third}
    assert "1\xa0betalning ligger nu" in browser.get(case_path).text


def test_a_payment_in_another_case_stops_the_whole_act_and_the_page_says_which(bundled):
    world, shelf, (first, second, third, *_), _ = bundled
    payee = shelf.one("SELECT payee_ref FROM listed WHERE payment_id = ?", (third,))["payee_ref"]
    number = opened(world, shelf, third, payee, "officer2")
    sent = world.as_("officer").post(
        payment_path(MONTH, first) + "/bunt-arende", {"vald": [f"0:{second}", f"1:{third}"]}
    )
    assert sent.status_code == 409
    assert f"Betalningen ingår redan i ärende {number}." in sent.text
    assert {row.payment_id for row in rows(world, items) if row.case_id} == {third}


def test_an_outcome_without_error_goes_for_the_marked_and_says_where_it_comes_from(bundled):
    world, shelf, (first, second, third, fourth, *_), _ = bundled
    browser, path = world.as_("officer"), payment_path(MONTH, first)
    assert "Samma utfall för markerade" not in browser.get(path).text
    browser.post(path + "/utfall", EXPLAINED)
    assert "Samma utfall för markerade: Förklarad" in browser.get(path).text
    sent = browser.post(path + "/bunt-utfall", {"vald": [f"0:{second}", f"0:{third}"]})
    assert sent.status_code == 303
    made = rows(world, decisions)
    assert [(d.verdict, d.was_worth_looking, d.state, d.error_ore, d.spent_minutes) for d in made] == [
        ("explained", False, "final", None, None)
    ] * 3
    number = shelf.one("SELECT invoice_no FROM listed WHERE payment_id = ?", (first,))["invoice_no"] or first
    assert {d.note for d in made[1:]} == {f"Årets hyra.\nSamma utfall som betalning {number} i bunten."}
    assert [status(world, shelf, key) for key in (second, third, fourth)] == ["decided", "decided", "new"]


def test_a_bundle_that_is_decided_whole_offers_no_outcome_to_share(bundled):
    world, _, (first, *others), _ = bundled
    browser, path = world.as_("officer"), payment_path(MONTH, first)
    browser.post(path + "/utfall", EXPLAINED)
    browser.post(path + "/bunt-utfall", {"vald": [f"0:{key}" for key in others]})
    page = browser.get(path)
    assert (page.status_code, set(boxes(page.text).values())) == (200, {"disabled"})
    assert 'data-all="vald"' not in page.text
    assert "Samma utfall för markerade" not in page.text


@pytest.mark.parametrize(
    ("marked", "said"),
    [
        (["1:{second}"], "Prov Officer2"),  # a colleague was there since the page was shown
        (["0:{other}"], "hör inte till bunten"),
        (["0:{drawn}"], "hör inte till bunten"),
        ([], "Markera minst en betalning först."),
    ],
)
def test_what_may_not_be_decided_alike_stops_the_whole_act(bundled, marked, said):
    world, shelf, (first, second, third, *_), drawn = bundled
    other = shelf.one("SELECT payment_id FROM listed WHERE bundle_id <> (SELECT bundle_id FROM listed WHERE payment_id = ?)"
                      " ORDER BY place", (first,))["payment_id"]  # fmt: skip
    browser, path = world.as_("officer"), payment_path(MONTH, first)
    browser.post(path + "/utfall", EXPLAINED)
    does(world, "officer2", work.take, shelf, second, 0)
    does(world, "officer2", work.release, shelf, second, 1)
    vald = [text.format(second=second, other=other, drawn=drawn) for text in marked]
    sent = browser.post(path + "/bunt-utfall", {"vald": [f"0:{third}", *vald] if vald else []})
    assert sent.status_code in (409, 422)
    assert len(rows(world, decisions)) == 1
    assert said in sent.text


@pytest.mark.parametrize(
    "form", [CLAIM | {"note": "Dubbelt."}, CLAIM | {"verdict": "error_no_recovery", "note": "X"}, None]
)
def test_an_outcome_with_an_error_and_none_at_all_are_not_shared(bundled, form):
    world, _, (first, second, *_), _ = bundled
    browser, path = world.as_("officer"), payment_path(MONTH, first)
    if form:
        browser.post(path + "/utfall", form | {"version": "0", "then": "stay"})
    assert "Samma utfall för markerade" not in browser.get(path).text
    sent = browser.post(path + "/bunt-utfall", {"vald": [f"0:{second}"]})
    assert sent.status_code == 409
    assert "Bara ett utfall utan fel" in sent.text
    assert len(rows(world, decisions)) == (1 if form else 0)


def test_a_mark_that_no_page_made_and_an_address_loaded_anew_are_answered(bundled):
    world, _, (first, *_), _ = bundled
    browser, path = world.as_("officer"), payment_path(MONTH, first)
    assert browser.post(path + "/bunt-ta", {"vald": "tolv"}).status_code == 404
    for act in ("ta", "arende", "utfall"):
        assert browser.get(f"{path}/bunt-{act}").headers["location"] == path
        assert world.as_("auditor").post(f"{path}/bunt-{act}", {"vald": []}).status_code == 403
