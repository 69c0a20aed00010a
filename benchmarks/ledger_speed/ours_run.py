"""Our stages on one inbox, measured."""

from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from benchmarks.ledger_speed import CURRENCY, FEES, FILES, FLAGS, PAIRS, PAYMENTS, POSTINGS, SUBSET
from benchmarks.measure import Stages, forest_measured

EXPORTS = {
    "files": f"SELECT {', '.join(FILES)} FROM (SELECT *, (sek_in * 100)::BIGINT AS pence_in, (sek_quarantine * "
    "100)::BIGINT AS pence_quarantine FROM reconciliation)",
    "postings": f"SELECT {', '.join(POSTINGS)} FROM (SELECT *, (amount_sek * 100)::BIGINT AS pence FROM core_postings)",
    "payments": f"SELECT {', '.join(PAYMENTS)} FROM (SELECT * REPLACE (ref_number::BIGINT AS ref_number), "
    "(amount_sek * 100)::BIGINT AS pence FROM core_payments)",
    "pairs": f"SELECT {', '.join(PAIRS)} FROM (SELECT *, (amount_sek * 100)::BIGINT AS pence, "
    "(earlier_amount_sek * 100)::BIGINT AS earlier_pence FROM core_payment_pairs)",
    "flags": f"SELECT {', '.join(FLAGS)} FROM (SELECT *, service_month AS month, subject_id AS payment_id, evidence[2] "
    "AS earlier_id, (amount_at_risk_sek * 100)::BIGINT AS pence_at_risk FROM out_flags WHERE indicator IN "
    f"{SUBSET}) ",
}


def run(stages: Stages, folder: Path, dialect: str, out: Path) -> dict[str, Any]:
    """Run every stage, forest and publishing by themselves; returns counts."""
    with stages.stage("imports", is_apart=True):
        import numpy  # noqa: F401
        import polars  # noqa: F401
        import sklearn.tree  # noqa: F401

        from fut.limit import Limit
        from fut.settings import Municipality, Settings, Source
        from fut.warehouse import open_warehouse
        from models import explain, scoring
        from pipelines import steps
        from reporting import publish  # noqa: F401
    fees = tuple(Limit(kind, date(2000, 1, 1), amount_sek=amount) for kind, amount in FEES.items())
    settings = Settings(
        Municipality(dialect, dialect.capitalize()), (Source("ledger", dialect),), folder / "inbox", folder / "var",
        currency=CURRENCY[dialect], limits=fees, is_demo=True,
    )  # fmt: skip
    for module in (scoring, explain):
        module.recipe = forest_measured(stages, module.recipe)
    with open_warehouse(settings) as connection:
        with stages.stage("ingest"):
            steps.ingest(connection, settings, steps.pseudonymiser(settings))
        with stages.stage("validation"):
            steps.validate(connection)
        with stages.stage("core"):
            steps.build(connection, settings)
            steps.require_reconciled(connection)
        months = steps.known_months(connection)
        ready, blocked = steps.open_months(connection, settings, months)
        rest = [code for code in steps.active_library(settings) if code not in SUBSET]
        with stages.stage("indicators in both"):
            steps.flag(connection, settings, months, SUBSET)
        with stages.stage("other indicators"):
            steps.flag(connection, settings, months, rest)
        with stages.stage("features and scores"):
            scored = steps.score(connection, settings, ready)
        with stages.stage("ranking"):
            steps.order(connection, settings, ready, scored)
        with stages.stage("publishing"):
            published = steps.publish(connection, settings, ready)
        for name, query in EXPORTS.items():
            connection.execute(f"COPY ({query}) TO '{out / name}.ours.parquet' (COMPRESSION uncompressed)")
        return _counted(connection) | {"months": len(months), "blocked": blocked, "published": len(published)}


def _counted(connection: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    counts = {}
    for table in ("core_postings", "core_payments", "core_payment_pairs", "out_flags", "out_ranked_payments"):
        row = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
        counts[table] = row[0] if row else 0
    return counts
