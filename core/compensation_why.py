"""Which rule explains a line paid otherwise: the line is recomputed with one rule changed at a time, to the öre."""

from dataclasses import dataclass

import duckdb

from core.compensation_lines import BILLED
from core.compensation_steps import IS_PAYING, STEPS, VALUE
from core.compensation_tariff import HOUR, ONE_RULE, SHARE, half_up

_COPIES = 64


@dataclass(frozen=True)
class Change:
    """One way to read the rules wrongly: `sets` replaces columns of `_rules` where client-months meet `where`."""

    why: str
    sets: str = ""
    where: str = "true"
    drops_cap: bool = False


def _rounded(how: str, minutes: int, scope: str = "visit") -> Change:
    return Change("rounding", f"'{how}' AS rounding, {minutes * SHARE} AS step_bp, '{scope}' AS scope")


CHANGES = (
    Change("cap", where="is_cut", drops_cap=True),
    Change("declined", f"{SHARE} AS declined_share", "has_declined"),
    Change("declined", "0 AS declined_share", "has_declined"),
    Change(
        "absence",
        f"{SHARE} AS absence_share_day_1, {SHARE} AS absence_share_later, {SHARE} AS absence_days, {SHARE} AS unknown_share",
        "has_absent",
    ),
    Change("absence", "0 AS absence_share_day_1, 0 AS absence_share_later", "has_absent"),
    Change("double_staffing", "true AS is_any_second", "has_second"),
    Change("double_staffing", f"{SHARE} AS factor", "has_second"),
    Change("double_staffing", f"{2 * SHARE} AS factor, true AS is_any_second", "has_second"),
    Change("cohabitants", "NULL::BIGINT AS cohabitant_share", "has_couple"),
    Change("flat", "NULL::BIGINT AS flat_bp"),
    Change("minimum", "0 AS minimum_bp"),
    *(_rounded(how, minutes) for minutes in (5, 10, 15, 30) for how in ("up", "nearest")),
    Change("rounding", "'none' AS rounding"),
    Change("rounding", "'visit' AS scope"),
    Change("rounding", "'day' AS scope"),
    Change("rounding", "'client_month' AS scope"),
    Change("basis", "'planned' AS basis"),
    Change("basis", "'performed' AS basis"),
)

# lines that can be explained at all: recalculated, not settled, the first of their key
_TARGETS = """
CREATE OR REPLACE TEMP TABLE _why (n BIGINT, why VARCHAR);
CREATE OR REPLACE TEMP TABLE _targets AS
SELECT j.n, j.g, j.amount_ore, j.due_ore, j.minutes, g.service, g.rule FROM _judged j JOIN _group_rules g USING (g)
WHERE j.amount_ore <> j.right_ore AND j.n = j.first_n AND j.due_ore IS NOT NULL;
INSERT INTO _why SELECT n, CASE WHEN n <> first_n AND right_ore <= 0 AND amount_ore > 0 THEN 'duplicate_line'
  WHEN n <> first_n THEN 'unexplained' WHEN is_unvisited THEN 'no_decision'
  WHEN coalesce(ruled, 0) < coalesce(group_visits, 0) THEN 'no_rule' ELSE 'missing_visits' END
FROM _judged WHERE amount_ore <> right_ore AND (n <> first_n OR due_ore IS NULL);
CREATE OR REPLACE TEMP TABLE _sums AS
SELECT t.n, sum(CASE WHEN k.unit = 'hour' THEN minute_bp ELSE quantity_bp * 60 END)::BIGINT AS base, sum(d.value)::BIGINT AS
  value, sum(d.visit_value)::BIGINT AS visit_value, max(d.price_ore) AS price_ore, bool_or(has_new_client) AS
  has_new_client, list(d.code) AS codes
FROM _targets t JOIN _links USING (n) JOIN _due d ON d.g = t.g AND d.code = _links.code JOIN _codes k ON k.code = d.code
GROUP BY t.n
"""

# the amount is the line's own minutes at the price that held
_OWN_MINUTES = f"abs(amount_ore * {HOUR} - (t.minutes * {SHARE})::BIGINT * price_ore) <= 50 * price_ore + {HOUR}"

_OTHERWISE = f"""
INSERT INTO _why
WITH prices AS (SELECT DISTINCT service, price_ore FROM _rates), others AS (
  SELECT t.n, 1 AS place, 'price' AS why, base * p.price_ore AS value FROM _targets t JOIN _sums USING (n)
    JOIN prices p USING (service) WHERE NOT coalesce({_OWN_MINUTES.replace("price_ore", "_sums.price_ore")}, false)
  UNION ALL SELECT t.n, 2, 'absence', s.value + (f.unreduced_bp - f.minute_bp) * f.price_ore
    FROM _targets t JOIN _sums s USING (n) JOIN _granted_parts f ON f.g = t.g AND list_contains(codes, f.code)
  UNION ALL SELECT t.n, 3, 'double_staffing', s.value + (f.single_bp - f.minute_bp) * f.price_ore
    FROM _targets t JOIN _sums s USING (n) JOIN _granted_parts f ON f.g = t.g AND list_contains(codes, f.code)
  UNION ALL SELECT t.n, 4, 'new_client', s.value + CASE WHEN has_new_client THEN -1 ELSE 1 END * r.new_client_minutes
    * {SHARE} * s.price_ore FROM _targets t JOIN _sums s USING (n) JOIN _rules r USING (rule) WHERE r.new_client_minutes > 0
  UNION ALL SELECT t.n, 5, 'duplicate_visit', s.value + c.copied_value FROM _targets t JOIN _sums s USING (n)
    JOIN (SELECT g, code, copied_value FROM _cells WHERE is_paying) c ON c.g = t.g AND list_contains(codes, c.code)
)
SELECT n, arg_min(why, place) FROM others JOIN _targets USING (n) WHERE amount_ore = {half_up("value", HOUR)} GROUP BY n
"""

