"""The inbox becomes raw tables, and every row gets its verdict: one asset per raw contract, and the quarantine."""

from collections.abc import Iterator
from typing import Any

import dagster as dg

from fut.contract import load_contracts
from pipelines import steps
from pipelines.defs.figures import counts, keyed, picture
from pipelines.defs.house import DATA_TEAM, House, contract_spec, digest, step

GROUP = "raw"
QUARANTINE = "quarantine"
_DELIVERED = """SELECT "table", count(*), sum(blank_rows + header_rows + total_rows), sum(rows_unreadable)
FROM deliveries WHERE is_in_force GROUP BY 1"""
_MONTHLY = """SELECT coalesce(month, strftime(period_end, '%Y-%m')) AS m, sum(rows_in) FROM deliveries
WHERE is_in_force AND "table" = 'ap_postings' GROUP BY 1 HAVING m IS NOT NULL"""


def raw_assets(house: House) -> dg.AssetsDefinition:
    """Return the assets of the raw layer."""
    contracts = load_contracts("raw").values()
    tables = [contract_spec(c, c.physical, [], GROUP, "duckdb", DATA_TEAM) for c in contracts]
    judged = dg.AssetSpec(
        QUARANTINE,
        deps=[c.physical for c in contracts],
        description="Every row that breaks a rule of its contract, with the rule and the row's kronor.",
        group_name=GROUP,
        kinds={"duckdb"},
        owners=[DATA_TEAM],
        code_version=digest([c.validation_sql() for c in contracts]),
    )

    @dg.multi_asset(name="ingest", specs=[*tables, judged], **house.partitioned())
    def ingest(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult]:
        """Load new and changed files of the inbox, repair and pseudonymise them, and judge every row."""
        with step(house) as connection:
            loaded = steps.load_and_check(connection, house.settings)
            context.log.info(f"{len(loaded.loaded)} files loaded, {len(loaded.unchanged)} unchanged")
            rows = counts(connection, [c.physical for c in contracts])
            delivered = keyed(connection, _DELIVERED)
            bad = keyed(connection, 'SELECT "table", count(*) FROM quarantine GROUP BY 1')
            monthly = keyed(connection, _MONTHLY)
        for contract in contracts:
            files, set_aside, unreadable = delivered.get(contract.table, (0, 0, 0))
            figures: dict[str, Any] = {
                "dagster/row_count": rows[contract.physical],
                "files_in_force": int(files),
                "rows_set_aside": int(set_aside),
                "amounts_unreadable": int(unreadable),
                "verdicts": int(bad.get(contract.table, (0,))[0]),
            }
            if contract.table == "ap_postings":
                figures |= picture("Konteringar per månad", {m: v[0] for m, v in monthly.items()})
            yield dg.MaterializeResult(contract.physical, metadata=figures)
        verdicts = {table: int(n[0]) for table, n in sorted(bad.items())}
        yield dg.MaterializeResult(
            QUARANTINE, metadata={"dagster/row_count": sum(verdicts.values()), "verdicts_by_table": verdicts}
        )

    return ingest
