"""Turns a list that officers have filled in back into rows of `raw/outcomes`: dropped into the inbox, it is learnt from.

An outcome's id follows from the list's run and the payment, so that a list sent twice, or filled in further, is still
one outcome a row; of several files the last by name holds. A row is the payment its column Betalning shows: what is
hidden beside it stays behind when only the shown columns are sorted. What cannot be read is refused by row and
column, for whoever wrote it can mend it, and a row set aside would be an officer's hour lost.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from fut.errors import InputError, did_you_mean
from fut.excel import sheet_cells
from fut.inbox import Form, add_form
from fut.money import AmountError, parse_amount
from reporting.words import CAUSES, INTENTS, OUTCOMES

WORDS = {
    "verdict": ("Utfall", {word: code for code, word in OUTCOMES.items()}),
    "cause": ("Orsak", {word: code for code, word in CAUSES.items()}),
    "intent": ("Avsikt", {word: code for code, word in INTENTS.items()}),
    "was_worth_looking": ("Värt att titta på", {"Ja": "true", "Nej": "false"}),
}
HIDDEN = ("outcome_id", "payment_id", "arm", "flag_ids")
NEEDED = (*HIDDEN, "Betalning", "Utfall", "Granskad", "Handläggare")
_SAYS = ("Värt att titta på", "Felbelopp kr", "Orsak", "Avsikt", "Minuter", "Granskad")
_DAYS = (
    r"(?P<y>20\d\d)-?(?P<m>\d\d)-?(?P<d>\d\d)([ T]\d\d:\d\d(:\d\d(\.\d+)?)?)?",
    r"(?P<d>\d{1,2})[/.] ?(?P<m>\d{1,2})[-/. ] ?(?P<y>20\d\d)",
)


def read_filled(path: Path) -> dict[int, dict[str, str]]:
    """Return the outcomes of a filled-in workbook by line of its sheet, as text; raises InputError naming the file."""
    sheets = (sheet for sheet in sheet_cells(path) if sheet.height and "Utfall" in sheet.row(0))
    sheet = next(sheets, None)
    if sheet is None:
        raise InputError(f"{path.name}: no sheet with a column 'Utfall'; is it a list written by `fut list`?")
    headings = [str(cell or "").strip() for cell in sheet.row(0)]
    try:
        return outcome_rows(dict(zip(headings, cells, strict=True)) for cells in sheet.rows()[1:])
    except InputError as error:
        raise InputError(f"{path.name}: {error}") from None


def outcome_rows(sheet: Iterable[Mapping[str, Any]]) -> dict[int, dict[str, str]]:
    """Return one outcome by line for each row of the sheet Lista whose Utfall is filled in, under the contract's names.

    `sheet` gives each row from line 2 by its headings. Raises InputError naming row and column for what cannot be
    read, for a lost column, and for a payment that two rows judge differently.
    """
    rows = [{name: str(value or "").strip() for name, value in row.items()} for row in sheet]
    for name in NEEDED:
        if rows and name not in rows[0]:
            raise InputError(f"sheet Lista: no column '{name}'{did_you_mean(name, rows[0])}")
    beside = {row["payment_id"]: {name: row[name] for name in HIDDEN} for row in rows}
    found: dict[int, dict[str, str]] = {}
    first: dict[str, int] = {}
    for line, row in enumerate(rows, 2):
        try:
            outcome = _outcome(row, beside)
        except InputError as error:
            raise InputError(f"sheet Lista, row {line}: {error}") from None
        if outcome is None:
            continue
        earlier = first.setdefault(outcome["payment_id"], line)
        if found.setdefault(earlier, outcome) != outcome:
            raise InputError(f"sheet Lista, rows {earlier} and {line} judge the same payment differently; keep one")
    return found


def _outcome(row: Mapping[str, str], beside: Mapping[str, Mapping[str, str]]) -> dict[str, str] | None:
    if not row["Utfall"]:
        if said := [name for name in _SAYS if row.get(name)]:
            raise InputError(f"column 'Utfall' is blank but '{said[0]}' is filled in")
        return None
    own = row["Betalning"] or row["payment_id"]
    if own not in beside:
        raise InputError("column 'Betalning' shows a payment that the list does not have")
    return {
        **beside[own],
        "decided_at": _day(row["Granskad"]),
        "decided_by_ref": row["Handläggare"],
        **{name: _code(row, *WORDS[name]) for name in WORDS},
        "error_sek": _amount(row.get("Felbelopp kr", "")),
        "spent_minutes": _minutes(row.get("Minuter", "")),
    }


def _code(row: Mapping[str, str], heading: str, codes: Mapping[str, str]) -> str:
    known = {word.casefold(): code for word, code in codes.items()}
    said = " ".join(row.get(heading, "").split()).casefold()
    if said and said not in known:
        raise InputError(f"unknown word in column '{heading}'; known: {', '.join(codes)}")
    return known.get(said, "")


def _day(text: str) -> str:
    """Return a day as an ISO date, also where it was typed as text: 30/3 2019, 30.3.2019, 20190330."""
    for pattern in _DAYS:
        if part := re.fullmatch(pattern, text):
            try:
                return date(int(part["y"]), int(part["m"]), int(part["d"])).isoformat()
            except ValueError:
                break
    raise InputError(f"column 'Granskad' {'is no date' if text else 'is blank'}; write it as 2026-11-22")


def _amount(text: str) -> str:
    # a sum that a cell works out has a point and drops its noughts: 124.625 may be either
    if re.fullmatch(r"-?\d{1,3}\.\d\d[1-9]", text):
        raise InputError(
            "column 'Felbelopp kr' may be thousands or thousandths; write it without the point, or with two decimals"
        )
    try:
        # a number's cell has a point; what officers type as text has a comma, and a point before thousands
        is_number = re.fullmatch(r"-?\d+\.(\d{1,2}|\d{4,})", text)
        return str(parse_amount(text, "." if is_number else ",")) if text else ""
    except AmountError:
        raise InputError("column 'Felbelopp kr' is no amount") from None


def _minutes(text: str) -> str:
    if not re.fullmatch(r"(\d+([.,]0+)?)?", text):
        raise InputError("column 'Minuter' is no whole number of minutes")
    return re.split("[.,]", text)[0]


FORM = Form("filled_list", "lista[!a-zåäö]*xlsx", "outcomes", read_filled)
add_form(FORM)
