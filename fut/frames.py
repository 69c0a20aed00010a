"""Hand a Polars frame to DuckDB through a Parquet file: registering one would import pyarrow's dataset and pandas."""

import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import polars as pl


@contextmanager
def lent(frame: pl.DataFrame) -> Generator[str]:
    """Yield SQL for the frame's rows, to be read inside the `with`."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "frame.parquet"
        frame.write_parquet(path, compression="uncompressed")
        yield f"read_parquet('{path}')"


def put(connection: duckdb.DuckDBPyConnection, name: str, frame: pl.DataFrame) -> None:
    """Create or replace the temporary table `name` with the frame's rows and types."""
    with lent(frame) as rows:
        connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS FROM {rows}")
