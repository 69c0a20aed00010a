"""An indicator's page, in Swedish for officers and in English for engineers."""

from collections.abc import Mapping, Sequence
from textwrap import dedent

from fut.indicator import Indicator, Param, Text
from reporting.dated import LABELS
from reporting.documents.contracts import GENERATED
from reporting.documents.limits import latest
from reporting.format import number, share
from reporting.indicator_words import FAMILIES, UNITS
from reporting.words import AREAS, EVIDENCE_CLASSES, filled

WORDS = {
    "sv": {
        "other": "English", "means": "Vad träffen betyder", "innocent": "Lagliga förklaringar att utesluta först",
        "do": "Titta härnäst på", "about": "Uppgifter", "class": "Bevisklass", "family": "Familj", "area": "Område",
        "prior": "Väntad andel fel", "minutes": "Granskningstid, minuter", "params": "Gränser",
        "default": "Förval", "unit": "Enhet", "why": "Skäl (på engelska)", "name": "Namn", "scope": "Prövas på",
        "testable": "kan prövas när", "needs": "Behöver", "days": "datum på dagen",
        "reads": "Läser", "sql": "Så räknas den", "example": "Exempel", "flags": "Träffar i exemplet",
        "measured": "Träffens värde", "nobody": "inga", "source": "Källa (på engelska)", "made": "Skriven av {a}, granskad av {c}, ses över senast {d}.",
        "version": "Kodversion", "dated": "Daterade värden", "all": "alla med källa",
    },
    "en": {
        "other": "Svenska", "means": "What a flag means", "innocent": "Lawful explanations to rule out first",
        "do": "Look next at", "about": "Facts", "class": "Evidence class", "family": "Family", "area": "Risk area",
        "prior": "Expected share of errors", "minutes": "Review time, minutes", "params": "Limits",
        "default": "Default", "unit": "Unit", "why": "Why", "name": "Name", "scope": "Tested on",
        "testable": "testable when", "needs": "Needs", "days": "dates exact to the day",
        "reads": "Reads", "sql": "How it is computed", "example": "Example", "flags": "Flags of the example",
        "measured": "A flag's value", "nobody": "none", "source": "Source", "made": "Written by {a}, checked by {c}, to be reviewed by {d}.",
        "version": "Code version", "dated": "Dated values", "all": "all with their source",
    },
}  # fmt: skip
CLASSES = {
    code: Text(EVIDENCE_CLASSES[code], english)
    for code, english in (
        ("H", "hard contradiction"),
        ("R", "rule or contract breach"),
        ("S", "statistical deviation"),
        ("C", "context that raises or lowers"),
    )
}


def page(indicator: Indicator, language: str, read: Mapping[str, Sequence[str]] | None = None) -> str:
    """Return the page as Markdown; `read` are the columns of each core table its SELECT reads."""
    w, values = WORDS[language], indicator.parameters() | latest(indicator.limits, language)

    def said(text: Text) -> str:
        return filled(getattr(text, language), values)

    other = "en" if language == "sv" else "sv"
    scope = indicator.scope
    needs = [f"`{need}`" for need in scope.needs] + ([w["days"]] if scope.day_precision else [])
    dated = [f"{LABELS[kind] if language == 'sv' else _spaced(kind)}: {values[kind]}" for kind in indicator.limits]
    facts = [
        (w["area"], AREAS.get(indicator.area, indicator.area) if language == "sv" else _spaced(indicator.area)),
        (w["class"], f"{indicator.evidence_class}: {getattr(CLASSES[indicator.evidence_class], language)}"),
        (w["family"], FAMILIES.get(indicator.family, _spaced(indicator.family)) if language == "sv" else _spaced(indicator.family)),
        (w["prior"], f"{share(indicator.prior.mean, 0)}, Beta({indicator.prior.hits:g}, {indicator.prior.misses:g}): "
                     f"{indicator.prior.source}"),
        (w["minutes"], str(indicator.review_minutes)),
        (w["measured"], getattr(indicator.measured.name, language) if indicator.measured else ""),
        (w["scope"], f"`{scope.table}`, `{scope.where}`; {w['testable']} `{scope.testable}`"),
        (w["needs"], ", ".join(needs)),
        (w["dated"], "; ".join(dated) + (f" ([{w['all']}](../limits.md))" if dated else "")),
        (w["reads"], "; ".join(f"`{table}` ({', '.join(columns)})" for table, columns in (read or {}).items())),
        (w["source"], indicator.source),
        (w["version"], f"`{indicator.digest}`"),
    ]  # fmt: skip
    lines = [
        GENERATED,
        f"# {indicator.code} {said(indicator.title)}",
        "",
        f"[{w['other']}]({indicator.code}.{other}.md)",
        "",
        f"## {w['means']}",
        "",
        said(indicator.means),
        "",
        f"## {w['innocent']}",
        "",
        *(f"- {said(text)}" for text in indicator.innocent),
        "",
        f"## {w['do']}",
        "",
        said(indicator.do),
        "",
        f"## {w['about']}",
        "",
        *(f"- {name}: {value}" for name, value in facts if value),
        "",
        w["made"].format(a=indicator.authored_by, c=indicator.checked_by, d=indicator.review_by),
    ]
    if indicator.params:
        lines += [
            "",
            f"## {w['params']}",
            "",
            f"| {w['name']} | {w['default']} | {w['unit']} | {w['why']} |",
            "|---|---|---|---|",
        ]
        lines += [_limit(name, param, language) for name, param in indicator.params.items()]
    flagged = [f"- `{subject}`: {amount}" for subject, amount in indicator.flags.items()] or [w["nobody"]]
    lines += ["", f"## {w['sql']}", "", "```sql", dedent(indicator.sql).strip(), "```"]
    lines += ["", f"## {w['example']}", "", "```text", dedent(indicator.example).strip(), "```"]
    lines += ["", f"{w['flags']}:", "", *flagged]
    return "\n".join(lines) + "\n"


def _limit(name: str, param: Param, language: str) -> str:
    if language == "en":
        return f"| `{name}` | {param.default} | {param.unit} | {param.why} |"
    default = param.default if isinstance(param.default, str) else number(param.default, None)
    return f"| `{name}` | {default} | {UNITS.get(param.unit, param.unit)} | {param.why} |"


def _spaced(name: str) -> str:
    return name.replace("_", " ")