_COPY_VISITS = f"""
CREATE OR REPLACE TEMP TABLE _x_groups AS
WITH open_groups AS (SELECT DISTINCT g FROM _targets ANTI JOIN _why USING (n)), marked AS (
  SELECT g, bool_or(has_declined) AS has_declined, bool_or(has_absent) AS has_absent, bool_or(has_second) AS has_second,
    bool_or(has_couple) AS has_couple FROM _cells SEMI JOIN open_groups USING (g) GROUP BY g
), cut AS (SELECT DISTINCT g, true AS is_cut FROM _cut JOIN _weighed USING (rid))
SELECT g, unnest(list_filter([{{cases}}], c -> c IS NOT NULL)) AS copy FROM marked LEFT JOIN cut USING (g);
CREATE OR REPLACE TEMP TABLE _x_caps AS
SELECT g * {_COPIES} + copy AS g, cap_bp FROM _caps JOIN _x_groups USING (g) WHERE copy NOT IN ({{uncapped}});
CREATE OR REPLACE TEMP TABLE _x_v AS
SELECT v.rid * {_COPIES} + copy AS rid, visit_row, visit_id, g * {_COPIES} + copy AS g, rule + copy * {ONE_RULE} AS rule, rate,
  date, start, status, registered_bp, planned_bp, second, deliveries
FROM _v v JOIN _x_groups USING (g) WHERE rule IS NOT NULL
"""

# a rounding is how a provider is paid: it is believed where it explains at least as many of the provider's lines of the
# service and month as are paid right, for some rounding fits nearly any few minutes; of several changes, the one that
# explains most of these lines is named
_COMPARE = f"""
CREATE OR REPLACE TEMP TABLE _fits AS
WITH valued AS (
  SELECT w.g // {_COPIES} AS g, w.g % {_COPIES} AS copy, e.code, sum({VALUE})::BIGINT AS value
  FROM {BILLED.format(x="_x")} WHERE {IS_PAYING} GROUP BY ALL
), lined AS (
  SELECT k.n, v.copy, sum(v.value)::BIGINT AS visit_value FROM valued v JOIN _links k USING (g, code) GROUP BY ALL
)
SELECT n, copy, [{", ".join(f"'{c.why}'" for c in CHANGES)}][copy] AS why, provider_id, service, month FROM lined l
JOIN _sums s USING (n) JOIN _targets t USING (n) JOIN _groups USING (g, service) ANTI JOIN _why y USING (n)
WHERE t.amount_ore = {half_up("s.value - s.visit_value + l.visit_value", HOUR)};
INSERT INTO _why
WITH votes AS (SELECT provider_id, service, month, copy, count(*) AS votes FROM _fits GROUP BY ALL), rights AS (
  SELECT provider_id, service, month, count(*) AS rights FROM _judged j JOIN _groups USING (g) SEMI JOIN _links USING (n)
  WHERE j.amount_ore = j.right_ore AND j.visits > 0 GROUP BY ALL
)
SELECT n, arg_min(why, (-votes, copy)) FROM _fits JOIN votes USING (provider_id, service, month, copy)
LEFT JOIN rights USING (provider_id, service, month)
WHERE why <> 'rounding' OR votes >= coalesce(rights, 0) GROUP BY n;
INSERT INTO _why
SELECT n, 'minutes' FROM _targets t JOIN _sums USING (n) ANTI JOIN _why USING (n)
WHERE {_OWN_MINUTES}
"""


def find_reasons(connection: duckdb.DuckDBPyConnection) -> None:
    """Build `_why`: n, why; lines that no single change explains have no row."""
    _run(connection, _TARGETS, _OTHERWISE)
    unexplained = connection.execute("SELECT count(*) FROM _targets ANTI JOIN _why USING (n)").fetchone()
    if unexplained == (0,):
        return
    cases = ", ".join(f"CASE WHEN {c.where} THEN {i} END" for i, c in enumerate(CHANGES, 1))
    uncapped = ", ".join(str(i) for i, c in enumerate(CHANGES, 1) if c.drops_cap)
    copies = [
        f"SELECT * REPLACE ({', '.join(filter(None, (f'rule + {i * ONE_RULE} AS rule', c.sets)))}) FROM _rules "
        f"WHERE rule < {ONE_RULE} AND basis <> 'granted'"
        for i, c in enumerate(CHANGES, 1)
    ]
    # a table that is read must not be written to at once
    connection.execute("CREATE OR REPLACE TEMP TABLE _changed AS " + " UNION ALL ".join(copies))
    connection.execute("INSERT INTO _rules FROM _changed")
    _run(connection, _COPY_VISITS.format(cases=cases, uncapped=uncapped))
    _run(connection, STEPS.format(x="_x"), _COMPARE)


def _run(connection: duckdb.DuckDBPyConnection, *scripts: str) -> None:
    for statement in (s for script in scripts for s in script.split(";")):
        connection.execute(statement)
