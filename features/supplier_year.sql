-- One row per payee and month of $months: the calendar year to date as known when the month closed. Payees hidden
-- or shared in the source are left out. Department sums of squares grow by (c + n)^2 - c^2 as payments come in.
WITH
live AS MATERIALIZED (
  SELECT entity_key, department, amount_sek, coalesce(category, account_no, '') AS kind,
    left(booked_month, 4)::INT AS year,
    left(booked_month, 4)::INT * 12 + right(booked_month, 2)::INT - 1 AS mi,
    amount_sek > 0 AS is_debit,
    amount_sek > 0 AND amount_sek % 1000 = 0 AS is_round,
    amount_sek > 0 AND invoice_no IS NULL AS is_unnumbered,
    is_live AND same_amount_before > 0 AND NOT is_expected AS is_repeated
  FROM core_payments
  WHERE NOT is_redacted AND NOT is_one_time AND (is_live OR amount_sek < 0)
),
months AS (
  SELECT entity_key, year, mi, count(*) FILTER (is_debit) AS payments, count(*) FILTER (NOT is_debit) AS credits,
    sum(amount_sek) FILTER (is_debit) AS debit_sek, max(amount_sek) AS largest_sek,
    count(*) FILTER (is_round) AS rounds, count(*) FILTER (is_unnumbered) AS unnumbered,
    count(*) FILTER (is_repeated) AS repeated
  FROM live GROUP BY ALL
),
departments AS (
  SELECT entity_key, year, mi, sum(2 * before * n + n * n) AS squares
  FROM (
    SELECT entity_key, year, department, mi, n, coalesce(sum(n) OVER (PARTITION BY entity_key, year, department
      ORDER BY mi ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS before
    FROM (
      SELECT entity_key, year, department, mi, count(*)::DOUBLE AS n FROM live WHERE is_debit GROUP BY ALL
    )
  )
  GROUP BY ALL
),
kinds AS (
  SELECT entity_key, year, mi, kind, sek,
    row_number() OVER (PARTITION BY entity_key, mi ORDER BY sek DESC, kind) AS place
  FROM (SELECT entity_key, year, mi, kind, sum(amount_sek) AS sek FROM live WHERE is_debit GROUP BY ALL)
)
SELECT
  entity_key, printf('%04d-%02d', mi // 12, mi % 12 + 1) AS month,
  coalesce(arg_max(kind, sek) OVER to_date, '') AS peer_group,
  (mi % 12 + 1) AS month_of_year,
  (sum(payments) OVER to_date)::INT AS payment_count,
  (sum(credits) OVER to_date)::INT AS credit_count,
  coalesce(sum(debit_sek) OVER to_date, 0)::DOUBLE AS total_sek,
  (max(largest_sek) OVER to_date)::DOUBLE AS largest_sek,
  (count(*) OVER to_date)::INT AS paid_months,
  (sum(rounds) OVER to_date)::INT AS round_count,
  (sum(unnumbered) OVER to_date)::INT AS unnumbered_count,
  (sum(repeated) OVER to_date)::INT AS repeated_count,
  coalesce(sum(squares) OVER to_date, 0) AS department_squares,
  coalesce(sum(debit_sek) OVER (PARTITION BY entity_key ORDER BY mi RANGE 11 PRECEDING), 0)::DOUBLE AS year_sek,
  coalesce(sum(debit_sek) OVER (
    PARTITION BY entity_key ORDER BY mi RANGE BETWEEN 23 PRECEDING AND 12 PRECEDING), 0)::DOUBLE AS year_before_sek,
  mi - min(mi) OVER (PARTITION BY entity_key ORDER BY mi) AS known_months
FROM months
LEFT JOIN departments USING (entity_key, year, mi)
LEFT JOIN (SELECT * FROM kinds WHERE place = 1) USING (entity_key, year, mi)
WINDOW to_date AS (PARTITION BY entity_key, year ORDER BY mi)
QUALIFY list_contains($months, month) AND payment_count > 0
ORDER BY month, entity_key
