"""A warehouse of an earlier version gets today's columns, and the files that fill them are read again."""

import re

import duckdb
import pytest

from fut.contract import contract, load_contracts
from fut.errors import StoreError
from fut.inbox import DELIVERIES, REPAIRS
from fut.upgrade import LASTING, bring_up, is_today, keep
from models.learned import TABLE as ERASED
from models.scores import TABLE as SCORES
from tests.fut.inbox_tools import Inbox, posting, spec_file


def described(connection: duckdb.DuckDBPyConnection, table: str) -> list[tuple[str, str]]:
    return [row[:2] for row in connection.execute(f"DESCRIBE {table}").fetchall()]


def test_a_table_as_its_contract_states_is_left_alone() -> None:
    tables = [c for layer in LASTING for c in load_contracts(layer).values()]
    assert {"raw_ap_postings", "out_ranked_payments"} <= {c.physical for c in tables}
    with duckdb.connect() as connection:
        for table in tables:
            connection.execute(table.ddl())
            assert is_today(table, described(connection, table.physical))


def test_columns_are_added_dropped_and_retyped_and_rows_stay() -> None:
    limits = contract("raw", "limits")
    with duckdb.connect() as connection:
        connection.execute(limits.ddl())
        today = described(connection, "raw_limits")
        connection.execute(
            "INSERT INTO raw_limits (kind, amount_sek, _source_line) VALUES ('documentation', 100000, 2)"
        )
        connection.execute(
            "ALTER TABLE raw_limits DROP COLUMN valid_from;ALTER TABLE raw_limits ADD COLUMN old VARCHAR"
        )
        connection.execute("ALTER TABLE raw_limits ALTER amount_sek TYPE VARCHAR")
        bring_up(connection)
        assert described(connection, "raw_limits") == today
        told = connection.execute(
            "SELECT kind, amount_sek::VARCHAR, valid_from, _source_line FROM raw_limits"
        ).fetchall()
        assert told == [("documentation", "100000.00", None, 2)]


def test_rows_that_cannot_be_todays_are_told_in_one_line_without_their_values() -> None:
    with duckdb.connect() as connection:
        connection.execute("CREATE TABLE raw_limits AS SELECT 'hemlig' AS amount_sek")
        with pytest.raises(StoreError, match=r"^raw_limits: an earlier version's rows do not fit") as told:
            bring_up(connection)
        assert "hemlig" not in str(told.value)


def test_files_are_read_again_when_their_contract_reads_otherwise(inbox: Inbox) -> None:
    inbox.put("a.csv", spec_file(posting(1), posting(2)))
    inbox.load()
    fresh = inbox.raw("voucher_no", "supplier_name", "amount_sek")
    assert inbox.load().loaded == []
    inbox.rows("ALTER TABLE raw_ap_postings DROP COLUMN voucher_no")
    inbox.rows("UPDATE deliveries SET version = 'of another day'")
    assert inbox.load().loaded == ["a.csv"]
    assert inbox.raw("voucher_no", "supplier_name", "amount_sek") == fresh


@pytest.mark.parametrize(
    "ddl", [DELIVERIES, REPAIRS, ERASED, SCORES], ids=["deliveries", "repairs", "erased", "scores"]
)
def test_a_table_of_no_contract_gets_todays_columns_in_todays_order_and_keeps_its_rows(ddl: str) -> None:
    table = ddl.partition("(")[0].split()[-1]
    with duckdb.connect() as connection:
        connection.execute(ddl)
        today = described(connection, table)
        (key, _), (second, _), *others = today
        old = ", ".join(f'"{name}" {of}' for name, of in others)
        connection.execute(f'DROP TABLE {table};CREATE TABLE {table} ({old}, older INT, "{key}" VARCHAR PRIMARY KEY)')
        connection.execute(f"INSERT INTO {table} (\"{key}\", older) VALUES ('a', 7)")
        keep(connection, ddl)
        assert described(connection, table) == today
        assert connection.execute(f'SELECT "{key}", "{second}" FROM {table}').fetchall() == [("a", None)]
        keep(connection, ddl)
        assert connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (1,)
        assert not re.search("_today|earlier", str(connection.execute("SHOW ALL TABLES").fetchall()))


def test_rows_of_a_table_of_no_contract_that_do_not_fit_stay_as_they_were() -> None:
    with duckdb.connect() as connection:
        connection.execute("CREATE TABLE repairs AS SELECT 'många' AS rows")
        with pytest.raises(StoreError, match=r"^repairs: an earlier version's rows do not fit"):
            keep(connection, REPAIRS)
        assert connection.execute("FROM repairs").fetchall() == [("många",)]


@pytest.mark.parametrize("change", ["DROP COLUMN is_in_force", "ADD COLUMN older INT", "ALTER rows_in TYPE VARCHAR"])
def test_a_delivery_that_an_earlier_version_told_otherwise_is_read_again(inbox: Inbox, change: str) -> None:
    inbox.put("a.csv", spec_file(posting(1), posting(2)))
    inbox.load()
    fresh = inbox.rows("FROM deliveries"), inbox.rows("FROM repairs")
    inbox.rows(f"ALTER TABLE deliveries {change}")
    inbox.rows("ALTER TABLE repairs DROP COLUMN rows")
    assert inbox.load().loaded == ["a.csv"]
    assert (inbox.rows("FROM deliveries"), inbox.rows("FROM repairs")) == fresh
    assert inbox.load().loaded == []
