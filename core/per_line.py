"""From visits to compensation lines: what a home-care indicator says of visits becomes one flag per paid line."""

import re
from typing import Literal

from fut.indicator import Measured, Text

HIT_VISITS = Measured(Text("Besök som träffen gäller", "Visits the flag is about"))
"""What the value of a flag made by `per_line` is."""

PaidBy = Literal["any", "visit", "minutes"]
MOST_BESIDE = 20
"""How many visits of other lines a flag points at, so that officers see the pattern and not its one part."""
_BY_VISIT = "rule_id NOT IN (SELECT rule_id FROM core_compensation_rules WHERE basis = 'granted')"
_PAID_BY = {
    "any": "TRUE",
    "visit": f"coalesce({_BY_VISIT}, TRUE)",
    "minutes": f"coalesce({_BY_VISIT}, TRUE) AND after_flat IS NOT DISTINCT FROM basis_minutes AND line_id NOT IN "
    "(SELECT line_id FROM core_compensation_lines WHERE unit <> 'hour')",
}
# the lines a finding that needs `visit` can be about: granted time is paid whatever the visits were
# (by the rule that holds, else the one the line names)
BY_VISIT = f"amount_sek > 0 AND coalesce(recalculated_{_BY_VISIT}, {_BY_VISIT}, TRUE)"

# hits are the fewer: without a condition the planner, which cannot know, may hold every visit's pay instead of them
_FLAGS = """
WITH said AS {once}({visits}), hit AS (
  SELECT visit_id, bool_or(explained_by IS NULL AND missing_field IS NULL) AS stands,
    least(coalesce(max(share) FILTER (explained_by IS NULL AND missing_field IS NULL), max(share)), 1)::DECIMAL(9,6)
      AS share, {measured}
    min(explained_by)::VARCHAR AS explained_by, min(missing_field)::VARCHAR AS missing_field
  FROM said GROUP BY visit_id HAVING count(*) > 0
), paid AS MATERIALIZED (FROM core_visit_pay JOIN hit USING (visit_id)), line AS (
  SELECT line_id, booked_month, bool_or(stands) AS stands, min(explained_by) AS explained_by,
    min(missing_field) AS missing_field, {value} AS value,
    sum(paid_sek * share) FILTER (stands) AS standing_sek, sum(paid_sek * share) AS sek,
    coalesce(list_sort(list(visit_id) FILTER (stands)), list_sort(list(visit_id))) AS own
  FROM paid WHERE line_id IS NOT NULL AND {counts}
  GROUP BY line_id, booked_month
){others}
SELECT line_id AS subject_key, booked_month AS service_month, value,
  round(CASE WHEN stands THEN standing_sek ELSE sek END, 2)::DECIMAL(14,2) AS amount_at_risk_sek, {evidence} AS evidence,
  CASE WHEN stands THEN 'contradiction' WHEN missing_field IS NULL THEN 'explained' ELSE 'needs_field' END AS verdict,
  CASE WHEN NOT stands AND missing_field IS NULL THEN explained_by END AS explained_by,
  CASE WHEN NOT stands THEN missing_field END AS missing_field
FROM line {joined}WHERE amount_at_risk_sek >= {least_sek}
"""
_COUNT = "CASE WHEN bool_or(stands) THEN count(*) FILTER (stands) ELSE count(*) END"
_LARGEST = "coalesce(max(measured) FILTER (stands), max(measured))"
_LARGEST_SAID = (
    "coalesce(max(measured) FILTER (explained_by IS NULL AND missing_field IS NULL), max(measured)) AS measured,"
)
# what a pattern is made of beside the line's own visits, MOST_BESIDE of them: of what stands, where something does
_OTHERS = """, beside AS (
  SELECT line_id, booked_month, list_sort(list_distinct({ids})) AS ids FROM (
    SELECT DISTINCT p.line_id, p.booked_month, p.stands, s.{by} FROM paid p
    JOIN line l ON l.line_id = p.line_id AND l.booked_month = p.booked_month AND l.stands = p.stands
    JOIN said s ON s.visit_id = p.visit_id AND (s.explained_by IS NULL AND s.missing_field IS NULL) = p.stands
  {few}) {kin}GROUP BY line_id, booked_month
)"""
# as many patterns of a line as visits are told: a month of days with twenty visits each had taken all memory
_FEW = "QUALIFY dense_rank() OVER (PARTITION BY p.line_id, p.booked_month ORDER BY together) <= {most}"
_KIN = """JOIN (
    SELECT together, explained_by IS NULL AND missing_field IS NULL AS stands, min(visit_id, {most}) AS ids FROM said GROUP BY ALL
  ) USING (together, stands) """


def per_line(visits: str, least_sek: str = "0.01", paid_by: PaidBy = "any") -> str:
    """Return the SELECT of an indicator's flags from a SELECT of visits.

    `visits` gives visit_id, share (the part of the visit's paid kronor at risk, 0 to 1), explained_by and
    missing_field (both null where the contradiction stands); a visit may come several times. Visits that no line
    pays give no flag; kronor are summed as decimals, in any order the same. `least_sek` is a number or a `$parameter`: smaller sums are not worth an officer's time.
    `paid_by` says what the finding needs to cost anything: `visit` leaves out visits whose rule pays granted time,
    `minutes` also those under a flat time and those paid by the visit or the month, whatever they lasted.

    A finding may rest on visits that other lines pay. Where `visits` has a column `beside`, the id of the visit that the
    row contradicts, or `together`, the same for all visits of one pattern (as a carer's in a month), some of them follow
    the line's own in the evidence. A flag's value is the largest `measured` where there is such a column, else how many
    of the line's visits are hit.
    """
    has = {name: re.search(rf"\b{name}\b", visits) is not None for name in ("beside", "together", "measured")}
    others = has["beside"] or has["together"]
    by, ids, few, kin = "beside", "list(beside)", "", ""
    if has["together"]:
        by, ids = "together", "flatten(list(ids))"
        few, kin = _FEW.format(most=MOST_BESIDE), _KIN.format(most=MOST_BESIDE)
    beside = f"list_filter(ids, lambda v: NOT list_contains(own, v))[:{MOST_BESIDE}]"
    return _FLAGS.format(
        visits=visits, least_sek=least_sek, counts=_PAID_BY[paid_by],
        once="MATERIALIZED " if others else "",
        measured=_LARGEST_SAID if has["measured"] else "",
        value=_LARGEST if has["measured"] else _COUNT,
        others=_OTHERS.format(by=by, ids=ids, few=few, kin=kin) if others else "",
        evidence=f"own || coalesce({beside}, [])" if others else "own",
        joined="LEFT JOIN beside USING (line_id, booked_month) " if others else "",
    )  # fmt: skip
