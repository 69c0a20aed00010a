"""Computed and delivered lines side by side: what the rules pay per client-month and rate, and on which line it was paid."""

from core.compensation_steps import BILLABLE, IS_PAYING, QUANTITY, VALUE
from core.compensation_tariff import HOUR, SHARE, half_up
from fut.accepted import LATEST_FIRST, accepted

# accepted rows of the delivered lines, the last delivered of each line_id; n orders them as the ledger booked them
DELIVERED = f"""
CREATE OR REPLACE TEMP TABLE _delivered AS
SELECT row_number() OVER (ORDER BY booked_month, line_id)::BIGINT AS n, r.* EXCLUDE (_source, _delivered_month, _unreadable,
  _source_file, _source_line), (amount_sek * 100)::BIGINT AS amount_ore, _source_file AS source_file,
  _source_line AS source_line
FROM (SELECT r.* FROM {accepted("compensation_lines")}
  QUALIFY row_number() OVER (PARTITION BY line_id ORDER BY {LATEST_FIRST}) = 1) r
"""

# paid without visits: granted minutes less absences, monthly fees, and the minutes for a new client
UNVISITED = f"""
CREATE OR REPLACE TEMP TABLE _granted_parts AS
WITH rows AS (
  SELECT row_number() OVER () AS segment, g.g, s.client_ref, s.begin, s.until, s.minutes_per_month, g.days, g.first,
    CASE WHEN s.is_double THEN g.factor ELSE {SHARE} END AS factor, e.code, e.unit, e.price_ore, r.rule,
    r.absence_share_day_1, r.absence_share_later, r.absence_days
  FROM _segments s JOIN _group_rules g USING (provider_id, client_ref, service, month) JOIN _rules r USING (rule)
    JOIN _rates e USING (rate) WHERE r.basis = 'granted' OR e.unit = 'month'
), lost AS (
  SELECT segment, sum({SHARE} - CASE WHEN absence_day = 1 THEN absence_share_day_1 WHEN absence_day <= absence_days THEN
    absence_share_later ELSE 0 END)::BIGINT AS lost
  FROM rows JOIN _absence_days USING (client_ref) WHERE day BETWEEN begin AND until GROUP BY 1
), timed AS (
  SELECT *, minutes_per_month * (until - begin + 1) * {SHARE} AS whole,
    minutes_per_month * ((until - begin + 1) * {SHARE} - coalesce(lost, 0)) AS present
  FROM rows LEFT JOIN lost USING (segment)
)
SELECT g, code, any_value(first)::TIMESTAMP AS last_start, any_value(rule) AS rule, any_value(price_ore) AS price_ore,
  any_value(unit) AS unit, any_value(unit) = 'month' AS is_fee,
  sum({half_up("present * factor", f"({SHARE} * days)")})::BIGINT AS minute_bp,
  sum({half_up("whole * factor", f"({SHARE} * days)")})::BIGINT AS unreduced_bp,
  sum({half_up(f"present * {SHARE}", f"({SHARE} * days)")})::BIGINT AS single_bp
FROM timed GROUP BY g, code;
CREATE OR REPLACE TEMP TABLE _new_parts AS
SELECT g.g, e.code, n.first_date::TIMESTAMP AS last_start, r.rule, e.price_ore,
  r.new_client_minutes * {SHARE} AS minute_bp
FROM _newcomers n JOIN _groups g USING (provider_id, client_ref, service, month) JOIN _dates d ON d.date = n.first_date
JOIN _rule_picks p ON p.provider_id = n.provider_id AND p.service = n.service AND p.task IS NULL AND p.part = d.part
JOIN _rules r USING (rule) JOIN _rate_picks q ON q.service = n.service AND q.regime IS NOT DISTINCT FROM g.regime
  AND q.area_type IS NOT DISTINCT FROM g.area_type AND q.day_type = 0 AND q.part = d.part
JOIN _rates e USING (rate) WHERE r.new_client_minutes <> 0
"""

