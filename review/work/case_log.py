"""A case as the log tells it up to one entry: the state tables are not asked, so an old case file can be made anew."""

import json
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Row, and_, select

from review.store.log import Head
from review.store.schema import events, users
from review.work.cases import subject
from review.work.errors import MissingError
from review.work.states import CLOSED

Event = Row[Any]
FACTS = ("title", "payee_ref", "state", "responsible", "due_on", "registry_no", "is_sensitive", "assessment", "outcome")
LATER = (
    "second",
    "return_note",
    "sent_at",
    "sent_by",
    "answer",
    "answered_on",
    "answer_due_on",
    "recovered_ore",
    "done",
)
"""What a record may come to say after it was made."""


@dataclass
class Told:
    """What the log says of a case up to `head`; each list holds plain records in the order things happened."""

    case_id: int
    head: Head
    at: str
    facts: dict[str, Any] = field(default_factory=lambda: dict.fromkeys(FACTS))
    runs: dict[tuple[str, str], str] = field(default_factory=dict)
    records: dict[str, dict[int, dict[str, Any]]] = field(default_factory=dict)
    decisions: dict[tuple[str, str], dict[int, dict[str, Any]]] = field(default_factory=dict)
    assessments: list[dict[str, Any]] = field(default_factory=list)
    notes: list[dict[str, Any]] = field(default_factory=list)
    acts: list[Event] = field(default_factory=list)
    reads: dict[int, int] = field(default_factory=dict)
    names: dict[int, str] = field(default_factory=dict)

    def kept(self, kind: str) -> list[dict[str, Any]]:
        """Return the records of a kind: steps, letters, measures, tasks."""
        return list(self.records.get(kind, {}).values())

    def name(self, actor: int | None) -> str:
        """Return who a number is."""
        return "Systemet" if actor is None else self.names.get(actor, f"Konto {actor}")


def head_at(connection: Connection, seq: int | None) -> Event:
    """Return the log's entry with a number, the newest when None; raises MissingError."""
    wanted = select(events).order_by(events.c.seq.desc()).limit(1)
    found = connection.execute(wanted if seq is None else select(events).where(events.c.seq == seq)).first()
    if found is None:
        raise MissingError("head")
    return found


def told(connection: Connection, case_id: int, seq: int | None = None) -> Told:
    """Return the case as of an entry of the log (the newest when None); raises MissingError when it is not in it yet."""
    last = head_at(connection, seq)
    case = Told(case_id, Head(last.seq, last.hash), last.at)
    for event in _about(connection, [subject(case_id)], last.seq):
        _apply(case, event, json.loads(event.payload))
    if case.facts["payee_ref"] is None:
        raise MissingError(str(case_id))
    keys = {f"payment:{month}:{payment_id}": (month, payment_id) for month, payment_id in case.runs}
    for event in _about(connection, list(keys), last.seq):
        _decided(case, keys[event.subject], event, json.loads(event.payload))
    case.acts.sort(key=lambda event: event.seq)
    case.names = {row.id: row.name for row in connection.execute(select(users.c.id, users.c.name))}
    return case


def _about(connection: Connection, subjects: list[str], until: int) -> list[Event]:
    found: list[Event] = []
    for start in range(0, len(subjects), 500):
        where = and_(events.c.subject.in_(subjects[start : start + 500]), events.c.seq <= until)
        found += connection.execute(select(events).where(where)).all()
    return sorted(found, key=lambda event: event.seq)


def _noted(case: Told, event: Event) -> bool:
    """Count a reading; keep anything else as an act."""
    if event.kind.startswith("read."):
        case.reads[event.actor] = case.reads.get(event.actor, 0) + 1
        return True
    case.acts.append(event)
    return False


