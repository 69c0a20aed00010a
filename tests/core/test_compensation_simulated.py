"""Against the simulator: an engine written apart pays the same for every visit and line, to the öre and the minute."""

import re
from pathlib import Path

import duckdb
import polars as pl
import pytest

from core.build import build_core
from fut.contract import load_contracts
from fut.evaluate import empty_core
from fut.inbox import DELIVERIES
from fut.sql import literal
from fut.validate import QUARANTINE
from fut.warehouse import prepare
from simulation import simulate
from simulation.recompute import recompute
from tests.core.drawn_ledger import SETTINGS

TABLES = ("visits", "compensation_lines", "decisions", "orders", "absences", "calendar", "clients", "providers", "rates",
          "compensation_rules")  # fmt: skip


def core_from(connection: duckdb.DuckDBPyConnection, inbox: Path) -> None:
    """Build core from the home-care Parquet of an inbox, every row accepted as it stands."""
    prepare(connection)
    connection.execute(f"{DELIVERIES};{QUARANTINE}")
    for name in TABLES:
        stated = load_contracts("raw")[name]
        connection.execute(stated.ddl())
        for path in sorted(inbox.glob(f"{name}*.parquet")):
            if not re.fullmatch(rf"{name}(_\d{{4}}-\d\d)?", path.stem):
                continue
            found = connection.execute(f"DESCRIBE FROM read_parquet({literal(str(path))})").fetchall()
            columns = ", ".join(f'"{column}"' for column in stated.names if column in {row[0] for row in found})
            month = path.stem[-7:] if path.stem != name else None
            connection.execute(
                f"INSERT INTO {stated.physical} BY NAME SELECT {columns}, 'l' AS _source, {literal(path.name)} AS "
                f"_source_file, row_number() OVER () AS _source_line, []::VARCHAR[] AS _unreadable, {literal(month)} AS "
                f"_delivered_month FROM read_parquet({literal(str(path))})"
            )
            connection.execute(
                f'INSERT INTO deliveries BY NAME SELECT {literal(path.name)} AS source_file, {literal(name)} AS "table", '
                "'day' AS date_precision, true AS is_in_force"
            )
    empty_core(connection)
    build_core(connection, SETTINGS)


def test_an_honest_municipality_differs_nowhere(tmp_path: Path) -> None:
    simulate(tmp_path, "tiny", seed=4, months=6, start_month="2025-08", honest_only=True, errors=False)
    with duckdb.connect() as connection:
        core_from(connection, tmp_path / "inbox")
        found = connection.execute(
            "SELECT differs_by, is_delivered, count(*) > 500, max(abs(difference_sek))::VARCHAR FROM "
            "core_compensation_lines GROUP BY ALL"
        ).fetchall()
        assert found == [("none", True, True, "0.00")]
        lost = connection.execute(
            "SELECT count(*) FROM (SELECT line_id, sum(paid_sek) AS paid_sek FROM core_visit_pay GROUP BY 1) p "
            "FULL JOIN core_compensation_lines l USING (line_id) WHERE coalesce(p.paid_sek <> l.amount_sek, visit_count > 0)"
        ).fetchone()
        assert lost == (0,)


@pytest.mark.parametrize("seed", [2, 5])
def test_errors_and_fraud_are_recomputed_as_the_simulator_does(tmp_path: Path, seed: int) -> None:
    simulate(tmp_path, "tiny", seed=seed, months=4)
    with duckdb.connect() as connection:
        core_from(connection, tmp_path / "inbox")
        lines = connection.execute(
            "SELECT provider_id, client_ref, service, service_month, recalculated_rate_code AS rate_code, "
            "(recalculated_sek * 100)::BIGINT AS amount_ore, (recalculated_minutes * 10000)::BIGINT AS minute_bp, "
            "recalculated_rule_id AS rule_id FROM core_compensation_lines WHERE recalculated_rate_code IS NOT NULL"
        ).pl()
        visits = connection.execute(
            "SELECT p.visit_id, v.service_month, (p.billable_minutes * 10000)::BIGINT AS minute_bp, p.rate_code "
            "FROM core_visit_pay p JOIN core_visits v USING (visit_id) WHERE p.rate_code IS NOT NULL"
        ).pl()
    for month in sorted(lines["service_month"].unique()):
        due = recompute(tmp_path / "inbox", month)
        for ours, theirs in ((lines, due.lines), (visits, due.visits)):
            mine = ours.filter(pl.col("service_month") == month)
            columns = [c for c in mine.columns if c != "service_month"]
            assert mine.select(columns).sort(columns).equals(theirs.select(columns).sort(columns))
