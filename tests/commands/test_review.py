"""`fut review`: refuses to serve nobody, starts, answers, and ends cleanly when told to."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from commands.main import main

ROOT = Path(__file__).resolve().parents[2]
SETTINGS = "municipality: {id: prov, name: Prov}\nsources:\n  - {name: ledger, dialect: lankadedata-1.1}\n"


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    """A municipality without a published month and without accounts."""
    (tmp_path / "inbox").mkdir()
    (tmp_path / "municipality.yaml").write_text(SETTINGS, encoding="utf-8")
    return tmp_path / "municipality.yaml"


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def test_local_sign_in_without_an_account_is_refused_in_one_line(settings, capsys):
    assert main(["review", "--settings", str(settings)]) == 4
    told = capsys.readouterr()
    assert told.err.count("\n") == 1
    assert "fut review --add-user LOGIN --roles admin" in told.err
    assert told.out == ""


@pytest.mark.parametrize("said", ["sign_in: proxy", "sign_in: oidc"])
def test_sign_in_elsewhere_needs_no_account(settings, said, monkeypatch):
    settings.write_text(f"{SETTINGS}review: {{{said}, proxies: [127.0.0.1], issuer: https://in.test, client_id: x}}\n")
    served = []
    monkeypatch.setattr("uvicorn.run", lambda app, **options: served.append(options["host"]))
    before = signal.getsignal(signal.SIGTERM)
    try:
        assert main(["review", "--settings", str(settings)]) == 0
    finally:
        signal.signal(signal.SIGTERM, before)
    assert served == ["127.0.0.1"]


def test_an_account_is_made_and_its_roles_are_judged(settings, capsys):
    assert main(["review", "--settings", str(settings), "--add-user", "anna", "--roles", "king"]) == 2
    assert "Välj minst en roll" in capsys.readouterr().err
    assert main(["review", "--settings", str(settings), "--add-user", "anna", "--roles", "admin,lead"]) == 0
    assert re.search(r"first password of anna: \S{12,}\n", capsys.readouterr().out)


def test_it_starts_answers_and_ends_with_zero(settings, capsys):
    assert main(["review", "--settings", str(settings), "--add-user", "anna", "--roles", "admin"]) == 0
    port = free_port()
    args = ["review", "--settings", str(settings), "--port", str(port)]
    script = [sys.executable, "-c", f"import sys; from commands.main import main; sys.exit(main({args!r}))"]
    server = subprocess.Popen(
        script, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )  # fmt: skip
    try:
        assert f"http://127.0.0.1:{port}/" in server.stdout.readline()
        for _ in range(600):
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/logga-in", timeout=5) as answer:
                    page = answer.read().decode()
                break
            except OSError:
                assert server.poll() is None, server.stderr.read()
                time.sleep(0.05)
        assert "<h1>Logga in</h1>" in page
        server.send_signal(signal.SIGTERM)
        assert server.wait(30) == 0
        assert server.stderr.read() == ""
    finally:
        server.kill()
        server.communicate()
