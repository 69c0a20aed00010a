"""From cells to typed rows: one SELECT per layout of files, generated from dialect and contract.

The staged rows hold every mapped cell as trimmed text, null where empty; here is decided what each cell says, which
could not be read, and what was mended. Only columns that a file can fill are given.
"""

import re
from pathlib import Path

from fut.cell_source import cell_text, source_of
from fut.cell_value import Native, clock_stages, is_open, may_be_open, mended_cases, typed_value
from fut.contract import Column, Contract
from fut.dialect import Dialect
from fut.row_kind import row_kind
from fut.sql import literal

META = "_source, _source_file, _source_line, _delivered_month"
_WHOLE = ("TINYINT", "SMALLINT", "INTEGER")
_NATIVE = {
    "DATE": ("DATE", "TIMESTAMP"), "TIMESTAMP": ("TIMESTAMP", "DATE"), "BOOLEAN": ("BOOLEAN",),
    "INTEGER": (*_WHOLE, "BIGINT"), "BIGINT": (*_WHOLE, "BIGINT"), "DECIMAL": (*_WHOLE, "BIGINT"),
    "DOUBLE": (*_WHOLE, "FLOAT", "DOUBLE"),
}  # fmt: skip
NONE: Native = {}


def typed_select(
    dialect: Dialect,
    target: Contract,
    stage: str,
    present: set[str],
    native: Native = NONE,
    is_clean: bool = False,
    settled: frozenset[str] | None = None,
) -> str:
    """Return the SELECT of a raw table's rows from `stage`, which holds the columns `present`.

    Beside the contract's columns: META, `_unreadable` (columns whose cell could not be read), `_mended` (column:kind
    of each repair) and `_kind` (blank, header or total; null for a row of the table). Columns are text, save those in
    `native`, given with their own type. `is_clean` leaves the three lists out: they are known to be empty. `settled`
    says that every row is one of the table, and which columns hold already what they say (see `plain_rows`).
    """
    active = [c for c in target.columns if c.name in dialect.provided(present) and source_of(dialect, c.name, present)]
    if dialect.one_time and all(c.name != "supplier_id" for c in active):
        active += [c for c in target.columns if c.name == "supplier_id"]
    done, is_row = settled or frozenset(), is_clean or settled is not None
    texts = {
        c.name: f'"{c.name}"' if c.name in {*native, *done} else cell_text(dialect, c.name, present) for c in active
    }
    for name in sorted(dialect.helpers & present):
        texts[name] = cell_text(dialect, name, present)
    cells = ", ".join(f'{text} AS "{name}"' for name, text in texts.items())
    values = {c.name: f'"{c.name}"' if c.name in done else typed_value(dialect, c, native, texts) for c in active}
    clocked, last = "", "c"
    for number, said in enumerate(clock_stages(dialect, texts)):
        more = ", ".join(f'{sql} AS "{name}"' for name, sql in said.items())
        clocked, last = f"{clocked}c{number} AS (SELECT *, {more} FROM {last}), ", f"c{number}"
    typed = ", ".join(f'{value} AS "t_{name}"' for name, value in values.items())
    given = ", ".join(
        f'{_settled(dialect, c, active)} AS "{c.name}"' for c in target.columns if _is_given(c, active, target)
    )
    failing = [f'CASE WHEN "{c.name}" IS NOT NULL AND "t_{c.name}" IS NULL AND NOT {_waived(dialect, c, native)} THEN \'{c.name}\' END'
               for c in active if c.physical_type != "VARCHAR" and c.name not in done]  # fmt: skip
    kind = "NULL::VARCHAR" if is_row else row_kind(dialect, target, present, native)
    careful = [c for c in active if c.name not in done or c.name in dialect.hidden]
    unreadable, mended = ([], []) if is_clean else (failing, mended_cases(dialect, careful, native, texts))
    return (
        f"WITH k AS (SELECT *, {kind} AS _kind FROM {stage}), "
        f"c AS (SELECT {cells}, {META}, _period_end, _kind FROM k), {clocked}t AS (SELECT *, {typed} FROM {last}) "
        f"SELECT {given}, {META}, {_listed(unreadable)} AS _unreadable, {_listed(mended)} AS _mended, _kind FROM t"
    )


