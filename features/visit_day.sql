-- One row per provider, carer, day and month $months, the month being the one in which the client's line was booked
-- (else the visit's own): what one carer delivered in a day. Only performed visits with both times count. A pair of
-- visits that share time counts on the day of each, when both fell in the same month. Moves are between two homes
-- in different buildings, at most four hours apart; fast is 50 km/h as the crow flies. Decimals sum to the same in any
-- order.
WITH
lines AS (
  SELECT provider_id, client_ref, service, service_month, min(booked_month) AS month
  FROM core_compensation_lines WHERE is_delivered GROUP BY ALL
),
said AS (
  SELECT visit_id, service_month, sum(CASE WHEN subject = 'carer' THEN overlap_minutes::DOUBLE END) AS carer_overlap,
    sum(CASE WHEN subject = 'client' THEN overlap_minutes::DOUBLE END) AS client_overlap
  FROM (
    SELECT visit_id, service_month, subject, overlap_minutes, is_same_household, is_same_client, is_same_carer, is_pair
    FROM core_visit_overlaps
    UNION ALL SELECT other_id, service_month, subject, overlap_minutes, is_same_household, is_same_client,
      is_same_carer, is_pair FROM core_visit_overlaps
  )
  WHERE NOT is_pair AND CASE subject WHEN 'carer' THEN is_same_client OR NOT is_same_household ELSE NOT is_same_carer END
  GROUP BY ALL
),
moves AS (
  SELECT visit_id, (gap_minutes BETWEEN 0 AND 1)::INT AS zero_gap,
    greatest(distance_m / 833 - greatest(gap_minutes::DOUBLE, 0), 0)::DECIMAL(18,9) AS lacking
  FROM core_visit_neighbours
  WHERE is_same_provider AND NOT is_same_building AND NOT is_same_client AND gap_minutes < 240
),
visits AS (
  SELECT v.visit_id, v.provider_id, v.carer_ref, v.visit_date, m.month,
    v.service_month, v.start_utc, v.end_utc, v.registered_minutes::DOUBLE AS registered,
    v.planned_minutes::DOUBLE AS planned, (v.service = 'care')::INT AS is_care, v.is_manual::INT AS is_manual,
    (v.planned_start IS NOT NULL)::INT AS is_planned,
    (v.actual_start = v.planned_start AND v.registered_minutes = v.planned_minutes)::INT AS is_as_planned,
    (v.distance_start_m IS NOT NULL)::INT AS is_placed,
    (v.distance_start_m > 500 AND v.distance_end_m > 500)::INT AS is_far,
    (v.registered_at IS NOT NULL)::INT AS is_recorded,
    (date_diff('minute', v.actual_end, v.registered_at) > 1440)::INT AS is_late,
    (v.registered_minutes::INT % 5 = 0)::INT AS is_rounded, (NOT v.is_double_granted)::INT AS is_single
  FROM core_visits AS v
  LEFT JOIN lines AS l USING (provider_id, client_ref, service, service_month)
  JOIN (SELECT DISTINCT unnest($months) AS month) AS m ON m.month = coalesce(l.month, v.service_month)
  WHERE v.start_utc IS NOT NULL AND v.carer_ref IS NOT NULL
)
SELECT v.provider_id, v.carer_ref, v.visit_date, v.month, v.service_month,
  CASE WHEN isodow(v.visit_date) > 5 THEN 'weekend' ELSE 'weekday' END
    || CASE WHEN 2 * sum(is_care) > count(*) THEN ' care' ELSE ' other' END AS peer_group,
  count(*)::DOUBLE AS visits,
  sum(v.registered) AS registered_minutes,
  sum(v.planned) AS planned_minutes,
  date_diff('minute', min(v.start_utc), max(v.end_utc))::DOUBLE AS span_minutes,
  sum(greatest(v.registered - v.planned - 15, 0)) AS excess_minutes,
  count(n.zero_gap)::DOUBLE AS moves,
  coalesce(sum(n.zero_gap), 0)::DOUBLE AS zero_gaps,
  coalesce(sum(n.lacking), 0)::DOUBLE AS lacking_minutes,
  coalesce(sum(s.carer_overlap), 0) AS carer_overlap_minutes,
  coalesce(sum(s.client_overlap * is_single), 0) AS client_overlap_minutes,
  sum(is_manual)::DOUBLE AS manual,
  sum(is_planned)::DOUBLE AS planned,
  coalesce(sum(is_as_planned), 0)::DOUBLE AS as_planned,
  sum(is_placed)::DOUBLE AS placed,
  coalesce(sum(is_far), 0)::DOUBLE AS far,
  sum(is_recorded)::DOUBLE AS recorded,
  coalesce(sum(is_late), 0)::DOUBLE AS late,
  sum(is_rounded)::DOUBLE AS rounded
FROM visits AS v
LEFT JOIN moves AS n USING (visit_id)
LEFT JOIN said AS s ON s.visit_id = v.visit_id AND s.service_month = v.service_month
GROUP BY v.provider_id, v.carer_ref, v.visit_date, v.month, v.service_month
