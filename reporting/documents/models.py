"""The page of models, from what their code says of itself."""

from collections.abc import Iterable

from reporting.documents.contracts import GENERATED


def page(sections: Iterable[tuple[str, str]]) -> str:
    """Return the page as Markdown; `sections` are headings with their text."""
    lines = [GENERATED, "# Models"]
    for heading, text in sections:
        lines += ["", f"## {heading}", "", text]
    return "\n".join(lines) + "\n"
