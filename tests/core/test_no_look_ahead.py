"""No look-ahead: what core says of a month is the same whether or not later months are in the ledger."""

import random

import duckdb
import pytest

from core.build import build_core
from tests.core.drawn_ledger import SETTINGS, core_of

PAYMENTS = """SELECT payment_id, is_live, rhythm, is_expected, same_amount_before, gap_days, copies_same_day,
payee_month_count, entity_key, ref_clean, CASE WHEN netted_month <= '{month}' THEN netted_month END,
CASE WHEN netted_month <= '{month}' THEN netted_by END FROM core_payments WHERE booked_month <= '{month}' ORDER BY 1"""
PAIRS = "SELECT * FROM core_payment_pairs WHERE booked_month <= '{month}' ORDER BY ALL"
MONTHS = [f"2025-{m:02d}" for m in range(1, 13)]


def ledger(seed: int, stray_share: float = 0.0) -> str:
    """Return a year of postings with rents, batches, credits, rebookings and duplicates.

    With `stray_share`, some rows are dated outside the month of the file that delivers them.
    """
    rng = random.Random(seed)
    rows = ["voucher | payee | date | amount | invoice | dept | delivered"]
    number = 0

    def pay(payee: str, month: int, day: int, amount: int, invoice: str) -> None:
        nonlocal number
        number += 1
        dated = month
        if rng.random() < stray_share:
            dated = min(12, max(1, month + rng.choice([-2, -1, 1])))
        rows.append(
            f"V{number} | {payee} | 2025-{dated:02d}-{day:02d} | {amount}.00 | {invoice} | D{number % 3} | {MONTHS[month - 1]}"
        )

    for month in range(1, 13):
        for k in range(4):
            pay(f"Rent {k}", month, 2 + k, 1000 + k, f"R{k}{month}")
        for _ in range(rng.randint(0, 4)):
            pay("Fees", month, rng.choice([5, 15, 25]), rng.choice([300, 400]), "")
        for _ in range(30):
            payee, amount = f"Firm {rng.randrange(6)}", rng.choice([150, 200, 200, 500, 700])
            invoice = f"F{rng.randrange(40)}"
            pay(payee, month, rng.randint(1, 28), amount, invoice)
            if rng.random() < 0.15:
                pay(payee, min(12, month + rng.randrange(3)), rng.randint(1, 28), -amount, rng.choice([invoice, "K1"]))
            if rng.random() < 0.1:
                for part in (amount - 100, 100):
                    pay(payee, min(12, month + rng.randrange(3)), rng.randint(1, 28), -part, invoice)
            if rng.random() < 0.15:
                pay(
                    payee,
                    min(12, month + rng.randrange(3)),
                    rng.randint(1, 28),
                    amount,
                    rng.choice([invoice, invoice + "0"]),
                )
    return "\n".join(rows)


def said(
    connection: duckdb.DuckDBPyConnection, month: str
) -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
    payments = connection.execute(PAYMENTS.format(month=month)).fetchall()
    return payments, connection.execute(PAIRS.format(month=month)).fetchall()


@pytest.mark.parametrize("stray_share", [0.0, 0.1])
def test_later_months_change_nothing_in_earlier_ones(stray_share: float) -> None:
    with core_of(ledger(7, stray_share)) as connection:
        whole = {month: said(connection, month) for month in MONTHS}
        assert len(whole["2025-12"][0]) > 400
        assert len(whole["2025-12"][1]) > 200
        assert len({row[2] for row in whole["2025-12"][0]}) > 2
        for month in reversed(MONTHS[2:11:2]):
            connection.execute(f"DELETE FROM raw_ap_postings WHERE _delivered_month > '{month}'")
            build_core(connection, SETTINGS)
            payments, pairs = said(connection, month)
            assert payments == whole[month][0], month
            assert pairs == whole[month][1], month
