"""The queue and the month's list: what they show, filter, sort, hand out and keep from whom."""

import io
import json
import re
import shutil
from types import SimpleNamespace

import openpyxl
import pytest
from sqlalchemy import select

from review.shelf.build import SCORE, _listed
from review.store import log
from review.store.schema import conflicts
from review.work import decisions, items
from review.work.verdicts import judgement
from tests.review.case_tools import person

ROW = re.compile(r'id="r-(\d+)"')


def places(answer):
    return [int(place) for place in ROW.findall(answer.text)]


@pytest.fixture
def rows(first):
    return first.shelf.ask("SELECT * FROM listed ORDER BY place")


def test_the_list_stands_in_rank_order_with_the_control_arm_last_and_blind(world, rows):
    answer = world.as_("officer").get("/flaggor")
    assert places(answer) == [row["place"] for row in rows]
    assert [row["arm"] for row in rows[-2:]] == ["random", "random"]
    for row in rows[-2:]:
        shown = answer.text.split(f'id="r-{row["place"]}"')[1].split("</tr>")[0]
        assert "Slumpurval" in shown
        assert not re.search(r"\bS[PU]\d\d\b|[0-9]\s%", shown)
    assert "11 av 11" in answer.text.replace("\xa0", " ")


@pytest.mark.parametrize(
    ("name", "column", "falls"),
    [("belopp", "amount_ore", True), ("risk", "at_risk_ore", True), ("sannolikhet", "probability", True),
     ("timme", "per_hour_ore", True), ("mottagare", "payee_key", False), ("rang", "rank", False)],
)  # fmt: skip
def test_each_column_sorts_both_ways_with_what_has_no_value_last(world, rows, name, column, falls):
    known = [row for row in rows if row[column] is not None]
    for turned in (False, True):
        answer = world.as_("officer").get("/flaggor", sortera=f"-{name}" if turned else name)
        shown = [next(r for r in rows if r["place"] == place)[column] for place in places(answer)]
        assert shown[: len(known)] == sorted((r[column] for r in known), reverse=falls != turned)
        assert shown[len(known) :] == [None] * (len(rows) - len(known))
        said = "descending" if falls != turned else "ascending"
        assert re.search(rf'aria-sort="{said}"><a id="s-{name}"', answer.text)


def test_filters_leave_the_rows_they_name(world, rows):
    browser = world.as_("officer")
    code = rows[0]["codes"].split()[0]
    wanted = [row["place"] for row in rows if code in row["codes"].split()]
    assert wanted
    assert places(browser.get("/flaggor", indikator=code)) == wanted
    assert places(browser.get("/flaggor", urval="random")) == [row["place"] for row in rows[-2:]]
    middle = sorted(row["amount_ore"] for row in rows)[5]
    low = [row["place"] for row in rows if row["amount_ore"] >= middle]
    assert places(browser.get("/flaggor", fran=f"{middle // 100},{middle % 100:02d} kr")) == low
    sign = rows[0]["classes"][0]
    assert places(browser.get("/flaggor", bevis=sign)) == [row["place"] for row in rows if sign in row["classes"]]
    assert places(browser.get("/flaggor", sok=rows[3]["payment_id"].upper())) == [rows[3]["place"]]
    assert "Inga betalningar motsvarar" in browser.get("/flaggor", sok="finns inte").text
    assert "Skriv kronor" in browser.get("/flaggor", fran="1e9").text
    assert len(places(browser.get("/flaggor", fran="1e9", sida="99", sortera="x", status="y", tilldelad="²"))) == 11
    assert browser.get("/flaggor", manad="2026-09").status_code == 200
    assert browser.get("/flaggor", manad="2020-01").status_code == 404


def test_no_search_for_a_reason_finds_the_control_arm(world, rows):
    codes = {code for row in rows for code in row["codes"].split()}
    for code in codes:
        found = places(world.as_("officer").get("/flaggor", sok=code))
        assert not {row["place"] for row in rows if row["arm"] == "random"} & set(found)


def test_status_and_person_filter_what_has_been_touched(world, rows):
    browser = world.as_("officer")
    sent = browser.post("/flaggor/ta", {"vald": [rows[0]["payment_id"], rows[2]["payment_id"]], "q": "sortera=belopp"})
    assert (sent.status_code, sent.headers["location"]) == (303, "/flaggor?sortera=belopp")
    assert "2\xa0betalningar är dina nu" in browser.get("/flaggor").text
    assert places(browser.get("/flaggor", tilldelad="jag")) == [1, 3]
    assert places(browser.get("/flaggor", status="open")) == [1, 3]
    assert 1 not in places(browser.get("/flaggor", status="new", tilldelad="ingen"))
    assert places(world.as_("officer2").get("/flaggor", tilldelad="jag")) == []
    assert places(browser.get("/flaggor", status="kvar")) == [row["place"] for row in rows]


