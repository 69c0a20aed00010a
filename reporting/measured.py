"""What a flag measured, in words: the name of its value from the indicator's own file, and the value."""

from collections.abc import Iterable
from decimal import Decimal

from reporting import format as f
from reporting.model import Flag
from reporting.reading import Row, text

MOST_SHOWN = 5


def measured(indicator: Row, value: float | None, currency: str) -> tuple[str, str]:
    """Return name and value as officers read them, both "" where the value says nothing more; `indicator` is its row."""
    name = text(indicator.get("measured_sv"))
    if not name or value is None:
        return "", ""
    unit = indicator.get("measured_unit")
    if unit == "sek":
        return name, f.kr(Decimal(str(value)), currency)
    if unit == "share":
        return name, f.share(value)
    return name, f.number(value, 0 if value == round(value) else 2)


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
