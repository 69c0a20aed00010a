"""Dated rules and rates as whole numbers, and which of them holds for whom, when.

Minutes are integers of 1/10,000 minute (`_bp`), shares integers of 1/10,000, money integers of öre. What every step
means is written in docs/compensation-semantics.md.
"""

from datetime import date

import duckdb

SHARE = 10_000
HOUR = 60 * SHARE
_BELOW = 10**8
ONE_RULE = 1_000_000
"""Distance between the numbers of a rule and of its changed copies: copy n of rule r is r + n x ONE_RULE."""
PAID = "('performed', 'declined', 'blank', 'absent')"
_WINDOWS = {"evening": (19 * 60, 22 * 60), "night": (22 * 60, 7 * 60)}
_DAY_TYPE = (
    "CASE day_type WHEN 'weekday' THEN 0 WHEN 'evening' THEN 1 WHEN 'weekend' THEN 2 WHEN 'night' THEN 3 ELSE 4 END"
)

# months and dates anything was done or paid in; a part is a stretch of days on which no rule and no rate changes
TARIFF = f"""
CREATE OR REPLACE TEMP TABLE _rules AS
SELECT row_number() OVER (ORDER BY rule_id)::BIGINT AS rule, rule_id, service, task, provider_id, regime, basis,
  coalesce(rounding, 'none') AS rounding, coalesce(rounding_minutes, 1)::BIGINT * {SHARE} AS step_bp,
  coalesce(rounding_scope, 'visit') AS scope, coalesce(minimum_minutes, 0)::BIGINT * {SHARE} AS minimum_bp,
  flat_minutes::BIGINT * {SHARE} AS flat_bp, (cap_share_of_granted * {SHARE})::BIGINT AS cap_share,
  coalesce(declined_share * {SHARE}, 0)::BIGINT AS declined_share,
  coalesce(absence_share_day_1 * {SHARE}, 0)::BIGINT AS absence_share_day_1,
  coalesce(absence_share_later * {SHARE}, 0)::BIGINT AS absence_share_later, coalesce(absence_days, 0) AS absence_days,
  coalesce(double_staffing_factor * {SHARE}, {2 * SHARE})::BIGINT AS factor,
  (cohabitant_share * {SHARE})::BIGINT AS cohabitant_share, coalesce(new_client_minutes, 0)::BIGINT AS new_client_minutes,
  valid_from, coalesce(valid_to, DATE '9999-12-31') AS valid_to, false AS is_any_second, 0::BIGINT AS unknown_share
FROM core_compensation_rules;
CREATE OR REPLACE TEMP TABLE _rates AS
SELECT row_number() OVER (ORDER BY rate_code, service, regime, area_type, day_type, valid_from, price_ore)::INTEGER AS rate,
  dense_rank() OVER (ORDER BY rate_code)::INTEGER AS code, *
FROM (SELECT rate_code, service, regime, area_type, ({_DAY_TYPE})::TINYINT AS day_type, unit,
  (price_sek * 100)::BIGINT AS price_ore, valid_from, coalesce(valid_to, DATE '9999-12-31') AS valid_to FROM core_rates);
CREATE OR REPLACE TEMP TABLE _months AS
SELECT month, first, last_day(first) AS last, day(last_day(first))::BIGINT AS days
FROM (SELECT month, (month || '-01')::DATE AS first FROM (
  SELECT service_month AS month FROM core_visits UNION SELECT service_month FROM _delivered));
CREATE OR REPLACE TEMP TABLE _parts AS
SELECT begin, row_number() OVER (ORDER BY begin)::INTEGER AS part FROM (
  SELECT valid_from AS begin FROM _rules UNION SELECT valid_from FROM _rates
  UNION SELECT valid_to + 1 FROM _rules WHERE valid_to < DATE '9999-12-31'
  UNION SELECT valid_to + 1 FROM _rates WHERE valid_to < DATE '9999-12-31');
CREATE OR REPLACE TEMP TABLE _dates AS
SELECT d.date, d.month, p.part, coalesce(c.day_type <> 'weekday', isodow(d.date) >= 6) AS is_free
FROM (SELECT month, unnest(generate_series(first, last, INTERVAL 1 DAY))::DATE AS date FROM _months) d
ASOF LEFT JOIN _parts p ON d.date >= p.begin LEFT JOIN core_calendar c ON c.date = d.date
"""

