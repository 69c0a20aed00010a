"""Working days over weekends and Swedish holidays."""

from datetime import date

import pytest

from fut.holidays import is_working_day, next_working_day, working_days_after


@pytest.mark.parametrize(
    ("day", "count", "due"),
    [
        (date(2026, 11, 22), 10, date(2026, 12, 4)),  # from a Sunday
        (date(2026, 12, 18), 10, date(2027, 1, 8)),  # over Christmas, New Year and Epiphany
        (date(2026, 4, 2), 1, date(2026, 4, 7)),  # Thursday before Easter
        (date(2026, 6, 18), 1, date(2026, 6, 22)),  # over Midsummer's eve
    ],
)
def test_ten_working_days_skip_weekends_and_holidays(day, count, due):
    assert working_days_after(day, count) == due


def test_a_working_day_is_its_own_next():
    assert is_working_day(date(2026, 11, 23))
    assert next_working_day(date(2026, 11, 23)) == date(2026, 11, 23)
    assert not is_working_day(date(2026, 5, 14))
    assert next_working_day(date(2026, 5, 14)) == date(2026, 5, 15)
