"""Visits as Excel keeps them: times as parts of a day, a sheet a month, another order of columns in one of them."""

import datetime as dt
from collections.abc import Callable

from tests.fut.inbox_tools import Inbox
from tests.fut.test_care_clocks import LOCK, at
from tests.fut.test_excel_input import Cells, workbook

HEADER = LOCK.split(";")


def clock(text: str) -> dt.timedelta:
    """Return a time of day, or a length, as Excel keeps it."""
    hours, minutes = map(int, text.split(":"))
    return dt.timedelta(hours=hours, minutes=minutes)


def row(number: int, planned: str, actual: str, length: str) -> Cells:
    """Return a row of the lock system's export, times as Excel keeps them; an empty end stays empty."""
    times = [clock(text) if text else None for part in (planned, actual) for text in part.split("-")]
    return [f"V{number}", "P1", "004711", "W1", "Omvårdnad", "Tillsyn", dt.date(2026, 3, 10), *times, clock(length),
            "Lås", "Lås", "Utfört"]  # fmt: skip


def test_times_that_excel_keeps_as_parts_of_a_day_are_clock_times(make_inbox: Callable[[str], Inbox]) -> None:
    inbox = make_inbox("visits-lock")
    rows = [
        row(1, "7:00-7:30", "7:05-7:35", "0:30"), row(2, "23:30-24:00", "23:55-0:10", "0:15"),
        row(3, "7:00-7:30", "7:05-", "0:45"),
    ]  # fmt: skip
    inbox.put("besok_2026-03.xlsx", workbook([HEADER, *rows, ["Summa", *[None] * 10, clock("26:30"), *[None] * 3]]))
    inbox.load()
    found = inbox.rows("SELECT planned_start, planned_end, actual_start, actual_end FROM raw_visits ORDER BY visit_id")
    assert found == [
        (at("07:00"), at("07:30"), at("07:05"), at("07:35")),
        (at("23:30"), at("00:00", 11), at("23:55"), at("00:10", 11)),
        (at("07:00"), at("07:30"), at("07:05"), at("07:50")),
    ]
    assert inbox.rules() == {}
    assert inbox.rows("SELECT total_rows FROM deliveries") == [(1,)]


def test_a_sheet_may_have_more_columns_and_another_word_for_one(make_inbox: Callable[[str], Inbox]) -> None:
    inbox = make_inbox("visits-lock")
    first, second = row(1, "7:00-7:30", "7:05-7:35", "0:30"), row(2, "8:00-8:30", "8:05-8:35", "0:30")
    other = ["Orsak", *("Brukare" if name == "Kund" else name.lower() for name in HEADER)]
    inbox.put("besok_2026-03.xlsx", workbook([HEADER, first], [], [other, ["Ny kund", *second]]))
    inbox.load()
    found = inbox.rows("SELECT visit_id, actual_start, manual_reason, status FROM raw_visits ORDER BY visit_id")
    assert found == [("V1", at("07:05"), None, "performed"), ("V2", at("08:05"), "new_client", "performed")]
    assert len(inbox.rows("SELECT DISTINCT client_ref FROM raw_visits")) == 1
