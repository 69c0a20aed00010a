-- The random control arm, drawn before anything is ranked from every live payment of the months in _drawn_months.
-- Strata are the lower half of the month's payments by amount, the next 30 %, the next 15 % and the top 5 %; each
-- gets a fourth of the sample (what is left over goes to the larger amounts), so large payments are drawn more
-- often and the kronor in error can be estimated. The lottery is the MD5 of seed, month and payment,
-- its half cut out by hand: DuckDB's function for it takes thrice the time.
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
sized AS (
  SELECT month, stratum, payments,
    least(payments, t.control_size // 4 + (4 - stratum < t.control_size % 4)::INT) AS size
  FROM (SELECT month, stratum, count(*) AS payments FROM placed GROUP BY ALL) CROSS JOIN _terms AS t
),
drawn AS (
  SELECT month, stratum, unnest(min({'lot': lot, 'payment_id': payment_id}, {most})) AS one
  FROM placed GROUP BY ALL
)
SELECT d.month, d.stratum, d.one.payment_id AS payment_id, round(s.size / s.payments, 9) AS inclusion_probability
FROM drawn AS d JOIN sized AS s USING (month, stratum)
QUALIFY row_number() OVER (PARTITION BY d.month, d.stratum ORDER BY d.one.lot, d.one.payment_id) <= s.size
