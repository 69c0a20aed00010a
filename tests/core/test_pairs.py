"""Payment pairs: which payments are compared, and what their references are to each other."""

import hashlib
from datetime import date, timedelta
from typing import Any

import duckdb
import pytest

from core.pairs import PAIRS
from core.payments import PLACES

Payment = tuple[str, str, int, str]  # payment_id, payee, days after the start, invoice number; amount 900 unless given
START = date(2026, 1, 5)


def _pairs(
    payments: list[Payment],
    amounts: dict[str, int] | None = None,
    expected: set[str] | None = None,
    netted: dict[str, str] | None = None,
    buyers: dict[str, str] | None = None,
    told: str = "block, ref_relation, is_expected",
) -> dict[tuple[str, str], tuple[Any, ...]]:
    connection = duckdb.connect()
    connection.execute(
        "CREATE TEMP TABLE _payments (rid INT, payment_id VARCHAR, booked_month VARCHAR, booking_date DATE, "
        "date_precision VARCHAR, supplier_no INT, entity_no INT, buyer_id VARCHAR, department VARCHAR, account_no VARCHAR, "
        "amount_sek DECIMAL(14,2), invoice_no VARCHAR, ref_clean VARCHAR, ref_number HUGEINT);"
        "CREATE TEMP TABLE _netting (rid INT, payment_id VARCHAR, netted_by VARCHAR, netted_month VARCHAR);"
        "CREATE TEMP TABLE _payee_numbers (supplier_no INT, entity_key VARCHAR);"
        "CREATE TEMP TABLE _recurrence (rid INT, rhythm VARCHAR)"
    )
    payees = sorted({payee for _, payee, _, _ in payments})
    for seq, (payment_id, payee, days, number) in enumerate(sorted(payments, key=lambda p: p[2])):
        day = START + timedelta(days=days)
        clean = "".join(c for c in number if c.isalnum()).lstrip("0") or None
        digits = number[len(number.rstrip("0123456789")) :] or None
        amount = (amounts or {}).get(payment_id, 900)
        connection.execute(
            "INSERT INTO _payments VALUES (?, ?, ?, ?, 'day', ?, ?, ?, 'D', 'A', ?, ?, ?, ?)",
            [
                seq,
                _hashed(payment_id),
                f"{day:%Y-%m}",
                day,
                payees.index(payee),
                payees.index(payee),
                (buyers or {}).get(payment_id, "B"),
                amount,
                number,
                clean,
                digits,
            ],
        )
        if payment_id in (expected or ()):
            connection.execute("INSERT INTO _recurrence VALUES (?, 'monthly')", [seq])
        if payment_id in (netted or {}):
            connection.execute("INSERT INTO _netting VALUES (?, NULL, NULL, ?)", [seq, (netted or {})[payment_id]])
    connection.execute("INSERT INTO _payee_numbers SELECT n, 'E' || n FROM range(?) t(n)", [len(payees)])
    for statement in PLACES.split(";"):
        connection.execute(statement)
    for statement in PAIRS.split(";"):
        connection.execute(statement)
    rows = connection.execute(f"SELECT payment_id, earlier_id, {told} FROM core_payment_pairs").fetchall()
    names = {_hashed(payment_id): payment_id for payment_id, _, _, _ in payments}
    return {(names[later], names[earlier]): tuple(rest) for later, earlier, *rest in rows}


def _hashed(payment_id: str) -> str:
    return hashlib.md5(payment_id.encode(), usedforsecurity=False).hexdigest()[:20]


@pytest.mark.parametrize(
    ("first", "second", "relation"),
    [
        ("4711", "4711", "equal"),
        ("0004711", "4711", "cleaned"),
        ("4711A", "4711", "edit"),
        ("81234", "81324", "edit"),
        ("23668", "23648", "edit"),
        ("4711", "4713", "sequence"),
        ("191575_1", "191576_1", "sequence"),
        ("12/2025", "11/2025", "sequence"),
        ("PP199/1", "PQ199/1", "edit"),
        ("4711", "90210", "different"),
    ],
)
def test_two_numbers_of_one_payee_stand_to_each_other(first: str, second: str, relation: str) -> None:
    assert _pairs([("P1", "E1", 0, first), ("P2", "E1", 20, second)])["P2", "P1"][:2] == ("amount", relation)


def test_an_invoice_meets_itself_behind_any_number_of_like_amounts() -> None:
    between = [(f"P{n}", "E1", n, f"10{n}00") for n in range(2, 8)]
    pairs = _pairs([("P1", "E1", 0, "4711"), *between, ("P9", "E1", 30, "4711")])
    assert pairs["P9", "P1"] == ("amount", "equal", False)
    assert ("P7", "P2") not in pairs


