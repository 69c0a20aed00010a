"""What the tests of cases share: people, acts in a transaction of their own, and a case brought to a state."""

from sqlalchemy import select

from review.store.schema import cases, conflicts, users
from review.work import case_steps, decisions, items, measures
from review.work import cases as work
from review.work import letters as post
from review.work.people import user_of
from review.work.verdicts import judgement

DAYS = 14
NOTE = "Så här är det."


def person(world, login):
    with world.store.read() as connection:
        return user_of(connection.execute(select(users).where(users.c.id == world.ids[login])).one())


def does(world, login, act, *args, **kwargs):
    """Let a person act in a transaction of its own."""
    with world.store.write(world.ids[login]) as change:
        return act(change, person(world, login), *args, **kwargs)


def row(world, case_id, table=cases):
    with world.store.read() as connection:
        return connection.execute(select(table).where(table.c.id == case_id)).one()


def version(world, case_id):
    return row(world, case_id).version


def opened(world, shelf, payment_id, payee_ref, login="officer"):
    return does(world, login, work.open_case, shelf, payee_ref, "Dubbla fakturor", [payment_id], DAYS)


def step(world, login, case_id, to, note=NOTE):
    does(world, login, case_steps.step, case_id, version(world, case_id), to, note, DAYS)


def heard(world, case_id, login="officer"):
    """Send a hearing notice that a person has written, and register its answer."""
    letter_id = does(world, login, post.add, case_id, "hearing_notice", "Mottagaren AB", DAYS)
    does(world, login, post.write, case_id, letter_id, 1, "Vi har sett två fakturor som är lika.")
    does(world, login, post.send, case_id, letter_id, 2, DAYS)
    does(world, login, post.answer, case_id, letter_id, 3, {"answer": "De säger att det var ett misstag."})
    return letter_id


def to_decision(world, case_id, login="officer", second="lead"):
    """Bring a case that was just opened to a decision made by two people."""
    for state in ("in_depth_review", "hearing"):
        step(world, login, case_id, state)
    heard(world, case_id, login)
    step(world, login, case_id, "assessment")
    does(world, login, case_steps.assess, case_id, version(world, case_id), "unintentional", NOTE)
    step(world, login, case_id, "decision")
    with world.store.read() as connection:
        waiting = case_steps.of_case(connection, case_id)[-1]
    does(world, second, case_steps.second_step, case_id, waiting.id, waiting.version, True, "", DAYS)


def measure(world, login, case_id, kind, **form):
    said = {"kind": kind, "note": NOTE} | form
    return does(world, login, measures.propose, case_id, version(world, case_id), said)


def decided(world, shelf, payment_id, login="officer"):
    """Give a payment an outcome."""
    with world.store.read() as connection:
        now = items.item_of(connection, shelf, payment_id)
    said = judgement({"verdict": "explained", "was_worth_looking": "yes"}, 10**9)
    return does(world, login, decisions.decide, shelf, payment_id, now.version, said)


def bar(world, login, payee_ref):
    """Register an interest in a payee (jäv)."""
    who = {"user_id": world.ids[login], "payee_ref": payee_ref, "note": "Släkting", "registered_by": world.ids["lead"]}
    with world.store.write() as change:
        change.connection.execute(conflicts.insert().values(**who, registered_at=change.at))
