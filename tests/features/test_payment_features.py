"""Payment features on small ledgers drawn by hand: each with a payment that stands out and one that must not."""

from collections.abc import Iterator

import duckdb
import polars as pl
import pytest

from features import payment
from fut.contract import load_contracts
from fut.errors import UsageError
from fut.feature import collect_features, feature_matrix
from fut.period import add_months, months_between

FEATURES = collect_features(payment)
MONTHS = months_between("2024-01", "2026-03")


@pytest.fixture
def ledger(core: duckdb.DuckDBPyConnection) -> Iterator[duckdb.DuckDBPyConnection]:
    """Payee S1 is paid about 1,000 on the 10th of every month in one way; S2 and 24 others likewise."""
    core.execute("BEGIN")
    core.execute(
        "INSERT INTO core_payments BY NAME SELECT payee || '-' || month AS payment_id, month AS booked_month, "
        "(month || '-10')::DATE AS booking_date, 'day' AS date_precision, payee AS supplier_key, payee AS entity_key, "
        "payee AS supplier_name, false AS is_redacted, false AS is_one_time, payee || month AS voucher_no, "
        "payee || month AS invoice_no, 900 + 37 * ((n * 7 + j * 3) % 11) AS amount_sek, 1 AS posting_count, "
        "'4600' AS account_no, 'Goods' AS category, true AS is_live, false AS is_expected, 0 AS same_amount_before, "
        "1 AS copies_same_day, 1 AS payee_month_count FROM (SELECT 'S' || n AS payee, n, $months[j] AS month, j "
        "FROM range(1, 27) p(n), range(1, len($months) + 1) m(j))",
        {"months": MONTHS},
    )
    yield core
    core.execute("ROLLBACK")


def pay(core: duckdb.DuckDBPyConnection, key: str, payee: str, month: str, amount: float, **more: object) -> None:
    row = {
        "payment_id": key, "booked_month": month, "booking_date": f"{month}-10", "date_precision": "day",
        "supplier_key": payee, "entity_key": payee, "supplier_name": payee, "is_redacted": False,
        "is_one_time": False, "voucher_no": key, "invoice_no": key, "amount_sek": amount, "posting_count": 1,
        "account_no": "4600", "category": "Goods", "is_live": amount > 0, "is_expected": False,
        "same_amount_before": 0, "copies_same_day": 1, "payee_month_count": 1,
    } | more  # fmt: skip
    marks = ", ".join("?" for _ in row)
    core.execute(f"INSERT INTO core_payments ({', '.join(row)}) VALUES ({marks})", list(row.values()))


def values(core: duckdb.DuckDBPyConnection, *months: str) -> pl.DataFrame:
    frame = payment.history(core, months or ["2026-03"])
    return pl.concat([frame.select("payment_id"), feature_matrix(frame, FEATURES)], how="horizontal")


def value(core: duckdb.DuckDBPyConnection, key: str, feature: str) -> float:
    found = values(core).filter(payment_id=key)
    assert len(found) == 1
    return found[feature][0]


def test_every_column_of_the_frame_is_declared(ledger: duckdb.DuckDBPyConnection) -> None:
    frame = payment.history(ledger, ["2026-03"])
    assert set(frame.columns) == set(payment.COLUMNS)
    assert frame.height == 26
    assert all(f.bad_tail == "high" for f in FEATURES), "payments have no good tail that is also bad"


@pytest.mark.parametrize(
    ("feature", "amount", "more", "at_least"),
    [
        ("amount_against_own_history", 9_000, {}, 6),
        ("amount_against_peers", 9_000, {}, 6),
        ("round_amount_surprise", 5_000, {}, 0.6),
        ("account_surprise", 1_000, {"account_no": "7690"}, 0.8),
        ("missing_invoice_number_surprise", 1_001, {"invoice_no": None}, 0.6),
        ("same_amount_again", 1_001, {"same_amount_before": 1, "gap_days": 2}, 0.3),
        ("copies_same_day", 1_001, {"copies_same_day": 2}, 1),
        ("booked_at_weekend", 1_001, {"booking_date": "2026-03-14"}, 1),
    ],
)
def test_what_is_unusual_for_the_payee_stands_out(
    ledger: duckdb.DuckDBPyConnection, feature: str, amount: float, more: dict[str, object], at_least: float
) -> None:
    pay(ledger, "odd", "S1", "2026-03", amount, **more)
    assert value(ledger, "odd", feature) >= at_least
    assert value(ledger, "S2-2026-03", feature) <= min(2, at_least / 2)


