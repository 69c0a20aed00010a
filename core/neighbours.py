"""What lies next to a visit in time: the carer's visit before it, and every visit that shares time with it.

Exact and linear (one ordered pass per carer, one per client): a visit overlaps an earlier one when it starts before
the running largest end; only such visits are joined to their partners, on the day they start. `lag` alone misses
visits inside a long one.
"""

_HOMES = "sqrt((v.x_m - {0}.x_m) ** 2 + (v.y_m - {0}.y_m) ** 2)"
_SAME = """{0}.client_ref = v.client_ref AS is_same_client, {0}.provider_id = v.provider_id AS is_same_provider,
  coalesce({0}.building_ref = v.building_ref, false) AS is_same_building,
  coalesce({0}.household_ref = v.household_ref, false) AS is_same_household"""
_MINUTES = "(date_diff('second', {0}, {1}) / 60)::DECIMAL(18,4)"

_ORDERED = """
CREATE OR REPLACE TEMP TABLE _ordered_{subject} AS
SELECT rowid AS rid, visit_id, {subject}_ref, start_utc, end_utc, {previous} coalesce(max(end_utc) OVER (w ROWS BETWEEN
  UNBOUNDED PRECEDING AND 1 PRECEDING) > start_utc, false) AS is_overlapping
FROM core_visits WHERE start_utc IS NOT NULL AND {subject}_ref IS NOT NULL
WINDOW w AS (PARTITION BY {subject}_ref ORDER BY start_utc, visit_id)
"""
_PREVIOUS = "lag(rowid) OVER w AS previous_rid, lag(end_utc) OVER w AS previous_end,"
_PARTNERS = """
CREATE OR REPLACE TEMP TABLE _pairs_{subject} AS
WITH late AS (SELECT *, start_utc::DATE AS day FROM _ordered_{subject} WHERE is_overlapping),
early AS (
  SELECT rid, visit_id, {subject}_ref, start_utc, end_utc, unnest(generate_series(start_utc::DATE, end_utc::DATE,
    INTERVAL 1 DAY))::DATE AS day
  FROM _ordered_{subject} SEMI JOIN (SELECT DISTINCT {subject}_ref FROM late) l USING ({subject}_ref)
)
SELECT l.rid, e.rid AS other_rid, l.start_utc, least(l.end_utc, e.end_utc) AS until_utc
FROM late l JOIN early e ON e.{subject}_ref = l.{subject}_ref AND e.day = l.day AND e.end_utc > l.start_utc
  AND (e.start_utc, e.visit_id) < (l.start_utc, l.visit_id)
"""

# rows are found again by their number: numbers are narrower to sort and quicker to join than ids
NEIGHBOURS = f"""
{_ORDERED.format(subject="carer", previous=_PREVIOUS)};
{_ORDERED.format(subject="client", previous="")};
{_PARTNERS.format(subject="carer")};
{_PARTNERS.format(subject="client")};
CREATE OR REPLACE TABLE core_visit_neighbours AS
SELECT v.visit_id, v.carer_ref, v.provider_id, v.service_month, p.visit_id AS previous_id,
  {_MINUTES.format("o.previous_end", "o.start_utc")} AS gap_minutes, {_HOMES.format("p")} AS distance_m,
  {_SAME.format("p")}, o.is_overlapping
FROM _ordered_carer o JOIN core_visits v ON v.rowid = o.rid JOIN core_visits p ON p.rowid = o.previous_rid
WHERE o.previous_end > o.start_utc - INTERVAL 1 DAY;
CREATE OR REPLACE TABLE core_visit_overlaps AS
SELECT a.subject, v.visit_id, p.visit_id AS other_id, v.service_month, {_MINUTES.format("a.start_utc", "a.until_utc")} AS
  overlap_minutes, {_SAME.format("p")}, coalesce(p.carer_ref = v.carer_ref, false) AS is_same_carer,
  coalesce(v.pair_visit_id = p.visit_id OR p.pair_visit_id = v.visit_id, false) AS is_pair
FROM (SELECT 'carer' AS subject, * FROM _pairs_carer UNION ALL SELECT 'client', * FROM _pairs_client) a
  JOIN core_visits v ON v.rowid = a.rid JOIN core_visits p ON p.rowid = a.other_rid
WHERE a.until_utc > a.start_utc;
DROP TABLE _ordered_carer;
DROP TABLE _ordered_client;
DROP TABLE _pairs_carer;
DROP TABLE _pairs_client
"""
