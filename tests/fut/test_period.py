"""Months as text: reckoned over the turn of a year, read strictly."""

from datetime import date

import pytest

from fut.errors import UsageError
from fut.period import add_months, is_month, month_index, month_of, months_between, parse_range


@pytest.mark.parametrize(
    ("month", "count", "then"),
    [("2026-10", 1, "2026-11"), ("2026-12", 1, "2027-01"), ("2026-01", -1, "2025-12"), ("2026-03", -15, "2024-12"), ("2026-06", 0, "2026-06")],
)  # fmt: skip
def test_months_are_added_over_the_turn_of_a_year(month: str, count: int, then: str) -> None:
    assert add_months(month, count) == then
    assert month_index(then) - month_index(month) == count


def test_months_between_are_both_ends_and_none_backwards() -> None:
    assert months_between("2025-11", "2026-02") == ["2025-11", "2025-12", "2026-01", "2026-02"]
    assert months_between("2026-02", "2026-02") == ["2026-02"]
    assert months_between("2026-02", "2026-01") == []
    assert month_of(date(2026, 2, 28)) == "2026-02"


@pytest.mark.parametrize(
    ("text", "months"), [("2026-10", 1), ("2026-01..2026-10", 10), ("2025-12..2026-01", 2), ("2026-02..2026-01", 0)]
)
def test_a_range_is_one_month_or_both_its_ends(text: str, months: int) -> None:
    assert len(parse_range(text)) == months


@pytest.mark.parametrize("text", ["2026-13", "2026-00", "2026-1", "202610", "26-10", "2026-10-01", ""])
def test_what_is_no_month_is_refused_with_an_example(text: str) -> None:
    assert not is_month(text)
    with pytest.raises(UsageError, match="write YYYY-MM, for example 2026-10"):
        parse_range(text)
