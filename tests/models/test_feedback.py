"""Priors learn from outcomes: the random arm in full, the risk arm corrected for how it was chosen."""

import duckdb
import pytest

from core.rankable import prepare_rankable
from fut.drawn import fill
from models.evidence import MODEL, weigh
from models.feedback import OutcomeRow, PriorRow, known_by, read_outcomes, unplaced, update_priors

PRIORS = [PriorRow("AA01", "duplicate", 2, 8), PriorRow("AA02", "duplicate", 1, 9), PriorRow("BB01", "account", 1, 19)]


def after(*outcomes: OutcomeRow) -> dict[str, tuple[float, float]]:
    return {row.code: (row.hits, row.misses) for row in update_priors(PRIORS, outcomes)}


def outcome(
    verdict: str, *codes: str, arm: str = "random", month: str = "2026-03", bundle: str = "N1 2026-02"
) -> OutcomeRow:
    return OutcomeRow(month, arm, verdict, codes, bundle)


@pytest.mark.parametrize("verdict", ["error_recovery", "error_no_recovery", "suspected_crime"])
def test_a_wrong_payment_of_the_random_arm_is_a_whole_hit(verdict: str) -> None:
    assert after(outcome(verdict, "AA01"))["AA01"] == (3, 8)


def test_an_explained_payment_is_a_miss() -> None:
    assert after(outcome("explained", "AA01"))["AA01"] == (2, 9)


@pytest.mark.parametrize("verdict", ["undecidable", "data_error"])
def test_what_could_not_be_judged_teaches_nothing(verdict: str) -> None:
    assert after(outcome(verdict, "AA01")) == after()
    assert after(outcome(verdict, "AA01"), outcome("explained", "AA01"))["AA01"] == (2, 9), "nor hides what follows"


def test_the_risk_arm_counts_half_split_over_families() -> None:
    alone = after(outcome("error_recovery", "AA01", arm="risk"))
    both = after(outcome("error_recovery", "AA01", "AA02", "BB01", arm="risk"))
    assert alone["AA01"] == (2.5, 8)
    assert both == {"AA01": (2.25, 8), "AA02": (1.25, 9), "BB01": (1.25, 19)}


def test_one_bundle_is_one_piece_of_evidence() -> None:
    twenty = [outcome("explained", "AA01", arm="risk") for _ in range(20)]
    assert after(*twenty)["AA01"] == after(twenty[0])["AA01"] == (2, 8.5)
    assert after(*twenty[:3], outcome("error_recovery", "AA01", arm="risk"))["AA01"] == (2.125, 8.375)
    assert after(*twenty[:1], outcome("error_recovery", "AA01"))["AA01"] == pytest.approx((2 + 2 / 3, 8 + 1 / 3))


def test_bundles_of_other_payees_and_months_each_count() -> None:
    others = [
        outcome("explained", "AA01", arm="risk", bundle=name) for name in ("N1 2026-02", "N2 2026-02", "N1 2026-03")
    ]
    assert after(*others)["AA01"] == (2, 9.5)


def test_codes_without_a_prior_are_left_out_and_order_is_kept() -> None:
    updated = update_priors(PRIORS, [outcome("explained", "ZZ99")])
    assert [row.code for row in updated] == ["AA01", "AA02", "BB01"]
    assert updated == PRIORS


def test_a_month_knows_only_what_stood_when_it_closed() -> None:
    first = OutcomeRow("2026-03", "random", "explained", ("AA01",), "N1 2026-02", replaced_month="2026-05")
    second = OutcomeRow("2026-05", "random", "error_recovery", ("AA01",), "N1 2026-02")
    assert known_by([first, second], "2026-02") == []
    assert known_by([first, second], "2026-04") == [first]
    assert known_by([first, second], "2026-05") == [second]


