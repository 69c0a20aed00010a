"""Judge raw tables by their contracts: one query per table gives every failing row, its rule and its kronor."""

import duckdb

from fut.accepted import accepted
from fut.contract import load_contracts
from fut.twice import set_aside_repeated

QUARANTINE = """CREATE OR REPLACE TABLE quarantine (
  source VARCHAR, source_file VARCHAR, source_line BIGINT, delivered_month VARCHAR, row_key VARCHAR,
  amount_sek DECIMAL(14,2), rule VARCHAR, severity VARCHAR, "table" VARCHAR)"""
AFTER_PERIOD_DAYS = 62
AFTER_OTHERS_DAYS = 370
_FAR_AFTER = f"""
INSERT INTO quarantine
WITH ends AS (
  SELECT r._source_file, coalesce(any_value(d.period_end) + {AFTER_PERIOD_DAYS}, CASE WHEN count(*) >= 100 THEN
         quantile_disc(r.booking_date, 0.99) + {AFTER_OTHERS_DAYS} END) AS latest
  FROM raw_ap_postings r JOIN deliveries d ON d.source_file = r._source_file AND d.is_in_force
  WHERE r._delivered_month IS NULL GROUP BY 1
)
SELECT _source, _source_file, _source_line, _delivered_month, _source_line::VARCHAR, amount_sek,
       'booked_far_after_file', 'error', 'ap_postings'
FROM raw_ap_postings JOIN ends USING (_source_file) WHERE booking_date > latest
"""
_LINES_FAR_AFTER = f"""
INSERT INTO quarantine
WITH ends AS (
  SELECT _source_file, strftime((quantile_disc(booked_month, 0.99) || '-01')::DATE + {AFTER_OTHERS_DAYS}, '%Y-%m') AS latest
  FROM raw_compensation_lines WHERE _delivered_month IS NULL AND booked_month SIMILAR TO '[0-9]{{4}}-(0[1-9]|1[0-2])'
  GROUP BY 1 HAVING count(*) >= 100
)
SELECT _source, _source_file, _source_line, _delivered_month, line_id, amount_sek, 'booked_far_after_file', 'error',
  'compensation_lines'
FROM raw_compensation_lines JOIN ends USING (_source_file)
  JOIN (FROM deliveries WHERE is_in_force) d ON d.source_file = _source_file WHERE booked_month > latest
"""
# every table that carries kronor: in = core + quarantine + totals + superseded, to the öre; a line delivered again in
# another file in force is superseded too
RECONCILED = f"""
CREATE OR REPLACE VIEW reconciliation AS
WITH bad AS (
  SELECT "table", source_file, count(*) AS n, coalesce(sum(amount_sek), 0) AS sek FROM (SELECT DISTINCT "table",
  source_file, source_line, amount_sek FROM quarantine WHERE severity = 'error') GROUP BY ALL
), core AS (
  SELECT 'ap_postings' AS "table", source_file, count(*) AS n, sum(amount_sek) AS sek FROM core_postings GROUP BY ALL
  UNION ALL SELECT 'compensation_lines', source_file, count(*), sum(amount_sek) FROM core_compensation_lines
  WHERE is_delivered GROUP BY ALL
), again AS (
  SELECT 'compensation_lines' AS "table", r._source_file AS source_file, count(*) AS n, sum(r.amount_sek) AS sek
  FROM {accepted("compensation_lines")} JOIN core_compensation_lines c ON c.line_id = r.line_id AND
    (c.source_file, c.source_line) IS DISTINCT FROM (r._source_file, r._source_line) GROUP BY ALL
), counted AS (
  SELECT d.*, coalesce(core.n, 0) AS rows_core, coalesce(core.sek, 0) AS sek_core,
    CASE WHEN is_in_force THEN coalesce(bad.n, 0) ELSE 0 END AS rows_quarantine,
    CASE WHEN is_in_force THEN coalesce(bad.sek, 0) ELSE 0 END AS sek_quarantine,
    CASE WHEN is_in_force THEN coalesce(again.n, 0) ELSE rows_in - total_rows END AS rows_superseded,
    CASE WHEN is_in_force THEN coalesce(again.sek, 0) ELSE sek_in - sek_totals END AS sek_superseded
  FROM deliveries d LEFT JOIN core USING ("table", source_file) LEFT JOIN bad USING ("table", source_file)
    LEFT JOIN again USING ("table", source_file)
  WHERE "table" IN ('ap_postings', 'compensation_lines')
)
SELECT source_file, coalesce(month, strftime(period_end, '%Y-%m')) AS month, is_in_force, rows_in, sek_in, rows_core,
  sek_core, rows_quarantine, sek_quarantine, rows_unreadable, total_rows, sek_totals, rows_superseded, sek_superseded,
  sek_in = sek_core + sek_quarantine + sek_totals + sek_superseded
    AND rows_in = rows_core + rows_quarantine + total_rows + rows_superseded AS adds_up
FROM counted ORDER BY source_file
"""


def validate(connection: duckdb.DuckDBPyConnection) -> None:
    """Replace the table `quarantine`: a row per failing row and rule, errors and warnings."""
    connection.execute(QUARANTINE)
    delivered = {row[0] for row in connection.execute('SELECT DISTINCT "table" FROM deliveries').fetchall()}
    for contract in load_contracts("raw").values():
        if contract.table in delivered:
            connection.execute(
                f"INSERT INTO quarantine SELECT *, '{contract.table}' FROM ({contract.validation_sql()}) v "
                "SEMI JOIN (FROM deliveries WHERE is_in_force) d ON d.source_file = v._source_file"
            )
    if "ap_postings" in delivered:
        # a wrong century would make an empty month of the future the latest one
        connection.execute(_FAR_AFTER)
        set_aside_repeated(connection)
    if "compensation_lines" in delivered:
        connection.execute(_LINES_FAR_AFTER)


def missing_fields(connection: duckdb.DuckDBPyConnection) -> set[str]:
    """Return raw tables (`approvals`) and columns (`ap_postings.ocr`) that no delivery in force has."""
    rows = connection.execute('SELECT DISTINCT "table", unnest(columns) FROM deliveries WHERE is_in_force').fetchall()
    given = {table for table, _ in rows} | {f"{table}.{column}" for table, column in rows}
    wanted = set()
    for table, contract in load_contracts("raw").items():
        wanted |= {table} | {f"{table}.{name}" for name in contract.names}
    return wanted - given


def month_precision(connection: duckdb.DuckDBPyConnection) -> bool:
    """Return whether any payment ledger in force dates its rows by month only."""
    row = connection.execute(
        "SELECT bool_or(date_precision = 'month') FROM deliveries WHERE is_in_force AND \"table\" = 'ap_postings'"
    ).fetchone()
    return bool(row and row[0])
