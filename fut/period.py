"""Months as text `YYYY-MM`: the partition key of everything."""

import re
from datetime import date

from fut.errors import UsageError

_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")


def is_month(text: str) -> bool:
    """Return whether a text is a month as YYYY-MM."""
    return _MONTH.fullmatch(text) is not None


def parse_month(text: str) -> str:
    """Return `text` when it is a month as YYYY-MM; raises UsageError otherwise."""
    if not is_month(text):
        raise UsageError(f"'{text[:20]}' is not a month: write YYYY-MM, for example 2026-10")
    return text


def add_months(month: str, count: int) -> str:
    """Return the month `count` months after `month` (before, when negative)."""
    index = int(month[:4]) * 12 + int(month[5:7]) - 1 + count
    return f"{index // 12:04d}-{index % 12 + 1:02d}"


def months_between(first: str, last: str) -> list[str]:
    """Return every month from `first` to `last`, both included; empty when `last` is earlier."""
    count = month_index(last) - month_index(first)
    return [add_months(first, i) for i in range(count + 1)]


def month_index(month: str) -> int:
    """Return months since year 0: differences of it are distances in months."""
    return int(month[:4]) * 12 + int(month[5:7]) - 1


def month_of(day: date) -> str:
    """Return the month a date lies in."""
    return f"{day.year:04d}-{day.month:02d}"


def parse_range(text: str) -> list[str]:
    """Return the months of `2026-10` or `2026-01..2026-10`; raises UsageError."""
    first, _, last = text.partition("..")
    return months_between(parse_month(first), parse_month(last or first))
