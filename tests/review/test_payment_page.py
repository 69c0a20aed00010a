"""A payment's page over HTTP: what it shows to whom, what its forms do, and what a refused form answers."""

import html
import re

import polars as pl
import pytest
from sqlalchemy import select

from review.store.schema import conflicts, decisions, events, items, notes
from review.web.ask import payment_path
from tests.review.conftest import publish

EXPLAINED = {"verdict": "explained", "was_worth_looking": "yes", "version": "0"}
CLAIM = {
    "verdict": "error_recovery",
    "was_worth_looking": "yes",
    "error_sek": "1 250,50",
    "cause": "provider",
    "note": "Två likadana fakturor.",
    "version": "0",
}


@pytest.fixture
def path(first):
    return payment_path(first.shelf.month, first.payment_id)


def rows(world, table):
    with world.store.read() as connection:
        return list(connection.execute(select(table).order_by(table.c[next(iter(table.c.keys()))])))


def field(text, name):
    """Return the values of the inputs of one name."""
    return [html.unescape(v) for v in re.findall(rf'name="{name}"[^>]*? value="([^"]*)"', text)]


def test_the_page_says_why_what_speaks_against_and_where_the_rows_stand(world, first, path):
    text = world.as_("officer").get(path).text
    for wanted in (
        "Varför den är på listan",
        "Talar emot",
        "Förklaringar att utesluta",
        "Gör så här",
        "Bedömd sannolikhet för fel",
        "leverantorsreskontra_2026-10.csv, rad",
        "Tidigare utfall för mottagaren",
    ):
        assert wanted in text
    code = first.codes.split()[0]
    assert f'<span class="tag">{code}</span>' in text
    assert field(text, "version")[0] == "0"


def test_reading_is_logged_with_the_reader(world, first, path):
    world.as_("auditor").get(path)
    (read,) = [e for e in rows(world, events) if e.kind == "read.payment"]
    assert (read.actor, read.subject) == (world.ids["auditor"], f"payment:{first.shelf.month}:{first.payment_id}")


@pytest.mark.parametrize(
    ("login", "status"), [("controller", 200), ("auditor", 200), ("engineer", 403), ("admin", 403)]
)
def test_who_may_not_work_sees_no_form(world, path, login, status):
    browser = world.as_(login)
    answer = browser.get(path)
    assert answer.status_code == status
    assert "/utfall" not in answer.text
    assert browser.post(path + "/utfall", EXPLAINED).status_code == 403
    assert rows(world, decisions) == []


@pytest.mark.parametrize("verdict", ["explained", "undecidable", "data_error"])
def test_one_click_decides_and_goes_on_to_the_next(world, first, path, verdict):
    browser = world.as_("officer")
    sent = browser.post(path + "/utfall", EXPLAINED | {"verdict": verdict, "error_sek": "99,00"})
    second = first.shelf.one("SELECT payment_id FROM listed WHERE place = 2")["payment_id"]
    assert (sent.status_code, sent.headers["location"]) == (303, payment_path(first.shelf.month, second))
    (row,) = rows(world, decisions)
    assert (row.verdict, row.state, row.error_ore) == (verdict, "final", None)
    assert "Sparat:" in browser.get(sent.headers["location"]).text


def test_the_next_one_is_nobody_elses_and_not_put_off(world, first, path):
    browser, other = world.as_("officer"), world.as_("officer2")
    second, third, fourth = [
        payment_path(first.shelf.month, r["payment_id"])
        for r in first.shelf.ask("SELECT payment_id FROM listed WHERE place IN (2, 3, 4) ORDER BY place")
    ]
    other.post(second + "/ta", {"version": "0"})
    browser.post(third + "/skjut-upp", {"version": "0", "status": "waiting", "on": "2026-12-01"})
    assert browser.post(path + "/utfall", EXPLAINED).headers["location"] == fourth
    stay = browser.post(fourth + "/utfall", EXPLAINED | {"then": "stay"})
    assert stay.headers["location"] == fourth


def test_a_claim_is_a_proposal_that_another_confirms_or_returns(world, path):
    browser, lead = world.as_("officer"), world.as_("lead")
    browser.post(path + "/utfall", CLAIM | {"then": "stay"})
    assert "Väntar på att en annan person" in browser.get(path).text
    text = lead.get(path).text
    (decision_id,) = field(text, "decision_id")
    form = {"decision_id": decision_id, "version": "1", "answer": "return", "second_note": " "}
    refused = lead.post(path + "/forslag", form)
    assert (refused.status_code, "Skriv varför förslaget återsänds." in refused.text) == (422, True)
    assert lead.post(path + "/forslag", form | {"answer": "confirm"}).status_code == 303
    (row,) = rows(world, decisions)
    assert (row.state, row.error_ore, row.confirmed_by) == ("final", 125050, world.ids["lead"])
    again = lead.post(path + "/forslag", form | {"answer": "confirm"})
    assert (again.status_code, "Prov Lead" in again.text) == (409, True)
    assert browser.post(path + "/angra", {"version": "2", "undo_note": "Fel."}).status_code == 409
    assert lead.post(path + "/angra", {"version": "2", "undo_note": "Fel."}).status_code == 303


