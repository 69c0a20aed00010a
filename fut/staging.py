"""From cells to typed rows: one SELECT per layout of files, generated from dialect and contract.

The staged rows hold every mapped cell as trimmed text, null where empty; here is decided what each cell says, which
could not be read, and what was mended. Only columns that a file can fill are given.
"""

import re
from collections.abc import Iterable

from fut.clocks import is_midnight, is_other, minutes, moment
from fut.contract import Column, Contract
from fut.dialect import Dialect
from fut.money import sql_amount

TOTAL_WORDS = (
    "^(grand |sub ?)?(total|totalt|totals|totalsumma|totalbelopp|summa|summering|delsumma|slutsumma|sum)( .{0,40})?:?$"
)
META = "_source, _source_file, _source_line, _delivered_month"
_EXCEL_NUMBER = "^[-+]?[0-9][.,][0-9]+[eE][+][0-9]+$"
_EXCEL_ZERO = "^[-+]?[0-9]([.,][0-9]+)?[eE]-(0?[4-9]|[1-9][0-9]+)$"
_EXCEL_DATE = "^(3[3-9]|[4-6][0-9])[0-9]{3}([.,][0-9]+)?$"
_ISO = tuple(f"%Y-%m-%d{t}" for t in ("", " %H:%M:%S", "T%H:%M:%S", " %H:%M:%S.%f", "T%H:%M:%S.%f", " %H:%M", "T%H:%M"))
_IDENTIFIERS = ("_no", "_ref", "_id", "ocr")
_WHOLE = ("TINYINT", "SMALLINT", "INTEGER")
_NATIVE = {
    "DATE": ("DATE", "TIMESTAMP"), "TIMESTAMP": ("TIMESTAMP", "DATE"), "BOOLEAN": ("BOOLEAN",),
    "INTEGER": (*_WHOLE, "BIGINT"), "BIGINT": (*_WHOLE, "BIGINT"), "DECIMAL": (*_WHOLE, "BIGINT"),
    "DOUBLE": (*_WHOLE, "FLOAT", "DOUBLE"),
}  # fmt: skip
Native = dict[str, str]
NONE: Native = {}
_TRUE = ["true", "1", "ja", "j", "yes", "y", "x", "sant"]
_FALSE = ["false", "0", "nej", "n", "no", "falskt"]


def typed_select(
    dialect: Dialect, target: Contract, stage: str, present: set[str], native: Native = NONE, is_clean: bool = False
) -> str:
    """Return the SELECT of a raw table's rows from `stage`, which holds the columns `present`.

    Beside the contract's columns: META, `_unreadable` (columns whose cell could not be read), `_mended` (column:kind
    of each repair) and `_kind` (blank, header or total; null for a row of the table). Columns are text, save those in
    `native`, given with their own type. `is_clean` leaves the three lists out: they are known to be empty.
    """
    active = [c for c in target.columns if c.name in dialect.provided(present) and _source(dialect, c.name, present)]
    if dialect.one_time and all(c.name != "supplier_id" for c in active):
        active += [c for c in target.columns if c.name == "supplier_id"]
    texts = {c.name: f'"{c.name}"' if c.name in native else _cell(dialect, c.name, present) for c in active}
    for name in sorted(dialect.helpers & present):
        texts[name] = _cell(dialect, name, present)
    cells = ", ".join(f'{text} AS "{name}"' for name, text in texts.items())
    typed = ", ".join(f'{_typed(dialect, c, native, texts)} AS "t_{c.name}"' for c in active)
    given = ", ".join(
        f'{_settled(dialect, c, active)} AS "{c.name}"' for c in target.columns if _is_given(c, active, target)
    )
    failing = [f'CASE WHEN "{c.name}" IS NOT NULL AND "t_{c.name}" IS NULL AND NOT {_waived(c)} THEN \'{c.name}\' END'
               for c in active if c.physical_type != "VARCHAR"]  # fmt: skip
    kind = "NULL::VARCHAR" if is_clean else _kind(dialect, target, present, native)
    unreadable, mended = ([], []) if is_clean else (failing, _mended(dialect, active, native, texts))
    return (
        f"WITH k AS (SELECT *, {kind} AS _kind FROM {stage}), "
        f"c AS (SELECT {cells}, {META}, _period_end, _kind FROM k), t AS (SELECT *, {typed} FROM c) "
        f"SELECT {given}, {META}, {_listed(unreadable)} AS _unreadable, {_listed(mended)} AS _mended, _kind FROM t"
    )


