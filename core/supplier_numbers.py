"""Supplier numbers of two ledgers in one warehouse: two payees under one number would be told as one."""

import duckdb

from core.payees import NAME_KEY
from core.shared_numbers import WORST
from fut.accepted import accepted
from fut.errors import InputError

# two ledgers that share a register write a supplier's name in nearly the same way
LEAST_LIKENESS = 0.8
_SOURCES = "SELECT count(DISTINCT source) FROM deliveries WHERE is_in_force AND \"table\" = 'ap_postings'"
_SHARED = f"""
WITH named AS (
  SELECT DISTINCT r._source AS source, supplier_id, supplier_ref, {NAME_KEY.format(name="supplier_name")} AS name
  FROM {accepted("ap_postings")} WHERE supplier_id <> 'one-time' AND supplier_name <> '*'
), paired AS (
  SELECT a.source, b.source AS other, supplier_id,
    bool_or(coalesce(a.supplier_ref = b.supplier_ref, false) OR jaro_winkler_similarity(a.name, b.name) >= {LEAST_LIKENESS}) AS is_same
  FROM named a JOIN named b USING (supplier_id) WHERE a.source < b.source GROUP BY ALL
)
SELECT source, other, count(*) FILTER (NOT is_same) AS others, count(*) AS again
FROM paired {WORST}
"""


def refuse_shared_suppliers(connection: duckdb.DuckDBPyConnection) -> None:
    """Raise InputError when two ledgers use one `supplier_id` for different payees. Needs raw_ap_postings."""
    sources = connection.execute(_SOURCES).fetchone()
    row = connection.execute(_SHARED).fetchone() if sources and sources[0] > 1 else None
    if row:
        first, other, others, shared = row
        raise InputError(
            f"sources '{first}' and '{other}': {others} of the {shared} numbers in supplier_id that both have stand for "
            "other payees; give each ledger a settings file and a warehouse of its own"
        )
