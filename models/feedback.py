"""What officers found changes what an indicator is expected to be worth: Beta priors, updated by outcomes.

A hit is a verdict that the payment was wrong, a miss is one that it was explained; undecidable and data errors teach
nothing. An outcome of the random arm counts in full. One of the risk arm counts half, split over the families that
spoke for the payment: it was chosen because they agreed, and nobody knows which of them was right (a power prior,
Ibrahim & Chen 2000, Statistical Science 15, with exponent 1/2). What was found in one bundle, the payments of one payee
and month, is one piece of evidence however many payments it holds: they share their cause and their explanation (a
cluster whose members agree counts as one, Kish 1965, Survey Sampling, chapter 5). A payment judged again, in another
month's list or another run's, is one outcome: the latest.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import duckdb

from fut.sql import literal
from fut.upgrade import keep
from models.learned import TABLE

HIT = ("error_recovery", "error_no_recovery", "suspected_crime")
MISS = ("explained",)
RISK_WEIGHT = 0.5
DECIMALS = 6
_OUTCOMES = """
    WITH pointed AS (
      SELECT p.payment_id, f.indicator AS code, f.service_month AS month
      FROM out_flag_payments p JOIN out_flags f USING (flag_id) WHERE f.verdict = 'contradiction'
      UNION ALL
      SELECT payment_id, $code, booked_month FROM {scores} WHERE model_percentile >= $least
    ), known AS (
      SELECT o.*, strftime(decided_at, '%Y-%m') AS decided_month,
        coalesce(r.payee_ref || ' ' || r.booked_month, o.payment_id) AS bundle
      FROM core_outcomes o LEFT JOIN rankable r USING (payment_id)
    )
    SELECT o.outcome_id, o.payment_id, o.decided_month, min(later.decided_month) AS replaced_month, o.arm, o.verdict,
      list_sort(list(DISTINCT p.code)) AS codes, o.bundle
    FROM known o JOIN pointed p ON p.payment_id = o.payment_id AND p.month <= o.decided_month
    LEFT JOIN known later ON later.supersedes_outcome_id = o.outcome_id OR (later.payment_id = o.payment_id
      AND (later.decided_at, later.outcome_id) > (o.decided_at, o.outcome_id))
    GROUP BY ALL
"""
_NO_SCORES = "(SELECT NULL AS payment_id, NULL AS booked_month, NULL::DOUBLE AS model_percentile WHERE FALSE)"


@dataclass(frozen=True)
class PriorRow:
    """An indicator's Beta(hits, misses) and the family it belongs to."""

    code: str
    family: str
    hits: float
    misses: float


@dataclass(frozen=True)
class OutcomeRow:
    """One decided outcome with the indicators that pointed at its payment; known from decided_month on.

    `bundle` is the same for the payments of one payee and month.
    """

    decided_month: str
    arm: str
    verdict: str
    codes: tuple[str, ...]
    bundle: str
    replaced_month: str | None = None


def update_priors(priors: Iterable[PriorRow], outcomes: Iterable[OutcomeRow]) -> list[PriorRow]:
    """Return the priors after the outcomes, in their order; codes without a prior are left out."""
    rows = list(priors)
    family = {row.code: row.family for row in rows}
    told: dict[tuple[str, str], list[tuple[float, bool]]] = defaultdict(list)
    for outcome in outcomes:
        if outcome.verdict not in (*HIT, *MISS):
            continue
        codes = [code for code in outcome.codes if code in family]
        weight = 1.0
        if outcome.arm != "random":
            weight = RISK_WEIGHT / max(1, len({family[code] for code in codes}))
        for code in codes:
            told[code, outcome.bundle].append((weight, outcome.verdict in HIT))
    hits: dict[str, float] = defaultdict(float)
    misses: dict[str, float] = defaultdict(float)
    for (code, _), found in told.items():
        hit_share = sum(weight for weight, is_hit in found if is_hit) / sum(weight for weight, _ in found)
        counted, _ = max(found)
        hits[code] += counted * hit_share
        misses[code] += counted * (1 - hit_share)
    return [
        PriorRow(
            row.code,
            row.family,
            round(row.hits + hits[row.code], DECIMALS),
            round(row.misses + misses[row.code], DECIMALS),
        )
        for row in rows
    ]


def read_outcomes(
    connection: duckdb.DuckDBPyConnection, scores_table: str | None, model_code: str, least_percentile: float
) -> list[OutcomeRow]:
    """Return every outcome whose payment flags or the model pointed at, in a fixed order; needs the view `rankable`."""
    keep(connection, TABLE)
    found = connection.execute(
        "SELECT outcome_id, decided_month, replaced_month, arm, verdict, codes, bundle FROM "
        f"({pointed(scores_table, model_code, least_percentile)}) ANTI JOIN erased_outcomes USING (outcome_id) "
        "UNION ALL BY NAME FROM erased_outcomes ORDER BY ALL"
    ).fetchall()
    return [
        OutcomeRow(decided, arm, verdict, tuple(codes), bundle, replaced)
        for _, decided, replaced, arm, verdict, codes, bundle in found
    ]


def pointed(scores_table: str | None, model_code: str, least_percentile: float) -> str:
    """Return the SELECT behind `read_outcomes`: outcome_id, payment_id, and what an `OutcomeRow` holds."""
    said = _OUTCOMES.format(scores=scores_table or _NO_SCORES)
    return said.replace("$code", literal(model_code)).replace("$least", repr(least_percentile))


def unplaced(connection: duckdb.DuckDBPyConnection) -> int:
    """Return how many outcomes are of no payment booked by the month they were decided; needs the view `rankable`."""
    keep(connection, TABLE)
    row = connection.execute(
        "SELECT count(*) FROM core_outcomes o ANTI JOIN rankable p ON p.payment_id = o.payment_id "
        "AND p.booked_month <= strftime(o.decided_at, '%Y-%m') ANTI JOIN erased_outcomes e ON e.outcome_id = o.outcome_id"
    ).fetchone()
    return row[0] if row else 0


def known_by(outcomes: Iterable[OutcomeRow], month: str) -> list[OutcomeRow]:
    """Return the outcomes that stood when the month closed: decided by then, and not yet replaced."""
    return [
        outcome
        for outcome in outcomes
        if outcome.decided_month <= month and not (outcome.replaced_month and outcome.replaced_month <= month)
    ]
