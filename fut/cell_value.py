"""What a cell says: amounts, dates, moments and numbers out of text, and what was mended to read them; as SQL."""

from collections.abc import Iterable

from fut.clocks import is_either_way, is_midnight, is_other, minutes, stages
from fut.contract import Column
from fut.dialect import Dialect
from fut.money import sql_amount
from fut.sql import among, literal

Native = dict[str, str]
_EXCEL_NUMBER = "^[-+]?[0-9][.,][0-9]+[eE][+][0-9]+$"
_EXCEL_ZERO = "^[-+]?[0-9]([.,][0-9]+)?[eE]-(0?[4-9]|[1-9][0-9]+)$"
_EXCEL_DATE = "^(3[3-9]|[4-6][0-9])[0-9]{3}([.,][0-9]+)?$"
_ISO = tuple(f"%Y-%m-%d{t}" for t in ("", " %H:%M:%S", "T%H:%M:%S", " %H:%M:%S.%f", "T%H:%M:%S.%f", " %H:%M", "T%H:%M"))
_OPEN = "(?i)(tills? ?vidare|t[.]? ?v[.]?|löpande|pågående|öppen|öppet|open|ongoing|[-–—]+|0000-00-00([ T][0:.]+)?)"
IDENTIFIERS = ("_no", "_ref", "_id", "ocr")
NO_DATE = "unreadable_from_period"
"""The repair of a cell that is neither a date nor blank: the row's date is then its file's month."""

TRUE_WORDS = ["true", "1", "ja", "j", "yes", "y", "x", "sant"]
FALSE_WORDS = ["false", "0", "nej", "n", "no", "falskt"]


def typed_value(dialect: Dialect, column: Column, native: Native, present: Iterable[str]) -> str:
    """Return what a cell says in its column's type, null where it cannot be read or where digits are lost."""
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
        return f"CASE WHEN {among(f'lower({cell})', TRUE_WORDS)} THEN true WHEN {among(f'lower({cell})', FALSE_WORDS)} THEN false END"
    if kind == "VARCHAR":
        if _may_be_cut(column):
            cell = f"CASE WHEN {_is_cut(cell)} THEN NULL ELSE {cell} END"
        if column.name.endswith(IDENTIFIERS):
            # a spreadsheet adds .0 to whole numbers; nothing is lost by taking it away
            return f"CASE WHEN {_has_tail(cell)} THEN split_part({cell}, '.', 1) ELSE {cell} END"
        return cell
    if kind == "DOUBLE":
        return f"coalesce(TRY_CAST({cell} AS {kind}), TRY_CAST({_tidy(dialect, cell)} AS {kind}))"
    return f"TRY_CAST({_number(dialect, cell)} AS {kind})"


def clock_stages(dialect: Dialect, present: Iterable[str]) -> list[dict[str, str]]:
    """Return the columns that moments are made of, stage by stage (see `fut.clocks.stages`)."""
    days = {name: _moment(dialect, f'"{name}"', False) if name in dialect.helpers else "" for name in present}
    return stages(dialect.clocks, days)


def mended_cases(dialect: Dialect, active: list[Column], native: Native, present: Iterable[str]) -> list[str]:
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
        elif column.physical_type == "VARCHAR" and name.endswith(IDENTIFIERS):
            if _may_be_cut(column):
                found.append((_is_cut(cell), name, "excel_number_removed"))
            found.append((_has_tail(cell), name, "excel_decimals"))
        elif column.physical_type in ("INTEGER", "BIGINT"):
            number = f"TRY_CAST({_number(dialect, cell)} AS DECIMAL(18,4))"
            found.append((f"regexp_matches({cell}, '[.,]') AND {number} <> \"t_{name}\"", name, "rounded_to_whole"))
        if name not in native and may_be_open(dialect, column):
            found.append((is_open(column), name, "open_ended"))
        if name == "supplier_name" and dialect.hidden.get(name):
            found.append((f"{cell} = '*'", name, "hidden"))
        if name == dialect.row_digest:
            found.append((f"starts_with({cell}, 'row-')", name, "made_from_row"))
        if name == "booking_date":
            lost, is_blank = (
                f'"t_{name}" IS NULL AND _period_end IS NOT NULL',
                "TRUE" if name in native else _is_blank(cell),
            )
            found += [(f"{lost} AND {is_blank}", name, "from_period"), (f"{lost} AND NOT {is_blank}", name, NO_DATE)]
    return [f"CASE WHEN {test} THEN '{name}:{kind}' END" for test, name, kind in found]


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
            either = is_either_way(length, name)
            found.append((either, length.end, "length_either_way"))
            test = f"({test} AND NOT {either})"
            found.append((test, length.end, "hours_as_hh_mm" if length.usual == "hours" else "hh_mm_as_hours"))
            found.append((f'"{length.end}" IS NULL AND t_{length.end} IS NOT NULL', length.end, "from_length"))
    return found


