"""Days, months, Swedish holidays and daylight saving as integers that numpy can work on.

A day is days since 1970-01-01. A local or UTC minute is minutes since 1970-01-01 00:00.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from fut.holidays import holidays

DAY = 1440
_EPOCH = date(1970, 1, 1)
_EPOCH_WEEKDAY = 3  # 1970-01-01 was a Thursday; Monday is 0


def day_number(when: date) -> int:
    """Return days since 1970-01-01."""
    return (when - _EPOCH).days


def day_date(day: int) -> date:
    """Return the date of a day number."""
    return _EPOCH + timedelta(days=int(day))


def weekday(day: np.ndarray) -> np.ndarray:
    """Return 0 (Monday) to 6 (Sunday) of each day number."""
    return (day + _EPOCH_WEEKDAY) % 7


@dataclass(frozen=True)
class Month:
    """One calendar month: `name` is YYYY-MM, `first` its first day number, `index` its place in the horizon."""

    name: str
    index: int
    first: int
    days: int

    @property
    def number(self) -> int:
        """Month of the year, 1-12."""
        return int(self.name[5:])

    @property
    def last(self) -> int:
        """Last day number."""
        return self.first + self.days - 1

    @property
    def key(self) -> int:
        """Year and month as one integer, YYYYMM."""
        return int(self.name[:4]) * 100 + self.number


def months(start_month: str, count: int) -> list[Month]:
    """Return `count` months from `start_month` (YYYY-MM)."""
    year, number = (int(part) for part in start_month.split("-"))
    found = []
    for index in range(count):
        first = date(year, number, 1)
        year, number = (year + 1, 1) if number == 12 else (year, number + 1)
        days = (date(year, number, 1) - first).days
        found.append(Month(first.strftime("%Y-%m"), index, day_number(first), days))
    return found


@dataclass(frozen=True)
class Clock:
    """Daylight saving of Europe/Stockholm over a span of years (EU rule: last Sundays of March and October)."""

    utc_at: np.ndarray  # UTC minute from which an offset holds
    offset: np.ndarray  # minutes east of UTC

    @classmethod
    def over(cls, first_year: int, last_year: int) -> "Clock":
        """Return the transitions from first_year - 1 to last_year + 1."""
        at, offset = [-(2**60)], [60]
        for year in range(first_year - 1, last_year + 2):
            for month, minutes in ((3, 120), (10, 60)):
                sunday = max(d for n in range(25, 32) if (d := date(year, month, n)).weekday() == 6)
                at.append(day_number(sunday) * DAY + 60)
                offset.append(minutes)
        return cls(np.array(at), np.array(offset))

    def offset_at(self, utc: np.ndarray) -> np.ndarray:
        """Return the offset in minutes that holds at each UTC minute."""
        return self.offset[np.searchsorted(self.utc_at, utc, side="right") - 1]

    def to_local(self, utc: np.ndarray) -> np.ndarray:
        """Return local minutes of UTC minutes."""
        return utc + self.offset_at(utc)

    def to_utc(self, local: np.ndarray) -> np.ndarray:
        """Return UTC minutes of local minutes.

        The hour that occurs twice in October is read as its first; the one that does not exist in March moves
        one hour forward.
        """
        early = local - 120
        late = local - 60
        return np.where(self.offset_at(early) == 120, early, late)


@dataclass(frozen=True)
class Days:
    """Kinds of the days of a horizon: 0 weekday, 1 weekend, 2 holiday, indexed by day number minus `first`."""

    first: int
    kind: np.ndarray
    names: tuple[str | None, ...]

    @classmethod
    def over(cls, first: int, last: int) -> "Days":
        """Return the day kinds from `first` to `last`, both day numbers included."""
        number = np.arange(first, last + 1)
        kind = np.where(weekday(number) >= 5, 1, 0).astype(np.int8)
        names: list[str | None] = [None] * len(number)
        for year in range(day_date(first).year, day_date(last).year + 1):
            for when, name in holidays(year).items():
                at = day_number(when) - first
                if 0 <= at < len(number):
                    kind[at], names[at] = 2, name
        return cls(first, kind, tuple(names))

    def free(self, day: np.ndarray) -> np.ndarray:
        """Whether each day is a weekend day or a holiday."""
        return self.kind[np.asarray(day) - self.first] > 0
