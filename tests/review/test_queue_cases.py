"""Steps of cases that wait for a second person stand in that person's queue, and in nobody else's."""

from review.work import case_steps
from tests.review.case_tools import NOTE, does, heard, opened, step, version


def test_a_proposed_decision_waits_in_the_leads_queue_until_it_is_confirmed(world, first):
    case_id = opened(world, first.shelf, first.payment_id, first.payee_ref)
    for state in ("in_depth_review", "hearing"):
        step(world, "officer", case_id, state)
    heard(world, case_id)
    step(world, "officer", case_id, "assessment")
    does(world, "officer", case_steps.assess, case_id, version(world, case_id), "unintentional", NOTE)
    assert "Dubbla fakturor" not in world.as_("lead").get("/").text
    step(world, "officer", case_id, "decision")
    assert "Dubbla fakturor</a>: Beslut, Prov Officer" in world.as_("lead").get("/").text
    assert "Dubbla fakturor</a>: Beslut" not in world.as_("officer").get("/").text
