"""A payee beside its peers: drawn payees, true and false, few peers, nothing later, the same again; and who reads it."""

from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest

from core.neighbours import find_neighbours
from fut.feature import refuse, refused_columns
from fut.settings import Settings
from models.beside_peers import peer_rate, position
from models.payee_profile import CARE, FEATURES, LEAST_EXPOSURE, LEAST_PEERS, LEDGER, profile_listed
from tests.features.test_care_features import LINES, VISIT
from tests.models.conftest import Pay

ROOT = Path(__file__).resolve().parents[2]
MONTH = "2025-12"
MATRIX = np.array([[1.0], [2.0], [3.0], [4.0], [9.0], [np.nan], [2.0]])


def listed(connection: duckdb.DuckDBPyConnection, *payees: str, month: str = MONTH) -> None:
    for payee in payees:
        connection.execute(
            f"INSERT INTO out_ranked_payments BY NAME SELECT '{payee} {month}' AS payment_id, '{month}' AS month, "
            f"'risk' AS arm, '{payee}' AS payee_ref"
        )


def profile(connection: duckdb.DuckDBPyConnection, *months: str) -> list[dict[str, Any]]:
    profile_listed(connection, months or [MONTH])
    return connection.sql("FROM out_payee_profile").pl().to_dicts()


def one(rows: list[dict[str, Any]], payee: str, feature: str) -> dict[str, Any]:
    (found,) = [row for row in rows if (row["payee_ref"], row["feature"]) == (payee, feature)]
    return found


@pytest.mark.parametrize(
    ("tail", "shares"), [("high", [0, 0.8, 1, 0.4]), ("low", [1, 0.4, 0, 0.6]), ("both", [None] * 4)]
)
def test_a_row_is_never_its_own_peer_and_the_unknown_is_none(tail: str, shares: list[float | None]) -> None:
    rows = np.array([4, 1, 0, 2])
    found = {name: cells[:, 0] for name, cells in position(MATRIX, rows, [tail]).items()}
    for at, row in enumerate(rows):
        others = np.delete(MATRIX, row)
        assert found["peers"][at] == 5
        for name, part in (("peer_low", 25), ("peer_median", 50), ("peer_high", 75)):
            assert found[name][at] == pytest.approx(np.nanpercentile(others, part))
    told = [None if np.isnan(share) else round(share, 6) for share in found["beyond_share"]]
    assert told == shares


def test_a_row_without_a_value_or_without_others_has_no_place() -> None:
    unknown = position(MATRIX, np.array([5]), ["high"])
    assert all(np.isnan(cells).all() for cells in unknown.values())
    alone = position(MATRIX[:1], np.array([0]), ["high"])
    assert alone["peers"].item() == 0
    assert np.isnan(alone["peer_median"]).all()


def test_the_peers_rate_is_that_of_the_others_that_are_known() -> None:
    values, hits, exposure = (
        np.array([[1.0], [1], [1], [np.nan]]),
        np.array([[9.0], [1], [3], [50]]),
        np.full((4, 1), 10.0),
    )
    assert peer_rate(values, hits, exposure, np.array([0])).tolist() == [[0.2]]


def test_a_payee_with_round_amounts_stands_out_and_another_does_not(
    ledger: duckdb.DuckDBPyConnection, pay: Pay
) -> None:
    for number in range(12):
        pay(f"round {number}", "S1", f"2025-{number + 1:02d}", 1_000)
    listed(ledger, "S1", "S2")
    rows = profile(ledger)
    odd, usual = (one(rows, payee, "round_share_excess") for payee in ("S1", "S2"))
    assert (odd["grain"], odd["unit"], odd["bad_tail"], odd["label_sv"]) == (
        LEDGER,
        "share",
        "high",
        "Fler jämna belopp än liknande",
    )
    assert (odd["peers"], odd["beyond_share"], odd["hits"], odd["exposure"], odd["exposure_unit"]) == (
        59,
        0,
        12,
        24,
        "payment_count",
    )
    assert odd["value"] > 0.2 > odd["peer_high"] >= odd["peer_median"] >= odd["peer_low"]
    assert odd["peer_rate"] == 0
    assert usual["beyond_share"] > 0.9
    assert usual["value"] < 0.01
    assert {row["payee_ref"] for row in rows} == {"S1", "S2"}, "only who is on the list"


