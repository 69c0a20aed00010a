"""What the models are, as their own code says: grains, what they learn from, how a payment is scored, and what not for."""

from collections.abc import Iterator
from inspect import cleandoc, getdoc, getmodule

from features import carer_month, delivery_month, payment, provider_month, supplier_year, visit_day
from fut.feature import collect_features
from fut.settings import Settings
from models import DEFAULT, care_reasons, care_scoring, explain, payee_profile, rank, recipes, scoring, training
from models.evidence import MODEL
from models.robust_z import RobustZ

LEARNT = {payment: None, **dict.fromkeys((delivery_month, visit_day, carer_month), care_scoring.WEIGHTS)}
CONTEXT = (provider_month, supplier_year)


def sections() -> Iterator[tuple[str, str]]:
    """Yield heading and Markdown of each section, in order."""
    yield f"{MODEL.code}: {MODEL.title.en}", "\n".join([
        MODEL.means.en,
        "",
        f"- Speaks from percentile {MODEL.least_percentile:g} of its month and risk area; {MODEL.review_minutes} minutes of review.",
        f"- Prior: {MODEL.prior.mean:.3f}, Beta({MODEL.prior.hits:g}, {MODEL.prior.misses:g}): {MODEL.prior.source}.",
        f"- Seed: `seed` of the settings, {Settings.__dataclass_fields__['seed'].default} by default; the same seed, rows and code "
        "give the same bytes.",
        "- Not to be used:",
        *(f"  - {text};" for text in MODEL.not_for[:-1]),
        f"  - {MODEL.not_for[-1]}.",
    ])  # fmt: skip
    rows = [
        f"| {_name(module)} | {len(collect_features(module))} | "
        + (f"yes, weight {weights[_last(module)]:g} in a line's score |" if weights else "yes, a payment's own score |")
        for module, weights in LEARNT.items()
    ] + [
        f"| {_name(module)} | {len(collect_features(module))} | no: officers read it as the payee's profile |"
        for module in CONTEXT
    ]
    table = ["| Grain | Features | A detector learns from it |", "|---|---|---|", *rows]
    yield "Grains", "\n".join([*table, "", "[Features](features.md) has each with its unit and its bad tail."])
    for heading, module in (
        ("What a detector learns from", training), ("Supplier payments", scoring), ("Home-care lines", care_scoring),
        ("Why a payment scores high", explain), ("Why a home-care line scores high", care_reasons), ("The list", rank),
        ("What no model reads: the payee beside its peers", payee_profile),
    ):  # fmt: skip
        yield heading, cleandoc(module.__doc__ or "")
    told = (f"| `{name}`{_mark(name, kind)} | {_flat(getmodule(kind).__doc__)} | {_flat(getdoc(kind))} |"
            for name, kind in recipes().items())  # fmt: skip
    yield "Recipes", "\n".join(["| Recipe | What | Here |", "|---|---|---|", *told])


def _mark(name: str, kind: type) -> str:
    return ", the default" if name == DEFAULT else ", the control" if kind is RobustZ else ""


def _last(module: object) -> str:
    return getattr(module, "__name__", "").rpartition(".")[2]


def _name(module: object) -> str:
    return _last(module).replace("_", " ")


def _flat(text: str | None) -> str:
    return " ".join((text or "").split())
