"""One municipality's DuckDB file: one writer at a time, always closed, local time on every connection."""

import re
import shutil
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
_HEADERS = 3 * 4096
_MAGIC = b"DUCK"
_DISK = re.compile(
    "no space left|could not (write|create|truncate|fsync)|disk quota|input/output error|read-only file", re.I
)


@contextmanager
def open_warehouse(settings: Settings) -> Generator[duckdb.DuckDBPyConnection]:
    """Yield a connection to the municipality's warehouse, made when it does not exist.

    Raises StoreError when another process holds it, the file is no warehouse, or the disk cannot be written.
    """
    path = settings.warehouse
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = _connect(path)
        # nobody else has the warehouse now: what lies here is a killed run's, read before names became tokens
        shutil.rmtree(settings.scratch, ignore_errors=True)
        settings.scratch.mkdir(parents=True)
    except OSError as error:
        raise StoreError(f"warehouse {path.name}: the folder cannot be written ({error.strerror})") from None
    except duckdb.Error as error:
        raise StoreError(f"warehouse {path.name}: {_reason(error)}") from None
    try:
        prepare(connection, settings.scratch)
        yield connection
    except duckdb.OutOfMemoryException:
        raise StoreError(f"warehouse {path.name}: more than {MEMORY_LIMIT} of memory or disk is needed") from None
    except duckdb.Error as error:
        if is_of_disk(error):
            raise StoreError(f"warehouse {path.name}: {_reason(error)}") from None
        raise
    finally:
        connection.close()


def is_of_disk(error: duckdb.Error) -> bool:
    """Return whether an error is the disk's: a commit that it had no room for is told as a transaction's."""
    return isinstance(error, duckdb.IOException) or _DISK.search(str(error)) is not None


@contextmanager
def transaction(connection: duckdb.DuckDBPyConnection) -> Generator[None]:
    """Commit what is done inside, all or none."""
    connection.execute("BEGIN")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        # a commit that failed has rolled back already, and its own error is the one to tell
        with suppress(duckdb.TransactionException):
            connection.execute("ROLLBACK")
        raise


def _connect(path: Path) -> duckdb.DuckDBPyConnection:
    """Open the file; one that a full disk or a cut kept from getting its headers holds nothing and is made anew."""
    config = {"storage_compatibility_version": STORAGE}
    try:
        return duckdb.connect(str(path), config=config)
    except duckdb.IOException as error:
        if "lock" in str(error).lower() or not _is_stub(path):
            raise
        path.unlink()
        return duckdb.connect(str(path), config=config)


def _is_stub(path: Path) -> bool:
    if not path.is_file() or path.stat().st_size >= _HEADERS:
        return False
    return path.read_bytes()[8:12] in (b"", _MAGIC)


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
    return "the disk is full or cannot be written" if _DISK.search(text) or "write" in text else "cannot be opened"
