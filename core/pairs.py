"""Payment pairs: blocked once, compared once, read by every duplicate indicator.

Blocks: the payee's last three live payments of the same amount, and the last one with the same reference and amount;
the last one with the same reference and another amount; and the last one with the same reference and amount under
another payee record or buyer; all within 400 days.
"""

LOOK_BACK_DAYS = 400
FLOOR_SEK = 100
HABITUAL_USES = 3
CHANGING_SHARE = 0.8
# one run of digits differs, by 1 to 9, and the text around it is the same: 191575_1 and 191576_1 are two invoices
IS_NEXT = """regexp_replace(l.invoice_no, '[0-9]+', '#', 'g') = regexp_replace(e.invoice_no, '[0-9]+', '#', 'g') AND
  list_sum(list_transform(list_zip(regexp_extract_all(l.invoice_no, '[0-9]{1,18}'),
  regexp_extract_all(e.invoice_no, '[0-9]{1,18}')), lambda run: abs(run[1]::HUGEINT - run[2]::HUGEINT))) <= 9"""

PAIRS = f"""
CREATE OR REPLACE TEMP TABLE _open AS
WITH counted AS (
  SELECT seq, entity_no, row_number() OVER (PARTITION BY entity_no, ref_clean ORDER BY seq) AS use
  FROM _payments WHERE ref_clean IS NOT NULL
), used AS (
  -- a text a payee uses again and again identifies no invoice. has_own: until now nearly all of its were new
  SELECT seq, use <= {HABITUAL_USES} AS has_ref, use <= {HABITUAL_USES} AND avg((use = 1)::INT) OVER
  (PARTITION BY entity_no ORDER BY seq ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) >= {CHANGING_SHARE} AS has_own
  FROM counted
)
SELECT p.payment_id, p.seq, p.entity_no, p.booked_month, p.booking_date, p.date_precision, p.entity_key, p.supplier_key,
  p.buyer_id, p.department, p.account_no, p.amount_sek, p.invoice_no, p.ref_clean, p.ref_number, n.netted_month,
  r.rhythm IS NOT NULL AS is_expected, coalesce(u.has_ref, false) AS has_ref, coalesce(u.has_own, false) AS has_own
FROM _payments p LEFT JOIN _netting n USING (payment_id) LEFT JOIN _recurrence r USING (payment_id)
  LEFT JOIN used u USING (seq)
WHERE p.amount_sek >= {FLOOR_SEK} AND (n.netted_month IS NULL OR n.netted_month > p.booked_month);
CREATE OR REPLACE TABLE core_payment_pairs AS
WITH same_amount AS (
  SELECT seq, unnest([lag(seq, 1) OVER w, lag(seq, 2) OVER w, lag(seq, 3) OVER w]) AS earlier
  FROM _open WINDOW w AS (PARTITION BY entity_no, amount_sek ORDER BY seq)
), same_ref AS (
  SELECT seq, lag(seq) OVER (PARTITION BY entity_no, ref_clean ORDER BY seq) AS earlier FROM _open WHERE has_ref
), crossing AS (
  SELECT seq, lag(seq) OVER (PARTITION BY ref_clean, amount_sek ORDER BY seq) AS earlier FROM _open
  WHERE has_ref AND length(ref_clean) >= 5
), same_invoice AS (
  SELECT seq, lag(seq) OVER (PARTITION BY entity_no, ref_clean, amount_sek ORDER BY seq) AS earlier FROM _open
  WHERE has_ref
), candidates AS (
  -- a pair met in two blocks belongs to the first of them
  SELECT seq, earlier, min(block) AS block FROM (SELECT *, 'amount' AS block FROM same_amount UNION ALL
  SELECT *, 'amount' FROM same_invoice UNION ALL SELECT *, 'reference' FROM same_ref UNION ALL
  SELECT *, 'cross' FROM crossing) WHERE earlier IS NOT NULL GROUP BY ALL
), compared AS (
SELECT l.payment_id, e.payment_id AS earlier_id, l.booked_month, c.block, l.entity_key, l.amount_sek,
  e.amount_sek AS earlier_amount_sek,
  CASE WHEN l.date_precision = 'day' AND e.date_precision = 'day' THEN abs(l.booking_date - e.booking_date) END::INTEGER
  AS days_apart,
  ((left(l.booked_month, 4)::INT - left(e.booked_month, 4)::INT) * 12 + right(l.booked_month, 2)::INT -
  right(e.booked_month, 2)::INT)::INTEGER AS months_apart,
  l.entity_key = e.entity_key AS is_same_payee, l.supplier_key = e.supplier_key AS is_same_supplier_key,
  l.buyer_id IS NOT DISTINCT FROM e.buyer_id AS is_same_buyer,
  l.department IS NOT DISTINCT FROM e.department AS is_same_department,
  l.account_no IS NOT DISTINCT FROM e.account_no AS is_same_account,
  CASE WHEN NOT (l.has_ref AND e.has_ref) THEN 'missing' WHEN l.invoice_no = e.invoice_no THEN 'equal'
       WHEN l.ref_clean = e.ref_clean THEN 'cleaned'
       WHEN levenshtein(l.ref_clean, e.ref_clean) = 2 AND damerau_levenshtein(l.ref_clean, e.ref_clean) = 1 THEN 'edit'
       WHEN abs(l.ref_number - e.ref_number) BETWEEN 1 AND 9 THEN 'sequence'
       WHEN levenshtein(l.ref_clean, e.ref_clean) = 1 AND length(l.ref_clean) >= 4 THEN
         CASE WHEN {IS_NEXT} THEN 'sequence' ELSE 'edit' END
       ELSE 'different' END AS ref_relation,
  l.is_expected, l.has_own
FROM candidates c JOIN _open l ON l.seq = c.seq JOIN _open e ON e.seq = c.earlier
WHERE l.booking_date - e.booking_date <= {LOOK_BACK_DAYS} AND e.booked_month <= l.booked_month
  AND (e.netted_month IS NULL OR e.netted_month > l.booked_month)
  AND (c.block <> 'reference' OR l.amount_sek <> e.amount_sek)
  AND (c.block <> 'cross' OR l.entity_key <> e.entity_key OR l.supplier_key <> e.supplier_key OR
       l.buyer_id IS DISTINCT FROM e.buyer_id)
)
-- a rhythm does not excuse an invoice paid twice under a number of its own
SELECT * EXCLUDE (has_own, is_expected), is_expected AND NOT (has_own AND ref_relation IN ('equal', 'cleaned')) AS
  is_expected
FROM compared
"""
