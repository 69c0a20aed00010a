"""Clock times beside dates, lengths in two notations, lost zeros and words of a system: what the grammar says."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fut.clocks import Clock, Length, is_either_way, is_other, minutes, stages
from fut.dialect import load_dialects
from fut.errors import ConfigError
from tests.fut.inbox_tools import Inbox

LOCK = (
    "BesökID;Utförare;Kund;Personal;Insats;Moment;Datum;Planerad start;Planerad slut;Starttid;Sluttid;Utförd tid;"
    "Registreringssätt start;Registreringssätt stopp;Status"
)
TAG = "Besöksnr;Enhet;Vårdtagare;Anställningsnr;Insatskategori;Ankomst;Avfärd;Utförd tid;Kvittens in;Besöksstatus"
CLOCKS = {
    "actual_start": Clock("day"), "actual_end": Clock("day", after="actual_start"),
    "planned_start": Clock("day", near="actual_start"), "planned_end": Clock("day", after="planned_start"),
}  # fmt: skip
DAYS = {"day": '"day"'} | dict.fromkeys(CLOCKS, "")
MIDNIGHT = dt.datetime.fromisoformat("2026-03-10T00:00:00")


def lock_row(
    number: int, planned: str = "07:00;07:30", actual: str = "07:05;07:35;0:30", client: str = "004711"
) -> str:
    """Return a row of the lock system's export."""
    return f"V{number};P1;{client};W1;Omvårdnad;Tillsyn;2026-03-10;{planned};{actual};Lås;Lås;Utfört"


def tag_row(number: int, length: str, start: str = "07.00", end: str = "07.45") -> str:
    """Return a row of the tag system's export."""
    until = f"2026-03-10 {end}" if end else ""
    return f"V{number};P1;C1;W1;Omvårdnad;2026-03-10 {start};{until};{length};NFC;Utfört"


def at(text: str, day: int = 10) -> dt.datetime:
    """Return a moment of March 2026."""
    return dt.datetime.fromisoformat(f"2026-03-{day:02d} {text}")


@given(
    start=st.integers(0, 24 * 60 - 1), length=st.integers(0, 24 * 60 - 1), shift=st.integers(-11 * 60, 11 * 60),
    planned=st.integers(0, 12 * 60), sign=st.sampled_from(":."),
)  # fmt: skip
def test_clocks_give_back_the_moments_they_were_made_of(
    start: int, length: int, shift: int, planned: int, sign: str
) -> None:
    begun = MIDNIGHT + dt.timedelta(minutes=start)
    plan = begun + dt.timedelta(minutes=shift)
    true = {
        "actual_start": begun, "actual_end": begun + dt.timedelta(minutes=length),
        "planned_start": plan, "planned_end": plan + dt.timedelta(minutes=planned),
    }  # fmt: skip
    cells = ", ".join(f"'{moment:%H{sign}%M}' AS {name}" for name, moment in true.items())
    query = f"SELECT DATE '2026-03-10' AS day, {cells}"
    for stage in stages(CLOCKS, DAYS):
        query = f"SELECT *, {', '.join(f'{sql} AS {name}' for name, sql in stage.items())} FROM ({query})"
    with duckdb.connect() as connection:
        found = connection.sql(f"SELECT {', '.join(f'm_{name}' for name in true)} FROM ({query})").fetchone()
    assert found == tuple(true.values())


