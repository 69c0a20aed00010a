"""Fixtures for tests of loading."""

from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest

from tests.fut.inbox_tools import Inbox, clear, memory


@pytest.fixture(scope="session")
def warehouse() -> Iterator[duckdb.DuckDBPyConnection]:
    """Return an empty warehouse in memory; whoever fills it clears it."""
    with memory() as connection:
        yield connection


@pytest.fixture
def make_inbox(tmp_path: Path, warehouse: duckdb.DuckDBPyConnection) -> Iterator[Callable[[str], Inbox]]:
    """Return a function that makes an inbox read by a dialect, over an empty warehouse in memory."""
    yield lambda dialect: Inbox(tmp_path, warehouse, dialect)
    clear(warehouse)


@pytest.fixture
def inbox(make_inbox: Callable[[str], Inbox]) -> Inbox:
    """Return an inbox of the open specification over an empty warehouse in memory."""
    return make_inbox("lankadedata-1.1")
