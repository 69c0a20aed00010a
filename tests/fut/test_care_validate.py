"""What `fut validate` prints of tables without kronor: rows, minutes, and what was delivered again."""

from collections.abc import Callable

import pytest

from commands.validate import _others, _quarantined
from tests.fut.inbox_tools import Inbox
from tests.fut.test_care_bad_input import visit, visits


def test_visits_are_told_in_rows_and_minutes(
    make_inbox: Callable[[str], Inbox], capsys: pytest.CaptureFixture[str]
) -> None:
    inbox = make_inbox("canonical")
    odd = visit(3).replace(",care,", ",gardening,")
    inbox.put("visits_2026-03.csv", visits(visit(1), visit(1), visit(2), odd, "Summa,,,,,,,,,"))
    inbox.put("exclusions.csv", "person_ref,org_no,reason,decided_date,source\n")
    inbox.load()
    inbox.reconciled()
    _quarantined(inbox.connection)
    _others(inbox.connection)
    said = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert ["visits", "value:service", "error", "1", "-", "30"] in said
    assert ["visits", "5", "1", "1", "2", "1", "-", "120"] in said
    assert ["exclusions", "0", "0", "0", "0", "0", "-", "-"] in said
