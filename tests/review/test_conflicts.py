"""Jävsregistret: who may register and end which conflict, who sees it, and what it then keeps them from."""

from sqlalchemy import select

from review.store.schema import conflicts, events
from tests.review.browser import axe, sideways

NOTE = "Syskon är delägare"


def register(world, login, payee_ref, **form):
    return world.as_(login).post("/jav", {"payee_ref": payee_ref, "note": NOTE} | form)


def rows(world, table=conflicts):
    with world.store.read() as connection:
        return list(connection.execute(select(table).order_by(*table.primary_key)))


def test_a_payee_is_sought_and_ones_own_conflict_bars_its_pages(world, first):
    officer = world.as_("officer")
    found = officer.get("/jav", sok=first.payee_name[:6].upper()).text
    assert f'<option value="{first.payee_ref}"' in found
    assert "Ingen mottagare" in officer.get("/jav", sok="finns verkligen inte").text
    path = f"/betalning/2026-10/{first.payment_id}"
    assert officer.get(path).status_code == 200
    assert register(world, "officer", first.payee_ref).status_code == 303
    assert officer.get(path).status_code == 403
    assert world.as_("officer2").get(path).status_code == 200
    page = officer.get("/jav").text
    assert NOTE in page
    assert "Avslutas av ansvarig" not in page
    last = rows(world, events)[-2]
    assert (last.kind, last.actor, last.subject) == (
        "conflict.registered",
        world.ids["officer"],
        f"payee:{first.payee_ref}",
    )
    assert NOTE not in last.payload
    assert officer.post(f"/jav/{rows(world)[0].id}/avsluta").status_code == 303
    assert officer.get(path).status_code == 200


def test_only_a_lead_registers_and_ends_others(world, first):
    person = str(world.ids["officer"])
    assert register(world, "officer2", first.payee_ref, person=person).status_code == 403
    assert register(world, "lead", first.payee_ref, person=person).status_code == 303
    number = rows(world)[0].id
    own = world.as_("officer")
    assert "Avslutas av ansvarig" in own.get("/jav").text
    assert own.post(f"/jav/{number}/avsluta").status_code == 403
    assert world.as_("officer2").post(f"/jav/{number}/avsluta").status_code == 404
    assert world.as_("lead2").post(f"/jav/{number}/avsluta").status_code == 303
    assert rows(world)[0].ended_at == world.clock.at
    late = world.as_("lead2").post(f"/jav/{number}/avsluta")
    assert (late.status_code, "redan avslutat" in late.text) == (409, True)


def test_a_lead_does_not_end_what_another_registered_about_oneself(world, first):
    register(world, "lead2", first.payee_ref, person=str(world.ids["lead"]))
    number = rows(world)[0].id
    assert world.as_("lead").post(f"/jav/{number}/avsluta").status_code == 403
    assert world.as_("lead2").post(f"/jav/{number}/avsluta").status_code == 303


def test_others_see_only_their_own_but_leads_and_auditors_all(world, first):
    register(world, "officer", first.payee_ref)
    assert NOTE not in world.as_("officer2").get("/jav").text
    for login in ("lead", "auditor"):
        assert NOTE in world.as_(login).get("/jav").text
    assert "/avsluta" not in world.as_("auditor").get("/jav").text
    assert register(world, "auditor", first.payee_ref).status_code == 403


def test_a_form_that_is_not_whole_comes_back_with_its_text(world, first):
    wrong = register(world, "officer", first.payee_ref, note=" ")
    assert (wrong.status_code, 'aria-describedby="w-note"' in wrong.text) == (422, True)
    assert f'<option value="{first.payee_ref}" selected' in wrong.text
    assert "välj den i listan" in register(world, "officer", "finns inte").text
    register(world, "officer", first.payee_ref)
    twice = register(world, "officer", first.payee_ref)
    assert (twice.status_code, "redan registrerat" in twice.text) == (422, True)
    nobody = register(world, "lead", first.payee_ref, person="99999")
    assert (nobody.status_code, "Välj en person" in nobody.text) == (422, True)
    assert len(rows(world)) == 1


def test_the_page_is_accessible_and_fits_a_phone(live, first):
    page = live.as_("lead")
    page.goto("/jav")
    assert axe(page) == []
    page.fill("#conflict-search", first.payee_name[:6])
    page.press("#conflict-search", "Enter")
    page.wait_for_selector("#payee_ref")
    page.fill("#note", NOTE)
    assert axe(page) == []
    page.click("#conflict-new button")
    page.wait_for_selector("#held-h")
    assert axe(page) == []
    assert sideways(page) == []
