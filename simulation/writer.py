"""Files of a simulated delivery: fixed Parquet or CSV settings, so that equal tables give equal bytes."""

import hashlib
from pathlib import Path

import polars as pl

from fut.errors import UsageError, did_you_mean

FORMATS = ("parquet", "csv")


def sek(column: str, scale: int = 2) -> pl.Expr:
    """Return integer öre as DECIMAL(14,2) kronor under the same name with `_ore` replaced by `_sek`."""
    name = column.removesuffix("_ore") + "_sek"
    return (pl.col(column).cast(pl.Decimal(38, scale)) / 100).cast(pl.Decimal(14, scale)).alias(name)


def hundredths(column: pl.Expr) -> pl.Expr:
    """Return integer hundredths as DECIMAL(12,2)."""
    return (column.cast(pl.Decimal(38, 2)) / 100).cast(pl.Decimal(12, 2))


class Writer:
    """Writes tables under one folder and counts their rows; `name` is table or table_YYYY-MM."""

    def __init__(self, folder: Path, file_format: str = "parquet"):
        if file_format not in FORMATS:
            raise UsageError(f"unknown format '{file_format}'{did_you_mean(file_format, FORMATS)}")
        self.folder, self.format = folder, file_format
        self.rows: dict[str, int] = {}
        self.hashes: dict[str, str] = {}
        folder.mkdir(parents=True, exist_ok=True)

    def write(self, table: str, frame: pl.DataFrame, month: str | None = None) -> None:
        """Write one file of a table."""
        name = table if month is None else f"{table}_{month}"
        path = self.folder / f"{name}.{self.format}"
        if self.format == "parquet":
            frame.write_parquet(path, compression="zstd", compression_level=3, row_group_size=131_072)
        else:
            frame.write_csv(path, datetime_format="%Y-%m-%dT%H:%M:%S")
        self.rows[table] = self.rows.get(table, 0) + frame.height

    def digest(self) -> str:
        """Return a SHA-256 over all files of the folder, in the order of their names."""
        total = hashlib.sha256()
        for path in sorted(self.folder.iterdir()):
            if path.is_file():
                total.update(path.name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
        return total.hexdigest()
