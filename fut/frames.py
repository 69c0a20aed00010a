"""Hand a Polars frame to DuckDB through a Parquet file: registering one would import pyarrow's dataset and pandas."""

import tempfile
from pathlib import Path

import duckdb
import polars as pl


def put(connection: duckdb.DuckDBPyConnection, name: str, frame: pl.DataFrame) -> None:
    """Create or replace the temporary table `name` with the frame's rows and types."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "frame.parquet"
        frame.write_parquet(path, compression="uncompressed")
        connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS FROM read_parquet('{path}')")
