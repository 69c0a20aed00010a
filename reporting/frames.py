"""What a month's snapshot holds: every published table, read for a block of months with one query each."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

import duckdb
import polars as pl

from core.rankable import prepare_rankable
from fut.contract import contract, load_contracts
from fut.period import add_months
from fut.sql import literal
from reporting.care_areas import AREAS
from reporting.care_evidence import LINES_AND_VISITS, VISIT_DAYS
from reporting.care_frames import RECALCULATION
from reporting.care_sums import CareSums, care_sums
from reporting.payee_records import PAYEE_RECORDS

DRIFT_MONTHS = 24
PAYEE_MONTHS = 12
PAYMENTS_AT_ONCE = 500_000
SUMS = ("in", "core", "quarantine", "totals", "superseded")
_PREPARED = ("_shown_months", "_shown_files", "_shown_listed")

_RANKED = """SELECT month AS _month, * FROM out_ranked_payments SEMI JOIN _shown_months USING (month)
ORDER BY arm, rank, payment_id"""
_FLAGS = """SELECT service_month AS _month, * FROM out_flags
WHERE service_month IN (SELECT month FROM _shown_months) ORDER BY flag_id"""
_FLAG_PAYMENTS = """SELECT f.service_month AS _month, p.* FROM out_flag_payments p JOIN out_flags f USING (flag_id)
WHERE f.service_month IN (SELECT month FROM _shown_months) ORDER BY flag_id, payment_id"""
_COVERAGE = """SELECT month AS _month, * FROM out_coverage SEMI JOIN _shown_months USING (month) ORDER BY indicator"""
_QUARANTINE = """SELECT DISTINCT m.month AS _month, "table", q.source_file, source_line, row_key, rule, severity,
  amount_sek
FROM quarantine q JOIN _shown_months m ON q.delivered_month = m.month OR (q.delivered_month IS NULL AND
  (m.month, q.source_file) IN (SELECT (month, source_file) FROM _shown_files))
ORDER BY "table", q.source_file, source_line, rule"""
_REPAIRS = """SELECT month AS _month, "table", "column", kind, sum(rows)::BIGINT AS rows
FROM repairs JOIN _shown_files USING (source_file) GROUP BY ALL ORDER BY ALL"""
_PAYMENTS = """SELECT p.booked_month AS _month, p.payment_id, p.booked_month, booking_date, payee_ref, payee_name,
  invoice_no, voucher_no, amount_sek, account_no, account_text, department, model_percentile,
  CASE WHEN netted_month <= p.booked_month THEN netted_by END AS netted_by
FROM rankable p LEFT JOIN (FROM scores WHERE booked_month BETWEEN {first} AND {last}) s
  ON s.payment_id = p.payment_id AND s.booked_month = p.booked_month
WHERE p.booked_month BETWEEN {first} AND {last} AND p.booked_month IN (SELECT month FROM _shown_months)"""
# a payee's months are summed once and then added up for each month's look-back
_PAYEES = """WITH monthly AS (
  SELECT payee_ref, booked_month, max(payee_name) AS payee_name, count(*) AS payments, sum(amount_sek) AS amount_sek
  FROM rankable WHERE booked_month BETWEEN {since} AND {last} AND payee_ref IN (SELECT payee_ref FROM _shown_listed)
  GROUP BY ALL
), known AS (
  SELECT entity_key AS payee_ref, any_value(org_no ORDER BY org_no) AS org_no, min(first_month) AS first_month
  FROM core_payees GROUP BY 1
  UNION ALL SELECT 'provider ' || provider_id, any_value(org_no ORDER BY org_no), strftime(min(valid_from), '%Y-%m')
  FROM core_providers GROUP BY 1
)
SELECT l.month AS _month, l.payee_ref, max(payee_name) AS payee_name, any_value(k.org_no) AS org_no,
  sum(payments)::BIGINT AS payment_count, sum(amount_sek)::DECIMAL(14,2) AS amount_sek,
  any_value(k.first_month) AS first_month
FROM (SELECT DISTINCT month, payee_ref FROM _shown_listed) l JOIN _shown_months m USING (month)
  JOIN monthly p ON p.payee_ref = l.payee_ref AND p.booked_month BETWEEN m.year_since AND l.month
  JOIN known k ON k.payee_ref = l.payee_ref
