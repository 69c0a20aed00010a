"""Coverage names every table that would open the lines nobody could recalculate."""

import duckdb
import pytest

from fut.drawn import fill
from fut.evaluate import measure_coverage, prepare_out
from indicators import library

LINES = """core_compensation_lines
    line_id | booked_month | recalculated_sek | differs_by
    A       | 2026-03      |                  | no_rates
    B       | 2026-03      |                  | no_orders
    C       | 2026-03      | 400              | none
    D       | 2026-04      |                  | no_visits
    E       | 2026-04      |                  | no_rule
    F       | 2026-05      | 400              | none
"""
DECISIONS = "core_decisions\ndecision_id | client_ref | valid_from\nD1 | C1 | 2026-01-01"
ORDERS = "core_orders\norder_id | client_ref | valid_from\nO1 | C1 | 2026-01-01"
ABSENCES = "core_absences\nclient_ref | from_at\nC1 | 2026-01-01"


@pytest.mark.parametrize(
    ("delivered", "named"),
    [
        ((), ["absences", "decisions", "orders", "rates"]),
        ((DECISIONS,), ["absences", "orders", "rates"]),
        ((ORDERS, ABSENCES), ["decisions", "rates"]),
    ],
)
def test_a_month_names_each_table_its_untested_lines_lack(
    core: duckdb.DuckDBPyConnection, delivered: tuple[str, ...], named: list[str]
) -> None:
    core.execute("BEGIN")
    prepare_out(core)
    for drawn in (LINES, *delivered):
        fill(core, drawn)
    measure_coverage(core, library()["HC44"], ["2026-03", "2026-04", "2026-05"], ())
    found = core.execute("SELECT rows_untested, missing FROM out_coverage ORDER BY month").fetchall()
    measure_coverage(core, library()["HC44"], ["2026-03"], ("rates", "visits"))
    without = core.execute("SELECT rows_untested, missing FROM out_coverage WHERE month = '2026-03'").fetchall()
    core.execute("ROLLBACK")
    assert found == [(2, named), (2, ["compensation_rules", "visits"]), (0, [])]
    assert without == [(3, ["rates", "visits"])]