def test_too_little_and_too_few_have_a_reason_and_no_value(ledger: duckdb.DuckDBPyConnection, pay: Pay) -> None:
    pay("a", "new", MONTH, 1_000)
    listed(ledger, "new", "S1")
    (found,) = {row["reason"] for row in profile(ledger) if row["payee_ref"] == "new"}
    assert found == "too_small"
    ledger.execute("DELETE FROM core_payments WHERE entity_key NOT IN ('S1', 'S2', 'S3', 'S4', 'S5')")
    rows = [row for row in profile(ledger) if row["payee_ref"] == "S1" and row["reason"] is not None]
    assert {row["reason"] for row in rows} == {"too_few_peers"}
    assert {row["peers"] for row in rows} == {LEAST_PEERS - 1}
    for row in rows:
        told = [row[name] for name in ("value", "peer_low", "peer_median", "peer_high", "beyond_share", "peer_rate")]
        assert told == [None] * 6
        assert row["exposure"] >= LEAST_EXPOSURE


@pytest.mark.parametrize(
    ("payments", "payees", "reason", "peers"),
    [(5, 60, None, 60), (4, 60, "too_small", None), (5, 5, None, 5), (5, 4, "too_few_peers", 4)],
)
def test_the_least_that_is_compared(
    ledger: duckdb.DuckDBPyConnection, pay: Pay, payments: int, payees: int, reason: str | None, peers: int | None
) -> None:
    ledger.execute(f"DELETE FROM core_payments WHERE substr(entity_key, 2)::INT >= {payees}")
    for number in range(payments):
        pay(f"new {number}", "new", MONTH, 900 + number)
    listed(ledger, "new")
    found = one(profile(ledger), "new", "round_share_excess")
    assert (found["reason"], found["exposure"], found["peers"]) == (reason, payments, peers)
    assert (found["value"] is None) == (reason is not None)
    # four payments count for nobody's peers either
    listed(ledger, "S1")
    assert one(profile(ledger), "S1", "round_share_excess")["peers"] == payees - (payments < LEAST_EXPOSURE)


def test_a_short_history_is_told_apart_from_a_small_one(ledger: duckdb.DuckDBPyConnection, pay: Pay) -> None:
    for number in range(6):
        pay(f"new {number}", "new", MONTH, 900 + number)
    listed(ledger, "new")
    reasons = {row["feature"]: row["reason"] for row in profile(ledger)}
    assert reasons["growth_against_year_before"] == "too_little_known"
    assert reasons["round_share_excess"] is None


def test_who_is_hidden_has_no_profile(ledger: duckdb.DuckDBPyConnection) -> None:
    ledger.execute("UPDATE core_payments SET is_one_time = true WHERE entity_key = 'S1'")
    listed(ledger, "S1")
    assert profile(ledger) == []


def test_nothing_later_changes_a_month_and_a_range_equals_its_months(
    ledger: duckdb.DuckDBPyConnection, pay: Pay
) -> None:
    for month in ("2025-06", "2025-07", "2025-09"):
        listed(ledger, "S1", "S2", month=month)
    together = [row for row in profile(ledger, "2025-06", "2025-07", "2025-09") if row["month"] == "2025-07"]
    for number in range(9):
        pay(f"later {number}", "S1", "2025-08", 100_000)
    ledger.execute("DELETE FROM core_payments WHERE booked_month > '2025-09'")
    again = [row for row in profile(ledger, "2025-07") if row["month"] == "2025-07"]
    assert again == together
    september = [row for row in profile(ledger, "2025-09") if row["month"] == "2025-09"]
    assert one(september, "S1", "round_share_excess")["hits"] == 9


def test_a_second_run_gives_the_same_rows_once(ledger: duckdb.DuckDBPyConnection) -> None:
    listed(ledger, "S1", "S2")
    first = profile(ledger)
    assert profile(ledger) == first
    assert len(first) == 2 * len(FEATURES[LEDGER])


def test_a_payee_that_left_the_list_has_no_profile_any_more(ledger: duckdb.DuckDBPyConnection) -> None:
    listed(ledger, "S1")
    assert profile(ledger)
    ledger.execute("DELETE FROM out_ranked_payments")
    assert profile(ledger) == []


