"""Outcomes handed to the next run: only what holds, once, with the log's head; read back by the pipeline's own reader."""

import pytest
from sqlalchemy import select

from fut.errors import InputError
from reporting.outcomes_file import NAME, log_head, read_outcomes
from review.exports.outcomes import export
from review.store import log
from review.store.schema import users
from review.work import decisions, items
from review.work.people import user_of
from review.work.verdicts import judgement
from tests.review.decide import decided as with_item

SAID = {"verdict": "error_no_recovery", "error_sek": "-1 250,50", "cause": "system", "note": "=2+3\nrad två"}
CLAIM = SAID | {"verdict": "error_recovery"}
HEAD = f"# log 1 {'ab' * 32}"
WORTH = {"was_worth_looking": "yes"}


def decided(world, login, payment_id, form):
    shelf = world.app.state.library.shelf()
    with world.store.write(world.ids[login]) as change:
        user = user_of(change.connection.execute(select(users).where(users.c.id == world.ids[login])).one())
        said = judgement(form | WORTH, 10_000_000)
        return decisions.decide(change, user, shelf, payment_id, 0, said)


def test_what_holds_is_written_once_and_read_back(world):
    inbox = world.settings.inbox
    assert export(world.store, inbox) is False
    assert not (inbox / NAME).exists()
    first, second = [row["payment_id"] for row in world.app.state.library.shelf().ask("SELECT * FROM listed LIMIT 2")]
    decided(world, "officer", first, SAID)
    decided(world, "officer", second, CLAIM)
    assert export(world.store, inbox) is True
    ((line, told),) = read_outcomes(inbox / NAME).items()
    assert (line, told["payment_id"], told["error_sek"], told["verdict"]) == (3, first, "-1250.50", "error_no_recovery")
    written = (inbox / NAME).read_bytes()
    assert export(world.store, inbox) is False
    assert (inbox / NAME).read_bytes() == written
    with world.store.read() as connection:
        head = log_head(inbox / NAME)
        anchored = connection.execute(select(log.events).where(log.events.c.seq == head["seq"])).one()
        assert anchored.hash == head["hash"]
        assert list(log.breaks(connection, {head["seq"]: head["hash"]})) == []


def test_an_undone_outcome_leaves_the_file(world):
    inbox = world.settings.inbox
    shelf = world.app.state.library.shelf()
    payment_id = shelf.one("SELECT payment_id FROM listed")["payment_id"]
    item = decided(world, "officer", payment_id, SAID)
    assert export(world.store, inbox)
    with world.store.write(world.ids["officer"]) as change:
        user = user_of(change.connection.execute(select(users).where(users.c.id == world.ids["officer"])).one())
        decisions.undo(change, user, shelf, payment_id, item.version, "Fel rad.")
    assert export(world.store, inbox)
    assert read_outcomes(inbox / NAME) == {}
    with world.store.read() as connection:
        assert items.item_of(connection, shelf, payment_id).status == "open"


@pytest.mark.parametrize(
    ("at", "confirmed_at", "told"),
    [
        ("2026-10-31T22:59:59Z", None, "2026-10-31T23:59:59"),
        ("2026-10-31T23:00:00Z", None, "2026-11-01T00:00:00"),  # the month after, for whoever reads local time
        ("2026-06-30T22:00:00Z", None, "2026-07-01T00:00:00"),
        ("2026-06-30T09:00:00Z", "2026-06-30T22:30:00Z", "2026-07-01T00:30:00"),
    ],
)
def test_a_moment_is_told_in_local_time_as_the_contract_has_it(world, at, confirmed_at, told):
    with_item(world, "P1", at=at, confirmed_at=confirmed_at)
    export(world.store, world.settings.inbox)
    (found,) = read_outcomes(world.settings.inbox / NAME).values()
    assert found["decided_at"] == told


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("outcome_id,payment_id,decided_at,arm,verdikt\n", "did you mean 'verdict'"),
        ("outcome_id,payment_id\n", "no column 'decided_at'"),
        (f"{HEAD}\noutcome_id,payment_id,decided_at,arm,verdict\n1,2\n", "line 3: 2 cells under 5 headings"),
        (f"{HEAD},,,,\noutcome_id,payment_id,decided_at,arm,verdict\n", "line 1: is not as the application wrote it"),
        ("", "no column 'outcome_id'"),
    ],
)
def test_a_file_that_people_have_changed_is_told_in_one_line(tmp_path, text, said):
    path = tmp_path / NAME
    path.write_text(text, "utf-8")
    with pytest.raises(InputError) as error:
        read_outcomes(path)
    assert said in str(error.value)
    assert "\n" not in str(error.value)
