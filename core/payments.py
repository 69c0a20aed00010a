"""Postings become payments: buyer x payee x voucher x invoice number, refined by disbursement, within one month.

The voucher is part of the key: without it an invoice paid twice would be one payment of double amount.
"""

import duckdb

from core.payees import SUPPLIER_KEY
from fut.accepted import accepted

# Wide rows are read from the raw table by row id when they are needed: kept twice, they would not fit in memory.
ACCEPTED = f"""
CREATE OR REPLACE TEMP TABLE _keys AS
WITH rows AS (
  SELECT r.rowid AS rid, buyer_id, voucher_no, invoice_no, r.payment_id AS disbursement_id, d.date_precision,
    coalesce(r._delivered_month, strftime(r.booking_date, '%Y-%m')) AS booked_month, {SUPPLIER_KEY} AS supplier_key
  FROM {accepted("ap_postings")}
)
SELECT rid, supplier_key, booked_month, date_precision, left(md5(concat_ws('|', coalesce(buyer_id, ''), supplier_key,
  voucher_no, coalesce(invoice_no, ''), coalesce(disbursement_id, ''), booked_month)), 20) AS payment_id FROM rows
"""

# nearly every payment is one posting: only the others are sorted and summed
POSTINGS = """
CREATE OR REPLACE TEMP TABLE _several AS
FROM _keys SEMI JOIN (SELECT payment_id FROM _keys GROUP BY 1 HAVING count(*) > 1) USING (payment_id);
INSERT INTO core_postings BY NAME
WITH numbered AS (
  SELECT rid, row_number() OVER (PARTITION BY k.payment_id ORDER BY account_no, amount_sek, department, booking_date,
    posting_id, _source_file, _source_line) AS occurrence
  FROM _several k JOIN raw_ap_postings r ON r.rowid = rid
)
SELECT k.payment_id || '-' || coalesce(occurrence, 1) AS posting_id, k.payment_id, booked_month, booking_date, amount_sek,
  account_no, account_text, department, _source_file AS source_file, _source_line AS source_line
FROM raw_ap_postings r JOIN _keys k ON r.rowid = rid LEFT JOIN numbered USING (rid)
"""

_KEYED = ("supplier_key", "booked_month", "date_precision")
_COMPARED = ("booking_date", "buyer_id", "invoice_no", "invoice_id", "cancels_invoice_id")
_RAW = (
    "booking_date", "buyer_id", "supplier_ref", "supplier_name", "voucher_no", "invoice_no",
    "category", "text", "contract_id", "order_no", "channel", "currency",
    "invoice_id", "invoice_date", "due_date", "payment_date", "payee_account", "payee_account_kind",
    "ocr", "created_by", "entered_at", "cancels_invoice_id",
)  # fmt: skip
_LARGEST = "max(struct_pack(a := abs(amount_sek), n := {0}, t := {1}))"

# the payments of several postings, summed; rid is the raw row that a payment is found by
WHOLE = f"""
CREATE OR REPLACE TEMP TABLE _whole AS
SELECT * EXCLUDE (account, unit), account.n AS account_no, account.t AS account_text, unit.n AS department,
  unit.t AS cost_centre
FROM (
  SELECT min(rid) AS rid, k.payment_id, {", ".join(f"min({c}) AS {c}" for c in (*_KEYED, *_RAW))},
    min(r.payment_id) AS disbursement_id, sum(amount_sek)::DECIMAL(14,2) AS amount_sek,
    sum(vat_sek)::DECIMAL(14,2) AS vat_sek, count(*)::INTEGER AS posting_count,
    {_LARGEST.format("account_no", "account_text")} AS account, {_LARGEST.format("department", "cost_centre")} AS unit
  FROM _several k JOIN raw_ap_postings r ON r.rowid = rid GROUP BY k.payment_id)
"""

