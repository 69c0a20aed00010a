"""The log's screen: filters, pages, the check of the chain, and the file."""

import csv
import html
import io
import json
import re
from pathlib import Path

import pytest
from sqlalchemy import text

from reporting.csv_text import safe
from reporting.format import kr, month_name
from review.shelf.keys import sek
from review.store.schema import anchors
from review.web.ask import payee_path, payment_path
from review.work import conflicts
from review.work.log_told import particulars
from review.work.log_words import KINDS
from review.work.logbook import PAGE
from review.work.states import day_begins
from tests.review.case_tools import opened, person


def fill(world, count, kind="item.taken", subject="payment:2026-10:x", **payload):
    with world.store.write(world.ids["officer"]) as change:
        for _ in range(count):
            change.record(kind, subject, **payload)


def kinds(world):
    with world.store.read() as connection:
        return [row.kind for row in connection.execute(text("SELECT kind FROM events ORDER BY seq"))]


def test_only_the_auditor_sees_the_log_and_reading_it_is_logged(world):
    for login in ("officer", "lead", "controller", "engineer", "admin"):
        assert world.as_(login).get("/logg").status_code == 403
        assert world.as_(login).get("/logg.csv").status_code == 403
        assert world.as_(login).post("/logg/kontroll").status_code == 403
    page = world.as_("auditor").get("/logg", kind="user", last="2026-11-22")
    assert page.status_code == 200
    assert "Konto upplagt" in page.text
    assert kinds(world)[-1] == "read.log"
    with world.store.read() as connection:
        told = connection.execute(text("SELECT payload FROM events ORDER BY seq DESC LIMIT 1")).scalar_one()
    assert json.loads(told) == {"query": {"kind": "user", "last": "2026-11-22"}}


def test_filters_narrow_by_kind_actor_subject_and_day(world):
    fill(world, 1, note="min <b>text</b>")
    world.clock.at = "2026-11-24T08:00:00Z"
    fill(world, 1, "case.opened", "case:7")
    auditor = world.as_("auditor")

    def numbers(**query):
        page = auditor.get("/logg", **query).text
        return page.count('<tr id="log-')

    assert numbers(kind="item.taken") == numbers(kind="item") == 1
    assert numbers(kind="ite") == 0
    assert numbers(subject="case:") == 1
    assert numbers(subject="%") == 0
    assert numbers(actor=str(world.ids["officer"])) == 2
    assert numbers(first="2026-11-23", last="2026-11-24", actor=str(world.ids["officer"])) == 1
    assert numbers(last="2026-11-23", actor=str(world.ids["officer"])) == 1
    shown = auditor.get("/logg", kind="item").text
    assert "min &lt;b&gt;text" in shown
    wrong = auditor.get("/logg", first="i går")
    assert (wrong.status_code, 'aria-invalid="true"' in wrong.text) == (422, True)
    assert auditor.get("/logg", first="9999-12-31", last="9999-12-31").status_code == 200


def test_pages_of_a_hundred_lead_to_the_oldest(world):
    fill(world, PAGE + 5)
    auditor = world.as_("auditor")
    first = auditor.get("/logg", kind="item.taken").text
    assert first.count('<tr id="log-') == PAGE
    onward = first.split("before=")[1].split('"')[0]
    second = auditor.get("/logg", kind="item.taken", before=onward).text
    assert second.count('<tr id="log-') == 5
    assert "Äldre poster" not in second
    assert "Till de nyaste" in second


def test_the_check_finds_a_changed_entry_and_a_contradicted_anchor(world):
    fill(world, 3)
    auditor = world.as_("auditor")
    good = auditor.post("/logg/kontroll").text
    assert "Kedjan håller:" in good
    assert "ännu inte förankrad" in good
    with world.store.write() as change:
        for seq, where in ((2, "akt 1"), (99, "akt 2")):
            change.connection.execute(anchors.insert().values(seq=seq, hash="f" * 64, where=where, at=change.at))
    told = auditor.post("/logg/kontroll").text
    assert "Post 2: stämmer inte med den kontrollsumma som förankrats" in told
    assert "Post 99: förankrad utanför databasen men saknas här" in told
    with world.store.write() as change:
        guard = {"sqlite": "events_no_update", "postgresql": "events_no_change ON events"}
        change.connection.execute(text(f"DROP TRIGGER {guard[change.connection.dialect.name]}"))
        change.connection.execute(text("UPDATE events SET subject = 'payment:2026-10:y' WHERE seq = 3"))
    assert "Post 3: innehållet stämmer inte" in auditor.post("/logg/kontroll").text
    assert kinds(world).count("log.verified") == 3


