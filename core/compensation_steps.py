"""From visits to billable minutes, set-wise over all months: basis, flat, minimum, rounding, shares, cap.

Every statement of STEPS is written for a set of visits named by a prefix. The rules are applied to all visits once
(prefix ``) and then, to visits of lines that were paid otherwise, with one rule changed at a time (prefix `_x`, where
row, group and rule numbers carry the number of the change).
"""

from core.compensation_tariff import PAID, SHARE, half_up

GROUPS = """
CREATE OR REPLACE TEMP TABLE _segments AS
SELECT o.provider_id, o.client_ref, d.service, m.month, d.minutes_per_month::BIGINT AS minutes_per_month,
  coalesce(d.double_staffed, false) AS is_double, greatest(o.valid_from, d.valid_from, m.first) AS begin,
  least(o.valid_to, d.valid_to, m.last) AS until
FROM core_orders o JOIN core_decisions d USING (decision_id)
JOIN _months m ON greatest(o.valid_from, d.valid_from, m.first) <= least(o.valid_to, d.valid_to, m.last);
CREATE OR REPLACE TEMP TABLE _newcomers AS
SELECT provider_id, client_ref, service, strftime(first_date, '%Y-%m') AS month, first_date FROM (
  SELECT o.provider_id, o.client_ref, d.service, min(o.valid_from) AS first_date
  FROM core_orders o JOIN core_decisions d USING (decision_id) GROUP BY ALL)
WHERE strftime(first_date, '%Y-%m') IN (SELECT month FROM _months);
CREATE OR REPLACE TEMP TABLE _groups AS
WITH all_groups AS (
  SELECT provider_id, client_ref, service, service_month AS month FROM core_visits GROUP BY ALL
  UNION SELECT provider_id, client_ref, service, service_month FROM _delivered
  UNION SELECT provider_id, client_ref, service, month FROM _segments
  UNION SELECT provider_id, client_ref, service, month FROM _newcomers
)
SELECT row_number() OVER ()::BIGINT AS g, a.*, p.regime, m.first, m.last, m.days,
  coalesce(c.area_type, e.area_type) AS area_type
FROM all_groups a JOIN _months m USING (month) LEFT JOIN core_providers p USING (provider_id)
ASOF LEFT JOIN (SELECT client_ref, area_type, valid_from FROM core_clients) c
  ON c.client_ref = a.client_ref AND m.last >= c.valid_from
LEFT JOIN (SELECT client_ref, arg_min(area_type, valid_from) AS area_type FROM core_clients GROUP BY 1) e
  ON e.client_ref = a.client_ref
"""

# the rule, rate and grant of a whole client-month are those of its last day
GROUP_RULES = f"""
CREATE OR REPLACE TEMP TABLE _group_rules AS
SELECT g.*, r.rule, e.rate, r.cap_share, coalesce(r.factor, {2 * SHARE}) AS factor
FROM _groups g JOIN _dates d ON d.date = g.last
LEFT JOIN (SELECT p.*, cap_share, factor FROM _rule_picks p JOIN _rules USING (rule) WHERE p.task IS NULL) r
  ON r.provider_id = g.provider_id AND r.service = g.service AND r.part = d.part
LEFT JOIN _rate_picks e ON e.service = g.service AND e.regime IS NOT DISTINCT FROM g.regime
  AND e.area_type IS NOT DISTINCT FROM g.area_type AND e.day_type = 4 AND e.part = d.part;
CREATE OR REPLACE TEMP TABLE _grants AS
SELECT g, any_value(days) AS days, any_value(cap_share) AS cap_share,
  sum(minutes_per_month * CASE WHEN is_double THEN factor ELSE {SHARE} END * (until - begin + 1))::BIGINT AS granted
FROM _segments JOIN _group_rules USING (provider_id, client_ref, service, month) GROUP BY g;
CREATE OR REPLACE TEMP TABLE _caps AS
SELECT g, {half_up("granted * cap_share", f"({SHARE} * days)")} AS cap_bp FROM _grants WHERE cap_share IS NOT NULL;
CREATE OR REPLACE TEMP TABLE _absence_days AS
SELECT client_ref, day, any_value(absence_day) AS absence_day FROM (
  SELECT client_ref, day, (day - from_date + 1)::BIGINT AS absence_day
  FROM (SELECT client_ref, from_at::DATE AS from_date, unnest(generate_series(greatest(from_at::DATE, s.since),
      least(coalesce(to_at::DATE, s.until), s.until), INTERVAL 1 DAY))::DATE AS day
    FROM core_absences CROSS JOIN (SELECT min(first) AS since, max(last) AS until FROM _months) s)
  QUALIFY row_number() OVER (PARTITION BY client_ref, day ORDER BY from_date) = 1) GROUP BY ALL
"""

