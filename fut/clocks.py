"""Clock times beside a date, and lengths beside clock times: what an export says about when, as SQL over cells.

A clock is `7:05`, `07.05` or `24:00`. An end before its start is the next day's, but not
in the hour that comes twice. A length is `0:45`, hours and minutes
with a point, or decimal hours; the times registered in the same row tell which of the two it is. Where none do, one
decimal (0.3, also what a spreadsheet leaves of 0.30) is read as hours, and told as readable either way.
"""

from dataclasses import dataclass
from typing import Literal

_CLOCK = "^(([01]?[0-9]|2[0-3])[:.][0-5][0-9]|24[:.]00)([:.][0-5][0-9])?$"
_HOURS_MINUTES = "^[0-9]{1,3}([.,][0-5][0-9]|:[0-5][0-9](:[0-5][0-9])?)$"
_DECIMAL_HOURS = "^[0-9]{1,3}([.,][0-9]{1,4})?$"
_ONE_DECIMAL = "^[0-9]{1,3}[.,][1-5]$"


@dataclass(frozen=True)
class Clock:
    """A time of day: `day` names the column with the date, `after` a start it follows, `near` a time within 12 hours."""

    day: str
    after: str = ""
    near: str = ""


@dataclass(frozen=True)
class Length:
    """The length of a visit beside its times: `usual` is how the system writes it; gives an end that is missing."""

    start: str
    end: str
    usual: Literal["hh.mm", "hours"] = "hh.mm"


def stages(clocks: dict[str, Clock], days: dict[str, str]) -> list[dict[str, str]]:
    """Return the SQL of the columns that moments are made of, stage by stage, each over those of the stages before.

    `days` gives the SQL of each date, and what is present. Of a clock come the seconds `s_`, the date `d_` and the moment
    `m_`, null for a column without a date. A moment is said once: it is long, and others follow it.
    """
    found = {name: clock for name, clock in clocks.items() if name in days and clock.day in days}
    said = [
        {f"s_{name}": _seconds(f'"{name}"') for name in found} | {f"d_{c.day}": days[c.day] for c in found.values()}
    ]
    left = dict.fromkeys(name for name in clocks if name in days)
    while left:
        ready = [name for name in left if (clocks[name].after or clocks[name].near) not in left]
        said.append({f"m_{name}": _moment(clocks[name], name, days) for name in ready})
        left = {name: None for name in left if name not in ready}
    return [stage for stage in said if stage]


def _moment(clock: Clock, name: str, days: dict[str, str]) -> str:
    if clock.day not in days:
        return "NULL::TIMESTAMP"
    other, seconds = clock.after or clock.near, f'to_seconds("s_{name}")'
    at, known = f'("d_{clock.day}" + {seconds})', f'"m_{other}"'
    if not other or other not in days:
        return at
    if clock.near:
        return (
            f"(CASE WHEN {at} > {known} + INTERVAL 12 HOUR THEN {at} - INTERVAL 1 DAY "
            f"WHEN {at} < {known} - INTERVAL 12 HOUR THEN {at} + INTERVAL 1 DAY ELSE {at} END)"
        )
    at = f"(coalesce(date_trunc('day', {known}), \"d_{clock.day}\") + {seconds})"
    turned = f"{is_hour_twice(at)} AND {is_hour_twice(known)}"
    return f"(CASE WHEN {at} < {known} AND NOT ({turned}) THEN {at} + INTERVAL 1 DAY ELSE {at} END)"


def is_hour_twice(moment: str) -> str:
    """Return the condition that a moment lies in the hour that comes twice: 02 on the last Sunday of October."""
    return f"(date_trunc('hour', {moment}) = {last_sunday(moment, 10)} + INTERVAL 2 HOUR)"


def last_sunday(moment: str, month: int) -> str:
    """Return the date of the last Sunday of a month of 31 days, in the moment's year."""
    return f"(make_date(year({moment}), {month}, 31) - (isodow(make_date(year({moment}), {month}, 31)) % 7)::INTEGER)"


def is_midnight(name: str) -> str:
    """Return the condition that a clock is written 24:00."""
    return f"(starts_with(\"{name}\", '24') AND regexp_matches(\"{name}\", '{_CLOCK}'))"


def minutes(length: Length, name: str, start: str, end: str) -> str:
    """Return the SQL of a length in whole minutes: as its row's times tell, else as the system usually writes it."""
    clocked, decimal = _readings(name)
    known = f"date_diff('minute', {start}, {end})"
    first, second = (clocked, decimal) if length.usual == "hh.mm" else (decimal, clocked)
    return f"CASE WHEN {_is_other(length, name, known)} THEN {second} ELSE coalesce({first}, {second}) END"


def is_other(length: Length, name: str, start: str, end: str) -> str:
    """Return the condition that a length is not written as the system usually does."""
    return _is_other(length, name, f"date_diff('minute', {start}, {end})")


def is_either_way(length: Length, name: str) -> str:
    """Return the condition that a length may be hours and minutes cut by a spreadsheet, with no end to tell."""
    is_cut = f'(regexp_matches("{name}", \'{_ONE_DECIMAL}\') AND "{length.end}" IS NULL)'
    return is_cut if length.usual == "hh.mm" else "false"


def _is_other(length: Length, name: str, known: str) -> str:
    clocked, decimal = _readings(name, is_cut=True)
    usual, other = (clocked, decimal) if length.usual == "hh.mm" else (decimal, clocked)
    return (
        f"(NOT contains(\"{name}\", ':') AND {other} IS NOT NULL AND coalesce(abs({other} - {known}) < abs({usual} - "
        f"{known}), {usual} IS NULL))"
    )


def _readings(name: str, is_cut: bool = False) -> tuple[str, str]:
    """Return the minutes of a length read as hours and minutes, and read as decimal hours; 0.3 is 0.30 when `is_cut`."""
    cell = f'"{name}"'
    if is_cut:
        cell = f"(CASE WHEN regexp_matches({cell}, '{_ONE_DECIMAL}') THEN concat({cell}, '0') ELSE {cell} END)"
    whole = f"replace(replace({cell}, ',', ':'), '.', ':')"
    clocked = (
        f"CASE WHEN regexp_matches({cell}, '{_HOURS_MINUTES}') THEN split_part({whole}, ':', 1)::INTEGER * 60 + "
        f"split_part({whole}, ':', 2)::INTEGER END"
    )
    decimal = (
        f"CASE WHEN regexp_matches({cell}, '{_DECIMAL_HOURS}') THEN round(replace({cell}, ',', '.')::DECIMAL(9,4) * 60)"
        "::INTEGER END"
    )
    return f"({clocked})", f"({decimal})"


def _seconds(cell: str) -> str:
    parts = f"string_split(replace({cell}, '.', ':'), ':')"
    return (
        f"CASE WHEN regexp_matches({cell}, '{_CLOCK}') THEN {parts}[1]::INTEGER * 3600 + {parts}[2]::INTEGER * 60 + "
        f"coalesce({parts}[3]::INTEGER, 0) END"
    )