GROUP BY ALL ORDER BY 2"""
# the ledger rows of listed payments and of what their flags point at, with the columns officers read; a flag names a
# payment or one posting of it, and a posting's id is its payment's with an occurrence after it
_POSTINGS = """WITH wanted AS (
  SELECT month, payment_id, payment_id AS row_id FROM _shown_listed
  UNION SELECT l.month, fp.payment_id, unnest(f.evidence) FROM out_flag_payments fp JOIN _shown_listed l USING
    (payment_id) JOIN out_flags f ON f.flag_id = fp.flag_id AND f.service_month = l.month
), sought AS (
  SELECT *, row_id AS paid_by FROM wanted UNION SELECT *, regexp_replace(row_id, '-[0-9]+$', '') FROM wanted
), found AS (
  SELECT DISTINCT s.month, s.payment_id AS listed_id, p.*
  FROM sought s JOIN core_postings p ON p.payment_id = s.paid_by AND (p.payment_id = s.row_id OR p.posting_id = s.row_id)
)
SELECT p.month AS _month, p.listed_id AS payment_id, 'postings' AS "table", p.posting_id AS row_id, p.source_file,
  p.source_line, json_object('booking_date', strftime(p.booking_date, '%Y-%m-%d'), 'supplier_name', pay.supplier_name,
  'invoice_no', pay.invoice_no, 'voucher_no', pay.voucher_no, 'amount_sek', p.amount_sek::VARCHAR, 'account_no',
  p.account_no, 'account_text', p.account_text, 'department', p.department)::VARCHAR AS columns
