"""Whatever an address or a form holds, for whatever role: an answer, never a fault of ours (500)."""

import os
from urllib.parse import quote_from_bytes

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from review.access import sessions
from review.store.schema import users
from review.web.routes import found
from review.work.people import Role
from tests.review.case_tools import bar, opened

NASTY = [
    b"", b"\x00", b"a\x00b", b"\xed\xa0\x80", b"\xff\xfe", b"\xe2\x80\xae\xd9\xa1", "١٢٣".encode(), "²".encode(), b"-1",
    b"0", b"1", b"2", b"9" * 15, b"9" * 400, b"1e9", b"nan", b"inf", b"-0,01", b"1" * 16 + b",5", b"../../etc/passwd", b"%2e%2e%2f",
    b"2026-10", b"2026-09", b"2026-13", b"0000-00", b"2026-10-31", b"9999-12-31", b"0001-01-01", b"2026-W01-1", b"20261231",
    b"'; DROP TABLE users; --", b"<script>alert(1)</script>", b"{{7*7}}", b"=1+1", b"%", b"_", b"*", b'"', b"[]", b"null",
    "ﷺ".encode() * 300, b"a" * 5000, b"\r\nSet-Cookie: a=b", b"\x1b[31m", b"\x7f", b"officer", b"explained", b"risk", b"random",
    b"save", b"shut", b"open", b"asc", b"-amount", b"mine", b"all", b"//evil.example", b"/logga-ut",
]  # fmt: skip
NAMES = [
    "month", "manad", "sida", "sok", "sort", "sortera", "riktning", "status", "tilldelad", "arm", "before", "kind", "actor", "subject",
    "first", "last", "till", "state", "code", "token", "mottagare", "lage", "vem", "tid", "korning", "ar", "from", "belopp", "vy", "q",
    "payment_id", "payee_ref", "version", "verdict", "was_worth_looking", "error_sek", "cause", "intent", "explanation", "note",
    "ruled_out", "spent_minutes", "to", "on", "title", "case_id", "body", "do", "kind", "demanded_sek", "recovered_sek", "answer",
    "responsible", "is_sensitive", "registry_no", "due_on", "task_id", "outcome", "assessment", "text", "roles", "login", "name",
    "password", "purpose", "person", "pause", "indicator", "until", "query", "decision_id", "id", "measure", "confirm", "next",
]  # fmt: skip
VALUES = st.one_of(st.sampled_from(NASTY), st.sampled_from(NASTY), st.binary(max_size=30), st.text(max_size=30).map(
    lambda text: text.encode("utf-8", "surrogatepass")))  # fmt: skip
FIELDS = st.lists(st.tuples(st.sampled_from(NAMES), VALUES), max_size=8)
URLENCODED = "application/x-www-form-urlencoded"
KINDS = [URLENCODED, URLENCODED, URLENCODED, URLENCODED, f"{URLENCODED}; charset=utf-16", "text/plain", "", "multipart/form-data",
         "multipart/form-data; boundary=x", "multipart/form-data; boundary=x; charset=unicode_escape",
         "multipart/form-data; boundary=x; charset=punycode", "multipart/form-data; boundary=x; charset=zip"]  # fmt: skip
LOGINS = ["", *(role.value for role in Role)]
EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "40"))
AT_EACH = 4
PAGES = [page for page in found() if page.path != "/logga-ut"]


def escaped(value: bytes) -> str:
    return quote_from_bytes(value, safe="")


def body_of(fields: list[tuple[str, bytes]], kind: str) -> bytes:
    """Return a form's body in the form its kind says."""
    if "boundary" not in kind:
        return "&".join(f"{name}={escaped(value)}" for name, value in fields).encode()
    head = b'--x\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n'
    return b"".join(head % (name.encode(), value) for name, value in fields) + b"--x--\r\n"


