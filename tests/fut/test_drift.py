"""Drift and quarantine of a ledger whose file names give no month: what blocks, and what is no reason to."""

from collections.abc import Callable

import pytest

from fut.drift import blocked_months, measure_drift
from fut.settings import AcceptedChange, Checks
from tests.fut.inbox_tools import SPEC, Inbox, posting, spec_file


def put(inbox: Inbox, month: int, rows: int = 20, *odd: str) -> None:
    """Deliver a month of postings, and odd rows after them."""
    sent = [posting(100 * month + i, datum=f"2026-{month:02d}-10") for i in range(rows)]
    inbox.put(f"reskontra{month}.csv", spec_file(*sent, *odd))


def without(inbox: Inbox, month: int, header: str) -> None:
    """Deliver the month's file again with a column less."""
    path = inbox.folder / f"reskontra{month}.csv"
    at = SPEC.split(",").index(header)
    lines = [line.split(",") for line in path.read_text(encoding="utf-8").splitlines()]
    inbox.put(path.name, "".join(",".join(cells[:at] + cells[at + 1 :]) + "\n" for cells in lines))


def blocked(inbox: Inbox, checks: Checks = Checks()) -> dict[str, str]:  # noqa: B008
    inbox.load()
    inbox.reconciled()
    measure_drift(inbox.connection, checks)
    return blocked_months(inbox.connection, checks)


@pytest.fixture
def ledger(make_inbox: Callable[[str], Inbox]) -> Inbox:
    inbox = make_inbox("lankadedata-1.1")
    for month in range(1, 5):
        put(inbox, month)
    return inbox


def test_months_alike_are_not_blocked(ledger: Inbox) -> None:
    put(ledger, 5, 22)
    assert blocked(ledger) == {}


def test_a_lost_column_blocks_its_month_though_no_name_tells_it(ledger: Inbox) -> None:
    put(ledger, 5, 20, posting(999, datum="2026-04-30"))
    without(ledger, 5, "forvaltning")
    found = blocked(ledger)
    assert set(found) == {"2026-05"}
    assert "columns of ap_postings is 14, fence 15" in found["2026-05"]


def test_every_measure_that_drifted_is_named_with_what_accepts_it(ledger: Inbox) -> None:
    put(ledger, 5, 5)
    found = blocked(ledger)
    assert found["2026-05"] == (
        "drift, rows of ap_postings is 5, fence 16 to 36; sek of ap_postings is 502, fence 1608 to 3618; if it is known, "
        "accept it in the settings: checks.accepted: [{month: 2026-05, table: ap_postings, measure: rows, reason: ...}, "
        "{month: 2026-05, table: ap_postings, measure: sek, reason: ...}]"
    )
    known = tuple(AcceptedChange("2026-05", "ap_postings", measure, "holidays") for measure in ("rows", "sek"))
    assert blocked(ledger, Checks(accepted=known)) == {}


def test_kronor_in_quarantine_count_for_their_own_month(ledger: Inbox) -> None:
    put(ledger, 5, 20, posting(1, "30.00", datum="2026-05-10", konto_nr=""))
    assert blocked(ledger) == {}
    put(ledger, 5, 20, posting(1, "60.00", datum="2026-05-10", konto_nr=""), posting(2, "0", konto_nr=""))
    found = blocked(ledger)
    assert set(found) == {"2026-05"}
    assert found["2026-05"].startswith("2.9 % of the kronor of ap_postings are in quarantine")


def test_a_row_without_a_date_is_of_its_files_month(ledger: Inbox) -> None:
    put(ledger, 5, 20, posting(1, "60.00", datum="i maj"))
    assert set(blocked(ledger)) == {"2026-05"}
