"""Which ledger payments pay home-care lines, and by how much each of them differs from the lines' sum."""

# A provider is the payee that bears its organisation number in the ledger.
PROVIDER_PAYEES = """(SELECT provider_id, min(entity_key) AS entity_key
  FROM core_providers p LEFT JOIN core_payees k ON k.org_no = p.org_no GROUP BY ALL)"""

# Lines name the ledger's own id of the invoice or, where the ledger knows no such id, the provider's invoice number.
# lines_sek is what the lines booked by the payment's month come to, or, where none is booked yet (not is_known), all of
# them; what was credited by the end of a month is taken off before what was paid in it. beyond_sek adds up over an
# invoice's payments to what they paid too much; below 0, on a month's last payment, it is what the lines still lack.
PAID_BY_LINES = f"""
WITH owed AS (
  SELECT invoice_id AS ref, entity_key, booked_month AS known_month, sum(amount_sek) AS sek, list(line_id) AS line_ids
  FROM core_compensation_lines LEFT JOIN {PROVIDER_PAYEES} USING (provider_id)
  WHERE is_delivered AND invoice_id IS NOT NULL GROUP BY ALL
), named AS (
  SELECT payment_id, ref, known_month, sek, line_ids FROM core_payments p JOIN owed o ON o.ref = p.invoice_id
), numbered AS (
  SELECT payment_id, concat_ws(' ', ref, o.entity_key) AS ref, known_month, sek, line_ids
  FROM core_payments p JOIN (FROM owed ANTI JOIN named USING (ref)) o ON o.ref = p.invoice_no AND o.entity_key = p.entity_key
  ANTI JOIN named n ON n.payment_id = p.payment_id
), paid AS (
  SELECT payment_id, p.amount_sek, p.booked_month, p.booking_date, any_value(ref) AS ref, count(sek) FILTER (by_then) > 0 AS is_known,
    coalesce(sum(sek) FILTER (by_then), sum(sek)) AS lines_sek, list_sort(flatten(list(line_ids) FILTER (by_then))) AS line_ids
  FROM (SELECT *, known_month <= booked_month AS by_then FROM (FROM named UNION ALL FROM numbered) JOIN core_payments p
    USING (payment_id)) p GROUP BY ALL
), summed AS (
  SELECT *, row_number() OVER ordered AS place, sum(amount_sek) OVER ordered - lines_sek AS so_far_sek,
    lead(booked_month) OVER ordered IS DISTINCT FROM booked_month AS is_months_last
  FROM paid WINDOW ordered AS (PARTITION BY ref ORDER BY booked_month, amount_sek > 0, booking_date, payment_id
    ROWS UNBOUNDED PRECEDING)
), beyond AS (
  SELECT *, greatest(so_far_sek, 0) - lag(greatest(so_far_sek, 0), 1, 0) OVER (PARTITION BY ref ORDER BY place) AS added_sek
  FROM summed
)
SELECT payment_id, booked_month, is_known, lines_sek, line_ids,
  CASE WHEN so_far_sek < 0 AND is_known AND is_months_last AND amount_sek > 0 THEN so_far_sek
    ELSE least(amount_sek, greatest(added_sek, 0)) END::DECIMAL(14,2) AS beyond_sek FROM beyond
"""