class People:
    """A client that is signed in as whoever is asked for; a session that has ended is begun anew."""

    def __init__(self, world) -> None:
        self.world, self.tokens = world, {}
        self.client = TestClient(
            world.app, base_url="http://127.0.0.1", follow_redirects=False, raise_server_exceptions=False
        )

    def send(self, login, method, address, body=None, kind=URLENCODED, csrf=True):
        self.client.cookies.clear()
        session = sessions.find(self.world.store, self.tokens.get(login, ""), 30)
        if login and session is None:
            with self.world.store.write() as change:
                change.connection.execute(
                    users.update().where(users.c.id == self.world.ids[login]).values(is_active=True, roles=login)
                )
                self.tokens[login] = sessions.begin(change, self.world.ids[login])
            session = sessions.find(self.world.store, self.tokens[login], 30)
        if session:
            self.client.cookies.set(sessions.COOKIE, self.tokens[login])
        headers = {"content-type": kind} | ({"x-csrf": session.csrf} if session and csrf else {})
        return self.client.request(method, address, content=body, headers=headers if method == "POST" else None)


@pytest.fixture
def people(world, first):
    """People in a world where there is a case, a payment taken, an interest and a view."""
    opened(world, first.shelf, first.payment_id, first.payee_ref)
    second = first.shelf.one("SELECT * FROM listed WHERE payee_ref <> ? ORDER BY place LIMIT 1", (first.payee_ref,))
    if second:
        bar(world, "lead", second["payee_ref"])
    return People(world)


@settings(
    max_examples=EXAMPLES, deadline=None, derandomize=True, database=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)  # fmt: skip
@given(data=st.data())
def test_no_address_and_no_form_is_a_fault_of_ours(world, people, first, data):
    real = [first.payment_id.encode(), first.payee_ref.encode(), first.shelf.month.encode(), b"1", b"3"]
    parts = st.one_of(st.sampled_from(real), st.sampled_from(real), VALUES)
    for page in PAGES[data.draw(st.integers(0, AT_EACH - 1)) :: AT_EACH]:
        address = page.path
        while "{" in address:
            before, _, rest = address.partition("{")
            name, _, after = rest.partition("}")
            likely = {"month": b"2026-10", "payment_id:path": real[0], "payee_ref:path": real[1]}.get(name, b"1")
            address = before + escaped(data.draw(st.one_of(st.just(likely), parts))) + after
        login = data.draw(st.sampled_from([*LOGINS, "officer", "lead"]))
        fields = data.draw(FIELDS)
        if page.method == "GET":
            asked = "&".join(f"{name}={escaped(value)}" for name, value in fields)
            answer = people.send(login, "GET", f"{address}?{asked}")
        else:
            fields += [("payment_id", data.draw(st.sampled_from(real)))] * data.draw(st.integers(0, 2))
            fields += [("version", data.draw(st.sampled_from([b"0", b"1", b"2"])))] * data.draw(st.integers(0, 1))
            kind, csrf = data.draw(st.sampled_from(KINDS)), data.draw(st.integers(0, 5)) > 0
            answer = people.send(login, "POST", address, body_of(fields, kind), kind, csrf)
        assert answer.status_code != 500, (login, page.method, address, fields)


def test_a_step_without_a_choice_is_told_of(world, people):
    assert people.send("officer", "POST", "/arende/1/steg", b"version=1").status_code == 422


def test_what_does_not_fit_its_column_is_refused(people, first):
    said = {"payment_id": first.payment_id, "month": first.shelf.month}
    form = "&".join(f"{name}={escaped(value.encode())}" for name, value in said.items())
    answer = people.send("officer", "POST", "/arende/nytt", f"{form}&payee_ref={'y' * 301}".encode())
    assert answer.status_code in (403, 422)
    assert people.send("officer", "GET", "/arende/2").status_code == 404


@pytest.mark.parametrize("kind", KINDS[4:])
def test_a_form_of_another_kind_is_refused(people, kind):
    answer = people.send("lead", "POST", "/ta-nasta", b"--x\r\n\r\n", kind)
    assert answer.status_code == (303 if kind.startswith(URLENCODED) else 415)


@pytest.mark.parametrize("length", ["\u00b2", "9" * 5000, "-1", "x", ""])
def test_a_length_that_is_none_is_refused(world, length):
    client = TestClient(world.app, base_url="http://127.0.0.1", raise_server_exceptions=False)
    headers = {"content-length": length.encode("latin-1"), "content-type": URLENCODED}
    assert client.post("/logga-in", content=b"login=x", headers=headers).status_code == 413
