"""A carer in two homes at once: which of the two visits the finding is laid on."""

_VISITS = """
WITH pair AS (
  SELECT o.*, v.registered_minutes AS minutes, w.registered_minutes AS other_minutes, w.service_month AS other_month,
    v.registered_minutes - v.planned_minutes - w.registered_minutes + w.planned_minutes AS further
  FROM core_visit_overlaps o JOIN core_visits v ON v.visit_id = o.visit_id JOIN core_visits w ON w.visit_id = o.other_id
  WHERE o.subject = 'carer' AND {which} AND NOT o.is_same_client AND o.overlap_minutes > $least_minutes
)
SELECT visit_id, overlap_minutes / minutes AS share, NULL AS missing_field,
  CASE WHEN is_same_household THEN 'samma hushåll' WHEN is_same_building THEN 'samma byggnad' END AS explained_by
FROM (SELECT * FROM pair WHERE further >= -$least_minutes OR other_month < service_month
      UNION ALL SELECT * REPLACE (other_id AS visit_id, other_minutes AS minutes) FROM pair
      WHERE further <= $least_minutes AND other_month = service_month)
WHERE minutes > 0
"""


def in_two_places(is_one_provider: bool) -> str:
    """Return the SELECT of visits (as `core.per_line.per_line` takes it) of a carer in two homes at once.

    `is_one_provider` chooses pairs within one provider or across two. The kronor lie on the visit that departs most
    from its plan, on both when they depart alike, and across a month's end on the later one: the other month had
    closed. Parameter `$least_minutes`: shorter overlaps are clocks and handovers.
    """
    return _VISITS.format(which="o.is_same_provider" if is_one_provider else "NOT o.is_same_provider")
