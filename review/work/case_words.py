"""What an entry of the log says, as people read it in a case and its file."""

from typing import Any

from reporting import format as f
from reporting.words import CAUSES, INTENTS, OUTCOMES
from review.shelf.keys import sek
from review.work.letters import KINDS as LETTERS
from review.work.states import ASSESSMENTS, MEASURES, STATES

CODES: dict[str, dict[str, str]] = {
    "verdict": OUTCOMES,
    "outcome": OUTCOMES,
    "cause": CAUSES,
    "intent": INTENTS,
    "assessment": ASSESSMENTS,
    "letter": {code: kind.title for code, kind in LETTERS.items()},
    "measure": {code: kind.title for code, kind in MEASURES.items()},
}
PEOPLE = {"to": "till", "responsible": "handläggare", "assigned_to": "till"}
AMOUNTS = {"error_ore": "fel", "demanded_ore": "krävt", "recovered_ore": "återfört"}
DAYS = {"on": "", "due_on": "senast", "answer_due_on": "svar senast", "answered_on": "svar kom"}
TEXTS = ("title", "text", "explanation", "answer", "note")


def said(payload: dict[str, Any], names: dict[int, str], currency: str = "SEK") -> str:
    """Return an entry's content as one text; a letter's body is left to the letter itself."""
    parts = []
    if payload.get("from_state") and payload.get("to_state"):
        parts.append(f"{STATES[payload['from_state']].title} till {STATES[payload['to_state']].title}")
    for key, known in CODES.items():
        if payload.get(key):
            parts.append(known.get(payload[key], str(payload[key])))
    for key, word in AMOUNTS.items():
        if payload.get(key) is not None:
            parts.append(f"{word} {f.kr(sek(payload[key]), currency, ore=True)}")
    if payload.get("payment_id"):
        parts.append(f"{payload.get('month', '')} {payload['payment_id']}".strip())
    for key, word in DAYS.items():
        if payload.get(key):
            parts.append(f"{word} {f.date(payload[key])}".strip())
    for key, word in PEOPLE.items():
        if payload.get(key):
            parts.append(f"{word} {names.get(payload[key], 'okänd')}")
    if payload.get("case_id"):
        parts.append(f"ärende {payload['case_id']}")
    if payload.get("is_sensitive"):
        parts.append("känsligt")
    if payload.get("sha256"):
        parts.append(f"post {payload.get('head_seq')}, fil {payload['sha256']}")
    parts += [payload[key] for key in TEXTS if payload.get(key)]
    return " · ".join(str(part).strip() for part in parts if part)
