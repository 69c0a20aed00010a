"""One municipality's DuckDB file: one writer at a time, always closed, local time on every connection."""

from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path

import duckdb

from fut.errors import StoreError
from fut.settings import Settings

LOCAL_TIME = "SET TimeZone = 'Europe/Stockholm'"
MEMORY_LIMIT = "1200MB"
THREADS = 2
STORAGE = "v1.5.0"
"""How new files are written: words are kept as dictionaries, in half the time and three quarters of the room."""


@contextmanager
def open_warehouse(settings: Settings) -> Generator[duckdb.DuckDBPyConnection]:
    """Yield a connection to the municipality's warehouse, made when it does not exist.

    Raises StoreError when another process holds it, the file is no warehouse, or the disk cannot be written.
    """
    path = settings.warehouse
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        (settings.var / "tmp").mkdir(exist_ok=True)
        connection = duckdb.connect(str(path), config={"storage_compatibility_version": STORAGE})
    except OSError as error:
        raise StoreError(f"warehouse {path.name}: the folder cannot be written ({error.strerror})") from None
    except duckdb.Error as error:
        raise StoreError(f"warehouse {path.name}: {_reason(error)}") from None
    try:
        prepare(connection, settings.var / "tmp")
        yield connection
    except duckdb.OutOfMemoryException:
        raise StoreError(f"warehouse {path.name}: more than {MEMORY_LIMIT} of memory or disk is needed") from None
    except duckdb.IOException as error:
        raise StoreError(f"warehouse {path.name}: {_reason(error)}") from None
    finally:
        connection.close()


def prepare(connection: duckdb.DuckDBPyConnection, spill: Path | None = None) -> None:
    """Set what every connection needs: Swedish local time, bounded memory, room to spill, no bar of its own."""
    connection.execute(
        f"{LOCAL_TIME};SET memory_limit = '{MEMORY_LIMIT}';SET threads = {THREADS};"
        "SET preserve_insertion_order = false;"
        # a quarter larger file, written in two thirds of the time
        "SET disabled_compression_methods = 'fsst'"
    )
    # drawn over our own progress on a terminal, and into the log where there is none; a notebook without widgets draws
    # none and refuses to be told so
    with suppress(duckdb.InvalidInputException):
        connection.execute("SET enable_progress_bar = false")
    if spill:
        quoted = str(spill).replace("'", "''")
        connection.execute(f"SET temp_directory = '{quoted}'")


def _reason(error: duckdb.Error) -> str:
    text = str(error).lower()
    if "lock" in text:
        return "another process is writing to it; wait until that run has ended"
    if "not a valid" in text or "magic" in text or "version" in text:
        return "the file is not a warehouse this version can open"
    return "the disk is full or cannot be written" if "space" in text or "write" in text else "cannot be opened"
