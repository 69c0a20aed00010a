"""The control arm's strata where a month is small, or its amounts alike: the arm is as large as it may be."""

from collections import Counter

import pytest

from fut.settings import Settings
from models.rank import rank


def drawn(ledger, settings: Settings, month: str) -> list[tuple[int, float]]:
    rank(ledger, [month], settings, [])
    return ledger.execute(
        "SELECT stratum, inclusion_probability FROM out_ranked_payments WHERE arm = 'random'"
    ).fetchall()


def test_payments_of_one_amount_fill_the_whole_arm(ledger, pay, settings: Settings) -> None:
    for number in range(40):
        pay(f"p{number}", f"P{number}", "2026-01", 500)
    assert drawn(ledger, settings, "2026-01") == [(1, 6 / 40)] * 6


@pytest.mark.parametrize("count", [1, 3, 5, 6])
def test_a_month_smaller_than_the_arm_is_drawn_whole(ledger, pay, settings: Settings, count: int) -> None:
    for number in range(count):
        pay(f"p{number}", f"P{number}", "2026-01", 500 + 100 * number)
    assert [share for _, share in drawn(ledger, settings, "2026-01")] == [1] * count


def test_a_stratum_that_runs_out_leaves_its_turns_to_the_larger_amounts(ledger, pay, settings: Settings) -> None:
    for number in range(10):
        pay(f"p{number}", f"P{number}", "2026-01", 500 if number < 6 else 600 + number)
    found = drawn(ledger, settings, "2026-01")
    assert Counter(stratum for stratum, _ in found) == {1: 2, 2: 2, 3: 2}
    assert sum(1 / share for _, share in found) == pytest.approx(10, rel=1e-6), "weights add up to all payments"
