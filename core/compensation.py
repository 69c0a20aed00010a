"""What the rules pay for every visit and every line, beside what was paid, exact to the öre.

Written from docs/compensation-semantics.md, apart from the simulator's engine. A date the calendar does not have is
judged by its day of the week; a rule that leaves a share empty pays none of it, an empty factor is 2.
"""

import duckdb

from core.compensation_lines import CELLS, DELIVERED, LINES, PAIRED, UNCODED, UNVISITED
from core.compensation_steps import GROUP_RULES, GROUPS, STEPS, VISITS
from core.compensation_tables import JUDGED, LINE_ROWS, PAY
from core.compensation_tariff import PICKS, TARIFF, day_type
from core.compensation_why import find_reasons
from fut.contract import load_contracts

_MINUTE = "(hour(coalesce(v.actual_start, v.planned_start)) * 60 + minute(coalesce(v.actual_start, v.planned_start)))"


def pay_visits(connection: duckdb.DuckDBPyConnection) -> None:
    """Replace core_visit_pay and core_compensation_lines.

    Reads core_visits, the core registers of home care, raw_compensation_lines with `deliveries` and `quarantine`;
    any of the registers may be empty. Linear in visits.
    """
    for table in ("visit_pay", "compensation_lines"):
        stated = load_contracts("core")[table]
        connection.execute(f"DROP TABLE IF EXISTS {stated.physical}")
        connection.execute(stated.ddl())
    before = _temporary(connection)
    visits = VISITS.format(day_type=day_type(_MINUTE, connection))
    pairs = [PAIRED.format(kind="c.day_type"), PAIRED.format(kind="0")]
    script = [
        DELIVERED, TARIFF, GROUPS, PICKS, GROUP_RULES, visits, STEPS.format(x=""), UNVISITED, CELLS, LINES, *pairs,
        UNCODED, PAY, JUDGED,
    ]  # fmt: skip
    for statement in (s for part in script for s in part.split(";")):
        connection.execute(statement)
    find_reasons(connection)
    connection.execute(LINE_ROWS)
    for table in sorted(_temporary(connection) - before):
        connection.execute(f"DROP TABLE {table}")


def _temporary(connection: duckdb.DuckDBPyConnection) -> set[str]:
    return {name for (name,) in connection.execute("SELECT table_name FROM duckdb_tables() WHERE temporary").fetchall()}
