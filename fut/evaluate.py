"""Run indicators: bind their SQL to empty contract tables, evaluate them over months at once, count what was tested."""

import json
from collections.abc import Iterable
from typing import Any

import duckdb

from fut.contract import contract, load_contracts
from fut.drawn import fill
from fut.errors import ConfigError
from fut.indicator import REQUIRED_RESULT, RESULT_COLUMNS, Indicator
from fut.limits import in_force
from fut.sql import literal

MOST_EVIDENCE = 20
"""How many payments of its own a flag points at where its SELECT does not choose."""


def empty_core(connection: duckdb.DuckDBPyConnection) -> None:
    """Create every core table, empty, from its contract."""
    for stated in load_contracts("core").values():
        connection.execute(stated.ddl())


def bind(connection: duckdb.DuckDBPyConnection, indicator: Indicator) -> tuple[str, ...]:
    """Return the columns the SELECT gives; raises ConfigError when it does not bind or a column is missing."""
    values = indicator.parameters()
    if unknown := (indicator.used_parameters() | indicator.scope.used_parameters()) - set(values):
        raise ConfigError(f"indicator {indicator.code}: parameter '{min(unknown)}' is used but not stated")
    try:
        columns = tuple(_relation(connection, indicator, values).columns)
    except duckdb.Error as error:
        raise ConfigError(f"indicator {indicator.code}: {str(error).splitlines()[0]}") from None
    for name in REQUIRED_RESULT:
        if name not in columns:
            raise ConfigError(f"indicator {indicator.code}: the SELECT gives no '{name}'")
    for name in columns:
        if name not in RESULT_COLUMNS:
            raise ConfigError(f"indicator {indicator.code}: '{name}' is no result column")
    return columns


def columns_read(connection: duckdb.DuckDBPyConnection, indicator: Indicator) -> dict[str, list[str]]:
    """Return the columns of each core table the SELECT reads, found by planning it over empty tables."""
    plan = connection.execute(
        f"EXPLAIN (FORMAT json) {indicator.sql}", _used(indicator, indicator.parameters())
    ).fetchall()
    found: dict[str, set[str]] = {}
    stack: list[Any] = [json.loads(row[1]) for row in plan]
    while stack:
        node = stack.pop()
        if isinstance(node, list):
            stack.extend(node)
            continue
        stack.extend(node.get("children", []))
        extra = node.get("extra_info", {})
        table = str(extra.get("Table", "")).split(".")[-1]
        if table.startswith("core_"):
            projected = extra.get("Projections", [])
            # a scan that only counts rows projects a column without a name
            found.setdefault(table, set()).update(
                filter(None, [projected] if isinstance(projected, str) else projected)
            )
    return {table: sorted(names) for table, names in sorted(found.items())}


def run_example(connection: duckdb.DuckDBPyConnection, indicator: Indicator) -> tuple[dict[str, str], dict[str, str]]:
    """Return what the drawn example flags and shows, as `Indicator.flags` and `shown` state it.

    Nothing is kept: the example stands inside a transaction rolled back.
    """
    connection.execute("BEGIN")
    try:
        fill(connection, indicator.example)
        relation = _complete(connection, indicator, indicator.parameters())
        rows = connection.execute(
            f"SELECT subject_key, amount_at_risk_sek, verdict, explained_by, value, compared, evidence FROM ({relation}) ORDER BY ALL",
            _used(indicator, indicator.parameters()),
        ).fetchall()
    except duckdb.Error as error:
        raise ConfigError(f"indicator {indicator.code}, example: {str(error).splitlines()[0]}") from None
    finally:
        connection.execute("ROLLBACK")
    flags = {key: f"explained: {why}" if verdict == "explained" else str(kr) for key, kr, verdict, why, *_ in rows}
    shown = {
        key: f"{'-' if value is None else format(value, '.12g')}"
        f"{'' if compared is None else f' ({compared:.12g})'} | {' '.join(evidence)}"
        for key, *_, value, compared, evidence in rows
    }
    return flags, shown


