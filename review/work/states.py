"""The case's state machine as data: states, allowed steps, measures, and the guard rails around them.

A step into a later state follows `FORWARD`; a step into an earlier one is always allowed, needs a note and is logged
as such. What turns against the payee needs two people. Source: the municipality's own case process, with lag
(2023:455) as pattern.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from fut.holidays import next_working_day, working_days_after

LOCAL = ZoneInfo("Europe/Stockholm")


@dataclass(frozen=True, slots=True)
class State:
    """One state of a case; `working_days` allowed in it, `awaits_answer` when the payee has its days to answer."""

    code: str
    title: str
    working_days: int | None = None
    awaits_answer: bool = False


STATES = {
    state.code: state
    for state in (
        State("initial_review", "Inledande granskning", working_days=10),
        State("in_depth_review", "Fördjupad granskning"),
        State("hearing", "Kommunicering", awaits_answer=True),
        State("assessment", "Bedömning"),
        State("decision", "Beslut"),
        State("measures", "Åtgärder"),
        State("follow_up", "Uppföljning"),
        State("closed", "Avslutat"),
    )
}
FIRST, CLOSED = "initial_review", "closed"
ORDER = tuple(STATES)

FORWARD: dict[str, tuple[str, ...]] = {
    "initial_review": ("in_depth_review", "hearing", "closed"),
    "in_depth_review": ("hearing", "assessment", "closed"),
    "hearing": ("assessment",),
    "assessment": ("decision", "closed"),
    "decision": ("measures", "closed"),
    "measures": ("follow_up",),
    "follow_up": ("closed",),
    "closed": (),
}
TWO_PEOPLE = frozenset({"decision"})
"""States that only a second person's confirmation leads into."""

NOTE_NEEDED = frozenset({"decision", "closed"})

ASSESSMENTS = {
    "no_error": "Inget fel",
    "unintentional": "Oavsiktligt fel",
    "suspected_intentional": "Misstänkt avsiktligt fel",
}
DECIDED = ("decision", "measures", "follow_up")
"""States that follow a decision two people made."""

OUTCOMES_AFTER_DECISION = frozenset({"error_recovery", "error_no_recovery", "suspected_crime"})

_LOOKED_INTO = ("in_depth_review", "hearing", "assessment", *DECIDED)
_OPEN = ("initial_review", *_LOOKED_INTO)


@dataclass(frozen=True, slots=True)
class Measure:
    """One kind of measure: from which states, whether two people are needed, whether it has kronor, what comes before.

    `after` names a kind of measure that must be confirmed first.
    """

    code: str
    title: str
    states: tuple[str, ...]
    is_adverse: bool = True
    needs_second: bool = True
    has_money: bool = False
    after: str = ""


MEASURES = {
    measure.code: measure
    for measure in (
        Measure("rectification", "Rättad faktura", _OPEN, is_adverse=False, needs_second=False, has_money=True),
        Measure("legal_review", "Juristens godkännande", _LOOKED_INTO, is_adverse=False),
        Measure("payment_hold", "Betalningsstopp", _OPEN, has_money=True),
        Measure("recovery_claim", "Återkrav", DECIDED, has_money=True),
        Measure("set_off", "Kvittning", DECIDED, has_money=True),
        Measure("deduction", "Avdrag", DECIDED, has_money=True),
        Measure("warning", "Varning", DECIDED),
        Measure("contractual_penalty", "Vite", DECIDED, has_money=True),
        Measure("termination", "Uppsägning", DECIDED),
        Measure("rescission", "Hävning", DECIDED),
        Measure("police_report", "Polisanmälan", _LOOKED_INTO, after="legal_review"),
        Measure("ivo_report", "IVO-anmälan", _LOOKED_INTO),
        Measure("tax_notice", "Underrättelse till Skatteverket", _LOOKED_INTO),
        Measure("notification_to_authority", "Underrättelse till annan myndighet", _LOOKED_INTO),
        Measure("work_environment_report", "Anmälan till Arbetsmiljöverket", _LOOKED_INTO),
    )
}
RECOVERING = frozenset({"recovery_claim", "set_off", "deduction"})


def is_back(now: str, to: str) -> bool:
    """Whether the step leads to an earlier state."""
    return ORDER.index(to) < ORDER.index(now)


def steps_from(now: str) -> tuple[str, ...]:
    """Return the states a case may go to, later ones first; a closed case opens again for an in-depth review."""
    if now == CLOSED:
        return ("in_depth_review",)
    return (*FORWARD[now], *reversed(ORDER[: ORDER.index(now)]))


def needs_note(now: str, to: str) -> bool:
    """Whether the step must say why."""
    return to in NOTE_NEEDED or is_back(now, to)


def measures_in(now: str, confirmed: Iterable[str]) -> list[Measure]:
    """Return the measures that may be proposed in a state, given the kinds that are confirmed already."""
    done = frozenset(confirmed)
    return [m for m in MEASURES.values() if now in m.states and (not m.after or m.after in done)]


def local_date(at: str) -> date:
    """Return the date in Sweden of a time in UTC, `2026-11-22T23:30:00Z`."""
    return datetime.fromisoformat(at).astimezone(LOCAL).date()


def local_time(at: str) -> str:
    """Return a time in UTC as local ISO text, `2026-11-22T14:05`."""
    return datetime.fromisoformat(at).astimezone(LOCAL).strftime("%Y-%m-%dT%H:%M")


def local_second(at: str) -> str:
    """Return a time in UTC as local ISO text to the second, as the raw contracts have moments."""
    return datetime.fromisoformat(at).astimezone(LOCAL).strftime("%Y-%m-%dT%H:%M:%S")


def answer_due(at: str, answer_days: int) -> str:
    """Return the last day to answer a letter sent at `at`: calendar days, never ending on a day off."""
    return next_working_day(local_date(at) + timedelta(days=answer_days)).isoformat()


def due_on(state: str, at: str, answer_days: int) -> str | None:
    """Return the last day of a state entered at `at`, or None where none is set."""
    known = STATES[state]
    if known.awaits_answer:
        return answer_due(at, answer_days)
    return working_days_after(local_date(at), known.working_days).isoformat() if known.working_days else None


def day_begins(day: str, later: int = 0) -> str:
    """Return when a local date begins (`later` counts days on), in UTC as the store writes times; the last of all for ever."""
    try:
        begins = datetime.fromisoformat(day).replace(tzinfo=LOCAL) + timedelta(days=later)
        return f"{begins.astimezone(UTC).replace(tzinfo=None).isoformat()}Z"
    except OverflowError:
        return day if day < "1000" else "9999-12-31T23:59:59Z"
