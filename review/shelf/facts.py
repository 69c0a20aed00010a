"""What a published month adds up to, read once per run: payments, reasons of the list, the control arm as drawn."""

from dataclasses import dataclass
from functools import lru_cache

from review.shelf.keys import ore
from review.shelf.library import Shelf

_PAID = "SELECT COUNT(*) AS payments, SUM(CAST(ROUND(amount_sek * 100) AS INTEGER)) AS ore FROM payments"
_REASONS = """SELECT json_extract(value, '$.code') AS code, COUNT(*) AS payments,
 SUM(ABS(CAST(ROUND(json_extract(value, '$.amount_sek') * 100) AS INTEGER))) AS ore
 FROM listed, json_each(listed.reasons) WHERE arm = 'risk' GROUP BY 1 ORDER BY 1"""
_DRAWN = """SELECT payment_id, stratum, inclusion_probability, amount_sek FROM ranked_payments WHERE arm = 'random'
 ORDER BY payment_id"""


@dataclass(frozen=True, slots=True)
class Reason:
    """One indicator on the list: how many payments it stands for, kronor at risk in öre, signs dropped."""

    code: str
    title: str
    payments: int
    at_risk_ore: int


@dataclass(frozen=True, slots=True)
class Lot:
    """One payment drawn by lot; `probability` is that of being drawn."""

    payment_id: str
    stratum: int
    probability: float
    amount_ore: int


@dataclass(frozen=True, slots=True)
class MonthFacts:
    """A month: all its payments and their öre, the list's reasons, the control arm."""

    month: str
    currency: str
    payments: int
    amount_ore: int
    reasons: tuple[Reason, ...]
    drawn: tuple[Lot, ...]


@lru_cache(maxsize=240)
def month_facts(shelf: Shelf) -> MonthFacts:
    """Return the month's sums; a payment drawn without a probability is left out. An erased month adds up to nothing."""
    if shelf.erased_on:
        return MonthFacts(shelf.month, shelf.currency, 0, 0, (), ())
    paid = (shelf.one(_PAID) if shelf.has("payments") else None) or {"payments": 0, "ore": 0}
    titles = {code: row["title_sv"] for code, row in shelf.indicators.items()}
    reasons = (Reason(r["code"], titles.get(r["code"], ""), r["payments"], r["ore"] or 0) for r in shelf.ask(_REASONS))
    drawn = (
        Lot(row["payment_id"], row["stratum"] or 0, row["inclusion_probability"], ore(row["amount_sek"]) or 0)
        for row in shelf.ask(_DRAWN)
        if row["inclusion_probability"]
    )
    return MonthFacts(shelf.month, shelf.currency, paid["payments"], paid["ore"] or 0, tuple(reasons), tuple(drawn))
