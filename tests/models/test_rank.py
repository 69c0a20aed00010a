"""The list's rules, one by one: what lists a payment, what it is worth, what speaks against it, and the blind arm."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

import duckdb
import pytest

from fut.drawn import fill
from fut.indicator import Indicator, Prior, Text
from fut.period import months_between
from fut.settings import Capacity, Settings
from models.evidence import MODEL, Evidence, weigh
from models.rank import Terms, control_size, rank, rank_months

MONTH = "2025-12"
NOBODY = Capacity(hours_per_month=10, control_share=0, longest_list=50)
CLASSES = {
    "HH01": ("H", "hard", 0.5, 20),
    "RR01": ("R", "duplicate", 0.2, 15),
    "RR02": ("R", "duplicate", 0.1, 15),
    "SS01": ("S", "amount", 0.1, 20),
    "SS02": ("S", "rhythm", 0.05, 20),
    "SS03": ("S", "amount", 0.02, 20),
    "CC01": ("C", "text", 0.01, 10),
    "CC02": ("C", "text", 0.01, 20),
    "CC03": ("C", "duplicate", 0.01, 20),
    MODEL.code: ("S", MODEL.family, 0.02, 20),
}
Flag = Callable[..., None]


def evidence(*months: str) -> list[Evidence]:
    return [
        Evidence(month, code, kind, family, "supplier_payments", probability, minutes)
        for month in months or (MONTH,)
        for code, (kind, family, probability, minutes) in CLASSES.items()
    ]


@pytest.fixture
def flag(ledger: duckdb.DuckDBPyConnection) -> Flag:
    """Return a function that flags payments: flag(code, {payment_id: kronor}, month=..., verdict=...)."""

    def add(code: str, payments: dict[str, float], month: str = MONTH, verdict: str = "contradiction", **more: object):
        key = f"{code}-{'-'.join(payments)}-{month}"
        row = {
            "flag_id": key, "indicator": code, "evidence_class": CLASSES[code][0], "subject_type": "payment",
            "subject_id": key, "payment_id": next(iter(payments)) if len(payments) == 1 else None,
            "service_month": month, "amount_at_risk_sek": sum(payments.values()), "verdict": verdict,
            "code_version": "x",
        } | more  # fmt: skip
        marks = ", ".join("?" for _ in row)
        ledger.execute(f"INSERT INTO out_flags ({', '.join(row)}) VALUES ({marks})", list(row.values()))
        for payment, sek in payments.items():
            ledger.execute("INSERT INTO out_flag_payments VALUES (?, ?, ?)", [key, payment, sek])

    return add


@pytest.fixture
def listed(ledger: duckdb.DuckDBPyConnection, settings: Settings):
    """Return a function that ranks without control arm and gives the risk arm's rows by payment id, in order."""

    def run(*months: str, scores: str | None = None, terms: Terms | None = None) -> dict[str, dict[str, object]]:
        given = months or (MONTH,)
        rank(ledger, given, replace(settings, capacity=NOBODY), evidence(*given), scores, terms or Terms())
        frame = ledger.sql("FROM out_ranked_payments WHERE arm = 'risk' ORDER BY month, rank").pl()
        return {row["payment_id"]: row for row in frame.to_dicts()}

    return run


def new(pay: Callable[..., None], *keys: str, amount: float = 1_000, **more: object) -> None:
    for number, key in enumerate(keys):
        pay(key, f"N{number}-{key}", MONTH, amount, **more)


def test_hard_and_rule_evidence_list_alone_and_statistics_do_not(pay, flag: Flag, listed) -> None:
    new(pay, "hard", "rule", "one", "two", "context", "untouched")
    for code, key in [("HH01", "hard"), ("RR01", "rule"), ("SS01", "one"), ("SS01", "two"), ("CC01", "context")]:
        flag(code, {key: 1_000})
    flag("SS02", {"two": 1_000})
    assert list(listed()) == ["hard", "rule", "two"]


def test_two_indicators_of_one_family_are_not_two_families(pay, flag: Flag, listed) -> None:
    new(pay, "same")
    flag("SS01", {"same": 1_000})
    flag("SS03", {"same": 1_000})
    assert listed() == {}


def test_probability_is_noisy_or_over_families_best_evidence(pay, flag: Flag, listed) -> None:
    new(pay, "both")
    for code in ("RR01", "RR02", "SS01"):
        flag(code, {"both": 1_000})
    row = listed()["both"]
    assert row["error_probability"] == pytest.approx(1 - 0.8 * 0.9, abs=1e-6)
    shares = {reason["code"]: reason["share"] for reason in row["reasons"]}
    assert list(shares) == ["RR01", "SS01", "RR02"], "sorted by share"
    assert sum(shares.values()) == pytest.approx(1, abs=2e-4)
    assert shares["RR01"] == pytest.approx(2 * shares["RR02"], abs=1e-3), "a family's share follows probability"


