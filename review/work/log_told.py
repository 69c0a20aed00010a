"""The particulars that an entry of the log keeps, as an auditor reads them: names for numbers, kronor for öre."""

import json
from typing import Any

from reporting.format import MISSING, kr, yes_no
from reporting.words import CAUSES, INTENTS, OUTCOMES, column_label
from review.shelf.keys import sek
from review.work.log_words import TOLD

CODES = {"verdict": OUTCOMES, "cause": CAUSES, "intent": INTENTS}
PERSONS = ("to", "assigned_to", "responsible", "user_id")


def particulars(payload: str, people: dict[int, str]) -> list[tuple[str, str]]:
    """Return (label, shown value) of an entry's payload (JSON text), without what was left open; `people` by number."""
    said = json.loads(payload or "{}")
    return [(_label(name), _shown(name, value, people)) for name, value in said.items() if value not in (None, "", [])]


def _label(name: str) -> str:
    return TOLD.get(name) or column_label(name)


def _shown(name: str, value: Any, people: dict[int, str]) -> str:
    if isinstance(value, bool):
        return yes_no(value)
    if name.endswith("_ore") and isinstance(value, int):
        return kr(sek(value), ore=True)
    if name in PERSONS and isinstance(value, int):
        return people.get(value, str(value))
    if isinstance(value, dict):
        return ", ".join(f"{_label(k)}: {_shown(k, v, people)}" for k, v in value.items()) or MISSING
    if isinstance(value, list):
        return ", ".join(_shown("", one, people) for one in value)
    return CODES.get(name, {}).get(str(value), str(value))
