"""Taking, deciding, confirming and undoing, on the store itself."""

import pytest
from sqlalchemy import select

from review.store import log
from review.store.schema import users
from review.work import decisions, items, walk
from review.work.errors import ConflictError, InvalidError, RefusedError
from review.work.people import user_of
from review.work.verdicts import judgement

WORTH = {"was_worth_looking": "yes"}
CLAIM = {"verdict": "error_recovery", "error_sek": "1 250,50", "cause": "provider", "note": "Besöken saknas."} | WORTH


def person(world, login):
    with world.store.read() as connection:
        return user_of(connection.execute(select(users).where(users.c.id == world.ids[login])).one())


def decide(world, first, login, form, version=0):
    with world.store.write(world.ids[login]) as change:
        said = judgement(form, first.amount_ore)
        return decisions.decide(change, person(world, login), first.shelf, first.payment_id, version, said)


def test_an_explained_payment_is_decided_at_once(world, first):
    item = decide(world, first, "officer", {"verdict": "explained"} | WORTH)
    assert (item.status, item.version, item.assigned_to) == ("decided", 1, world.ids["officer"])
    with world.store.read() as connection:
        assert decisions.standing(connection, item.id).state == "final"


def test_after_midnight_here_yesterday_is_no_day_to_wait_for(world, first):
    world.clock.at = "2026-11-22T23:10:00Z"
    with world.store.write(world.ids["officer"]) as change:
        asked = change, person(world, "officer"), first.shelf, first.payment_id, 0, "waiting"
        with pytest.raises(InvalidError):
            items.put_off(*asked, "2026-11-22")
        assert items.put_off(*asked, "2026-11-23").follow_up_on == "2026-11-23"


def test_a_claim_waits_for_another_person_with_the_right(world, first):
    item = decide(world, first, "lead", CLAIM)
    assert item.status == "proposed"
    with world.store.read() as connection:
        row = decisions.standing(connection, item.id)
    assert (row.state, row.error_ore) == ("proposed", 125050)
    for login in ("lead", "officer"):
        with pytest.raises(RefusedError), world.store.write(world.ids[login]) as change:
            decisions.second(change, person(world, login), row.id, row.version, True, "")
    with world.store.write(world.ids["lead2"]) as change:
        decisions.second(change, person(world, "lead2"), row.id, row.version, True, "")
    with world.store.read() as connection:
        assert decisions.standing(connection, item.id).state == "final"
        assert items.item_of(connection, first.shelf, first.payment_id).status == "decided"
    with pytest.raises(ConflictError), world.store.write(world.ids["lead2"]) as change:
        decisions.second(change, person(world, "lead2"), row.id, row.version, True, "")


def test_who_comes_second_is_told_who_was_first(world, first):
    decide(world, first, "officer", {"verdict": "explained"} | WORTH)
    with pytest.raises(ConflictError) as told:
        decide(world, first, "officer2", {"verdict": "data_error"} | WORTH)
    assert "Prov Officer" in str(told.value)
    with world.store.read() as connection:
        assert [e.kind for e in connection.execute(select(log.events)) if e.kind.startswith("decision")] == [
            "decision.made"
        ]


def test_an_undone_decision_stays_and_the_payment_is_open_again(world, first):
    item = decide(world, first, "officer", {"verdict": "explained"} | WORTH)
    with pytest.raises(InvalidError), world.store.write(world.ids["officer"]) as change:
        decisions.undo(change, person(world, "officer"), first.shelf, first.payment_id, 1, " ")
    with world.store.write(world.ids["officer"]) as change:
        decisions.undo(change, person(world, "officer"), first.shelf, first.payment_id, 1, "Fel rad.")
    with world.store.read() as connection:
        assert [row.state for row in decisions.history(connection, item.id)] == ["undone"]
        assert items.item_of(connection, first.shelf, first.payment_id).status == "open"
    again = decide(world, first, "officer", {"verdict": "data_error"} | WORTH, version=2)
    with world.store.read() as connection:
        newest, oldest = decisions.history(connection, again.id)
        assert newest.supersedes_id == oldest.id
        assert list(log.breaks(connection)) == []


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"verdict": "nonsense"} | WORTH, "verdict"),
        ({"verdict": "explained"}, "was_worth_looking"),
        (CLAIM | {"note": " "}, "note"),
        (CLAIM | {"cause": ""}, "cause"),
        (CLAIM | {"cause": "moon"}, "cause"),
        (CLAIM | {"error_sek": "1e9"}, "error_sek"),
        (CLAIM | {"error_sek": "0"}, "error_sek"),
        (CLAIM | {"spent_minutes": "²"}, "spent_minutes"),
    ],
)
def test_a_form_names_what_is_missing(form, field):
    with pytest.raises(InvalidError) as told:
        judgement(form, 100_000)
    assert set(told.value.fields) == {field}


def test_everybody_takes_another_payment_until_none_is_left(world, first):
    taken = []
    for turn in range(12):
        login = ("officer", "officer2")[turn % 2]
        with world.store.write(world.ids[login]) as change:
            item = walk.take_next(change, person(world, login), first.shelf)
        taken.append(item and item.payment_id)
    assert taken[-1] is None
    assert len(set(taken[:11])) == 11