def test_kronor_are_the_largest_of_a_family_summed_and_capped_with_their_sign(pay, flag: Flag, listed) -> None:
    new(pay, "sum", "cap", "less", amount=1_000)
    flag("RR01", {"sum": 300, "cap": 900, "less": -400})
    flag("RR02", {"sum": -200, "cap": 100, "less": 100})
    flag("HH01", {"sum": 50, "cap": 800})
    rows = listed()
    assert {key: row["amount_at_risk_sek"] for key, row in rows.items()} == {
        "sum": Decimal(350), "cap": Decimal(1000), "less": Decimal(-400),
    }  # fmt: skip
    assert rows["less"]["expected_error_sek"] == Decimal("-80.00")
    assert {r["code"]: r["amount_sek"] for r in rows["sum"]["reasons"]}["RR02"] == Decimal(-200)


def test_order_is_expected_error_per_minute_then_payment_id(pay, flag: Flag, listed) -> None:
    new(pay, "b", "a", "large", "quick", "slow")
    flag("HH01", {"b": 400})
    flag("HH01", {"a": -400})
    flag("HH01", {"large": 900})
    flag("RR01", {"quick": 1_000})
    flag("RR01", {"slow": 999})
    rows = listed()
    assert list(rows) == ["large", "a", "b", "quick", "slow"], "450/20, 200/20 twice; less likely: 200/15, 199.8/15"
    assert [row["rank"] for row in rows.values()] == [1, 2, 3, 4, 5]
    assert [row["review_minutes"] for row in rows.values()] == [20, 20, 20, 15, 15]


def test_what_is_probably_wrong_stands_before_larger_sums_that_probably_are_right(
    ledger, pay, flag: Flag, settings: Settings
) -> None:
    new(pay, "likely", amount=100)
    new(pay, "less", "least", amount=90_000)
    flag("HH01", {"likely": 100})
    flag("RR01", {"less": 90_000})
    flag("RR02", {"least": 90_000})

    def order(likely: float) -> list[str]:
        rank(ledger, [MONTH], replace(settings, capacity=replace(NOBODY, likely_probability=likely)), evidence())
        return [row[0] for row in ledger.execute("SELECT payment_id FROM out_ranked_payments ORDER BY rank").fetchall()]

    assert order(0.3) == ["likely", "less", "least"]
    assert order(0.2) == ["less", "likely", "least"], "just as probable as asked for is probable"
    assert order(0.6) == ["less", "least", "likely"], "one tier when nothing is probable enough"


def test_care_lines_and_invoices_stand_in_one_list_and_an_invoice_that_pays_lines_in_none(
    ledger, pay, flag: Flag, listed
) -> None:
    new(pay, "invoice", invoice_id="I1")
    new(pay, "pays-lines", invoice_id="I2", amount=800.99)
    new(pay, "due-only", invoice_id="I3")
    drawn = """core_compensation_lines
        line_id  | is_delivered | invoice_id | amount_sek | booked_month
        line     | true         | I2         | 800        | 2025-12
        not paid | false        | I3         | 0          | 2025-12"""
    fill(ledger, drawn)
    for key in ("invoice", "pays-lines", "due-only", "line", "not paid"):
        flag("HH01", {key: 700 if key == "line" else 500})
    rows = listed()
    assert list(rows) == ["line", "due-only", "invoice"]
    assert [row["rank"] for row in rows.values()] == [1, 2, 3]
    assert [row["risk_area"] for row in rows.values()] == ["home_care", "supplier_payments", "supplier_payments"]
    assert (rows["line"]["payee_ref"], rows["line"]["amount_sek"]) == ("provider P1", Decimal(800))


