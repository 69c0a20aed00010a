"""Lay a published run out as one SQLite file: every table as published, and `listed`, what lists filter and sort by.

Run as a process of its own (`python -m review.shelf.build RUN FILE`), so that the server needs no Parquet reader.
"""

import json
import os
import sqlite3
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl

from fut.errors import InputError
from reporting.reading import read_manifest
from review.shelf.keys import FORM, ore, sorting_key

KEYS = {
    "flags": ("flag_id",),
    "flag_payments": ("payment_id", "flag_id"),
    "evidence_rows": ("payment_id",),
    "payments": ("payment_id", "payee_ref"),
    "payees": ("payee_ref",),
    "payee_records": ("payee_ref",),
    "payee_profile": ("payee_ref",),
    "peer_features": ("payment_id",),
    "visit_days": ("payment_id",),
    "recalculation": ("payment_id",),
    "ranked_payments": ("payment_id", "payee_ref"),
}
LISTED = """CREATE TABLE listed (
 place INTEGER PRIMARY KEY, payment_id TEXT UNIQUE, rank INTEGER, arm TEXT, payee_ref TEXT, payee_name TEXT,
 payee_key TEXT, risk_area TEXT, service_month TEXT, amount_ore INTEGER, at_risk_ore INTEGER, expected_ore INTEGER,
 probability REAL, minutes INTEGER, per_hour_ore INTEGER, codes TEXT, classes TEXT, reasons TEXT, against INTEGER,
 bundle_id TEXT, invoice_no TEXT, words TEXT)"""

SCORE = ("rank", "amount_at_risk_sek", "expected_error_sek", "error_probability", "review_minutes")
NARROW = "arm, risk_area, amount_ore, at_risk_ore, rank, classes, codes, payment_id, payee_ref"
SORTED = ("payee_key", "amount_ore", "at_risk_ore", "expected_ore", "per_hour_ore", "probability", "payee_ref")


def build(folder: Path, target: Path) -> None:
    """Write the shelf of the published run in `folder` to `target`, at once; raises InputError."""
    manifest = read_manifest(folder)
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    draft.parent.mkdir(parents=True, exist_ok=True)
    draft.unlink(missing_ok=True)
    connection = sqlite3.connect(draft)
    connection.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;")
    for path in sorted(folder.glob("*.parquet")):
        _copy(connection, path)
    _list(connection)
    said = {"manifest": json.dumps(manifest, default=str, ensure_ascii=False), "form": str(FORM)}
    connection.execute("CREATE TABLE about (name TEXT PRIMARY KEY, text TEXT)")
    connection.executemany("INSERT INTO about VALUES (?, ?)", said.items())
    connection.execute("ANALYZE")
    connection.commit()
    connection.close()
    os.replace(draft, target)


def _copy(connection: sqlite3.Connection, path: Path) -> None:
    table = path.stem
    try:
        frame = pl.read_parquet(path)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise InputError(f"{path.name}: not a readable Parquet file") from error
    names = ", ".join(f'"{name}"' for name in frame.columns)
    marks = ", ".join("?" * frame.width)
    connection.execute(f'CREATE TABLE "{table}" ({names})')
    connection.executemany(f'INSERT INTO "{table}" VALUES ({marks})', map(_cells, frame.iter_rows()))
    for key in KEYS.get(table, ()):
        if key in frame.columns:
            connection.execute(f'CREATE INDEX "{table}_{key}" ON "{table}" ("{key}")')


def _cells(row: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(_cell(value) for value in row)


def _cell(value: Any) -> Any:
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, list | dict):
        return json.dumps(value, default=str, ensure_ascii=False)
    return value.isoformat()


def _list(connection: sqlite3.Connection) -> None:
    connection.execute(LISTED)
    said = connection.execute("SELECT code, title_sv, evidence_class FROM indicators").fetchall()
    titles, classes = {row[0]: row[1] for row in said}, {row[0]: row[2] or "" for row in said}
    connection.row_factory = sqlite3.Row
    ranked = connection.execute(
        """SELECT r.*, p.invoice_no, p.voucher_no FROM ranked_payments r LEFT JOIN payments p USING (payment_id)
        ORDER BY r.rank IS NULL, r.rank, r.payment_id"""
    ).fetchall()
    connection.row_factory = None
    marks = ", ".join("?" * 22)
    connection.executemany(f"INSERT INTO listed VALUES ({marks})", _listed(ranked, titles, classes))
    for column in SORTED:
        order = "" if column in ("payee_key", "payee_ref") else " DESC"
        connection.execute(f"CREATE INDEX listed_{column} ON listed ({column}{order})")
    connection.execute(f"CREATE INDEX listed_narrow ON listed ({NARROW})")  # counting reads this, not the long texts


def _listed(rows: list[sqlite3.Row], titles: dict[str, str], classes: dict[str, str]) -> Iterator[tuple[Any, ...]]:
    vouchers = Counter(row["voucher_no"] for row in rows)  # one that many lines share names none of them
    for place, row in enumerate(rows, 1):
        # The control arm is looked at without score and reasons, whatever is published of it.
        is_blind = row["arm"] == "random"
        reasons = json.loads(row["reasons"]) if row["reasons"] and not is_blind else []
        codes = [reason["code"] for reason in reasons]
        score = {name: None if is_blind else row[name] for name in SCORE}
        expected, minutes = ore(score["expected_error_sek"]), score["review_minutes"]
        said = (row["payee_name"], row["payee_ref"], row["payment_id"], row["invoice_no"], row["voucher_no"])
        words = [text for text in said if text] + codes + [titles.get(code, "") for code in codes]
        yield (
            place,
            row["payment_id"],
            score["rank"],
            row["arm"],
            row["payee_ref"],
            row["payee_name"],
            sorting_key(row["payee_name"] or row["payee_ref"]),
            row["risk_area"],
            row["service_month"],
            ore(row["amount_sek"]),
            ore(score["amount_at_risk_sek"]),
            expected,
            score["error_probability"],
            minutes,
            None if expected is None or not minutes else round(expected * 60 / minutes),
            " ".join(codes),
            "".join(sorted({classes.get(code, "") for code in codes})),
            row["reasons"] if reasons else None,
            len(json.loads(row["speaks_against"])) if row["speaks_against"] and not is_blind else 0,
            row["bundle_id"],
            row["invoice_no"] or (row["voucher_no"] if vouchers[row["voucher_no"]] == 1 else None),
            "\n".join(words).lower(),
        )


if __name__ == "__main__":
    build(Path(sys.argv[1]), Path(sys.argv[2]))
