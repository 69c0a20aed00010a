"""Swedish public holidays and working days.

Holidays: lag (1989:253) om allmänna helgdagar, and the eves that collective agreements treat as holidays.
"""

from datetime import date, timedelta
from functools import cache


def easter(year: int) -> date:
    """Return Easter Sunday (Gregorian computus, Meeus/Jones/Butcher)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e, f = b // 4, b % 4, (b + 8) // 25
    g = (b - f + 1) // 3
    h = (19 * a + b - d - g + 15) % 30
    i, k = c // 4, c % 4
    el = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * el) // 451
    month, day = divmod(h + el - 7 * m + 114, 31)
    return date(year, month, day + 1)


@cache
def holidays(year: int) -> dict[date, str]:
    """Return the Swedish public holidays of a year, and Midsummer, Christmas and New Year's eves, by date."""
    sunday = easter(year)
    midsummer = next(d for n in range(20, 27) if (d := date(year, 6, n)).weekday() == 5)
    saints = next(d for n in range(7) if (d := date(year, 10, 31) + timedelta(days=n)).weekday() == 5)
    return {
        date(year, 1, 1): "Nyårsdagen",
        date(year, 1, 6): "Trettondedag jul",
        sunday - timedelta(days=2): "Långfredagen",
        sunday: "Påskdagen",
        sunday + timedelta(days=1): "Annandag påsk",
        date(year, 5, 1): "Första maj",
        sunday + timedelta(days=39): "Kristi himmelsfärdsdag",
        sunday + timedelta(days=49): "Pingstdagen",
        date(year, 6, 6): "Sveriges nationaldag",
        midsummer - timedelta(days=1): "Midsommarafton",
        midsummer: "Midsommardagen",
        saints: "Alla helgons dag",
        date(year, 12, 24): "Julafton",
        date(year, 12, 25): "Juldagen",
        date(year, 12, 26): "Annandag jul",
        date(year, 12, 31): "Nyårsafton",
    }


def is_working_day(day: date) -> bool:
    """Whether the day is neither Saturday, Sunday nor a holiday."""
    return day.weekday() < 5 and day not in holidays(day.year)


def next_working_day(day: date) -> date:
    """Return the day itself when it is a working day, else the first one after it."""
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


def working_days_after(day: date, count: int) -> date:
    """Return the working day that is `count` working days after `day`; `count` is at least 1."""
    for _ in range(count):
        day = next_working_day(day + timedelta(days=1))
    return day