def test_nobody_takes_what_a_colleague_has(world, rows):
    taken = {"vald": [rows[0]["payment_id"]]}
    world.as_("officer").post("/flaggor/ta", taken)
    other = world.as_("officer2")
    other.post("/flaggor/ta", taken)
    assert "lämnades" in other.get("/flaggor").text
    with world.store.read() as connection:
        assert items.touched(connection, "2026-10")[rows[0]["payment_id"]].assigned_to == world.ids["officer"]


def test_only_a_lead_gives_payments_to_others(world, rows):
    form = {"vald": [rows[0]["payment_id"]], "till_person": str(world.ids["officer2"])}
    assert world.as_("officer").post("/flaggor/tilldela", form).status_code == 403
    assert world.as_("auditor").post("/flaggor/ta", form).status_code == 403
    lead = world.as_("lead")
    assert lead.post("/flaggor/tilldela", form).status_code == 303
    assert places(world.as_("officer2").get("/flaggor", tilldelad="jag")) == [1]
    for wrong in ({"till_person": ""}, {"till_person": str(world.ids["auditor"])}, {"vald": []}):
        assert lead.post("/flaggor/tilldela", form | wrong).status_code == 422
    lead.post("/flaggor/tilldela", form | {"till_person": "ingen"})
    assert places(world.as_("officer2").get("/flaggor", tilldelad="jag")) == []


def barred(world, login, payee_ref):
    with world.store.write(world.ids["admin"]) as change:
        told = {"note": "Släkt.", "registered_by": world.ids["admin"], "registered_at": change.at}
        change.connection.execute(
            conflicts.insert().values(user_id=world.ids[login], payee_ref=payee_ref, ended_at=None, **told)
        )


def test_who_has_an_interest_neither_sees_nor_is_given_the_payees_payments(world, rows):
    payee = rows[0]["payee_ref"]
    barred(world, "officer", payee)
    mine = [row["place"] for row in rows if row["payee_ref"] != payee]
    browser = world.as_("officer")
    assert places(browser.get("/flaggor")) == mine
    assert "Ingen har tagit" in browser.get("/").text
    form = {"vald": [rows[0]["payment_id"]], "till_person": str(world.ids["officer"])}
    world.as_("lead").post("/flaggor/tilldela", form)
    browser.post("/flaggor/ta", form)
    with world.store.read() as connection:
        assert items.touched(connection, "2026-10") == {}
    book = openpyxl.load_workbook(io.BytesIO(browser.get("/flaggor.xlsx").content))
    assert book["Lista"].max_row == 1 + len(mine)


def test_the_line_of_the_hours_stands_before_the_first_row_they_do_not_reach(make_world, own_var, rows):
    shutil.rmtree(own_var / "review", ignore_errors=True)
    path = own_var / "published" / "prov" / "2026-10" / "r-5f2c91" / "manifest.json"
    told = json.loads(path.read_text("utf-8"))
    minutes = sum(row["minutes"] for row in rows[:3])
    told["settings"]["capacity"] = {"hours_per_month": str((minutes + 1) / 60), "control_share": "0"}
    path.write_text(json.dumps(told), "utf-8")
    browser = make_world(f"sqlite:///{own_var / 'other.sqlite'}", own_var).as_("officer")
    page = browser.get("/flaggor").text
    assert page.count("Hit räcker tiden") == 1
    assert places(SimpleNamespace(text=page.split("Hit räcker tiden")[0])) == [1, 2, 3]
    for other in ({"sortera": "belopp"}, {"sortera": "-rang"}, {"urval": "random"}):
        assert "Hit räcker tiden" not in browser.get("/flaggor", **other).text


def test_views_are_kept_for_their_owner_alone(world):
    browser = world.as_("officer")
    kept = {"namn": " Dyra  <b> ", "q": "manad=2026-09&fran=1000&sortera=belopp&sida=3&onsdag=1"}
    assert browser.post("/flaggor/vyer", kept).status_code == 303
    page = browser.get("/flaggor").text
    assert 'href="/flaggor?fran=1000&amp;sortera=belopp">Dyra &lt;b&gt;</a>' in page
    assert "Dyra" not in world.as_("officer2").get("/flaggor").text
    wrong = browser.post("/flaggor/vyer", {"namn": " ", "q": "fran=1000"})
    assert (wrong.status_code, "Ge vyn ett namn" in wrong.text) == (422, True)
    browser.post("/flaggor/vyer/bort", {"namn": "Dyra <b>"})
    browser.get("/flaggor")
    assert "Dyra" not in browser.get("/flaggor").text


