"""A provider against its own history: one monthly measure that rose more than its earlier months explain."""

from typing import Literal

from fut.indicator import Param

RISE_PARAMS = {
    "recent_months": Param(3, "months", "one odd month is chance"),
    "least_history": Param(6, "months", "a history shorter than this has no spread"),
    "fence": Param(4, "robust z", "three measures are searched by as many indicators: chance would pass 3.5 too often"),
    "shrink_clients": Param(10, "clients", "one client weighs as much as ten months' drift where there are few"),
    "least_rise": Param(0.05, "share", "a rise too small to recover is not worth reviewing"),
    "least_sek": Param(50, "sek", "a provider's rise is spread over many lines"),
}
"""What `rise` asks for, alike for every measure."""

_BY_HAND = """SELECT provider_id, booked_month, clients, by_hand AS x FROM (
    SELECT provider_id, service_month AS booked_month, avg(is_manual::INTEGER) AS by_hand,
           count(DISTINCT client_ref) AS clients FROM core_visits WHERE status = 'performed' GROUP BY ALL)
  SEMI JOIN line USING (provider_id, booked_month)"""
_FROM_LINES = """SELECT provider_id, booked_month, count(DISTINCT client_ref) AS clients, {x} AS x FROM (
    SELECT *, count(*) OVER (PARTITION BY provider_id, client_ref, service, service_month) AS parts FROM line
    WHERE service_month = booked_month) GROUP BY ALL"""
# the measure, what is added to it before the logarithm, what chance and drift add to its spread, and which part of the
# kronor of a rise is at risk
_MEASURES = {
    "hours": (_FROM_LINES.format(x="sum(registered_minutes) / 60 / count(DISTINCT client_ref)"), "0.02", "0.05", "1"),
    "by_hand": (_BY_HAND, "0.02", "0.15", "0.25"),
    "executed": (
        _FROM_LINES.format(x="sum(registered_minutes) FILTER (granted_minutes > 0) / nullif(sum(granted_minutes / parts), 0)"),
        "0.02", "0.03", "1",
    ),
}  # fmt: skip
_RISE = """
WITH line AS (
  FROM core_compensation_lines WHERE is_delivered AND visit_count > 0
), measure AS (SELECT provider_id, booked_month, clients, ln(x + {floor}) AS x FROM ({measure})), change AS (
  SELECT *, median(x) OVER recent AS lately, median(x) OVER past AS formerly, mad(x) OVER past AS own_spread,
         count(x) OVER past AS history, count(x) OVER recent AS months
  FROM measure WINDOW own AS (PARTITION BY provider_id ORDER BY booked_month),
       recent AS (own ROWS BETWEEN $recent_months - 1 PRECEDING AND CURRENT ROW),
       past AS (own ROWS BETWEEN UNBOUNDED PRECEDING AND $recent_months PRECEDING)
), risen AS (  -- the spread is never below what chance and drift give, more so for small providers
  SELECT provider_id, booked_month, lately, formerly, lately - formerly AS rise,
         rise / sqrt((1.4826 * own_spread) ** 2 + {noise} ** 2 * (1 + $shrink_clients / clients)) AS z
  FROM change WHERE history >= $least_history AND months = $recent_months AND z >= $fence AND rise >= $least_rise
)
SELECT line_id AS subject_key, booked_month AS service_month, round(exp(lately) - {floor}, 3) AS value,
       round(exp(formerly) - {floor}, 3) AS compared, round(amount_sek * {part} * (1 - exp(-rise)), 2) AS amount_at_risk_sek
FROM line JOIN risen USING (provider_id, booked_month) WHERE amount_at_risk_sek >= $least_sek
"""


def rise(measure: Literal["hours", "by_hand", "executed"]) -> str:
    """Return the SELECT of a provider's lines in the months when a measure's recent median left its earlier months' fence.

    `value` is that median over `$recent_months`, `compared` that of all months before; each line bears its part of the
    rise. Parameters: `RISE_PARAMS`. Source of the fence: simulator notes 11.8.
    """
    measured, floor, noise, part = _MEASURES[measure]
    return _RISE.format(measure=measured, floor=floor, noise=noise, part=part)