@pytest.mark.parametrize(
    ("day", "cells", "expected"),
    [
        # an end before its start, where the clock is put back and elsewhere
        ("2026-10-25", "02:50;02:10;;", "25 02:50;25 02:10;;"),
        ("2026-10-24", "22:00;02:10;;", "24 22:00;25 02:10;;"),
        ("2026-10-25", "22:00;02:10;;", "25 22:00;26 02:10;;"),
        ("2026-10-25", "02:50;01:10;;", "25 02:50;26 01:10;;"),
        ("2026-10-18", "02:50;02:10;;", "18 02:50;19 02:10;;"),
        ("2027-10-31", "02:50;02:10;;", "31 02:50;31 02:10;;"),  # the month's last day is the Sunday
        ("2027-10-24", "02:50;02:10;;", "24 02:50;25 02:10;;"),
        ("2026-03-29", "02:50;02:10;;", "29 02:50;30 02:10;;"),  # put forward: no hour comes twice
        ("2026-03-10", "07:00;07:00;;", "10 07:00;10 07:00;;"),
        # a plan is within twelve hours of what was done
        ("2026-03-10", "07:05;07:10;19:05;19:06", "10 07:05;10 07:10;10 19:05;10 19:06"),
        ("2026-03-10", "07:05;07:10;19:06;19:06", "10 07:05;10 07:10;09 19:06;09 19:06"),
        ("2026-03-10", "19:05;19:10;07:05;07:06", "10 19:05;10 19:10;10 07:05;10 07:06"),
        ("2026-03-10", "19:05;19:10;07:04;07:06", "10 19:05;10 19:10;11 07:04;11 07:06"),
        # seconds, a point, and what is no time
        ("2026-03-10", "7.05.30;07:05:59;;", "10 07:05:30;10 07:05:59;;"),
        ("2026-03-31", "23:50;24:00;;", "31 23:50;01 00:00;;"),
        ("2028-02-29", "23:50;00:10;;", "29 23:50;01 00:10;;"),
        ("2026-03-10", "07:05;24:30;;", "10 07:05;;;"),
        ("2026-03-10", "07:05;07:60;;", "10 07:05;;;"),
    ],
)
def test_clocks_beside_a_date(day: str, cells: str, expected: str) -> None:
    names = ("actual_start", "actual_end", "planned_start", "planned_end")
    drawn = ", ".join(f"nullif('{cell}', '') AS {name}" for name, cell in zip(names, cells.split(";"), strict=True))
    query = f"SELECT DATE '{day}' AS day, {drawn}"
    for stage in stages(CLOCKS, DAYS):
        query = f"SELECT *, {', '.join(f'{sql} AS {name}' for name, sql in stage.items())} FROM ({query})"
    shown = ", ".join(f"replace(coalesce(strftime(m_{name}, '%d %H:%M:%S'), ''), ':00', '')" for name in names)
    with duckdb.connect() as connection:
        found = connection.sql(f"SELECT {shown} FROM ({query})").fetchone()
    assert found == tuple(cell if cell.count(":") == 2 else cell.replace(":00", "") for cell in expected.split(";"))


@pytest.mark.parametrize(
    ("text", "known", "usual", "is_told"),
    [
        ("0.45", 45, "hh.mm", False), ("0.45", 27, "hh.mm", True), ("0.45", 36, "hh.mm", False), ("0.45", 35, "hh.mm", True),
        ("0.45", 36, "hours", False), ("0.45", 37, "hours", True), ("0:45", 27, "hours", False), ("0:45", 27, "hh.mm", False),
        ("0.75", None, "hh.mm", True), ("0.75", None, "hours", False), ("x", 45, "hh.mm", False),
    ],
)  # fmt: skip
def test_a_length_written_in_another_way_is_told(text: str, known: int | None, usual: str, is_told: bool) -> None:
    length = Length("a", "b", usual)  # ty: ignore[invalid-argument-type]
    end = "NULL::TIMESTAMP" if known is None else f"TIMESTAMP '2026-03-10 00:00:00' + to_minutes({known})"
    with duckdb.connect() as connection:
        sql = is_other(length, "worked", "TIMESTAMP '2026-03-10 00:00:00'", end)
        assert connection.sql(f"SELECT {sql} FROM (SELECT '{text}' AS worked)").fetchone() == (is_told,)


@pytest.mark.parametrize(
    ("text", "end", "usual", "is_told"),
    [("0.3", None, "hh.mm", True), ("0.3", "08:00", "hh.mm", False), ("0.3", None, "hours", False), ("0.30", None, "hh.mm", False),
     ("0.6", None, "hh.mm", False), ("1,5", None, "hh.mm", True)],
)  # fmt: skip
def test_a_length_that_may_be_read_either_way(text: str, end: str | None, usual: str, is_told: bool) -> None:
    length = Length("a", "b", usual)  # ty: ignore[invalid-argument-type]
    cell = f"'{end}'" if end else "NULL::VARCHAR"
    with duckdb.connect() as connection:
        found = connection.sql(
            f"SELECT {is_either_way(length, 'worked')} FROM (SELECT '{text}' AS worked, {cell} AS b)"
        ).fetchone()
    assert found == (is_told,)


