"""Netting: a credit takes the debit it cancels, and only once the ledger has it."""

import random

import pytest

from tests.core.drawn_ledger import core_of, same, table

NETTED = """SELECT p.voucher_no AS voucher, o.voucher_no AS netted_by, p.netted_month, p.is_live FROM core_payments p
LEFT JOIN core_payments o ON o.payment_id = p.netted_by ORDER BY p.voucher_no"""

CASES = {
    "a credit cancels the debit of the same size": (
        """
        voucher | payee    | date       | amount  | invoice
        V1      | Bolag AB | 2026-01-10 |  900.00 | F1
        V2      | Bolag AB | 2026-01-20 | -900.00 | K1
        V3      | Bolag AB | 2026-01-25 |  800.00 | F2
        V4      | Annan AB | 2026-01-05 |  900.00 | F1
        """,
        """
        voucher | netted_by | netted_month | is_live
        V1      | V2        | 2026-01      | false
        V2      | V1        | 2026-01      | false
        V3      |           |              | true
        V4      |           |              | true
        """,
    ),
    "cancelled and booked again: one of the two lives": (
        """
        voucher | payee    | date       | amount  | invoice
        V1      | Bolag AB | 2026-01-10 |  900.00 | F1
        V2      | Bolag AB | 2026-01-20 | -900.00 | F1
        V3      | Bolag AB | 2026-01-20 |  900.00 | F1
        """,
        """
        voucher | netted_by | netted_month | is_live
        V1      |           |              | true
        V2      | V3        | 2026-01      | false
        V3      | V2        | 2026-01      | false
        """,
    ),
    "a credit that comes first takes its own invoice only": (
        """
        voucher | payee    | date       | amount  | invoice
        V1      | Bolag AB | 2026-01-10 | -900.00 | F1
        V2      | Bolag AB | 2026-01-15 |  900.00 | F2
        V3      | Bolag AB | 2026-01-20 |  900.00 | F1
        """,
        """
        voucher | netted_by | netted_month | is_live
        V1      | V3        | 2026-01      | false
        V2      |           |              | true
        V3      | V1        | 2026-01      | false
        """,
    ),
    "a credit after the month's end is seen in its own month": (
        """
        voucher | payee    | date       | amount  | invoice
        V1      | Bolag AB | 2026-01-10 |  900.00 | F1
        V2      | Bolag AB | 2026-03-20 | -900.00 | F1
        """,
        """
        voucher | netted_by | netted_month | is_live
        V1      | V2        | 2026-03      | true
        V2      | V1        | 2026-03      | false
        """,
    ),
    "a credit names its debit, else its reference, else the latest": (
        """
        voucher | payee    | date       | amount  | invoice | invoice_id | cancels_invoice_id
        V1      | Bolag AB | 2026-01-10 |  900.00 | F1      | I1         |
        V2      | Bolag AB | 2026-01-11 |  900.00 | F2      | I2         |
        V3      | Bolag AB | 2026-01-12 |  900.00 | F3      | I3         |
        V4      | Bolag AB | 2026-01-20 | -900.00 | F2      | I4         | I1
        V5      | Bolag AB | 2026-01-21 | -900.00 | F2      | I5         |
        V6      | Bolag AB | 2026-01-22 | -900.00 | K1      | I6         |
        """,
        """
        voucher | netted_by | netted_month | is_live
        V1      | V4        | 2026-01      | false
        V2      | V5        | 2026-01      | false
        V3      | V6        | 2026-01      | false
        V4      | V1        | 2026-01      | false
        V5      | V2        | 2026-01      | false
        V6      | V3        | 2026-01      | false
        """,
    ),
    "its own reference goes before the latest, four hundred days back": (
        """
        voucher | payee    | date       | amount  | invoice
        V1      | Bolag AB | 2025-01-10 |  900.00 | F1
        V2      | Bolag AB | 2025-03-01 |  900.00 | F2
        V3      | Bolag AB | 2026-02-14 | -900.00 | F1
        """,
        """
        voucher | netted_by | netted_month | is_live
        V1      | V3        | 2026-02      | true
        V2      |           |              | true
        V3      | V1        | 2026-02      | false
        """,
    ),
    "a credit that came first is known with its debit, within sixty days": (
        """
        voucher | payee    | date       | amount  | invoice
        V1      | Bolag AB | 2026-01-10 | -900.00 | F1
        V2      | Bolag AB | 2026-03-11 |  900.00 | F1
        V3      | Bolag AB | 2026-01-10 | -800.00 | F3
        V4      | Bolag AB | 2026-03-12 |  800.00 | F3
        """,
        """
        voucher | netted_by | netted_month | is_live
        V1      | V2        | 2026-03      | false
        V2      | V1        | 2026-03      | false
        V3      |           |              | false
        V4      |           |              | true
        """,
    ),
    "too old, or of another size, is not cancelled": (
        """
        voucher | payee    | date       | amount  | invoice
        V1      | Bolag AB | 2025-01-10 |  900.00 | F1
        V2      | Bolag AB | 2026-02-20 | -900.00 | F1
        V3      | Bolag AB | 2026-02-21 | -899.99 | F1
        """,
        """
        voucher | netted_by | netted_month | is_live
        V1      |           |              | true
        V2      |           |              | false
        V3      |           |              | false
        """,
    ),
    "credits that together make up a debit of their reference cancel it, the latest first": (
        """
        voucher | payee    | date       | amount   | invoice
        V1      | Bolag AB | 2026-01-10 |  1000.00 | F1
        V2      | Bolag AB | 2026-01-12 |  1000.00 | F1
        V3      | Bolag AB | 2026-01-20 |  -400.00 | F1
        V4      | Bolag AB | 2026-02-20 |  -600.00 | F1
        V5      | Annan AB | 2026-01-10 |  1000.00 | F1
        V6      | Annan AB | 2026-01-20 |  -400.00 | F1
        V7      | Annan AB | 2026-01-20 |  -600.00 | F2
        """,
        """
        voucher | netted_by | netted_month | is_live
        V1      |           |              | true
        V2      | V4        | 2026-02      | true
        V3      | V2        | 2026-02      | false
        V4      | V2        | 2026-02      | false
        V5      |           |              | true
        V6      |           |              | false
        V7      |           |              | false
        """,
    ),
    "a credit of the invoice it names cancels all that was paid on it": (
        """
        voucher | payee    | date       | amount   | invoice | invoice_id | cancels_invoice_id
        V1      | Bolag AB | 2026-01-10 |   700.00 | F1      | I1         |
        V2      | Bolag AB | 2026-01-11 |   300.00 | F1      | I1         |
        V3      | Bolag AB | 2026-01-20 | -1000.00 | K9      | I2         | I1
        V4      | Bolag AB | 2026-01-10 |   800.00 | F2      | I3         |
        V5      | Bolag AB | 2026-01-20 |  -900.00 | F2      | I4         |
        """,
        """
        voucher | netted_by | netted_month | is_live
        V1      | V3        | 2026-01      | false
        V2      | V3        | 2026-01      | false
        V3      | V2        | 2026-01      | false
        V4      |           |              | true
        V5      |           |              | false
        """,
    ),
    "what was cancelled in parts is not cancelled again by a later credit of its size": (
        """
        voucher | payee    | date       | amount   | invoice
        V1      | Bolag AB | 2026-01-10 |  1000.00 | F1
        V2      | Bolag AB | 2026-01-20 |  -400.00 | F1
        V3      | Bolag AB | 2026-01-21 |  -600.00 | F1
        V4      | Bolag AB | 2026-02-20 | -1000.00 | F1
        """,
        """
        voucher | netted_by | netted_month | is_live
        V1      | V3        | 2026-01      | false
        V2      | V1        | 2026-01      | false
        V3      | V1        | 2026-01      | false
        V4      |           |              | false
        """,
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_netting(case: str) -> None:
    ledger, expected = CASES[case]
    with core_of(ledger) as connection:
        assert table(connection, NETTED) == same(expected)


def test_what_is_netted_sums_to_nothing_at_every_closing_and_each_payment_is_netted_once() -> None:
    rng = random.Random(4)
    rows = ["voucher | payee | date | amount | invoice"]
    for i in range(400):
        size, sign = 100 * rng.randint(1, 9), rng.choice(["", "", "-"])
        day = f"2026-{rng.randint(1, 6):02d}-{rng.randint(1, 27):02d}"
        rows.append(f"V{i} | P{rng.randrange(9)} | {day} | {sign}{size}.00 | F{rng.randrange(8)}")
    with core_of("\n".join(rows)) as connection:
        found = connection.execute(
            "SELECT count(*), count(DISTINCT p.payment_id), bool_and(sign(o.amount_sek) = -sign(p.amount_sek) AND "
            "o.entity_key = p.entity_key AND o.netted_month = p.netted_month), count(*) FILTER (o.amount_sek <> "
            "-p.amount_sek), count(*) FILTER (o.amount_sek = -p.amount_sek AND o.netted_by = p.payment_id) "
            "FROM core_payments p JOIN core_payments o ON o.payment_id = p.netted_by"
        ).fetchone()
        assert found is not None
        count, netted, fits, in_parts, in_pairs = found
        assert count == netted
        assert fits
        assert in_parts > 10
        assert in_pairs > 100
        sums = "SELECT entity_key, netted_month FROM core_payments WHERE netted_month IS NOT NULL GROUP BY ALL HAVING sum(amount_sek) <> 0"
        assert connection.execute(sums).fetchall() == []
