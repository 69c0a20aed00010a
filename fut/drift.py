"""Drift of what is delivered between months: a source that shrank, swelled or changed its words blocks ranking.

Of the ledger what core holds is measured, of home care the rows of each delivered month, how large they are, what its
columns lack, and the share of its rows that are about clients never met before: another municipality's file, or
another key, is all new.

Fences are robust and own: the median of up to twelve earlier months, give or take the larger of a share of it and
four scaled median absolute deviations. The first months have no fence and say so.
"""

import duckdb

from fut.contract import contract
from fut.settings import MEASURED, MEASURES, Checks
from fut.sql import literal
from fut.twice import REPEATED

HISTORY_MONTHS = 12
FIRST_MONTHS = 3
_MEASURES = f"""
CREATE OR REPLACE TEMP TABLE _measures AS
WITH accounts AS (
  SELECT account_no, min(booked_month) AS first_month FROM core_postings GROUP BY 1
), months AS (
  SELECT booked_month, count(*) AS rows, sum(amount_sek)::DOUBLE AS sek,
    coalesce(sum(abs(p.amount_sek)) FILTER (a.first_month = p.booked_month) / nullif(sum(abs(p.amount_sek)), 0), 0)
    AS new_accounts
  FROM core_postings p LEFT JOIN accounts a USING (account_no) GROUP BY 1
), quality AS (
  SELECT booked_month, avg((invoice_no IS NULL)::INT) AS no_invoice, avg(is_redacted::INT) AS hidden
  FROM core_payments GROUP BY 1
), ledgers AS (
  SELECT source_file, coalesce(month, strftime(period_end, '%Y-%m')) AS month, len(columns) AS columns
  FROM deliveries WHERE is_in_force AND "table" = 'ap_postings'
), booked AS (
  SELECT source_file, booked_month, columns, count(*) AS n, sum(count(*)) OVER (PARTITION BY source_file) AS of_file
  FROM core_postings JOIN ledgers USING (source_file) WHERE month IS NULL GROUP BY source_file, booked_month, columns
), delivered AS (
  -- a file whose name gives no month is that of each month that a twentieth of its rows are booked in
  SELECT booked_month, min(columns) AS columns FROM (SELECT month AS booked_month, columns FROM ledgers
    WHERE month IS NOT NULL UNION ALL SELECT booked_month, columns FROM booked WHERE 20 * n >= of_file) GROUP BY 1
)
SELECT 'ap_postings' AS "table", booked_month AS month, unnest({literal(list(MEASURES))}) AS measure,
  unnest([rows, sek, new_accounts, no_invoice, hidden, columns]::DOUBLE[]) AS value
FROM months JOIN quality USING (booked_month) LEFT JOIN delivered USING (booked_month)
"""
# a row that its file's name and its own date leave without a month is of the one that most of its file is booked in
_SET_ASIDE = f"""
WITH core AS (
  SELECT 'ap_postings' AS "table", source_file, booked_month AS month, amount_sek FROM core_postings
  UNION ALL SELECT 'compensation_lines', source_file, booked_month, amount_sek FROM core_compensation_lines
  WHERE is_delivered
), bad AS (
  SELECT DISTINCT "table", source_file, source_line, delivered_month, amount_sek FROM quarantine
  WHERE severity = 'error' AND amount_sek <> 0 AND rule <> '{REPEATED}'
), dated AS (
  SELECT b."table", coalesce(b.delivered_month, strftime(r.booking_date, '%Y-%m'), (SELECT mode(month ORDER BY month)
    FROM core c WHERE c."table" = b."table" AND c.source_file = b.source_file)) AS month, b.amount_sek
  FROM bad b LEFT JOIN raw_ap_postings r ON b."table" = 'ap_postings' AND r._source_file = b.source_file
    AND r._source_line = b.source_line
)
SELECT month, "table", sum(abs(amount_sek)) FILTER (is_bad) / sum(abs(amount_sek)) AS share FROM (
  SELECT "table", month, amount_sek, true AS is_bad FROM dated
  UNION ALL SELECT "table", month, amount_sek, false FROM core SEMI JOIN dated USING ("table", month)
) WHERE month IS NOT NULL GROUP BY ALL
"""
_SIZES = "('rows', 'sek', 'mean_minutes', 'median_sek')"
_NEW = "('new_account_share', 'new_client_share')"
# the month of a row, and how large a month's rows are, so that one bad row stops no month
_CARE = {
    "visits": (
        "coalesce(_delivered_month, strftime(coalesce(actual_start, planned_start), '%Y-%m'))",
        "mean_minutes",
        "avg(least(greatest(date_diff('minute', actual_start, actual_end), 0), 1440))",
    ),
    "compensation_lines": ("coalesce(_delivered_month, booked_month)", "median_sek", "median(amount_sek)"),
}
assert {"ap_postings", *_CARE} == set(MEASURED)  # what the settings let a municipality accept


