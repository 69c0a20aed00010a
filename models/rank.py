"""The list: what is probably wrong by expected error per officer minute, then the rest, cut to the month's hours.

Payments whose error is at least as probable as the settings' `capacity.likely_probability` stand first; within both
tiers kronor expected to be wrong per minute of review decide, then the payment's id. A blind control arm stands beside.

Per payment and family of indicators the best evidence counts once: probabilities combine as 1 - prod(1 - p), kronor
at risk as the largest within a family, summed over families and capped at the payment. Hard contradictions (H) and
rule breaches (R) list alone; statistical deviations (S) and the model only when two families agree. Context (C), and
an indicator that flags too many rows, only shifts the odds. What an exception explains is no evidence and is told as
speaking against, as are recurrence and a long history. Families an officer has judged do not list a payment again.

The control arm is drawn before ranking and stays blind: a drawn payment carries no rank, score or reason and is not
in the risk arm, so that no payment is listed twice; the next payment takes its place. Its flags remain in out_flags.
A month's list depends on nothing that became known after it closed, nor on which other months are ranked with it.
"""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any

import duckdb
import polars as pl

from core.rankable import prepare_rankable
from fut.contract import contract
from fut.evaluate import prepare_out
from fut.frames import put
from fut.indicator import Indicator
from fut.settings import Settings
from models.evidence import MODEL, Evidence, weigh
from models.feedback import read_outcomes, unplaced
from models.scores import SCORES

USUAL_MINUTES = 20
_log = logging.getLogger("fut")
_RISK = Path(__file__).with_suffix(".sql")
_CONTROL = Path(__file__).with_name("control.sql")
_LIST = Path(__file__).with_name("list.sql")
_TEMPORARY = (
    "_evidence", "_terms", "_months", "_scored", "_flagged", "_settled", "_candidates", "_hits", "_families",
    "_carried", "_context", "_stable", "_risk", "_drawn_months", "_control", "_placed", "_told",
)  # fmt: skip


@dataclass(frozen=True)
class Terms:
    """How context moves the odds of an error, and what officers read: factors are judgement until outcomes tell.

    `raises` for each family of context, at most three; `lowers_expected` where the payment fits a recurrence;
    `lowers_stable` where the payee was paid in 24 of the 36 months before, and at least once as much as now.
    """

    raises: float = 1.5
    lowers_expected: float = 0.5
    lowers_stable: float = 0.7
    expected: str = "Väntad: stämmer med tidigare återkommande betalningar"
    stable: str = "Mottagaren har fått betalt i minst 24 av de 36 månaderna före, minst en gång så här mycket eller mer"
    explained: str = "förklaras av"
    needs: str = "kan inte avgöras utan uppgiften"
    doubted: str = "ger fler träffar än väntat och räknas bara som sammanhang"


def rank_months(
    connection: duckdb.DuckDBPyConnection,
    settings: Settings,
    months: Iterable[str],
    library: Mapping[str, Indicator],
    scored: Any = None,
) -> None:
    """Rank the months with each indicator's worth as known then, and explain what is listed where scores exist.

    `scored` is what `models.scoring.score_months` returned in the same run, if it was in the same run.
    """
    wanted = sorted(set(months))
    prepare_out(connection)
    connection.execute(contract("core", "outcomes").ddl())
    scores = SCORES if _has_table(connection, SCORES) else None
    prepare_rankable(connection)
    outcomes = read_outcomes(connection, scores, MODEL.code, MODEL.least_percentile)
    rank(connection, wanted, settings, weigh(library, wanted, outcomes), scores)
    if lost := unplaced(connection):
        _log.warning("%d outcomes teach nothing: no payment here is theirs, or it was booked after Granskad", lost)
    if scores:
        from models.explain import explain_listed

        explain_listed(connection, settings, wanted, scored=scored)


def rank(
    connection: duckdb.DuckDBPyConnection,
    months: Iterable[str],
    settings: Settings,
    evidence: Sequence[Evidence],
    scores_table: str | None = None,
    terms: Terms = Terms(),
) -> None:
    """Replace the months' rows of out_ranked_payments; run_id stays empty until the snapshot is published.

    Needs the core layer, out_flags, out_flag_payments and out_coverage; `scores_table` has payment_id,
    booked_month and model_percentile; the model counts only in the month a payment was booked. `evidence` holds a
    row per month and indicator.
    """
    wanted = sorted(set(months))
    prepare_rankable(connection)
    connection.execute(contract("out", "ranked_payments").ddl())
    size = control_size(settings, evidence)
    _prepare(connection, wanted, settings, evidence, scores_table, terms, size)
    connection.execute(_RISK.read_text(encoding="utf-8"))
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE _drawn_months AS SELECT month AS booked_month FROM _months UNION "
        "SELECT booked_month FROM _risk"
    )
    connection.execute(_CONTROL.read_text(encoding="utf-8").replace("{most}", str(max(size, 1))))
    connection.execute(_LIST.read_text(encoding="utf-8"))
    for table in _TEMPORARY:
        connection.execute(f"DROP TABLE IF EXISTS {table}")


def control_size(settings: Settings, evidence: Sequence[Evidence]) -> int:
    """Return how many payments the control arm holds: its share of the hours over the median review time."""
    minutes = {row.code: row.review_minutes for row in evidence if row.code != MODEL.code}
    capacity = settings.capacity
    usual = median(minutes.values()) if minutes else USUAL_MINUTES
    return int(capacity.hours_per_month * 60 * capacity.control_share / usual)


def _prepare(
    connection: duckdb.DuckDBPyConnection,
    months: list[str],
    settings: Settings,
    evidence: Sequence[Evidence],
    scores_table: str | None,
    terms: Terms,
    size: int,
) -> None:
    schema = {
        "month": pl.String, "code": pl.String, "evidence_class": pl.String, "family": pl.String, "area": pl.String,
        "probability": pl.Float64, "review_minutes": pl.Int32,
    }  # fmt: skip
    put(
        connection,
        "_evidence",
        pl.DataFrame([tuple(vars(row).values()) for row in evidence], schema=schema, orient="row"),
    )
    put(connection, "_months", pl.DataFrame({"month": months}, schema={"month": pl.String}))
    capacity = settings.capacity
    stated = asdict(terms) | {
        "seed": settings.seed,
        "control_size": size,
        "capacity_minutes": int(capacity.hours_per_month * 60 * (1 - capacity.control_share)),
        "longest": capacity.longest_list,
        "likely": capacity.likely_probability,
        "model_code": MODEL.code,
        "model_least": MODEL.least_percentile,
    }
    put(connection, "_terms", pl.DataFrame([stated]))
    empty = "SELECT NULL::VARCHAR AS payment_id, NULL::VARCHAR AS month, NULL::DOUBLE AS model_percentile WHERE FALSE"
    given = f"SELECT payment_id, booked_month AS month, model_percentile FROM {scores_table}"
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE _scored AS FROM ({given if scores_table else empty}) "
        "SEMI JOIN _months USING (month) SEMI JOIN out_flag_payments USING (payment_id)"
    )


def _has_table(connection: duckdb.DuckDBPyConnection, name: str) -> bool:
    found = connection.execute("SELECT 1 FROM duckdb_tables() WHERE table_name = $name", {"name": name}).fetchone()
    return found is not None
