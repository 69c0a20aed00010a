"""The case file: everything the municipality stands on in a case, as one page that makes both the HTML and the PDF.

It is made of the published runs and of the log up to a named entry, and of nothing else: no clock, no state table. The
same entry gives the same bytes with the same version of the program, which the file names.
"""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup
from sqlalchemy import Connection

from fut.version import code_version
from reporting import format as f
from reporting.dated import dated_text
from reporting.html import Why, innocent, security_policy, why
from reporting.model import EvidenceTable, RankedPayment
from reporting.words import parsed_parameters
from review.exports.case_quality import Quality, quality
from review.shelf.library import Library, Shelf
from review.shelf.records import indicators, payment_record, texts
from review.web.templates import TEMPLATES, environment
from review.work import case_log
from review.work.case_words import said
from review.work.letters import KINDS as LETTERS
from review.work.log_words import KINDS
from review.work.states import ASSESSMENTS, MEASURES, STATES, local_time

MARK = "Sekretess: kan innehålla uppgifter som inte får lämnas ut. Pröva varje uppgift innan akten lämnas ut."


@dataclass(frozen=True, slots=True)
class Rule:
    """One indicator as the run used it: its version, the parameters of the flags, the SELECT the run published."""

    code: str
    title: str
    means: tuple[str, ...]
    version: str
    parameters: tuple[tuple[str, str], ...]
    sql: str


@dataclass(frozen=True, slots=True)
class Part:
    """One payment of the case: its run, itself, why it was flagged, and its outcomes; `payment` None when it is gone."""

    month: str
    payment_id: str
    run_id: str
    payment: RankedPayment | None
    why: tuple[Why, ...]
    innocent: tuple[str, ...]
    decisions: tuple[dict[str, Any], ...]
    is_blind: bool

    @property
    def evidence(self) -> tuple[EvidenceTable, ...]:
        """Return the payment's source rows."""
        return self.payment.evidence if self.payment else ()

    @property
    def standing(self) -> dict[str, Any] | None:
        """Return the outcome that holds or waits for a second person."""
        return next((row for row in reversed(self.decisions) if row["status"] in ("final", "proposed")), None)


@dataclass(frozen=True, slots=True)
class CaseFile:
    """A made case file."""

    html: str
    head_seq: int
    head_hash: str

    @property
    def identifier(self) -> str:
        """Return what the PDF names itself by: the page's own hash."""
        return hashlib.sha256(self.html.encode("utf-8")).hexdigest()[:32]


def made(connection: Connection, library: Library, case_id: int, seq: int | None = None) -> CaseFile:
    """Return the case file as of an entry of the log, the newest when None.

    Raises MissingError when there is no such entry, or the case is not in the log up to it.
    """
    case = case_log.told(connection, case_id, seq)
    shelves: dict[tuple[str, str], Shelf | None] = {}
    parts = []
    for (month, payment_id), run_id in sorted(case.runs.items()):
        shelf = shelves.setdefault((month, run_id), library.run(month, run_id))
        parts.append(_part(case, shelf, month, payment_id, run_id))
    known = [shelf for _, shelf in sorted(shelves.items(), key=lambda pair: pair[0]) if shelf]
    currency = known[0].currency if known else "SEK"
    style = (TEMPLATES / "case_file.css").read_text("utf-8")
    shown = {
        "case": case,
        "parts": parts,
        "payee": next((p.payment.payee_name for p in parts if p.payment and p.payment.payee_name), ""),
        "rules": _rules(known, parts, currency),
        "qualities": [_quality(library, shelf, parts) for shelf in known],
        "municipality": _municipality(known),
        "currency": currency,
        "program": code_version(),
        "mark": MARK,
        "style": Markup(style),  # noqa: S704 - our own file
        "policy": security_policy(style),
        "states": STATES,
        "measures": MEASURES,
        "letters": LETTERS,
        "assessments": ASSESSMENTS,
        "kinds": KINDS,
        "decision_states": DECISION_STATES,
        "local_time": local_time,
        "said": lambda event: said(json.loads(event.payload), case.names, currency),
    }
    html = environment().get_template("case_file.html").render(**shown)
    return CaseFile(html, case.head.seq, case.head.hash)


DECISION_STATES = {
    "final": "Gäller",
    "proposed": "Förslag, väntar på andra person",
    "returned": "Återsänt",
    "undone": "Ångrat",
}


def _part(case: case_log.Told, shelf: Shelf | None, month: str, payment_id: str, run_id: str) -> Part:
    decisions = tuple(case.decisions.get((month, payment_id), {}).values())
    is_decided = any(row["status"] == "final" for row in decisions)
    payment = payment_record(shelf, payment_id, is_decided) if shelf else None
    is_blind = payment is not None and payment.is_control and not is_decided
    reasons = why(payment, texts(shelf)) if shelf and payment and not is_blind else []
    return Part(month, payment_id, run_id, payment, tuple(reasons), tuple(innocent(reasons)), decisions, is_blind)


def _rules(shelves: list[Shelf], parts: list[Part], currency: str) -> list[Rule]:
    """Return every indicator that flagged a payment of the case, once for each version and set of parameters."""
    by_run = {(shelf.month, shelf.run_id): shelf for shelf in shelves}
    found: dict[tuple[str, ...], Rule] = {}
    for part in parts:
        shelf = by_run.get((part.month, part.run_id))
        flags = part.payment.flags if part.payment else ()
        rows = shelf.rows("flags", "flag_id", [flag.flag_id for flag in flags]) if shelf and flags else []
        for row in sorted(rows, key=lambda r: (r["indicator"], r["flag_id"])):
            code, version, stated = row["indicator"], row.get("code_version") or "", row.get("parameters") or "{}"
            own = indicators(shelf).get(code) if shelf else None
            means = tuple(dict.fromkeys(flag.means for flag in flags if flag.code == code and flag.means))
            sql = _sql_of(shelf, code, version) if shelf else ""
            rule = Rule(code, own.title if own else code, means, version, _pairs(stated, currency), sql)
            found.setdefault((code, version, stated), rule)
    return [found[key] for key in sorted(found)]


def _sql_of(shelf: Shelf, code: str, version: str) -> str:
    """Return the SELECT of one indicator; nothing when the run published none, or its flag is of another version."""
    known = shelf.indicators.get(code, {})
    return known.get("sql") or "" if known.get("code_version") == version else ""


def _pairs(stated: str, currency: str) -> tuple[tuple[str, str], ...]:
    return tuple(
        (name, dated_text(value, currency) if isinstance(value, list) else f.by_name(name, value, currency))
        for name, value in sorted(parsed_parameters(stated).items())
    )


def _quality(library: Library, shelf: Shelf, parts: list[Part]) -> Quality:
    own = [part for part in parts if (part.month, part.run_id) == (shelf.month, shelf.run_id)]
    codes = {flag.code for part in own if part.payment for flag in part.payment.flags}
    files = {row.source_file for part in own for table in part.evidence for row in table.rows if row.source_file}
    tables = {table.table for part in own for table in part.evidence}
    return quality(library.published, shelf, codes, tables, files)


def _municipality(shelves: list[Shelf]) -> str:
    for shelf in shelves:
        manifest = shelf.manifest
        for stated in (manifest.get("settings", {}).get("municipality"), manifest.get("municipality")):
            name = (stated.get("name") or stated.get("id")) if isinstance(stated, dict) else stated
            if name:
                return str(name)
    return ""
