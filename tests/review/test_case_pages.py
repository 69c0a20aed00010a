"""The pages of cases: opened from a payment, every form, what is kept when one fails, and who sees them."""

import pytest
from sqlalchemy import select

from reporting.format import kr
from review.shelf.keys import sek
from review.store.schema import cases as cases_table
from review.store.schema import letters as letters_table
from tests.review.case_tools import bar, measure, opened, row, step, version


@pytest.fixture
def case(world, first):
    return opened(world, first.shelf, first.payment_id, first.payee_ref)


def test_a_case_is_opened_from_a_payment(world, first):
    browser = world.as_("officer")
    form = {"payee_ref": first.payee_ref, "month": first.shelf.month, "payment_id": first.payment_id}
    sent = browser.post("/arende/nytt", form)
    assert (sent.status_code, sent.headers["location"]) == (303, "/arende/1")
    page = browser.get("/arende/1").text
    assert "Inledande granskning" in page
    assert "Ärende 1 är öppnat." in page
    assert "/arende/1" in browser.get("/arenden").text
    assert browser.post("/arende/nytt", form).status_code == 403


def test_a_failed_form_comes_back_with_its_text(world, case):
    browser = world.as_("officer")
    answer = browser.post(f"/arende/{case}/uppgift", {"text": "Ring dem", "due_on": "snart"})
    assert answer.status_code == 422
    assert 'value="Ring dem"' in answer.text
    assert 'aria-describedby="w-task-due_on"' in answer.text


def test_a_colleagues_save_gives_409_and_keeps_the_text(world, case):
    browser, seen = world.as_("officer"), version(world, case)
    step(world, "officer2", case, "in_depth_review")
    answer = browser.post(f"/arende/{case}/steg", {"version": str(seen), "to": "hearing", "note": "Min text <b>"})
    assert answer.status_code == 409
    assert "Prov Officer2" in answer.text
    assert "Min text &lt;b&gt;" in answer.text
    assert f'name="version" value="{seen + 1}"' in answer.text


def test_a_letter_is_written_sent_and_answered(world, case):
    browser = world.as_("officer")
    assert browser.post(f"/arende/{case}/brev", {"kind": "hearing_notice"}).status_code == 303
    with world.store.read() as connection:
        letter = connection.execute(select(letters_table)).one()
    path = f"/arende/{case}/brev/{letter.id}"
    refused = browser.post(path, {"version": "1", "do": "send", "body": letter.body})
    assert refused.status_code == 403
    assert "måste en människa skriva" in refused.text
    said = {"version": "1", "do": "send", "body": "Vi ser två lika fakturor."}
    assert browser.post(path, said).status_code == 303
    assert "Svar senast 2026-12-07" in browser.get(f"/arende/{case}").text
    assert browser.post(path, {"version": "3", "do": "answer", "answer": "Ett misstag."}).status_code == 303
    assert "Ett misstag." in browser.get(f"/arende/{case}").text


def test_a_guard_rail_is_told_on_the_page(world, case):
    step(world, "officer", case, "in_depth_review")
    step(world, "officer", case, "assessment")
    browser = world.as_("officer")
    page = browser.get(f"/arende/{case}").text
    assert "Ett beslut kräver en bedömning" in page
    form = {"version": str(version(world, case)), "to": "decision", "note": "Nu."}
    assert browser.post(f"/arende/{case}/steg", form).status_code == 403
    assert row(world, case).state == "assessment"


def test_a_second_person_confirms_on_the_page(world, case):
    step(world, "officer", case, "in_depth_review")
    made = measure(world, "officer", case, "legal_review")
    path, form = f"/arende/{case}/atgard/{made}", {"version": "1", "do": "confirm"}
    assert "En annan person med rollen Ansvarig" in world.as_("officer").get(f"/arende/{case}").text
    assert world.as_("officer").post(path, form).status_code == 403
    assert world.as_("lead").post(path, form).status_code == 303
    assert "Polisanmälan" in world.as_("officer").get(f"/arende/{case}").text


