"""Payment pairs: blocked once, compared once, read by every duplicate indicator.

Blocks: the payee's last three live payments of the same amount, and the last one with the same reference and amount;
the last one with the same reference and another amount; and the last one with the same reference and amount under
another payee record or buyer; all within 400 days. Both payments of a pair bear a reference of their own: two equal
sums without one are recurrence's matter.
"""

LOOK_BACK_DAYS = 400
FLOOR_SEK = 100
HABITUAL_USES = 3
CHANGING_SHARE = 0.8
# one run of digits differs, by 1 to 9, and the text around it is the same: 191575_1 and 191576_1 are two invoices
IS_NEXT = """regexp_replace(l.invoice_no, '[0-9]+', '#', 'g') = regexp_replace(e.invoice_no, '[0-9]+', '#', 'g') AND
  list_sum(list_transform(list_zip(regexp_extract_all(l.invoice_no, '[0-9]{1,18}'),
  regexp_extract_all(e.invoice_no, '[0-9]{1,18}')), lambda run: abs(run[1]::HUGEINT - run[2]::HUGEINT))) <= 9"""

# windows see whole numbers, and of those only the groups that hold a pair; ref is a hash, so texts are compared after
PAIRS = f"""
CREATE OR REPLACE TEMP TABLE _repeated AS
SELECT rid, row_number() OVER (PARTITION BY entity_no, ref ORDER BY seq) AS use
FROM _places SEMI JOIN (SELECT entity_no, ref FROM _places WHERE ref IS NOT NULL GROUP BY ALL HAVING count(*) > 1)
  USING (entity_no, ref);
CREATE OR REPLACE TEMP TABLE _open AS
SELECT p.rid, p.seq, p.entity_no, p.ore, p.ref, p.is_long,
  p.ref IS NOT NULL AND coalesce(use, 1) <= {HABITUAL_USES} AS has_ref
FROM _places p LEFT JOIN _netting n USING (rid) LEFT JOIN _repeated u USING (rid)
WHERE p.ore >= {FLOOR_SEK * 100} AND (n.netted_month IS NULL OR
  left(n.netted_month, 4)::INTEGER * 12 + right(n.netted_month, 2)::INTEGER > p.month);
CREATE OR REPLACE TEMP TABLE _candidates AS
WITH alike AS (
  FROM _open SEMI JOIN (SELECT entity_no, ore FROM _open GROUP BY ALL HAVING count(*) FILTER (has_ref) > 1)
    USING (entity_no, ore)
), same_amount AS (
  SELECT rid, has_ref, unnest([lag(CASE WHEN has_ref THEN rid END, 1) OVER w, lag(CASE WHEN has_ref THEN rid END, 2)
    OVER w, lag(CASE WHEN has_ref THEN rid END, 3) OVER w]) AS earlier
  FROM alike WINDOW w AS (PARTITION BY entity_no, ore ORDER BY seq)
), numbered AS (
  FROM _open SEMI JOIN (SELECT ref FROM _open WHERE has_ref GROUP BY ALL HAVING count(*) > 1) USING (ref) WHERE has_ref
), same_ref AS (
  SELECT rid, lag(rid) OVER (PARTITION BY entity_no, ref ORDER BY seq) AS earlier FROM numbered
), crossing AS (
  SELECT rid, lag(rid) OVER (PARTITION BY ref, ore ORDER BY seq) AS earlier FROM numbered WHERE is_long
), same_invoice AS (
  SELECT rid, lag(rid) OVER (PARTITION BY entity_no, ref, ore ORDER BY seq) AS earlier FROM numbered
)
-- a pair met in two blocks belongs to the first of them
SELECT rid, earlier, min(block) AS block FROM (SELECT rid, earlier, 'amount' AS block FROM same_amount WHERE has_ref
UNION ALL SELECT *, 'amount' FROM same_invoice UNION ALL SELECT *, 'reference' FROM same_ref UNION ALL
SELECT *, 'cross' FROM crossing) WHERE earlier IS NOT NULL GROUP BY ALL;
CREATE OR REPLACE TEMP TABLE _compared AS
SELECT l.payment_id, e.payment_id AS earlier_id, l.booked_month, c.block, p.entity_key, l.amount_sek,
  e.amount_sek AS earlier_amount_sek,
  CASE WHEN l.date_precision = 'day' AND e.date_precision = 'day' THEN abs(l.booking_date - e.booking_date) END::INTEGER
  AS days_apart,
  ((left(l.booked_month, 4)::INT - left(e.booked_month, 4)::INT) * 12 + right(l.booked_month, 2)::INT -
  right(e.booked_month, 2)::INT)::INTEGER AS months_apart,
  l.entity_no = e.entity_no AS is_same_payee, l.supplier_no = e.supplier_no AS is_same_supplier_key,
  l.buyer_id IS NOT DISTINCT FROM e.buyer_id AS is_same_buyer,
  l.department IS NOT DISTINCT FROM e.department AS is_same_department,
  l.account_no IS NOT DISTINCT FROM e.account_no AS is_same_account,
  CASE WHEN l.invoice_no = e.invoice_no THEN 'equal' WHEN l.ref_clean = e.ref_clean THEN 'cleaned'
       WHEN levenshtein(l.ref_clean, e.ref_clean) = 2 AND damerau_levenshtein(l.ref_clean, e.ref_clean) = 1 THEN 'edit'
       WHEN abs(l.ref_number - e.ref_number) BETWEEN 1 AND 9 THEN 'sequence'
       WHEN levenshtein(l.ref_clean, e.ref_clean) = 1 AND length(l.ref_clean) >= 4 THEN
         CASE WHEN {IS_NEXT} THEN 'sequence' ELSE 'edit' END
       ELSE 'different' END AS ref_relation,
  r.rhythm IS NOT NULL AS is_expected, c.rid, l.entity_no
FROM _candidates c JOIN _payments l ON l.rid = c.rid JOIN _payments e ON e.rid = c.earlier
  JOIN _payee_numbers p ON p.supplier_no = l.supplier_no LEFT JOIN _netting n ON n.rid = c.earlier
  LEFT JOIN _recurrence r ON r.rid = c.rid
WHERE l.booking_date - e.booking_date <= {LOOK_BACK_DAYS}
  AND (n.netted_month IS NULL OR n.netted_month > l.booked_month)
  AND (c.block <> 'reference' OR l.amount_sek <> e.amount_sek)
  AND (c.block <> 'cross' OR l.entity_no <> e.entity_no OR l.supplier_no <> e.supplier_no OR
       l.buyer_id IS DISTINCT FROM e.buyer_id)
  AND (c.block = 'amount' OR l.ref_clean = e.ref_clean);
CREATE OR REPLACE TABLE core_payment_pairs AS
-- a rhythm does not excuse an invoice paid twice under a number of its own: the payee's until then were nearly all new
WITH excused AS (
  SELECT DISTINCT entity_no FROM _compared WHERE is_expected AND ref_relation IN ('equal', 'cleaned')
), own AS (
  SELECT rid, avg((coalesce(use, 1) = 1)::INT) OVER (PARTITION BY entity_no ORDER BY seq ROWS BETWEEN UNBOUNDED
    PRECEDING AND 1 PRECEDING) >= {CHANGING_SHARE} AS has_own
  FROM _places SEMI JOIN excused USING (entity_no) LEFT JOIN _repeated USING (rid) WHERE ref IS NOT NULL
)
SELECT c.* EXCLUDE (rid, entity_no, is_expected), is_expected AND NOT (ref_relation IN ('equal', 'cleaned') AND
  coalesce(has_own, false)) AS is_expected
FROM _compared c LEFT JOIN own USING (rid)
"""
