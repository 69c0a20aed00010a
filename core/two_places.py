"""A carer in two homes at once, or two visits in one: which of the two the finding is laid on."""

_VISITS = """
WITH pair AS (
  SELECT o.*, v.registered_minutes AS minutes, w.registered_minutes AS other_minutes, w.service_month AS other_month,
    v.service = 'night' AND w.service = 'night' AS is_night,
    v.registered_minutes - v.planned_minutes - w.registered_minutes + w.planned_minutes AS longer,
    (v.is_manual OR coalesce(v.distance_start_m > $far_m, false))::INTEGER
      - (w.is_manual OR coalesce(w.distance_start_m > $far_m, false))::INTEGER AS weaker
  FROM core_visit_overlaps o JOIN core_visits v ON v.visit_id = o.visit_id JOIN core_visits w ON w.visit_id = o.other_id
    LEFT JOIN core_providers p ON p.provider_id = v.provider_id LEFT JOIN core_providers q ON q.provider_id = w.provider_id
  WHERE o.subject = 'carer' AND {which} coalesce(p.org_no = q.org_no, o.is_same_provider) AND NOT o.is_same_client AND o.overlap_minutes > $least_minutes
), placed AS (
  SELECT *, CASE WHEN abs(longer) > $long_minutes OR weaker = 0 THEN longer ELSE weaker * $long_minutes END AS further
  FROM pair
)
SELECT visit_id, beside, overlap_minutes / minutes AS share, NULL AS missing_field,
  CASE WHEN is_same_household THEN 'samma hushåll' WHEN is_same_building THEN 'samma byggnad'
       WHEN is_night THEN 'nattpatrull' END AS explained_by
FROM (SELECT *, other_id AS beside FROM placed WHERE further >= -$least_minutes OR other_month < service_month
      UNION ALL SELECT * REPLACE (other_id AS visit_id, other_minutes AS minutes), visit_id FROM placed
      WHERE further <= $least_minutes AND other_month = service_month)
WHERE minutes > 0
"""

# two visits to a client at once; it is open which of them is wrong, if any, where different carers made both, both were
# tied to a decision and neither ran long; across a month's end the later one is taken: the other month had closed.
# Parameters: $least_minutes, $least_share of the shorter, $long_minutes, $linked_share (of a provider's visits tied to
# decisions: less, and the tie says nothing)
TWO_AT_ONE_CLIENT = """
WITH linking AS (
    SELECT provider_id, service_month FROM core_visits WHERE status = 'performed' GROUP BY ALL
    HAVING avg((decision_id IS NOT NULL)::INTEGER) >= $linked_share
), pair AS (
    SELECT o.*, v.registered_minutes AS minutes, w.registered_minutes AS other_minutes, k.provider_id AS linking,
           w.service_month AS other_month, v.is_double_granted AND v.service = w.service AS is_double,
           v.service <> w.service AS is_other,
           v.registered_minutes - v.planned_minutes - w.registered_minutes + w.planned_minutes AS longer,
           CASE WHEN k.provider_id IS NULL THEN 0
                ELSE (v.decision_id IS NULL)::INTEGER - (w.decision_id IS NULL)::INTEGER END AS loose
    FROM core_visit_overlaps o JOIN core_visits v ON v.visit_id = o.visit_id
      JOIN core_visits w ON w.visit_id = o.other_id LEFT JOIN linking k
      ON k.provider_id = v.provider_id AND k.service_month = v.service_month AND w.provider_id = v.provider_id
    WHERE o.subject = 'client' AND NOT o.is_pair AND o.overlap_minutes > $least_minutes
      AND o.overlap_minutes > $least_share * least(v.registered_minutes, w.registered_minutes)
      AND (v.service = w.service OR o.is_same_carer
        OR list_has_any([v.service, w.service], ['alarm', 'night', 'delegated_nursing']))
), placed AS (
    SELECT *, abs(longer) <= $long_minutes AND NOT is_same_carer AND loose = 0 AS is_open,
           CASE WHEN other_month < service_month THEN true WHEN abs(longer) > $long_minutes THEN longer >= 0
                ELSE loose >= 0 END AS is_later
    FROM pair
)
SELECT CASE WHEN is_later THEN visit_id ELSE other_id END AS visit_id,
       CASE WHEN is_later THEN other_id ELSE visit_id END AS beside,
       overlap_minutes / CASE WHEN is_later THEN minutes ELSE other_minutes END AS share,
       CASE WHEN is_open AND linking IS NULL THEN 'visits.decision_id' END AS missing_field,
       CASE WHEN is_same_carer THEN NULL WHEN is_double THEN 'dubbelbemanning'
            WHEN is_other THEN 'larm, natt, sjukvård' WHEN is_open AND linking IS NOT NULL
            THEN 'två beviljade besök' END AS explained_by
FROM placed WHERE least(minutes, other_minutes) > 0
"""


def in_two_places(is_one_provider: bool) -> str:
    """Return the SELECT of visits (as `core.per_line.per_line` takes it) of a carer in two homes at once.

    `is_one_provider` chooses pairs within one provider or across two; units of one organisation are one. The kronor lie on the visit that ran longer
    beyond its plan when the two differ by more than `$long_minutes`, else on the one whose presence is proved worse
    (typed by hand, or registered more than `$far_m` from the home), else on the one longer beyond its plan; on both
    when they differ by no more than `$least_minutes`, and across a month's end on the later one: the other month had
    closed. Shorter overlaps than `$least_minutes` are clocks and handovers; night patrols share a log-in.
    """
    return _VISITS.format(which="" if is_one_provider else "NOT")
