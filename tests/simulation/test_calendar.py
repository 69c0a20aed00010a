from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fut.holidays import easter, holidays
from simulation.calendar import DAY, Clock, Days, day_date, day_number, months, weekday


@pytest.mark.parametrize(
    ("year", "month", "day"), [(2024, 3, 31), (2025, 4, 20), (2026, 4, 5), (2027, 3, 28), (2038, 4, 25), (2000, 4, 23)]
)
def test_easter(year, month, day):
    assert easter(year) == date(year, month, day)


def test_holidays_of_a_year():
    found = holidays(2026)
    assert found[date(2026, 6, 20)] == "Midsommardagen"
    assert found[date(2026, 10, 31)] == "Alla helgons dag"
    assert found[date(2026, 5, 14)] == "Kristi himmelsfärdsdag"
    assert date(2026, 5, 4) not in found
    assert all(date(2026, 6, 19) <= d <= date(2026, 6, 25) for d, n in found.items() if n == "Midsommarafton")


def test_day_kinds():
    first, last = day_number(date(2025, 4, 14)), day_number(date(2025, 4, 22))
    days = Days.over(first, last)
    assert days.kind.tolist() == [0, 0, 0, 0, 2, 1, 2, 2, 0]
    assert days.free(np.array([first, last - 1])).tolist() == [False, True]


def test_months_cross_the_year():
    found = months("2025-11", 4)
    assert [m.name for m in found] == ["2025-11", "2025-12", "2026-01", "2026-02"]
    assert [m.days for m in found] == [30, 31, 31, 28]
    assert months("2024-02", 1)[0].days == 29
    assert weekday(np.array([day_number(date(2025, 1, 1))])).tolist() == [2]


def test_clock_changes_on_last_sundays():
    clock = Clock.over(2025, 2025)
    spring, autumn = day_number(date(2025, 3, 30)) * DAY, day_number(date(2025, 10, 26)) * DAY
    local = np.array([spring + 119, spring + 150, spring + 180, autumn + 119, autumn + 150, autumn + 180])
    offsets = clock.offset_at(clock.to_utc(local))
    assert offsets.tolist() == [60, 120, 120, 120, 120, 60]
    back = clock.to_local(clock.to_utc(local))
    assert (back - local).tolist() == [0, 60, 0, 0, 0, 0]  # the hour that does not exist moves forward


@given(st.integers(day_number(date(2024, 1, 1)) * DAY, day_number(date(2027, 1, 1)) * DAY))
def test_utc_goes_to_local_and_back(utc):
    clock = Clock.over(2024, 2026)
    local = clock.to_local(np.array([utc]))
    again = clock.to_utc(local)[0]
    twice = day_date(local[0] // DAY).month == 10 and local[0] % DAY in range(120, 180)
    assert again == utc or (twice and again == utc - 60)
