"""Netting: a credit takes the debit it cancels, and only once the ledger has it."""

import random
from datetime import date, timedelta
from decimal import Decimal

import pytest

from core.netting import Part, Row, match_credits, match_parts
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
    "a credit of an invoice that is known takes none of another, of one that is not it takes the latest": (
        """
        voucher | payee    | date       | amount  | invoice | invoice_id | cancels_invoice_id
        V1      | Bolag AB | 2026-01-10 | 1000.00 | F1      | I1         |
        V2      | Bolag AB | 2026-01-11 |  300.00 | F2      | I2         |
        V3      | Bolag AB | 2026-01-20 | -300.00 | K1      | I3         | I1
        V4      | Annan AB | 2026-01-11 |  300.00 | F2      | I5         |
        V5      | Annan AB | 2026-01-20 | -300.00 | K1      | I6         | I0
        V6      | Annan AB | 2026-02-20 |   40.00 | F0      | I0         |
        """,
        """
        voucher | netted_by | netted_month | is_live
        V1      |           |              | true
        V2      |           |              | true
        V3      |           |              | false
        V4      | V5        | 2026-01      | false
        V5      | V4        | 2026-01      | false
        V6      |           |              | true
        """,
    ),
    "credited again, what was credited takes no other debit of its size": (
        """
        voucher | payee    | date       | amount  | invoice | invoice_id | cancels_invoice_id
        V1      | Bolag AB | 2026-01-10 |  900.00 | F1      | I1         |
        V2      | Bolag AB | 2026-01-11 |  900.00 | F2      | I2         |
        V3      | Bolag AB | 2026-01-20 | -900.00 | K1      | I3         | I1
        V4      | Bolag AB | 2026-01-21 | -900.00 | K2      | I4         | I1
        """,
        """
        voucher | netted_by | netted_month | is_live
        V1      | V3        | 2026-01      | false
        V2      |           |              | true
        V3      | V1        | 2026-01      | false
        V4      |           |              | false
        """,
    ),
    "a credit of an invoice paid elsewhere too leaves the other debits to the credits in parts": (
        """
        voucher | payee    | date       | amount   | invoice | invoice_id | cancels_invoice_id
        V1      | Bolag AB | 2026-01-10 |   700.00 | F1      | I1         |
        V2      | Bolag AB | 2026-01-11 |   300.00 | F1      | I1         |
        V3      | Bolag AB | 2026-01-12 |  1000.00 | F7      | I7         |
        V4      | Bolag AB | 2026-01-20 | -1000.00 | K9      | I2         | I1
        V5      | Bolag AB | 2026-03-20 |    50.00 | F9      | I1         |
        """,
        """
        voucher | netted_by | netted_month | is_live
        V1      | V4        | 2026-01      | false
        V2      | V4        | 2026-01      | false
        V3      |           |              | true
        V4      | V2        | 2026-01      | false
        V5      |           |              | true
        """,
    ),
    "a credit speaks of the invoice it names from when that one is there": (
        """
        voucher | payee    | date       | amount   | invoice | invoice_id | cancels_invoice_id
        V1      | Bolag AB | 2026-01-10 |   600.00 | F9      | I8         |
        V2      | Bolag AB | 2026-01-11 |   400.00 | F9      | I9         |
        V3      | Bolag AB | 2026-01-20 | -1000.00 | F9      | I2         | I1
        V4      | Bolag AB | 2026-02-20 |   800.00 | F1      | I1         |
        """,
        """
        voucher | netted_by | netted_month | is_live
        V1      | V3        | 2026-01      | false
        V2      | V3        | 2026-01      | false
        V3      | V2        | 2026-01      | false
        V4      |           |              | true
        """,
    ),
    "credits in parts until a later debit takes each of them": (
        """
        voucher | payee    | date       | amount   | invoice
        V1      | Bolag AB | 2026-01-10 |  1000.00 | F1
        V2      | Bolag AB | 2026-01-20 |  -400.00 | F1
        V3      | Bolag AB | 2026-01-21 |  -600.00 | F1
        V4      | Bolag AB | 2026-02-20 |   400.00 | F1
        V5      | Bolag AB | 2026-02-20 |   600.00 | F1
        """,
        """
        voucher | netted_by | netted_month | is_live
        V1      | V3        | 2026-01      | false
        V2      | V1        | 2026-01      | false
        V3      | V1        | 2026-01      | false
        V4      |           |              | true
        V5      |           |              | true
        """,
    ),
}
DAY = date(2026, 1, 10)


