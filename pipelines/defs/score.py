"""Scores: features of every payment, home-care lines and the visits behind them too, and the default detector."""

import dagster as dg

from fut.version import code_version
from pipelines import steps
from pipelines.defs.figures import counts, keyed
from pipelines.defs.house import DATA_TEAM, House, step

SCORES = "scores"
READ = (
    "core_payments", "core_compensation_lines", "core_visit_pay", "core_visits",
    "core_visit_neighbours", "core_visit_overlaps", "core_lock_events", "core_absences", "core_payroll_months",
)  # fmt: skip


def score_asset(house: House) -> dg.AssetsDefinition:
    """Return the asset of the model's scores."""

    @dg.asset(
        name=SCORES,
        deps=READ,
        group_name="models",
        kinds={"polars", "sklearn", "duckdb"},
        owners=[DATA_TEAM],
        code_version=code_version(),
        description="How unusual each payment is among its peers and its payee's past. Never alone a flag.",
        **house.partitioned(),
    )
    def scores(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
        months = list(context.partition_keys)
        with step(house) as connection:
            ready, _ = steps.open_months(connection, house.settings, steps.chosen_months(connection, months))
            steps.score(connection, house.settings, ready)
            rows = counts(connection, [SCORES, "peer_features"])
            scored = keyed(connection, "SELECT booked_month, count(*) FROM scores GROUP BY 1")
        for month in ready:
            context.add_asset_metadata({"payments_scored": int(scored.get(month, (0,))[0])}, partition_key=month)
        return dg.MaterializeResult(metadata={"dagster/row_count": rows[SCORES], "reasons": rows["peer_features"]})

    return scores
