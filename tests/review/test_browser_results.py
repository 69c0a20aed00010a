"""Payee, overview, follow-up, runs and log in a real browser: axe, a phone's width, focus and what is announced."""

from urllib.parse import quote

import pytest

from tests.review.browser import announced, axe, focused, settled, sideways
from tests.review.decide import closed_case, decided


@pytest.fixture
def worked(live):
    """The application with outcomes of both arms, a case with kronor back, and a payee's address."""
    live.world.app.state.library.prepare()
    shelf = live.world.app.state.library.shelf()
    rows = shelf.ask("SELECT payment_id, payee_ref, arm FROM listed ORDER BY place")
    closed_case(live.world, payee=rows[0]["payee_ref"], recovery_claim=(500_00, 200_00))
    for number, row in enumerate(rows):
        told = {"verdict": "error_recovery", "error": 10_00} if number % 3 == 0 else {}
        decided(live.world, row["payment_id"], arm=row["arm"], payee=row["payee_ref"], minutes=30, **told)
    live.payee = f"/utforare/{quote(rows[0]['payee_ref'], safe='')}"
    return live


def faults(page):
    """Return what axe finds and what is too wide for a phone, with every fold open."""
    page.evaluate("document.querySelectorAll('details').forEach((el) => { el.open = true })")
    return axe(page) + sideways(page)


@pytest.mark.parametrize("path", ["/lagesbild", "/uppfoljning", "/korningar"])
def test_the_screens_have_no_fault_axe_knows_and_fit_a_phone(worked, path):
    worked.page.goto(path)
    assert faults(worked.page) == []


def test_the_payee_has_no_fault_and_a_refused_pause_keeps_its_text(worked):
    page = worked.page
    page.goto(worked.payee)
    page.fill("#pause-note", "Hyra")
    page.fill("#pause-until", "2027-01-31")
    page.select_option("#pause-indicator", "SP01")
    page.click("#pause-form button")
    settled(page)
    assert announced(page) == "Indikatorn är pausad för mottagaren."
    page.fill("#pause-note", "Samma igen")
    page.fill("#pause-until", "2027-01-31")
    page.select_option("#pause-indicator", "SP01")
    page.click("#pause-form button")
    settled(page)
    assert "redan pausad" in page.locator("#pause-indicator-wrong").inner_text()
    assert page.input_value("#pause-note") == "Samma igen"
    assert announced(page) == "Pausen sparades inte."
    assert focused(page) not in ("", "body ")
    assert faults(page) == []


def test_the_log_has_no_fault_and_tells_what_a_check_found(worked):
    page = worked.as_("auditor")
    page.goto("/logg")
    page.click("#log-verify")
    settled(page)
    assert announced(page) == "Kedjan håller."
    assert focused(page) == "log-found"
    assert faults(page) == []


def test_the_screens_work_without_scripts(worked):
    page = worked.as_("officer", scripts=False)
    page.goto("/lagesbild")
    page.select_option("#overview-month", "2026-09")
    page.click("#overview-filter button")
    assert "Lägesbild september" in page.locator("h1").inner_text().replace("\u00a0", " ")
    page.goto("/uppfoljning")
    page.click("#year-all")
    assert "2026-09 till 2026-10" in page.locator("h1").inner_text()
