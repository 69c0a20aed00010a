"""Ledger rows delivered twice, in two files or in one: a posting has no key of its own, so that every krona of them would count twice."""

import duckdb

from fut.errors import InputError
from fut.sql import literal

LEAST_ROWS = 10
LEAST_SHARE = 0.05
DATED_SHARE = 0.5
"""Of two files named after their months: a month saved as another. Publishers do repeat some days of the month before."""
PASTED_SHARE = 0.5
"""Of one file: an export pasted below itself, or joined so that each row came twice. Of a real ledger's different rows up to 0.04 do."""
_IN_FORCE = "deliveries WHERE is_in_force AND \"table\" = 'ap_postings' AND rows_in > total_rows"
_SAID = "hash(voucher_no, supplier_name, supplier_ref, account_no, amount_sek, booking_date, invoice_no, department)"
_SAME = f"""
SELECT a.source_file, b.source_file, b.rows_in, b.rows_in FROM (FROM {_IN_FORCE}) a JOIN (FROM {_IN_FORCE}) b
  ON b.source = a.source AND b.sha256 = a.sha256 AND b.source_file > a.source_file ORDER BY ALL LIMIT 1
"""
# a row of a file named after its month can be in another file too only where one of them holds rows of other months
_STRAYS = f"""
CREATE OR REPLACE TEMP TABLE _strays AS
SELECT source, source_file, booking_date FROM raw_ap_postings JOIN (SELECT source, source_file, month FROM {_IN_FORCE}) f
  ON source_file = _source_file WHERE month IS DISTINCT FROM strftime(booking_date, '%Y-%m')
QUALIFY count(*) OVER (PARTITION BY source, source_file) >= {LEAST_ROWS}
"""
_OVERLAP = f"""
WITH days AS (SELECT DISTINCT source, booking_date FROM _strays),
own AS (
  SELECT source, source_file, rows_in, month, count(*) AS n, {_SAID} AS said
  FROM raw_ap_postings JOIN (FROM {_IN_FORCE}) f ON source_file = _source_file SEMI JOIN days USING (source, booking_date)
  GROUP BY ALL
)
SELECT a.source_file, b.source_file, sum(least(a.n, b.n))::BIGINT AS shared, b.rows_in
FROM own a JOIN own b ON b.source = a.source AND b.said = a.said AND b.source_file > a.source_file
GROUP BY a.source_file, b.source_file, a.rows_in, b.rows_in, a.month, b.month
HAVING shared >= {LEAST_ROWS} AND shared >= least(a.rows_in, b.rows_in) * CASE WHEN a.month IS NULL OR b.month IS NULL
  THEN {LEAST_SHARE} ELSE {DATED_SHARE} END ORDER BY ALL LIMIT 1
"""


_PASTED = f"""
WITH own AS (
  SELECT _source_file AS source_file, count(*) AS n FROM raw_ap_postings WHERE list_contains($files, _source_file)
  GROUP BY _source_file, {_SAID}
)
SELECT source_file, (sum(n) FILTER (n > 1))::BIGINT AS again, sum(n)::BIGINT AS rows FROM own GROUP BY 1
HAVING count(*) FILTER (n > 1) >= {LEAST_ROWS} AND count(*) FILTER (n > 1) >= {PASTED_SHARE} * count(*) ORDER BY ALL LIMIT 1
"""


REPEATED = "in_own_months_file_too"
"""The rule of rows that another file brings too: nothing is wrong with them, so they do not count against a delivery."""
# some days of a month that its own file brings too: the same voucher would be paid twice as large
_REPEATED = f"""
INSERT INTO quarantine
WITH named AS (
  SELECT source, source_file, (month || '-01')::DATE AS first, last_day(first) AS last FROM {_IN_FORCE} AND month IS NOT NULL
), strays AS (
  SELECT r._source, _source_file, _source_line, _delivered_month, amount_sek, booking_date, {_SAID} AS said,
    row_number() OVER (PARTITION BY _source_file, said ORDER BY _source_line) AS nth
  FROM raw_ap_postings r JOIN named ON source_file = _source_file
  WHERE booking_date NOT BETWEEN first AND last AND voucher_no IS NOT NULL
), own AS (
  SELECT source, {_SAID} AS said, count(*) AS n FROM raw_ap_postings JOIN named ON source_file = _source_file
  WHERE booking_date BETWEEN first AND last AND booking_date IN (SELECT booking_date FROM strays) GROUP BY ALL
)
SELECT _source, _source_file, _source_line, _delivered_month, _source_line::VARCHAR, amount_sek, '{REPEATED}', 'error',
  'ap_postings'
FROM strays s JOIN own o ON o.source = s._source AND o.said = s.said WHERE nth <= n
"""


def set_aside_repeated(connection: duckdb.DuckDBPyConnection) -> None:
    """Add to `quarantine` the rows of a file named after one month that another month's own file holds too."""
    connection.execute(_REPEATED)


def refuse_rows_twice(connection: duckdb.DuckDBPyConnection, loaded: list[str]) -> None:
    """Raise InputError when two files in force of one ledger are the same, or share many of their rows.

    So it does when most rows of a file now `loaded` stand in it more than once.
    """
    pasted = connection.execute(_PASTED.replace("$files", literal(loaded))).fetchone() if loaded else None
    if pasted:
        raise InputError(
            f"{pasted[0]}: {pasted[1]} of its {pasted[2]} rows stand in it more than once, alike in every column; is the "
            "export pasted below itself, or joined with a table that has two rows of each?"
        )
    row = connection.execute(_SAME).fetchone()
    files = connection.execute(f"SELECT count(*) FROM {_IN_FORCE}").fetchone()
    if row is None and files and files[0] > 1:
        connection.execute(_STRAYS)
        row = connection.execute(_OVERLAP).fetchone()
        connection.execute("DROP TABLE _strays")
    if row:
        raise InputError(
            f"{row[1]}: {row[2]} of its {row[3]} rows are in {row[0]} too and would count twice; keep them in one of the "
            "files, and leave in the other its heading row alone, or its own rows"
        )
