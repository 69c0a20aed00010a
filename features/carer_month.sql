-- One row per provider's carer, month of service and month $months in which its visits were booked: the days of
-- _visit_days (see visit_day.sql) summed, beside payroll and how the visits spread over clients and devices.
WITH
days AS (
  SELECT provider_id, carer_ref, month, service_month, any_value(peer_group) AS peer_group, sum(visits) AS visits,
    sum(registered_minutes) AS registered_minutes, sum(planned_minutes) AS planned_minutes,
    sum(excess_minutes) AS excess_minutes, sum(moves) AS moves, sum(zero_gaps) AS zero_gaps,
    sum(lacking_minutes) AS lacking_minutes, sum(carer_overlap_minutes) AS carer_overlap_minutes,
    sum(client_overlap_minutes) AS client_overlap_minutes, sum(manual) AS manual, sum(planned) AS planned,
    sum(as_planned) AS as_planned, sum(placed) AS placed, sum(far) AS far, sum(recorded) AS recorded, sum(late) AS late,
    sum(rounded) AS rounded, max(least(span_minutes, 1440)) AS longest_day_minutes, count(*)::DOUBLE AS days
  FROM (
    SELECT * REPLACE (CASE WHEN sum(visits * (peer_group LIKE '% care')::INT) OVER carer > sum(visits) OVER carer / 2
      THEN 'care' ELSE 'other' END AS peer_group)
    FROM _visit_days WINDOW carer AS (PARTITION BY provider_id, carer_ref, month, service_month)
  )
  GROUP BY provider_id, carer_ref, month, service_month
),
runs AS (
  SELECT provider_id, carer_ref, month, service_month, max(run_days)::DOUBLE AS run_days
  FROM (
    SELECT provider_id, carer_ref, month, service_month, count(*) AS run_days
    FROM (
      SELECT *, visit_date - row_number() OVER (
        PARTITION BY provider_id, carer_ref, month, service_month ORDER BY visit_date)::INT AS run
      FROM _visit_days
    )
    GROUP BY provider_id, carer_ref, month, service_month, run
  )
  GROUP BY ALL
),
lines AS (
  SELECT provider_id, client_ref, service, service_month, min(booked_month) AS month
  FROM core_compensation_lines WHERE is_delivered GROUP BY ALL
),
-- numbers are quicker to sum by than texts
carers AS MATERIALIZED (
  SELECT row_number() OVER () AS carer, provider_id, carer_ref, service_month, month FROM days
),
visits AS MATERIALIZED (
  SELECT carer, v.client_ref, v.device_ref, v.registered_minutes::INT AS minutes
  FROM core_visits AS v LEFT JOIN lines AS l USING (provider_id, client_ref, service, service_month)
  JOIN carers AS c ON c.provider_id = v.provider_id AND c.carer_ref = v.carer_ref AND c.service_month = v.service_month
    AND c.month = coalesce(l.month, v.service_month)
  WHERE v.start_utc IS NOT NULL
),
spread AS (
  SELECT carer, client_ref, device_ref, count(*)::INT AS n FROM visits GROUP BY ALL
),
shared AS (
  SELECT provider_id, service_month, month, device_ref FROM spread JOIN carers USING (carer)
  WHERE device_ref IS NOT NULL GROUP BY ALL HAVING count(DISTINCT carer_ref) > 1
),
devices AS (
  SELECT carer, sum(CASE WHEN shared.device_ref IS NOT NULL THEN n ELSE 0 END)::DOUBLE AS shared_device,
    sum(CASE WHEN spread.device_ref IS NOT NULL THEN n ELSE 0 END)::DOUBLE AS on_device
  FROM spread JOIN carers USING (carer) LEFT JOIN shared USING (provider_id, service_month, month, device_ref) GROUP BY carer
),
clients AS (
  SELECT carer, max(n)::DOUBLE AS top_client, sum(n)::DOUBLE AS client_visits
  FROM (SELECT carer, client_ref, sum(n) AS n FROM spread GROUP BY ALL) GROUP BY carer
),
-- the entropy, log2 N - sum(n log2 n) / N: entropy() itself keeps a table of its own for every carer
durations AS (
  SELECT carer, log2(sum(n)) - sum(n * log2(n)) / sum(n) AS duration_entropy
  FROM (SELECT carer, minutes, count(*)::DOUBLE AS n FROM visits GROUP BY ALL) GROUP BY carer
),
paid AS (
  SELECT provider_id, month AS service_month, carer_ref, sum(paid_hours)::DOUBLE AS paid_hours
  FROM core_payroll_months GROUP BY ALL
)
SELECT d.*, run_days, shared_device, on_device, top_client, client_visits, duration_entropy,
  CASE WHEN e.provider_id IS NOT NULL THEN coalesce(p.paid_hours, 0) END AS paid_hours
FROM days AS d
JOIN runs USING (provider_id, carer_ref, month, service_month)
JOIN carers USING (provider_id, carer_ref, month, service_month)
JOIN devices USING (carer)
JOIN clients USING (carer)
JOIN durations USING (carer)
LEFT JOIN paid AS p USING (provider_id, carer_ref, service_month)
LEFT JOIN (SELECT DISTINCT provider_id, service_month FROM paid) AS e
  ON e.provider_id = d.provider_id AND e.service_month = d.service_month
