"""Suites: what a raw contract promises of a delivery, and that the promise tells good rows from bad ones."""

import json
import tomllib
from pathlib import Path

import duckdb
import pytest

from fut.contract import Contract, Quality, contract, load_contracts
from fut.suite import GX_VERSION, suite

ROOT = Path(__file__).resolve().parents[2]


def expectation(stated: dict, rule: str) -> dict:
    return next(e for e in stated["expectations"] if e["meta"]["rule"] == rule)


def failing(stated: dict, rule: str, connection: duckdb.DuckDBPyConnection, batch: str = "rows") -> int:
    """Return how many rows the expectation's query gives, filled in as Great Expectations does."""
    query = expectation(stated, rule)["kwargs"]["unexpected_rows_query"].format(batch=batch).replace("\\:", ":")
    return len(connection.execute(query).fetchall())


@pytest.mark.parametrize("table", sorted(load_contracts("raw")))
def test_every_rule_of_a_contract_is_an_expectation_with_a_name_of_its_own(table: str) -> None:
    stated, source = suite(contract("raw", table)), contract("raw", table)
    names = [e["meta"]["rule"] for e in stated["expectations"]]
    assert len(names) == len(set(names))
    rules = {name for name, _, _ in source.row_rules()} | {q.name for q in source.table_rules()}
    assert rules | {"not_emptied", "columns", "verdicts_current", "quarantine_share", "unreadable"} == set(names)
    for e in stated["expectations"]:
        assert e["description"]
        assert e["severity"] == {"error": "critical", "warning": "warning"}[e["meta"]["severity"]]
    assert stated == json.loads(json.dumps(stated))


@pytest.mark.parametrize("table", sorted(load_contracts("raw")))
def test_every_query_runs_on_an_empty_table(table: str) -> None:
    stated, source = suite(contract("raw", table)), contract("raw", table)
    with duckdb.connect() as connection:
        prepare(connection, source)
        connection.execute(source.ddl())
        queries = [e["meta"]["rule"] for e in stated["expectations"] if e["type"] == "unexpected_rows_expectation"]
        assert queries
        assert {rule: failing(stated, rule, connection) for rule in queries} == dict.fromkeys(queries, 0)


def prepare(connection: duckdb.DuckDBPyConnection, source: Contract, share: float = 0.02) -> None:
    connection.execute(source.ddl("rows"))
    connection.execute(f"CREATE TABLE allowed AS SELECT {share} AS quarantine_block_share")
    connection.execute(
        'CREATE TABLE verdicts (source_file VARCHAR, source_line BIGINT, rule VARCHAR, severity VARCHAR, "table" VARCHAR)'
    )


@pytest.mark.parametrize(("bad", "given"), [(0, 0), (2, 0), (3, 1)])
def test_a_row_rule_gives_a_row_only_above_the_share(bad: int, given: int) -> None:
    source = contract("raw", "ap_postings")
    with duckdb.connect() as connection:
        prepare(connection, source)
        connection.execute(
            "INSERT INTO rows BY NAME SELECT 'f' AS _source_file, i AS _source_line FROM range(100) t(i)"
        )
        connection.execute(
            f"INSERT INTO verdicts SELECT 'f', i, 'credit_sign', 'error', 'ap_postings' FROM range({bad}) t(i)"
        )
        connection.execute("INSERT INTO verdicts SELECT 'f', i, 'credit_sign', 'error', 'limits' FROM range(50) t(i)")
        assert failing(suite(source), "credit_sign", connection) == given
        assert failing(suite(source), "quarantine_share", connection) == given
        assert failing(suite(source), "due_before_invoice", connection) == 0


def test_verdicts_that_are_not_of_these_rows_show() -> None:
    source = contract("raw", "approvals")
    stated = suite(source)
    with duckdb.connect() as connection:
        prepare(connection, source)
        connection.execute("INSERT INTO rows BY NAME SELECT 'f' AS _source_file, 1 AS _source_line")
        missing = [name for name, _, _ in source.row_rules() if name.startswith("missing:")]
        assert failing(stated, "verdicts_current", connection) == len(missing)
        for name in missing:
            connection.execute(f"INSERT INTO verdicts VALUES ('f', 1, '{name}', 'error', 'approvals')")
        assert failing(stated, "verdicts_current", connection) == 0


def test_a_rule_about_the_table_as_a_whole_is_asked_of_the_delivery() -> None:
    rule = Quality(
        name="enough", description="At least one row.", query="SELECT count(*) * 0 + 1 FROM {table}", must_be=0
    )
    source = Contract(**(vars(contract("raw", "limits")) | {"rules": (rule,)}))
    source_query = expectation(suite(source), "enough")["kwargs"]["unexpected_rows_query"]
    assert "{batch}" in source_query
    assert "delivered" in source_query
    assert "{{table}}" not in source_query


def test_braces_and_colons_of_a_rule_stand_for_themselves() -> None:
    rule = Quality(
        name="odd", description="Odd.", query="SELECT COUNT(*) FROM {table} WHERE role LIKE '{x}' AND kind <> ' :y'"
    )
    source = Contract(**(vars(contract("raw", "limits")) | {"rules": (rule,)}))
    query = expectation(suite(source), "verdicts_current")["kwargs"]["unexpected_rows_query"]
    assert "'{x}'" in query.format(batch="rows")
    assert "\\:y" in query


def test_the_suite_names_the_version_that_is_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert f"great-expectations=={GX_VERSION}" in project["dependencies"]
