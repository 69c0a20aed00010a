"""Ledger rows delivered in two files: a posting has no key of its own, so that every krona of them would count twice."""

import duckdb

from fut.errors import InputError

LEAST_ROWS = 10
LEAST_SHARE = 0.05
_IN_FORCE = "deliveries WHERE is_in_force AND \"table\" = 'ap_postings' AND rows_in > total_rows"
_SAME = f"""
SELECT a.source_file, b.source_file, b.rows_in, b.rows_in FROM (FROM {_IN_FORCE}) a JOIN (FROM {_IN_FORCE}) b
  ON b.source = a.source AND b.sha256 = a.sha256 AND b.source_file > a.source_file ORDER BY ALL LIMIT 1
"""
# files whose name tells their month replace each other; of the others only the rows tell
_OVERLAP = f"""
WITH files AS (SELECT source_file, source, rows_in FROM {_IN_FORCE} AND month IS NULL),
own AS (
  SELECT source, source_file, rows_in, count(*) AS n, hash(voucher_no, supplier_name, supplier_ref, account_no,
    amount_sek, booking_date, invoice_no, department) AS said
  FROM raw_ap_postings JOIN files ON source_file = _source_file GROUP BY ALL
)
SELECT a.source_file, b.source_file, sum(least(a.n, b.n))::BIGINT AS shared, b.rows_in
FROM own a JOIN own b ON b.source = a.source AND b.said = a.said AND b.source_file > a.source_file
GROUP BY a.source_file, b.source_file, a.rows_in, b.rows_in
HAVING shared >= {LEAST_ROWS} AND shared >= {LEAST_SHARE} * least(a.rows_in, b.rows_in) ORDER BY ALL LIMIT 1
"""


def refuse_rows_twice(connection: duckdb.DuckDBPyConnection) -> None:
    """Raise InputError when two files in force of one ledger are the same, or share many of their rows."""
    row = connection.execute(_SAME).fetchone()
    undated = connection.execute(f"SELECT count(*) FROM {_IN_FORCE} AND month IS NULL").fetchone()
    if row is None and undated and undated[0] > 1:
        row = connection.execute(_OVERLAP).fetchone()
    if row:
        raise InputError(
            f"{row[1]}: {row[2]} of its {row[3]} rows are in {row[0]} too and would count twice; keep them in one of the "
            "files, and leave in the other its heading row alone, or its own rows"
        )