def test_an_anchor_in_a_published_run_is_held_against_the_log(make_world, own_var):
    world = make_world(var=own_var)
    path = own_var / "published" / "prov" / "2026-10" / "r-5f2c91" / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"decisions_log": {"seq": 1, "hash": "0" * 64}}))
    assert "Post 1: stämmer inte" in world.as_("auditor").post("/logg/kontroll").text


def test_the_file_has_every_entry_asked_for_and_runs_nothing(world):
    fill(world, 2, note="=HYPERLINK(1)")
    fill(world, 1, "item.taken", '=cmd|"/c calc"!A1')
    answer = world.as_("auditor").get("/logg.csv", kind="item")
    assert answer.headers["content-disposition"] == 'attachment; filename="logg.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff")), delimiter=";"))
    assert [row["person"] for row in rows] == ["Prov Officer"] * 3
    assert rows[2]["vad"] == '\'=cmd|"/c calc"!A1'
    assert json.loads(rows[0]["uppgifter"]) == {"note": "=HYPERLINK(1)"}
    assert kinds(world)[-1] == "log.exported"


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("=1", "'=1"),
        (" =1", "' =1"),
        ("-1", "'-1"),
        ("@a", "'@a"),
        ("\t=1", "'\t=1"),
        ("a=1", "a=1"),
        (None, ""),
        (7, "7"),
    ],
)
def test_cells_a_spreadsheet_could_run_are_text(cell, text):
    assert safe(cell) == text


def test_every_act_that_is_logged_has_a_name():
    source = "\n".join(path.read_text("utf-8") for path in (Path(__file__).parents[2] / "review").rglob("*.py"))
    kinds = set(re.findall(r'record\(\s*"([a-z_]+\.[a-z_]+)"', source))
    kinds |= {kind for pair in re.findall(r'kind = "([a-z_.]+)" if .* else "([a-z_.]+)"', source) for kind in pair}
    kinds |= {f"read.{kind}" for kind in re.findall(r'ask\.read\("([a-z_]+)"', source)}
    assert len(kinds) > 30
    assert sorted(kinds - KINDS.keys()) == []


def test_who_saw_what_about_a_payee_is_one_question(world, first):
    """Its page, its case, a payment somebody acted on, one only read; nothing of anybody else, in the file too."""
    shelf = first.shelf
    own = shelf.ask("SELECT payment_id FROM payments WHERE payee_ref = ?", (first.payee_ref,))
    other = shelf.one("SELECT payee_ref, payment_id FROM listed WHERE payee_ref <> ? LIMIT 1", (first.payee_ref,))
    officer = world.as_("officer")
    for payment, payee in ((first.payment_id, first.payee_ref), (other["payment_id"], other["payee_ref"])):
        assert officer.get(payment_path(shelf.month, payment)).status_code == 200
        assert officer.get(payee_path(payee)).status_code == 200
    case = opened(world, shelf, first.payment_id, first.payee_ref)
    auditor = world.as_("auditor")
    subjects = {f"payee:{first.payee_ref}", f"payment:{shelf.month}:{first.payment_id}", f"case:{case}"}
    assert {first.payment_id} <= {row["payment_id"] for row in own}
    link = html.unescape(re.search(r'id="payee-log" href="([^"]*)"', auditor.get(payee_path(first.payee_ref)).text)[1])
    page = html.unescape(auditor.get(link).text)
    assert set(re.findall(r'<a class="id"[^>]*>([^<]*)</a>', page)) == subjects
    rows = csv.DictReader(
        io.StringIO(auditor.get("/logg.csv", payee=first.payee_ref).content.decode("utf-8-sig")), delimiter=";"
    )
    assert {row["vad"] for row in rows} == subjects
    assert 'id="payee-log"' not in officer.get(payee_path(first.payee_ref)).text
    assert "Inga poster i urvalet." in auditor.get("/logg", payee="%").text


