"""Recalculation of home-care lines, published for the listed ones: a row for the line, one for each visit, every step beside it."""

RECALCULATION = """
SELECT l.month AS _month, c.line_id AS payment_id, c.line_id AS row_id, 'line' AS kind, c.service, c.service_month,
  NULL AS task, NULL AS status, NULL::TIMESTAMP AS start_at, c.recalculated_rule_id AS rule_id, r.basis,
  c.registered_minutes, c.planned_minutes, c.granted_minutes, NULL AS basis_minutes, NULL AS after_flat_minutes,
  NULL AS after_minimum_minutes, NULL AS rounded_minutes, NULL AS weight_share, NULL AS weighted_minutes,
  c.recalculated_minutes AS billable_minutes, c.unit, c.recalculated_rate_code AS rate_code, NULL AS price_sek,
  c.recalculated_sek::DECIMAL(14,4) AS amount_sek, c.minutes AS paid_minutes, c.rate_code AS paid_rate_code,
  c.amount_sek AS paid_sek, c.difference_sek, c.differs_by
FROM _shown_listed l JOIN core_compensation_lines c ON c.line_id = l.payment_id
  LEFT JOIN core_compensation_rules r ON r.rule_id = c.recalculated_rule_id
UNION ALL
SELECT l.month, y.line_id, v.visit_id, 'visit', v.service, v.service_month, v.task, v.status,
  coalesce(v.actual_start, v.planned_start), y.rule_id, r.basis, v.registered_minutes, v.planned_minutes, NULL,
  y.basis_minutes, y.after_flat, y.after_minimum, y.rounded_minutes, y.weight, y.weighted_minutes, y.billable_minutes,
  u.unit, y.rate_code, y.price_sek, y.amount_sek, NULL, NULL, y.paid_sek, NULL, NULL
FROM _shown_listed l JOIN core_visit_pay y ON y.line_id = l.payment_id JOIN core_visits v ON v.visit_id = y.visit_id
  LEFT JOIN core_compensation_rules r ON r.rule_id = y.rule_id
  LEFT JOIN (SELECT rate_code, min(unit) AS unit FROM core_rates GROUP BY 1) u ON u.rate_code = y.rate_code
ORDER BY payment_id, kind, start_at, row_id
"""
"""For a block of months: `_shown_listed` has month and payment_id."""
