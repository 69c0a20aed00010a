"""The two core tables: pay per visit, and lines beside what the rules give."""

from core.compensation_lines import BILLED, CODE
from core.compensation_steps import BILLABLE, IS_PAYING, VALUE
from core.compensation_tariff import HOUR, SHARE, half_up


def minutes(bp: str) -> str:
    """Return SQL for 1/10,000 minutes (or shares) as an exact decimal."""
    return f"({bp})::DECIMAL(14,0) * 0.0001::DECIMAL(4,4)"


def kronor(ore: str) -> str:
    """Return SQL for öre as exact kronor."""
    return f"(({ore})::DECIMAL(14,0) * 0.01::DECIMAL(2,2))::DECIMAL(14,2)"


_WEIGHT = (
    f"CASE t.kind WHEN 1 THEN greatest({BILLABLE}, 0) WHEN 2 THEN CASE WHEN w.status = 'performed' THEN w.registered_bp "
    "ELSE 0 END WHEN 3 THEN w.planned_bp ELSE 1 END"
)
_SHARE = half_up(f"t.amount_ore * ({_WEIGHT})", "t.total")
_PLACED = (
    f"{BILLED.format(x='')} LEFT JOIN _granted_parts f ON f.g = w.g LEFT JOIN _cell_pay t ON t.g = w.g AND t.code = {CODE} "
    f"AND t.is_paying = {IS_PAYING}"
)

# a line's amount is shared over its visits by the first of billable, registered and planned minutes that any has
PAY = f"""
CREATE OR REPLACE TEMP TABLE _cell_pay AS
WITH summed AS (
  SELECT n, any_value(amount_ore) AS amount_ore, sum(shared_bp)::BIGINT AS shared, sum(registered_bp)::BIGINT AS
    registered, sum(planned_bp)::BIGINT AS planned, sum(visits)::BIGINT AS visits, max(last_billable) AS b,
    max(last_registered) AS r, max(last_planned) AS p, max(last_start) AS any_start,
    CASE WHEN shared > 0 THEN 1 WHEN registered > 0 THEN 2 WHEN planned > 0 THEN 3 ELSE 4 END AS kind
  FROM _cell_lines JOIN _cells USING (g, code, is_paying) JOIN (SELECT n, amount_ore FROM _lines) USING (n) GROUP BY n
)
SELECT c.*, d.line_id, coalesce(d.booked_month, c.month) AS booked_month, s.amount_ore, kind,
  CASE kind WHEN 1 THEN shared WHEN 2 THEN registered WHEN 3 THEN planned ELSE visits END AS total,
  CASE kind WHEN 1 THEN b WHEN 2 THEN r WHEN 3 THEN p ELSE any_start END AS last_start
FROM _cell_lines c LEFT JOIN summed s USING (n) LEFT JOIN _delivered d USING (n);
CREATE OR REPLACE TEMP TABLE _rests AS
SELECT t.n, (any_value(t.amount_ore) - sum({_SHARE}))::BIGINT AS rest_ore,
  max(w.visit_id) FILTER (w.start = t.last_start AND {_WEIGHT} > 0) AS last_visit_id
FROM {_PLACED} WHERE t.n IS NOT NULL GROUP BY t.n;
INSERT INTO core_visit_pay BY NAME
SELECT w.visit_id, t.line_id, t.booked_month, r.rule_id,
  CASE WHEN {IS_PAYING} THEN e.rate_code END AS rate_code, CASE WHEN {IS_PAYING} THEN {kronor("e.price_ore")} END AS price_sek,
  CASE WHEN w.weighed_bp IS NOT NULL THEN {minutes("w.basis_bp")} END AS basis_minutes,
  CASE WHEN w.weighed_bp IS NOT NULL THEN {minutes("w.flat_bp")} END AS after_flat,
  CASE WHEN w.weighed_bp IS NOT NULL THEN {minutes("w.minimum_bp")} END AS after_minimum,
  CASE WHEN w.weighed_bp IS NOT NULL THEN {minutes("w.rounded_bp")} END AS rounded_minutes,
  CASE WHEN w.weighed_bp IS NOT NULL THEN {minutes("w.weight")} END AS weight,
  {minutes("w.weighed_bp")} AS weighted_minutes,
  CASE WHEN {IS_PAYING} THEN {minutes(BILLABLE)} WHEN w.basis = 'granted' OR e.unit = 'month' THEN 0 END AS billable_minutes,
  CASE WHEN {IS_PAYING} THEN {minutes(half_up(VALUE, HOUR // 100))} WHEN w.basis = 'granted' OR e.unit = 'month' THEN 0 END
    AS amount_sek,
  CASE WHEN t.n IS NULL THEN 0 ELSE {kronor(f"{_SHARE} + CASE WHEN w.visit_id = s.last_visit_id THEN s.rest_ore ELSE 0 END")} END
    AS paid_sek
FROM {_PLACED} LEFT JOIN _rests s ON s.n = t.n LEFT JOIN _rules r ON r.rule = w.rule
"""