def test_a_recurring_amount_is_no_repetition(ledger: duckdb.DuckDBPyConnection) -> None:
    pay(ledger, "rent", "S1", "2026-03", 1_001, is_expected=True, same_amount_before=9, gap_days=1, copies_same_day=3)
    assert value(ledger, "rent", "same_amount_again") == 0
    assert value(ledger, "rent", "copies_same_day") == 0


def test_zero_spread_stands_out_for_nobody(core: duckdb.DuckDBPyConnection) -> None:
    core.execute("BEGIN")
    for month in MONTHS[:-1]:
        pay(core, month, "S1", month, 500)
    pay(core, "odd", "S1", "2026-03", 90_000)
    assert value(core, "odd", "amount_against_own_history") == 0
    core.execute("ROLLBACK")


def test_a_large_first_payment_counts_only_for_a_new_payee(ledger: duckdb.DuckDBPyConnection) -> None:
    pay(ledger, "new", "S99", "2026-03", 50_000)
    pay(ledger, "old", "S1", "2026-03", 50_000)
    assert value(ledger, "new", "first_amount_against_peers") > 6
    assert value(ledger, "old", "first_amount_against_peers") == 0
    assert value(ledger, "new", "amount_against_own_history") is None


def test_a_payee_silent_for_a_year_stands_out_and_a_monthly_one_does_not(ledger: duckdb.DuckDBPyConnection) -> None:
    for month in MONTHS[:9]:
        pay(ledger, f"dormant-{month}", "S77", month, 1_000)
    pay(ledger, "back", "S77", "2026-03", 1_000)
    assert value(ledger, "back", "silence_against_usual") > 3
    assert value(ledger, "S2-2026-03", "silence_against_usual") == 0


def test_many_payments_in_a_month_stand_out(ledger: duckdb.DuckDBPyConnection) -> None:
    for number in range(12):
        pay(ledger, f"burst-{number}", "S1", "2026-03", 1_000 + number)
    assert value(ledger, "burst-3", "month_count_against_usual") > 1.5
    assert value(ledger, "S2-2026-03", "month_count_against_usual") == 0


def test_a_new_payee_has_no_usual_month_to_stand_out_from(ledger: duckdb.DuckDBPyConnection) -> None:
    for number in range(12):
        pay(ledger, f"first-{number}", "S98", "2026-03", 1_000 + number)
    assert value(ledger, "first-3", "month_count_against_usual") is None


def test_hidden_payees_have_no_history(ledger: duckdb.DuckDBPyConnection) -> None:
    pay(ledger, "hidden", "S1", "2026-03", 9_000, is_redacted=True, invoice_no=None)
    row = values(ledger).filter(payment_id="hidden").row(0, named=True)
    assert row["amount_against_own_history"] is None
    assert row["account_surprise"] is None
    assert row["amount_against_peers"] > 6


def test_days_that_are_not_known_are_not_used(ledger: duckdb.DuckDBPyConnection) -> None:
    pay(ledger, "month", "S1", "2026-03", 1_000, date_precision="month", copies_same_day=4)
    assert value(ledger, "month", "copies_same_day") is None
    assert value(ledger, "month", "booked_at_weekend") is None


def test_credits_and_cancelled_payments_are_not_scored(ledger: duckdb.DuckDBPyConnection) -> None:
    pay(ledger, "credit", "S1", "2026-03", -1_000)
    pay(ledger, "cancelled", "S1", "2026-03", 1_000, is_live=False)
    assert values(ledger).height == 26


def test_nothing_later_changes_a_payment_and_a_range_equals_its_months(ledger: duckdb.DuckDBPyConnection) -> None:
    pay(ledger, "odd", "S1", "2025-08", 9_000, invoice_no=None)
    before = values(ledger, "2025-08").sort("payment_id")
    whole = payment.history(ledger, months_between("2025-01", "2025-12"))
    for number in range(40):
        pay(ledger, f"later-{number}", "S1", add_months("2025-09", number % 3), 70_000 + number, account_no="1")
    assert values(ledger, "2025-08").sort("payment_id").equals(before)
    cut = whole.filter(booked_month="2025-08").sort("payment_id")
    assert cut.equals(payment.history(ledger, ["2025-08"]).sort("payment_id"))


def test_a_month_that_is_none_is_refused(core: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(UsageError, match="not a month"):
        payment.history(core, ["2026-13"])


def test_the_query_needs_only_the_payment_contract() -> None:
    names = set(load_contracts("core")["payments"].names)
    assert {"entity_key", "is_live", "same_amount_before"} <= names
