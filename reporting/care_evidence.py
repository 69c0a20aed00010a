"""What officers see of a listed home-care payment: its line, the visits its flags point at, and its days.

Of a listed invoice that pays lines they see the lines, and of a line those that its flags point at beside it.
"""

LINES_AND_VISITS = """SELECT l.month AS _month, l.payment_id, 'compensation_lines' AS "table", c.line_id AS row_id,
  c.source_file, c.source_line, json_object('service', service, 'service_month', service_month, 'minutes',
  minutes::VARCHAR, 'amount_sek', amount_sek::VARCHAR, 'granted_minutes', granted_minutes::VARCHAR,
  'registered_minutes', registered_minutes::VARCHAR, 'recalculated_sek', recalculated_sek::VARCHAR, 'difference_sek',
  difference_sek::VARCHAR, 'differs_by', nullif(differs_by, 'none'), 'rate_code', rate_code, 'rule_id', rule_id)::VARCHAR AS columns
FROM (SELECT month, payment_id, payment_id AS line_id FROM _shown_listed
  UNION SELECT l.month, l.payment_id, unnest(f.evidence) FROM _shown_listed l
    JOIN out_flag_payments fp USING (payment_id) JOIN out_flags f ON f.flag_id = fp.flag_id AND f.service_month = l.month
  ) l JOIN core_compensation_lines c USING (line_id)
UNION ALL
SELECT w.month, w.payment_id, 'visits', v.visit_id, v.source_file, v.source_line, json_object('visit_date',
  strftime(v.visit_date, '%Y-%m-%d'), 'service', v.service, 'task', v.task, 'status', v.status, 'planned_start',
  strftime(v.planned_start, '%H:%M'), 'planned_end', strftime(v.planned_end, '%H:%M'), 'actual_start',
  strftime(v.actual_start, '%H:%M'), 'actual_end', strftime(v.actual_end, '%H:%M'), 'start_method', v.start_method,
  'end_method', v.end_method, 'carer_ref', v.carer_ref)::VARCHAR
FROM (SELECT DISTINCT l.month, l.payment_id, unnest(f.evidence) AS visit_id FROM _shown_listed l
  JOIN core_compensation_lines c ON c.line_id = l.payment_id JOIN out_flag_payments fp ON fp.payment_id = l.payment_id
  JOIN out_flags f ON f.flag_id = fp.flag_id AND f.service_month = l.month) w JOIN core_visits v USING (visit_id)"""
VISIT_DAYS = """WITH days AS (
  SELECT l.month, l.payment_id, v.client_ref, v.visit_date, count(*) AS visits,
    count(*) FILTER (v.status = 'performed') AS performed, count(*) FILTER (v.is_manual) AS by_hand,
    min(v.actual_start) AS first_start, max(v.actual_end) AS last_end, sum(v.planned_minutes) AS planned_minutes,
    sum(v.registered_minutes) AS registered_minutes, sum(coalesce(y.billable_minutes, 0)) AS billable_minutes,
    sum(y.paid_sek) AS paid_sek, count(DISTINCT v.carer_ref) AS carers
  FROM _shown_listed l JOIN core_visit_pay y ON y.line_id = l.payment_id JOIN core_visits v ON v.visit_id = y.visit_id
  GROUP BY ALL
)
SELECT month AS _month, d.* EXCLUDE (month, client_ref), max(a.kind) AS absence
FROM days d LEFT JOIN core_absences a ON a.client_ref = d.client_ref AND d.visit_date >= a.from_at::DATE
  AND d.visit_date <= coalesce(a.to_at, TIMESTAMP '9999-12-31')::DATE
GROUP BY ALL ORDER BY payment_id, visit_date"""
