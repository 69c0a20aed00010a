"""Rows that are none of the table: blank, a repeated header, a total, a line of text between blocks; as SQL."""

from collections.abc import Collection

import polars as pl

from fut.cell_source import source_of
from fut.contract import Contract
from fut.dialect import Dialect
from fut.sql import among, literal

_BUYER = {"buyer_id", "buyer_name", "municipality_id"}
TOTAL_WORDS = (
    "^(grand |sub ?)?(total|totalt|totals|totalsumma|totalbelopp|summa|summering|delsumma|slutsumma|sum)( .{0,40})?:?$"
)


def row_kind(dialect: Dialect, target: Contract, present: set[str], native: Collection[str]) -> str:
    """Return what a row is when it is no row of the table: blank, a repeated header, or a total."""
    cells = sorted(present - _BUYER) or sorted(present)
    # a line cut by another delimiter is all in its first cell, which may be the buyer's
    uncut = [f"NOT regexp_matches(coalesce(\"{c}\", ''), '[;|\t]')" for c in sorted(present - set(cells) - set(native))]
    blank = " AND ".join([*(f'"{c}" IS NULL' for c in cells), *uncut])
    anchors = [name for name in (dialect.columns or dict.fromkeys(target.names, ())) if name in present][:3]
    header = " AND ".join(among(f'lower("{a}")', _known(dialect, a)) for a in anchors)
    if any(a in native for a in anchors):
        header = ""
    total = ""
    keys = _keys(dialect, target, present)
    if target.amount and len(keys) > 1:
        # the words alone would catch a firm named Total: a total also lacks nearly all that a posting has
        texts = [c for c in sorted(present) if c not in target.names or target.column(c).physical_type == "VARCHAR"]
        empty = " + ".join(f'("{c}" IS NULL)::INT' for c in keys)
        words = " OR ".join(f"regexp_matches(lower(\"{c}\"), '{TOTAL_WORDS}')" for c in texts)
        lacking = " + ".join(
            f'("{c}" IS NULL)::INT' if c in native
            else f"coalesce(regexp_matches(lower(\"{c}\"), '{TOTAL_WORDS}'), true)::INT" for c in keys
        )  # fmt: skip
        total = f" WHEN {empty} >= {len(keys) - 2} THEN CASE WHEN {lacking} >= {len(keys) - 1} AND ({words}) THEN 'total' END"
    elif (
        len(required := [c.name for c in target.columns if c.required and c.name in present and c.name not in native])
        > 1
    ):
        # elsewhere a total is a word where all else that a row must have is empty
        empty = " + ".join(f'("{c}" IS NULL)::INT' for c in required)
        words = " OR ".join(f"regexp_matches(lower(\"{c}\"), '{TOTAL_WORDS}')" for c in required)
        total = f" WHEN {empty} >= {len(required) - 1} THEN CASE WHEN {words} THEN 'total' END"
    if anchors and dialect.skip:
        between = " OR ".join(f'regexp_full_match("{anchors[0]}", {literal(pattern)})' for pattern in dialect.skip)
        others = " AND ".join(f'"{c}" IS NULL' for c in cells if c != anchors[0])
        header = f"{header or 'false'} OR ({others} AND ({between}))"
    return f"CASE WHEN {blank} THEN 'blank' WHEN {header or 'false'} THEN 'header'{total} END"


def surely_row(dialect: Dialect, target: Contract, present: set[str]) -> pl.Expr | None:
    """Return the condition on staged text that `row_kind` gives nothing: all that a row must have is filled.

    None where that does not suffice to tell.
    """
    filled = {source for source in _feeding(dialect, target, present).values() if source in present}
    anchors = [name for name in (dialect.columns or dict.fromkeys(target.names, ())) if name in present][:3]
    own = filled - _BUYER - set(anchors[:1])
    keys = _keys(dialect, target, present)
    if not own or len(filled) < 2 or (target.amount and len(keys) == 2):
        return None
    is_full = pl.all_horizontal(pl.col(name).is_not_null() for name in sorted(filled))
    known = _known(dialect, anchors[0]) if anchors else []
    return is_full & ~pl.col(anchors[0]).str.to_lowercase().is_in(known).fill_null(value=False) if known else is_full


def _keys(dialect: Dialect, target: Contract, present: set[str]) -> list[str]:
    """Return the staged columns that nearly all postings fill, and totals do not."""
    fed = _feeding(dialect, target, present)
    keys = [fed.get(name, "") for name in ("voucher_no", "supplier_name", "account_no", "booking_date")]
    return list(dict.fromkeys(key for key in keys if key in present))


def _feeding(dialect: Dialect, target: Contract, present: set[str]) -> dict[str, str]:
    """Return for each required column that a file fills the staged column it comes from."""
    fed = {}
    for column in target.columns:
        if column.required and (source := source_of(dialect, column.name, present)):
            fed[column.name] = source
    return fed


def _known(dialect: Dialect, name: str) -> list[str]:
    return sorted({alias.strip().lower() for alias in (name, *dialect.columns.get(name, ()))})