def test_excel_holds_exactly_the_filtered_rows_as_text_and_is_logged(world, rows):
    browser = world.as_("officer")
    answer = browser.get("/flaggor.xlsx", sortera="-belopp", urval="risk")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content))["Lista"]
    wanted = sorted((r for r in rows if r["arm"] == "risk"), key=lambda r: (r["amount_ore"], r["place"]))
    lines = list(sheet.iter_rows(min_row=2))
    assert [line[2].value for line in lines] == [row["payment_id"] for row in wanted]
    assert [round(line[7].value * 100) for line in lines] == [row["amount_ore"] for row in wanted]
    assert {cell.data_type for line in lines for cell in line} <= {"s", "n"}
    assert any(str(line[3].value).startswith("=2+3") for line in lines)
    assert browser.get("/flaggor.xlsx", sortera="-belopp", urval="risk").content == answer.content
    control = openpyxl.load_workbook(io.BytesIO(browser.get("/flaggor.xlsx", urval="random").content))["Lista"]
    for line in control.iter_rows(min_row=2):
        assert [line[n].value for n in (0, 8, 9, 10, 11)] == [None] * 5
    with world.store.read() as connection:
        kinds = [row.kind for row in connection.execute(select(log.events)) if row.kind == "list.exported"]
    assert len(kinds) == 3


def test_the_queue_reaches_zero(world, rows):
    browser = world.as_("officer")
    assert "Ingen har tagit" in browser.get("/").text
    assert "Kön är tom" not in browser.get("/").text
    for _row in rows:
        went = browser.post("/ta-nasta")
        assert went.status_code == 303
        assert went.headers["location"].startswith("/betalning/2026-10/")
    assert browser.post("/ta-nasta").headers["location"] == "/"
    assert "Ingen betalning är ledig" in browser.get("/").text
    assert "Kön är tom" in world.as_("officer2").get("/").text
    assert "Din roll har ingen kö" in world.as_("engineer").get("/").text
    assert world.as_("controller").post("/ta-nasta").status_code == 403


def test_the_queue_tells_what_is_due_from_what_waits(world, rows, first):
    with world.store.write(world.ids["officer"]) as change:
        who = person(world, "officer")
        for row, status, on in ((rows[0], "waiting", "2026-11-22"), (rows[1], "follow_up", "2026-11-23")):
            items.put_off(change, who, first.shelf, row["payment_id"], 0, status, on)
    page = world.as_("officer").get("/").text
    assert 'id="due-1"' in page.split('id="due-h"')[1].split("</section>")[0]
    assert 'id="later-1"' in page
    assert 'id="wait-1"' not in page
    world.clock.at = "2026-11-22T23:10:00Z"
    assert 'id="due-2"' in world.as_("officer").get("/").text


def test_proposals_wait_for_another_person_with_the_right(world, first):
    form = {
        "verdict": "error_recovery",
        "error_sek": "100",
        "cause": "provider",
        "note": "Fel.",
        "was_worth_looking": "yes",
    }
    with world.store.write(world.ids["lead"]) as change:
        said = judgement(form, first.amount_ore)
        decisions.decide(change, person(world, "lead"), first.shelf, first.payment_id, 0, said)
    seen = {who: 'id="prop-1"' in world.as_(who).get("/").text for who in ("lead", "lead2", "officer", "auditor")}
    assert seen == {"lead": False, "lead2": True, "officer": False, "auditor": False}
    assert "Fel med återkrav, Prov Lead" in world.as_("lead2").get("/").text


def test_hostile_texts_are_shown_as_texts(world, first):
    page = (
        world.as_("officer").get("/flaggor", sok="<script>alert(1)</script>", tilldelad='"><i>', manad="2026-10").text
    )
    assert "<script>alert" not in page
    assert '"><i>' not in page
    assert "&lt;b&gt;Söner&lt;/b&gt;" in world.as_("officer").get("/flaggor").text


@pytest.mark.parametrize(
    ("vouchers", "shown"), [(["V1", "V1"], ["a1", "a2"]), (["V1", "V2"], ["V1", "V2"]), ([None, None], ["a1", "a2"])]
)
def test_a_voucher_that_many_lines_share_names_none_of_them(vouchers, shown):
    """A month's home-care lines to one provider are one voucher: the list showed its number on every row."""
    row = dict.fromkeys((*SCORE, "reasons", "speaks_against", "payee_name", "invoice_no", "service_month", "bundle_id"))
    row |= {"arm": "risk", "payee_ref": "org:1", "risk_area": "home_care", "amount_sek": "1.00"}
    rows = [row | {"payment_id": f"a{n}", "voucher_no": voucher} for n, voucher in enumerate(vouchers, 1)]
    laid = [dict(zip(("invoice_no", "words"), made[-2:], strict=True)) for made in _listed(rows, {}, {})]
    assert [made["invoice_no"] or row["payment_id"] for made, row in zip(laid, rows, strict=True)] == shown
    assert all(voucher.lower() in made["words"] for made, voucher in zip(laid, vouchers, strict=True) if voucher)
