"""What may tell who somebody is: local ids of clients and carers become tokens, homes a place on a grid."""

import dataclasses
import io
from collections.abc import Callable

import polars as pl
import pytest

from fut.settings import Source
from tests.fut.inbox_tools import Inbox

LOCKS = "client_ref,at\nC001,2026-03-10 07:30:00\n"
DECISIONS = (
    "decision_id,client_ref,service,minutes_per_month,double_staffed,valid_from\nB1,C001,care,600,nej,2026-01-01\n"
)


def _sources(inbox: Inbox, *registers: str) -> None:
    names = (("locks", "lock_events*"), ("decisions", "decisions*"))
    sources = tuple(Source(name, "canonical", files, ids) for (name, files), ids in zip(names, registers, strict=True))
    inbox.settings = dataclasses.replace(inbox.settings, sources=sources)


def _tokens(inbox: Inbox) -> tuple[str, str]:
    inbox.load()
    ((lock,),) = inbox.rows("SELECT client_ref FROM raw_lock_events")
    ((decision,),) = inbox.rows("SELECT client_ref FROM raw_decisions")
    assert lock[:2] == decision[:2] == "L-"
    return lock, decision


def test_ids_are_a_sources_own_unless_it_names_a_shared_register(make_inbox: Callable[[str], Inbox]) -> None:
    inbox = make_inbox("canonical")
    inbox.put("lock_events_2026-03.csv", LOCKS)
    inbox.put("decisions.csv", DECISIONS)
    _sources(inbox, "", "")
    lock, decision = _tokens(inbox)
    assert lock != decision
    _sources(inbox, "clients", "clients")
    shared, again = _tokens(inbox)
    assert shared == again
    assert shared not in (lock, decision)
    _sources(inbox, "decisions", "")
    assert _tokens(inbox) == (decision, decision), "a register may be named after the source that owns it"


def test_a_personal_number_is_one_person_whatever_the_register(make_inbox: Callable[[str], Inbox]) -> None:
    inbox = make_inbox("canonical")
    inbox.put("lock_events_2026-03.csv", LOCKS.replace("C001", "19121212-1212"))
    inbox.put("decisions.csv", DECISIONS.replace("C001", "121212+1212"))
    inbox.load()
    ((token,),) = inbox.rows("SELECT client_ref FROM raw_lock_events UNION SELECT client_ref FROM raw_decisions")
    assert token.startswith("P-")


HOMES = "client_ref,area,valid_from,x_m,y_m\nC001,Norr,2026-01-01,1249,-151\nC002,Norr,2026-01-01,1300,\n"


def _parquet(text: str) -> bytes:
    written = io.BytesIO()
    pl.read_csv(text.encode(), try_parse_dates=True).write_parquet(written)
    return written.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [("clients.csv", HOMES), ("clients.csv", HOMES.replace("1249", "1249.0")), ("clients.parquet", _parquet(HOMES))],
    ids=["plain text", "text to be mended", "Parquet"],
)
def test_a_home_to_the_metre_is_kept_on_the_grid_alone(
    make_inbox: Callable[[str], Inbox], name: str, content: str | bytes
) -> None:
    inbox = make_inbox("canonical")
    inbox.put(name, content)
    inbox.load()
    assert inbox.rows("SELECT x_m, y_m FROM raw_clients ORDER BY _source_line") == [(1200, -200), (1300, None)]
    found = {key: rows for key, rows in inbox.repairs().items() if key[1] == "rounded_to_grid"}
    assert found == {("x_m", "rounded_to_grid"): 1, ("y_m", "rounded_to_grid"): 1}


def test_positions_at_the_start_of_a_visit_are_on_the_grid_and_absent_ones_are_no_matter(
    make_inbox: Callable[[str], Inbox],
) -> None:
    header = "visit_id,client_ref,provider_id,carer_ref,service,actual_start,start_method,status"
    row = "C001,U1,A1,care,2026-03-10 07:30:00,tag,performed"
    inbox = make_inbox("canonical")
    inbox.put("visits_2026-03.csv", f"{header}\nB1,{row}\n")
    inbox.put("visits_2026-04.csv", f"{header},start_x_m,start_y_m\nB2,{row},6512351,149\n")
    inbox.load()
    found = inbox.rows("SELECT visit_id, start_x_m, start_y_m FROM raw_visits ORDER BY 1")
    assert found == [("B1", None, None), ("B2", 6512400, 100)]


def test_personal_numbers_in_reasons_edits_and_lines_become_tokens(make_inbox: Callable[[str], Inbox]) -> None:
    inbox = make_inbox("canonical")
    inbox.put("visit_edits_2026-03.csv", "visit_id,edited_at,edited_by,field,old_value,new_value\n"
              "B1,2026-03-10 09:00:00,U1,client_ref,19121212-1212,121212-1212\n"
              "B1,2026-03-10 09:00:00,U1,actual_end,2026-03-10 07:30:00,2026-03-10 07:45:00\n")  # fmt: skip
    inbox.put("invoice_lines_2026-03.csv", "invoice_id,line_no,item,quantity,unit,unit_price_sek,amount_sek\n"
              "I1,1,Ledsagning 19121212-1212,1,tim,10,10\nI1,2,Papper 2026-03,1,st,10,10\n")  # fmt: skip
    inbox.put("visits_2026-03.csv", "visit_id,client_ref,provider_id,carer_ref,service,actual_start,start_method,status,"
              "manual_reason\nB1,C001,U1,A1,care,2026-03-10 07:30:00,manual,performed,bytte med 19121212-1212\n")  # fmt: skip
    inbox.put("exclusions.csv", "decided_date,org_no,reason\n2026-01-01,556047-3521,dom mot 19121212-1212\n")
    inbox.load()
    edits = inbox.rows("SELECT old_value, new_value FROM raw_visit_edits ORDER BY field DESC")
    assert [value[:2] for value in edits[0]] == ["P-", "P-"]
    assert edits[1] == ("2026-03-10 07:30:00", "2026-03-10 07:45:00")
    told = inbox.rows("SELECT item FROM raw_invoice_lines UNION ALL SELECT manual_reason FROM raw_visits UNION ALL "
                      "SELECT reason FROM raw_exclusions")  # fmt: skip
    assert [("P-" in text, "1212" in text) for (text,) in told] == [
        (True, False), (False, False), (True, False), (True, False),
    ]  # fmt: skip
