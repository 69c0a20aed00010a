-- One row per live payment of the months $months: the payment and what was known of its payee before its month.
-- Counts look at every earlier month; own_ and peer_ look at the 12 months before the payment's calendar quarter,
-- thinned by hash to 10 payments of a payee and 50 of a kind each quarter. Redacted and shared payee records have
-- no history. A kind with fewer than 20 payments in the year is compared within the month, then with all kinds.
WITH
live AS MATERIALIZED (
  SELECT
    payment_id, booked_month, is_expected, same_amount_before, gap_days, copies_same_day,
    date_precision = 'day' AS is_day_known,
    isodow(booking_date) > 5 AS is_weekend,
    invoice_no IS NOT NULL AS has_invoice_no,
    amount_sek % 1000 = 0 AS is_round,
    log10(amount_sek)::FLOAT AS log_amount,
    coalesce(category, account_no, '') AS peer_group,
    hash(coalesce(category, account_no, '')) AS kind,
    hash(account_no) AS account,
    CASE WHEN NOT is_redacted AND NOT is_one_time THEN hash(entity_key) END AS payee,
    (hash(payment_id) % 65536)::INT AS draw,
    left(booked_month, 4)::INT * 12 + right(booked_month, 2)::INT - 1 AS mi,
    mi // 3 AS quarter
  FROM core_payments
  WHERE is_live AND amount_sek > 0
),
payee_months AS MATERIALIZED (
  SELECT payee, mi, mi // 3 AS quarter, n AS month_count,
    sum(n) OVER before AS prior_count,
    sum(n) OVER (PARTITION BY payee ORDER BY mi RANGE BETWEEN 12 PRECEDING AND 1 PRECEDING) AS year_count,
    CASE WHEN first_value(mi) OVER before < mi - 12 THEN 12 ELSE mi - first_value(mi) OVER before END AS year_months,
    mi - lag(mi) OVER before AS months_since_last,
    row_number() OVER (PARTITION BY payee ORDER BY mi) - 1 AS paid_months,
    (lag(mi) OVER before - first_value(mi) OVER before) / nullif(paid_months - 1, 0) AS usual_gap_months
  FROM (SELECT payee, mi, count(*)::DOUBLE AS n FROM live WHERE payee IS NOT NULL GROUP BY ALL)
  WINDOW before AS (PARTITION BY payee ORDER BY mi ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
),
payee_quarters AS (
  SELECT payee, quarter, n,
    list(quarter) OVER (PARTITION BY payee ORDER BY quarter RANGE BETWEEN 1 FOLLOWING AND 4 FOLLOWING) AS targets
  FROM (SELECT payee, quarter, sum(month_count)::INT AS n FROM payee_months GROUP BY ALL)
),
own AS (
  SELECT payee, quarter, len(amounts) AS own_count, own_round_count, own_numbered_count,
    list_median(amounts) AS own_median, list_mad(amounts) AS own_mad
  FROM (
    SELECT payee, quarter, list(log_amount) AS amounts, count(*) FILTER (is_round) AS own_round_count,
      count(*) FILTER (has_invoice_no) AS own_numbered_count
    FROM (
      SELECT payee, unnest(targets) AS quarter, is_round, has_invoice_no, log_amount
      FROM live JOIN payee_quarters USING (payee, quarter)
      WHERE n <= 10 OR draw < 10 * 65536 // n
    )
    GROUP BY ALL
  )
),
payee_accounts AS (
  SELECT payee, account, mi, sum(n) OVER before AS prior_account_count
  FROM (SELECT payee, account, mi, count(*)::DOUBLE AS n FROM live WHERE payee IS NOT NULL GROUP BY ALL)
  WINDOW before AS (PARTITION BY payee, account ORDER BY mi ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
),
payees AS (
  SELECT a.payee, a.account, a.mi, coalesce(prior_account_count, 0) AS prior_account_count,
    coalesce(prior_count, 0) AS prior_count, month_count, coalesce(year_count, 0) AS year_count, year_months,
    months_since_last, paid_months, usual_gap_months, own_count, own_round_count, own_numbered_count, own_median, own_mad
  FROM payee_accounts AS a JOIN payee_months USING (payee, mi) LEFT JOIN own USING (payee, quarter)
),
shifts AS (SELECT unnest([1, 2, 3, 4]) AS shift),
by_kind AS (
  SELECT kind, quarter, mi, log_amount
  FROM live JOIN (SELECT kind, quarter, count(*)::INT AS n FROM live GROUP BY ALL) USING (kind, quarter)
  WHERE n <= 50 OR draw < 50 * 65536 // n
),
by_all AS (
  SELECT quarter, mi, log_amount
  FROM live JOIN (SELECT quarter, count(*)::INT AS n FROM live GROUP BY ALL) USING (quarter)
  WHERE n <= 2000 OR draw < 2000 * 65536 // n
),
kind_year AS (
  SELECT kind, quarter + shift AS quarter, median(log_amount) AS centre, mad(log_amount) AS spread
  FROM by_kind, shifts GROUP BY ALL HAVING count(*) >= 20
),
kind_month AS (
  SELECT kind, mi, mi // 3 AS quarter, count(*) AS n, median(log_amount) AS centre, mad(log_amount) AS spread
  FROM by_kind GROUP BY ALL
),
all_year AS (
  SELECT quarter + shift AS quarter, median(log_amount) AS centre, mad(log_amount) AS spread
  FROM by_all, shifts GROUP BY ALL HAVING count(*) >= 20
),
all_month AS (SELECT mi, median(log_amount) AS centre, mad(log_amount) AS spread FROM by_all GROUP BY ALL),
peers AS (
  SELECT km.kind, km.mi,
    coalesce(ky.centre, CASE WHEN km.n >= 20 THEN km.centre END, ay.centre, am.centre) AS peer_median,
    coalesce(ky.spread, CASE WHEN km.n >= 20 THEN km.spread END, ay.spread, am.spread) AS peer_mad
  FROM kind_month AS km
  LEFT JOIN kind_year AS ky USING (kind, quarter)
  LEFT JOIN all_year AS ay USING (quarter)
  LEFT JOIN all_month AS am USING (mi)
)
SELECT
  payment_id, booked_month, peer_group, log_amount, is_round, has_invoice_no, is_expected, is_day_known, is_weekend,
  same_amount_before, gap_days, copies_same_day, account IS NOT NULL AS has_account,
  own_count, own_round_count, own_numbered_count, own_median, own_mad, peer_median, peer_mad,
  month_count, year_count, year_months, prior_count, prior_account_count, months_since_last,
  paid_months, usual_gap_months
FROM live
SEMI JOIN (SELECT unnest($months) AS booked_month) USING (booked_month)
LEFT JOIN payees USING (payee, account, mi)
LEFT JOIN peers USING (kind, mi)
