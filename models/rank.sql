-- Orders payments by expected error per review minute. Reads out_flags, out_flag_payments, out_coverage,
-- core_outcomes, the view rankable (see core.rankable), and the temporary tables _evidence (see models.evidence), _terms (one row of terms),
-- _months (month) and _scored (payment_id, month, model_percentile). Writes _risk; control.sql draws the control arm, list.sql cuts and writes.

-- every flag beside the payment it points at; seen_month is when both were known
CREATE OR REPLACE TEMP TABLE _flagged AS
SELECT f.flag_id, f.indicator AS code, f.verdict, f.explained_by, f.missing_field, f.service_month, p.payment_id,
  p.booked_month, fp.amount_at_risk_sek, greatest(f.service_month, p.booked_month) AS seen_month,
  f.payment_id IS NOT NULL AS is_on_one
FROM out_flags AS f
JOIN out_flag_payments AS fp USING (flag_id)
JOIN rankable AS p ON p.payment_id = fp.payment_id;

-- what officers had settled by a month: the families that spoke for a payment when it was judged
CREATE OR REPLACE TEMP TABLE _settled AS
SELECT o.payment_id, e.family, min(strftime(o.decided_at, '%Y-%m')) AS settled_month
FROM core_outcomes AS o
JOIN _flagged AS f ON f.payment_id = o.payment_id AND f.service_month <= strftime(o.decided_at, '%Y-%m')
JOIN (SELECT DISTINCT code, family FROM _evidence) AS e USING (code)
WHERE o.verdict NOT IN ('undecidable', 'data_error')
GROUP BY ALL;

-- a payment is a candidate of the month it was booked in, and of later months that bring new evidence on it alone
CREATE OR REPLACE TEMP TABLE _candidates AS
SELECT DISTINCT f.seen_month AS month, f.payment_id
FROM _flagged AS f
JOIN _months AS m ON m.month = f.seen_month
WHERE f.verdict = 'contradiction' AND (f.booked_month = f.seen_month OR f.is_on_one);

-- one row per candidate, indicator: its weightiest flag, in the class it may still count in
CREATE OR REPLACE TEMP TABLE _hits AS
WITH judged AS (
  SELECT c.month, c.payment_id, f.flag_id, f.code, e.family, e.area, e.probability, e.review_minutes,
    f.amount_at_risk_sek, f.verdict, f.explained_by, f.missing_field,
    CASE WHEN f.verdict = 'explained' THEN 'X'
         WHEN f.verdict = 'needs_field' OR v.alarm = 'too_many' THEN 'C'
         ELSE e.evidence_class END AS counts_as,
    v.alarm IS NOT DISTINCT FROM 'too_many' AND e.evidence_class <> 'C' AS is_doubted
  FROM _candidates AS c
  JOIN _flagged AS f ON f.payment_id = c.payment_id AND f.seen_month <= c.month
  JOIN _evidence AS e ON e.month = c.month AND e.code = f.code
  LEFT JOIN out_coverage AS v ON v.indicator = f.code AND v.month = f.service_month
  ANTI JOIN _settled AS s ON s.payment_id = c.payment_id AND s.family = e.family AND s.settled_month <= c.month
)
SELECT * EXCLUDE (flag_id), list_sort(list(flag_id) OVER (PARTITION BY month, payment_id, code)) AS flag_ids
FROM judged
QUALIFY row_number() OVER (PARTITION BY month, payment_id, code
  ORDER BY counts_as IN ('C', 'X'), abs(amount_at_risk_sek) DESC, flag_id) = 1
UNION ALL BY NAME
SELECT c.month, c.payment_id, e.code, e.family, e.area, e.probability, e.review_minutes, 0 AS amount_at_risk_sek,
  'contradiction' AS verdict, 'S' AS counts_as, false AS is_doubted, [] AS flag_ids
FROM _candidates AS c
JOIN _scored AS s USING (payment_id, month)
JOIN _evidence AS e ON e.month = c.month
CROSS JOIN _terms AS t
WHERE e.code = t.model_code AND s.model_percentile >= t.model_least;

