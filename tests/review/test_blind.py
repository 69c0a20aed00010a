"""The control arm: nothing tells what the machine found before the outcome is set, and all of it does afterwards."""

import json
from decimal import Decimal

import polars as pl
import pytest
from sqlalchemy import select

from reporting.loading_payment import read_payment
from reporting.loading_payments import indicator_record
from review.shelf.records import payment_record
from review.store.schema import conflicts, decisions
from review.web.ask import payment_path
from tests.reporting.sample_texts import INDICATORS

EXPLAINED = {"verdict": "explained", "was_worth_looking": "yes", "version": "0"}


@pytest.fixture
def drawn(first):
    return first.shelf.ask("SELECT * FROM listed WHERE arm = 'random' ORDER BY place")


@pytest.fixture
def published_row(first, drawn):
    return first.shelf.rows("ranked_payments", "payment_id", (drawn[0]["payment_id"],))[0]


def test_the_queue_tells_no_score_and_counts_down(world, first, drawn):
    browser = world.as_("officer")
    text = browser.get("/blind").text
    assert "2 av 2 kvar att avgöra." in text
    assert not any(f">{row[0]}<" in text for row in INDICATORS)
    for row in drawn:
        path = payment_path(first.shelf.month, row["payment_id"])
        assert f'href="{path}"' in text
        sent = browser.post(path + "/utfall", EXPLAINED)
        assert sent.status_code == 303
    assert sent.headers["location"] == f"/blind?manad={first.shelf.month}"
    text = browser.get("/blind").text
    assert "Alla 2 är avgjorda." in text
    assert text.count("<span>Förklarad</span>") == 2


def test_after_one_of_the_arm_the_next_is_of_the_arm(world, first, drawn):
    one, other = [payment_path(first.shelf.month, row["payment_id"]) for row in drawn]
    assert world.as_("officer").post(one + "/utfall", EXPLAINED).headers["location"] == other


def test_nothing_leaks_before_the_outcome_and_all_is_told_after(world, first, drawn, published_row):
    path = payment_path(first.shelf.month, drawn[0]["payment_id"])
    browser = world.as_("officer")
    blind = browser.get(path).text
    titles = [first.shelf.indicators[reason["code"]]["title_sv"] for reason in published_row["reasons"]]
    assert titles
    told = [
        "Träff:",
        "Rang</dt>",
        "Belopp i risk",
        "Hur ofta",
        "Förklaringar att utesluta",
        "Tidigare utfall",
        "Modellen",
    ]
    for hidden in (*titles, *told, "Vilken förklaring höll", "skäl som"):
        assert hidden not in blind
    assert "leverantorsreskontra_2026-10.csv, rad" in blind
    assert 'name="error_sek" inputmode="decimal" autocomplete="off" value=""' in blind
    browser.post(path + "/utfall", EXPLAINED | {"then": "stay"})
    after = browser.get(path).text
    for shown in titles:
        assert shown in after


def test_a_proposal_is_confirmed_blind(world, first, drawn, published_row):
    path = payment_path(first.shelf.month, drawn[0]["payment_id"])
    claim = {"verdict": "error_recovery", "error_sek": "10", "cause": "provider", "note": "Fel."}
    world.as_("officer").post(path + "/utfall", EXPLAINED | claim)
    title = first.shelf.indicators[published_row["reasons"][0]["code"]]["title_sv"]
    assert title not in world.as_("lead").get(path).text
    with world.store.read() as connection:
        (row,) = connection.execute(select(decisions))
    confirm = {"decision_id": str(row.id), "version": "1", "answer": "confirm"}
    assert world.as_("lead").post(path + "/forslag", confirm).status_code == 303
    assert title in world.as_("lead").get(path).text


def test_payments_of_a_payee_one_has_an_interest_in_are_counted_and_not_shown(world, drawn):
    with world.store.write(world.ids["admin"]) as change:
        said = {"user_id": world.ids["officer"], "payee_ref": drawn[0]["payee_ref"], "note": "Släkt."}
        by = {"registered_by": world.ids["admin"], "registered_at": change.at}
        change.connection.execute(conflicts.insert().values(**said, **by))
    text = world.as_("officer").get("/blind").text
    assert drawn[0]["payee_name"] not in text
    assert "1\u00a0betalning visas inte" in text


