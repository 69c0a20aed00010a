"""What `fut validate` prints of tables without kronor: rows, minutes, and what was delivered again."""

from collections.abc import Callable

import pytest

from commands.validate import _others, _quarantined
from core.build import build_core
from fut.evaluate import empty_core
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


def test_a_line_that_core_adds_is_no_delivered_row(
    make_inbox: Callable[[str], Inbox], capsys: pytest.CaptureFixture[str]
) -> None:
    inbox = make_inbox("canonical")
    head = "line_id,payment_id,provider_id,client_ref,service,service_month,booked_month,minutes,amount_sek\n"
    inbox.put("compensation_lines.csv", head + "L1,U1,P1,C1,care,2026-03,2026-03,60,600.00\n")
    inbox.load()
    empty_core(inbox.connection)
    build_core(inbox.connection, inbox.settings)
    inbox.connection.execute(
        "INSERT INTO core_compensation_lines BY NAME SELECT 'due-1' AS line_id, false AS is_delivered, 'P1' AS provider_id, "
        "'C2' AS client_ref, 'care' AS service, '2026-03' AS service_month, '2026-03' AS booked_month, 0 AS amount_sek, 0 AS "
        "visit_count, 0 AS performed_count, 0 AS registered_minutes, 0 AS planned_minutes, 'not_paid' AS differs_by, "
        "1234.50 AS recalculated_sek"
    )
    _others(inbox.connection)
    told = capsys.readouterr().out.splitlines()
    said = [line.split() for line in told]
    assert told[-1] == "1 lines of 1,234.50 that the rules give are not among the lines paid."
    assert ["compensation_lines", "1", "0", "0", "1", "0", "600.00", "60"] in said
