"""The country's dated values: what law and agreements say, since when, by whose word, and what nobody has verified."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from itertools import zip_longest

from core.limits import national_limits
from fut.indicator import Indicator
from fut.limit import Limit
from reporting.dated import LABELS, dated_text, value_text
from reporting.documents.contracts import GENERATED, cell


def page(indicators: Mapping[str, Indicator]) -> str:
    """Return the page as Markdown."""
    lines = [
        GENERATED,
        "# Dated values",
        "",
        "Law, agreements and local rules that indicators read, each from its day: the value in force on the day of the payment",
        "or visit counts. A municipality states its own under `limits` in its settings or delivers the table `limits`; its rows",
        "stand in the place of these from the day its first of that kind begins. Kronor count for ledgers in kronor alone.",
        "What is not verified is marked in every text that shows it.",
        "",
        "| Kind | Svenska | Value | From | To | Source | Verified | Read by |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for kind, label in LABELS.items():
        codes = [f"[{code}](indicators/{code}.en.md)" for code, i in indicators.items() if kind in i.limits]
        readers = ", ".join(codes) or "none"
        stated = _stated(kind)
        for now, later in zip_longest(stated, stated[1:]):
            until = now.valid_to or (later.valid_from - timedelta(days=1) if later else "")
            verified = "yes" if now.is_verified else "no"
            lines.append(
                f"| `{kind}` | {label} | {value_text(vars(now), language='en')} | {now.valid_from} | {until} | "
                f"{cell(now.source)} | {verified} | {readers} |"
            )
        if not stated:
            lines.append(f"| `{kind}` | {label} | the municipality's own | | | | | {readers} |")
    return "\n".join(lines) + "\n"


def latest(kinds: Iterable[str], language: str) -> dict[str, str]:
    """Return each kind's newest value as an indicator's page says it."""
    known = {kind: [vars(row) for row in _stated(kind)[-1:]] for kind in kinds}
    own = {"sv": "den kommunen anger", "en": "the municipality's own"}
    return {kind: dated_text(found, language=language) if found else own[language] for kind, found in known.items()}


def _stated(kind: str) -> list[Limit]:
    return sorted((limit for limit in national_limits() if limit.kind == kind), key=lambda limit: limit.valid_from)
