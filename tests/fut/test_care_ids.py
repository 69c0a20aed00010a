"""Local ids of clients and carers: unique within a source, or within a register that several sources share."""

import dataclasses
from collections.abc import Callable

from fut.settings import Source
from tests.fut.inbox_tools import Inbox

LOCKS = "client_ref,at\nC001,2026-03-10 07:30:00\n"
DECISIONS = (
    "decision_id,client_ref,service,minutes_per_month,double_staffed,valid_from\nB1,C001,care,600,nej,2026-01-01\n"
)


def _sources(inbox: Inbox, *registers: str) -> None:
    names = (("locks", "lock_events*"), ("decisions", "decisions*"))
    sources = tuple(Source(name, "canonical", files, ids) for (name, files), ids in zip(names, registers, strict=True))
    inbox.settings = dataclasses.replace(inbox.settings, sources=sources)


def _tokens(inbox: Inbox) -> tuple[str, str]:
    inbox.load()
    ((lock,),) = inbox.rows("SELECT client_ref FROM raw_lock_events")
    ((decision,),) = inbox.rows("SELECT client_ref FROM raw_decisions")
    assert lock[:2] == decision[:2] == "L-"
    return lock, decision


def test_ids_are_a_sources_own_unless_it_names_a_shared_register(make_inbox: Callable[[str], Inbox]) -> None:
    inbox = make_inbox("canonical")
    inbox.put("lock_events_2026-03.csv", LOCKS)
    inbox.put("decisions.csv", DECISIONS)
    _sources(inbox, "", "")
    lock, decision = _tokens(inbox)
    assert lock != decision
    _sources(inbox, "clients", "clients")
    shared, again = _tokens(inbox)
    assert shared == again
    assert shared not in (lock, decision)
    _sources(inbox, "decisions", "")
    assert _tokens(inbox) == (decision, decision), "a register may be named after the source that owns it"


def test_a_personal_number_is_one_person_whatever_the_register(make_inbox: Callable[[str], Inbox]) -> None:
    inbox = make_inbox("canonical")
    inbox.put("lock_events_2026-03.csv", LOCKS.replace("C001", "19121212-1212"))
    inbox.put("decisions.csv", DECISIONS.replace("C001", "121212+1212"))
    inbox.load()
    ((token,),) = inbox.rows("SELECT client_ref FROM raw_lock_events UNION SELECT client_ref FROM raw_decisions")
    assert token.startswith("P-")
