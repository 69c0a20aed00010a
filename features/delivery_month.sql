-- One row per provider, client, service, month of service and month $months in which it was booked: what one provider
-- delivered to one client of one service, never joined across providers. Ratios of the six months before are those of
-- the same three, as far as they were booked by then. A client has a lock in a month that shows five openings or more,
-- and a visit an opening when one came in the twenty minutes that hold its start, or in the twenty before them.
WITH
span AS (SELECT strftime((min(m) || '-01')::DATE - INTERVAL 7 MONTH, '%Y-%m') AS since, max(m) AS until
  FROM (SELECT unnest($months) AS m)),
lines AS (
  SELECT provider_id, client_ref, service, service_month, min(booked_month) AS month,
    max(granted_minutes)::DOUBLE AS granted_minutes
  FROM core_compensation_lines WHERE is_delivered GROUP BY provider_id, client_ref, service, service_month
),
made AS MATERIALIZED (
  SELECT row_number() OVER () AS made, provider_id, client_ref, service, service_month,
    coalesce(l.month, service_month) AS month, granted_minutes
  FROM (SELECT DISTINCT provider_id, client_ref, service, service_month FROM core_visits WHERE status <> 'cancelled')
  LEFT JOIN lines AS l USING (provider_id, client_ref, service, service_month)
  WHERE coalesce(l.month, service_month) BETWEEN (SELECT since FROM span) AND (SELECT until FROM span)
),
openings AS (
  SELECT client_ref, epoch("at")::BIGINT // 1200 AS slot, year("at") * 12 + month("at") AS mi
  FROM core_lock_events WHERE kind IS DISTINCT FROM 'close' AND "at" >= (SELECT (since || '-01')::DATE FROM span)
    AND "at" < (SELECT (until || '-01')::DATE + INTERVAL 1 MONTH FROM span)
),
-- numbers are quicker to join than texts; two slots of one number, in 2^64, would show a visit as opened that was not
opened AS (SELECT hash(client_ref, unnest([slot, slot + 1])) AS slot FROM openings),
locks AS (SELECT client_ref, mi FROM openings GROUP BY ALL HAVING count(*) >= 5),
absent_days AS (
  SELECT DISTINCT client_ref, unnest(generate_series(from_at::DATE + INTERVAL 1 DAY, least(coalesce(to_at::DATE,
    from_at::DATE + INTERVAL 60 DAY), from_at::DATE + INTERVAL 365 DAY) - INTERVAL 1 DAY, INTERVAL 1 DAY))::DATE
    AS visit_date
  FROM core_absences
),
company AS (
  SELECT visit_id, service_month, sum(overlap_minutes)::DOUBLE AS minutes
  FROM core_visit_overlaps WHERE subject = 'client' AND NOT is_pair AND NOT is_same_carer AND is_same_provider
  GROUP BY ALL
),
visits AS (
  SELECT made, v.service, m.month, v.carer_ref, v.task, v.area_type, v.start_utc IS NOT NULL AS is_performed,
    v.registered_minutes::DOUBLE AS registered, v.planned_minutes::DOUBLE AS planned, v.is_manual,
    v.status IN ('declined', 'blank') AS is_declined, hash(v.client_ref, (epoch(v.actual_start)::BIGINT + 300) // 1200) IN (FROM opened) AS is_opened,
    k.client_ref IS NOT NULL AND v.start_utc IS NOT NULL AS is_locked, a.visit_date IS NOT NULL AS is_absent,
    v.is_manual AND v.edited_at >= (v.service_month || '-01')::DATE + INTERVAL 1 MONTH AS is_changed, CASE WHEN v.is_double_granted THEN 0 ELSE coalesce(c.minutes, 0) END
      AS company,
    v.actual_start = v.planned_start AND v.registered_minutes = v.planned_minutes AS is_as_planned
  FROM core_visits AS v
  JOIN made AS m USING (provider_id, client_ref, service, service_month)
  LEFT JOIN locks AS k ON k.client_ref = v.client_ref AND k.mi = year(v.visit_date) * 12 + month(v.visit_date)
  LEFT JOIN absent_days AS a ON a.client_ref = v.client_ref AND a.visit_date = v.visit_date
  LEFT JOIN company AS c ON c.visit_id = v.visit_id AND c.service_month = v.service_month
  WHERE v.status <> 'cancelled'
),
usual AS (
  SELECT month, task, arg_max(service, n) AS usual_service
  FROM (SELECT month, task, service, count(*)::DOUBLE AS n FROM visits WHERE task IS NOT NULL GROUP BY ALL) GROUP BY ALL
),
carers AS (
  SELECT made, max(n)::DOUBLE AS top_carer, count(*) FILTER (n > 0)::DOUBLE AS carers
  FROM (SELECT made, carer_ref, sum(is_performed::INT) AS n FROM visits GROUP BY ALL) GROUP BY made
),
sums AS (
  SELECT made, any_value(area_type) AS area_type, count(*)::DOUBLE AS visits,
    sum(is_performed::INT)::DOUBLE AS performed,
    sum((is_performed AND usual_service <> service)::INT)::DOUBLE AS strays, sum(registered) AS registered,
    sum(planned) AS planned, sum(CASE WHEN is_performed THEN planned END) AS plan,
    sum(greatest(registered - planned - 15, 0)) AS excess, sum(is_manual::INT)::DOUBLE AS manual,
    sum(is_declined::INT)::DOUBLE AS declined, sum(is_locked::INT)::DOUBLE AS locked,
    sum((is_locked AND NOT is_opened)::INT)::DOUBLE AS unopened,
    sum(CASE WHEN is_absent THEN registered ELSE 0 END) AS absent,
    sum(coalesce(is_changed, false)::INT)::DOUBLE AS changed, sum(company) AS company,
    sum(coalesce(is_as_planned AND is_performed, false)::INT)::DOUBLE AS as_planned,
    max(registered - planned) AS longest
  FROM visits LEFT JOIN usual USING (month, task) GROUP BY made
),
deliveries AS (
  SELECT provider_id, client_ref, service, service_month, month, service || ' ' || coalesce(area_type, '') AS peer_group,
    granted_minutes AS granted, s.* EXCLUDE (made, area_type), top_carer, carers
  FROM made JOIN sums AS s USING (made) JOIN carers USING (made)
),
ratios AS (
  SELECT provider_id, client_ref, service, service_month, month, (service_month || '-01')::DATE AS first,
    ln((registered + 60) / (coalesce(granted, planned) + 60)) AS log_ratio
  FROM deliveries
),
past AS (
  SELECT r.provider_id, r.client_ref, r.service, r.service_month, count(*) AS own_months,
    median(h.log_ratio) AS own_median, mad(h.log_ratio) AS own_mad
  FROM (SELECT *, unnest([1, 2, 3, 4, 5, 6]) AS back FROM ratios) AS r
  JOIN ratios AS h ON h.provider_id = r.provider_id AND h.client_ref = r.client_ref AND h.service = r.service
    AND h.first = r.first - to_months(r.back::INT) AND h.month <= r.month
  GROUP BY ALL
)
SELECT d.*, log_ratio, own_months, own_median, own_mad
FROM deliveries AS d
JOIN ratios USING (provider_id, client_ref, service, service_month, month)
LEFT JOIN past USING (provider_id, client_ref, service, service_month)
WHERE d.month IN (SELECT unnest($months))
