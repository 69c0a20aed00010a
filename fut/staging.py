"""From cells to typed rows: one SELECT per source, generated from dialect and contract.

The staged table holds every mapped cell as text; here is decided what each cell says, and which could not be read.
"""

import re

from fut.contract import Column, Contract
from fut.dialect import Dialect
from fut.money import sql_amount

TOTAL_WORDS = "^(grand )?(total|totalt|totals|summa|delsumma|totalsumma|sum|slutsumma)( .{0,40})?:?$"
_IDENTIFIERS = ("_no", "_ref", "_id", "ocr")
_TRUE = "('true', '1', 'ja', 'j', 'yes', 'y', 'x', 'sant')"
_FALSE = "('false', '0', 'nej', 'n', 'no', 'falskt')"


def staged_columns(dialect: Dialect, target: Contract) -> list[str]:
    """Return the text columns of the staged table: the contract's, and those a dialect splits."""
    return [*target.names, *dialect.split]


def typed_select(dialect: Dialect, target: Contract, stage: str) -> str:
    """Return the SELECT that gives the raw table's rows from `stage`; unreadable cells are null and named."""
    active = _active(dialect, target)
    trimmed = ", ".join(f'nullif(trim("{c}"), \'\') AS "{c}"' for c in staged_columns(dialect, target) if c in active)
    cells = ", ".join(f'{_cell(dialect, name)} AS "{name}"' for name in target.names if name in active)
    columns = [c for c in target.columns if c.name in active]
    typed = ", ".join(f'{_typed(dialect, c)} AS "t_{c.name}"' for c in columns)
    failing = [
        f'CASE WHEN "{c.name}" IS NOT NULL AND "t_{c.name}" IS NULL THEN \'{c.name}\' END'
        for c in columns
        if not c.physical_type.startswith("VARCHAR")
    ]
    # nearly every row reads well: the list of failures is built only where one failed
    listed = (
        f"CASE WHEN coalesce({', '.join(failing)}) IS NOT NULL THEN list_filter([{', '.join(failing)}], "
        "lambda x: x IS NOT NULL) ELSE []::VARCHAR[] END"
    )
    given = ", ".join(_settled(c, c.name in active) for c in target.columns)
    meta = "_source, _source_file, _source_line, _delivered_month"
    return (
        f"WITH s AS (SELECT {trimmed}, {meta}, _period_end FROM {stage}), "
        f"k AS (SELECT *, {_kind(dialect, target)} AS _kind FROM s), "
        f"c AS (SELECT {cells}, {meta}, _period_end, _kind FROM k), t AS (SELECT *, {typed} FROM c) "
        f"SELECT {given}, {meta}, {_waived(target, listed)} AS _unreadable, "
        f"{_from_period(dialect, target)} AS _is_date_from_period, _kind FROM t"
    )


def _active(dialect: Dialect, target: Contract) -> set[str]:
    """Return the columns a file of this dialect can fill."""
    if not dialect.columns:
        return set(target.names)
    split = {name for pattern in dialect.split.values() for name in re.compile(pattern).groupindex}
    active = set(dialect.columns) | split | set(dialect.copies) | set(dialect.constants) | {"booking_date"}
    return active | ({"supplier_id"} if dialect.one_time else set())


def _kind(dialect: Dialect, target: Contract) -> str:
    """Return what a row is when it is no posting: blank, a repeated header, or a total."""
    active = _active(dialect, target)
    columns = [c for c in staged_columns(dialect, target) if c in active and c not in dialect.constants]
    blank = " AND ".join(f'"{c}" IS NULL' for c in columns)
    anchors = [c for c in columns if dialect.columns.get(c)][:3]
    known = {c: ", ".join(f"'{_quote(a.lower())}'" for a in (*dialect.columns[c], c)) for c in anchors}
    header = " AND ".join(f'lower("{c}") IN ({known[c]})' for c in anchors) or "false"
    keyless = [c for c in ("booking_date", "voucher_no", "supplier_name", "transaction") if c in columns]
    if not dialect.columns:
        keyless = [c for c in keyless if target.column(c).required] if target.amount else []
    total = ""
    if keyless and target.amount:
        texts = ", ".join(f'lower("{c}")' for c in columns if c not in target.names or _is_text(target, c))
        absent = " OR ".join(f'"{c}" IS NULL' for c in keyless)
        # the words alone would catch a firm named Total: a total also lacks what every posting has
        total = (
            f" WHEN {absent} THEN CASE WHEN len(list_filter([{texts}], lambda x: regexp_matches(x, '{TOTAL_WORDS}'))) "
            "> 0 THEN 'total' END"
        )
    return f"CASE WHEN {blank} THEN 'blank' WHEN {header} THEN 'header'{total} END"