def _at(dialect: Dialect, name: str, present: Iterable[str]) -> str:
    """Return the moment a cell says, by its clock and date where the dialect has them apart."""
    if name in dialect.clocks:
        return f'"m_{name}"' if name in set(present) else "NULL::TIMESTAMP"
    cell = f'"{name}"'
    midnight = f"regexp_replace({cell}, '24([:.]00([:.]00)?)$', '00\\1')"
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


def _moment(dialect: Dialect, cell: str, with_time: bool) -> str:
    usual, *others = moment_formats(dialect, with_time)
    # a list of formats costs six times as much as the one that nearly every cell has; SQL Server writes seven decimals
    cut = f"CASE WHEN contains({cell}, '.') THEN regexp_replace({cell}, '(:[0-9]{{2}}[.][0-9]{{6}})[0-9]+$', '\\1') END"
    read = ", ".join(
        f"try_strptime({text}, {literal(known)})" for text, known in ((cell, usual), (cell, others), (cut, others))
    )
    return f"coalesce({read})"


def moment_formats(dialect: Dialect, with_time: bool) -> list[str]:
    """Return the formats of moments in the order they are tried."""
    # %Y would read the two digits of a short year as the year 14
    formats = list(dict.fromkeys((*sorted(dialect.date_formats, key=lambda f: "%y" not in f), *_ISO)))
    usual = next(f for f in formats if "%H" in f) if with_time else formats[0]
    return list(dict.fromkeys((usual, *formats)))


def may_be_open(dialect: Dialect, column: Column) -> bool:
    """Return whether a column is a date or moment that a row may lack."""
    is_date = column.physical_type in ("DATE", "TIMESTAMP") and column.name != "booking_date"
    return is_date and not column.required and column.name not in dialect.clocks


def is_open(column: Column) -> str:
    """Return the condition that a cell, read as no date, says that there is none: until further notice, or a dash."""
    return f"(\"t_{column.name}\" IS NULL AND regexp_full_match(coalesce(\"{column.name}\", ''), '{_OPEN}'))"


def _may_be_cut(column: Column) -> bool:
    is_person = column.said("pseudonym", "number") != "number"  # such a cell tells of a person, however damaged
    return column.name.endswith(IDENTIFIERS) and not column.required and not is_person


def _is_cut(cell: str) -> str:
    # Excel has dropped digits: a number left so would make every invoice cut alike the same invoice
    return f"(contains({cell}, 'E+') AND regexp_matches({cell}, '{_EXCEL_NUMBER}'))"


def _is_zero(cell: str) -> str:
    return f"(contains({cell}, 'E-') AND regexp_matches({cell}, '{_EXCEL_ZERO}'))"


def _is_blank(cell: str) -> str:
    """No date is meant: nothing, or the zero that a spreadsheet shows as 00:00:00."""
    return f"regexp_full_match(coalesce({cell}, ''), '[-0:/. ]*')"


def _is_serial(cell: str) -> str:
    return f"(length({cell}) BETWEEN 5 AND 16 AND regexp_matches({cell}, '{_EXCEL_DATE}'))"


def _is_24(cell: str) -> str:
    return f"(contains({cell}, '24') AND regexp_matches({cell}, '[ T]24[:.]00([:.]00)?$'))"


def _tidy(dialect: Dialect, cell: str) -> str:
    return f"replace(translate({cell}, ' \u00a0\u2009\u202f', ''), '{dialect.decimal}', '.')"


def _number(dialect: Dialect, cell: str) -> str:
    """Return a number's text without what groups its digits; null where a sign may do either, as amounts are read."""
    other = "." if dialect.decimal == "," else ","
    grouped = f"[-+]?[1-9][0-9]{{0,2}}([{other}][0-9]{{3}})"
    bare = _tidy(dialect, f"replace({cell}, '{other}', '')")
    if other not in dialect.thousands:
        bare = f"CASE WHEN NOT regexp_full_match({cell}, '{grouped}') THEN {bare} END"
    whole = f"contains({cell}, '{other}') AND regexp_full_match({cell}, '{grouped}+([{dialect.decimal}][0-9]+)?')"
    return f"CASE WHEN {whole} THEN {bare} ELSE {_tidy(dialect, cell)} END"


def _has_tail(cell: str) -> str:
    return f"(contains({cell}, '.0') AND regexp_matches({cell}, '^[0-9]+[.]0+$'))"
