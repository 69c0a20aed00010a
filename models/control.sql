-- The random control arm, drawn before anything is ranked from every live payment of the months in _drawn_months.
-- Strata are the lower half of the month's payments by amount, the next 30 %, the next 15 % and the top 5 %. They take
-- turns, larger amounts first, until the sample is full, so that each gets a fourth of it, one that runs out (few
-- payments, or many of one amount) leaves its turns to the others, and large payments are drawn more often and the
-- kronor in error can be estimated. The lottery is the MD5 of seed, month and payment, its half cut out by hand:
-- DuckDB's function for it takes thrice the time.
CREATE OR REPLACE TEMP TABLE _control AS
WITH fences AS (
  SELECT booked_month, quantile_disc(amount_sek, [0.5, 0.8, 0.95]) AS fence
  FROM rankable SEMI JOIN _drawn_months USING (booked_month)
  WHERE is_live GROUP BY ALL
),
placed AS (
  SELECT booked_month AS month, payment_id,
    1 + (amount_sek > fence[1])::INT + (amount_sek > fence[2])::INT + (amount_sek > fence[3])::INT AS stratum,
    (md5_number(concat_ws('|', t.seed, booked_month, payment_id)) >> 64)::UBIGINT AS lot
  FROM rankable JOIN fences USING (booked_month) CROSS JOIN _terms AS t
  WHERE is_live
),
drawn AS (
  SELECT month, stratum, count(*) AS payments, min({'lot': lot, 'payment_id': payment_id}, {most}) AS first
  FROM placed GROUP BY ALL
),
turns AS (
  SELECT month, stratum, payments, unnest(first).payment_id AS payment_id, generate_subscripts(first, 1) AS turn
  FROM drawn
),
taken AS (
  FROM turns CROSS JOIN _terms AS t
  QUALIFY row_number() OVER (PARTITION BY month ORDER BY turn, stratum DESC) <= t.control_size
)
SELECT month, stratum, payment_id,
  round(count(*) OVER (PARTITION BY month, stratum) / payments, 9) AS inclusion_probability
FROM taken
