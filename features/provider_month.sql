-- One row per provider and month $months, the days of _visit_days (see visit_day.sql) and the lines booked in it
-- summed; before_ columns hold the twelve months before, as they were booked.
WITH
days AS (
  SELECT provider_id, month, sum(visits) AS visits, sum(moves) AS moves, sum(zero_gaps) AS zero_gaps,
    sum(lacking_minutes) AS lacking_minutes, sum(carer_overlap_minutes) AS overlap_minutes,
    sum(registered_minutes) AS registered_minutes, sum(planned_minutes) AS planned_minutes,
    sum(excess_minutes) AS excess_minutes, sum(manual) AS manual, sum(planned) AS planned, sum(as_planned) AS as_planned,
    sum(placed) AS placed, sum(far) AS far, sum(recorded) AS recorded, sum(late) AS late, sum(rounded) AS rounded
  FROM _visit_days GROUP BY ALL
),
lines AS (
  SELECT provider_id, booked_month AS month, sum(visit_count)::DOUBLE AS line_visits,
    sum(visit_count - performed_count)::DOUBLE AS unperformed
  FROM core_compensation_lines WHERE is_delivered GROUP BY ALL
),
months AS (
  SELECT d.*, coalesce(line_visits, 0) AS line_visits, coalesce(unperformed, 0) AS unperformed,
    left(month, 4)::INT * 12 + right(month, 2)::INT AS mi
  FROM days AS d LEFT JOIN lines USING (provider_id, month)
)
SELECT provider_id, month, '' AS peer_group, visits, moves, zero_gaps, lacking_minutes, overlap_minutes,
  registered_minutes, planned_minutes, excess_minutes, manual, planned, as_planned, placed, far, recorded, late, rounded,
  line_visits, unperformed, count(*) OVER before AS known_months,
  sum(registered_minutes) OVER before AS before_registered, sum(planned_minutes) OVER before AS before_planned,
  sum(visits) OVER before AS before_visits, sum(manual) OVER before AS before_manual,
  sum(moves) OVER before AS before_moves, sum(zero_gaps) OVER before AS before_zero_gaps
FROM months
WINDOW before AS (PARTITION BY provider_id ORDER BY mi RANGE BETWEEN 12 PRECEDING AND 1 PRECEDING)
QUALIFY list_contains($months, month)
