"""The published snapshot: one asset per out contract, Parquet files behind a pointer moved at once."""

import json
from collections.abc import Iterator

import dagster as dg

from fut.contract import load_contracts
from pipelines import steps
from pipelines.defs.figures import picture
from pipelines.defs.house import OFFICER_TEAM, House, contract_spec, step
from pipelines.defs.ingest import QUARANTINE
from pipelines.defs.rank import RANKING
from pipelines.defs.score import SCORES

GROUP = "published"
_LINES = ["core_compensation_lines", "core_visit_pay", "core_visits"]
_RANKABLE = ["core_payments", "core_payees", "core_compensation_lines", "core_providers"]
_REGISTERS = ["core_permits", "core_contracts", "core_company_roles", "core_company_register", "core_exclusions"]


def out_assets(house: House) -> dg.AssetsDefinition:
    """Return the assets of the published tables."""
    codes = list(steps.active_library(house.settings))
    own = {
        "quarantine": [QUARANTINE],
        "repairs": ["raw_ap_postings"],
        "drift": ["core_payments"],
        "payments": [*_RANKABLE, SCORES],
        "payees": _RANKABLE,
        "payee_records": [*_RANKABLE, *_REGISTERS],
        "payee_profile": [*_RANKABLE, "core_visits"],
        "evidence_rows": [*codes, "core_postings", "core_payments", "core_compensation_lines", "core_visits"],
        "visit_days": [*_LINES, "core_absences"],
        "recalculation": [*_LINES, "core_compensation_rules", "core_rates"],
        "areas": [*codes, "core_compensation_lines", "core_clients", "core_areas"],
        "flags": codes,
        "flag_payments": codes,
        "coverage": codes,
        "peer_features": [SCORES],
    }
    contracts = load_contracts("out")
    specs = [
        contract_spec(c, c.physical, sorted({*own.get(c.table, []), RANKING}), GROUP, "parquet", OFFICER_TEAM)
        for c in contracts.values()
    ]

    @dg.multi_asset(name="publish", specs=specs, **house.partitioned())
    def publish(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult]:
        """Write each month's immutable snapshot and move its pointer."""
        months = list(context.partition_keys)
        with step(house) as connection:
            ready, _ = steps.open_months(connection, house.settings, steps.chosen_months(connection, months))
            folders = steps.publish(connection, house.settings, ready)
        manifests = {m: json.loads((f / "manifest.json").read_text("utf-8")) for m, f in folders.items()}
        for month, manifest in sorted(manifests.items()):
            for table in contracts:
                said = {"rows": manifest["row_counts"].get(table, 0), "run_id": manifest["run_id"]}
                context.add_asset_metadata(said, f"out_{table}", month)
        for table, contract in contracts.items():
            rows = {month: manifest["row_counts"].get(table, 0) for month, manifest in manifests.items()}
            drawn = picture(contract.label_sv or table, rows) if len(months) < 25 and table == "ranked_payments" else {}
            yield dg.MaterializeResult(f"out_{table}", metadata={"months_published": len(rows), **drawn})

    return publish
