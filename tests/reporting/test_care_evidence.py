"""What officers see beside a listed home-care line: the lines and the visits that its flags point at, also of others."""

import duckdb

from fut.contract import contract
from fut.drawn import fill
from fut.evaluate import empty_core, prepare_out
from reporting.care_evidence import LINES_AND_VISITS

DRAWN = """
core_compensation_lines
line_id | client_ref | booked_month | amount_sek
L1      | C1         | 2026-03      | 1000.00
L2      | C1         | 2026-02      | 900.00
L3      | C2         | 2026-03      | 800.00
core_visits
visit_id | client_ref | actual_start     | actual_end
V1       | C1         | 2026-03-10 08:00 | 2026-03-10 09:00
V2       | C2         | 2026-03-10 08:30 | 2026-03-10 09:00
V3       | C2         | 2026-03-11 08:30 | 2026-03-11 09:00
"""


def test_lines_and_visits_that_a_lines_flag_points_at_are_shown_beside_it() -> None:
    with duckdb.connect() as connection:
        empty_core(connection)
        prepare_out(connection)
        fill(connection, DRAWN)
        connection.execute(contract("out", "ranked_payments").ddl())
        connection.execute("CREATE TABLE _shown_listed AS SELECT '2026-03' AS month, 'L1' AS payment_id")
        connection.execute(
            "INSERT INTO out_flags BY NAME SELECT 'f' AS flag_id, 'HC33' AS indicator, 'C' AS evidence_class, 'payment' AS "
            "subject_type, 'L1' AS subject_id, '2026-03' AS service_month, 0 AS amount_at_risk_sek, 'contradiction' AS "
            "verdict, ['L1', 'L2', 'V1', 'V2'] AS evidence, '{}' AS parameters, 'x' AS code_version"
        )
        connection.execute("INSERT INTO out_flag_payments VALUES ('f', 'L1', 0)")
        rows = connection.execute(f'SELECT "table", row_id FROM ({LINES_AND_VISITS}) ORDER BY ALL').fetchall()
    assert rows == [("compensation_lines", "L1"), ("compensation_lines", "L2"), ("visits", "V1"), ("visits", "V2")]
