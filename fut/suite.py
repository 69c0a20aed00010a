"""From a raw contract to a Great Expectations suite, as a plain dictionary: what is promised of a delivery.

A suite judges the rows in force, the relation `{batch}`, together with what the generated validation query said of
them. Whoever runs it gives two more relations: `verdicts` (a row per failing row and rule, as in `quarantine`) and
`allowed`, one row with `quarantine_block_share`. Row rules pass while the share of failing rows is within it, so one
bad row stops nothing; a table that lost its rows, or verdicts that are not those of these rows, never pass.
"""

import re
from typing import Any

from fut.contract import RAW_META, Contract
from fut.twice import REPEATED

GX_VERSION = "1.24.1"
PASSING_SHARE = {"$PARAMETER": "passing_share"}
_SEVERITY = {"error": "critical", "warning": "warning"}
_ALLOWED = "(SELECT quarantine_block_share FROM allowed) * (SELECT count(*) FROM {batch})"

_RESERVED = ("at",)
"""Columns whose names DuckDB reserves and Great Expectations does not put in quotation marks."""


def suite(contract: Contract) -> dict[str, Any]:
    """Return the suite of a raw contract in Great Expectations' own JSON form; each expectation has a unique name."""
    failing = f"FROM verdicts WHERE \"table\" = '{contract.table}'"
    found = [
        _expectation(
            "not_emptied",
            "The delivery holds rows.",
            "error" if contract.amount else "warning",
            "expect_table_row_count_to_be_between",
            min_value=1,
        ),
        _expectation(
            "columns",
            "The table has the columns its contract states.",
            "error",
            "expect_table_columns_to_match_set",
            column_set=sorted([*contract.names, *RAW_META]),
            exact_match=True,
        ),
        _query(
            "verdicts_current",
            "The verdicts are those of these rows: every row rule, counted again, gives the same number.",
            "error",
            _recount(contract),
        ),
        _query(
            "quarantine_share",
            "The share of rows that break an error rule is within what the settings allow.",
            "error",
            f"SELECT count(*) AS failing FROM (SELECT DISTINCT source_file, source_line {failing} AND severity = "
            f"'error' AND rule <> '{REPEATED}') HAVING count(*) > {_ALLOWED}",
        ),
        _rule("unreadable", "Every cell can be read.", "error", f"{failing} AND rule LIKE 'unreadable:%'"),
    ]
    for column in contract.columns:
        if column.required:
            name, said = f"missing:{column.name}", f"{column.name} is given."
            if column.name in _RESERVED:
                found.append(_rule(name, said, "error", f"{failing} AND rule = '{_literal(name)}'"))
                continue
            found.append(_column(name, said, "expect_column_values_to_not_be_null", column=column.name))
        if values := column.said("values"):
            name, said = f"value:{column.name}", f"{column.name} has a known value."
            kwargs = {"column": column.name, "value_set": [str(v) for v in values]}
            found.append(_column(name, said, "expect_column_values_to_be_in_set", **kwargs))
    written = [q for c in contract.columns for q in c.quality] + list(contract.rules)
    for quality in written:
        if quality.predicate:
            found.append(
                _rule(quality.name, quality.description, quality.severity, f"{failing} AND rule = '{quality.name}'")
            )
        else:
            query = (
                f"WITH delivered AS (SELECT * FROM {{batch}}), counted(n) AS ({_literal(quality.query)}) "
                f"SELECT n FROM counted WHERE n <> {quality.must_be}"
            )
            found.append(
                _query(quality.name, quality.description, quality.severity, query.replace("{{table}}", "delivered"))
            )
    return {
        "name": contract.physical,
        "expectations": found,
        "meta": {"great_expectations_version": GX_VERSION, "contract": contract.table, "version": contract.version},
        "notes": contract.description,
    }


def _recount(contract: Contract) -> str:
    """Return the query of row rules whose failing rows in {batch} are not as many as in `verdicts`."""
    rules = contract.row_rules()
    names = ", ".join(f"'{name}'" for name, _, _ in rules)
    counts = ", ".join(f"count(*) FILTER ({_literal(condition)})" for _, _, condition in rules)
    if not rules:
        return "SELECT 1 FROM {batch} WHERE false"
    return (
        f"SELECT rule FROM (SELECT unnest([{names}]) AS rule, unnest([{counts}]) AS n FROM {{batch}}) LEFT JOIN "
        f"(SELECT rule, count(*) AS said FROM verdicts WHERE \"table\" = '{contract.table}' GROUP BY rule) "
        "USING (rule) WHERE n <> coalesce(said, 0)"
    )


def _rule(name: str, said: str, severity: str, failing: str) -> dict[str, Any]:
    return _query(name, said, severity, f"SELECT count(*) AS failing {failing} HAVING count(*) > {_ALLOWED}")


def _query(name: str, said: str, severity: str, query: str) -> dict[str, Any]:
    return _expectation(name, said, severity, "unexpected_rows_expectation", unexpected_rows_query=query)


def _column(name: str, said: str, kind: str, **kwargs: Any) -> dict[str, Any]:
    return _expectation(name, said, "error", kind, **kwargs, mostly=PASSING_SHARE)


def _expectation(name: str, said: str, severity: str, kind: str, **kwargs: Any) -> dict[str, Any]:
    return {
        "type": kind,
        "kwargs": kwargs,
        "meta": {"rule": name, "severity": severity},
        "severity": _SEVERITY[severity],
        "description": said,
    }


def _literal(sql: str) -> str:
    """Return SQL whose braces and colons stand for themselves: `{batch}` and `:name` are filled in before it runs."""
    return re.sub(r"(?<![:\w\\]):(?=\w)", r"\:", sql.replace("{", "{{").replace("}", "}}"))