def test_the_model_learns_from_outcomes_too_and_a_superseded_outcome_counts_until_it_is_replaced(
    ledger: duckdb.DuckDBPyConnection,
) -> None:
    ledger.execute(
        "CREATE TABLE scores AS SELECT payment_id, booked_month, 0.5 AS score, 0.995::DOUBLE AS model_percentile "
        "FROM core_payments WHERE payment_id IN ('S1-2025-09', 'S2-2025-09')"
    )
    ledger.execute(
        "INSERT INTO core_outcomes BY NAME SELECT * FROM (VALUES ('a', 'S1-2025-09', TIMESTAMP '2025-10-01', 'random', "
        "'explained', NULL), ('b', 'S1-2025-09', TIMESTAMP '2025-12-01', 'random', 'error_recovery', 'a')) "
        "t(outcome_id, payment_id, decided_at, arm, verdict, supersedes_outcome_id)"
    )
    prepare_rankable(ledger)
    outcomes = read_outcomes(ledger, "scores", MODEL.code, MODEL.least_percentile)
    assert [(o.verdict, o.codes, o.replaced_month) for o in outcomes] == [
        ("explained", (MODEL.code,), "2025-12"), ("error_recovery", (MODEL.code,), None),
    ]  # fmt: skip
    payees = ledger.sql("SELECT payee_ref || ' 2025-09' FROM rankable WHERE payment_id = 'S1-2025-09'").fetchall()
    assert [(o.bundle,) for o in outcomes] == payees * 2
    chance = {e.month: e.probability for e in weigh({}, ["2025-09", "2025-11", "2025-12"], outcomes)}
    assert chance["2025-11"] < chance["2025-09"] < chance["2025-12"]
    assert read_outcomes(ledger, None, MODEL.code, MODEL.least_percentile) == []


def test_a_payment_judged_again_counts_once_and_one_that_nobody_knows_is_counted(ledger) -> None:
    ledger.execute(
        "CREATE TABLE scores AS SELECT payment_id, booked_month, 0.995::DOUBLE AS model_percentile FROM core_payments"
    )
    ledger.execute(
        "INSERT INTO core_outcomes BY NAME SELECT *, 'risk' AS arm FROM (VALUES "
        "('run1', 'S1-2025-09', TIMESTAMP '2025-10-02', 'explained'), "
        "('run2', 'S1-2025-09', TIMESTAMP '2025-11-30', 'error_recovery'), "
        "('run3', 'S1-2025-09', TIMESTAMP '2025-12-30', 'undecidable'), "
        "('at once', 'S3-2025-09', TIMESTAMP '2025-09-30', 'explained'), "
        "('wrong year', 'S2-2025-09', TIMESTAMP '2024-10-30', 'explained'), "
        "('other', 'elsewhere', TIMESTAMP '2025-10-30', 'explained')) t(outcome_id, payment_id, decided_at, verdict)"
    )
    prepare_rankable(ledger)
    found = read_outcomes(ledger, "scores", "ST01", 0.99)
    known = [[(o.decided_month, o.verdict) for o in known_by(found, f"2025-{month:02d}")] for month in (10, 11, 12)]
    first = ("2025-09", "explained")
    assert known == [
        [first, ("2025-10", "explained")],
        [first, ("2025-11", "error_recovery")],
        [first, ("2025-12", "undecidable")],
    ]
    assert unplaced(ledger) == 2


def test_what_pointed_and_what_was_said_last(ledger: duckdb.DuckDBPyConnection) -> None:
    ledger.execute(
        "CREATE TABLE scores AS SELECT payment_id, booked_month, CASE entity_key WHEN 'S1' THEN 0.99 ELSE 0.5 END AS "
        "model_percentile FROM core_payments"
    )
    flags = {
        "F1": ("AA01", "2025-09", "contradiction"),
        "F2": ("BB01", "2025-09", "explained"),
        "F3": ("CC01", "2025-12", "contradiction"),
    }
    for flag, (code, month, verdict) in flags.items():
        ledger.execute(
            f"INSERT INTO out_flags BY NAME SELECT '{flag}' AS flag_id, '{code}' AS indicator, '{month}' AS service_month, "
            f"'{verdict}' AS verdict"
        )
    for flag, payees in {"F1": "1245", "F2": "13", "F3": "1"}.items():
        for n in payees:
            ledger.execute(f"INSERT INTO out_flag_payments VALUES ('{flag}', 'S{n}-2025-09', 900)")
    fill(
        ledger,
        """
        core_outcomes
        outcome_id | payment_id | decided_at | arm    | verdict
        a          | S1-2025-09 | 2025-10-05 | risk   | explained
        b1         | S2-2025-09 | 2025-10-05 | risk   | explained
        b2         | S2-2025-09 | 2025-10-05 | risk   | error_recovery
        c          | S3-2025-09 | 2025-10-05 | risk   | error_recovery
        e1         | S5-2025-09 | 2025-10-05 | random | explained
        e2         | S5-2025-09 | 2025-11-05 | risk   | error_recovery
        """,
    )
    prepare_rankable(ledger)
    found = read_outcomes(ledger, "scores", MODEL.code, MODEL.least_percentile)
    assert [(o.verdict, o.codes) for o in known_by(found, "2025-10")] == [
        ("explained", ("AA01", MODEL.code)),  # a flag that was explained by itself, or came later, did not point
        ("error_recovery", ("AA01",)),  # of two of one day, the one with the later id
        ("explained", ("AA01",)),
    ]
