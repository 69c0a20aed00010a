"""What the models see: every feature of every grain, with its unit, its bad tail and what it is conditional on."""

from collections.abc import Mapping, Sequence

from fut.feature import Feature
from reporting.documents.contracts import GENERATED, cell

TAILS = {"high": "high values", "low": "low values", "both": "high and low values"}


def page(grains: Mapping[str, tuple[str, Sequence[Feature]]]) -> str:
    """Return the page; `grains` gives each grain's description and its features in the order they are written."""
    lines = [
        GENERATED,
        "# Features",
        "",
        "Each is one function in `features/`. A model's reasons name them in Swedish. None reads a column that is personal",
        "data or for audit only, and none describes a person: a test refuses both.",
    ]
    for grain, (said, features) in grains.items():
        lines += [
            "",
            f"## {grain.replace('_', ' ').capitalize()}",
            "",
            said,
            "",
            "| Feature | Svenska | What it says | Unit | Odd are | Conditional on | Computed from |",
            "|---|---|---|---|---|---|---|",
        ]
        lines += [
            f"| `{f.name}` | {cell(f.label_sv)} | {cell(f.sentence)} | {f.unit} | {TAILS[f.bad_tail]} | "
            f"{cell(f.exposure) or '-'} | {', '.join(f'`{column}`' for column in f.columns)} |"
            for f in features
        ]
    return "\n".join(lines) + "\n"