@pytest.mark.parametrize(
    ("text", "known", "usual", "read"),
    [
        ("0.33", None, "hours", 20), ("0.33", 20, "hh.mm", 20), ("0,01", None, "hours", 1), ("0.008", None, "hours", 0),
        ("0:45", 45, "hh.mm", 45), ("0.45", 45, "hh.mm", 45), ("0.45", 27, "hh.mm", 27), ("0,75", 45, "hh.mm", 45),
        ("0,45", 27, "hours", 27), ("0.45", 45, "hours", 45), ("1,5", 90, "hours", 90), ("0.75", None, "hh.mm", 45),
        ("0.45", None, "hh.mm", 45), ("0.45", None, "hours", 27), ("0:45", None, "hours", 45), ("x", 45, "hh.mm", None),
        ("0:75", 45, "hh.mm", None),
    ],
)  # fmt: skip
def test_a_length_is_read_as_its_times_tell(text: str, known: int | None, usual: str, read: int | None) -> None:
    length = Length("a", "b", usual)  # ty: ignore[invalid-argument-type]
    end = "NULL::TIMESTAMP" if known is None else f"TIMESTAMP '2026-03-10 00:00:00' + to_minutes({known})"
    with duckdb.connect() as connection:
        sql = minutes(length, "worked", "TIMESTAMP '2026-03-10 00:00:00'", end)
        assert connection.sql(f"SELECT {sql} FROM (SELECT '{text}' AS worked)").fetchone() == (read,)


def test_an_end_before_its_start_is_the_next_days_but_where_the_clock_is_put_back(
    make_inbox: Callable[[str], Inbox],
) -> None:
    inbox = make_inbox("visits-lock")
    night = lock_row(1, "02:40;03:00", "02:50;02:10;0.20")
    rows = (
        night.replace("2026-03-10", day).replace("V1", name)
        for name, day in (("V1", "2026-10-25"), ("V2", "2026-10-18"))
    )
    inbox.put("besok_2026-10.csv", "\n".join((LOCK, *rows)) + "\n")
    inbox.load()
    found = inbox.rows("SELECT actual_end::VARCHAR FROM raw_visits ORDER BY visit_id")
    assert found == [("2026-10-25 02:10:00",), ("2026-10-19 02:10:00",)]


def test_a_length_that_a_spreadsheet_may_have_cut_is_told_unless_its_times_say_which(
    make_inbox: Callable[[str], Inbox],
) -> None:
    inbox = make_inbox("visits-tag")
    rows = (
        tag_row(1, "0.3", end=""),
        tag_row(2, "0.3", end="07.30"),
        tag_row(3, "0.3", end="07.18"),
        tag_row(4, "0.30", end=""),
    )
    inbox.put("kvittenser_2026-03.csv", "\n".join((TAG, *rows)) + "\n")
    inbox.load()
    ends = inbox.rows("SELECT strftime(actual_end, '%H.%M') FROM raw_visits ORDER BY visit_id")
    assert ends == [("07.18",), ("07.30",), ("07.18",), ("07.30",)]
    repairs = inbox.repairs()
    assert repairs["actual_end", "length_either_way"] == 1
    assert repairs["actual_end", "hh_mm_as_hours"] == 1


def test_midnight_is_mended_and_told(make_inbox: Callable[[str], Inbox]) -> None:
    inbox = make_inbox("visits-lock")
    rows = (
        lock_row(1, "23:30;24:00", "23:40;24:00;0:20"), lock_row(2, "23:30;00:15", "23:55;00:10;0:15"),
        lock_row(3, "23:50;00:10", "00:05;00:20;0:15"), lock_row(4, "07:00;07:30", "07:00;;0:45"),
        lock_row(5, "07:00;07:30", "25:70;07:30;0:30"),
    )  # fmt: skip
    inbox.put("besok_2026-03.csv", "\n".join((LOCK, *rows, "Summa" + ";" * 14)) + "\n", "cp1252")
    inbox.load()
    found = inbox.rows("SELECT actual_start, actual_end, planned_start, planned_end FROM raw_visits ORDER BY visit_id")
    assert found == [
        (at("23:40"), at("00:00", 11), at("23:30"), at("00:00", 11)),
        (at("23:55"), at("00:10", 11), at("23:30"), at("00:15", 11)),
        (at("00:05"), at("00:20"), at("23:50", 9), at("00:10")),
        (at("07:00"), at("07:45"), at("07:00"), at("07:30")),
        (None, at("07:30"), at("07:00"), at("07:30")),
    ]
    assert inbox.rules() == {"unreadable:actual_start": 1}
    repairs = inbox.repairs()
    assert repairs["actual_end", "midnight_as_24"] == repairs["planned_end", "midnight_as_24"] == 1
    assert repairs["actual_end", "ends_next_day"] == 2
    assert repairs["actual_end", "from_length"] == 1
    assert inbox.rows("SELECT total_rows, rows_in FROM deliveries") == [(1, 6)]