# why a line cannot be recalculated, if it cannot; then what it was due. Of a sum paid in parts every line is due what
# was lacking before it, and the last what is lacking still. Where something was taken back, a month as a whole is due
# what was lacking, or too much, before it; the first all of it. What differs lies on the month's last line.
JUDGED = """
CREATE OR REPLACE TEMP TABLE _judged AS
WITH due AS (
  SELECT n, sum(amount_ore)::BIGINT AS due_ore, sum(minute_bp)::BIGINT AS minute_bp, max(rule) AS rule, min(code) AS code
  FROM _links JOIN _due USING (g, code) GROUP BY n
), seen AS (
  SELECT n, sum(visits) AS visits, sum(performed) AS performed, sum(registered_bp)::BIGINT AS registered_bp,
    sum(planned_bp)::BIGINT AS planned_bp FROM _cell_lines JOIN _cells USING (g, code, is_paying) WHERE n IS NOT NULL GROUP BY n
), visited AS (
  SELECT g, sum(visits) AS visits, sum(ruled) AS ruled, sum(rated) AS rated, bool_or(has_second) AS has_second,
    bool_or(has_absent) AS has_absent FROM _cells GROUP BY g
), providers AS (
  SELECT DISTINCT provider_id, month FROM _cells JOIN _groups USING (g)
), stated AS (
  SELECT (SELECT count(*) FROM _rules) AS rules, (SELECT count(*) FROM _rates) AS rates,
    (SELECT count(*) FROM core_orders SEMI JOIN core_decisions USING (decision_id)) > 0 AS has_orders,
    (SELECT count(*) FROM core_decisions) > 0 AS has_decisions, (SELECT count(*) FROM core_absences) > 0 AS has_absences
), asked AS (
  SELECT l.*, d.due_ore, d.minute_bp, coalesce(d.rule, g.rule) AS rule, d.code AS due_code, s.visits, s.performed, s.registered_bp, s.planned_bp,
    coalesce(r.basis = 'granted' OR e.unit = 'month', false) AS is_unvisited, v.visits AS group_visits, v.ruled,
    CASE WHEN rules = 0 THEN 'no_rules' WHEN rates = 0 THEN 'no_rates'
      WHEN NOT has_orders AND (r.cap_share IS NOT NULL OR r.new_client_minutes > 0 AND l.amount_ore > coalesce(d.due_ore, 0))
        OR NOT has_decisions AND v.has_second THEN 'no_orders'
      WHEN NOT has_absences AND v.has_absent THEN 'no_absences' WHEN d.n IS NOT NULL THEN NULL
      WHEN g.rule IS NULL AND coalesce(v.ruled, 0) = 0 THEN 'no_rule'
      WHEN g.rate IS NULL AND coalesce(v.rated, 0) = 0 THEN 'no_rate'
      WHEN is_unvisited AND NOT has_orders THEN 'no_orders'
      WHEN NOT is_unvisited AND o.month IS NULL THEN 'no_visits' END AS untested
  FROM _lines l JOIN _group_rules g ON g.g = l.g CROSS JOIN stated LEFT JOIN due d ON d.n = l.first_n
    LEFT JOIN seen s ON s.n = l.n LEFT JOIN visited v ON v.g = l.g
    LEFT JOIN providers o ON o.provider_id = g.provider_id AND o.month = g.month
    LEFT JOIN _rules r ON r.rule = g.rule LEFT JOIN _rates e ON e.rate = g.rate
)
SELECT *, CASE WHEN untested IS NOT NULL THEN NULL
  WHEN is_added_to THEN CASE WHEN is_last THEN greatest(left_ore, 0) ELSE least(amount_ore, greatest(left_ore, 0)) END
  WHEN is_months_last THEN amount_ore - month_ore + CASE WHEN is_first_month THEN step_ore
    ELSE least(greatest(month_ore, least(step_ore, 0)), greatest(step_ore, 0)) END
  ELSE amount_ore END AS right_ore
FROM (SELECT *, coalesce(due_ore, 0) - (so_far_ore - month_ore) AS step_ore,
  coalesce(due_ore, 0) - (up_to_ore - amount_ore) AS left_ore FROM asked)
"""

