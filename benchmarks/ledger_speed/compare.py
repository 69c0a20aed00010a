"""Are both versions' tables equal, row by row? Asked before any figure is printed."""

from pathlib import Path

import duckdb

from benchmarks.ledger_speed import COVERAGE, FILES, FLAGS, PAIRS, PAYMENTS, POSTINGS, SCORES

TABLES = {
    "files": FILES,
    "postings": POSTINGS,
    "payments": PAYMENTS,
    "pairs": PAIRS,
    "flags": FLAGS,
    "coverage": COVERAGE,
}
MEASURED = {"features": ("payment_id", "booked_month"), "scores": SCORES[:2]}
"""Tables of numbers, each with its key: equal when no number differs by more than a millionth."""
TOLERANCE = 1.000001e-6
STAGE_OF = {
    "files": "ingest and validation", "flags": "indicators in both", "coverage": "indicators in both", "features": "features and scores",
    "scores": "features and scores",
}  # fmt: skip


def differences(folder: Path) -> dict[str, tuple[int, int]]:
    """Return for each table (rows, rows that the other version lacks), counted with their multiplicity."""
    found = {}
    with duckdb.connect() as connection:
        connection.execute("SET memory_limit = '1GB'; SET threads = 2")
        for table, columns in TABLES.items():
            ours, theirs = (_rows(folder / f"{table}.{name}.parquet", columns) for name in ("ours", "pandas"))
            row = connection.execute(
                f"SELECT (SELECT count(*) FROM ({ours})), (SELECT count(*) FROM ({ours} EXCEPT ALL {theirs})) + "
                f"(SELECT count(*) FROM ({theirs} EXCEPT ALL {ours}))"
            ).fetchone()
            assert row is not None
            found[table] = (row[0], row[1])
        for table, key in MEASURED.items():
            row = connection.execute(_measured(folder, table, key)).fetchone()
            assert row is not None
            found[table] = (row[0], row[1])
    return found


def _measured(folder: Path, table: str, key: tuple[str, ...]) -> str:
    """Return the query of (rows in ours, rows that are in one version alone or differ in a number)."""
    ours, theirs = (f"'{folder / table}.{name}.parquet'" for name in ("ours", "pandas"))
    with duckdb.connect() as connection:
        names = [row[0] for row in connection.execute(f"DESCRIBE FROM {ours}").fetchall() if row[0] not in key]
    differs = " OR ".join(
        f'(a."{name}" IS NULL) <> (b."{name}" IS NULL) OR abs(a."{name}" - b."{name}") > {TOLERANCE}' for name in names
    )
    return (
        f"SELECT count(a.{key[0]}), count(*) FILTER (a.{key[0]} IS NULL OR b.{key[0]} IS NULL OR {differs}) "
        f"FROM {ours} a FULL JOIN {theirs} b ON {' AND '.join(f'a.{name} = b.{name}' for name in key)}"
    )


def where(folder: Path, table: str, key: tuple[str, ...]) -> dict[str, int]:
    """Return how many rows differ in each column, rows being matched by a key."""
    columns, using = TABLES[table], ", ".join(key)
    told = [c for c in columns if c not in key]
    ours, theirs = (_rows(folder / f"{table}.{name}.parquet", columns) for name in ("ours", "pandas"))
    counts = ", ".join(f"count(*) FILTER (a.{c} IS DISTINCT FROM b.{c})" for c in told)
    with duckdb.connect() as connection:
        row = connection.execute(
            f"SELECT {counts}, count(*) FILTER (a.{key[0]} IS NULL), count(*) FILTER (b.{key[0]} IS NULL) FROM "
            f"({ours}) a FULL JOIN ({theirs}) b USING ({using})"
        ).fetchone()
    assert row is not None
    return {c: n for c, n in zip((*told, "not in ours", "not in pandas"), row, strict=True) if n}


def _rows(path: Path, columns: tuple[str, ...]) -> str:
    dates = {"booking_date": "booking_date::DATE", "value": "round(value::DOUBLE, 6)"}
    numbers = {"pence", "ref_number", "gap_days", "days_apart", "earlier_pence", "pence_at_risk"}
    cells = (dates.get(c, f"{c}::BIGINT" if c in numbers else f"{c}::VARCHAR") + f" AS {c}" for c in columns)
    return f"SELECT {', '.join(cells)} FROM read_parquet('{path}')"