def test_decimal_hours_among_hours_and_minutes_are_told(make_inbox: Callable[[str], Inbox]) -> None:
    inbox = make_inbox("visits-tag")
    rows = (tag_row(1, "0.45"), tag_row(2, "0,75"), tag_row(3, "0.75"), tag_row(4, "0.45", end=""))
    inbox.put("kvittenser_202603.csv", "\n".join((TAG, *rows)) + "\n")
    inbox.load()
    assert inbox.rows("SELECT DISTINCT actual_start, actual_end FROM raw_visits") == [(at("07:00"), at("07:45"))]
    repairs = inbox.repairs()
    assert repairs["actual_end", "hh_mm_as_hours"] == 2
    assert repairs["actual_end", "from_length"] == 1


def test_lost_zeros_come_back_to_the_usual_width(make_inbox: Callable[[str], Inbox]) -> None:
    inbox = make_inbox("visits-lock")
    ids = ("004711", "012345", "4711", "123456", "12345", "C12")
    rows = [lock_row(number, client=client) for number, client in enumerate(ids)]
    inbox.put("besok_2026-03.csv", "\n".join((LOCK, *rows)) + "\n")
    inbox.load()
    tokens = [token for (token,) in inbox.rows("SELECT client_ref FROM raw_visits ORDER BY visit_id")]
    assert tokens[0] == tokens[2]
    assert tokens[1] == tokens[4]
    assert len(set(tokens)) == 4
    assert inbox.repairs()["client_ref", "leading_zeros_restored"] == 2


def test_a_word_no_one_knows_is_kept_out_and_named(make_inbox: Callable[[str], Inbox]) -> None:
    inbox = make_inbox("visits-lock")
    rows = (lock_row(1).replace("Omvårdnad", "OMVÅRDNAD"), lock_row(2).replace("Omvårdnad", "Trädgård"))
    inbox.put("besok_2026-03.csv", "\n".join((LOCK, *rows)) + "\n")
    inbox.load()
    assert inbox.rows("SELECT service FROM raw_visits ORDER BY visit_id") == [("care",), ("Trädgård",)]
    assert inbox.rules() == {"value:service": 1}


@pytest.mark.parametrize(
    ("stated", "told"),
    [
        ("clocks: {actual_start: {day: dag}}", "'dag' has no header under columns"),
        ("clocks: {actual_start: {day: visit_id}}", "'visit_id' is a column"),
        ("clocks: {status: {day: day}}", "'status' is no moment"),
        (
            "clocks: {actual_start: {day: day, after: actual_end}, actual_end: {day: day, after: actual_start}}",
            "follows",
        ),
        ("clocks: {actual_start: {day: day, afer: actual_end}}", "did you mean 'after'"),
        ("values: {status: {Utfört: done}}", "'done' is no value"),
        ("lengths: {day: {start: actual_start, end: actual_end, usual: minutes}}", "unknown value 'minutes'"),
        ("padded: [visit_id]", "'visit_id' is no id of a person"),
        ("skip: ['(']", "is not valid"),
    ],
)
def test_a_wrong_grammar_is_told_in_one_line(stated: str, told: str, tmp_path: Path) -> None:
    day = "day: [Datum], " if "day: day" in stated or "{day: {" in stated else ""
    head = f"dialect: odd\ntitle: odd\ntable: visits\ncolumns: {{visit_id: [Id], {day}actual_start: [Start]}}\n"
    (tmp_path / "odd.yaml").write_text(head + stated + "\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"odd\.yaml") as caught:
        load_dialects(tmp_path)
    assert told in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_quarter_in_the_name_is_three_months() -> None:
    period = load_dialects()["visits-planning"].period("utfall_2026_kv2.csv")
    assert period is not None
    assert (period.first, period.last, period.month) == ("2026-04", "2026-06", None)
