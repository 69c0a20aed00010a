"""A warehouse of an earlier version gets today's columns, and the files that fill them are read again."""

import duckdb
import pytest

from fut.contract import contract, load_contracts
from fut.errors import StoreError
from fut.upgrade import LASTING, bring_up, changes
from tests.fut.inbox_tools import Inbox, posting, spec_file


def described(connection: duckdb.DuckDBPyConnection, table: str) -> list[tuple[str, str]]:
    return sorted(row[:2] for row in connection.execute(f"DESCRIBE {table}").fetchall())


def test_a_table_as_its_contract_states_is_left_alone() -> None:
    tables = [c for layer in LASTING for c in load_contracts(layer).values()]
    assert {"raw_ap_postings", "out_ranked_payments"} <= {c.physical for c in tables}
    with duckdb.connect() as connection:
        for table in tables:
            connection.execute(table.ddl())
            assert list(changes(table, dict(described(connection, table.physical)))) == []


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
