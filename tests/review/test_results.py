"""Uppföljning and the yearly report: sums against cases counted by hand, and who may take them out."""

import pytest
from sqlalchemy import select

from review.store import log
from review.store.schema import anchors
from review.work.people import GRANTS, May, Role
from review.work.results import days_after, results
from tests.review.decide import closed_case, decided


@pytest.fixture
def listed(world):
    shelf = world.app.state.library.shelf("2026-10")
    return {
        arm: shelf.ask("SELECT payment_id, rank, codes FROM listed WHERE arm = ? ORDER BY place", (arm,))
        for arm in ("risk", "random")
    }


@pytest.fixture
def found(world, listed):
    """Three reviews of the list, one of the lot, one proposal, one case; and one outcome of another month."""
    risk, lot = listed["risk"], listed["random"]
    case = closed_case(
        world, recovery_claim=(500_00, 200_00), police_report=(None, None), rectification=(100_00, 10_00)
    )
    decided(
        world, risk[0]["payment_id"], verdict="error_recovery", error=700_00, cause="provider", minutes=90, case=case
    )
    decided(world, risk[1]["payment_id"], verdict="explained", explanation="Återkommande hyra", minutes=30)
    decided(
        world,
        risk[2]["payment_id"],
        verdict="error_no_recovery",
        error=-200_00,
        cause="municipality",
        at="2026-12-31T23:30:00Z",
    )
    decided(world, risk[3]["payment_id"], verdict="suspected_crime", error=50_00, state="proposed")
    decided(world, lot[0]["payment_id"], verdict="explained", arm="random")
    decided(world, risk[0]["payment_id"], month="2026-09", verdict="data_error")
    return world


def of(world, *months):
    with world.store.read() as connection:
        return results(connection, world.app.state.library, months)


def test_results_count_what_holds_in_the_months_asked_for(found, listed):
    both, october = of(found, "2026-10", "2026-09"), of(found, "2026-10")
    assert (both.months, len(both.decided), len(october.decided)) == (("2026-09", "2026-10"), 5, 4)
    assert [(row.rank, row.codes) for row in october.risk[:1]] == [
        (row["rank"], tuple(row["codes"].split()))
        for row in sorted(listed["risk"][:3], key=lambda r: r["payment_id"])[:1]
    ]
    assert october.proposed == (("suspected_crime", 50_00),)
    with found.store.read() as connection:
        year, before = (results(connection, found.app.state.library, ["2026-10"], name) for name in ("2026", "2025"))
    assert (before.money.demanded_ore, before.money.rate, before.closed_cases) == (0, None, 0)
    assert october.money == year.money
    assert (year.money.demanded_ore, year.money.recovered_ore, year.money.rate) == (500_00, 200_00, 0.4)
    assert year.money.kinds == (
        ("Rättad faktura", 1, 100_00, 10_00),
        ("Återkrav", 1, 500_00, 200_00),
        ("Polisanmälan", 1, 0, 0),
    )
    assert (year.case_minutes, year.closed_cases) == ((90,), 1)
    # the service month ends on the 31st of October; half past eleven at night in UTC is the next day here
    assert (october.days().median, october.days().p90) == (10, 62)
    assert days_after("2026-02", "2026-03-01") == 1


def test_the_estimate_covers_the_months_whose_lot_was_reviewed(found):
    told = of(found, "2026-10", "2026-09")
    assert told.estimated_months == ("2026-10",)
    assert told.estimate().count.cases == 1
    assert told.detected_share(told.estimate()) is None  # nothing was found in the lot: no share of nothing
    shelf = found.app.state.library.shelf("2026-10")
    paid = shelf.one("SELECT ROUND(SUM(amount_sek * 100)) AS ore FROM payments")["ore"]
    assert told.paid_ore == paid


def test_the_page_shows_found_beside_estimated_and_marks_few_cases(found):
    page = found.as_("controller").get("/uppfoljning").text
    assert "Uppföljning 2026" in page
    assert "900\u00a0kr" in page  # 700 too much and 200 too little
    assert "Listans träffsäkerhet är ingen felandel" in page
    assert "få fall" in page
    assert "Inget fel har hittats i slumpurvalet" in page
    assert "Återkommande hyra" in page
    assert "Utförare eller leverantör" in page
    assert "Misstänkta fel som väntar på en andra person: 1" in page
    assert found.as_("controller").get("/uppfoljning", ar="alla").status_code == 200
    for wrong in ("2019", "20", "x", "../2026"):
        assert found.as_("controller").get("/uppfoljning", ar=wrong).status_code == 404


def test_page_and_report_show_what_was_worth_looking_at(world, listed):
    risk = listed["risk"]
    decided(world, risk[0]["payment_id"], was_worth_looking=True)
    decided(world, risk[1]["payment_id"], was_worth_looking=False)
    browser = world.as_("controller")
    for text in (browser.get("/uppfoljning").text, browser.get("/uppfoljning/2026.html").text):
        part = text[text.index("Värd att titta på</h2>") : text.index("Vad handläggarna avför")]
        assert "50,0\u00a0%" in part
        assert "9,5\u00a0%–90,5\u00a0%" in part  # Wilson's interval of one in two
        assert f"<b>{risk[0]['codes'].split()[0]}</b>" in part


def test_without_outcomes_nothing_is_claimed(world):
    page = world.as_("lead").get("/uppfoljning").text
    assert "Ingen uppskattning än: 0 av 4" in page
    assert "Inga utfall än." in page
    assert page.count("0,0\u00a0%") == 0


@pytest.mark.parametrize("role", list(Role))
def test_results_are_for_those_who_may_see_them(world, role):
    expected = 200 if May.SEE_RESULTS in GRANTS[role] else 403
    browser = world.as_(role.value)
    assert browser.get("/uppfoljning").status_code == expected
    assert browser.get("/uppfoljning/2026.html").status_code == expected


def test_the_yearly_report_stands_by_itself_and_names_the_logs_head(found):
    answer = found.as_("lead").get("/uppfoljning/2026.html")
    assert answer.headers["content-disposition"] == 'attachment; filename="uppfoljning-2026.html"'
    assert "<script" not in answer.text
    assert ' src="/' not in answer.text
    assert 'alt="Upptäckt och uppskattat. ' in answer.text
    assert "r-5f2c91" in answer.text
    with found.store.read() as connection:
        kept = connection.execute(select(anchors)).one()
        assert kept.hash in answer.text
        assert kept.where == "årsrapport 2026"
        assert list(log.breaks(connection, {kept.seq: kept.hash})) == []
        assert log.head(connection).seq == kept.seq + 1
    assert found.as_("lead").get("/uppfoljning/2019.html").status_code == 404
    assert found.as_("lead").get("/uppfoljning/x.pdf").status_code == 404


def test_the_yearly_report_is_a_pdf_too(found):
    answer = found.as_("controller").get("/uppfoljning/2026.pdf")
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-1.7")