-- one row per candidate and family of evidence: best probability, largest amount at risk; weight is -ln(1 - p)
CREATE OR REPLACE TEMP TABLE _families AS
SELECT month, payment_id, family,
  bool_or(counts_as IN ('H', 'R')) AS stands_alone,
  (-ln(1 - least(max(probability), 0.99)))::DECIMAL(12,9) AS weight,
  sum(probability::DECIMAL(12,9)) AS probabilities,
  arg_max(amount_at_risk_sek, (abs(amount_at_risk_sek), code)) AS amount_at_risk_sek,
  max(review_minutes) AS review_minutes
FROM _hits
WHERE counts_as IN ('H', 'R', 'S')
GROUP BY ALL;

CREATE OR REPLACE TEMP TABLE _carried AS
SELECT month, payment_id, sum(weight) AS weight, sum(amount_at_risk_sek) AS summed_sek,
  max(review_minutes) AS review_minutes
FROM _families
GROUP BY ALL
HAVING bool_or(stands_alone) OR count(*) >= 2;

CREATE OR REPLACE TEMP TABLE _context AS
SELECT h.month, h.payment_id, least(count(DISTINCT h.family), 3) AS families
FROM _hits AS h
ANTI JOIN _families AS f ON f.month = h.month AND f.payment_id = h.payment_id AND f.family = h.family
WHERE h.counts_as = 'C'
GROUP BY ALL;

-- suppliers paid in 24 of the 36 months before, and the largest payment they got in them
CREATE OR REPLACE TEMP TABLE _stable AS
WITH needed AS (
  SELECT DISTINCT payee_ref, p.booked_month, left(p.booked_month, 4)::INT * 12 + right(p.booked_month, 2)::INT AS mi
  FROM _carried JOIN rankable AS p USING (payment_id)
  WHERE NOT is_hidden AND risk_area = 'supplier_payments'
),
paid AS (
  SELECT payee_ref, left(booked_month, 4)::INT * 12 + right(booked_month, 2)::INT AS mi, max(amount_sek) AS largest_sek
  FROM rankable SEMI JOIN needed USING (payee_ref)
  WHERE is_live AND risk_area = 'supplier_payments' GROUP BY ALL
)
SELECT n.payee_ref, n.booked_month, max(b.largest_sek) AS largest_sek
FROM needed AS n
JOIN paid AS b ON b.payee_ref = n.payee_ref AND b.mi BETWEEN n.mi - 36 AND n.mi - 1
GROUP BY ALL
HAVING count(*) >= 24;

CREATE OR REPLACE TEMP TABLE _risk AS
WITH told AS (
  SELECT c.month, c.payment_id, p.booked_month, p.is_expected, c.weight, c.review_minutes,
    CASE WHEN abs(c.summed_sek) > abs(p.amount_sek) THEN sign(c.summed_sek) * abs(p.amount_sek)
         ELSE c.summed_sek END::DECIMAL(14,2) AS at_risk_sek,
    coalesce(p.risk_area = 'supplier_payments' AND p.amount_sek > 0 AND p.amount_sek <= s.largest_sek, false)
      AS is_stable,
    (exp(c.weight::DOUBLE) - 1) * t.raises ** coalesce(x.families, 0) AS raised_odds
  FROM _carried AS c
  JOIN rankable AS p USING (payment_id)
  LEFT JOIN _context AS x USING (month, payment_id)
  LEFT JOIN _stable AS s ON s.payee_ref = p.payee_ref AND s.booked_month = p.booked_month
  CROSS JOIN _terms AS t
  WHERE p.netted_month IS NULL OR p.netted_month > c.month
),
judged AS (
  SELECT *, raised_odds * CASE WHEN is_expected THEN t.lowers_expected ELSE 1 END
    * CASE WHEN is_stable THEN t.lowers_stable ELSE 1 END AS odds
  FROM told CROSS JOIN _terms AS t
)
SELECT month, payment_id, booked_month, is_expected, is_stable, weight, review_minutes, at_risk_sek,
  round(odds / (1 + odds), 6)::DECIMAL(9,6) AS probability,
  round(probability * at_risk_sek, 2)::DECIMAL(14,2) AS expected_error_sek,
  round(abs(probability * at_risk_sek) / review_minutes, 4)::DECIMAL(18,4) AS sek_per_minute
FROM judged