def test_a_proposal_that_comes_back_is_told_and_filled_in_again(world, path):
    browser, lead = world.as_("officer"), world.as_("lead")
    browser.post(path + "/utfall", CLAIM)
    (decision_id,) = field(lead.get(path).text, "decision_id")
    form = {"decision_id": decision_id, "version": "1", "answer": "return", "second_note": "Fel belopp."}
    assert lead.post(path + "/forslag", form).status_code == 303
    text = browser.get(path).text
    assert "Prov Lead återsände förslaget" in text
    assert "Fel belopp" in text
    assert field(text, "error_sek") == ["1\xa0250,50"]
    assert "Två likadana fakturor.</textarea>" in text
    assert "Två likadana fakturor.</textarea>" not in world.as_("officer2").get(path).text
    assert browser.post(path + "/utfall", CLAIM | {"version": "2", "error_sek": "900"}).status_code == 303
    assert "återsände förslaget" not in browser.get(path).text


def test_what_is_missing_is_said_at_its_field_and_nothing_typed_is_lost(world, path):
    typed = CLAIM | {"cause": "", "error_sek": "mycket", "spent_minutes": "12", "note": "En <b>lång</b> text."}
    answer = world.as_("officer").post(path + "/utfall", typed)
    assert answer.status_code == 422
    for name in ("error", "cause"):
        ident = re.search(rf'id="({name}-\d+)"[^>]*aria-invalid="true" aria-describedby="([^"]+)"', answer.text)
        assert f'id="{ident[2]}"' in answer.text
    assert field(answer.text, "error_sek") == ["mycket"]
    assert field(answer.text, "spent_minutes") == ["12"]
    assert "En &lt;b&gt;lång&lt;/b&gt; text.</textarea>" in answer.text
    assert 'value="error_recovery" data-key="1" data-says="Fel med återkrav" data-then="error-1" checked' in answer.text
    assert rows(world, decisions) == []


def test_who_comes_second_keeps_the_text_and_gets_the_fresh_version(world, path):
    world.as_("officer2").post(path + "/ta", {"version": "0"})
    answer = world.as_("officer").post(path + "/utfall", CLAIM)
    assert answer.status_code == 409
    assert "Prov Officer2 hann före: tog betalningen" in answer.text
    assert "Två likadana fakturor.</textarea>" in answer.text
    assert set(field(answer.text, "version")) == {"1"}
    assert world.as_("officer").post(path + "/utfall", CLAIM | {"version": "1"}).status_code == 303


def test_a_decided_payment_is_not_decided_again(world, path):
    world.as_("officer2").post(path + "/utfall", EXPLAINED)
    late = world.as_("officer").post(path + "/utfall", CLAIM)
    assert (late.status_code, "avgjorde betalningen" in late.text) == (409, True)
    assert "Två likadana fakturor.</textarea>" in late.text
    again = world.as_("officer").post(path + "/utfall", CLAIM | {"version": "1"})
    assert (again.status_code, "redan bedömd" in again.text) == (409, True)
    assert world.as_("officer").post(path + "/ta", {"version": "1"}).status_code == 409
    assert len(rows(world, decisions)) == 1


def test_undoing_needs_a_reason_and_is_told_in_the_story(world, path):
    browser = world.as_("officer")
    browser.post(path + "/utfall", EXPLAINED)
    assert browser.post(path + "/angra", {"version": "1", "undo_note": ""}).status_code == 422
    assert browser.post(path + "/angra", {"version": "1", "undo_note": "Fel rad."}).status_code == 303
    text = browser.get(path).text
    assert "Ångrade utfall" in text
    assert "Fel rad" in text
    assert [row.state for row in rows(world, decisions)] == ["undone"]


def test_what_was_ruled_out_and_which_explanation_held_are_kept(world, path):
    browser = world.as_("officer")
    offered = field(browser.get(path).text, "ruled_out")
    assert len(offered) >= 2
    wrong = browser.post(path + "/utfall", EXPLAINED | {"explanation": "Påhittad"})
    assert (wrong.status_code, "Välj i listan." in wrong.text) == (422, True)
    form = EXPLAINED | {"explanation": offered[0], "ruled_out": [offered[1], "Påhittad"], "then": "stay"}
    assert browser.post(path + "/utfall", form).status_code == 303
    (row,) = rows(world, decisions)
    assert (row.explanation, offered[1] in row.ruled_out, "Påhittad" in row.ruled_out) == (offered[0], True, False)


