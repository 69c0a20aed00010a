"""The case file: the same bytes for the same head, tagged, marked, inert, and anchored each time it is taken out."""

import io
import re
from hashlib import sha256
from types import SimpleNamespace

import pypdf
import pytest
from sqlalchemy import select

from review.exports import pdf
from review.exports.case_file import MARK, made
from review.store import log
from review.store.schema import anchors, documents, events
from review.work import cases, decisions, items, measures
from review.work.errors import MissingError
from review.work.verdicts import judgement
from tests.review.case_tools import does, heard, measure, opened, row, step, to_decision
from tests.review.conftest import MONTHS, publish

HOSTILE = '<script>alert(1)</script> "=1+1" \u202eabc [[x]] {{ 7*7 }} http://evil.example/x'
CLAIM = {"verdict": "error_recovery", "was_worth_looking": "yes", "error_sek": "1250,50", "cause": "provider"}


@pytest.fixture
def case(world, first):
    """A case with a payment decided by two, a hearing, a claim, and hostile text wherever text is written."""
    case_id = opened(world, first.shelf, first.payment_id, first.payee_ref)
    with world.store.read() as connection:
        now = items.item_of(connection, first.shelf, first.payment_id)
    said = judgement(CLAIM | {"note": HOSTILE}, first.amount_ore)
    item = does(world, "officer", decisions.decide, first.shelf, first.payment_id, now.version, said)
    with world.store.read() as connection:
        waiting = decisions.standing(connection, item.id)
    does(world, "lead", decisions.second, waiting.id, waiting.version, True, "")
    to_decision(world, case_id)
    claim = measure(world, "officer", case_id, "recovery_claim", demanded_sek="1250,50")
    does(world, "lead", measures.second, case_id, claim, 1, True, "")
    does(world, "officer", cases.add_note, case_id, HOSTILE)
    return case_id


def file_of(world, case_id, seq=None):
    with world.store.read() as connection:
        return made(connection, world.app.state.library, case_id, seq)


def head(world):
    with world.store.read() as connection:
        return log.head(connection)


def test_the_file_holds_what_the_case_stands_on(world, first, case):
    html = file_of(world, case).html
    now = head(world)
    for text in (
        MARK,
        first.payment_id,
        "leverantorsreskontra_2026-10.csv",
        "a7c1" * 16 + "  leverantorsreskontra_2026-10.csv",
        "Källrader",
        "Talar emot" if first.against else "Skäl att titta",
        "Lagliga förklaringar att utesluta",
        "Fel med återkrav",
        "Återkrav",
        "1\u00a0250,50\u00a0kr",
        "Rader i karantän",
        "Utanför det vanliga i månaden",
        "Vem gjorde vad",
        "Prov Lead",
        f"Post {now.seq} · {now.hash}",
        "Kodversion",
    ):
        assert text in html, text


def test_the_same_head_gives_the_same_bytes_whatever_comes_later(world, case):
    before = file_of(world, case)
    assert file_of(world, case).html == before.html
    step(world, "officer", case, "measures")
    heard(world, case)
    world.clock.at = "2027-01-01T12:00:00Z"
    does(world, "officer", cases.add_note, case, "Senare.")
    assert file_of(world, case, before.head_seq) == before
    assert "Senare." in file_of(world, case).html


def test_an_older_head_knows_only_what_was_known(world, case):
    with world.store.read() as connection:
        wanted = select(events.c.seq).where(events.c.kind == "case.opened")
        seq = connection.execute(wanted).scalar_one()
    early = file_of(world, case, seq + 1).html
    assert "Inledande granskning" in early
    assert "Fel med återkrav" not in early
    with pytest.raises(MissingError):
        file_of(world, case, seq - 1)
    with pytest.raises(MissingError):
        file_of(world, case, 10**9)


def test_a_later_run_of_the_month_changes_no_old_file(make_world, own_var):
    world = make_world(var=own_var)
    shelf = world.app.state.library.shelf()
    first = SimpleNamespace(shelf=shelf, **shelf.one("SELECT * FROM listed ORDER BY place LIMIT 1"))
    case_id = opened(world, shelf, first.payment_id, first.payee_ref)
    before = file_of(world, case_id)
    publish(own_var, MONTHS[-1], run_id="r-later", listed=4)
    assert world.app.state.library.shelf().run_id == "r-later"
    assert file_of(world, case_id, before.head_seq) == before


def test_hostile_text_is_inert(world, case):
    html = file_of(world, case).html
    assert "<script" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "{{ 7*7 }}" in html
    assert not re.search(r"\s(src|href|on\w+|style)=", html)
    assert "default-src &#39;none&#39;" in html


