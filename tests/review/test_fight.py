"""Ten officers fight over the same payments while the server is killed: nothing accepted is lost, nothing decided twice.

The server is a process of its own (`tests.review.serve`) that dies five times by SIGKILL and is started again; the
officers are threads over HTTP. SQLite and PostgreSQL.
"""

import json
import random
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import select

from review.access import sessions
from review.store import log
from review.store.database import Store
from review.store.schema import decisions, items
from review.work import accounts
from tests.review.conftest import publish
from tests.review.postgres import server

OFFICERS, KILLS, PAYMENTS = 10, 5, 200
TRIES = 30
ROOT = Path(__file__).resolve().parents[2]


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


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


def send(port: int, token: str, path: str, form: dict) -> int:
    """Post a form; returns the status, 0 when no answer came: then nobody knows whether it was kept."""
    data = urllib.parse.urlencode(form).encode()
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", data, {"Cookie": f"{sessions.COOKIE}={token}"})
    try:
        with urllib.request.build_opener(_Stay).open(request, timeout=30) as answer:
            return answer.status
    except urllib.error.HTTPError as answer:
        return answer.code
    except OSError:
        return 0


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    """A published month of 200 payments."""
    var = tmp_path_factory.mktemp("fight")
    publish(var, "2026-10", listed=PAYMENTS, control=0)
    return var


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path):
    """The address of an empty decisions database."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'fight.sqlite'}"
    else:
        with server() as address:
            yield address


def test_no_accepted_decision_is_lost_and_none_is_made_twice(url, many):
    store = Store(url)
    store.migrate()
    with store.write() as change:
        people = [accounts.add(change, f"officer{n}", f"Prov {n}", ["officer"], None) for n in range(OFFICERS)]
        tokens = [sessions.begin(change, user_id) for user_id in people]
    csrf = [sessions.find(store, token, 30).csrf for token in tokens]
    running = Server(url, many)
    with urllib.request.urlopen(f"http://127.0.0.1:{running.port}/listed") as answer:
        payments = json.load(answer)
    assert len(payments) == PAYMENTS
    answers: list[Counter] = [Counter() for _ in people]
    accepted: list[list[str]] = [[] for _ in people]

    def officer(n: int) -> None:
        rng = random.Random(n)
        for payment in rng.sample(payments, TRIES):
            form = {"csrf": csrf[n], "version": "0", "verdict": "explained", "was_worth_looking": "yes"}
            path = f"/betalning/2026-10/{urllib.parse.quote(payment, safe='')}/utfall"
            while (status := send(running.port, tokens[n], path, form)) == 0:
                answers[n][0] += 1
                time.sleep(0.1)
            answers[n][status] += 1
            if status == 303:
                accepted[n].append(payment)

    threads = [threading.Thread(target=officer, args=(n,)) for n in range(OFFICERS)]
    for thread in threads:
        thread.start()
    for kill in range(KILLS):
        wanted = (kill + 1) * OFFICERS * TRIES // (KILLS + 1)
        while sum(counted.total() - counted[0] for counted in answers) < wanted:
            time.sleep(0.01)
        running.kill()
        running.start()
    for thread in threads:
        thread.join()
    running.kill()

    said = sum(answers, Counter())
    assert set(said) <= {0, 303, 409}, said
    assert said.total() - said[0] == OFFICERS * TRIES
    kept = [payment for own in accepted for payment in own]
    assert said[303] == len(kept) == len(set(kept)) > 0, said
    with store.read() as connection:
        rows = connection.execute(
            select(items.c.payment_id, decisions.c.decided_by).join(items, items.c.id == decisions.c.item_id)
        ).all()
        assert list(log.breaks(connection)) == []
        made = connection.execute(select(log.events.c.seq).where(log.events.c.kind == "decision.made")).all()
    by_payment = {row.payment_id: row.decided_by for row in rows}
    assert len(rows) == len(by_payment) == len(made)
    for n, user_id in enumerate(people):
        assert {by_payment.get(payment) for payment in accepted[n]} <= {user_id}
    store.close()
