"""The months that the name of a file states."""

import re
from dataclasses import dataclass

_MONTHS = {name: i % 12 + 1 for i, name in enumerate(
    ["jan", "feb", "mar", "apr", "maj", "jun", "jul", "aug", "sep", "okt", "nov", "dec", "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
)}  # fmt: skip


@dataclass(frozen=True)
class Period:
    """The months a file describes, both included."""

    first: str
    last: str

    @property
    def month(self) -> str | None:
        """Return the month when the file describes just one."""
        return self.first if self.first == self.last else None


def file_period(file_name: str, pattern: str) -> Period | None:
    """Return the months named by the groups year and month (or from and to, or quarter) of `pattern`; None for none."""
    found = re.fullmatch(pattern, file_name, re.I)
    if not found or not (said := {k: v for k, v in found.groupdict().items() if v}).get("year"):
        return None
    quarter = int(said.get("quarter") or 0)
    first = _month_number(said.get("month") or said.get("from") or str(3 * quarter - 2 if quarter else 1))
    last = _month_number(said.get("month") or said.get("to") or str(3 * quarter or 12))
    if not (1 <= first <= last <= 12 and 1990 <= int(said["year"]) <= 2100):
        return None
    return Period(f"{said['year']}-{first:02d}", f"{said['year']}-{last:02d}")


def _month_number(text: str) -> int:
    return int(text) if text.isdigit() else _MONTHS.get(text[:3].lower(), 0)
