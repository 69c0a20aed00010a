"""What each indicator's hit is worth in a month: class, family, probability and review time, as known by then."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from fut.indicator import Indicator, Prior, Text
from models.feedback import OutcomeRow, PriorRow, known_by, update_priors

DECIMALS = 6


@dataclass(frozen=True)
class Evidence:
    """One row of the table `rank` reads; `probability` is the Beta mean after the outcomes known that month."""

    month: str
    code: str
    evidence_class: str
    family: str
    area: str
    probability: float
    review_minutes: int


@dataclass(frozen=True)
class ModelEvidence:
    """The model as one statistical family: a high percentile supports other evidence and never lists alone."""

    code: str
    family: str
    area: str
    least_percentile: float
    review_minutes: int
    prior: Prior
    title: Text
    means: Text
    not_for: tuple[str, ...]


MODEL = ModelEvidence(
    code="ST01",
    family="model",
    area="supplier_payments",
    least_percentile=0.99,
    review_minutes=20,
    prior=Prior(
        1, 199, "no published precision of unusual payments; no more than the weakest indicator, until outcomes tell"
    ),
    title=Text("Ovanlig betalning", "Unusual payment"),
    means=Text(
        "Betalningen hör till den hundradel i månaden som avviker mest från det vanliga: en faktura jämförs med andra "
        "fakturor, en rad i hemtjänsten med rader som är ungefär lika långa.",
        "The payment is among the hundredth of the month that differ most from what is usual: an invoice is compared "
        "with other invoices, a home-care line with lines about as long.",
    ),
    not_for=(
        "as a ground for a decision, a recovery or a report: it says how unusual a payment is, not how likely an error",
        "alone: it lists a payment only beside an indicator of another family",
        "to measure or compare persons, carers, clients, payees or providers: what is published is the place of a payment",
        "to compare months, municipalities or risk areas: a percentile is a place within one month's payments of one area",
    ),
)


def weigh(library: Mapping[str, Indicator], months: Iterable[str], outcomes: Iterable[OutcomeRow]) -> list[Evidence]:
    """Return one row per month and indicator, and one for the model; outcomes count from the month they were known."""
    priors = [PriorRow(code, i.family, i.prior.hits, i.prior.misses) for code, i in sorted(library.items())]
    priors.append(PriorRow(MODEL.code, MODEL.family, MODEL.prior.hits, MODEL.prior.misses))
    decided = list(outcomes)
    rows = []
    for month in sorted(set(months)):
        for now in update_priors(priors, known_by(decided, month)):
            stated = library.get(now.code)
            rows.append(
                Evidence(
                    month, now.code, stated.evidence_class if stated else "S", now.family,
                    stated.area if stated else MODEL.area, round(now.hits / (now.hits + now.misses), DECIMALS),
                    stated.review_minutes if stated else MODEL.review_minutes,
                )
            )  # fmt: skip
    return rows


def model_rows() -> tuple[dict[str, object], ...]:
    """Return the models as rows of out/indicators, so that a reason they give has its texts."""
    return (
        {
            "code": MODEL.code, "area": MODEL.area, "evidence_class": "S", "family": MODEL.family,
            "title_sv": MODEL.title.sv, "title_en": MODEL.title.en, "means_sv": MODEL.means.sv,
            "means_en": MODEL.means.en, "innocent_sv": ["En ovanlig men riktig betalning.", "Ett behov eller ett uppdrag som har ändrats."],
            "do_sv": "Se vilka mått som avviker och vad som hänt: hos mottagaren, eller i brukarens beslut och besök.",
            "review_minutes": MODEL.review_minutes, "prior_mean": round(MODEL.prior.mean, 4), "parameters": "{}",
            "code_version": "",
        },
    )  # fmt: skip