# {day_type} is filled in from the rates' windows; every visit has its kind and group: outer joins keep the planner from
# joining groups to kinds first
VISITS = f"""
CREATE OR REPLACE TEMP TABLE _v AS
SELECT v.rowid AS rid, v.rowid AS visit_row, v.visit_id, g.g, p.rule, p.rate, d.date,
  coalesce(v.actual_start, v.planned_start) AS start, v.status, (v.registered_minutes * {SHARE})::BIGINT AS registered_bp,
  (v.planned_minutes * {SHARE})::BIGINT AS planned_bp, CASE WHEN v.pair_visit_id IS NULL OR v.visit_id <= v.pair_visit_id
    THEN 0 WHEN v.is_double_granted THEN 1 ELSE 2 END::TINYINT AS second, v.deliveries
FROM core_visits v JOIN _dates d ON d.date = v.visit_date
LEFT JOIN _kinds k ON k.provider_id = v.provider_id AND k.service = v.service AND k.task IS NOT DISTINCT FROM v.task
  AND k.area_type IS NOT DISTINCT FROM v.area_type
LEFT JOIN _groups g ON g.provider_id = v.provider_id AND g.client_ref = v.client_ref AND g.service = v.service
  AND g.month = v.service_month
LEFT JOIN _picks p ON p.kind = k.kind AND p.part = d.part AND p.day_type = {{day_type}}
WHERE v.status IN {PAID};
CREATE OR REPLACE TEMP TABLE _couples AS
WITH may AS (
  SELECT x.rid, x.start, v.provider_id, v.carer_ref, v.household_ref, v.service, v.task, v.client_ref
  FROM _v x JOIN _rules r USING (rule) JOIN core_visits v ON v.rowid = x.rid
  WHERE r.cohabitant_share IS NOT NULL AND r.basis <> 'granted' AND x.status = 'performed' AND v.household_ref IS NOT NULL
), together AS (
  SELECT provider_id, carer_ref, household_ref, service, task, start FROM may GROUP BY ALL
  HAVING count(DISTINCT client_ref) > 1
)
SELECT rid FROM may m SEMI JOIN together t ON m.provider_id = t.provider_id AND m.household_ref = t.household_ref
  AND m.start = t.start AND m.service = t.service AND m.carer_ref IS NOT DISTINCT FROM t.carer_ref
  AND m.task IS NOT DISTINCT FROM t.task;
CREATE OR REPLACE TEMP TABLE _absent AS
SELECT x.rid, a.absence_day FROM _v x JOIN _groups USING (g) JOIN _absence_days a USING (client_ref)
WHERE x.status = 'absent' AND a.day = x.date
"""

# one level a step: the planner would copy an expression wherever it is used
_TIMED = f"""
  SELECT *, CASE WHEN is_performed AND flat_bp > 0 THEN greatest(flat_bp, least_bp) ELSE flat_bp END AS minimum_bp
  FROM (SELECT *, coalesce(rule_flat_bp, basis_bp) AS flat_bp FROM (
    SELECT x.*, x.status = 'performed' AS is_performed, r.basis, r.rounding, r.scope, r.step_bp, r.flat_bp AS rule_flat_bp,
      r.minimum_bp AS least_bp, r.cohabitant_share, greatest(CASE WHEN x.status = 'performed' AND r.basis = 'performed' THEN
        x.registered_bp ELSE x.planned_bp END, 0) AS basis_bp,
      CASE x.status WHEN 'performed' THEN {SHARE} WHEN 'absent' THEN CASE WHEN a.absence_day IS NULL THEN r.unknown_share
        WHEN a.absence_day = 1 THEN r.absence_share_day_1 WHEN a.absence_day <= r.absence_days THEN r.absence_share_later
        ELSE 0 END ELSE r.declined_share END
      * CASE WHEN x.second = 0 THEN {SHARE} WHEN x.second = 1 OR r.is_any_second THEN r.factor - {SHARE} ELSE 0 END AS paid_part
    FROM {{x}}_v x LEFT JOIN _rules r ON r.rule = x.rule LEFT JOIN _absent a ON a.rid = x.visit_row))"""
