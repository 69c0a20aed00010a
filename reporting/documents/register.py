"""The register of personal data, and the contents of the generated documentation."""

from collections.abc import Mapping, Sequence

from fut.contract import Column, Contract
from fut.indicator import Indicator
from fut.retention import defaults
from reporting.documents.contracts import GENERATED

HOW = {
    "org": "an organisation number stays; a sole trader's, a personal number, becomes a token",
    "account": "an account that embeds a personal number becomes a token",
    "text": "a personal number inside the text becomes a token",
    "number": "a personal number inside the number, told by its dash or century, becomes a token",
    "local": "a local id becomes a token of its own source",
    "person": "a personal number becomes a token of the person, any other id one of its own source",
}


def page(contracts: Sequence[Contract], read: Mapping[str, Mapping[str, Sequence[str]]]) -> str:
    """Return the register: which columns hold personal data, how they are protected, who reads them.

    `read` gives, for each indicator, the columns of each core table its SELECT reads.
    """
    lines = [
        GENERATED,
        "# Register of personal data",
        "",
        "Columns that contracts mark as personal data, layer by layer. Tokens are keyed HMACs made when a file is",
        "loaded; the key lies outside the warehouse. Who reads a column is found by planning the indicators' SQL.",
    ]
    for layer in ("raw", "core", "out"):
        lines += [
            "",
            f"## {layer}",
            "",
            "| Table | Column | What it is | Protection | Read by |",
            "|---|---|---|---|---|",
        ]
        found = [(c, column) for c in contracts if c.layer == layer for column in c.columns]
        for contract, column in found:
            if column.classification != "pii":
                continue
            readers = [code for code, tables in read.items() if column.name in tables.get(contract.physical, ())]
            how = _protection(column, layer)
            lines.append(
                f"| [{contract.physical}](contracts/{contract.physical}.md) | `{column.name}` | {column.description} | "
                f"{how} | {', '.join(readers) or '-'} |"
            )
    lines += [
        "",
        "## How long",
        "",
        "Defaults, which a municipality's own rules replace (`retention.rules` in its settings); see",
        "docs/retention.md. A rule holds for material of the months from its day on.",
        "",
        "| Kind | From | Months kept | Counted from the end of the | Ground | Verified |",
        "|---|---|---|---|---|---|",
        *(
            f"| {rule.kind} | {rule.valid_from.isoformat()} | {rule.keep_months} | {rule.counted_from.replace('_', ' ')} | "
            f"{rule.ground} | {'yes' if rule.is_verified else 'no'} |"
            for rule in defaults()
        ),
    ]
    lines += ["", "## Personal data read by each indicator", "", "| Indicator | Columns |", "|---|---|"]
    personal = {
        contract.physical: {c.name for c in contract.columns if c.classification == "pii"} for contract in contracts
    }
    for code, tables in read.items():
        columns = [f"`{t}.{c}`" for t, names in tables.items() for c in names if c in personal.get(t, set())]
        lines.append(f"| [{code}](indicators/{code}.en.md) | {', '.join(columns) or 'none'} |")
    return "\n".join(lines) + "\n"


def _protection(column: Column, layer: str) -> str:
    """Return how the column's values are protected; raises KeyError for a pseudonym that `HOW` does not tell."""
    if pseudonym := column.said("pseudonym"):
        return HOW[pseudonym]
    if step := column.said("grid"):
        return f"rounded to a grid of {step} m"
    return "as delivered" if layer == "raw" else "that of the raw column it comes from"


def contents(contracts: Sequence[Contract], known: Mapping[str, Indicator]) -> str:
    """Return the contents page."""
    lines = [
        GENERATED,
        "# Generated documentation",
        "",
        "Written by `fut docs` from contracts, indicators, features and models; `fut docs --check` fails when a file is stale.",
        "",
        "[Register of personal data](personal_data.md) · [Features](features.md), which the [models](models.md) see · "
        "[Dated values](limits.md) of law, agreements and local rules",
        "",
        "## Indicators",
        "",
        "| Code | Svenska | English | Class | Risk area |",
        "|---|---|---|---|---|",
        *(
            f"| {i.code} | [{i.title.sv}](indicators/{i.code}.sv.md) | [{i.title.en}](indicators/{i.code}.en.md) | "
            f"{i.evidence_class} | {i.area.replace('_', ' ')} |"
            for i in known.values()
        ),
        "",
        "## Tables",
        "",
        "| Table | Namn | Description |",
        "|---|---|---|",
        *(f"| [{c.physical}](contracts/{c.physical}.md) | {c.label_sv} | {c.description} |" for c in contracts),
    ]
    return "\n".join(lines) + "\n"