def _apply(case: Told, event: Event, said: dict[str, Any]) -> None:
    if _noted(case, event):
        return
    who = {"by": event.actor, "at": event.at}
    kind = event.kind.removeprefix("case.")
    if kind in ("opened", "altered", "assessed"):
        case.facts |= {k: v for k, v in said.items() if k in FACTS}
    if kind == "opened":
        case.facts |= {"opened_by": event.actor, "opened_at": event.at}
    elif kind == "payment_added":
        case.runs[said["month"], said["payment_id"]] = said["run_id"]
    elif kind == "payment_removed":
        case.runs.pop((said["month"], said["payment_id"]), None)
    elif kind == "assessed":
        case.assessments.append(said | who)
    elif kind == "noted":
        case.notes.append(said | who)
    elif kind in ("stepped", "stepped_back", "step_proposed", "step_returned"):
        _stepped(case, kind, said, who)
    elif kind == "closed":
        case.facts |= {"state": CLOSED, "outcome": said["outcome"], "due_on": None}
        _record(case, "steps", said["step_id"], said | who | {"to_state": CLOSED, "status": "final"})
    elif kind.startswith("task_"):
        _record(case, "tasks", said["task_id"], {"done": who} if kind == "task_done" else said | who)
    elif kind.startswith("letter_") or kind == "answered":
        _letter(case, kind, said, who)
    elif kind.startswith("measure_") or kind == "recovered":
        _measured(case, kind, said, who)


def _record(case: Told, kind: str, key: int, said: dict[str, Any]) -> None:
    known = case.records.setdefault(kind, {})
    known[key] = known.get(key, dict.fromkeys(LATER)) | said


def _stepped(case: Told, kind: str, said: dict[str, Any], who: dict[str, Any]) -> None:
    key = said["step_id"]
    if kind == "step_returned":
        _record(case, "steps", key, {"status": "returned", "second": who, "return_note": said["note"]})
        return
    if kind == "step_proposed":
        _record(case, "steps", key, said | who | {"status": "proposed"})
        return
    earlier = case.records.get("steps", {}).get(key)
    told_so = {"status": "final", "second": who} if earlier else said | who | {"status": "final"}
    _record(case, "steps", key, told_so)
    case.facts |= {"state": said["to_state"], "due_on": said["due_on"], "outcome": None}
    if kind == "stepped_back" and said["to_state"] in ("initial_review", "in_depth_review", "hearing"):
        case.facts["assessment"] = None


def _letter(case: Told, kind: str, said: dict[str, Any], who: dict[str, Any]) -> None:
    key = said["letter_id"]
    if kind == "letter_sent":
        said, who = said | {"sent_by": who["by"], "sent_at": who["at"]}, {}
        if case.facts["state"] == "hearing" and case.records["letters"][key]["letter"] == "hearing_notice":
            case.facts["due_on"] = said["answer_due_on"]
    elif kind == "answered":
        who = {}
    _record(case, "letters", key, said | who)


def _measured(case: Told, kind: str, said: dict[str, Any], who: dict[str, Any]) -> None:
    key = said["measure_id"]
    if kind in ("measure_proposed", "measure_made"):
        _record(case, "measures", key, said | who | {"status": "proposed" if kind == "measure_proposed" else "final"})
    elif kind == "recovered":
        _record(case, "measures", key, {"recovered_ore": said["recovered_ore"]})
    else:
        status = "final" if kind == "measure_confirmed" else "returned"
        _record(case, "measures", key, {"status": status, "second": who, "return_note": said["note"]})


def _decided(case: Told, key: tuple[str, str], event: Event, said: dict[str, Any]) -> None:
    if _noted(case, event) or not event.kind.startswith("decision."):
        return
    known = case.decisions.setdefault(key, {})
    kind, who = event.kind.removeprefix("decision."), {"by": event.actor, "at": event.at}
    if kind in ("made", "proposed"):
        known[said["decision_id"]] = (
            dict.fromkeys(LATER) | said | who | {"status": "final" if kind == "made" else "proposed"}
        )
        case.runs[key] = said["run_id"]
    else:
        status = {"confirmed": "final", "returned": "returned", "undone": "undone"}.get(kind, kind)
        known.setdefault(said["decision_id"], {}).update(status=status, second=who, return_note=said.get("note", ""))