def test_a_note_does_not_stand_in_a_colleagues_way(world, path):
    browser = world.as_("officer2")
    assert browser.post(path + "/anteckning", {"version": "0", "text": "  "}).status_code == 422
    assert browser.post(path + "/anteckning", {"version": "0", "text": "Ringt\nutföraren."}).status_code == 303
    assert "Ringt\nutföraren." in browser.get(path).text
    assert world.as_("officer").post(path + "/utfall", EXPLAINED).status_code == 303
    assert [row.text for row in rows(world, notes)] == ["Ringt\nutföraren."]


@pytest.mark.parametrize("on", ["", "2026-13-01", "2026-11-01", "snart"])
def test_putting_off_needs_a_day_to_come(world, path, on):
    answer = world.as_("officer").post(path + "/skjut-upp", {"version": "0", "status": "waiting", "on": on})
    assert answer.status_code == 422
    assert rows(world, items) == []


def test_who_has_an_interest_sees_nothing_and_decides_nothing(world, first, path):
    with world.store.write(world.ids["admin"]) as change:
        said = {"user_id": world.ids["officer"], "payee_ref": first.payee_ref, "note": "Släkt."}
        by = {"registered_by": world.ids["admin"], "registered_at": change.at}
        change.connection.execute(conflicts.insert().values(**said, **by))
    browser = world.as_("officer")
    seen = browser.get(path)
    assert (seen.status_code, "Underlag" in seen.text) == (403, False)
    assert browser.post(path + "/utfall", EXPLAINED).status_code == 403
    assert rows(world, decisions) == []


def test_addresses_that_lead_nowhere(world, first, path):
    browser = world.as_("officer")
    month = first.shelf.month
    assert browser.get(f"/betalning/{month}/finns-inte").status_code == 404
    assert browser.get(f"/betalning/1999-01/{first.payment_id}").status_code == 404
    assert browser.get(f"/betalning/{month}/..%2F..").status_code == 404
    back = browser.get(path + "/utfall")
    assert (back.status_code, back.headers["location"]) == (303, path)
    assert browser.post(path + "/utfall", EXPLAINED | {"version": "x"}).status_code == 404
    assert browser.post(path + "/finns-inte", EXPLAINED).status_code in (404, 405)


def test_earlier_outcomes_of_the_payee_are_told_in_every_month(world, first, path):
    world.as_("officer").post(path + "/utfall", EXPLAINED)
    earlier = world.app.state.library.shelf("2026-09")
    there = earlier.one("SELECT payment_id FROM listed WHERE payee_ref = ? AND arm = 'risk'", (first.payee_ref,))
    text = world.as_("officer2").get(payment_path("2026-09", there["payment_id"])).text
    assert f'href="{path}"' in text
    assert "Inga utfall finns" not in text


def test_an_open_case_of_the_payee_is_shown_and_takes_the_payment(world, first, path):
    browser = world.as_("officer")
    form = {"payee_ref": first.payee_ref, "month": first.shelf.month, "payment_id": first.payment_id}
    assert 'action="/arende/nytt"' in browser.get(path).text
    assert browser.post("/arende/nytt", form).status_code == 303
    text = browser.get(path).text
    assert "betalningen ingår" in text
    assert 'action="/arende/nytt"' not in text
    earlier = world.app.state.library.shelf("2026-09")
    there = earlier.one("SELECT payment_id FROM listed WHERE payee_ref = ?", (first.payee_ref,))["payment_id"]
    text = world.as_("officer2").get(payment_path("2026-09", there)).text
    assert field(text, "month") == ["2026-09"]
    assert "Lägg i ärende" in text


def test_a_payment_id_may_hold_any_sign(make_world, own_var):
    folder = publish(own_var, "2026-10", "r-77")
    odd = "a/b?c=# å/utfall"
    file = folder / "ranked_payments.parquet"
    frame = pl.read_parquet(file)
    changed = pl.when(pl.col("rank") == 1).then(pl.lit(odd)).otherwise("payment_id").alias("payment_id")
    frame.with_columns(changed).write_parquet(file)
    world = make_world(var=own_var)
    browser, path = world.as_("officer"), payment_path("2026-10", odd)
    assert "a/b?c=# å/utfall</bdi>" in browser.get(path).text
    assert browser.post(path + "/utfall", EXPLAINED | {"then": "stay"}).headers["location"] == path
    assert "Förklarad" in browser.get(path).text