@pytest.mark.parametrize("page", ["0", "x", "99999999", "²"])
def test_a_page_that_is_none_gives_the_nearest(world, page):
    assert world.as_("officer").get("/blind", sida=page).status_code == 200


def test_a_month_that_is_none_is_missing(world):
    assert world.as_("officer").get("/blind", manad="2031-01").status_code == 404


class Tables:
    """A published run held in memory: a home-care line drawn by lot, with a visit that only a flag points at."""

    currency = "SEK"

    def __init__(self, flag_ids):
        line = {"payment_id": "L1", "arm": "random", "rank": None, "payee_ref": "p", "risk_area": "home_care"}
        columns = {"amount_sek": "10.00", "differs_by": "duplicate_visit"}
        evidence = {"payment_id": "L1", "source_file": "f", "source_line": 1}
        days = {"visit_date": "2026-10-01", "visits": 1, "performed": 1, "by_hand": 0, "first_start": None}
        minutes = dict.fromkeys(("planned_minutes", "registered_minutes", "billable_minutes"), Decimal(30))
        counted = {"kind": "line", "basis": "performed", "granted_minutes": 60, "amount_sek": Decimal(5)}
        paid = {"paid_sek": Decimal(10), "difference_sek": Decimal(5), "billable_minutes": 30, "paid_minutes": 60}
        rates = {"rate_code": "A", "paid_rate_code": "A", "differs_by": "duplicate_visit"}
        self.tables = {
            "ranked_payments": [line | {"amount_sek": Decimal(10), "reasons": None, "flag_ids": flag_ids}],
            "flag_payments": [{"flag_id": "f1", "payment_id": "L1", "amount_at_risk_sek": Decimal(7)}],
            "flags": [{"flag_id": "f1", "indicator": "SP02", "evidence": ["V1"]}],
            "evidence_rows": [
                evidence | {"table": "compensation_lines", "row_id": "L1", "columns": json.dumps(columns)},
                evidence | {"table": "visits", "row_id": "V1", "columns": "{}"},
                evidence | {"table": "postings", "row_id": "L12", "columns": "{}"},
            ],
            "visit_days": [
                {"payment_id": "L1", "last_end": None, "carers": 1, "absence": None} | days | minutes | paid
            ],
            "recalculation": [{"payment_id": "L1"} | counted | paid | rates],
        }

    def rows(self, name, column="", keys=None):
        wanted = None if keys is None else set(keys)
        return [dict(r) for r in self.tables.get(name, ()) if wanted is None or r[column] in wanted]


@pytest.mark.parametrize("flag_ids", [None, ["f1"]])
def test_a_line_drawn_by_lot_shows_its_own_rows_alone(flag_ids):
    raw = {"SP02": {"code": "SP02", "title_sv": "Dubblett"}}
    known = {code: indicator_record(row) for code, row in raw.items()}
    blind = read_payment(Tables(flag_ids), "L1", known, raw, False)
    assert [(t.table, [r.row_id for r in t.rows]) for t in blind.evidence] == [("compensation_lines", ["L1"])]
    assert "dubbl" not in str(blind).lower()
    assert (len(blind.days), len(blind.recalculation)) == (1, 4)
    whole = read_payment(Tables(flag_ids), "L1", known, raw, True)
    assert [(r.title, r.amount_sek) for r in whole.reasons] == [("Dubblett", Decimal(7))]
    assert "två gånger" in whole.recalculation[-1]
    assert {r.row_id for t in whole.evidence for r in t.rows if r.is_cited} == {"V1"}
    assert read_payment(Tables(flag_ids), "L2", known, raw, True) is None


def test_a_record_from_the_shelf_is_the_record_from_the_files(first, published):
    from reporting.model import load_snapshot

    folder = published / "published" / "prov" / first.shelf.month / first.shelf.run_id
    wanted = {p.payment_id: p for p in load_snapshot(folder).listed}
    assert pl.read_parquet(folder / "ranked_payments.parquet").height == len(wanted) + 2
    for payment_id, record in wanted.items():
        assert payment_record(first.shelf, payment_id, False) == record
