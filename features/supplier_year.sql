-- One row per payee, month, department and kind of purchase: payments and credits as known when the month closed.
-- Payees hidden or shared in the source are left out.
SELECT entity_key, department, coalesce(category, account_no, '') AS kind,
  booked_month,
  count(*) FILTER (is_debit) AS payment_count,
  count(*) FILTER (NOT is_debit) AS credit_count,
  coalesce(sum(ore) FILTER (is_debit), 0)::BIGINT AS debit_ore,
  max(ore) AS largest_ore,
  count(*) FILTER (is_debit AND ore % 100000 = 0) AS round_count,
  count(*) FILTER (is_debit AND invoice_no IS NULL) AS unnumbered_count,
  count(*) FILTER (is_live AND same_amount_before > 0 AND NOT is_expected) AS repeated_count
FROM (SELECT *, amount_sek > 0 AS is_debit, (amount_sek * 100)::BIGINT AS ore FROM core_payments)
WHERE NOT is_redacted AND NOT is_one_time AND (is_live OR amount_sek < 0) AND booked_month <= $last
GROUP BY ALL
