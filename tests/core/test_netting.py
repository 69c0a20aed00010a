"""Netting: a credit takes the debit it cancels, and only once the ledger has it."""

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
}


@pytest.mark.parametrize("case", CASES)
def test_netting(case: str) -> None:
    ledger, expected = CASES[case]
    with core_of(ledger) as connection:
        assert table(connection, NETTED) == same(expected)


def test_netted_sums_cancel_and_each_payment_is_netted_once() -> None:
    rows = ["voucher | payee | date | amount | invoice"]
    for i in range(60):
        amount, sign = 100 * (i % 4 + 1), "-" if i % 3 == 2 else ""
        rows.append(f"V{i} | P{i % 2} | 2026-{i % 6 + 1:02d}-{i % 27 + 1:02d} | {sign}{amount}.00 | F{i % 5}")
    with core_of("\n".join(rows)) as connection:
        found = connection.execute(
            "SELECT count(*), count(DISTINCT p.netted_by), sum(p.amount_sek), bool_and(o.netted_by = p.payment_id AND "
            "o.amount_sek = -p.amount_sek AND o.entity_key = p.entity_key AND o.netted_month = p.netted_month) "
            "FROM core_payments p JOIN core_payments o ON o.payment_id = p.netted_by"
        ).fetchone()
        assert found is not None
        assert found[0] > 20
        assert found == (found[0], found[0], 0, True)
