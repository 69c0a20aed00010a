"""The list: control arm drawn, what is probably wrong first, by expected error per hour, cut to the team's time."""

import dagster as dg

from fut.version import code_version
from pipelines import steps
from pipelines.defs.figures import keyed, picture
from pipelines.defs.house import OFFICER_TEAM, House, step
from pipelines.defs.score import SCORES

RANKING = "ranking"


def rank_asset(house: House) -> dg.AssetsDefinition:
    """Return the asset of the ordered list."""

    @dg.asset(
        name=RANKING,
        deps=[SCORES, *steps.active_library(house.settings)],
        group_name="ranking",
        kinds={"duckdb", "polars"},
        owners=[OFFICER_TEAM],
        code_version=code_version(),
        description="Each month's payments, those probably wrong first, by expected erroneous kronor per officer hour; a "
        "random control arm beside them.",
        **house.partitioned(),
    )
    def ranking(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
        months = list(context.partition_keys)
        with step(house) as connection:
            ready, blocked = steps.open_months(connection, house.settings, steps.chosen_months(connection, months))
            steps.order(connection, house.settings, ready)
            found = keyed(
                connection,
                "SELECT month, count(*) FILTER (arm = 'risk'), count(*) FILTER (arm = 'random'), "
                "sum(abs(expected_error_sek)) FILTER (arm = 'risk')::DOUBLE FROM out_ranked_payments GROUP BY 1",
            )
        for month in ready:
            listed, control, expected = found.get(month, (0, 0, 0))
            said = {"listed": int(listed), "control_arm": int(control), "expected_error_sek": round(expected, 2)}
            context.add_asset_metadata(said, partition_key=month)
        drawn = picture("Förväntat fel", {m: v[2] for m, v in found.items()}, house.settings.currency)
        return dg.MaterializeResult(
            metadata={"months_ranked": len(ready), "months_blocked": ", ".join(sorted(blocked)) or "none", **drawn}
        )

    return ranking
