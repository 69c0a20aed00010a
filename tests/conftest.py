"""Fixtures and options every part of the suite may use."""

import os
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from hypothesis import settings

from fut.evaluate import empty_core

# Before any import that reads them: no test sends anything, none writes beside the repository's own folders.
os.environ["DAGSTER_DISABLE_TELEMETRY"] = "yes"
os.environ["GX_ANALYTICS_ENABLED"] = "false"
os.environ.pop("DAGSTER_HOME", None)

CORE = {"fut", "core", "indicators", "features", "simulation", "reporting"}

settings.register_profile("here", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "here")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add --data=DIR, the folder of shared data sets; with a space pytest would take DIR for tests. And --database."""
    parser.addoption("--data", metavar="DIR", help="shared data sets; write --data=DIR")
    kinds = ("sqlite", "postgresql")
    parser.addoption("--database", choices=kinds, help="the officers' application on this database alone")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark each test by the folder it lies in, so that `-m "not pipelines"` needs no line in any test."""
    here = Path(__file__).parent
    for item in items:
        folder = item.path.relative_to(here).parts[0]
        item.add_marker("core" if folder in CORE or folder.endswith(".py") else folder)


@pytest.fixture(scope="session")
def data_dir(request: pytest.FixtureRequest) -> Path:
    """Return the folder given with --data; skip, and say so, where none was given."""
    given = request.config.getoption("--data")
    if not given:
        pytest.skip("data absent: pass --data=DIR")
    folder = Path(given)
    if not folder.is_dir():
        pytest.fail(f"--data={given}: no such folder")
    return folder.resolve()


@pytest.fixture(scope="session")
def _shared_core() -> Iterator[duckdb.DuckDBPyConnection]:
    connection = duckdb.connect()
    connection.execute("SET threads = 1")
    empty_core(connection)
    yield connection
    connection.close()


@pytest.fixture
def core(_shared_core: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """Return a connection with every core table, empty; whoever writes to it rolls back."""
    return _shared_core