FROM found p JOIN core_payments pay ON pay.payment_id = p.payment_id"""
_EVIDENCE = f"FROM (({_POSTINGS}) UNION ALL ({LINES_AND_VISITS})) ORDER BY payment_id, row_id"
_PEERS = """SELECT p.booked_month AS _month, f.* FROM peer_features f JOIN rankable p USING (payment_id)
WHERE p.booked_month IN (SELECT month FROM _shown_months) ORDER BY payment_id, share DESC, feature"""
_PROFILE = """SELECT month AS _month, p.* FROM out_payee_profile p SEMI JOIN _shown_listed USING (month, payee_ref)
ORDER BY payee_ref, grain, provider_id, feature"""
_DRIFT = """SELECT m.month AS _month, d.* FROM out_drift d JOIN _shown_months m ON d.month BETWEEN m.drift_since AND
  m.month ORDER BY d.month, measure"""
QUERIES = {
    "ranked_payments": _RANKED,
    "flags": _FLAGS,
    "flag_payments": _FLAG_PAYMENTS,
    "coverage": _COVERAGE,
    "quarantine": _QUARANTINE,
    "repairs": _REPAIRS,
    "payments": _PAYMENTS,
    "payees": _PAYEES,
    "payee_records": PAYEE_RECORDS,
    "payee_profile": _PROFILE,
    "evidence_rows": _EVIDENCE,
    "visit_days": VISIT_DAYS,
    "recalculation": RECALCULATION,
    "areas": AREAS,
    "peer_features": _PEERS,
    "drift": _DRIFT,
}


@dataclass(frozen=True)
class Month:
    """One month's published tables by name, each with its contract's columns, and its kronor from file to core.

    `care` is what its home-care lines were paid and were due; None where it has none.
    """

    month: str
    frames: dict[str, pl.DataFrame]
    sums: dict[str, Decimal]
    care: CareSums | None


def month_frames(connection: duckdb.DuckDBPyConnection, months: list[str]) -> Iterator[Month]:
    """Yield the months in order; neighbours are read together, as many as hold PAYMENTS_AT_ONCE payments."""
    prepare_rankable(connection)
    connection.execute(contract("out", "payee_profile").ddl())  # a warehouse whose lists are older has none
    for block in _blocks(connection, sorted(set(months))):
        _prepare(connection, block)
        try:
            read = {name: _by_month(connection, name, block) for name in QUERIES}
            sums, care = _sums(connection), care_sums(connection)
        finally:
            for table in _PREPARED:
                connection.execute(f"DROP TABLE IF EXISTS {table}")
        for month in block:
            empty = {name: _empty(name) for name in QUERIES if month not in read[name]}
            tables = {name: read[name].pop(month) for name in QUERIES if name not in empty} | empty
            yield Month(month, tables, sums[month], care.get(month))


def typed(table: str, frame: pl.DataFrame) -> pl.DataFrame:
    """Return the frame with just the contract's columns, in its order; polars types follow DuckDB's."""
    if not frame.width:
        return pl.DataFrame(schema=shape(table))
    return frame.select([pl.col(name).cast(kind) for name, kind in shape(table).items()])


def shape(table: str) -> pl.Schema:
    """Return the polars schema of an out contract; raises ConfigError with the nearest name."""
    return _shapes()[contract("out", table).table]


@cache
def _empty(table: str) -> pl.DataFrame:
    return pl.DataFrame(schema=shape(table))


@cache
def _shapes() -> dict[str, pl.Schema]:
    shapes = {}
    with duckdb.connect() as connection:
        for name, stated in load_contracts("out").items():
            connection.execute(stated.ddl())
            shapes[name] = connection.execute(f"FROM {stated.physical}").pl().schema
    return shapes


def _blocks(connection: duckdb.DuckDBPyConnection, months: list[str]) -> Iterator[list[str]]:
    counts = dict(
        connection.execute(
            f"SELECT booked_month, count(*) FROM rankable WHERE list_contains({literal(months)}, booked_month) "
            "GROUP BY 1"
        ).fetchall()
    )
    block: list[str] = []
    held = 0
    for month in months:
        if block and held + counts.get(month, 0) > PAYMENTS_AT_ONCE:
            yield block
            block, held = [], 0
        block.append(month)
        held += counts.get(month, 0)
    if block:
        yield block


def _prepare(connection: duckdb.DuckDBPyConnection, block: list[str]) -> None:
    rows = (
        ", ".join(map(literal, (month, add_months(month, 1 - PAYEE_MONTHS), add_months(month, 1 - DRIFT_MONTHS))))
        for month in block
    )
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE _shown_months AS SELECT * FROM (VALUES "
        f"{', '.join(f'({row})' for row in rows)}) t(month, year_since, drift_since)"
    )
    # a file that states no month belongs to each
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE _shown_files AS SELECT DISTINCT m.month, source_file FROM deliveries d JOIN "
        "_shown_months m ON coalesce(d.month, strftime(period_end, '%Y-%m'), m.month) = m.month WHERE is_in_force"
    )
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE _shown_listed AS SELECT month, payment_id, payee_ref FROM out_ranked_payments "
        "SEMI JOIN _shown_months USING (month)"
    )


def _by_month(connection: duckdb.DuckDBPyConnection, name: str, block: list[str]) -> dict[str, pl.DataFrame]:
    since = literal(add_months(block[0], 1 - PAYEE_MONTHS))
    query = QUERIES[name].format(first=literal(block[0]), last=literal(block[-1]), since=since)
    # sorted and cast once, then cut: a plan a month cost more than the rows
    key = ["_month", "payment_id"] if name == "payments" else ["_month"]
    frame = connection.execute(query).pl().with_columns(pl.col("_month").cast(pl.Enum(block)))
    frame = frame.sort(key, maintain_order=True)
    months = frame["_month"].rle().struct.unnest()
    cells, held, begin = typed(name, frame), {}, 0
    for month, rows in zip(months["value"], months["len"], strict=True):
        held[month] = cells.slice(begin, rows)
        begin += rows
    return held


def _sums(connection: duckdb.DuckDBPyConnection) -> dict[str, dict[str, Decimal]]:
    columns = ", ".join(f"coalesce(sum(sek_{name}), 0)" for name in SUMS)
    rows = connection.execute(
        f"SELECT m.month, {columns} FROM _shown_months m LEFT JOIN _shown_files USING (month) LEFT JOIN reconciliation "
        "USING (source_file) GROUP BY 1"
    ).fetchall()
    return {month: dict(zip(SUMS, values, strict=True)) for month, *values in rows}