def evaluate(
    connection: duckdb.DuckDBPyConnection, indicator: Indicator, months: Iterable[str], values: dict[str, Any]
) -> int:
    """Replace the indicator's flags of the months in out_flags and out_flag_payments; return how many there are.

    Flag identity is a hash of code, subject, period and business key: the same fact gives the same flag whenever
    and from whatever line it is read.
    """
    asked, code = sorted(months), indicator.code
    wanted = ", ".join(f"'{month}'" for month in asked)
    earlier = f"FROM out_flags WHERE indicator = '{code}' AND service_month IN ({wanted})"
    if connection.execute(f"SELECT 1 {earlier} LIMIT 1").fetchone():
        connection.execute(f"DELETE FROM out_flag_payments WHERE flag_id IN (SELECT flag_id {earlier})")
        connection.execute(f"DELETE {earlier}")
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE _hits AS SELECT left(sha256(concat_ws('|', '{code}', subject_key, "
        f"service_month, business_key)), 20) AS flag_id, * FROM ({_complete(connection, indicator, values)}) "
        f"WHERE service_month IN ({wanted}) "
        "QUALIFY row_number() OVER (PARTITION BY subject_key, service_month, business_key ORDER BY "
        "abs(amount_at_risk_sek) DESC, evidence) = 1",
        _used(indicator, values),
    )
    stated = _stated(connection, indicator, asked, values)
    connection.execute(
        f"INSERT INTO out_flags BY NAME SELECT flag_id, '{code}' AS indicator, '{indicator.evidence_class}' AS "
        f"evidence_class, '{indicator.subject}' AS subject_type, subject_key AS subject_id, "
        "CASE WHEN len(payments) = 1 THEN payments[1].payment_id END AS payment_id, service_month, value, "
        "compared, amount_at_risk_sek, verdict, explained_by, missing_field, evidence, "
        f"{stated} AS parameters, '{indicator.digest}' AS code_version FROM _hits"
    )
    connection.execute(
        "INSERT INTO out_flag_payments SELECT flag_id, p.payment_id, sum(p.amount_at_risk_sek) "
        "FROM (SELECT flag_id, unnest(payments) AS p FROM _hits) GROUP BY ALL"
    )
    row = connection.execute("SELECT count(*) FROM _hits").fetchone()
    return int(row[0]) if row else 0


def measure_coverage(
    connection: duckdb.DuckDBPyConnection,
    indicator: Indicator,
    months: Iterable[str],
    missing: tuple[str, ...],
    counted: dict[str, str] | None = None,
    values: dict[str, Any] | None = None,
) -> None:
    """Replace the indicator's rows of out_coverage: tested and untested rows and kronor, status, fire rate.

    `missing` are the fields no delivery had: with any of them the indicator is not applicable, never zero. `counted`
    holds the temporary tables of scopes counted before, for indicators that share one; `values` are the parameters.
    """
    scope, asked = indicator.scope.bound(values or indicator.parameters()), sorted(months)
    wanted = ", ".join(f"'{month}'" for month in asked)
    testable = "FALSE" if missing else f"({scope.testable})"
    opens = [*missing] or ([scope.missing] if scope.missing else [])
    listed = "[" + ", ".join(f"'{name}'" for name in opens) + "]::VARCHAR[]"
    by_row = "NULL" if missing else scope.opens or "NULL"
    counts = (
        "SELECT month, sum(n) FILTER (is_tested) AS rows_tested, sum(n) FILTER (NOT is_tested) AS rows_untested, "
        "sum(sek) FILTER (is_tested) AS sek_tested, sum(sek) FILTER (NOT is_tested) AS sek_untested, "
        "list_sort(list_distinct(flatten(list(opens) FILTER (NOT is_tested AND opens IS NOT NULL)))) AS opens FROM "
        f"(SELECT {scope.month} AS month, coalesce({testable}, FALSE) AS is_tested, count(*) AS n, sum({scope.amount}) "
        f"AS sek, ({by_row})::VARCHAR[] AS opens FROM {scope.table} WHERE {scope.month} BETWEEN '{asked[0]}' AND '{asked[-1]}' AND ({scope.where}) "
        "GROUP BY ALL) GROUP BY 1"
    )
    known = {} if counted is None else counted
    if counts not in known:
        connection.execute(f"CREATE OR REPLACE TEMP TABLE _scope_{len(known)} AS {counts}")
        known[counts] = f"_scope_{len(known)}"
    connection.execute(
        f"DELETE FROM out_coverage WHERE indicator = '{indicator.code}' AND month IN ({wanted});"
        f"INSERT INTO out_coverage BY NAME WITH flagged AS (SELECT service_month AS month, count(*) AS flags, "
        "count(*) FILTER (verdict = 'contradiction') AS hits FROM "
        f"out_flags WHERE indicator = '{indicator.code}' AND service_month IN ({wanted}) GROUP BY 1) "
        f"SELECT '{indicator.code}' AS indicator, m.month, CASE WHEN coalesce(rows_tested, 0) = 0 THEN "
        "'not_applicable' WHEN coalesce(flags, 0) > 0 THEN 'flagged' ELSE 'clean' END AS status, "
        "coalesce(rows_tested, 0) AS rows_tested, coalesce(rows_untested, 0) AS rows_untested, "
        "coalesce(sek_tested, 0) AS sek_tested, coalesce(sek_untested, 0) AS sek_untested, "
        f"CASE WHEN coalesce(rows_untested, 0) > 0 OR coalesce(rows_tested, 0) = 0 THEN coalesce(opens, {listed}) "
        "ELSE [] END AS missing, CASE WHEN rows_tested > 0 THEN round(coalesce(hits, 0) / rows_tested, 6) END AS fire_rate "
        f"FROM (SELECT unnest([{wanted}]) AS month) m LEFT JOIN {known[counts]} USING (month) LEFT JOIN flagged "
        "USING (month)"
    )
    if counted is None:
        connection.execute(f"DROP TABLE {known[counts]}")


def count_eligible(connection: duckdb.DuckDBPyConnection) -> None:
    """Write beside each flag how many rows its indicator tested that month."""
    connection.execute(
        "UPDATE out_flags SET eligible = c.rows_tested FROM out_coverage c WHERE c.indicator = out_flags.indicator "
        "AND c.month = service_month AND eligible IS DISTINCT FROM c.rows_tested"
    )


def prepare_out(connection: duckdb.DuckDBPyConnection) -> None:
    """Create the out tables evaluation writes to, when they do not exist."""
    for table in ("flags", "flag_payments", "coverage"):
        connection.execute(contract("out", table).ddl())


def _used(indicator: Indicator, values: dict[str, Any]) -> dict[str, Any]:
    return {name: values[name] for name in indicator.used_parameters()}


def _stated(
    connection: duckdb.DuckDBPyConnection, indicator: Indicator, months: list[str], values: dict[str, Any]
) -> str:
    """Return the expression of what a flag was reckoned with: parameters, and the dated values in force in its month."""

    def said(known: dict[str, Any]) -> str:
        return literal(json.dumps(known, sort_keys=True, ensure_ascii=False))

    if not indicator.limits:
        return said(values)
    parts = (
        f"WHEN {literal(month)} THEN {said(values | in_force(connection, indicator.limits, month))}" for month in months
    )
    return f"CASE service_month {' '.join(parts)} END"


def _relation(
    connection: duckdb.DuckDBPyConnection, indicator: Indicator, values: dict[str, Any]
) -> duckdb.DuckDBPyRelation:
    return connection.sql(f"SELECT * FROM ({indicator.sql}) LIMIT 0", params=_used(indicator, values))


def _complete(connection: duckdb.DuckDBPyConnection, indicator: Indicator, values: dict[str, Any]) -> str:
    given = _relation(connection, indicator, values).columns
    own = "[{'payment_id': subject_key, 'amount_at_risk_sek': amount_at_risk_sek::DECIMAL(14,2)}]"
    defaults = {
        "business_key": "''",
        "payments": own if indicator.subject == "payment" else "[]",
        "evidence": f"list_transform(payments[:{MOST_EVIDENCE}], lambda x: x.payment_id)"
        if "payments" in given
        else "[subject_key]",
        "verdict": "'contradiction'",
    }
    chosen = [
        f"({name if name in given else defaults.get(name, 'NULL')})::{kind} AS {name}"
        for name, kind in RESULT_COLUMNS.items()
    ]
    return f"SELECT {', '.join(chosen)} FROM ({indicator.sql})"