def test_an_entry_names_its_payment_with_a_way_there_and_not_to_who_has_an_interest(world, first):
    """The page had ids and no more: an auditor had to look each one up."""
    shelf, subject = first.shelf, f"payment:{first.shelf.month}:{first.payment_id}"
    opened(world, shelf, first.payment_id, first.payee_ref)
    fill(world, 1, "read.payment", subject)
    fill(world, 1, "read.payment", f"payment:{shelf.month}:nobody-knows")
    fill(world, 1, "read.payee", f"payee:{first.payee_ref}")
    fill(world, 1, "list.exported", f"list:{shelf.month}")
    auditor = world.as_("auditor")
    rows = dict(re.findall(r'<tr id="log-(\d+)">(.*?)</tr>', auditor.get("/logg").text, re.DOTALL))
    told = [html.unescape(re.sub(r"[ \n]+", " ", row)) for _, row in sorted(rows.items(), key=lambda one: -int(one[0]))]
    amount = kr(sek(first.amount_ore))
    assert f'href="{payment_path(shelf.month, first.payment_id)}"><bdi>{first.payee_name}, {amount}' in told[3]
    assert "nobody-knows" in told[2]
    assert "<bdi>" not in told[2]
    assert f'href="{payee_path(first.payee_ref)}"><bdi>{first.payee_name}</bdi>' in told[1]
    assert f"<bdi>Listan för {month_name(shelf.month)}</bdi>" in told[0]
    assert any('href="/arende/1"><bdi>Ärende 1:' in row for row in told)
    assert all(re.search(r'<p class="id">[0-9a-f]{64}</p>', row) for row in told)
    with world.store.write() as change:
        conflicts.register(
            change,
            person(world, "auditor"),
            world.app.state.library,
            world.ids["auditor"],
            first.payee_ref,
            "Släkting.",
        )
    after = auditor.get("/logg").text
    assert subject in after
    assert first.payee_name not in after
    assert "Listan för" in after


def test_times_and_days_are_swedish_on_the_page_and_utc_in_the_file(world):
    world.clock.at = "2026-11-22T23:30:00Z"
    fill(world, 1)
    auditor = world.as_("auditor")
    page = auditor.get("/logg", kind="item").text
    assert '<time datetime="2026-11-22T23:30:00Z">2026-11-23 00:30</time>' in page
    counted = [auditor.get("/logg", kind="item", first=day, last=day).text.count('<tr id="log-')
               for day in ("2026-11-22", "2026-11-23", "2026-11-24")]  # fmt: skip
    assert counted == [0, 1, 0]
    rows = csv.DictReader(io.StringIO(auditor.get("/logg.csv", kind="item").text.removeprefix("\ufeff")), delimiter=";")
    assert [row["tid_utc"] for row in rows] == ["2026-11-22T23:30:00Z"]


@pytest.mark.parametrize(
    ("day", "later", "begins"),
    [
        ("2026-11-22", 0, "2026-11-21T23:00:00Z"),
        ("2026-07-01", 0, "2026-06-30T22:00:00Z"),
        ("2026-03-29", 1, "2026-03-29T22:00:00Z"),  # the day of the change to summer time is 23 hours
        ("9999-12-31", 1, "9999-12-31T23:59:59Z"),
        ("0001-01-01", 0, "0001-01-01"),
    ],
)
def test_a_local_day_begins_in_utc(day, later, begins):
    assert day_begins(day, later) == begins


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ({}, []),
        ({"note": "", "intent": None}, []),
        ({"verdict": "error_recovery"}, [("Utfall", "Fel med återkrav")]),
        ({"error_ore": 120050}, [("Fel", "1\xa0200,50\xa0kr")]),
        ({"was_worth_looking": False}, [("Värd att titta på", "Nej")]),
        ({"to": 7, "responsible": 8}, [("Till", "Prov Lead"), ("Handläggare", "8")]),
        ({"query": {"kind": "user"}}, [("Sökning", "Slag: user")]),
        ({"roles": ["lead", "officer"]}, [("Roller", "lead, officer")]),
    ],
)
def test_particulars_are_read_in_words(said, shown):
    assert particulars(json.dumps(said), {7: "Prov Lead"}) == shown
