"""Our stages on one inbox, measured."""

import json
from pathlib import Path
from typing import Any

import duckdb

from benchmarks.ledger_speed import COVERAGE, FILES, FLAGS, PAIRS, PAYMENTS, POSTINGS, SCORES, SUBSET, settings
from benchmarks.measure import Stages, forest_measured

EXPORTS = {
    "files": f"SELECT {', '.join(FILES)} FROM (SELECT *, (sek_in * 100)::BIGINT AS pence_in, (sek_quarantine * "
    "100)::BIGINT AS pence_quarantine FROM reconciliation)",
    "postings": f"SELECT {', '.join(POSTINGS)} FROM (SELECT *, (amount_sek * 100)::BIGINT AS pence FROM core_postings)",
    "payments": f"SELECT {', '.join(PAYMENTS)} FROM (SELECT * REPLACE (ref_number::BIGINT AS ref_number), "
    "(amount_sek * 100)::BIGINT AS pence FROM core_payments)",
    "pairs": f"SELECT {', '.join(PAIRS)} FROM (SELECT *, (amount_sek * 100)::BIGINT AS pence, "
    "(earlier_amount_sek * 100)::BIGINT AS earlier_pence FROM core_payment_pairs)",
    "flags": f"SELECT {', '.join(FLAGS)} FROM (SELECT * REPLACE (array_to_string(evidence, '|') AS evidence), "
    "service_month AS month, (amount_at_risk_sek * 100)::BIGINT AS pence_at_risk FROM out_flags WHERE "
    f"indicator IN {SUBSET}) LEFT JOIN (SELECT flag_id, string_agg(concat(payment_id, ':', "
    "(amount_at_risk_sek * 100)::BIGINT), '|' ORDER BY payment_id) AS payments FROM out_flag_payments GROUP BY 1) USING "
    "(flag_id)",
    "coverage": f"SELECT {', '.join(COVERAGE)} FROM (SELECT *, (sek_tested * 100)::BIGINT AS pence_tested, (sek_untested * "
    f"100)::BIGINT AS pence_untested FROM out_coverage WHERE indicator IN {SUBSET})",
    "scores": f"SELECT {', '.join(SCORES)} FROM scores",
}


def run(stages: Stages, folder: Path, dialect: str, out: Path) -> dict[str, Any]:
    """Run every stage, forest and publishing by themselves; returns counts."""
    with stages.stage("imports", is_apart=True):
        import numpy  # noqa: F401
        import polars
        import sklearn.tree  # noqa: F401

        from fut.warehouse import open_warehouse
        from models import explain, scoring
        from pipelines import steps
        from reporting import publish  # noqa: F401
    stated = settings(folder, dialect)
    for module in (scoring, explain):
        module.recipe = forest_measured(stages, module.recipe)
    with open_warehouse(stated) as connection:
        with stages.stage("ingest"):
            steps.ingest(connection, stated, steps.pseudonymiser(stated))
        with stages.stage("validation"):
            steps.validate(connection)
        with stages.stage("core"):
            steps.build(connection, stated)
            steps.require_reconciled(connection)
        months = steps.known_months(connection)
        ready, blocked = steps.open_months(connection, stated, months)
        rest = [code for code in steps.active_library(stated) if code not in SUBSET]
        with stages.stage("indicators in both"):
            steps.flag(connection, stated, months, SUBSET)
        with stages.stage("other indicators"):
            steps.flag(connection, stated, months, rest)
        with stages.stage("features and scores"):
            scored = steps.score(connection, stated, ready)
        with stages.stage("ranking"):
            steps.order(connection, stated, ready, scored)
        with stages.stage("publishing"):
            published = steps.publish(connection, stated, ready)
        (out / "ready.json").write_text(json.dumps(ready), encoding="utf-8")
        values = polars.DataFrame(scored.payments.values, [feature.name for feature in scoring.FEATURES])
        values = values.fill_nan(None).hstack(scored.payments.keys.select("payment_id", "booked_month"))
        values.write_parquet(out / "features.ours.parquet")
        for name, query in EXPORTS.items():
            connection.execute(f"COPY ({query}) TO '{out / name}.ours.parquet' (COMPRESSION uncompressed)")
        return _counted(connection) | {"months": len(months), "blocked": blocked, "published": len(published)}


def _counted(connection: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    counts = {}
    for table in ("core_postings", "core_payments", "core_payment_pairs", "out_flags", "out_ranked_payments"):
        row = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
        counts[table] = row[0] if row else 0
    return counts