# the columns that netting and pairs compare
PAYMENT_BASE = f"""
CREATE OR REPLACE TEMP TABLE _payee_numbers AS
SELECT supplier_key, entity_key, name_key, is_redacted, is_one_time, row_number() OVER ()::INTEGER AS supplier_no,
  dense_rank() OVER (ORDER BY entity_key)::INTEGER AS entity_no
FROM core_payees;
CREATE OR REPLACE TEMP TABLE _payments AS
WITH rows AS (
  SELECT rid, payment_id, {", ".join((*_KEYED, *_COMPARED))}, amount_sek, department, account_no FROM _whole
  UNION ALL SELECT rid, k.payment_id, {", ".join((*_KEYED, *_COMPARED))}, amount_sek, department, account_no
  FROM (FROM _keys ANTI JOIN _several USING (rid)) k JOIN raw_ap_postings r ON r.rowid = rid
), cleaned AS (
  SELECT *, CASE WHEN invoice_no IS NOT NULL THEN nullif(ltrim(translate(regexp_replace(regexp_replace(upper(invoice_no),
    '[^A-Z0-9ÅÄÖ]+', '', 'g'), '([0-9])(RE|KR|COPY|KOPIA|DUP|P[AÅ]M)$', '\\1'), 'OILB', '0118'), '0'), '') END AS cleaned_no
  FROM rows
)
SELECT c.* EXCLUDE (cleaned_no, supplier_key), p.supplier_no, p.entity_no,
  CASE WHEN regexp_matches(c.invoice_no, '[0-9]') THEN cleaned_no END AS ref_clean,
  TRY_CAST(regexp_extract(invoice_no, '([0-9]{{1,18}})[^0-9]*$', 1) AS BIGINT) AS ref_number
FROM cleaned c JOIN _payee_numbers p USING (supplier_key)
"""

# what windows order by, in whole numbers only: seq orders payments as the ledger came to know them, those of a day by
# the first 64 bits of their id; ref stands for the cleaned number
PLACES = """
CREATE OR REPLACE TEMP TABLE _places AS
SELECT rid, entity_no, (amount_sek * 100)::BIGINT AS ore, month, booking_date,
  CASE WHEN ref_clean IS NOT NULL THEN hash(ref_clean) END AS ref,
  length(ref_clean) >= 5 AS is_long, row_number() OVER (ORDER BY month, booking_date, begins) AS seq
FROM (SELECT *, left(booked_month, 4)::INTEGER * 12 + right(booked_month, 2)::INTEGER AS month,
  ('0x' || left(payment_id, 16))::UBIGINT AS begins FROM _payments)
"""

_PAYMENTS = f"""
INSERT INTO core_payments BY NAME
WITH rows AS (
  FROM _whole
  UNION ALL BY NAME SELECT r.rowid AS rid, {", ".join(_RAW)}, r.payment_id AS disbursement_id, amount_sek, vat_sek,
    1 AS posting_count, account_no, account_text, department, cost_centre
  FROM raw_ap_postings r ANTI JOIN _several s ON s.rid = r.rowid
)
SELECT b.payment_id, b.booked_month, w.booking_date, b.date_precision, w.buyer_id, p.supplier_key, p.entity_key,
  supplier_ref, supplier_name, p.name_key, p.is_redacted, p.is_one_time, voucher_no, w.invoice_no, b.ref_clean,
  b.ref_number, w.amount_sek, posting_count, w.account_no, account_text, w.department, cost_centre,
  coalesce(category, account_text, w.account_no) AS category, text, contract_id, order_no, channel, currency, vat_sek,
  w.invoice_id, invoice_date, due_date, payment_date, disbursement_id, w.payee_account, payee_account_kind, ocr,
  w.created_by, entered_at, w.cancels_invoice_id, n.netted_month, n.netted_by,
  coalesce(w.amount_sek > 0 AND (n.netted_month IS NULL OR n.netted_month > b.booked_month), false) AS is_live,
  r.rhythm, r.rhythm IS NOT NULL AS is_expected, coalesce(r.same_amount_before, 0)::INTEGER AS same_amount_before,
  r.gap_days::INTEGER AS gap_days, coalesce(r.copies_same_day, 1)::INTEGER AS copies_same_day,
  CASE WHEN is_live THEN m.payments ELSE 0 END::INTEGER AS payee_month_count
FROM rows w JOIN _payments b USING (rid) JOIN _payee_numbers p USING (supplier_no)
  LEFT JOIN _netting n USING (rid) LEFT JOIN _recurrence r USING (rid)
  LEFT JOIN _payee_months m ON m.entity_no = b.entity_no AND m.booked_month = b.booked_month
"""


def build_payments(connection: duckdb.DuckDBPyConnection) -> None:
    """Replace core_payments; the wide rows stream past hash tables of narrow ones, joined in the order written.

    Left to itself, the planner takes the wide side for the smaller.
    """
    connection.execute("SET disabled_optimizers = 'join_order,build_side_probe_side'")
    try:
        connection.execute(_PAYMENTS)
    finally:
        connection.execute("RESET disabled_optimizers")
