"""Forms as the pages offer them, filled in likely, with one or two values that nobody expects: an answer, never a 500.

What is sent may be kept: a case goes on from step to step, so that later forms are reached too.
"""

import os
import random
from collections import Counter
from html.parser import HTMLParser
from urllib.parse import quote, quote_from_bytes

from tests.review.test_fuzz import NASTY, URLENCODED, people  # noqa: F401 - a fixture

LONGEST = 16_000  # of an address: the test's own client takes no longer ones
FORMS_SENT = 8 * int(os.environ.get("FUZZ_EXAMPLES", "40"))
LOGINS = ["officer", "lead", "lead2", "officer2", "admin", "controller", "auditor", "engineer"]
HOSTILE = [
    *NASTY, "🙂".encode() * 60, b"9" * 10, b"9" * 19, b"9" * 20, b"-" + b"9" * 15, b"99999999999,99", b"100000", b"0,004",
    b"\xed\xbf\xbf", b"\xf4\x8f\xbf\xbf", b"\xf8\x88\x80\x80\x80", b"e\xcc\x81" * 150, b"x" * 201, b"y" * 301, b"z" * 100_000,
    b"2026-02-30", b"9999-12-31", b"0001-01-01", "\u2028\u2029\ufeff\u0085".encode(), b"\x01\x02\x03", b"a\tb\nc\rd", b"\\", b"$$",
    b"NULL", b"None", b"True", b"1; SELECT pg_sleep(9)", b"{}", b'{"a":1}', b"%00", b"&amp;", b"2147483648", b"9223372036854775808",
]  # fmt: skip
WORDS = {"date": b"2026-12-01", "password": b"ett langt losenord", "number": b"3"}


def odd(rng: random.Random) -> bytes:
    """Return a value that nobody expects."""
    if rng.random() < 0.7:
        return rng.choice(HOSTILE)
    if rng.random() < 0.5:
        return rng.randbytes(rng.randrange(40))
    planes = (0x100, 0x800, 0x10000, 0x110000)
    return "".join(chr(rng.randrange(rng.choice(planes))) for _ in range(rng.randrange(40))).encode(
        errors="surrogatepass"
    )


class Forms(HTMLParser):
    """A page's forms: where each is sent, and what may be chosen for every name (None: anything may be typed)."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, tuple[str, str, list[tuple[str, str, list[str]]]]] = {}
        self.now = self.select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.now = said.get("id") or f"form-{len(self.found)}"
            self.found[self.now] = (said.get("method", "get").upper(), said.get("action", ""), [])
        form, name = said.get("form", self.now), said.get("name", "")
        if tag == "option" and self.select and self.now in self.found:
            self.found[self.now][2][-1][2].append(said.get("value", ""))
        if not name or form not in self.found:
            return
        fields = self.found[form][2]
        if tag == "select":
            self.select = name
            fields.append((name, "select", []))
        elif tag in ("input", "textarea", "button"):
            kind = said.get("type", "text") if tag == "input" else tag
            fields.append((name, kind, [said.get("value", "")]))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.now = ""
        if tag == "select":
            self.select = ""


def likely(rng: random.Random, name: str, kind: str, offered: list[str]) -> bytes | None:
    """Return what a person would send of a field, None when it is left alone."""
    if kind in ("checkbox", "radio", "button") and rng.random() < 0.3:
        return None
    if kind == "select":
        return rng.choice(offered or [""]).encode()
    if kind in ("hidden", "checkbox", "radio", "button"):
        return offered[0].encode()
    typed = b"100,50" if "sek" in name else b"30" if "minutes" in name else WORDS.get(kind, b"Skrivet")
    return rng.choice([offered[0].encode() or typed, typed, typed])


def test_no_form_of_ours_is_a_fault_of_ours(people, first):  # noqa: F811
    rng = random.Random(1)
    payments = first.shelf.ask("SELECT payment_id FROM listed ORDER BY place")
    pages = [
        "/", "/flaggor", "/blind", "/arenden", "/arende/1", "/arende/1", "/arende/1", "/arende/2", "/jav", "/anvandare", "/identitet",
        "/logg", "/logga-in", "/uppfoljning", "/korningar", "/lagesbild", f"/utforare/{quote(first.payee_ref, safe='')}",
        *(f"/betalning/{first.shelf.month}/{quote(row['payment_id'], safe='')}" for row in payments[:5]),
    ]  # fmt: skip
    answers: Counter = Counter()
    for _ in range(FORMS_SENT):
        login, path = rng.choice([*LOGINS, *LOGINS[:2]]), rng.choice(pages)
        page = people.send(login, "GET", path)
        assert page.status_code != 500, (login, path)
        parser = Forms()
        parser.feed(page.text)
        forms = [form for form in parser.found.values() if form[1] != "/logga-ut"]
        if not forms:
            continue
        method, address, offered = rng.choice(forms)
        fields = [(name, likely(rng, name, *rest)) for name, *rest in offered]
        fields = [(name, value) for name, value in fields if value is not None]
        for at in [rng.randrange(len(fields)) for _ in range(rng.randrange(3))] if fields else ():
            fields[at] = (fields[at][0], odd(rng))
        sent = "&".join(f"{name}={quote_from_bytes(value, safe='')}" for name, value in fields)
        if method == "GET":
            answer = people.send(login, "GET", f"{address or path}?{sent[:LONGEST]}")
        else:
            answer = people.send(login, "POST", address or path, sent.encode(), URLENCODED)
        assert answer.status_code != 500, (login, method, address, fields)
        answers[method, answer.status_code] += 1
    assert answers["POST", 303] > FORMS_SENT // 10, answers
    assert answers["POST", 422] > 0