def _measure_care(connection: duckdb.DuckDBPyConnection) -> None:
    """Add rows, their size, new clients and each column's null share per delivered month; 0 rows for one left out."""
    for table, (month, size, total) in _CARE.items():
        rows = connection.execute(
            f"SELECT DISTINCT unnest(columns) FROM deliveries WHERE is_in_force AND \"table\" = '{table}' ORDER BY 1"
        ).fetchall()
        if not rows:
            continue
        names = ["rows", size, *(f"null_share_{name}" for (name,) in rows)]
        values = ", ".join(["count(*)", total, *(f'1 - count("{name}") / count(*)' for (name,) in rows)])
        given = f"raw_{table} SEMI JOIN (FROM deliveries WHERE is_in_force) d ON d.source_file = _source_file"
        connection.execute(
            f"INSERT INTO _measures WITH met AS (SELECT {month} AS month, count(*) AS n, min({month}) OVER (PARTITION BY "
            f"client_ref) AS since FROM {given} GROUP BY client_ref, 1) SELECT '{table}', month, 'new_client_share', "
            "coalesce(sum(n) FILTER (month = since), 0) / sum(n) FROM met WHERE month IS NOT NULL GROUP BY month"
        )
        connection.execute(
            f"INSERT INTO _measures WITH found AS (SELECT {month} AS month, [{values}]::DOUBLE[] AS said FROM {given} GROUP BY 1), "
            "ends AS (SELECT min(month) AS first, max(month) AS last FROM found) "
            f"SELECT '{table}', month, unnest({literal(names)}), unnest(said) FROM found WHERE month IS NOT NULL "
            f"UNION ALL (SELECT '{table}', strftime(m, '%Y-%m') AS month, 'rows', 0 FROM ends, generate_series("
            "(first || '-01')::DATE, (last || '-01')::DATE, INTERVAL 1 MONTH) s(m) WHERE strftime(m, '%Y-%m') NOT IN "
            "(SELECT month FROM found WHERE month IS NOT NULL))"
        )