_ROUND = (
    "CASE rounding WHEN 'nearest' THEN (2 * {0} + step_bp) // (2 * step_bp) * step_bp "
    "WHEN 'up' THEN ({0} + step_bp - 1) // step_bp * step_bp ELSE {0} END"
)

STEPS = f"""
CREATE OR REPLACE TEMP TABLE {{x}}_shifts AS
WITH chosen AS (
  SELECT rid, visit_id, g, rule, CASE WHEN scope = 'day' THEN date END AS date, start, rounding, step_bp, minimum_bp
  FROM ({_TIMED}) WHERE is_performed AND scope <> 'visit' AND rounding <> 'none' AND basis <> 'granted'
), totals AS (
  SELECT g, rule, date, sum(minimum_bp)::BIGINT AS total_bp, max(struct_pack(start := start, visit_id := visit_id)) AS latest
  FROM chosen GROUP BY ALL
)
SELECT c.rid, {_ROUND.format("total_bp")} - total_bp AS shift_bp FROM chosen c JOIN totals t ON t.g = c.g AND
  t.rule = c.rule AND t.date IS NOT DISTINCT FROM c.date AND latest.visit_id = c.visit_id;
CREATE OR REPLACE TEMP TABLE {{x}}_weighed AS
SELECT *, CASE WHEN basis <> 'granted' THEN {half_up("rounded_bp * weight", SHARE)} END AS weighed_bp FROM (
  SELECT w.rid, visit_id, g, rule, rate, start, status, registered_bp, planned_bp, deliveries, second, c.rid IS NOT NULL AS
    is_couple, basis, basis_bp, flat_bp, minimum_bp, coalesce(s.shift_bp, 0) + CASE WHEN is_performed AND scope = 'visit'
    THEN {_ROUND.format("minimum_bp")} ELSE minimum_bp END AS rounded_bp,
    {half_up(f"{half_up('paid_part', SHARE)} * CASE WHEN c.rid IS NULL THEN {SHARE} ELSE coalesce(cohabitant_share, {SHARE}) END", SHARE)}
    AS weight
  FROM ({_TIMED}) w LEFT JOIN {{x}}_shifts s ON s.rid = w.rid LEFT JOIN _couples c ON c.rid = w.visit_row);
CREATE OR REPLACE TEMP TABLE {{x}}_cut AS
WITH over AS (
  SELECT g, any_value(cap_bp) AS cap_bp FROM {{x}}_weighed JOIN {{x}}_caps USING (g) GROUP BY g
  HAVING sum(greatest(weighed_bp, 0)) > any_value(cap_bp)
), reached AS (
  SELECT rid, g, start, visit_id, least(cap_bp, sum(weighed_bp) OVER (PARTITION BY g ORDER BY start, visit_id
    ROWS UNBOUNDED PRECEDING)::BIGINT) AS reached_bp FROM {{x}}_weighed JOIN over USING (g) WHERE weighed_bp IS NOT NULL
)
SELECT rid, reached_bp - coalesce(lag(reached_bp) OVER (PARTITION BY g ORDER BY start, visit_id), 0) AS paid_bp
FROM reached
"""

BILLABLE = "coalesce(c.paid_bp, w.weighed_bp)"
IS_PAYING = "(w.weighed_bp IS NOT NULL AND coalesce(e.unit <> 'month', false))"
QUANTITY = "CASE WHEN e.unit IN ('visit', 'piece') THEN w.weight ELSE 0 END"
VALUE = f"CASE WHEN e.unit IN ('visit', 'piece') THEN w.weight * 60 ELSE {BILLABLE} END * e.price_ore"
"""Öre x 1/10,000 minute: divided by HOUR and rounded once, on the line."""
