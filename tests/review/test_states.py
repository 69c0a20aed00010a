"""The case's state machine: its data, its days, and a machine that walks every way hypothesis can think of."""

import atexit
import shutil
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from types import SimpleNamespace

import pytest
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy.event import listen

from review.shelf.library import Library
from review.store import log
from review.store.database import Store
from review.store.schema import measures as measures_table
from review.store.schema import steps as steps_table
from review.work import accounts, case_log, case_steps, measures
from review.work import letters as post
from review.work.errors import ConflictError, InvalidError, MissingError, RefusedError
from review.work.states import (
    ASSESSMENTS,
    FORWARD,
    MEASURES,
    ORDER,
    STATES,
    answer_due,
    due_on,
    is_back,
    measures_in,
    needs_note,
    steps_from,
)
from tests.review import case_tools as tools
from tests.review.conftest import MONTHS, publish

PEOPLE = {"officer": ["officer"], "lead": ["lead"], "lead2": ["lead", "officer"]}


def test_every_state_can_be_reached_and_left():
    reached = {to for now in ORDER for to in steps_from(now)}
    assert reached == set(ORDER)
    assert set(FORWARD) == set(STATES)
    assert all(steps_from(now) for now in ORDER)


@pytest.mark.parametrize("now", ORDER[:-1])
def test_a_step_back_needs_a_note_and_a_step_on_does_not(now):
    for to in steps_from(now):
        assert needs_note(now, to) == (is_back(now, to) or to in ("decision", "closed"))
    assert not is_back(now, "closed")


def test_no_police_report_is_offered_before_legal_sign_off():
    assert "police_report" not in {m.code for m in measures_in("decision", ())}
    assert "police_report" in {m.code for m in measures_in("decision", {"legal_review"})}
    assert [m.code for m in measures_in("closed", {"legal_review"})] == []


def test_what_turns_against_the_payee_needs_a_second_person():
    assert [m.code for m in MEASURES.values() if m.is_adverse and not m.needs_second] == []
    assert "recovery_claim" not in {m.code for m in measures_in("assessment", ())}


def test_days_are_counted_in_swedish_time_and_never_end_on_a_day_off():
    assert due_on("initial_review", "2026-11-22T09:00:00Z", 14) == "2026-12-04"
    assert due_on("initial_review", "2026-11-22T23:30:00Z", 14) == "2026-12-07"
    assert answer_due("2026-12-10T09:00:00Z", 14) == "2026-12-28"
    assert due_on("hearing", "2026-11-23T09:00:00Z", 14) == "2026-12-07"
    assert due_on("closed", "2026-11-23T09:00:00Z", 14) is None