def test_a_krona_of_lines_is_met_once_and_what_is_paid_beyond_them_is_listed_by_itself(
    ledger, pay, flag: Flag, listed
) -> None:
    lines = {"I1": 800, "I1 ": 200, "I2": 900, "N3": 700, "I4": 300, "I5": 100, "N6": 50, "I7": 900}
    drawn = "\n".join(f"L{n} | {ref} | {sek} | {MONTH}" for n, (ref, sek) in enumerate(lines.items()))
    fill(ledger, f"core_compensation_lines\nline_id | invoice_id | amount_sek | booked_month\n{drawn}")
    fill(ledger, "core_providers\nprovider_id | org_no\nP1 | O1\ncore_payees\nentity_key | org_no\nE1 | O1")
    paid = (("part 1", 400, "I1"), ("part 2", 600, "I1"), ("again", 600, "I1"), ("less the credit", 1000, "I2"),
            ("credit", -100, "I2"), ("by number", 700, None), ("by number again", 700, None), ("more", 420, "I4"),
            ("first", 100, "I5"), ("rebooked", 100, "I5"), ("cancelled", -100, "I5"), ("less", 700, "I7"))  # fmt: skip
    for day, (key, amount, invoice) in enumerate(paid, 10):
        pay(key, "E1", MONTH, amount, invoice_id=invoice, invoice_no="N3", booking_date=f"{MONTH}-{day}")
    pay("another's number", "E2", MONTH, 700, invoice_no="N3")
    # the ledger has ids of its own, the lines the provider's number
    pay("own id", "E1", MONTH, 50, invoice_id="I6", invoice_no="N6")
    flag("HH01", dict.fromkeys([*(key for key, amount, _ in paid if amount > 0), "another's number", "own id"], 500))
    amounts = {key: row["amount_sek"] for key, row in listed().items()}
    assert amounts == {"again": 600, "another's number": 700, "by number again": 700, "more": 120, "less": -200}


def test_context_raises_and_recurrence_and_long_history_lower_the_odds(ledger, pay, flag: Flag, listed) -> None:
    new(pay, "plain", "raised")
    new(pay, "expected", is_expected=True)
    stable = f"S3-{MONTH}"
    ledger.execute("UPDATE core_payments SET amount_sek = 900 WHERE payment_id = $key", {"key": stable})
    pay("S3-2023-12", "S3", "2023-12", 900)
    for key in ("plain", "raised", "expected", stable):
        flag("RR01", {key: 500})
    flag("CC01", {"raised": 500})
    rows = listed()
    chance = {key: row["error_probability"] for key, row in rows.items()}
    assert chance["plain"] == pytest.approx(0.2)
    assert chance["raised"] == pytest.approx(0.375 / 1.375, abs=1e-6)
    assert chance["expected"] == pytest.approx(0.125 / 1.125, abs=1e-6)
    assert chance[stable] == pytest.approx(0.175 / 1.175, abs=1e-6)
    assert rows["expected"]["speaks_against"] == [Terms().expected]
    assert rows[stable]["speaks_against"] == [Terms().stable]
    assert rows["plain"]["speaks_against"] == []
    assert rows["raised"]["reasons"][-1] == {"code": "CC01", "share": 0.0, "amount_sek": Decimal(0)}


def test_context_counts_once_a_family_and_not_beside_evidence_of_its_own(pay, flag: Flag, listed) -> None:
    new(pay, "twice told", "own family")
    for said in ("twice told RR01", "twice told CC01", "twice told CC02", "own family RR01", "own family CC03"):
        flag(said[-4:], {said[:-5]: 500})
    chance = {key: row["error_probability"] for key, row in listed().items()}
    assert chance["twice told"] == pytest.approx(0.375 / 1.375, abs=1e-6), "odds 0.25 raised once"
    assert chance["own family"] == pytest.approx(0.2)


def test_a_payee_of_twelve_months_is_no_older_for_two_payments_on_the_list(pay, flag: Flag, listed) -> None:
    for month in months_between("2024-12", "2025-11"):
        pay(f"T-{month}", "T", month, 900)
    for key in ("one", "two"):
        pay(key, "T", MONTH, 900)
        flag("RR01", {key: 500})
    assert [row["speaks_against"] for row in listed().values()] == [[], []]


def test_what_an_exception_explains_is_no_evidence_and_speaks_against(pay, flag: Flag, listed) -> None:
    new(pay, "explained", "partly", "unsettled")
    flag("HH01", {"explained": 500}, verdict="explained", explained_by="delad faktura")
    flag("RR01", {"partly": 500})
    flag("HH01", {"partly": 500}, verdict="explained", explained_by="delad faktura")
    flag("HH01", {"unsettled": 500}, verdict="needs_field", missing_field="ocr")
    rows = listed()
    assert list(rows) == ["partly"]
    assert rows["partly"]["error_probability"] == pytest.approx(0.2)
    assert rows["partly"]["speaks_against"] == ["HH01: förklaras av delad faktura"]
    assert rows["partly"]["flag_ids"] == sorted([f"HH01-partly-{MONTH}", f"RR01-partly-{MONTH}"])


