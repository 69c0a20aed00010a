"""Are both versions' tables equal, row by row? Asked before any figure is printed."""

from pathlib import Path

import duckdb

from benchmarks.care_speed import INDICATORS

TOLERANCE = 1e-6


def _ten_thousandths(**columns: str) -> str:
    return ", ".join(f"({column} * 10000)::BIGINT AS {name}" for name, column in columns.items())


PAY = (
    "SELECT visit_id, line_id, booked_month, rule_id, rate_code, (price_sek * 100)::BIGINT AS price_ore, "
    + _ten_thousandths(
        basis_bp="basis_minutes",
        flat_bp="after_flat",
        minimum_bp="after_minimum",
        rounded_bp="rounded_minutes",
        weight="weight",
        weighed_bp="weighted_minutes",
        billable_bp="billable_minutes",
        amount="amount_sek",
    )
    + ", (paid_sek * 100)::BIGINT AS paid_ore FROM core_visit_pay"
)
LINES = (
    "SELECT line_id, visit_count AS visits, performed_count AS performed, recalculated_rule_id, recalculated_rate_code, differs_by, "
    + _ten_thousandths(
        registered_bp="registered_minutes",
        planned_bp="planned_minutes",
        granted_bp="granted_minutes",
        recalculated_bp="recalculated_minutes",
    )
    + ", (recalculated_sek * 100)::BIGINT AS recalculated_ore, (difference_sek * 100)::BIGINT AS difference_ore FROM "
    "core_compensation_lines"
)
OURS = {
    "quarantine": 'SELECT "table" AS table_name, source_file, source_line, row_key, rule, severity, amount_sek FROM quarantine',
    "visits": "FROM core_visits",
    "neighbours": "FROM core_visit_neighbours",
    "overlaps": "FROM core_visit_overlaps",
    "visit_pay": PAY,
    "lines": LINES,
    "flags": "SELECT indicator, subject_id AS line_id, service_month AS booked_month, value, (amount_at_risk_sek * 100)"
    "::BIGINT AS amount_ore, verdict, explained_by, array_to_string(evidence, '|') AS evidence FROM out_flags WHERE "
    f"indicator IN {INDICATORS}",
}
STAGE_OF = {
    "quarantine": "validation", "visits": "load CSV, core visits", "neighbours": "overlaps and neighbours", "overlaps": "overlaps and neighbours",
    "visit_pay": "compensation", "lines": "compensation", "flags": "indicators in both", "visit_day": "days and carers",
    "carer_month": "days and carers",
}  # fmt: skip
KEYS = {
    "quarantine": ("table_name", "source_file", "source_line", "rule"),
    "visits": ("visit_id",),
    "neighbours": ("visit_id",),
    "overlaps": ("subject", "visit_id", "other_id"),
    "visit_pay": ("visit_id",),
    "lines": ("line_id",),
    "flags": ("indicator", "line_id", "booked_month"),
    "visit_day": ("provider_id", "carer_ref", "visit_date", "month", "service_month"),
    "carer_month": ("provider_id", "carer_ref", "month", "service_month"),
}
ONLY_OURS = {"visits": ("source_file", "source_line"), "neighbours": ("carer_ref", "visit_date", "service_month")}


def differences(folder: Path) -> dict[str, tuple[int, dict[str, int]]]:
    """Return for each table its rows and how many differ by column, or are in one version alone; {} when equal.

    Numbers are equal when they differ by at most a millionth, everything else when it is the same.
    """
    found = {}
    with duckdb.connect() as connection:
        connection.execute("SET memory_limit = '2GB'; SET threads = 2")
        for table, key in KEYS.items():
            ours, theirs = (f"'{folder / table}.{name}.parquet'" for name in ("ours", "pandas"))
            columns = [
                (name, kind)
                for name, kind, *_ in connection.execute(f"DESCRIBE FROM {ours}").fetchall()
                if name not in (*key, *ONLY_OURS.get(table, ()))
            ]
            told = ", ".join(f"count(*) FILTER (is_both AND ({_differs(name, kind)}))" for name, kind in columns)
            using = " AND ".join(f"a.{name} = b.{name}" for name in key)
            row = connection.execute(
                f"SELECT (SELECT count(*) FROM {ours}), count(*) FILTER (has_b IS NULL), count(*) FILTER (has_a IS NULL), "
                f"{told} FROM (SELECT a, b, has_a, has_b, has_a AND has_b AS is_both FROM (SELECT *, true AS has_a FROM "
                f"{ours}) a FULL JOIN (SELECT *, true AS has_b FROM {theirs}) b ON {using})"
            ).fetchone()
            assert row is not None
            names = ("in ours alone", "in pandas alone", *(name for name, _ in columns))
            found[table] = (row[0], {name: n for name, n in zip(names, row[1:], strict=True) if n})
    return found


def _differs(name: str, kind: str) -> str:
    a, b = f'a."{name}"', f'b."{name}"'
    if kind.startswith(("DECIMAL", "DOUBLE", "BIGINT", "INTEGER", "HUGEINT", "FLOAT")):
        return f"({a} IS NULL) <> ({b} IS NULL) OR abs({a}::DOUBLE - {b}::DOUBLE) > {TOLERANCE}"
    return f"{a} IS DISTINCT FROM {b}::{kind}"