def native_columns(dialect: Dialect, target: Contract, kinds: dict[str, str]) -> Native:
    """Return the columns, with their type, whose own type says the same as their text would.

    `kinds` gives the DuckDB type of each staged column. A column that a dialect splits, copies or fills is text.
    """
    if dialect.row_digest:
        return NONE
    parts = {name for pattern in dialect.split.values() for name in re.compile(pattern).groupindex}
    told = {*dialect.split, *parts, *dialect.copies, *dialect.copies.values(), *dialect.constants, *dialect.hidden,
            *dialect.values, *dialect.clocks}  # fmt: skip
    found = {}
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


def doubtful(dialect: Dialect, target: Contract, present: set[str]) -> str:
    """Return the condition of a typed row whose cells may be shifted: a required amount or date is not where it should be."""
    shifted = [f"list_contains(_unreadable, '{c.name}')" for c in target.columns if c.name in present and c.required]
    shifted += [f'"{c.name}" IS NULL' for c in target.columns if c.name in present and c.required and _is_amount(c)]
    return f"_kind IS NULL AND ({' OR '.join(shifted) or 'false'})"


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


def _feeding(dialect: Dialect, target: Contract, present: set[str]) -> dict[str, str]:
    """Return for each required column that a file fills the staged column it comes from."""
    fed = {}
    for column in target.columns:
        if column.required and (source := _source(dialect, column.name, present)):
            fed[column.name] = source
    return fed


def _source(dialect: Dialect, name: str, present: set[str]) -> str | None:
    """Return the staged column a column comes from first, a constant's own name, or None when nothing gives it."""
    if name in present:
        return name
    split = (header for header, pattern in dialect.split.items() if name in re.compile(pattern).groupindex)
    found = next((header for header in split if header in present), None)
    copied = dialect.copies.get(name)
    if found or (copied and copied in present):
        return found or copied
    return name if name in dialect.constants or name == dialect.row_digest else None


def _kind(dialect: Dialect, target: Contract, present: set[str], native: Native) -> str:
    """Return what a row is when it is no row of the table: blank, a repeated header, or a total."""
    fed = {name: source for name, source in _feeding(dialect, target, present).items() if source in present}
    cells = sorted(present - {"buyer_id", "buyer_name", "municipality_id"}) or sorted(present)
    blank = " AND ".join(f'"{c}" IS NULL' for c in cells)
    anchors = [name for name in (dialect.columns or dict.fromkeys(target.names, ())) if name in present][:3]
    header = " AND ".join(_among(f'lower("{a}")', _known(dialect, a)) for a in anchors)
    if any(a in native for a in anchors):
        header = ""
    total = ""
    keys = [fed[name] for name in ("voucher_no", "supplier_name", "account_no", "booking_date") if name in fed]
    keys = list(dict.fromkeys(keys))
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


def _known(dialect: Dialect, name: str) -> list[str]:
    return sorted({alias.strip().lower() for alias in (name, *dialect.columns.get(name, ()))})


def _among(text: str, words: Iterable[str]) -> str:
    # a list, since DuckDB plans IN as a join, which costs a second for a handful of rows
    return f"list_contains({literal(list(words))}, {text})"


def _cell(dialect: Dialect, name: str, present: set[str]) -> str:
    """Return the text of a column: its own cell, a split part, a copy or a constant; empty and hidden are null."""
    sources = [_shown(dialect, name, f'"{name}"')] if name in present else []
    for header, pattern in dialect.split.items():
        if header in present and (group := re.compile(pattern).groupindex.get(name)):
            part = f"nullif(regexp_extract(\"{header}\", {literal(pattern)}, {group}), '')"
            sources.append(_shown(dialect, name, part))
    copied = dialect.copies.get(name)
    if copied in present:
        sources.append(_shown(dialect, copied, f'"{copied}"'))
    if name in dialect.constants:
        sources.append(literal(dialect.constants[name]))
    if name == dialect.row_digest:
        cells = ", ".join(f'"{c}"' for c in sorted(present))
        sources.append(f"'row-' || left(md5(concat_ws('|', {cells})), 12)")
    text = f"coalesce({', '.join(sources)})" if len(sources) > 1 else sources[0] if sources else "NULL::VARCHAR"
    if name == "supplier_id" and dialect.one_time and "supplier_ref" in present:
        return f"CASE WHEN regexp_full_match(\"supplier_ref\", {literal(dialect.one_time)}) THEN 'one-time' ELSE {text} END"
    return text


