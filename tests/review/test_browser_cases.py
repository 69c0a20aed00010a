"""Cases in a real browser: no fault axe knows, a phone's width, no script, the keyboard, focus and the live region."""

import pytest
from playwright.sync_api import expect

from tests.review.browser import announced, axe, focused, settled, sideways
from tests.review.case_tools import measure, opened, to_decision

SLOW = 20_000


@pytest.fixture
def case(live, first):
    """A case with everything on its page: letters, measures, a task, a proposal that waits."""
    case_id = opened(live.world, first.shelf, first.payment_id, first.payee_ref)
    to_decision(live.world, case_id)
    measure(live.world, "officer", case_id, "warning")
    return case_id


def test_no_screen_of_cases_has_a_fault_axe_knows_and_each_fits_a_phone(live, case):
    for login, path in (("officer", "/arenden"), ("officer", f"/arende/{case}"), ("lead", f"/arende/{case}")):
        page = live.as_(login)
        page.goto(path)
        page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true })")
        assert axe(page) == []
        assert sideways(page) == []
    assert live.problems == []


def test_a_note_is_written_and_announced_and_the_focus_stays_in_place(live, case):
    page = live.page
    page.goto(f"/arende/{case}")
    page.fill("#i-note-text", "Ringde utföraren.")
    page.press("#i-note-text", "Control+Enter")
    expect(page.locator("#live")).to_contain_text("Anteckningen", timeout=SLOW)
    settled(page)
    assert announced(page) == "Anteckningen är sparad."
    assert focused(page) != "body"
    assert "Ringde utföraren." in page.inner_text("main")
    assert page.input_value("#i-note-text") == ""


def test_a_form_that_fails_takes_the_focus_to_what_is_wrong(live, first):
    case_id = opened(live.world, first.shelf, first.payment_id, first.payee_ref)
    page = live.page
    page.goto(f"/arende/{case_id}")
    page.check("#to-in_depth_review")
    page.click("#take-step")
    expect(page.locator("#live")).to_contain_text("bytt", timeout=SLOW)
    settled(page)
    page.check("#to-initial_review")
    page.click("#take-step")
    page.wait_for_selector("#problem")
    settled(page)
    assert focused(page) == "problem"
    assert "Skriv varför" in announced(page)
    assert axe(page) == []


def test_a_case_works_without_script(live, case):
    page = live.as_("officer", scripts=False)
    page.goto(f"/arende/{case}")
    page.fill("#i-note-text", "Utan skript.")
    page.click("#f-note button")
    assert "Utan skript." in page.inner_text("main")


def test_rows_are_walked_by_keyboard(live, case):
    page = live.page
    page.goto("/arenden")
    page.keyboard.press("j")
    assert focused(page) == f"case-{case}"
    page.keyboard.press("o")
    page.wait_for_url(f"**/arende/{case}")
    settled(page)
    assert page.inner_text("h1").startswith(f"{case}. ")