def test_a_group_of_its_own_is_compared_within_it(ledger: duckdb.DuckDBPyConnection) -> None:
    ledger.execute("UPDATE core_payments SET category = 'Care' WHERE substr(entity_key, 2)::INT < 25")
    ledger.execute("UPDATE core_payments SET category = 'Taxi' WHERE entity_key = 'S59'")
    listed(ledger, "S1", "S30", "S59")
    rows = profile(ledger)
    counts = {payee: one(rows, payee, "round_share_excess")["peers"] for payee in ("S1", "S30", "S59")}
    assert counts == {"S1": 24, "S30": 33, "S59": 59}


@pytest.fixture
def care(ledger: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """Seven providers with a few visits by hand each, P3 with half of them; P6 is a supplier in the ledger too."""
    ledger.execute(VISIT, {"months": ["2025-11", MONTH]})
    ledger.execute("UPDATE core_visits SET provider_id = 'P' || (substr(carer_ref, 2)::INT % 7)")
    ledger.execute(
        "UPDATE core_visits SET is_manual = true WHERE hash(visit_id) % 40 < CASE provider_id WHEN 'P3' THEN 20 ELSE 2 END"
    )
    ledger.execute(LINES)
    find_neighbours(ledger)
    ledger.execute(
        "INSERT INTO core_providers BY NAME SELECT 'P6' AS provider_id, '556000-0001' AS org_no, 'F' AS name"
    )
    ledger.execute(
        "INSERT INTO core_payees (supplier_key, entity_key, org_no, name, is_personal, is_redacted, is_one_time) VALUES "
        "('S6', 'S6', '556000-0001', 'F', false, false, false)"
    )
    return ledger


def test_a_provider_is_laid_beside_the_other_providers(care: duckdb.DuckDBPyConnection) -> None:
    listed(care, "provider P3", "provider P2", "S6")
    rows = profile(care)
    odd, usual = (one(rows, f"provider {p}", "manual_funnel") for p in ("P3", "P2"))
    assert (odd["grain"], odd["provider_id"], odd["peers"], odd["beyond_share"]) == (CARE, "P3", 6, 0)
    assert odd["value"] > 2 > odd["peer_high"]
    assert odd["hits"] / odd["exposure"] > 0.4 > 0.1 > odd["peer_rate"]
    assert abs(usual["value"]) < 2
    assert usual["beyond_share"] > 0
    assert one(rows, "provider P3", "longer_than_before")["reason"] == "too_little_known"
    supplier = {(row["grain"], row["provider_id"]) for row in rows if row["payee_ref"] == "S6"}
    assert supplier == {(CARE, "P6"), (LEDGER, None)}


def test_no_visit_to_judge_is_nothing_to_compare_never_zero(care: duckdb.DuckDBPyConnection) -> None:
    care.execute("UPDATE core_visits SET distance_start_m = NULL, distance_end_m = NULL")
    listed(care, "provider P3")
    row = one(profile(care), "provider P3", "far_from_home_funnel")
    assert (row["reason"], row["value"], row["exposure"]) == ("no_exposure", None, 0)


def test_what_scoring_leaves_gives_the_same_profile(care: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    from models.scoring import score_months

    listed(care, "provider P3", "provider P2")
    alone = profile(care)
    scored = score_months(care, settings, [MONTH])
    assert scored.providers is not None
    profile_listed(care, [MONTH], scored.providers)
    assert care.sql("FROM out_payee_profile").pl().to_dicts() == alone


def test_no_feature_of_a_profile_reads_what_describes_a_person() -> None:
    for grain, features in FEATURES.items():
        read = {name for f in features for name in (f.name, *f.columns, f.hits, f.exposed) if name}
        refuse(read, grain)
        assert not read & refused_columns()
        assert all(feature.exposed for feature in features), grain


def test_no_score_and_no_list_reads_a_profile() -> None:
    files = [*ROOT.glob("models/*"), *ROOT.glob("indicators/**/*.py"), *ROOT.glob("features/*"), *ROOT.glob("core/*")]
    readers = {path.name for path in files if path.is_file() and "payee_profile" in path.read_text("utf-8")}
    assert readers == {"payee_profile.py", "described.py"}