def native_columns(dialect: Dialect, target: Contract, kinds: dict[str, str]) -> Native:
    """Return the columns, with their type, whose own type says the same as their text would.

    `kinds` gives the DuckDB type of each staged column. A column that a dialect splits, copies or fills is text.
    """
    if dialect.row_digest:
        return NONE
    told, found = elsewhere(dialect) | set(dialect.hidden), {}
    for column in target.columns:
        kind = kinds.get(column.name, "")
        scale = re.fullmatch(r"DECIMAL\((\d+),(\d+)\)", kind)
        wanted = re.fullmatch(r"DECIMAL\((\d+),(\d+)\)", column.physical_type)
        fits = kind in _NATIVE.get(column.physical_type.split("(")[0], ())
        if wanted and scale:
            fits = int(scale[2]) <= int(wanted[2])
        if fits and column.name not in told:
            found[column.name] = kind
    return found


def staged_rows(files: str, paths: list[Path], file: int | None = None) -> str:
    """Return the relation of rows staged as Parquet with what the table `files` says of the file each is from.

    `file` is the number of the one that all are from: then nothing is looked up row by row.
    """
    joined = "f USING (_file)" if file is None else f"f ON f._file = {file}"
    return (
        f"(SELECT p.* EXCLUDE (_file), f.* FROM read_parquet({literal(list(map(str, paths)))}) p JOIN {files} {joined})"
    )


def elsewhere(dialect: Dialect) -> set[str]:
    """Return the columns whose cell alone does not say what they hold, for the dialect says more, or that say it of others."""
    parts = {name for pattern in dialect.split.values() for name in re.compile(pattern).groupindex}
    told = {*dialect.split, *parts, *dialect.copies, *dialect.copies.values(), *dialect.constants, *dialect.values,
            *dialect.clocks}  # fmt: skip
    told |= {name for length in dialect.lengths.values() for name in (length.start, length.end)}
    return told | ({"supplier_id", "supplier_ref"} if dialect.one_time else set())


def doubtful(dialect: Dialect, target: Contract, present: set[str]) -> str:
    """Return the condition of a typed row whose cells may be shifted: a required amount or date is not where it should be."""
    read = [c for c in target.columns if c.name in present and c.required and c.physical_type != "VARCHAR"]
    shifted = [f"list_contains(_unreadable, '{c.name}')" for c in read]
    shifted += [f'"{c.name}" IS NULL' for c in read if _is_amount(c)]
    return f"_kind IS NULL AND ({' OR '.join(shifted)})" if shifted else "false"


def _listed(cases: list[str]) -> str:
    """Return a list of what is not null; nearly every row reads well, so it is built only where there is something."""
    if not cases:
        return "[]::VARCHAR[]"
    joined = ", ".join(cases)
    return f"CASE WHEN coalesce({joined}) IS NOT NULL THEN list_filter([{joined}], lambda x: x IS NOT NULL) ELSE []::VARCHAR[] END"


def _is_given(column: Column, active: list[Column], target: Contract) -> bool:
    return column in active or column.name == "booking_date"


def _is_amount(column: Column) -> bool:
    return column.physical_type.startswith("DECIMAL")


def _settled(dialect: Dialect, column: Column, active: list[Column]) -> str:
    if column.name == "booking_date":
        # a row without a readable date still belongs to the period its file describes
        return "coalesce(t_booking_date, _period_end)" if column in active else "_period_end"
    return f'"t_{column.name}"'


def _waived(dialect: Dialect, column: Column, native: Native) -> str:
    if column.name not in native and may_be_open(dialect, column):
        return is_open(column)
    return "(_period_end IS NOT NULL)" if column.name == "booking_date" else "false"