BILLED = "{x}_weighed w LEFT JOIN {x}_cut c ON c.rid = w.rid LEFT JOIN _rates e ON e.rate = w.rate"
CODE = f"CASE WHEN {IS_PAYING} THEN e.code ELSE coalesce(f.code, e.code, 0) END"

# a cell is a client-month's visits of one rate, those that pay apart from those that do not
CELLS = f"""
CREATE OR REPLACE TEMP TABLE _cells AS
SELECT w.g, {CODE} AS code, {IS_PAYING} AS is_paying, count(*) AS visits,
  count(*) FILTER (w.status = 'performed') AS performed,
  coalesce(sum(w.registered_bp) FILTER (w.status = 'performed'), 0)::BIGINT AS registered_bp,
  sum(w.planned_bp)::BIGINT AS planned_bp, coalesce(sum({BILLABLE}), 0)::BIGINT AS minute_bp,
  coalesce(sum({QUANTITY}), 0)::BIGINT AS quantity_bp, coalesce(sum({VALUE}), 0)::BIGINT AS value,
  coalesce(sum(greatest({BILLABLE}, 0)), 0)::BIGINT AS shared_bp, max(w.start) AS last_start,
  max(w.start) FILTER ({BILLABLE} > 0) AS last_billable, max(w.start) FILTER (w.status = 'performed' AND
  w.registered_bp > 0) AS last_registered, max(w.start) FILTER (w.planned_bp > 0) AS last_planned,
  min(w.rule) AS rule, max(w.rule) AS other_rule, min(e.price_ore) AS price_ore, max(e.price_ore) AS other_price_ore,
  min(e.unit) AS unit, count(w.rule) AS ruled, count(e.rate) AS rated,
  coalesce(sum(({VALUE}) * (w.deliveries - 1)) FILTER (w.deliveries > 1), 0)::BIGINT AS copied_value,
  bool_or(w.status IN ('declined', 'blank')) AS has_declined, bool_or(w.status = 'absent') AS has_absent,
  bool_or(w.second > 0) AS has_second, bool_or(w.is_couple) AS has_couple
FROM {BILLED.format(x="")} LEFT JOIN _granted_parts f ON f.g = w.g GROUP BY ALL;
CREATE OR REPLACE TEMP TABLE _late_cells AS
SELECT w.g, e.code, arg_max(w.rule, {{'start': w.start, 'visit': w.visit_id}}) AS rule
FROM _weighed w JOIN _rates e USING (rate) SEMI JOIN (FROM _cells WHERE is_paying AND rule <> other_rule) x
  ON x.g = w.g AND x.code = e.code WHERE {IS_PAYING} GROUP BY ALL;
CREATE OR REPLACE TEMP TABLE _due AS
WITH pieces AS (
  SELECT g, code, 0 AS origin, last_start, coalesce(l.rule, c.rule) AS rule, minute_bp, quantity_bp, value, value AS
    visit_value, other_price_ore AS price_ore FROM _cells c LEFT JOIN _late_cells l USING (g, code) WHERE is_paying
  UNION ALL SELECT g, code, 1, last_start, rule, CASE WHEN is_fee THEN 0 ELSE minute_bp END,
    CASE WHEN is_fee THEN {SHARE} ELSE 0 END, CASE WHEN is_fee THEN {HOUR} ELSE minute_bp END * price_ore, 0, price_ore
  FROM _granted_parts
  UNION ALL SELECT g, code, 2, last_start, rule, minute_bp, 0, minute_bp * price_ore, 0, price_ore FROM _new_parts
)
SELECT *, {half_up("value", HOUR)} AS amount_ore FROM (
  SELECT g, code, sum(minute_bp)::BIGINT AS minute_bp, sum(quantity_bp)::BIGINT AS quantity_bp, sum(value)::BIGINT AS value,
    sum(visit_value)::BIGINT AS visit_value, arg_max(rule, {{'start': last_start, 'origin': origin}}) AS rule,
    max(price_ore) AS price_ore, bool_or(origin = 2) AS has_new_client
  FROM pieces GROUP BY ALL)
WHERE minute_bp <> 0 OR quantity_bp <> 0
"""