def test_a_rhythm_does_not_excuse_a_number_paid_twice() -> None:
    rents = [(f"P{n}", "E1", 30 * n, f"20{n}7{n}1") for n in range(6)]
    pairs = _pairs([*rents, ("P9", "E1", 180, "20575" + "1")], expected={"P5", "P9"})
    assert pairs["P9", "P5"] == ("amount", "equal", False)
    assert pairs["P5", "P4"][2] is True


def test_a_rhythm_excuses_a_payee_whose_number_never_changes() -> None:
    pairs = _pairs([("P1", "E1", 0, "77001"), ("P2", "E1", 30, "77001"), ("P3", "E1", 60, "77001")], expected={"P3"})
    assert pairs["P3", "P2"] == ("amount", "equal", True)


def test_a_number_used_again_and_again_tells_no_invoice() -> None:
    pairs = _pairs([(f"P{n}", "E1", 5 * n, "77001") for n in range(5)])
    assert pairs["P1", "P0"][1] == "equal"
    assert ("P4", "P3") not in pairs


def test_like_sums_without_a_number_are_no_pair_and_still_stand_between() -> None:
    bare = [(f"P{n}", "E1", n, "") for n in range(1, 4)]
    pairs = _pairs([("P0", "E1", 0, "4711"), *bare[:2], ("P8", "E1", 8, "90210")])
    assert pairs == {("P8", "P0"): ("amount", "different", False)}
    assert _pairs([("P0", "E1", 0, "4711"), *bare, ("P8", "E1", 8, "90210")]) == {}


def test_number_and_amount_cross_from_payee_to_payee() -> None:
    pairs = _pairs([("P1", "E1", 0, "100496747"), ("P2", "E2", 20, "100496747"), ("P3", "E3", 25, "4711")])
    assert pairs == {("P2", "P1"): ("cross", "equal", False)}


def test_one_number_with_two_amounts_is_a_pair_of_references() -> None:
    pairs = _pairs([("P1", "E1", 0, "4711"), ("P2", "E1", 20, "4711")], amounts={"P2": 9000})
    assert pairs == {("P2", "P1"): ("reference", "equal", False)}


@pytest.mark.parametrize(
    ("days", "netted", "is_pair"),
    [
        (20, {}, True),
        (20, {"P1": "2026-01"}, False),
        (20, {"P2": "2026-01"}, False),
        (20, {"P1": "2026-02"}, True),
        (20, {"P2": "2026-02"}, True),
        (30, {"P1": "2026-02"}, False),
        (30, {"P1": "2026-03"}, True),
    ],
)
def test_what_the_ledger_had_cancelled_by_the_later_month_is_no_pair(days, netted, is_pair) -> None:
    pairs = _pairs([("P1", "E1", 0, "4711"), ("P2", "E1", days, "4711")], netted=netted)
    assert (("P2", "P1") in pairs) is is_pair


@pytest.mark.parametrize(
    ("days", "amount", "is_pair"), [(400, 900, True), (401, 900, False), (9, 100, True), (9, 99, False)]
)
def test_pairs_reach_four_hundred_days_back_and_down_to_a_hundred(days: int, amount: int, is_pair: bool) -> None:
    pairs = _pairs([("P1", "E1", 0, "4711"), ("P2", "E1", days, "4711")], amounts={"P1": amount, "P2": amount})
    assert (("P2", "P1") in pairs) is is_pair


def test_a_short_number_crosses_to_no_other_payee() -> None:
    assert _pairs([("P1", "E1", 0, "10049"), ("P2", "E2", 20, "10049")]) != {}
    assert _pairs([("P1", "E1", 0, "1004"), ("P2", "E2", 20, "1004")]) == {}


def test_a_pair_tells_how_far_apart_it_is_and_what_its_sides_share() -> None:
    drawn = [("P1", "E1", 0, "100496747"), ("P2", "E1", 361, "100496747")]
    columns = "block, days_apart, months_apart, is_same_payee, is_same_buyer"
    assert _pairs(drawn, told=columns) == {("P2", "P1"): ("amount", 361, 12, True, True)}
    assert _pairs(drawn, buyers={"P2": "C"}, told=columns)["P2", "P1"][-1] is False
    other = [("P1", "E1", 0, "100496747"), ("P2", "E2", 20, "100496747")]
    assert _pairs(other, told=columns) == {("P2", "P1"): ("cross", 20, 0, False, True)}