# who may ask: visits with their task, and whole client-months with none
PICKS = """
CREATE OR REPLACE TEMP TABLE _kinds AS
SELECT row_number() OVER ()::INTEGER AS kind, k.*, p.regime FROM (
  SELECT provider_id, service, task, area_type FROM core_visits GROUP BY ALL) k LEFT JOIN core_providers p USING (provider_id);
CREATE OR REPLACE TEMP TABLE _rule_picks AS
SELECT a.provider_id, a.service, a.task, part, rule FROM (
  SELECT provider_id, regime, service, task FROM _kinds
  UNION SELECT g.provider_id, p.regime, g.service, NULL FROM (SELECT DISTINCT provider_id, service FROM _groups) g
    LEFT JOIN core_providers p USING (provider_id)) a
CROSS JOIN _parts JOIN _rules r ON begin BETWEEN r.valid_from AND r.valid_to
  AND (r.service IS NULL OR r.service = a.service) AND (r.task IS NULL OR r.task = a.task)
  AND (r.provider_id IS NULL OR r.provider_id = a.provider_id) AND (r.regime IS NULL OR r.regime = a.regime)
QUALIFY row_number() OVER (PARTITION BY a.provider_id, a.service, a.task, part ORDER BY
  8 * (r.provider_id IS NOT NULL)::INTEGER + 4 * (r.task IS NOT NULL)::INTEGER + 2 * (r.service IS NOT NULL)::INTEGER
  + (r.regime IS NOT NULL)::INTEGER DESC, r.valid_from DESC, r.rule_id) = 1;
CREATE OR REPLACE TEMP TABLE _rate_picks AS
SELECT a.service, a.regime, a.area_type, t.day_type, part, rate FROM (
  SELECT service, regime, area_type FROM _kinds UNION SELECT service, regime, area_type FROM _groups) a
CROSS JOIN (SELECT unnest([0, 1, 2, 3, 4])::TINYINT AS day_type) t CROSS JOIN _parts
JOIN _rates r ON r.service = a.service AND begin BETWEEN r.valid_from AND r.valid_to
  AND (r.regime IS NULL OR r.regime = a.regime) AND (r.area_type IS NULL OR r.area_type = a.area_type)
  AND r.day_type IN (t.day_type, 4, 0)
QUALIFY row_number() OVER (PARTITION BY a.service, a.regime, a.area_type, t.day_type, part ORDER BY
  r.day_type IN (t.day_type, 4) DESC, 4 * (r.area_type IS NOT NULL)::INTEGER + 2 * (r.regime IS NOT NULL)::INTEGER
  + (r.day_type <> 4)::INTEGER DESC, r.valid_from DESC, r.rate_code) = 1;
CREATE OR REPLACE TEMP TABLE _picks AS
SELECT kind, p.part, t.day_type, r.rule, e.rate FROM _kinds k CROSS JOIN (SELECT DISTINCT part FROM _dates) p
CROSS JOIN (SELECT unnest([0, 1, 2, 3])::TINYINT AS day_type) t
LEFT JOIN _rule_picks r ON r.provider_id = k.provider_id AND r.service = k.service AND r.task IS NOT DISTINCT FROM k.task
  AND r.part = p.part
LEFT JOIN _rate_picks e ON e.service = k.service AND e.regime IS NOT DISTINCT FROM k.regime
  AND e.area_type IS NOT DISTINCT FROM k.area_type AND e.day_type = t.day_type AND e.part = p.part
"""


def half_up(value: str, unit: int | str) -> str:
    """Return SQL for whole `value` / `unit` rounded half up, towards plus infinity for negative numbers too.

    Results down to -10**8 are exact: whole division cuts towards 0, so it is made above it.
    """
    whole = f"{unit}::BIGINT"
    return f"((2 * ({value}) + {whole} * {2 * _BELOW + 1}) // (2 * {whole}) - {_BELOW})"


def windows(connection: duckdb.DuckDBPyConnection) -> list[tuple[date, dict[str, tuple[int, int]]]]:
    """Return the days on which they change and the (from, to) minutes of evening and night from then on.

    `to` before `from` crosses midnight. A window holds until a later rate of its kind of day states another.
    """
    stated = connection.execute(
        "SELECT valid_from, day_type, from_minute, to_minute FROM (SELECT day_type, rate_code, valid_from, "
        + ", ".join(
            f"TRY_CAST(regexp_extract({name}_time, '^([0-9]+)[:.]([0-9]+)', 1) AS INTEGER) * 60 + "
            f"TRY_CAST(regexp_extract({name}_time, '^([0-9]+)[:.]([0-9]+)', 2) AS INTEGER) AS {name}_minute"
            for name in ("from", "to")
        )
        + " FROM core_rates WHERE day_type IN ('evening', 'night')) WHERE from_minute IS NOT NULL AND to_minute IS NOT NULL "
        "QUALIFY row_number() OVER (PARTITION BY day_type, valid_from ORDER BY rate_code) = 1 ORDER BY valid_from"
    ).fetchall()
    held = _WINDOWS | {kind: (begin, end) for _, kind, begin, end in reversed(stated)}
    found = [(date.min, held)]
    for since, kind, begin, end in stated:
        held = held | {kind: (begin, end)}
        if held != found[-1][1]:
            found.append((since, held))
    return found


def day_type(minute: str, connection: duckdb.DuckDBPyConnection) -> str:
    """Return SQL for the kind of day (0 weekday, 1 evening, 2 weekend, 3 night) of a start on a date of `_dates` d."""
    first, *later = windows(connection)
    cases = " ".join(
        f"WHEN d.date >= DATE '{since}' THEN {_kind_of_day(minute, held)}" for since, held in reversed(later)
    )
    usual = _kind_of_day(minute, first[1])
    return f"(CASE {cases} ELSE {usual} END)" if cases else usual


def _kind_of_day(minute: str, held: dict[str, tuple[int, int]]) -> str:
    inside = {
        kind: f"({minute} >= {begin} {'AND' if begin < end else 'OR'} {minute} < {end})"
        for kind, (begin, end) in held.items()
    }
    return (
        f"(CASE WHEN {inside['night']} THEN 3 WHEN is_free THEN 2 WHEN {inside['evening']} THEN 1 ELSE 0 END)::TINYINT"
    )
