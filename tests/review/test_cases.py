"""Cases on the store itself: opened, led, written to, decided by two, closed; and who may not see or touch them."""

import json

import pytest
from sqlalchemy import select

from review.store import log
from review.store.schema import cases as cases_table
from review.store.schema import events, letters, tasks
from review.work import case_steps, cases, items, measures
from review.work import letters as post
from review.work.errors import ConflictError, InvalidError, MissingError, RefusedError
from tests.review.case_tools import (
    DAYS,
    NOTE,
    bar,
    decided,
    does,
    heard,
    measure,
    opened,
    person,
    row,
    step,
    to_decision,
    version,
)


@pytest.fixture
def case(world, first):
    return opened(world, first.shelf, first.payment_id, first.payee_ref)


def kinds(world, case_id):
    with world.store.read() as connection:
        where = events.c.subject == cases.subject(case_id)
        return list(connection.execute(select(events.c.kind).where(where).order_by(events.c.seq)).scalars())


def test_a_case_is_opened_with_its_payment_and_ten_working_days(world, first, case):
    made = row(world, case)
    assert (made.state, made.due_on, made.responsible) == ("initial_review", "2026-12-04", world.ids["officer"])
    with world.store.read() as connection:
        assert items.item_of(connection, first.shelf, first.payment_id).case_id == case
        assert list(log.breaks(connection)) == []
    assert kinds(world, case) == ["case.opened", "case.payment_added"]
    with pytest.raises(RefusedError, match="ingår redan"):
        opened(world, first.shelf, first.payment_id, first.payee_ref)


def test_a_case_is_about_one_payee(world, first, case):
    other = first.shelf.one("SELECT * FROM listed WHERE payee_ref <> ?", (first.payee_ref,))
    with pytest.raises(RefusedError, match="en mottagare"):
        does(world, "officer", cases.add_payment, first.shelf, case, version(world, case), other["payment_id"])


def test_a_payment_leaves_with_a_reason(world, first, case):
    args = (first.shelf, case, version(world, case), first.payment_id)
    with pytest.raises(InvalidError):
        does(world, "officer", cases.remove_payment, *args, " ")
    does(world, "officer", cases.remove_payment, *args, "Hör inte hit.")
    with world.store.read() as connection:
        assert cases.payments(connection, case) == []


def test_who_comes_second_is_told_who_was_first(world, case):
    seen = version(world, case)
    step(world, "officer2", case, "in_depth_review")
    with pytest.raises(ConflictError, match="Prov Officer2"):
        does(world, "officer", case_steps.step, case, seen, "hearing", NOTE, DAYS)


def test_who_has_an_interest_neither_sees_nor_works(world, first, case):
    bar(world, "officer2", first.payee_ref)
    with pytest.raises(RefusedError, match="jävig"):
        step(world, "officer2", case, "in_depth_review")
    with pytest.raises(RefusedError, match="jävig"):
        opened(world, first.shelf, first.payment_id, first.payee_ref, "officer2")
    with world.store.read() as connection:
        for login, count in (("officer2", 0), ("officer", 1)):
            wanted = select(cases_table).where(cases.visible(person(world, login)))
            assert len(list(connection.execute(wanted))) == count
    form = {"title": "Nytt", "responsible": str(world.ids["officer2"])}
    with pytest.raises(InvalidError) as told:
        does(world, "officer", cases.alter, case, version(world, case), form)
    assert set(told.value.fields) == {"responsible"}


def test_a_sensitive_case_is_hidden_from_others(world, case):
    form = {"title": "Känsligt", "responsible": str(world.ids["officer"]), "is_sensitive": "yes"}
    with pytest.raises(RefusedError):
        does(world, "officer2", cases.alter, case, version(world, case), form)
    does(world, "officer", cases.alter, case, version(world, case), form)
    with world.store.read() as connection:
        for login, sees in (("officer", True), ("lead", True), ("auditor", True), ("officer2", False)):
            who = person(world, login)
            shown = list(connection.execute(select(cases_table).where(cases.visible(who))))
            assert bool(shown) == sees
            if not sees:
                with pytest.raises(MissingError):
                    cases.case_of(connection, who, case)


def test_no_letter_is_sent_before_a_person_has_written_it(world, case):
    letter = does(world, "officer", post.add, case, "hearing_notice", "Mottagaren AB", DAYS)
    with pytest.raises(RefusedError, match="människa"):
        does(world, "officer", post.send, case, letter, 1, DAYS)
    body = row(world, letter, letters).body
    assert "Mottagaren AB" in body
    assert "2026-12-07" in body  # the fourteen days end on a Sunday
    does(world, "officer", post.write, case, letter, 1, body.replace("[[", "[").replace("Till ", "Hej "))
    does(world, "officer", post.send, case, letter, 2, DAYS)
    with pytest.raises(RefusedError, match="skickat"):
        does(world, "officer", post.write, case, letter, 3, "Annat.")