def _is_text(target: Contract, name: str) -> bool:
    return target.column(name).physical_type == "VARCHAR"


def _from_period(dialect: Dialect, target: Contract) -> str:
    if "booking_date" not in target.names or dialect.date_precision == "month":
        return "false"
    return "(t_booking_date IS NULL AND _period_end IS NOT NULL)"


def _cell(dialect: Dialect, name: str) -> str:
    """Return the text of a column: its own cell, a split part, a copy or a constant; empty and hidden are null."""
    sources = [f'"{name}"'] if name in dialect.columns or not dialect.columns else []
    for header, pattern in dialect.split.items():
        group = _group_index(pattern, name)
        if group:
            sources.append(f"nullif(regexp_extract(\"{header}\", '{_quote(pattern)}', {group}), '')")
    if name in dialect.copies:
        sources.append(f'"{dialect.copies[name]}"')
    if name in dialect.constants:
        sources.append(f"'{_quote(dialect.constants[name])}'")
    if not sources:
        sources = ["NULL::VARCHAR"]
    text = f"coalesce({', '.join(sources)})" if len(sources) > 1 else sources[0]
    if dialect.empty and name not in dialect.constants and sources != ["NULL::VARCHAR"]:
        listed = ", ".join(f"'{_quote(word)}'" for word in dialect.empty)
        text = f"CASE WHEN {text} NOT IN ({listed}) THEN {text} END"
    for pattern in dialect.hidden.get(name, ()):
        shown = "'*'" if name == "supplier_name" else "NULL"
        text = f"CASE WHEN regexp_full_match({text}, '{_quote(pattern)}') THEN {shown} ELSE {text} END"
    if name == "supplier_id" and dialect.one_time:
        text = f"CASE WHEN regexp_full_match(\"supplier_ref\", '{_quote(dialect.one_time)}') THEN 'one-time' ELSE {text} END"
    return text


def _typed(dialect: Dialect, column: Column) -> str:
    cell, kind = f'"{column.name}"', column.physical_type
    if kind == "DECIMAL(14,2)":
        return sql_amount(cell, dialect.decimal, dialect.thousands)
    if kind == "DATE":
        return f"{_date(dialect, cell)}::DATE"
    if kind == "TIMESTAMP":
        return f"{_date(dialect, cell)}::TIMESTAMP"
    if kind == "BOOLEAN":
        return f"CASE WHEN lower({cell}) IN {_TRUE} THEN true WHEN lower({cell}) IN {_FALSE} THEN false END"
    if kind == "VARCHAR":
        if column.name.endswith(_IDENTIFIERS):
            # a spreadsheet adds .0 to whole numbers; nothing is lost by taking it away
            return f"CASE WHEN suffix({cell}, '.0') THEN regexp_replace({cell}, '^(\\d+)\\.0+$', '\\1') ELSE {cell} END"
        return cell
    return f"TRY_CAST(replace({cell}, '{dialect.decimal}', '.') AS {kind})"


def _date(dialect: Dialect, cell: str) -> str:
    formats = ", ".join(f"'{f}'" for f in (*dialect.date_formats, "%Y-%m-%d", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S"))
    return f"try_strptime({cell}, [{formats}])"


def _settled(column: Column, is_active: bool) -> str:
    if column.name == "booking_date":
        # a row without a readable date still belongs to the period its file describes
        return "coalesce(t_booking_date, _period_end) AS booking_date"
    return f'"t_{column.name}" AS "{column.name}"' if is_active else f'NULL::{column.physical_type} AS "{column.name}"'


def _waived(target: Contract, listed: str) -> str:
    if "booking_date" not in target.names:
        return listed
    return f"CASE WHEN _period_end IS NULL THEN {listed} ELSE list_filter({listed}, lambda x: x <> 'booking_date') END"


def _group_index(pattern: str, name: str) -> int:
    return re.compile(pattern).groupindex.get(name, 0)


def _quote(text: str) -> str:
    return text.replace("'", "''")


def literal(value: str | int | list[str] | None) -> str:
    """Return a value as SQL text: bound parameters cost a second of imports at their first use."""
    if value is None:
        return "NULL"
    if isinstance(value, list):
        return "[" + ", ".join(map(literal, value)) + "]::VARCHAR[]"
    return str(value) if isinstance(value, int) else f"'{_quote(value)}'"
