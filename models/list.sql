-- Cuts _risk to the hours of the month, tells the reasons of what is left, and writes it with _control to
-- out_ranked_payments. A payment of the control arm that nobody has judged by the month is not in the risk arm.
CREATE OR REPLACE TEMP TABLE _placed AS
WITH judged AS (
  SELECT payment_id, min(strftime(decided_at, '%Y-%m')) AS judged_month FROM core_outcomes GROUP BY ALL
),
blind AS (
  SELECT r.month, r.payment_id
  FROM _risk AS r JOIN _control USING (payment_id) LEFT JOIN judged AS j USING (payment_id)
  WHERE j.judged_month IS NULL OR j.judged_month > r.month
)
SELECT *, row_number() OVER in_order AS place, sum(review_minutes) OVER in_order AS minutes
FROM _risk ANTI JOIN blind USING (month, payment_id)
WINDOW in_order AS (PARTITION BY month ORDER BY probability >= (SELECT likely FROM _terms) DESC, sek_per_minute DESC,
  payment_id)
QUALIFY place <= (SELECT longest FROM _terms) AND minutes <= (SELECT capacity_minutes FROM _terms);

CREATE OR REPLACE TEMP TABLE _told AS
WITH told AS (
  SELECT h.month, h.payment_id, h.code, h.area, h.flag_ids, h.verdict, h.counts_as, h.is_doubted, h.explained_by,
    h.missing_field,
    CASE WHEN f.family IS NULL THEN 0 ELSE h.amount_at_risk_sek END::DECIMAL(14,2) AS amount_sek,
    CASE WHEN f.family IS NULL THEN 0
         ELSE round((f.weight * h.probability / f.probabilities / c.weight)::DOUBLE, 4) END AS share
  FROM _placed AS c
  JOIN _hits AS h USING (month, payment_id)
  LEFT JOIN _families AS f ON f.month = h.month AND f.payment_id = h.payment_id
    AND f.family = CASE WHEN h.counts_as IN ('H', 'R', 'S') THEN h.family END
)
SELECT month, payment_id, list_sort(flatten(list(flag_ids))) AS flag_ids,
  list_transform(list_sort(list({'order': -share, 'code': code, 'amount_sek': amount_sek, 'area': told.area})
    FILTER (counts_as <> 'X')), lambda r: {'code': r.code, 'share': -r.order, 'amount_sek': r.amount_sek, 'area': r.area}
  ) AS reasons,
  list_sort(list(concat(code, ': ', CASE
    WHEN counts_as = 'X' THEN concat_ws(' ', t.explained, explained_by)
    WHEN verdict = 'needs_field' THEN concat_ws(' ', t.needs, missing_field)
    ELSE t.doubted END)) FILTER (counts_as = 'X' OR verdict = 'needs_field' OR is_doubted)) AS against
FROM told CROSS JOIN _terms AS t
GROUP BY month, payment_id;

DELETE FROM out_ranked_payments WHERE month IN (SELECT month FROM _months);

INSERT INTO out_ranked_payments BY NAME
SELECT '' AS run_id, r.month, place AS rank, 'risk' AS arm, payment_id, payee_ref,
  payee_name,
  -- an invoice that home-care lines speak against is an invoice still
  CASE WHEN 'home_care' IN (p.risk_area, reasons[1].area) THEN p.risk_area ELSE reasons[1].area END AS risk_area, p.service_month, p.booked_month, amount_sek,
  at_risk_sek AS amount_at_risk_sek, probability AS error_probability, expected_error_sek, review_minutes,
  model_percentile,
  list_transform(reasons, lambda r: {'code': r.code, 'share': r.share, 'amount_sek': r.amount_sek}) AS reasons,
  list_concat(CASE WHEN r.is_expected THEN [t.expected] ELSE [] END, CASE WHEN is_stable THEN [t.stable] ELSE [] END,
    coalesce(against, [])) AS speaks_against,
  flag_ids, left(sha256(concat_ws('|', payee_ref, r.month)), 20) AS bundle_id
FROM _placed AS r
JOIN rankable AS p USING (payment_id)
JOIN _told USING (month, payment_id)
LEFT JOIN _scored USING (month, payment_id)
CROSS JOIN _terms AS t
UNION ALL BY NAME
SELECT '' AS run_id, c.month, 'random' AS arm, payment_id, payee_ref, payee_name,
  p.risk_area, service_month, booked_month, amount_sek,
  left(sha256(concat_ws('|', payee_ref, c.month)), 20) AS bundle_id, stratum, inclusion_probability
FROM _control AS c
JOIN rankable AS p USING (payment_id)
SEMI JOIN _months AS m ON m.month = c.month
ORDER BY month, arm, rank, payment_id