def test_a_decision_needs_an_assessment_a_hearing_and_two_people(world, case):
    step(world, "officer", case, "in_depth_review")
    step(world, "officer", case, "assessment")
    with pytest.raises(RefusedError, match="bedömning"):
        step(world, "officer", case, "decision")
    does(world, "officer", case_steps.assess, case, version(world, case), "unintentional", NOTE)
    with pytest.raises(RefusedError, match="yttra"):
        step(world, "officer", case, "decision")
    heard(world, case)
    step(world, "lead", case, "decision")
    assert row(world, case).state == "assessment"
    with world.store.read() as connection:
        waiting = case_steps.of_case(connection, case)[-1]
    for login in ("lead", "officer"):
        with pytest.raises(RefusedError):
            does(world, login, case_steps.second_step, case, waiting.id, 1, True, "", DAYS)
    does(world, "lead2", case_steps.second_step, case, waiting.id, 1, True, "", DAYS)
    assert row(world, case).state == "decision"


def test_a_returned_proposal_moves_nothing(world, case):
    for state in ("in_depth_review", "assessment"):
        step(world, "officer", case, state)
    does(world, "officer", case_steps.assess, case, version(world, case), "unintentional", NOTE)
    heard(world, case)
    step(world, "officer", case, "decision")
    with pytest.raises(RefusedError, match="väntar"):
        step(world, "officer", case, "in_depth_review")
    with world.store.read() as connection:
        waiting = case_steps.of_case(connection, case)[-1]
    with pytest.raises(InvalidError):
        does(world, "lead", case_steps.second_step, case, waiting.id, 1, False, "", DAYS)
    does(world, "lead", case_steps.second_step, case, waiting.id, 1, False, "Underlaget räcker inte.", DAYS)
    assert row(world, case).state == "assessment"
    step(world, "officer", case, "in_depth_review")
    assert kinds(world, case)[-2:] == ["case.step_returned", "case.stepped_back"]


def test_a_step_back_is_never_silent(world, case):
    step(world, "officer", case, "in_depth_review")
    with pytest.raises(InvalidError):
        step(world, "officer", case, "initial_review", note=" ")
    step(world, "officer", case, "initial_review", note="Fel betalning.")
    assert kinds(world, case)[-1] == "case.stepped_back"


def test_a_police_report_waits_for_legal_sign_off_and_a_second_person(world, case):
    step(world, "officer", case, "in_depth_review")
    with pytest.raises(RefusedError, match="Juristens"):
        measure(world, "officer", case, "police_report")
    legal = measure(world, "officer", case, "legal_review")
    with pytest.raises(RefusedError, match="Juristens"):
        measure(world, "officer", case, "police_report")
    does(world, "lead", measures.second, case, legal, 1, True, "")
    report = measure(world, "lead", case, "police_report")
    with pytest.raises(RefusedError, match="annan person"):
        does(world, "lead", measures.second, case, report, 1, True, "")
    does(world, "lead2", measures.second, case, report, 1, True, "")
    with world.store.read() as connection:
        assert measures.confirmed_kinds(connection, case) == {"legal_review", "police_report"}


def test_a_case_ends_with_what_was_demanded_and_recovered(world, first, case):
    to_decision(world, case)
    with pytest.raises(RefusedError, match="krav i kronor"):
        close(world, case, "error_recovery")
    claim = measure(world, "officer", case, "recovery_claim", demanded_sek="12 500,50")
    with pytest.raises(RefusedError, match="väntar"):
        close(world, case, "error_recovery")
    does(world, "lead", measures.second, case, claim, 1, True, "")
    does(world, "officer", measures.recover, case, claim, 2, {"recovered_sek": "4000"})
    with pytest.raises(RefusedError, match="saknar utfall"):
        close(world, case, "error_recovery")
    decided(world, first.shelf, first.payment_id)
    close(world, case, "error_recovery")
    made = row(world, case)
    assert (made.state, made.outcome) == ("closed", "error_recovery")
    with world.store.read() as connection:
        said = connection.execute(select(events.c.payload).where(events.c.kind == "case.closed")).scalar_one()
    assert json.loads(said)["demanded_ore"] == 1_250_050
    assert json.loads(said)["recovered_ore"] == 400_000
    with pytest.raises(RefusedError, match="avslutat"):
        does(world, "officer", cases.add_note, case, "För sent.")
    step(world, "officer", case, "in_depth_review")
    assert (row(world, case).outcome, row(world, case).assessment) == (None, None)


def close(world, case, outcome):
    does(world, "officer", case_steps.close, case, version(world, case), outcome, NOTE)


def test_an_error_outcome_needs_a_decision(world, first, case):
    decided(world, first.shelf, first.payment_id)
    with pytest.raises(RefusedError, match="två personer"):
        close(world, case, "error_no_recovery")
    close(world, case, "explained")
    assert row(world, case).state == "closed"


def test_tasks_and_notes_are_kept_and_logged(world, case):
    does(world, "officer", cases.add_note, case, "Ringde utföraren.")
    form = {"text": "Begär in tidrapporter", "due_on": "2026-12-01", "responsible": str(world.ids["officer2"])}
    does(world, "officer", cases.add_task, case, form)
    with world.store.read() as connection:
        task = connection.execute(select(tasks)).one()
    does(world, "officer2", cases.finish_task, case, task.id)
    does(world, "officer2", cases.finish_task, case, task.id)
    assert row(world, task.id, tasks).done_by == world.ids["officer2"]
    assert kinds(world, case)[-3:] == ["case.noted", "case.task_added", "case.task_done"]
    with pytest.raises(InvalidError) as told:
        does(world, "officer", cases.add_task, case, {"text": "", "due_on": "snart", "responsible": "²"})
    assert set(told.value.fields) == {"text", "due_on", "responsible"}
