"""One asset check per raw contract: its Great Expectations suite, run once for all tables of a delivery."""

from collections.abc import Iterator

import dagster as dg

from fut.contract import load_contracts
from pipelines import steps
from pipelines.defs.house import POOL, House, step
from pipelines.defs.ingest import QUARANTINE
from pipelines.expectations import SuiteResult

CHECK = "expectations"


def suite_checks(house: House) -> dg.AssetChecksDefinition:
    """Return a blocking check for each raw table."""
    tables = {c.physical: c.table for c in load_contracts("raw").values()}
    specs = [
        dg.AssetCheckSpec(
            CHECK,
            asset=physical,
            blocking=True,
            additional_deps=[QUARANTINE],
            description="The table's contract as a Great Expectations suite; Data Docs lie under var/.",
        )
        for physical in tables
    ]

    @dg.multi_asset_check(name="validate", specs=specs, pool=POOL, can_subset=True)
    def validate(context: dg.AssetCheckExecutionContext) -> Iterator[dg.AssetCheckResult]:
        """Judge the rows delivered for the run's months; all tables at once, since starting costs most."""
        with step(house) as connection:
            found = {r.table: r for r in steps.judge(connection, house.settings, house.months_of_run(context.run.tags))}
        chosen = {key.asset_key.to_user_string() for key in context.selected_asset_check_keys}
        for physical, table in tables.items():
            if physical in chosen:
                yield check_result(physical, found.get(table))

    return validate


def check_result(physical: str, result: SuiteResult | None) -> dg.AssetCheckResult:
    """Return what the event log shows of a suite; a table not delivered has nothing to judge and says so."""
    if result is None:
        return dg.AssetCheckResult(
            passed=True, asset_key=physical, check_name=CHECK, severity=dg.AssetCheckSeverity.WARN,
            description="not delivered: nothing to judge", metadata={"delivered": False},
        )  # fmt: skip
    broken = [*result.blocking, *result.warnings]
    errors = [v for v in result.verdicts if v.status == "error"]
    told = "; ".join(f"{v.expectation}: {v.reason or v.description}" for v in broken)
    return dg.AssetCheckResult(
        passed=not broken,
        asset_key=physical,
        check_name=CHECK,
        severity=dg.AssetCheckSeverity.ERROR if result.blocking else dg.AssetCheckSeverity.WARN,
        description=told or None,
        metadata={
            "delivered": True,
            "rows_judged": result.rows,
            "expectations": len(result.verdicts),
            "failed": len(broken) - len(errors),
            "could_not_run": len(errors),
        },
    )
