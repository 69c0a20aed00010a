"""The month's report as one self-contained Swedish HTML page: no script, nothing fetched, strict CSP."""

import base64
import hashlib
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from reporting import format as f
from reporting import summary, svg, words
from reporting.measured import measured_notes
from reporting.model import RankedPayment, Snapshot
from reporting.whole_file import write_whole

TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True, slots=True)
class Why:
    """One reason of a payment with everything an officer reads about it."""

    code: str
    title: str
    evidence_class: str
    share: float | None
    amount_sek: Decimal | None
    means: tuple[str, ...]
    notes: tuple[str, ...]
    innocent: tuple[str, ...]
    do: str


def why(payment: RankedPayment, snapshot: Snapshot) -> list[Why]:
    """Return the payment's reasons, heaviest first, with texts from its flags, else from the indicator."""
    found = []
    for reason in payment.reasons:
        known = snapshot.indicators.get(reason.code)
        flags = [flag for flag in payment.flags if flag.code == reason.code]
        evidence_class = flags[0].evidence_class if flags else (known.evidence_class if known else "")
        means = tuple(dict.fromkeys(flag.means for flag in flags if flag.means)) or (known.means if known else "",)
        notes = measured_notes(flags)
        notes += [f"Förklaras av: {flag.explained_by}" for flag in flags if flag.explained_by]
        notes += [f"Skulle avgöras av: {words.field_label(x.missing_field)}" for x in flags if x.missing_field]
        found.append(
            Why(
                code=reason.code,
                title=reason.title,
                evidence_class=words.EVIDENCE_CLASSES.get(evidence_class, evidence_class),
                share=reason.share,
                amount_sek=reason.amount_sek,
                means=tuple(text for text in means if text),
                notes=tuple(dict.fromkeys(notes)),
                innocent=known.innocent if known else (),
                do=known.do if known else "",
            )
        )
    return found


def innocent(reasons: list[Why]) -> list[str]:
    """Return the lawful explanations of all reasons, each once."""
    return list(dict.fromkeys(text for reason in reasons for text in reason.innocent))


@cache
def environment() -> Environment:
    """Return what our pages are made with: escaping on, an unknown name an error."""
    env = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    known: dict[str, Any] = {"f": f, "words": words, "why": why, "innocent": innocent}
    env.globals.update(known)
    return env


def style_sheet() -> str:
    """Return the page's one stylesheet, pictures included."""
    return (TEMPLATES / "report.css").read_text("utf-8") + svg.PICTURE_CSS


def security_policy(style: str) -> str:
    """Return the Content-Security-Policy that lets the page show its own style and nothing else."""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'"


def render_html(snapshot: Snapshot) -> str:
    """Return the report; the same snapshot gives the same text."""
    style = style_sheet()
    wide = summary.pictures(snapshot, svg.WIDE, "bred")
    narrow = summary.pictures(snapshot, svg.NARROW, "smal")
    listed = snapshot.listed
    return (
        environment()
        .get_template("report.html")
        .render(
            s=snapshot,
            style=Markup(style),  # noqa: S704 - our own file
            policy=security_policy(style),
            pictures={k: (Markup(wide[k]), Markup(narrow[k])) for k in wide},  # noqa: S704 - escaped when drawn
            cut=svg.reach([p.review_minutes or 0 for p in listed], snapshot.capacity_minutes),
            missing=summary.missing_fields(snapshot),
        )
    )


def write_html(path: Path, snapshot: Snapshot) -> None:
    """Write the report to `path` as UTF-8 with `\\n` line ends. Raises OSError."""
    write_whole(path, render_html(snapshot).encode("utf-8"))