def _shown(dialect: Dialect, name: str, text: str) -> str:
    """Return the text, null for a word that means empty or hides; a hidden supplier is an asterisk."""
    if dialect.empty:
        text = f"CASE WHEN NOT {_among(text, dialect.empty)} THEN {text} END"
    if words := dialect.values.get(name):
        cases = " ".join(f"WHEN {literal(said.strip().lower())} THEN {literal(word)}" for said, word in words.items())
        text = f"CASE lower({text}) {cases} ELSE {text} END"
    for pattern in dialect.hidden.get(name, ()):
        shown = "'*'" if name == "supplier_name" else "NULL"
        text = f"CASE WHEN regexp_full_match({text}, {literal(pattern)}) THEN {shown} ELSE {text} END"
    return text


def _typed(dialect: Dialect, column: Column, native: Native, present: Iterable[str]) -> str:
    cell, kind = f'"{column.name}"', column.physical_type
    if column.name in native:
        in_range = f"CASE WHEN {cell} BETWEEN '0001-01-01' AND '9999-12-31 23:59:59' THEN {cell}::{kind} END"
        if native[column.name] == "FLOAT":
            return f"{cell}::VARCHAR::DOUBLE"  # the digits it was written with, not those single precision adds
        return in_range if kind in ("DATE", "TIMESTAMP") else f"TRY_CAST({cell} AS {kind})"
    if kind == "DECIMAL(14,2)":
        return (
            f"coalesce({sql_amount(cell, dialect.decimal, dialect.thousands)}, CASE WHEN {_is_zero(cell)} THEN 0 END)"
        )
    if kind == "DATE":
        serial = f"CASE WHEN {_is_serial(cell)} THEN DATE '1899-12-30' + left({cell}, 5)::INTEGER END"
        return f"coalesce({_moment(dialect, cell, False)}::DATE, {serial})"
    if kind == "TIMESTAMP":
        return _end(dialect, column.name, present)
    if kind == "BOOLEAN":
        return f"CASE WHEN {_among(f'lower({cell})', _TRUE)} THEN true WHEN {_among(f'lower({cell})', _FALSE)} THEN false END"
    if kind == "VARCHAR":
        if _may_be_cut(column):
            cell = f"CASE WHEN {_is_cut(cell)} THEN NULL ELSE {cell} END"
        if column.name.endswith(_IDENTIFIERS):
            # a spreadsheet adds .0 to whole numbers; nothing is lost by taking it away
            return f"CASE WHEN {_has_tail(cell)} THEN split_part({cell}, '.', 1) ELSE {cell} END"
        return cell
    tidy = f"replace(translate({cell}, ' \u00a0\u2009\u202f', ''), '{dialect.decimal}', '.')"
    return f"coalesce(TRY_CAST({cell} AS {kind}), TRY_CAST({tidy} AS {kind}))"


def _at(dialect: Dialect, name: str, present: Iterable[str]) -> str:
    """Return the moment a cell says, by its clock and date where the dialect has them apart."""
    if name in dialect.clocks:
        days = {day: _moment(dialect, f'"{day}"', False) if day in dialect.helpers else "" for day in present}
        return moment(dialect.clocks, name, days)
    cell = f'"{name}"'
    midnight = f"replace(replace({cell}, '24:', '00:'), '24.', '00.')"
    next_day = f"CASE WHEN {_is_24(cell)} THEN {_moment(dialect, midnight, True)} + INTERVAL 1 DAY END"
    return f"coalesce({_moment(dialect, cell, True)}, {next_day})::TIMESTAMP"


def _end(dialect: Dialect, name: str, present: Iterable[str]) -> str:
    """Return a moment; an end that is missing is the start and the length."""
    at, given = _at(dialect, name, present), set(present)
    for helper, length in dialect.lengths.items():
        if name == length.end and {helper, length.start} <= given:
            start = _at(dialect, length.start, present)
            read = minutes(length, helper, start, "NULL::TIMESTAMP")
            at = f'(CASE WHEN "{name}" IS NULL THEN {start} + to_minutes({read}) ELSE {at} END)'
    return at