# a part of a sum paid in several has its own minutes
_DUE_MINUTES = (
    f"CASE WHEN j.n = j.first_n AND (j.right_ore = coalesce(j.due_ore, 0) OR j.right_ore <> j.amount_ore) THEN "
    f"coalesce(j.minute_bp, 0) WHEN j.right_ore = j.amount_ore THEN coalesce((j.minutes * {SHARE})::BIGINT, 0) ELSE 0 END"
)

LINE_ROWS = f"""
INSERT INTO core_compensation_lines BY NAME
WITH grants AS (SELECT g, {half_up("granted", "days")} AS granted_bp FROM _grants), lineless AS (
  SELECT g, code, sum(visits) AS visits, sum(performed) AS performed, sum(registered_bp)::BIGINT AS registered_bp,
    sum(planned_bp)::BIGINT AS planned_bp FROM _cells JOIN _cell_lines USING (g, code, is_paying) WHERE n IS NULL GROUP BY ALL
), unpaid AS (
  SELECT d.*, g.provider_id, g.client_ref, g.service, g.month, c.rate_code, c.unit FROM _due d JOIN _groups g USING (g)
  JOIN _codes c USING (code) ANTI JOIN _links k ON k.g = d.g AND k.code = d.code
  SEMI JOIN _delivered p ON p.provider_id = g.provider_id AND p.service_month = g.month WHERE d.amount_ore <> 0
)
SELECT d.line_id, true AS is_delivered, d.payment_id, d.provider_id, d.client_ref, d.service, d.service_month, d.booked_month,
  d.rate_code, d.rule_id, d.unit, d.minutes, d.quantity, d.amount_sek, d.invoice_id,
  coalesce(j.visits, 0)::INTEGER AS visit_count, coalesce(j.performed, 0)::INTEGER AS performed_count,
  {minutes("coalesce(j.registered_bp, 0)")} AS registered_minutes, {minutes("coalesce(j.planned_bp, 0)")} AS planned_minutes,
  {minutes("granted_bp")} AS granted_minutes, r.rule_id AS recalculated_rule_id, c.rate_code AS recalculated_rate_code,
  CASE WHEN j.right_ore IS NOT NULL THEN {minutes(_DUE_MINUTES)} END AS recalculated_minutes,
  {kronor("j.right_ore")} AS recalculated_sek, {kronor("j.amount_ore - j.right_ore")} AS difference_sek,
  coalesce(y.why, j.untested, CASE WHEN j.amount_ore = j.right_ore THEN 'none' ELSE 'unexplained' END) AS differs_by,
  d.source_file, d.source_line
FROM _judged j JOIN _delivered d USING (n) LEFT JOIN grants USING (g) LEFT JOIN _why y USING (n)
  LEFT JOIN _rules r ON r.rule = j.rule LEFT JOIN _codes c ON c.code = j.due_code
UNION ALL BY NAME
SELECT 'due-' || left(md5(concat_ws('|', u.provider_id, client_ref, u.service, month, u.rate_code)), 16) AS line_id,
  false AS is_delivered, u.provider_id, client_ref, u.service, month AS service_month, month AS booked_month, u.rate_code,
  r.rule_id, u.unit, 0 AS amount_sek, coalesce(c.visits, 0)::INTEGER AS visit_count, coalesce(c.performed, 0)::INTEGER AS performed_count,
  {minutes("coalesce(c.registered_bp, 0)")} AS registered_minutes, {minutes("coalesce(c.planned_bp, 0)")} AS planned_minutes,
  {minutes("granted_bp")} AS granted_minutes, r.rule_id AS recalculated_rule_id, u.rate_code AS recalculated_rate_code,
  {minutes("u.minute_bp")} AS recalculated_minutes, {kronor("u.amount_ore")} AS recalculated_sek,
  {kronor("-u.amount_ore")} AS difference_sek, 'not_paid' AS differs_by
FROM unpaid u LEFT JOIN lineless c ON c.g = u.g AND c.code = u.code LEFT JOIN grants ON grants.g = u.g
  LEFT JOIN _rules r ON r.rule = u.rule
"""
