"""Simulate one municipality, run the batch over its months in order, and return every payment with its places."""

import shutil
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb
import polars as pl

from benchmarks.measure import Stages
from core.rankable import prepare_rankable
from fut.settings import Capacity, Municipality, Settings, Source
from fut.warehouse import open_warehouse
from models.evidence import weigh
from models.rank import rank
from models.scoring import score_months
from pipelines import steps
from simulation import parameters_hash, simulate

WRONG_SEK = 500
FIRST_TESTED = 12
OTHER_SEED = 1_000_003
_HOURS, _LONGEST = 4000.0, 5000

_TRUTH = """
CREATE OR REPLACE TEMP TABLE _wrong AS
SELECT payment_id, sum(error_sek) AS error_sek, list(DISTINCT typology ORDER BY typology) AS typologies,
  arg_max(typology, abs(error_sek)) AS typology
FROM (
  SELECT entity_id AS payment_id, typology, error_sek FROM _labels WHERE entity_type = 'compensation_line'
  UNION ALL
  SELECT p.payment_id, typology, error_sek FROM _labels l JOIN (SELECT invoice_id, min(payment_id) AS payment_id
    FROM core_payments GROUP BY 1) p ON p.invoice_id = l.entity_id WHERE entity_type = 'invoice'
) GROUP BY ALL
"""
# honest but odd: whoever lists them has been led astray
_INNOCENT = """
CREATE OR REPLACE TEMP TABLE _odd AS
SELECT DISTINCT payment_id FROM (
  SELECT line_id AS payment_id FROM core_compensation_lines JOIN (FROM _innocent WHERE entity_type = 'provider') i
    ON i.entity_id = provider_id
  UNION ALL SELECT payment_id FROM core_payments JOIN (FROM _innocent WHERE entity_type = 'invoice') i
    ON i.entity_id = invoice_id
  UNION ALL SELECT payment_id FROM core_payments JOIN (FROM _innocent WHERE entity_type = 'supplier') i
    ON i.entity_id = supplier_key
)
"""
_PAYMENTS = """
SELECT p.booked_month AS month, p.service_month, c.closed_at::DATE AS closing_date, p.payment_id, p.risk_area,
  p.payee_ref, p.amount_sek::DOUBLE AS amount_sek,
  coalesce(w.error_sek, 0)::DOUBLE AS error_sek, coalesce(w.typologies, []) AS typologies, w.typology,
  coalesce(abs(w.error_sek) >= {wrong}, false) AS is_wrong, o.payment_id IS NOT NULL AS is_innocent,
  r.rank AS place, r.expected_error_sek::DOUBLE AS expected_error_sek, r.error_probability,
  r.error_probability >= {likely} AS is_likely,
  abs(r.expected_error_sek::DOUBLE) / r.review_minutes AS sek_per_minute, r.amount_at_risk_sek::DOUBLE AS at_risk_sek,
  s.model_percentile, z.model_percentile AS robust_z, hash(concat(p.payment_id, '|{seed}')) AS lot,
  coalesce(f.codes, []) AS codes, e.place AS other_place
FROM rankable p LEFT JOIN _wrong w USING (payment_id) LEFT JOIN _odd o USING (payment_id)
  LEFT JOIN core_month_closes c ON c.month = p.booked_month
  LEFT JOIN _other e ON e.payment_id = p.payment_id AND e.month = p.booked_month
  LEFT JOIN (FROM out_ranked_payments WHERE arm = 'risk') r ON r.payment_id = p.payment_id AND r.month = p.booked_month
  LEFT JOIN _forest s ON s.payment_id = p.payment_id LEFT JOIN scores z ON z.payment_id = p.payment_id
  LEFT JOIN (SELECT out_flag_payments.payment_id, list(DISTINCT indicator ORDER BY indicator) AS codes FROM out_flag_payments
    JOIN out_flags USING (flag_id) WHERE verdict = 'contradiction' GROUP BY 1) f ON f.payment_id = p.payment_id
WHERE p.is_live ORDER BY month, p.payment_id
"""
# the same months with another seed of the forest: how far chance moves the list
_OTHER = """
CREATE OR REPLACE TEMP TABLE _other AS SELECT month, payment_id, rank AS place FROM out_ranked_payments WHERE arm = 'risk'
"""


@dataclass(frozen=True)
class Case:
    """One simulated municipality."""

    preset: str
    difficulty: str
    seed: int
    months: int | None = None

    @property
    def name(self) -> str:
        """Return a name for files."""
        return f"{self.preset}-{self.difficulty}-{self.seed}" + (f"-{self.months}" if self.months else "")


def run_case(case: Case, folder: Path, stages: Stages, is_kept: bool = False) -> pl.DataFrame:
    """Return every live payment of the tested months (the thirteenth onward) with truth and places.

    The folder is emptied before and, unless it is kept, after. The control arm is off, so that no wrong payment is hidden in it.
    """
    shutil.rmtree(folder, ignore_errors=True)
    with stages.stage("simulate", is_apart=True):
        made = simulate(folder, case.preset, case.difficulty, case.seed, case.months)
    settings = Settings(
        Municipality("simulated", "Simulated"), (Source("municipality", "canonical", "*.parquet"),),
        folder / "inbox", folder / "var", seed=case.seed, is_demo=True,
        capacity=Capacity(hours_per_month=_HOURS, control_share=0.0, longest_list=_LONGEST),
    )  # fmt: skip
    with open_warehouse(settings) as connection:
        frame = _run(connection, settings, made.months[FIRST_TESTED:], folder / "truth", stages, case.seed)
    if not is_kept:
        shutil.rmtree(folder, ignore_errors=True)
    return frame.with_columns(difficulty=pl.lit(case.difficulty), seed=pl.lit(case.seed))


def _run(
    connection: duckdb.DuckDBPyConnection, settings: Settings, tested: list[str], truth: Path, stages: Stages, seed: int
) -> pl.DataFrame:
    with stages.stage("load and validate"):
        steps.load_and_check(connection, settings)
    with stages.stage("core"):
        steps.build(connection, settings)
        months = steps.known_months(connection)
    with stages.stage("indicators"):
        steps.flag(connection, settings, months)
    evidence = weigh(steps.active_library(settings), tested, ())
    with stages.stage("again, another forest", is_apart=True):
        other = replace(settings, seed=settings.seed + OTHER_SEED)
        steps.score(connection, other, tested)
        rank(connection, tested, other, evidence, "scores")
        connection.execute(_OTHER)
    with stages.stage("features and scores"):
        steps.score(connection, settings, tested)
    with stages.stage("ranking"):
        rank(connection, tested, settings, evidence, "scores")
    with stages.stage("baselines and truth", is_apart=True):
        connection.execute("CREATE OR REPLACE TEMP TABLE _forest AS FROM scores")
        score_months(connection, settings, tested, name="robust_z")
        for name in ("labels", "innocent"):
            path = truth / f"truth_{name}.parquet"
            connection.execute(f"CREATE OR REPLACE TEMP TABLE _{name} AS FROM read_parquet('{path}')")
        prepare_rankable(connection)
        connection.execute(_TRUTH)
        connection.execute(_INNOCENT)
        frame = connection.execute(
            _PAYMENTS.format(wrong=WRONG_SEK, seed=seed, likely=settings.capacity.likely_probability)
        ).pl()
    return frame.filter(pl.col("month").is_in(tested))


def frozen() -> str:
    """Return the hash of the simulator's parameters."""
    return parameters_hash()
