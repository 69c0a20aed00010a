"""What officers found changes what an indicator is expected to be worth: Beta priors, updated by outcomes.

A hit is a verdict that the payment was wrong, a miss is one that it was explained; undecidable and data errors teach
nothing. An outcome of the random arm counts in full. One of the risk arm counts half, split over the families that
spoke for the payment: it was chosen because they agreed, and nobody knows which of them was right (a power prior,
Ibrahim & Chen 2000, Statistical Science 15, with exponent 1/2).
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import duckdb

HIT = ("error_recovery", "error_no_recovery", "suspected_crime")
MISS = ("explained",)
RISK_WEIGHT = 0.5
DECIMALS = 6
_OUTCOMES = """
    WITH known AS (
      SELECT *, strftime(decided_at, '%Y-%m') AS decided_month FROM core_outcomes
    ), standing AS (
      SELECT k.*, l.decided_month AS replaced_month FROM known k
      LEFT JOIN known l ON l.supersedes_outcome_id = k.outcome_id
    )
    SELECT o.outcome_id, o.decided_month, o.replaced_month, o.arm, o.verdict, list_sort(list(DISTINCT f.indicator))
    FROM standing o JOIN out_flag_payments p USING (payment_id) JOIN out_flags f USING (flag_id)
    WHERE f.verdict = 'contradiction' AND f.service_month <= o.decided_month
    GROUP BY ALL ORDER BY ALL
"""


@dataclass(frozen=True)
class PriorRow:
    """An indicator's Beta(hits, misses) and the family it belongs to."""

    code: str
    family: str
    hits: float
    misses: float


@dataclass(frozen=True)
class OutcomeRow:
    """One decided outcome with the indicators that pointed at its payment; known from decided_month on."""

    decided_month: str
    arm: str
    verdict: str
    codes: tuple[str, ...]
    replaced_month: str | None = None


def update_priors(priors: Iterable[PriorRow], outcomes: Iterable[OutcomeRow]) -> list[PriorRow]:
    """Return the priors after the outcomes, in their order; codes without a prior are left out."""
    rows = list(priors)
    family = {row.code: row.family for row in rows}
    hits: dict[str, float] = defaultdict(float)
    misses: dict[str, float] = defaultdict(float)
    for outcome in outcomes:
        if outcome.verdict not in (*HIT, *MISS):
            continue
        codes = [code for code in outcome.codes if code in family]
        weight = 1.0
        if outcome.arm != "random":
            weight = RISK_WEIGHT / max(1, len({family[code] for code in codes}))
        for code in codes:
            (hits if outcome.verdict in HIT else misses)[code] += weight
    return [
        PriorRow(
            row.code,
            row.family,
            round(row.hits + hits[row.code], DECIMALS),
            round(row.misses + misses[row.code], DECIMALS),
        )
        for row in rows
    ]


def read_outcomes(connection: duckdb.DuckDBPyConnection) -> list[OutcomeRow]:
    """Return every outcome whose payment carries flags, in a fixed order; needs core_outcomes and the out tables."""
    return [
        OutcomeRow(decided, arm, verdict, tuple(codes), replaced)
        for _, decided, replaced, arm, verdict, codes in connection.execute(_OUTCOMES).fetchall()
    ]


def known_by(outcomes: Iterable[OutcomeRow], month: str) -> list[OutcomeRow]:
    """Return the outcomes that stood when the month closed: decided by then, and not yet replaced."""
    return [
        outcome
        for outcome in outcomes
        if outcome.decided_month <= month and not (outcome.replaced_month and outcome.replaced_month <= month)
    ]
