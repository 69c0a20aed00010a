"""A small ledger, and settings, for scoring, explaining and ranking."""

from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest

from fut.contract import contract
from fut.evaluate import prepare_out
from fut.period import months_between
from fut.settings import Capacity, Municipality, Settings

PAY = """
    INSERT INTO core_payments BY NAME SELECT concat_ws('-', payee, month) AS payment_id, month AS booked_month,
    (month || '-10')::DATE AS booking_date, 'day' AS date_precision, payee AS supplier_key, payee AS entity_key,
    payee AS supplier_name, false AS is_redacted, false AS is_one_time, concat(payee, month) AS voucher_no,
    concat(payee, month) AS invoice_no, 900 + 37 * ((n * 7 + j * 3) % 11) AS amount_sek, 1 AS posting_count,
    '4600' AS account_no, 'D1' AS department, 'Goods' AS category, true AS is_live, false AS is_expected,
    0 AS same_amount_before, 1 AS copies_same_day, 1 AS payee_month_count
    FROM (SELECT 'S' || n AS payee, n, $months[j] AS month, j FROM range(60) p(n), range(1, len($months) + 1) m(j))
"""
Pay = Callable[..., None]


@pytest.fixture
def settings() -> Settings:
    """Return settings with 10 hours a month, a fifth of them for the control arm."""
    capacity = Capacity(hours_per_month=10, control_share=0.2, longest_list=50)
    return Settings(Municipality("demo", "Demo"), (), Path("inbox"), Path("var"), capacity=capacity)


@pytest.fixture
def ledger(core: duckdb.DuckDBPyConnection) -> Iterator[duckdb.DuckDBPyConnection]:
    """Sixty payees, each paid about 1,000 once a month in 2024 and 2025; no flags; rolled back."""
    core.execute("BEGIN")
    core.execute(PAY, {"months": months_between("2024-01", "2025-12")})
    prepare_out(core)
    core.execute(contract("out", "ranked_payments").ddl())
    yield core
    core.execute("ROLLBACK")


@pytest.fixture
def pay(ledger: duckdb.DuckDBPyConnection) -> Pay:
    """Return a function that adds a payment: pay(payment_id, payee, month, amount, column=value ...)."""

    def add(key: str, payee: str, month: str, amount: float, **more: object) -> None:
        row = {
            "payment_id": key, "booked_month": month, "booking_date": f"{month}-10", "date_precision": "day",
            "supplier_key": payee, "entity_key": payee, "supplier_name": payee, "is_redacted": False,
            "is_one_time": False, "voucher_no": key, "invoice_no": key, "amount_sek": amount, "posting_count": 1,
            "account_no": "4600", "department": "D1", "category": "Goods", "is_live": amount > 0,
            "is_expected": False, "same_amount_before": 0, "copies_same_day": 1, "payee_month_count": 1,
        } | more  # fmt: skip
        marks = ", ".join("?" for _ in row)
        ledger.execute(f"INSERT INTO core_payments ({', '.join(row)}) VALUES ({marks})", list(row.values()))

    return add