def test_the_list_is_filtered_and_hides_what_is_not_ones_own(world, first, case):
    rest = {"title": "Känsligt & <i>ärende</i>", "responsible": str(world.ids["officer"]), "is_sensitive": "yes"}
    form = {"version": str(version(world, case))} | rest
    assert world.as_("officer").post(f"/arende/{case}/uppgifter", form).status_code == 303
    mine = world.as_("officer").get("/arenden", vem="mine", sok="känsligt").text
    assert "Känsligt &amp; &lt;i&gt;ärende&lt;/i&gt;" in mine
    assert "Inga ärenden" in world.as_("officer").get("/arenden", tid="late").text
    assert "Inga ärenden" in world.as_("officer2").get("/arenden").text
    assert world.as_("officer2").get(f"/arende/{case}").status_code == 404
    assert world.as_("auditor").get(f"/arende/{case}").status_code == 200
    bar(world, "lead", first.payee_ref)
    assert world.as_("lead").get(f"/arende/{case}").status_code == 403
    assert "Inga ärenden" in world.as_("lead").get("/arenden").text


@pytest.mark.parametrize("path", ["/arende/9", "/arende/0x1", "/arende/99999999999999999999", "/arende/²"])
def test_a_case_that_is_not_there_is_404(world, path):
    assert world.as_("officer").get(path).status_code == 404


def test_who_only_reads_gets_no_forms(world, case):
    page = world.as_("auditor").get(f"/arende/{case}").text
    assert "f-step" not in page
    assert world.as_("auditor").post(f"/arende/{case}/anteckning", {"text": "x"}).status_code == 403
    assert world.as_("engineer").get("/arenden").status_code == 403


def test_a_closed_case_is_shown_with_its_outcome(world, first, case):
    browser = world.as_("officer")
    form = {"version": str(version(world, case)), "outcome": "explained", "note": "Rättad."}
    refused = browser.post(f"/arende/{case}/avsluta", form)
    assert refused.status_code == 403
    assert "saknar utfall" in refused.text
    from tests.review.case_tools import decided

    decided(world, first.shelf, first.payment_id)
    assert browser.post(f"/arende/{case}/avsluta", form).status_code == 303
    page = browser.get(f"/arende/{case}").text
    assert "Öppna igen" in page
    assert "Förklarad" in page
    with world.store.read() as connection:
        assert connection.execute(select(cases_table.c.outcome)).scalar_one() == "explained"


@pytest.mark.parametrize("path", ["uppgifter", "betalning", "uppgift", "brev", "brev/1", "steg", "steg/1", "bedomning",
                                  "avsluta", "atgard", "atgard/1"])  # fmt: skip
@pytest.mark.parametrize("value", ["", "\x00", "9" * 30, "<script>", "\u202e", "[]"])
def test_nonsense_in_a_form_is_never_a_fault_of_ours(world, case, path, value):
    names = ("version", "to", "note", "title", "due_on", "kind", "body", "do", "outcome", "month", "payment_id")
    form = dict.fromkeys((*names, "responsible", "task_id", "demanded_sek", "assessment", "text"), value)
    for login in ("officer", "lead"):
        browser = world.as_(login)
        for version_ in (value, "1", "2"):
            assert browser.post(f"/arende/{case}/{path}", form | {"version": version_}).status_code < 500


def test_a_case_of_several_payments_tells_their_sum(world, first):
    shelf = first.shelf
    several = "SELECT payee_ref FROM listed WHERE arm = 'risk' GROUP BY 1 HAVING count(*) > 1 LIMIT 1"
    rows = shelf.ask(f"SELECT * FROM listed WHERE arm = 'risk' AND payee_ref = ({several}) LIMIT 2")
    case = opened(world, shelf, rows[0]["payment_id"], rows[0]["payee_ref"])
    browser = world.as_("officer")
    assert 'id="case-sum"' not in browser.get(f"/arende/{case}").text
    form = {"version": str(version(world, case)), "month": shelf.month, "payment_id": rows[1]["payment_id"]}
    assert browser.post(f"/arende/{case}/betalning", form).status_code == 303
    told = kr(sek(sum(row["amount_ore"] for row in rows)))
    assert f'id="case-sum">{told}<' in browser.get(f"/arende/{case}").text
