"""Numbers of compensation lines that stand for several lines: all but the last delivered would be lost."""

import duckdb

from core.shared_numbers import WORST
from fut.accepted import LATEST_FIRST, accepted
from fut.errors import InputError

# what is delivered again to correct a line keeps its client and the month of its visits, if not when it was booked
_SHARED = f"""
WITH rows AS (
  SELECT line_id, client_ref, service_month, _source_file,
    row_number() OVER (PARTITION BY line_id ORDER BY {LATEST_FIRST}) = 1 AS is_latest
  FROM {accepted("compensation_lines")} QUALIFY count(*) OVER (PARTITION BY line_id) > 1
)
SELECT c._source_file, r._source_file, count(*) FILTER (c.client_ref <> r.client_ref OR c.service_month <> r.service_month)
  AS others, count(*) AS again
FROM (FROM rows WHERE is_latest) c JOIN (FROM rows WHERE NOT is_latest) r USING (line_id)
{WORST}
"""


def refuse_shared_lines(connection: duckdb.DuckDBPyConnection) -> None:
    """Raise InputError when one `line_id` stands for several lines: their kronor would count as superseded.

    So it is where two systems number alike, or one begins anew each month. Needs raw_compensation_lines with
    `deliveries` and `quarantine`.
    """
    row = connection.execute(_SHARED).fetchone()
    if row:
        kept, other, others, again = row
        where = "further up in it" if kept == other else f"in {other}"
        raise InputError(
            f"{kept}: {others} of the {again} numbers in line_id that are {where} too stand for other clients or other "
            "months, and would replace these; ask for numbers that no other line, month or system has"
        )