def _mended_times(dialect: Dialect, present: Iterable[str]) -> list[tuple[str, str, str]]:
    """Return the repairs of clock times: written 24:00, past midnight, and a length not written as usual."""
    found, days = [], set(present)
    for name, clock in dialect.clocks.items():
        if name in days:
            found.append((is_midnight(name), name, "midnight_as_24"))
        if name in days and clock.after in days:
            found.append((f'"t_{name}"::DATE > "t_{clock.after}"::DATE', name, "ends_next_day"))
    for name, length in dialect.lengths.items():
        if name in days and {length.start, length.end} <= days:
            test = is_other(length, name, f"t_{length.start}", f"t_{length.end}")
            found.append((test, length.end, "hours_as_hh_mm" if length.usual == "hours" else "hh_mm_as_hours"))
            found.append((f'"{length.end}" IS NULL AND t_{length.end} IS NOT NULL', length.end, "from_length"))
    return found


def _mended(dialect: Dialect, active: list[Column], native: Native, present: Iterable[str]) -> list[str]:
    """Return for each repair the case that names it: column:kind."""
    found = _mended_times(dialect, present)
    for column in active:
        cell, name = f'"{column.name}"', column.name
        if name in native:
            pass
        elif column.physical_type == "DECIMAL(14,2)":
            found.append((_is_zero(cell), name, "excel_zero"))
        elif column.physical_type == "DATE":
            found.append((f'{_is_serial(cell)} AND "t_{name}" IS NOT NULL', name, "excel_date"))
        elif column.physical_type == "TIMESTAMP" and name not in dialect.clocks:
            found.append((f'{_is_24(cell)} AND "t_{name}" IS NOT NULL', name, "midnight_as_24"))
        elif column.physical_type == "VARCHAR" and name.endswith(_IDENTIFIERS):
            if _may_be_cut(column):
                found.append((_is_cut(cell), name, "excel_number_removed"))
            found.append((_has_tail(cell), name, "excel_decimals"))
        if name == "supplier_name" and dialect.hidden.get(name):
            found.append((f"{cell} = '*'", name, "hidden"))
        if name == dialect.row_digest:
            found.append((f"starts_with({cell}, 'row-')", name, "made_from_row"))
        if name == "booking_date":
            found.append((f'"t_{name}" IS NULL AND _period_end IS NOT NULL', name, "from_period"))
    return [f"CASE WHEN {test} THEN '{name}:{kind}' END" for test, name, kind in found]


def _may_be_cut(column: Column) -> bool:
    return column.name.endswith(_IDENTIFIERS) and not column.required and not column.said("pseudonym")


def _is_cut(cell: str) -> str:
    # Excel has dropped digits: a number left so would make every invoice cut alike the same invoice
    return f"(contains({cell}, 'E+') AND regexp_matches({cell}, '{_EXCEL_NUMBER}'))"


def _is_zero(cell: str) -> str:
    return f"(contains({cell}, 'E-') AND regexp_matches({cell}, '{_EXCEL_ZERO}'))"


def _is_serial(cell: str) -> str:
    return f"(length({cell}) BETWEEN 5 AND 16 AND regexp_matches({cell}, '{_EXCEL_DATE}'))"


def _is_24(cell: str) -> str:
    return f"(contains({cell}, '24') AND regexp_matches({cell}, '[ T]24[:.]00([:.]00)?$'))"


def _has_tail(cell: str) -> str:
    return f"(contains({cell}, '.0') AND regexp_matches({cell}, '^[0-9]+[.]0+$'))"


def _moment(dialect: Dialect, cell: str, with_time: bool) -> str:
    # %Y would read the two digits of a short year as the year 14
    formats = list(dict.fromkeys((*sorted(dialect.date_formats, key=lambda f: "%y" not in f), *_ISO)))
    # a list of formats costs six times as much as the one that nearly every cell has
    usual = next(f for f in formats if "%H" in f) if with_time else formats[0]
    return f"coalesce(try_strptime({cell}, {literal(usual)}), try_strptime({cell}, {literal(formats)}))"


def _settled(dialect: Dialect, column: Column, active: list[Column]) -> str:
    if column.name == "booking_date":
        # a row without a readable date still belongs to the period its file describes
        return "coalesce(t_booking_date, _period_end)" if column in active else "_period_end"
    return f'"t_{column.name}"'


def _waived(column: Column) -> str:
    return "(_period_end IS NOT NULL)" if column.name == "booking_date" else "false"


def literal(value: str | int | list[str] | None) -> str:
    """Return a value as SQL text: bound parameters cost a second of imports at their first use."""
    if value is None:
        return "NULL"
    if isinstance(value, list):
        return "[" + ", ".join(map(literal, value)) + "]::VARCHAR[]"
    return str(value) if isinstance(value, int) else "'" + value.replace("'", "''") + "'"
