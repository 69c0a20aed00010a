"""Ten officers fight over the same payments while the server is killed: `python -m tests.review.fighting [--tries 1000]`.

The server is a process of its own (`tests.review.serve`) that dies by SIGKILL and is started again. The officers are
threads over HTTP: they look at a payment, wait a moment, and then decide, propose, confirm, return or undo as what they
saw allows; a colleague may have been there meanwhile. Every act carries a note of its own, so that each answer can be
looked for in the log afterwards.
"""

import argparse
import http.client
import json
import random
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from sqlalchemy import select

from review.access import sessions
from review.store import log
from review.store.database import Store
from review.store.schema import decisions, items
from review.work import accounts
from tests.review.conftest import publish
from tests.review.postgres import server

OFFICERS, LEADS, KILLS, PAYMENTS = 10, 3, 5, 200
HOT, MOMENT_SECONDS, READS_PAGE = 10, 0.02, 0.1
MONTH = "2026-10"
ROOT = Path(__file__).resolve().parents[2]
MADE, ENDED = ("decision.made", "decision.proposed"), ("decision.undone", "decision.returned")
ACTS = (*MADE, "decision.confirmed", *ENDED)


class Server:
    """The application in a process of its own, killed and started again at the same address."""

    def __init__(self, url: str, var: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.command = [sys.executable, "-m", "tests.review.serve", url, str(var), str(self.port)]
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen(self.command, cwd=ROOT, stdout=subprocess.PIPE)
        assert self.process.stdout is not None
        assert self.process.stdout.readline() == b"ready\n"

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        assert self.process.stdout is not None
        self.process.stdout.close()


@dataclass
class Officer:
    """One person at work: `answers` counts statuses (0: none came, then nobody knows), `said` is status by note."""

    number: int
    user_id: int
    token: str
    csrf: str
    port: int
    is_lead: bool
    answers: Counter = field(default_factory=Counter)
    said: dict[str, tuple[int, str, str]] = field(default_factory=dict)
    connection: http.client.HTTPConnection | None = None

    def ask(self, method: str, path: str, form: dict[str, Any] | None = None) -> tuple[int, bytes]:
        """Send a request; status 0 when no answer came."""
        headers = {"Cookie": f"{sessions.COOKIE}={self.token}", "Content-Type": "application/x-www-form-urlencoded"}
        try:
            if self.connection is None:
                self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
            self.connection.request(method, path, urlencode(form) if form else None, headers)
            answer = self.connection.getresponse()
            return answer.status, answer.read()
        except (OSError, http.client.HTTPException):
            self.leave()
            return 0, b""

    def leave(self) -> None:
        """Close the connection, if there is one."""
        if self.connection is not None:
            self.connection.close()
        self.connection = None

    def work(self, payments: list[str], tries: int) -> None:
        """Try so many acts that were answered."""
        rng, n = random.Random(self.number), 0
        while sum(self.answers.values()) - self.answers[0] < tries:
            n += 1
            among = payments[:HOT] if rng.random() < 0.5 else payments
            payment = rng.choice(among)
            path = f"/betalning/{MONTH}/{quote(payment, safe='')}"
            if rng.random() < READS_PAGE:
                self.ask("GET", path)
            status, text = self.ask("GET", f"/state?payment={quote(payment, safe='')}")
            if status != 200:
                time.sleep(0.05)
                continue
            time.sleep(rng.random() * MOMENT_SECONDS)
            note = f"o{self.number}-{n}"
            kind, act, form = self._act(rng, json.loads(text), note)
            status, _ = self.ask("POST", f"{path}/{act}", form | {"csrf": self.csrf})
            self.answers[status] += 1
            self.said[note] = (status, kind, payment)

    def _act(self, rng: random.Random, seen: dict[str, Any], note: str) -> tuple[str, str, dict[str, Any]]:
        held, version = seen["decision"], seen["version"]
        if held is None:
            form = {"version": version, "was_worth_looking": "yes", "note": note, "then": "stay"}
            if rng.random() < 0.4:
                form |= {"verdict": "error_recovery", "error_sek": "100,50", "cause": "provider"}
                return "decision.proposed", "utfall", form
            return "decision.made", "utfall", form | {"verdict": "explained"}
        if held["state"] == "proposed" and self.is_lead and rng.random() < 0.8:
            answer = rng.choice(["confirm", "return"])
            form = {"version": held["version"], "decision_id": held["id"], "answer": answer, "second_note": note}
            return f"decision.{answer}ed", "forslag", form
        return "decision.undone", "angra", {"version": version, "undo_note": note}


@dataclass
class Outcome:
    """What a fight came to; `faults` is what should not be, one line each."""

    tries: int
    kills: int
    seconds: float
    answers: Counter
    kinds: Counter
    kept_unanswered: int
    events: int
    faults: list[str]


def fight(url: str, var: Path, tries: int) -> Outcome:
    """Let officers fight over the payments published in `var`, kill the server, and hold the log against the answers."""
    store = Store(url)
    store.migrate()
    people = _people(store)
    running = Server(url, var)
    for one in people:
        one.port = running.port
    payments = json.loads(people[0].ask("GET", "/listed")[1])
    started = time.perf_counter()
    threads = [threading.Thread(target=one.work, args=(payments, tries)) for one in people]
    for thread in threads:
        thread.start()
    for kill in range(KILLS):
        wanted = (kill + 1) * OFFICERS * tries // (KILLS + 1)
        while sum(sum(one.answers.values()) - one.answers[0] for one in people) < wanted:
            time.sleep(0.005)
        running.kill()
        running.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - started
    for one in people:
        one.leave()
    running.kill()
    answers = sum((one.answers for one in people), Counter())
    faults = [f"{status}: {n} answers" for status, n in answers.items() if status not in (0, 303, 409)]
    kinds, kept, events = Counter(), 0, 0
    with store.read() as connection:
        faults += [f"log {broken.seq}: {broken.why}" for broken in log.breaks(connection)]
        rows = connection.execute(select(log.events).order_by(log.events.c.seq)).all()
        acts = [row for row in rows if row.kind in ACTS]
        kinds, events = Counter(row.kind for row in acts), len(rows)
        kept = sum(_answer(row, people)[0] == 0 for row in acts)
        faults += [*_against_answers(acts, people), *_against_tables(acts, connection)]
    store.close()
    return Outcome(tries, KILLS, seconds, answers, kinds, kept, events, faults)


def _people(store: Store) -> list[Officer]:
    people = []
    for n in range(OFFICERS):
        is_lead = n < LEADS
        with store.write() as change:
            roles = ["officer", "lead"] if is_lead else ["officer"]
            user_id = accounts.add(change, f"officer{n}", f"Prov {n}", roles, None)
            token = sessions.begin(change, user_id)
        found = sessions.find(store, token, 30)
        assert found
        people.append(Officer(n, user_id, token, found.csrf, 0, is_lead))
    return people


def _answer(row: Any, people: list[Officer]) -> tuple[int, str, str]:
    note = json.loads(row.payload)["note"]
    return people[int(note[1:].partition("-")[0])].said[note]


def _against_answers(acts: list[Any], people: list[Officer]) -> Iterator[str]:
    """Yield acts in the log that were refused, twice or somebody else's, and accepted ones that the log lacks."""
    counted = Counter(json.loads(row.payload)["note"] for row in acts)
    yield from (f"{note}: {n} times in the log" for note, n in counted.items() if n > 1)
    for row in acts:
        status, kind, payment = _answer(row, people)
        note = json.loads(row.payload)["note"]
        owner = people[int(note[1:].partition("-")[0])].user_id
        if status not in (0, 303) or (row.kind, row.subject, row.actor) != (kind, f"payment:{MONTH}:{payment}", owner):
            yield f"{note}: kept though answered {status}, or not as sent"
    for one in people:
        yield from (f"{note}: accepted and lost" for note, s in one.said.items() if s[0] == 303 and not counted[note])


def _against_tables(acts: list[Any], connection: Any) -> Iterator[str]:
    """Yield payments on which two decisions ever held at once, and those whose state is not what the log leads to."""
    live: dict[str, int | None] = {}
    versions: Counter = Counter()
    for row in acts:
        made, held = json.loads(row.payload)["decision_id"], live.get(row.subject)
        if row.kind in MADE and held is not None:
            yield f"{row.seq}: decided while {held} held"
        if row.kind not in MADE and held != made:
            yield f"{row.seq}: {row.kind} of {made} while {held} held"
        live[row.subject] = None if row.kind in ENDED else made
        versions[row.subject] += 1
    holding: dict[str, list[int]] = {}
    for row in connection.execute(
        select(items.c.payment_id, decisions.c.id)
        .join(decisions, decisions.c.item_id == items.c.id)
        .where(decisions.c.state.in_(("final", "proposed")))
    ):
        holding.setdefault(f"payment:{MONTH}:{row.payment_id}", []).append(row.id)
    for row in connection.execute(select(items)):
        subject = f"payment:{MONTH}:{row.payment_id}"
        expected = [live[subject]] if live.get(subject) else []
        if holding.get(subject, []) != expected or (row.status in ("decided", "proposed")) != bool(expected):
            yield f"item {row.id}: {holding.get(subject)} hold, the log says {expected}"
        if row.version != versions[subject]:
            yield f"item {row.id}: version {row.version} after {versions[subject]} acts"


def table(name: str, outcome: Outcome) -> list[str]:
    """Return a database's column of figures, one line each."""
    accepted, refused, unanswered = (outcome.answers[status] for status in (303, 409, 0))
    told = {
        "acts answered": accepted + refused, "accepted": accepted, "refused (409)": refused,
        "without an answer": unanswered, "of these kept": outcome.kept_unanswered,
        **{kind: outcome.kinds[kind] for kind in ACTS}, "entries in the log": outcome.events,
        "times killed": outcome.kills, "seconds": round(outcome.seconds), "faults": len(outcome.faults),
    }  # fmt: skip
    return [name, *(f"{label:24s}{number:>10,d}" for label, number in told.items()), *outcome.faults[:20]]


def main() -> int:
    """Fight on both databases and print a table for each; returns 1 when something is not as it should be."""
    parser = argparse.ArgumentParser(prog="python -m tests.review.fighting")
    parser.add_argument("--tries", type=int, default=1000, help="acts of each officer that are answered")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), help="only this one")
    given = parser.parse_args()
    faults = 0
    for kind in [given.database] if given.database else ["sqlite", "postgresql"]:
        with tempfile.TemporaryDirectory() as folder:
            var = Path(folder)
            publish(var, MONTH, listed=PAYMENTS, control=0)
            own = nullcontext(f"sqlite:///{var / 'fight.sqlite'}") if kind == "sqlite" else server()
            with own as url:
                outcome = fight(url, var, given.tries)
        sys.stdout.write("\n".join(table(kind, outcome)) + "\n")
        sys.stdout.flush()
        faults += len(outcome.faults)
    return int(faults > 0)


if __name__ == "__main__":
    sys.exit(main())
