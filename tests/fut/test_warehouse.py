"""A warehouse file on a disk that is full or was cut off: told in one line, and opened again when there is room."""

from pathlib import Path
from typing import Any

import duckdb
import pytest

from fut.errors import StoreError
from fut.settings import Municipality, Settings
from fut.warehouse import open_warehouse, transaction

FULL = 'Failed to commit: Could not write file "w.duckdb.wal": No space left on device'


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    made = Settings(Municipality("by", "By"), (), tmp_path / "inbox", tmp_path / "var")
    made.warehouse.parent.mkdir(parents=True)
    return made


@pytest.mark.parametrize("size", [0, 4096, 8192])
def test_a_file_that_never_got_its_headers_is_made_anew(settings: Settings, size: int) -> None:
    with duckdb.connect(str(settings.warehouse)):
        pass
    settings.warehouse.write_bytes(settings.warehouse.read_bytes()[:size])
    with open_warehouse(settings) as connection:
        connection.execute("CREATE TABLE t AS SELECT 1 AS a")
    with open_warehouse(settings) as connection:
        assert connection.execute("FROM t").fetchall() == [(1,)]


def test_a_small_file_of_something_else_is_told_and_left_alone(settings: Settings) -> None:
    settings.warehouse.write_text("Anteckningar\n")
    with pytest.raises(StoreError, match="the file is not a warehouse this version can open"), open_warehouse(settings):
        raise AssertionError
    assert settings.warehouse.read_text() == "Anteckningar\n"


class Full:
    """A connection whose disk is full when it commits; DuckDB has then rolled back by itself."""

    def execute(self, sql: str) -> None:
        """Fail as DuckDB does."""
        if sql != "BEGIN":
            raise duckdb.TransactionException(FULL if sql == "COMMIT" else "cannot rollback - no transaction is active")


def test_a_commit_without_room_is_told_as_a_full_disk(settings: Settings) -> None:
    full: Any = Full()
    said = r"^warehouse by\.duckdb: the disk is full or cannot be written$"
    with pytest.raises(StoreError, match=said), open_warehouse(settings), transaction(full):
        pass


def test_a_transaction_that_fails_leaves_nothing_and_another_error_is_itself(settings: Settings) -> None:
    def fail(connection: duckdb.DuckDBPyConnection) -> None:
        with transaction(connection):
            connection.execute("CREATE TABLE t (a INT)")
            raise ZeroDivisionError

    with open_warehouse(settings) as connection:
        with pytest.raises(ZeroDivisionError):
            fail(connection)
        assert connection.execute("SHOW TABLES").fetchall() == []
    with pytest.raises(duckdb.CatalogException), open_warehouse(settings) as connection:
        connection.execute("FROM t")


def test_what_a_killed_run_staged_is_removed_and_another_municipalitys_is_not(settings: Settings) -> None:
    left = [settings.var / "tmp" / of / "load1" / "rows.parquet" for of in ("by", "grannby")]
    for path in left:
        path.parent.mkdir(parents=True)
        path.write_text("191212121212")
    with open_warehouse(settings):
        assert [path.exists() for path in left] == [False, True]
