"""The outcomes an officer can choose: what each needs, and which a second person must confirm.

Outcome codes are those of `raw/outcomes`; texts are `reporting.words.OUTCOMES`. Adverse are the two that turn
against the payee: a claim for money back, and a suspicion of crime.
"""

from dataclasses import dataclass

from reporting.words import CAUSES, INTENTS, OUTCOMES
from review.shelf.keys import typed_ore
from review.work.errors import InvalidError

LONGEST_NOTE = 10_000
LONGEST_MINUTES = 100_000


@dataclass(frozen=True, slots=True)
class Verdict:
    """One outcome: `needs` are the fields that must be filled in, `key` its place on the keyboard."""

    code: str
    key: str
    is_adverse: bool = False
    is_one_click: bool = False
    needs: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """Return the officer's word."""
        return OUTCOMES[self.code]


VERDICTS = {
    verdict.code: verdict
    for verdict in (
        Verdict("error_recovery", "1", is_adverse=True, needs=("error_sek", "cause", "note")),
        Verdict("error_no_recovery", "2", needs=("error_sek", "cause", "note")),
        Verdict("suspected_crime", "3", is_adverse=True, needs=("cause", "note")),
        Verdict("explained", "4", is_one_click=True),
        Verdict("undecidable", "5", is_one_click=True),
        Verdict("data_error", "6", is_one_click=True),
    )
}


@dataclass(frozen=True, slots=True)
class Judgement:
    """What an officer says of a payment, checked."""

    verdict: Verdict
    was_worth_looking: bool
    error_ore: int | None = None
    cause: str | None = None
    intent: str | None = None
    explanation: str | None = None
    note: str = ""
    spent_minutes: int | None = None
    ruled_out: tuple[str, ...] = ()


def judgement(form: dict[str, str], amount_ore: int, ruled_out: tuple[str, ...] = ()) -> Judgement:
    """Return the form's judgement; raises InvalidError naming every field that is missing or wrong.

    `ruled_out` are the innocent explanations the officer ruled out. Kronor belong to an error: with an outcome that is
    none they are left out, as the form proposes an amount before the outcome is chosen.
    """
    wrong: dict[str, str] = {}
    verdict = VERDICTS.get(form.get("verdict", ""))
    worth = form.get("was_worth_looking", "")
    if verdict is None:
        wrong["verdict"] = "Välj ett utfall."
    if worth not in ("yes", "no"):
        wrong["was_worth_looking"] = "Svara på om betalningen var värd att titta på."
    is_harmless = verdict is not None and verdict.is_one_click
    error = None if is_harmless else kronor(form.get("error_sek", ""), "error_sek", wrong)
    minutes = _minutes(form.get("spent_minutes", ""), wrong)
    note = form.get("note", "").strip()
    if len(note) > LONGEST_NOTE:
        wrong["note"] = f"Högst {LONGEST_NOTE} tecken."
    cause, intent = form.get("cause") or None, form.get("intent") or None
    if cause and cause not in CAUSES:
        wrong["cause"] = "Välj en orsak i listan."
    if intent and intent not in INTENTS:
        wrong["intent"] = "Välj i listan."
    given = {"error_sek": error, "cause": cause, "note": note}
    asked = {
        "error_sek": "Ange felets storlek i kronor, med minustecken om för lite betalats.",
        "cause": "Ange vem som orsakade felet.",
        "note": "Skriv en motivering.",
    }
    for name in verdict.needs if verdict else ():
        if given[name] in (None, "") and name not in wrong:
            wrong[name] = asked[name]
    if error is not None and verdict and verdict.code.startswith("error") and error == 0:
        wrong["error_sek"] = "Ett fel är inte noll kronor."
    if error is not None and abs(error) > abs(amount_ore) and "error_sek" not in wrong and not note:
        wrong["note"] = "Felet är större än betalningen: skriv hur."
    if wrong or verdict is None:
        raise InvalidError(wrong)
    explanation = form.get("explanation", "").strip() or None
    return Judgement(verdict, worth == "yes", error, cause, intent, explanation, note, minutes, ruled_out)


def kronor(said: str, field: str, wrong: dict[str, str]) -> int | None:
    """Return kronor as an officer writes them (`1 234,50 kr`) in öre, None when empty; else `wrong` names the field."""
    found = typed_ore(said)
    if found is None and said.strip():
        wrong[field] = "Skriv kronor som 1234,50."
    return found


def _minutes(said: str, wrong: dict[str, str]) -> int | None:
    text = said.strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and int(text) <= LONGEST_MINUTES):
        wrong["spent_minutes"] = "Skriv hela minuter."
        return None
    return int(text)
