"""What a flag measured, in words: the name of its value from the indicator's own file, and the value."""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal

from reporting import format as f
from reporting.model import Flag
from reporting.reading import Row, text

MOST_SHOWN = 5


def measured(indicator: Row, value: float | None, currency: str, compared: float | None = None) -> tuple[str, str]:
    """Return name and value as officers read them, both "" where the value says nothing more; `indicator` is its row.

    What the value is `compared` with, where there is such a number, follows in brackets.
    """
    name, unit = text(indicator.get("measured_sv")), indicator.get("measured_unit")
    if not name or value is None:
        return "", ""
    beside = text(indicator.get("compared_sv"))
    more = f" ({beside} {_written(compared, unit, currency)})" if beside and compared is not None else ""
    return name, _written(value, unit, currency) + more


def _written(value: float, unit: str | None, currency: str) -> str:
    if unit == "sek":
        return f.kr(Decimal(str(value)), currency)
    if unit == "share":
        return f.share(value)
    if unit == "date":
        return f.weekday(dt.date.fromisoformat(f"{value:.0f}"))
    return f.number(value, 0 if value == round(value) else 2)


def measured_notes(flags: Iterable[Flag]) -> list[str]:
    """Return one sentence for each name, with the values of all the flags that have it."""
    found: dict[str, list[str]] = {}
    for flag in flags:
        name, value = flag.measured
        if name and value not in found.setdefault(name, []):
            found[name].append(value)
    return [
        f"{name}: {', '.join(values[:MOST_SHOWN])}{' med flera' if len(values) > MOST_SHOWN else ''}."
        for name, values in found.items()
    ]
