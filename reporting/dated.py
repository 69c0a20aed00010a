"""Dated values in words: how much, since when, and that nobody has verified it where nobody has."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from reporting.format import NBSP, kr, number, share

LABELS = {
    "direct_award": "Gräns för direktupphandling", "approval": "Attestgräns", "documentation": "Gräns för dokumentation",
    "reminder_fee": "Påminnelseavgift", "collection_fee": "Avgift för inkassokrav", "hourly_wage": "Lägsta timlön",
    "daily_rest": "Dygnsvila", "full_time": "Heltid i månaden", "tax_deduction": "Skatteavdrag utan F-skatt",
}  # fmt: skip
NONE = {"sv": "ingen angiven", "en": "none stated"}
UNVERIFIED = {"sv": "ej kontrollerat värde", "en": "unverified value"}
HOURS = {"sv": "timmar", "en": "hours"}
FROM = {"sv": "från", "en": "from"}
AND = {"sv": "och", "en": "and"}

Value = Mapping[str, Any]


def value_text(row: Value, currency: str = "SEK", language: str = "sv") -> str:
    """Return one row's value, `60 kr`, `11 timmar` or `30 %`."""
    if row.get("hours") is not None:
        return f"{number(Decimal(str(row['hours'])), None)}{NBSP}{HOURS[language]}"
    if row.get("share") is not None:
        return share(Decimal(str(row["share"])), None)
    amount = Decimal(str(row["amount_sek"]))
    return kr(amount, currency, ore=amount != amount.to_integral_value())


def dated_text(rows: Sequence[Value], currency: str = "SEK", language: str = "sv") -> str:
    """Return the values of a kind in force in a month: `50 kr och från 2013-03-16 60 kr, ej kontrollerat värde`."""
    if not rows:
        return NONE[language]
    parts: dict[str, None] = {}
    roles = set()
    for row in rows:
        later = f"{FROM[language]} {date.fromisoformat(row['valid_from'])} " if row.get("role") in roles else ""
        roles.add(row.get("role"))
        parts[later + value_text(row, currency, language)] = None
    *first, last = parts
    said = f"{', '.join(first)} {AND[language]} {last}" if first else last
    return said if all(row.get("is_verified", True) for row in rows) else f"{said}, {UNVERIFIED[language]}"
