"""The published files as one table, and the features of its pairs."""

import csv
import gzip
import io
import re
from datetime import date
from pathlib import Path

import duckdb
import polars as pl

from fut.errors import InputError
from fut.frames import put

FOLLOW_DAYS = 180
_SQL = Path(__file__).with_name("features.sql")
_COLUMNS = ("file_month", "line", "paid_date", "voucher", "invoice", "pence", "supplier", "code", "creditor_type")


def load(folder: Path) -> pl.DataFrame:
    """Return one row per published line, amounts in integer pence, blank rows left out; raises InputError."""
    rows = []
    for path in sorted(folder.glob("DCCSpendingOver500_*.csv.gz")):
        month = int(path.name.split("_")[1][:6])
        raw = gzip.decompress(path.read_bytes())
        try:
            text = raw.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = raw.decode("cp1252")
        for line, cells in enumerate(csv.reader(io.StringIO(text, newline=""))):
            r = [cell.strip() for cell in cells]
            if line and any(r[2:]):
                pence = round(float(re.sub("[,£]", "", r[5])) * 100)
                rows.append((month, line, _date(r[2]), r[3], r[4], pence, int(r[7]), r[11], r[12]))
    if not rows:
        raise InputError(f"{folder.name}: no DCCSpendingOver500 files")
    return pl.DataFrame(rows, schema=list(_COLUMNS), orient="row")


def build(ledger: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the candidates' features, and for the textbook rule every repeat with full follow-up (is_test, hit)."""
    with duckdb.connect() as connection:
        connection.execute("SET threads = 1")
        put(connection, "source", ledger.sort("file_month", "line").with_row_index("rowid_"))
        # statement by statement: named windows of one string are seen by all of it
        for statement in _SQL.read_text(encoding="utf-8").split(";\n"):
            if statement.strip():
                connection.execute(statement)
        textbook = connection.sql(
            "SELECT year(paid_date) >= 2018 AS is_test, (occurrences_ever = 2 AND coalesce(credit_date - paid_date <= "
            f"{FOLLOW_DAYS}, false))::INT AS hit FROM repeats WHERE occurrence = 2 AND paid_date + {FOLLOW_DAYS} <= "
            "(SELECT last_day(max(paid_date)) FROM ledger)"
        ).pl()
        return connection.sql("SELECT * FROM feature ORDER BY paid_date, id").pl(), textbook


def _date(text: str) -> date:
    if "/" in text:
        day, month, year = text[:10].split("/")
        return date(int(year), int(month), int(day))
    return date.fromisoformat(text[:10])