def test_an_indicator_that_flags_too_many_counts_as_context_only(ledger, pay, flag: Flag, listed) -> None:
    new(pay, "doubted", "supported")
    flag("RR01", {"doubted": 500, "supported": 500})
    flag("HH01", {"supported": 500})
    assert set(listed()) == {"doubted", "supported"}
    ledger.execute(f"INSERT INTO out_coverage BY NAME SELECT 'RR01' AS indicator, '{MONTH}' AS month, 'flagged' AS "
                   "status, 'too_many' AS alarm")  # fmt: skip
    rows = listed()
    assert list(rows) == ["supported"]
    assert rows["supported"]["error_probability"] == pytest.approx(0.6, abs=1e-6), "odds 1 raised by 1.5"
    assert rows["supported"]["speaks_against"] == [f"RR01: {Terms().doubted}"]


def test_a_high_model_percentile_is_one_family_and_never_alone(ledger, pay, flag: Flag, listed) -> None:
    new(pay, "alone", "supported", "low")
    ledger.execute(
        "CREATE TABLE scores AS SELECT payment_id, booked_month, 0.5 AS score, CASE payment_id WHEN 'low' THEN 0.98 ELSE "
        "0.99 END::DOUBLE AS model_percentile FROM core_payments WHERE supplier_key LIKE 'N%'"
    )
    flag("SS01", {"supported": 500})
    flag("SS01", {"low": 500})
    rows = listed(scores="scores")
    assert list(rows) == ["supported"]
    assert [reason["code"] for reason in rows["supported"]["reasons"]] == ["SS01", MODEL.code]
    assert rows["supported"]["model_percentile"] == 0.99
    assert rows["supported"]["speaks_against"] == []
    assert rows["supported"]["amount_at_risk_sek"] == Decimal(500), "a model tells no kronor"


def test_payments_credited_by_the_month_are_not_listed_and_later_credits_are_unknown(pay, flag: Flag, listed) -> None:
    new(pay, "netted", netted_month=MONTH)
    new(pay, "later", netted_month="2026-01")
    flag("HH01", {"netted": 500, "later": 500})
    assert list(listed()) == ["later"]


def test_late_evidence_lists_an_earlier_payment_and_a_group_flag_only_the_months_own(pay, flag: Flag, listed) -> None:
    pay("old", "N1", "2025-09", 1_000)
    pay("older", "N1", "2025-08", 1_000)
    new(pay, "own")
    flag("SS02", {"old": 100}, month="2025-09")
    flag("SS01", {"old": 100})
    flag("RR01", {"older": 500, "own": 500})
    rows = listed()
    assert set(rows) == {"old", "own"}
    assert rows["old"]["booked_month"] == "2025-09"
    assert {reason["code"] for reason in rows["old"]["reasons"]} == {"SS01", "SS02"}


def test_what_an_officer_has_judged_does_not_list_again_but_other_families_may(ledger, pay, flag: Flag, listed) -> None:
    for key in ("settled", "again"):
        pay(key, key, "2025-09", 1_000)
        flag("RR01", {key: 500}, month="2025-10")  # the month it was judged in
        flag("RR02", {key: 500})
    flag("HH01", {"again": 500})
    ledger.execute("INSERT INTO core_outcomes BY NAME SELECT k AS outcome_id, k AS payment_id, TIMESTAMP '2025-10-05' AS "
                   "decided_at, 'risk' AS arm, 'explained' AS verdict FROM (VALUES ('settled'), ('again')) t(k)")  # fmt: skip
    rows = listed()
    assert list(rows) == ["again"]
    assert [reason["code"] for reason in rows["again"]["reasons"]] == ["HH01"]


def test_the_list_is_cut_to_the_hours_and_to_its_length(ledger, pay, flag: Flag, settings: Settings) -> None:
    keys = [f"p{number:02d}" for number in range(60)]
    new(pay, *keys)
    for key in keys:
        flag("HH01", {key: 500})

    def count(hours: float, longest: int) -> int:
        capacity = Capacity(hours_per_month=hours, control_share=0, longest_list=longest)
        rank(ledger, [MONTH], replace(settings, capacity=capacity), evidence())
        return ledger.execute("SELECT count(*) FROM out_ranked_payments WHERE arm = 'risk'").fetchone()[0]

    assert count(8, 50) == 24, "480 minutes of 20"
    assert count(100, 50) == 50