# visits belong to the first line of a key; so_far_ore is what its lines had paid when the line's month closed, of which
# month_ore in that month
LINES = """
CREATE OR REPLACE TEMP TABLE _codes AS
SELECT code, min(rate_code) AS rate_code, min(day_type) AS day_type, min(unit) AS unit FROM _rates GROUP BY 1;
CREATE OR REPLACE TEMP TABLE _lines AS
SELECT d.n, g.g, c.code, c.day_type, d.amount_ore, d.minutes, min(d.n) OVER (PARTITION BY g.g, d.rate_code) AS first_n,
  sum(d.amount_ore) OVER (PARTITION BY g.g, d.rate_code ORDER BY d.booked_month)::BIGINT AS so_far_ore,
  sum(d.amount_ore) OVER (PARTITION BY g.g, d.rate_code, d.booked_month)::BIGINT AS month_ore,
  sum(d.amount_ore) OVER (PARTITION BY g.g, d.rate_code ORDER BY d.n ROWS UNBOUNDED PRECEDING)::BIGINT AS up_to_ore,
  d.n = max(d.n) OVER (PARTITION BY g.g, d.rate_code, d.booked_month) AS is_months_last,
  d.n = max(d.n) OVER (PARTITION BY g.g, d.rate_code) AS is_last,
  d.booked_month = min(d.booked_month) OVER (PARTITION BY g.g, d.rate_code) AS is_first_month,
  min(d.amount_ore) OVER (PARTITION BY g.g, d.rate_code) >= 0 AS is_added_to
FROM _delivered d JOIN _groups g ON g.provider_id = d.provider_id AND g.client_ref = d.client_ref
  AND g.service = d.service AND g.month = d.service_month LEFT JOIN _codes c USING (rate_code);
CREATE OR REPLACE TEMP TABLE _links AS
SELECT g, d.code, l.n FROM _due d JOIN _lines l USING (g) WHERE l.code = d.code AND l.n = l.first_n
"""

# what is left is paired within the client-month: first on the kind of day, then any; by size
PAIRED = """
INSERT INTO _links
WITH due AS (
  SELECT d.g, d.code, {kind} AS kind, row_number() OVER (PARTITION BY d.g, {kind} ORDER BY minute_bp DESC, d.code) AS place
  FROM _due d JOIN _codes c USING (code) ANTI JOIN _links k ON k.g = d.g AND k.code = d.code
), paid AS (
  SELECT c.g, c.n, {kind} AS kind, row_number() OVER (PARTITION BY c.g, {kind} ORDER BY minutes DESC NULLS LAST, c.n) AS place
  FROM _lines c ANTI JOIN _links k ON k.n = c.n WHERE c.n = c.first_n
)
SELECT due.g, due.code, paid.n FROM due JOIN paid ON paid.g = due.g AND paid.place = due.place AND paid.kind = due.kind
"""
UNCODED = """
INSERT INTO _links
SELECT d.g, d.code, b.n FROM _due d JOIN (SELECT g, arg_max(n, {'size': coalesce(minutes, 0), 'n': -n}) AS n FROM _lines
  WHERE code IS NULL AND n = first_n GROUP BY g) b USING (g) ANTI JOIN _links k ON k.g = d.g AND k.code = d.code;
CREATE OR REPLACE TEMP TABLE _cell_lines AS
WITH largest AS (
  SELECT g, arg_max(n, {'size': amount_ore, 'n': -n}) AS n FROM _lines WHERE n = first_n GROUP BY g
)
SELECT c.g, c.code, c.is_paying, coalesce(k.n, l.n, CASE WHEN NOT c.is_paying THEN b.n END) AS n, m.month
FROM _cells c JOIN _groups m ON m.g = c.g LEFT JOIN _links k ON k.g = c.g AND k.code = c.code
LEFT JOIN _lines l ON l.g = c.g AND l.code = c.code AND l.n = l.first_n LEFT JOIN largest b ON b.g = c.g
"""
