"""Raw tables become core tables: one asset per core contract, with what the sums and the drift say as checks."""

from collections.abc import Iterator
from typing import Any

import dagster as dg

from fut.contract import load_contracts
from fut.drift import blocked_months
from fut.errors import InputError
from fut.settings import MEASURES
from pipelines import steps
from pipelines.defs.figures import counts, keyed, listed, picture
from pipelines.defs.house import DATA_TEAM, House, contract_spec, step
from pipelines.defs.ingest import QUARANTINE

GROUP = "core"
POSTINGS, PAYMENTS, VISITS = "core_postings", "core_payments", "core_visits"
_RECALCULATED_FROM = [
    "raw_compensation_lines", QUARANTINE, VISITS, "core_orders", "core_decisions", "core_clients", "core_absences",
    "core_providers", "core_compensation_rules", "core_rates", "core_calendar",
]  # fmt: skip
# what is built here rather than passed on from raw, in the order Dagster wants it reported: what is read comes first
BUILT = {
    POSTINGS: ["raw_ap_postings", QUARANTINE],
    "core_payees": [POSTINGS, "core_suppliers"],
    PAYMENTS: [POSTINGS, "core_payees"],
    "core_payment_pairs": [PAYMENTS],
    VISITS: ["raw_visits", QUARANTINE, "core_clients", "core_decisions"],
    "core_visit_neighbours": [VISITS],
    "core_visit_overlaps": [VISITS],
    "core_compensation_lines": _RECALCULATED_FROM,
    "core_visit_pay": _RECALCULATED_FROM,
}


def core_assets(house: House) -> dg.AssetsDefinition:
    """Return the assets of the core layer."""
    known = {c.physical: c for c in load_contracts("core").values()}
    contracts = [*(c for name, c in known.items() if name not in BUILT), *(known[name] for name in BUILT)]
    specs = [
        contract_spec(c, c.physical, BUILT.get(c.physical, [f"raw_{c.table}", QUARANTINE]), GROUP, "duckdb", DATA_TEAM)
        for c in contracts
    ]
    checks = [
        dg.AssetCheckSpec(
            "reconciliation",
            asset=POSTINGS,
            blocking=True,
            description="In = core + quarantine + totals + superseded, rows and kronor, file by file to the öre.",
        ),
        *(
            dg.AssetCheckSpec(
                f"drift_{measure}", asset=PAYMENTS, description=f"{measure} of a month against earlier ones."
            )
            for measure in MEASURES
        ),
        dg.AssetCheckSpec("ready", asset=PAYMENTS, description="No month of the run is kept from being ranked."),
    ]

    @dg.multi_asset(name="core", specs=specs, check_specs=checks, **house.partitioned())
    def core(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
        """Build the core tables anew from what met its contract."""
        months = list(context.partition_keys)
        with step(house) as connection:
            steps.build(connection, house.settings)
            rows = counts(connection, [c.physical for c in contracts])
            payments = keyed(
                connection,
                f"SELECT booked_month, count(*), sum(amount_sek) FROM {PAYMENTS} GROUP BY 1",
            )
            drifted = connection.execute(
                f"SELECT measure, month, status FROM out_drift WHERE month IN ({listed(months)}) ORDER BY ALL"
            ).fetchall()
            blocked = {m: why for m, why in blocked_months(connection, house.settings.checks).items() if m in months}
            blocked |= steps.gaps(connection, months)
            unequal = None
            try:
                steps.require_reconciled(connection)
            except InputError as error:
                unequal = str(error)
        for month in months:
            figures = payments.get(month, (0, 0))
            context.add_asset_metadata({"payments": int(figures[0]), "sek": figures[1]}, PAYMENTS, month)
        for contract in contracts:
            figures: dict[str, Any] = {"dagster/row_count": rows[contract.physical]}
            if contract.physical == PAYMENTS:
                figures |= picture("Betalningar per månad", {m: v[0] for m, v in payments.items()})
            yield dg.MaterializeResult(contract.physical, metadata=figures)
        yield dg.AssetCheckResult(
            passed=unequal is None, asset_key=POSTINGS, check_name="reconciliation", description=unequal
        )
        for measure in MEASURES:
            yield _drift_result(measure, [(month, status) for name, month, status in drifted if name == measure])
        told = "; ".join(f"{month}: {why}" for month, why in sorted(blocked.items()))
        yield dg.AssetCheckResult(
            passed=not blocked, asset_key=PAYMENTS, check_name="ready", description=told or None,
            metadata={"months_blocked": len(blocked)},
        )  # fmt: skip

    return core


def _drift_result(measure: str, found: list[tuple[str, str]]) -> dg.AssetCheckResult:
    """Return one measure's verdict; a measure that no month has could not be taken, which is an error."""
    failed = [month for month, status in found if status == "failed"]
    missing = "" if found else "the measure could not be taken: no payments in these months"
    return dg.AssetCheckResult(
        passed=bool(found) and not failed,
        asset_key=PAYMENTS,
        check_name=f"drift_{measure}",
        description=missing or (f"outside its fences in {', '.join(failed)}" if failed else None),
        metadata={"months": len(found), "months_outside": len(failed)},
    )
