"""Home care by area of the municipality, published: sums alone, none where few clients stand behind them."""

LEAST_CLIENTS = 5
UNKNOWN = "unknown"
# a client lives where the register says at the end of the service month, else where it first says
AREAS = f"""WITH lines AS (
  SELECT booked_month AS month, line_id, client_ref, service_month, amount_sek
  FROM core_compensation_lines WHERE is_delivered AND booked_month IN (SELECT month FROM _shown_months)
), homes AS (
  SELECT l.client_ref, l.service_month, coalesce(
    arg_max(c.area, (c.valid_from, c.area)) FILTER (c.valid_from <= last_day((l.service_month || '-01')::DATE)),
    arg_min(c.area, (c.valid_from, c.area)), '{UNKNOWN}') AS area
  FROM (SELECT DISTINCT client_ref, service_month FROM lines) l LEFT JOIN core_clients c USING (client_ref)
  GROUP BY ALL
), flagged AS (
  SELECT l.month, l.line_id, least(max(abs(fp.amount_at_risk_sek)), abs(any_value(l.amount_sek))) AS sek
  FROM lines l JOIN out_flag_payments fp ON fp.payment_id = l.line_id
    JOIN out_flags f ON f.flag_id = fp.flag_id AND f.service_month <= l.month
    LEFT JOIN out_coverage v ON v.indicator = f.indicator AND v.month = f.service_month
  WHERE f.verdict = 'contradiction' AND f.evidence_class IN ('H', 'R') AND v.alarm IS DISTINCT FROM 'too_many'
  GROUP BY ALL
), listed AS (
  SELECT month, payment_id AS line_id, abs(amount_at_risk_sek) AS sek
  FROM out_ranked_payments WHERE arm = 'risk' AND risk_area = 'home_care'
), summed AS (
  SELECT l.month, h.area, count(*) AS payments, count(DISTINCT l.client_ref) AS clients, sum(l.amount_sek) AS amount_sek,
    count(f.line_id) AS flagged_payments, coalesce(sum(f.sek), 0) AS flagged_sek, count(r.line_id) AS listed_payments,
    coalesce(sum(r.sek), 0) AS listed_sek
  FROM lines l JOIN homes h USING (client_ref, service_month)
    LEFT JOIN flagged f ON f.month = l.month AND f.line_id = l.line_id
    LEFT JOIN listed r ON r.month = l.month AND r.line_id = l.line_id
  GROUP BY ALL
)
SELECT month AS _month, month, s.area, 'home_care' AS risk_area, a.name AS area_name, a.geojson_feature_id,
  clients < {LEAST_CLIENTS} AS is_suppressed,
  CASE WHEN clients >= {LEAST_CLIENTS} THEN COLUMNS(['payments', 'clients', 'amount_sek', 'flagged_payments',
    'flagged_sek', 'listed_payments', 'listed_sek']) END
FROM summed s LEFT JOIN core_areas a ON a.area = s.area ORDER BY s.area"""