def row(key: str, days: int, ref: str = "", *, is_credit: bool = False) -> Row:
    """Return a debit or a credit so many days after the first."""
    day = DAY + timedelta(days=days)
    return ("P", is_credit, day, f"{day:%Y-%m}", key, ref, "", "", False)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([row("D", 0), row("C", 400, is_credit=True)], "D-C 2027-02"),
        ([row("D", 0), row("C", 401, is_credit=True)], ""),
        # who bears no reference bears none of another's
        ([row("D1", 0), row("D2", 1, "F2"), row("C", 2, is_credit=True)], "D2-C 2026-01"),
        ([row("D1", 0, "F1"), row("D2", 1, "F2"), row("C", 2, "F1", is_credit=True)], "D1-C 2026-01"),
        ([row("C", 0, is_credit=True), row("D", 1)], ""),
        ([row("C", 0, "F1", is_credit=True), row("D", 60, "F1")], "D-C 2026-03"),
        ([row("C", 0, "F1", is_credit=True), row("D", 61, "F1")], ""),
        # of two credits that came first, the first
        ([row("C1", 0, "F1", is_credit=True), row("C2", 1, "F1", is_credit=True), row("D", 2, "F1")], "D-C1 2026-01"),
    ],
)
def test_which_debit_a_credit_takes(rows: list[Row], expected: str) -> None:
    assert ", ".join(f"{debit}-{credit} {month}" for debit, credit, month in match_credits(rows)) == expected


def part(key: str, days: int, amount: int, paired: str | None = None) -> Part:
    """Return a payment so many days after the first, and the month a pair takes it."""
    day = DAY + timedelta(days=days)
    return (f"{day:%Y-%m}", day, key, Decimal(amount), paired)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([part("D", 0, 1000), part("C1", 1, -400), part("C2", 400, -600)], "C1-D C2-D D-C2"),
        ([part("D", 0, 1000), part("C1", 1, -400), part("C2", 401, -600)], ""),
        ([part("D", 0, 1000), part("C1", 1, -400), part("C2", 2, -599)], ""),
        ([part("D1", 0, 500), part("D2", 1, 500), part("C", 2, -1000)], "C-D2 D1-C D2-C"),
        ([part("D1", 0, 500), part("D2", 1, 600), part("C", 2, -1000)], ""),
        # what a pair has taken by then is taken, what one takes later is not yet
        ([part("D1", 0, 1000), part("D2", 1, 1000, "2026-01"), part("C", 2, -1000, "2026-01"), part("C1", 3, -400), part("C2", 4, -600)],
         "C1-D1 C2-D1 D1-C2"),
        ([part("D", 0, 1000), part("C1", 1, -400, "2026-02"), part("C2", 2, -600)], "C1-D C2-D D-C2"),
    ],
)  # fmt: skip
def test_which_debits_credits_make_up_together(rows: list[Part], expected: str) -> None:
    assert " ".join(f"{payment}-{by}" for payment, by, _ in match_parts(rows)) == expected


def test_of_a_debit_and_a_credit_of_one_day_the_debit_came_first() -> None:
    rows = [
        f"{ref}{n} | Firm {n} | 2026-01-10 | {sign}5.00 | {ref}{n}"
        for n in range(8)
        for sign, ref in (("", "F"), ("-", "K"))
    ]
    with core_of("\n".join(["voucher | payee | date | amount | invoice", *rows])) as connection:
        found = connection.execute("SELECT count(*) FROM core_payments WHERE netted_by IS NOT NULL").fetchone()
    assert found == (16,)


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