def opened_store(path):
    store = Store(f"sqlite:///{path}", lambda: "2026-11-23T09:00:00Z")
    listen(store.engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous=OFF"))
    return store


@cache
def ground():
    """A published month, an empty decisions database with people in it, and their numbers; made once."""
    folder = Path(mkdtemp())
    atexit.register(shutil.rmtree, folder)
    publish(folder, MONTHS[-1], listed=1, control=0)
    store = opened_store(folder / "d.sqlite")
    store.migrate()
    with store.write() as change:
        ids = {login: accounts.add(change, login, login, roles, None) for login, roles in PEOPLE.items()}
    store.close()
    return Library(folder / "published" / "prov", folder / "shelves").shelf(), folder / "d.sqlite", ids


class Walk(RuleBasedStateMachine):
    """Officers and leads try every act in any order; what the rules refuse is refused, the rest must keep them."""

    def __init__(self):
        super().__init__()
        self.shelf, template, ids = ground()
        self.folder = Path(mkdtemp())
        shutil.copy(template, self.folder / "d.sqlite")
        self.store = opened_store(self.folder / "d.sqlite")
        self.world = SimpleNamespace(store=self.store, ids=ids)

    @initialize(login=st.sampled_from([*PEOPLE, ""]))
    def begin(self, login):
        """Open a case and, for three walks of four, bring it to where a person's proposed decision waits."""
        first = self.shelf.one("SELECT * FROM listed")
        self.case = tools.opened(self.world, self.shelf, first["payment_id"], first["payee_ref"])
        tools.decided(self.world, self.shelf, first["payment_id"])
        if login:
            self.whole_way(login)

    def tries(self, login, act, *args):
        try:
            return tools.does(self.world, login, act, self.case, *args)
        except (RefusedError, InvalidError, ConflictError, MissingError):
            return None

    @rule(login=st.sampled_from(list(PEOPLE)), to=st.sampled_from(ORDER), note=st.sampled_from(["", "Därför."]))
    def step(self, login, to, note):
        self.tries(login, case_steps.step, tools.version(self.world, self.case), to, note, 14)

    @rule(order=st.permutations(list(PEOPLE)), agrees=st.booleans())
    def second(self, order, agrees):
        """Let everybody try to be the second person, in any order, also who made the proposal."""
        with self.store.read() as connection:
            waiting = case_steps.of_case(connection, self.case)[-1:], measures.of_case(connection, self.case)[-1:]
        for login in order:
            for row in waiting[0]:
                self.tries(login, case_steps.second_step, row.id, row.version, agrees, "Nej.", 14)
            for row in waiting[1]:
                self.tries(login, measures.second, row.id, row.version, agrees, "Nej.")

    @rule(login=st.sampled_from(list(PEOPLE)), code=st.sampled_from([*ASSESSMENTS, "nonsense"]))
    def assess(self, login, code):
        self.tries(login, case_steps.assess, tools.version(self.world, self.case), code, "Därför.")

    @rule(login=st.sampled_from(list(PEOPLE)), text=st.sampled_from(["", "Ett brev.", "[[slot]]"]))
    def letter(self, login, text):
        letter = self.tries(login, post.add, "hearing_notice", "Mottagaren", 14)
        if letter:
            self.tries(login, post.write, letter, 1, text)
            self.tries(login, post.send, letter, 2, 14)
            self.tries(login, post.answer, letter, 3, {"answer": "Nej."})

    @rule(
        login=st.sampled_from(list(PEOPLE)),
        kind=st.sampled_from(["police_report", "legal_review", "recovery_claim", "warning", *MEASURES]),
        order=st.permutations(list(PEOPLE)),
    )
    def propose(self, login, kind, order):
        form = {"kind": kind, "note": "Därför.", "demanded_sek": "100" if MEASURES[kind].has_money else ""}
        if self.tries(login, measures.propose, tools.version(self.world, self.case), form):
            self.second(order, True)

    @rule(login=st.sampled_from(list(PEOPLE)), outcome=st.sampled_from(["explained", "error_recovery"]))
    def close(self, login, outcome):
        self.tries(login, case_steps.close, tools.version(self.world, self.case), outcome, "Klart.")

    def whole_way(self, login):
        for state in ("in_depth_review", "hearing"):
            self.step(login, state, "Därför.")
        self.letter(login, "Ett brev.")
        self.step(login, "assessment", "Därför.")
        self.assess(login, "unintentional")
        self.step(login, "decision", "Därför.")

    @invariant()
    def nothing_adverse_without_two_people(self):
        if not hasattr(self, "case"):
            return
        with self.store.read() as connection:
            made = list(connection.execute(measures_table.select().order_by(measures_table.c.id)))
            taken = list(connection.execute(steps_table.select()))
        for row in made:
            if row.state == "final" and MEASURES[row.kind].is_adverse:
                assert row.confirmed_by not in (None, row.proposed_by)
                assert row.confirmed_by != self.world.ids["officer"]
        for row in taken:
            if row.state == "final" and row.to_state == "decision" and not is_back(row.from_state, "decision"):
                assert row.confirmed_by not in (None, row.proposed_by)

    @invariant()
    def no_police_report_before_legal_sign_off_and_the_chain_verifies(self):
        if not hasattr(self, "case"):
            return
        signed = False
        with self.store.read() as connection:
            assert list(log.breaks(connection)) == []
            seen = list(connection.execute(log.events.select().order_by(log.events.c.seq)))
        for event in seen:
            if event.kind == "case.measure_confirmed" and '"legal_review"' in event.payload:
                signed = True
            if event.kind in ("case.measure_proposed", "case.measure_confirmed") and '"police_report"' in event.payload:
                assert signed
        states = {"case.stepped", "case.stepped_back", "case.closed"}
        assert all('"note":""' not in e.payload for e in seen if e.kind in states and e.kind != "case.stepped")

    @invariant()
    def the_log_alone_tells_the_state(self):
        if not hasattr(self, "case"):
            return
        with self.store.read() as connection:
            told = case_log.told(connection, self.case)
            row = tools.row(self.world, self.case)
            assert {k: v or None for k, v in told.facts.items() if k in case_log.FACTS} == {
                k: getattr(row, k) or None for k in case_log.FACTS if k in told.facts
            }
            made = {row.id: (row.kind, row.state, row.demanded_ore) for row in measures.of_case(connection, self.case)}
            taken = {row.id: (row.to_state, row.state) for row in case_steps.of_case(connection, self.case)}
        assert {m["measure_id"]: (m["measure"], m["status"], m["demanded_ore"]) for m in told.kept("measures")} == made
        assert {s["step_id"]: (s["to_state"], s["status"]) for s in told.kept("steps")} == taken

    def teardown(self):
        self.store.close()
        shutil.rmtree(self.folder)


TestWalk = Walk.TestCase
TestWalk.settings = hypothesis_settings(max_examples=12, stateful_step_count=15, deadline=None)
