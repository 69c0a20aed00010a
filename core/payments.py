"""Postings become payments: buyer x payee x voucher x invoice number, refined by disbursement, within one month.

The voucher is part of the key: without it an invoice paid twice would be one payment of double amount.
"""

POSTINGS = """
CREATE OR REPLACE TEMP TABLE _postings AS
WITH accepted AS (
  SELECT r.*, d.date_precision, coalesce(r._delivered_month, strftime(r.booking_date, '%Y-%m')) AS booked_month
  FROM raw_ap_postings r JOIN deliveries d ON d.source_file = r._source_file AND d.is_in_force
  ANTI JOIN (FROM quarantine WHERE severity = 'error' AND "table" = 'ap_postings') q
    ON q.source_file = r._source_file AND q.source_line = r._source_line
), keyed AS (
  SELECT a.*, p.supplier_key FROM accepted a LEFT JOIN _payee_rows p ON p.supplier_name = a.supplier_name AND
    p.supplier_id IS NOT DISTINCT FROM a.supplier_id AND p.supplier_ref IS NOT DISTINCT FROM a.supplier_ref AND
    p.voucher_no IS NOT DISTINCT FROM (CASE WHEN a.supplier_name = '*' OR a.supplier_id = 'one-time' THEN
    a.voucher_no END)
), hashed AS (
  SELECT *, left(md5(concat_ws('|', coalesce(buyer_id, ''), supplier_key, voucher_no, coalesce(invoice_no, ''),
         coalesce(payment_id, ''), booked_month)), 20) AS ranked_id FROM keyed
)
SELECT * REPLACE (ranked_id || '-' || row_number() OVER (PARTITION BY ranked_id ORDER BY account_no, amount_sek,
       department, booking_date, posting_id, _source_file, _source_line) AS posting_id)
FROM hashed;
CREATE OR REPLACE TABLE core_postings AS
SELECT posting_id, ranked_id AS payment_id, booked_month, booking_date, amount_sek, account_no, account_text, department,
       _source_file AS source_file, _source_line AS source_line FROM _postings
"""

_LARGEST = "max(struct_pack(a := abs(amount_sek), n := {0}, t := {1}))"

PAYMENT_BASE = f"""
CREATE OR REPLACE TEMP TABLE _payments AS
WITH grouped AS (
  SELECT ranked_id AS payment_id, min(booked_month) AS booked_month, min(booking_date) AS booking_date,
    min(date_precision) AS date_precision, min(buyer_id) AS buyer_id, min(supplier_key) AS supplier_key,
    min(supplier_ref) AS supplier_ref, min(supplier_name) AS supplier_name, min(voucher_no) AS voucher_no,
    min(invoice_no) AS invoice_no, sum(amount_sek)::DECIMAL(14,2) AS amount_sek, count(*)::INTEGER AS posting_count,
    {_LARGEST.format("account_no", "account_text")} AS account, {_LARGEST.format("department", "cost_centre")} AS unit,
    min(category) AS category, min(text) AS text, min(contract_id) AS contract_id, min(order_no) AS order_no,
    min(channel) AS channel, min(currency) AS currency, sum(vat_sek)::DECIMAL(14,2) AS vat_sek,
    min(invoice_id) AS invoice_id, min(invoice_date) AS invoice_date, min(due_date) AS due_date,
    min(payment_date) AS payment_date, min(_postings.payment_id) AS disbursement_id, min(payee_account) AS payee_account,
    min(payee_account_kind) AS payee_account_kind, min(ocr) AS ocr, min(created_by) AS created_by,
    min(entered_at) AS entered_at, min(cancels_invoice_id) AS cancels_invoice_id
  FROM _postings GROUP BY ranked_id
), cleaned AS (
  SELECT *, translate(ltrim(regexp_replace(regexp_replace(upper(invoice_no), '[^A-Z0-9ÅÄÖ]+', '', 'g'),
    '([0-9])(RE|KR|COPY|KOPIA|DUP|PAM)$', '\\1'), '0'), 'OILB', '0118') AS cleaned_no
  FROM grouped
)
SELECT c.* EXCLUDE (account, unit, cleaned_no), account.n AS account_no, account.t AS account_text,
  unit.n AS department, unit.t AS cost_centre, p.entity_key, p.name_key, p.is_redacted, p.is_one_time,
  CASE WHEN regexp_matches(cleaned_no, '[0-9]') THEN cleaned_no END AS ref_clean,
  TRY_CAST(regexp_extract(invoice_no, '([0-9]{{1,18}})[^0-9]*$', 1) AS HUGEINT) AS ref_number
FROM cleaned c JOIN core_payees p USING (supplier_key)
"""

PAYMENTS = """
CREATE OR REPLACE TABLE core_payments AS
SELECT p.payment_id, p.booked_month, booking_date, date_precision, buyer_id, supplier_key, entity_key, supplier_ref,
  supplier_name, name_key, is_redacted, is_one_time, voucher_no, invoice_no, ref_clean, ref_number, amount_sek,
  posting_count, account_no, account_text, department, cost_centre, coalesce(category, account_text, account_no) AS
  category, text, contract_id, order_no, channel, currency, vat_sek, invoice_id, invoice_date, due_date, payment_date,
  disbursement_id, payee_account, payee_account_kind, ocr, created_by, entered_at, cancels_invoice_id, n.netted_month,
  n.netted_by, coalesce(amount_sek > 0 AND (n.netted_month IS NULL OR n.netted_month > p.booked_month), false) AS is_live,
  r.rhythm, r.rhythm IS NOT NULL AS is_expected, coalesce(r.same_amount_before, 0)::INTEGER AS same_amount_before,
  r.gap_days::INTEGER AS gap_days, coalesce(r.copies_same_day, 1)::INTEGER AS copies_same_day,
  coalesce(r.payee_month_count, 0)::INTEGER AS payee_month_count
FROM _payments p LEFT JOIN _netting n USING (payment_id) LEFT JOIN _recurrence r USING (payment_id)
ORDER BY p.booked_month, p.payment_id
"""