def measure_drift(connection: duckdb.DuckDBPyConnection, checks: Checks) -> None:
    """Replace out_drift: each measure of each month with its fences and status (first, ok, accepted, failed)."""
    connection.execute(_MEASURES)
    _measure_care(connection)
    accepted = " OR ".join(
        f'("table" = {literal(a.table)} AND month = {literal(a.month)} AND measure = {literal(a.measure)})'
        for a in checks.accepted
    )
    connection.execute(contract("out", "drift").ddl())
    connection.execute("DELETE FROM out_drift")
    connection.execute(
        f'INSERT INTO out_drift BY NAME WITH past AS (SELECT m."table", m.month, m.measure, m.value, list(p.value) FILTER '
        '(p.value IS NOT NULL) AS before FROM _measures m LEFT JOIN _measures p ON p."table" = m."table" AND p.measure = m.measure AND p.month < '
        f"m.month AND p.month >= strftime((m.month || '-01')::DATE - INTERVAL {HISTORY_MONTHS} MONTH, '%Y-%m') "
        "WHERE m.value IS NOT NULL GROUP BY ALL), "
        "centred AS (SELECT *, list_median(before) AS middle, list_median(list_transform(before, lambda x: abs(x - "
        "list_median(before)))) * 1.4826 AS spread FROM past), "
        f'fenced AS (SELECT "table", month, measure, value, coalesce(len(before), 0) AS n, CASE WHEN measure IN {_SIZES} THEN middle - '
        f"greatest({checks.row_change_share} * abs(middle), 4 * spread) WHEN measure = 'columns' THEN middle "
        f"WHEN measure NOT IN {_NEW} THEN middle - greatest({checks.null_change_share}, 4 * spread) END AS lower, "
        f"CASE WHEN measure IN {_SIZES} THEN middle + greatest({4 * checks.row_change_share} * abs(middle), "
        f"4 * spread) WHEN measure IN {_NEW} THEN {checks.new_vocabulary_share} WHEN measure <> 'columns' THEN "
        f"middle + greatest({checks.null_change_share}, 4 * spread) END AS upper FROM centred) "
        'SELECT "table", month, measure, round(value, 6) AS value, round(lower, 6) AS lower, '
        f"round(upper, 6) AS upper, CASE WHEN measure = 'rows' AND value = 0 THEN CASE WHEN {accepted or 'false'} THEN "
        f"'accepted' ELSE 'failed' END WHEN n < {FIRST_MONTHS} THEN 'first' WHEN value >= coalesce(lower, value) AND "
        f"value <= coalesce(upper, value) THEN 'ok' WHEN {accepted or 'false'} THEN 'accepted' ELSE 'failed' END AS status "
        'FROM fenced ORDER BY "table", month, measure'
    )


def blocked_months(connection: duckdb.DuckDBPyConnection, checks: Checks) -> dict[str, str]:
    """Return why each month may not be ranked: failed drift, or more quarantine than the settings allow."""
    reasons: dict[str, str] = {}
    drifted: dict[str, list[tuple[str, str, str]]] = {}
    for table, month, measure, value, lower, upper in connection.execute(
        "SELECT \"table\", month, measure, value, lower, upper FROM out_drift WHERE status = 'failed' "
        'ORDER BY "table", month, measure'
    ).fetchall():
        if measure == "rows" and not value:
            reasons.setdefault(month, _left_out(table, month))
            continue
        fence = " to ".join(_figure(bound) for bound in (lower, upper) if bound is not None)
        drifted.setdefault(month, []).append((table, measure, f"{_figure(value)}, fence {fence}"))
    for month, found in drifted.items():
        told = "; ".join(f"{measure} of {table} is {said}" for table, measure, said in found)
        known = ", ".join(
            f"{{month: {month}, table: {table}, measure: {measure}, reason: ...}}" for table, measure, _ in found
        )
        reasons.setdefault(
            month, f"drift, {told}; if it is known, accept it in the settings: checks.accepted: [{known}]"
        )
    for month, table, share in connection.execute(
        f"FROM ({_SET_ASIDE}) WHERE share > {checks.quarantine_block_share} ORDER BY ALL"
    ).fetchall():
        reasons.setdefault(
            month,
            f"{100 * share:.1f} % of the kronor of {table} are in quarantine, more than checks.quarantine_block_share "
            f"({100 * checks.quarantine_block_share:g} %); see fut validate",
        )
    return reasons


def _figure(value: float) -> str:
    return f"{value:.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def _left_out(table: str, month: str) -> str:
    return (
        f"no {table} were delivered for it, though for months before and after; deliver them or accept it in the "
        f"settings: checks.accepted: [{{month: {month}, table: {table}, measure: rows, reason: ...}}]"
    )