def test_a_payment_drawn_by_lot_tells_no_score_before_its_outcome(world):
    shelf = world.app.state.library.shelf()
    drawn = shelf.one("SELECT * FROM listed WHERE arm = 'random' ORDER BY place LIMIT 1")
    case_id = opened(world, shelf, drawn["payment_id"], drawn["payee_ref"])
    html = file_of(world, case_id).html
    assert "Slumpurval" in html
    assert "Skäl att titta" not in html
    assert "Regler bakom skälen" not in html


def test_the_pdf_is_tagged_marked_numbered_and_always_the_same(world, case):
    file = file_of(world, case)
    first, second = (pdf.pdf_of(file.html, file.identifier) for _ in range(2))
    assert first == second
    read = pypdf.PdfReader(io.BytesIO(first))
    catalog = read.trailer["/Root"]
    assert catalog["/MarkInfo"]["/Marked"] == True  # noqa: E712 - pypdf's own boolean
    assert catalog["/StructTreeRoot"]["/K"]
    assert catalog["/Lang"] == "sv"
    assert b"pdfuaid:part" in catalog["/Metadata"].get_data()
    assert read.metadata["/CreationDate"].startswith("D:20261122")
    assert not ({"/AA", "/OpenAction", "/AcroForm"} & set(catalog))
    text = [page.extract_text() for page in read.pages]
    assert all("Sekretess" in page for page in text)
    assert all(f"Sida {n} av {len(text)}" in page for n, page in enumerate(text, 1))
    assert all("/Annots" not in page for page in read.pages)
    assert head(world).hash in "".join(text).replace("\n", "")


def test_the_select_is_that_of_the_run_folded_and_only_for_indicators_of_the_case(world, first, case):
    html = file_of(world, case).html
    mine = first.codes.split()
    others = set(first.shelf.indicators) - set(mine)
    assert html.count("<details><summary>SQL</summary><pre>") == len(mine)
    for code in mine:
        assert f"SELECT &#39;{code}&#39; AS subject_key\nFROM core_payments" in html
    assert others
    assert not any(f"SELECT &#39;{code}&#39;" in html for code in others)
    text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf.pdf_of(html, "0" * 32))).pages)
    assert f"SELECT '{mine[0]}' AS subject_key" in text


def test_a_run_without_sql_or_with_flags_of_another_version_says_so(make_world, own_var):
    world = make_world(var=own_var)
    shelf = world.app.state.library.shelf()
    first = shelf.one("SELECT * FROM listed ORDER BY place LIMIT 1")
    for stated in shelf.indicators.values():
        stated["code_version"] = "another"
    html = file_of(world, opened(world, shelf, first["payment_id"], first["payee_ref"])).html
    assert "Körningen publicerade ingen SQL för regeln." in html
    assert "<details>" not in html


def test_without_its_system_libraries_one_line_says_so(world, case, monkeypatch):
    monkeypatch.setattr(pdf.subprocess, "run", lambda *_, **__: type("Done", (), {"returncode": 3, "stdout": b""}))
    answer = world.as_("officer").post(f"/arende/{case}/akt", {"kind": "pdf"})
    assert answer.status_code == 503
    assert "finns som HTML" in answer.text


def test_taking_out_a_file_anchors_the_head_it_names(world, case):
    browser, before = world.as_("officer"), head(world)
    assert browser.post(f"/arende/{case}/akt", {"kind": "html"}).status_code == 303
    with world.store.read() as connection:
        document = connection.execute(select(documents)).one()
        anchor = connection.execute(select(anchors)).one()
        assert list(log.breaks(connection, {anchor.seq: anchor.hash})) == []
        assert [b.seq for b in log.breaks(connection, {anchor.seq: "0" * 64})] == [anchor.seq]
    assert (anchor.seq, anchor.hash) == (before.seq, before.hash)
    got = browser.get(f"/arende/{case}/akt.html", head=str(document.head_seq))
    assert got.headers["content-disposition"] == f'attachment; filename="akt-1-post-{before.seq}.html"'
    assert sha256(got.content).hexdigest() == document.sha256
    again = browser.get(f"/arende/{case}/akt.html", head=str(document.head_seq))
    assert again.content == got.content
    for bad in ("", "0", "x", "999999999"):
        assert browser.get(f"/arende/{case}/akt.html", head=bad).status_code == 404
    assert world.as_("auditor").post(f"/arende/{case}/akt", {"kind": "html"}).status_code == 403
    assert browser.post(f"/arende/{case}/akt", {"kind": "exe"}).status_code == 404
    assert row(world, case).state == "decision"
