"""Turns a list that officers have filled in back into rows of `raw/outcomes`."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from fut.errors import InputError, did_you_mean
from reporting.words import CAUSES, INTENTS, OUTCOMES

WORDS = {
    "verdict": ("Utfall", {word: code for code, word in OUTCOMES.items()}),
    "cause": ("Orsak", {word: code for code, word in CAUSES.items()}),
    "intent": ("Avsikt", {word: code for code, word in INTENTS.items()}),
    "was_worth_looking": ("Värt att titta på", {"Ja": True, "Nej": False}),
}
NEEDED = ("outcome_id", "payment_id", "arm", "Utfall", "Granskad", "Handläggare")


def outcome_rows(sheet: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return one outcome per row of the sheet Lista whose Utfall is filled in, with the contract's column names.

    `sheet` gives each row by its headings, in order, as any reader of Excel files does. What is left blank is
    None, and the contract judges it. Raises InputError naming the row for an unknown word or a lost column.
    """
    outcomes = []
    for line, row in enumerate(sheet, 2):
        lost = [name for name in NEEDED if name not in row]
        if lost:
            raise InputError(f"sheet Lista: no column '{lost[0]}'{did_you_mean(lost[0], map(str, row))}")
        if row["Utfall"] in (None, ""):
            continue
        day = row["Granskad"]
        outcomes.append(
            {
                "outcome_id": row["outcome_id"],
                "payment_id": row["payment_id"],
                "flag_ids": row.get("flag_ids"),
                "decided_at": day.isoformat() if isinstance(day, dt.date) else day,
                "decided_by_ref": row["Handläggare"],
                "arm": row["arm"],
                **{name: _code(row, name, line) for name in WORDS},
                "error_sek": row.get("Felbelopp kr"),
                "spent_minutes": row.get("Minuter"),
            }
        )
    return outcomes


def _code(row: Mapping[str, Any], name: str, line: int) -> str | bool | None:
    heading, codes = WORDS[name]
    said = row.get(heading)
    if said is None or said == "":
        return None
    word = str(said).strip()
    if word not in codes:
        known = ", ".join(codes)
        raise InputError(f"sheet Lista, row {line}: unknown word in column '{heading}'; known: {known}")
    return codes[word]
