"""What erased outcomes taught, kept as statistics: arm, verdict, months and the indicators that pointed, of nobody.

The rows weigh as the outcomes did when they were written down, so that erasing payments moves no indicator's worth.
"""

import duckdb

from fut.upgrade import keep

TABLE = """CREATE TABLE IF NOT EXISTS erased_outcomes (outcome_id VARCHAR PRIMARY KEY, decided_month VARCHAR,
  replaced_month VARCHAR, arm VARCHAR, verdict VARCHAR, codes VARCHAR[], bundle VARCHAR)"""


def write_down(connection: duckdb.DuckDBPyConnection, pointed: str, going: str) -> int:
    """Keep what the outcomes of payments in the relation `going` teach; returns how many are new.

    `pointed` is the SELECT behind `models.feedback.read_outcomes`. What one bundle taught is written down whole, under a
    number in the place of payee and month.
    """
    keep(connection, TABLE)
    before = count(connection)
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE _taught AS SELECT outcome_id, decided_month, replaced_month, arm, verdict, codes, "
        f"'erased ' || min(outcome_id) OVER (PARTITION BY bundle) AS bundle, bool_or(payment_id IN (SELECT payment_id FROM "
        f"{going})) OVER (PARTITION BY bundle) AS goes FROM ({pointed})"
    )
    connection.execute(
        "INSERT OR IGNORE INTO erased_outcomes SELECT * EXCLUDE (goes) FROM _taught WHERE goes ORDER BY 1"
    )
    connection.execute("DROP TABLE _taught")
    return count(connection) - before


def count(connection: duckdb.DuckDBPyConnection) -> int:
    """Return how many outcomes are kept as statistics."""
    row = connection.execute("SELECT count(*) FROM erased_outcomes").fetchone()
    return row[0] if row else 0
