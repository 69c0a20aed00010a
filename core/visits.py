"""Visits as core keeps them: one row each, lengths free of clock changes, and where the client lived on the date.

A visit delivered again, in the same file or a later one, is read as it was delivered last. Two systems may number
visits alike: a number that stands for another client in another source or at another provider is another visit. Within
one source and provider nothing tells them apart, so that numbers used for several visits are refused.
"""

import duckdb

from core.shared_numbers import WORST
from fut.accepted import LATEST, accepted
from fut.clocks import is_hour_twice, last_sunday
from fut.errors import InputError

# minutes east of UTC where the source does not say: summer time runs from 02:00 on the last Sunday of March to
# 03:00 on the last Sunday of October (Directive 2000/84/EC)
_OFFSET = (
    f"CASE WHEN month({{0}}) BETWEEN 4 AND 9 OR (month({{0}}) = 3 AND {{0}} >= {last_sunday('{0}', 3)} + INTERVAL 2 "
    f"HOUR) OR (month({{0}}) = 10 AND {{0}} < {last_sunday('{0}', 10)} + INTERVAL 3 HOUR) THEN 120 ELSE 60 END"
)
_START = f"actual_start - to_minutes(coalesce(utc_offset_start, {_OFFSET.format('actual_start')}))"
# an end by the clock before its start, in the hour that comes twice, lies in the second
_TURNED = f"CASE WHEN actual_end < actual_start AND {is_hour_twice('actual_end')} AND {is_hour_twice('actual_start')} THEN 60 END"
_END = f"actual_end - to_minutes(coalesce(utc_offset_end, {_TURNED}, {_OFFSET.format('actual_end')}))"
_BY_HAND = "('manual', 'edited')"

_NUMBERED_BY = "concat_ws(' ', provider_id, _source)"

VISITS = f"""
CREATE OR REPLACE TEMP TABLE _visit_again AS
SELECT visit_id FROM {accepted("visits")} GROUP BY 1 HAVING count(*) > 1;
CREATE OR REPLACE TEMP TABLE _visit_versions AS
SELECT r.visit_id, r.rowid AS rid, {_NUMBERED_BY} AS system, client_ref,
  row_number() OVER (PARTITION BY r.visit_id ORDER BY {LATEST}) AS delivered
FROM {accepted("visits")} SEMI JOIN _visit_again a ON a.visit_id = r.visit_id;
CREATE OR REPLACE TEMP TABLE _visit_latest AS
WITH first AS (
  SELECT visit_id, arg_min({{'system': system, 'client': client_ref}}, {{'system': system, 'delivered': delivered}}) AS one
  FROM _visit_versions GROUP BY 1
)
SELECT visit_id, CASE WHEN system <> one.system AND client_ref IS DISTINCT FROM one.client THEN system END AS other,
  arg_max(rid, delivered) AS rid, count(*)::INTEGER AS deliveries FROM _visit_versions JOIN first USING (visit_id)
GROUP BY 1, 2;
CREATE OR REPLACE TEMP TABLE _doubled AS
SELECT DISTINCT client_ref, service, valid_from, coalesce(valid_to, DATE '9999-12-31') AS valid_to
FROM core_decisions WHERE double_staffed;
CREATE OR REPLACE TEMP TABLE _double_dates AS
SELECT DISTINCT t.client_ref, t.service, visit_date
FROM (SELECT DISTINCT client_ref, service, coalesce(actual_start, planned_start)::DATE AS visit_date FROM raw_visits
  SEMI JOIN _doubled USING (client_ref, service)) t
JOIN _doubled d ON d.client_ref = t.client_ref AND d.service = t.service AND visit_date BETWEEN d.valid_from AND d.valid_to;
INSERT INTO core_visits BY NAME
WITH homes AS (
  SELECT *, lead(valid_from) OVER (PARTITION BY client_ref ORDER BY valid_from) AS next_from FROM core_clients
), timed AS (
  SELECT r.*, r.rowid AS rid, coalesce(actual_start, planned_start)::DATE AS visit_date, {_START} AS from_utc, {_END} AS until_utc
  FROM {accepted("visits")} ANTI JOIN (FROM _visit_versions ANTI JOIN _visit_latest USING (rid)) o ON o.rid = r.rowid
)
SELECT concat_ws(' ', t.visit_id, l.other) AS visit_id, t.client_ref, provider_id, carer_ref, t.service, task, status, planned_start, planned_end,
  actual_start, actual_end,
  CASE WHEN status = 'performed' AND until_utc >= from_utc THEN from_utc END AS start_utc,
  CASE WHEN status = 'performed' AND until_utc >= from_utc THEN until_utc END AS end_utc,
  t.visit_date, strftime(t.visit_date, '%Y-%m') AS service_month,
  (greatest(coalesce(date_diff('second', from_utc, until_utc), 0), 0) / 60)::DECIMAL(18,4) AS registered_minutes,
  (greatest(coalesce(date_diff('second', planned_start, planned_end), 0), 0) / 60)::DECIMAL(18,4) AS planned_minutes,
  start_method, end_method, coalesce(start_method IN {_BY_HAND}, false) OR coalesce(end_method IN {_BY_HAND}, false)
    AS is_manual,
  registered_at, edited_at, distance_start_m, distance_end_m, device_ref, double_staffed,
  coalesce(pair_visit_id || ' ' || p.other, pair_visit_id) AS pair_visit_id, decision_id, billable_minutes, planned_carer_ref, c.x_m, c.y_m, start_x_m,
  start_y_m, c.building_ref, c.household_ref, c.area_type, d.visit_date IS NOT NULL AS is_double_granted,
  coalesce(l.deliveries, 1) AS deliveries, _source_file AS source_file, _source_line AS source_line
FROM timed t LEFT JOIN homes c ON c.client_ref = t.client_ref AND t.visit_date >= c.valid_from
  AND t.visit_date < coalesce(c.next_from, DATE '9999-12-31')
LEFT JOIN _double_dates d ON d.client_ref = t.client_ref AND d.service = t.service AND d.visit_date = t.visit_date
LEFT JOIN _visit_latest l ON l.rid = t.rid LEFT JOIN _visit_latest p ON p.visit_id = pair_visit_id AND p.other = {_NUMBERED_BY};
DROP TABLE _visit_again;
DROP TABLE _visit_latest;
DROP TABLE _visit_versions;
DROP TABLE _doubled;
DROP TABLE _double_dates
"""

# a correction changes the client of a visit, or when it was, and seldom both in most of what it delivers again
_SHARED = f"""
SELECT c.source_file, r._source_file AS other_file, count(*) FILTER (c.client_ref <> r.client_ref
    AND coalesce(c.actual_start, c.planned_start) <> coalesce(r.actual_start, r.planned_start)) AS others, count(*) AS again
FROM {accepted("visits")} JOIN (FROM core_visits WHERE deliveries > 1) c ON c.visit_id = r.visit_id
  AND c.provider_id = r.provider_id AND (c.source_file, c.source_line) <> (r._source_file, r._source_line)
{WORST}
"""


def refuse_shared_numbers(connection: duckdb.DuckDBPyConnection) -> None:
    """Raise InputError when one number stands for several visits: all but the last would be lost. Needs core_visits."""
    row = connection.execute(_SHARED).fetchone()
    if row:
        kept, other, others, again = row
        raise InputError(
            f"{kept}: {others} of the {again} numbers in visit_id that are in {other} too stand for other clients at other "
            "times, and would replace these; give each installation a source of its own in the settings, and a provider_id "
            "of its own where it has one"
        )
