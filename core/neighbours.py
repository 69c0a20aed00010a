"""What lies next to a visit in time: the carer's visit before it, and every visit that shares time with it.

Exact and linear (one ordered pass per carer, one per client): a visit overlaps an earlier one when it starts before
the running largest end; only such visits are joined to their partners, on the day they start. `lag` alone misses
visits inside a long one.
"""

_SAME = """{0}.client_ref = v.client_ref AS is_same_client, {0}.provider_id = v.provider_id AS is_same_provider,
  coalesce({0}.building_ref = v.building_ref, false) AS is_same_building,
  coalesce({0}.household_ref = v.household_ref, false) AS is_same_household"""
_MINUTES = "(date_diff('second', {0}, {1}) / 60)::DECIMAL(18,4)"

# a carer and a client go by number: numbers are quicker to order and to join than ids
_ORDERED = """
CREATE OR REPLACE TEMP TABLE _subjects AS
SELECT {subject}_ref, row_number() OVER ()::INTEGER AS subject FROM (SELECT DISTINCT {subject}_ref FROM core_visits);
CREATE OR REPLACE TEMP TABLE _ordered_{subject} AS
SELECT rid, subject, start_utc, end_utc, row_number() OVER w AS place, {previous} coalesce(max(end_utc) OVER (w ROWS
  BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) > start_utc, false) AS is_overlapping
FROM (SELECT v.rowid AS rid, visit_id, subject, start_utc, end_utc {carried} FROM core_visits v
  JOIN _subjects s ON s.{subject}_ref = v.{subject}_ref WHERE start_utc IS NOT NULL)
WINDOW w AS (PARTITION BY subject ORDER BY start_utc, visit_id)
"""
# what is asked of the visit before rides along in the pass, texts that are only compared as their hashes: finding it
# again by two joins took longer than ordering
_CARRIED = """, v.carer_ref, visit_date, service_month, hash(provider_id) AS provider, x_m, y_m, hash(client_ref) AS client, CASE WHEN building_ref IS
  NOT NULL THEN hash(building_ref) END AS building, CASE WHEN household_ref IS NOT NULL THEN hash(household_ref) END
  AS household"""
_PREVIOUS = """visit_id, carer_ref, visit_date, service_month, lag(visit_id) OVER w AS previous_id,
  lag(end_utc) OVER w AS previous_end, sqrt((x_m - lag(x_m) OVER w) ** 2 + (y_m - lag(y_m) OVER w) ** 2) AS distance_m,
  lag(client) OVER w = client AS is_same_client, lag(provider) OVER w = provider AS is_same_provider,
  coalesce(lag(building) OVER w = building, false) AS is_same_building,
  coalesce(lag(household) OVER w = household, false) AS is_same_household,"""
# nearly every visit ends on the day it starts
_PARTNERS = """
CREATE OR REPLACE TEMP TABLE _pairs_{subject} AS
WITH late AS (SELECT *, start_utc::DATE AS day FROM _ordered_{subject} WHERE is_overlapping),
early AS (
  SELECT rid, subject, place, end_utc, start_utc::DATE AS day FROM _ordered_{subject}
  UNION ALL SELECT rid, subject, place, end_utc, unnest(generate_series(start_utc::DATE + INTERVAL 1 DAY,
    end_utc::DATE, INTERVAL 1 DAY))::DATE FROM _ordered_{subject} WHERE end_utc::DATE > start_utc::DATE
)
SELECT l.rid, e.rid AS other_rid, l.start_utc, least(l.end_utc, e.end_utc) AS until_utc
FROM late l JOIN early e ON e.subject = l.subject AND e.day = l.day AND e.end_utc > l.start_utc AND e.place < l.place
"""

# overlapping rows are found again by their number: numbers are quicker to join than ids
NEIGHBOURS = f"""
{_ORDERED.format(subject="carer", previous=_PREVIOUS, carried=_CARRIED)};
{_ORDERED.format(subject="client", previous="", carried="")};
{_PARTNERS.format(subject="carer")};
{_PARTNERS.format(subject="client")};
INSERT INTO core_visit_neighbours BY NAME
SELECT visit_id, carer_ref, visit_date, service_month, previous_id,
  {_MINUTES.format("previous_end", "start_utc")} AS gap_minutes, distance_m, is_same_client, is_same_provider,
  is_same_building, is_same_household, is_overlapping
FROM _ordered_carer WHERE previous_end > start_utc - INTERVAL 1 DAY;
CREATE OR REPLACE TABLE core_visit_overlaps AS
SELECT a.subject, v.visit_id, p.visit_id AS other_id, v.service_month, {_MINUTES.format("a.start_utc", "a.until_utc")} AS
  overlap_minutes, {_SAME.format("p")}, coalesce(p.carer_ref = v.carer_ref, false) AS is_same_carer,
  coalesce(v.pair_visit_id = p.visit_id OR p.pair_visit_id = v.visit_id, false) AS is_pair
FROM (SELECT 'carer' AS subject, * FROM _pairs_carer UNION ALL SELECT 'client', * FROM _pairs_client) a
  JOIN core_visits v ON v.rowid = a.rid JOIN core_visits p ON p.rowid = a.other_rid
WHERE a.until_utc > a.start_utc;
DROP TABLE _subjects;
DROP TABLE _ordered_carer;
DROP TABLE _ordered_client;
DROP TABLE _pairs_carer;
DROP TABLE _pairs_client
"""