def test_the_control_arm_is_stratified_blind_and_drawn_before_ranking(ledger, pay, flag: Flag, settings) -> None:
    new(pay, *(f"big{number}" for number in range(3)), amount=90_000)
    rank(ledger, [MONTH], settings, evidence())
    control = "FROM out_ranked_payments WHERE arm = 'random' ORDER BY payment_id"
    drawn = ledger.sql(control).pl()
    assert drawn.height == control_size(settings, evidence()) == 6, "120 minutes of 20"
    assert Counter(drawn["stratum"]) == {1: 1, 2: 1, 3: 2, 4: 2}
    hidden = ["rank", "amount_at_risk_sek", "error_probability", "expected_error_sek", "review_minutes",
              "model_percentile", "reasons", "speaks_against", "flag_ids"]  # fmt: skip
    assert all(drawn[name].null_count() == 6 for name in hidden)
    amounts = dict(ledger.execute("SELECT payment_id, amount_sek FROM core_payments").fetchall())
    month = [amounts[row[0]] for row in ledger.execute(
        "SELECT payment_id FROM core_payments WHERE is_live AND booked_month = '2025-12'").fetchall()]  # fmt: skip
    expected = ledger.execute("SELECT sum(1 / inclusion_probability) FROM out_ranked_payments").fetchone()[0]
    assert expected == pytest.approx(len(month), rel=1e-6), "weights add up to all payments of the month"
    for key in drawn["payment_id"]:
        flag("HH01", {key: 500})
    rank(ledger, [MONTH], settings, evidence())
    again = ledger.sql(control).pl()
    assert again.equals(drawn), "what is flagged does not change who is drawn, and a drawn payment stays blind"
    assert ledger.execute("SELECT count(*) FROM out_ranked_payments WHERE arm = 'risk'").fetchone() == (0,)


def test_another_seed_draws_others(ledger, settings: Settings) -> None:
    def drawn(seed: int) -> set[str]:
        rank(ledger, [MONTH], replace(settings, seed=seed), evidence())
        return {row[0] for row in ledger.execute("SELECT payment_id FROM out_ranked_payments").fetchall()}

    assert drawn(1) == drawn(1)
    assert drawn(1) != drawn(2)


def test_a_range_equals_its_months_and_no_payment_is_twice_in_a_month(ledger, flag: Flag, settings: Settings) -> None:
    months = ["2025-10", "2025-11", MONTH]
    for month in months:
        for number in range(0, 60, 3):
            flag("HH01" if number % 2 else "RR01", {f"S{number}-{month}": 100 + number}, month=month)
        flag("RR02", {f"S7-{m}": 10 for m in months}, month=month)
    everything = "SELECT * FROM out_ranked_payments ORDER BY ALL"
    rank(ledger, months, settings, evidence(*months))
    whole = ledger.execute(everything).fetchall()
    rank(ledger, months, settings, evidence(*months))
    assert ledger.execute(everything).fetchall() == whole
    for month in reversed(months):
        rank(ledger, [month], settings, evidence(month))
    assert ledger.execute(everything).fetchall() == whole
    per_month = Counter((row[1], row[4]) for row in whole)
    assert set(per_month.values()) == {1}


def library() -> dict[str, Indicator]:
    text = Text("sv", "en")
    return {
        code: Indicator(
            code=code, title=text, means=text, innocent=(text,), do=text, evidence_class=kind, family=family,
            prior=Prior(chance * 10, 10 - chance * 10, "test"), review_minutes=minutes, sql="", example="", flags={},
            source="test", authored_by="a", checked_by="b", review_by=date(2027, 1, 1), area="internal",
        )
        for code, (kind, family, chance, minutes) in CLASSES.items()
        if code != MODEL.code
    }  # fmt: skip


def test_ranking_learns_from_outcomes_known_by_the_month(ledger, pay, flag: Flag, settings: Settings) -> None:
    pay("past", "N1", "2025-09", 1_000)
    flag("RR01", {"past": 500}, month="2025-09")
    new(pay, "now")
    flag("RR01", {"now": 500})
    ledger.execute("INSERT INTO core_outcomes BY NAME SELECT 'o' AS outcome_id, 'past' AS payment_id, TIMESTAMP "
                   "'2025-11-05' AS decided_at, 'random' AS arm, 'error_recovery' AS verdict")  # fmt: skip
    rank_months(ledger, replace(settings, capacity=NOBODY), [MONTH], library())
    (row,) = ledger.sql("FROM out_ranked_payments").pl().to_dicts()
    assert row["error_probability"] == pytest.approx(3 / 11, abs=1e-6)
    assert (row["payment_id"], row["risk_area"], row["payee_ref"]) == ("now", "internal", "N0-now")
    weights = {e.code: e.probability for e in weigh(library(), [MONTH], [])}
    assert weights["RR01"] == 0.2
    assert weights[MODEL.code] == pytest.approx(MODEL.prior.mean)
