"""Turns a list that officers have filled in back into rows of `raw/outcomes`: dropped into the inbox, it is learnt from.

An outcome's id follows from the list's run and the payment, so that a list sent twice, or filled in further, is still
one outcome a row; of several files the last by name holds.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from fut.errors import InputError, did_you_mean
from fut.excel import sheet_cells
from fut.inbox import Form, add_form
from reporting.words import CAUSES, INTENTS, OUTCOMES

WORDS = {
    "verdict": ("Utfall", {word: code for code, word in OUTCOMES.items()}),
    "cause": ("Orsak", {word: code for code, word in CAUSES.items()}),
    "intent": ("Avsikt", {word: code for code, word in INTENTS.items()}),
    "was_worth_looking": ("Värt att titta på", {"Ja": True, "Nej": False}),
}
NEEDED = ("outcome_id", "payment_id", "arm", "Utfall", "Granskad", "Handläggare")


def read_filled(path: Path) -> dict[int, dict[str, str]]:
    """Return the outcomes of a filled-in workbook by line of its sheet, as text; raises InputError naming the file."""
    sheets = (sheet for sheet in sheet_cells(path) if sheet.height and "Utfall" in sheet.row(0))
    sheet = next(sheets, None)
    if sheet is None:
        raise InputError(f"{path.name}: no sheet with a column 'Utfall'; is it a list written by `fut list`?")
    headings = [str(cell or "") for cell in sheet.row(0)]
    found = {}
    try:
        for line, cells in enumerate(sheet.iter_rows(), 1):
            outcome = _outcome(dict(zip(headings, cells, strict=True)), line) if line > 1 else None
            if outcome:
                found[line] = {name: _text(value) for name, value in outcome.items()}
    except InputError as error:
        raise InputError(f"{path.name}: {error}") from None
    return found


def outcome_rows(sheet: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return one outcome per row of the sheet Lista whose Utfall is filled in, with the contract's column names.

    `sheet` gives each row by its headings, in order, as any reader of Excel files does. What is left blank is
    None, and the contract judges it. Raises InputError naming the row for an unknown word or a lost column.
    """
    return [outcome for line, row in enumerate(sheet, 2) if (outcome := _outcome(row, line))]


def _outcome(row: Mapping[str, Any], line: int) -> dict[str, Any] | None:
    lost = [name for name in NEEDED if name not in row]
    if lost:
        raise InputError(f"sheet Lista: no column '{lost[0]}'{did_you_mean(lost[0], map(str, row))}")
    if row["Utfall"] in (None, ""):
        return None
    day = row["Granskad"]
    return {
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


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value).strip()


FORM = Form("filled_list", "lista[-.]*xlsx", "outcomes", read_filled)
add_form(FORM)
