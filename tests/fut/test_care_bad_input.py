"""Broken files of home care: one clear line and its exit code, or a repair that is told; Parquet as exact as text."""

import datetime as dt
import gzip
import io
from collections.abc import Callable
from decimal import Decimal

import polars as pl
import pytest

from fut.drift import blocked_months, measure_drift
from fut.settings import Checks
from tests.fut.inbox_tools import SPEC, Inbox, posting
from tests.fut.test_bad_input import refusal

HEADER = "visit_id,client_ref,provider_id,carer_ref,service,actual_start,actual_end,start_method,status,task"
LINES = "line_id,payment_id,provider_id,client_ref,service,service_month,booked_month,minutes,amount_sek"


def visit(number: int, start: str = "2026-03-10 07:00:00", end: str = "2026-03-10 07:30:00") -> str:
    """Return a row of the canonical visits."""
    return f"V{number},C1,P1,W1,care,{start},{end},lock,performed,meal"


def visits(*rows: str) -> str:
    """Return a file of visits."""
    return "\n".join((HEADER, *rows)) + "\n"


GOOD = visits(*(visit(number) for number in range(50)))
REFUSED: dict[str, tuple[str, str | bytes, int, str]] = {
    "empty": ("visits_2026-03.csv", b"", 3, "is empty"),
    "no header": ("visits_2026-03.csv", visit(1) + "\n" + visit(2), 4, "found no header"),
    "another table": ("visits_2026-03.csv", LINES + "\nL1,U1,P1,C1,care,2026-03,2026-03,1,1\n", 4, "no column for"),
    "unknown table": ("visitz_2026-03.csv", GOOD, 4, "visits"),
    "truncated gzip": ("visits_2026-03.csv.gz", gzip.compress(GOOD.encode())[:-12], 3, "damaged or cut off"),
    "wrong encoding": (
        "visits_2026-03.csv",
        visits(visit(1)).encode() + b"V2,\xe5\n",
        3,
        "line 3: is not text in utf-8",
    ),
    "no Parquet": ("visits_2026-03.parquet", b"PAR1" + b"\0" * 80, 3, "not a readable Parquet file"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_file_that_cannot_be_read_is_one_line(case: str, make_inbox: Callable[[str], Inbox]) -> None:
    inbox = make_inbox("canonical")
    name, content, code, told = REFUSED[case]
    inbox.put("visits_2026-02.csv", GOOD.replace("2026-03", "2026-02"))
    inbox.load()
    inbox.put(name, content)
    error = refusal(inbox)
    assert error.exit_code == code
    assert str(error).startswith(name)
    assert told in str(error)
    assert inbox.rows("SELECT count(*) FROM raw_visits") == [(50,)]


def test_a_parquet_file_damaged_inside_is_named_and_changes_nothing(make_inbox: Callable[[str], Inbox]) -> None:
    inbox = make_inbox("canonical")
    stream = io.BytesIO()
    pl.read_csv(io.StringIO(GOOD)).write_parquet(stream)
    content = bytearray(stream.getvalue())
    inbox.put("visits_2026-02.parquet", bytes(content))
    inbox.load()
    content[4:200] = b"\xff" * 196
    inbox.put("visits_2026-03.parquet", bytes(content))
    error = refusal(inbox)
    assert (error.exit_code, str(error)) == (3, "visits_2026-03.parquet: is not a readable Parquet file")


def test_times_that_are_none_are_kept_out_and_midnight_is_mended(make_inbox: Callable[[str], Inbox]) -> None:
    inbox = make_inbox("canonical")
    rows = (
        visit(1, "2026-03-10 25:70:00"), visit(2, end="2026-03-10 24:00:00"), visit(3, "2126-03-10 07:00:00"),
        visit(4, "2026-05-10 07:00:00", "2026-05-10 07:10:00"), visit(5), "", HEADER, "Summa,,,,,,,,,",
        "V6,C1,P1,W\0001,care,2026-03-10 07:00:00,,lock,declined,",
    )  # fmt: skip
    inbox.put("visits_2026-03.csv", visits(*rows))
    inbox.load()
    assert inbox.rules() == {"unreadable:actual_start": 1, "no_time_at_all": 1, "time_out_of_range": 1}
    warned = inbox.rows("SELECT rule, row_key FROM quarantine WHERE severity = 'warning' AND rule = 'month_early'")
    assert ("month_early", "V4") in warned
    assert inbox.rows("SELECT actual_end FROM raw_visits WHERE visit_id = 'V2'") == [(dt.datetime(2026, 3, 11),)]  # noqa: DTZ001
    assert inbox.repairs()["actual_end", "midnight_as_24"] == 1
    assert inbox.repairs()["", "nul_bytes_removed"] == 1
    assert inbox.rows("SELECT rows_in, total_rows, header_rows FROM deliveries") == [(7, 1, 1)]


def test_a_fraction_where_whole_numbers_are_kept_is_told(make_inbox: Callable[[str], Inbox]) -> None:
    inbox = make_inbox("canonical")
    minutes = ("60", "62.5", "62.0", '"1 200"', "-3.4", "sixty", "")
    rows = (f"D{n},C1,care,{said},false,2026-01-{n + 1:02d}" for n, said in enumerate(minutes))
    head = "decision_id,client_ref,service,minutes_per_month,double_staffed,valid_from"
    inbox.put("decisions.csv", "\n".join((head, *rows)) + "\n")
    rates = pl.DataFrame(
        {"rule_id": "R1", "basis": "performed", "flat_minutes": [7.5, 8.0], "valid_from": "2026-01-01"}
    )
    rates.with_columns(rule_id=pl.Series(["R1", "R2"])).write_parquet(inbox.folder / "compensation_rules.parquet")
    inbox.load()
    read = inbox.rows("SELECT minutes_per_month FROM raw_decisions ORDER BY decision_id")
    assert [row[0] for row in read] == [60, 63, 62, 1200, -3, None, None]
    assert inbox.rows("SELECT flat_minutes FROM raw_compensation_rules ORDER BY rule_id") == [(8,), (8,)]
    told = {name: rows for name, rows in inbox.repairs().items() if name[1] == "rounded_to_whole"}
    assert told == {("minutes_per_month", "rounded_to_whole"): 2, ("flat_minutes", "rounded_to_whole"): 1}
    assert inbox.rows("SELECT source_line FROM quarantine WHERE rule = 'unreadable:minutes_per_month'") == [(7,)]


def test_typed_parquet_says_what_its_text_says(make_inbox: Callable[[str], Inbox]) -> None:
    inbox = make_inbox("canonical")
    moments = [dt.datetime.fromisoformat(f"2026-03-10T07:0{i}:00.250000") for i in range(3)]
    frame = pl.DataFrame(
        {
            "visit_id": ["V1", " V2 ", "V3"], "client_ref": ["C1", "C2", "NULL"], "provider_id": [1, 2, 3],
            "carer_ref": ["W1", None, ""], "service": ["care"] * 3, "planned_start": [m.date() for m in moments],
            "actual_start": moments, "start_method": ["lock"] * 3, "status": ["performed"] * 3,
            "double_staffed": [True, False, None], "start_x_m": pl.Series([100, -200, None], dtype=pl.Int16),
            "distance_start_m": pl.Series([12.3, 0.1, None], dtype=pl.Float32),
            "billable_minutes": pl.Series(["30.50", "0.00", None]).cast(pl.Decimal(12, 2)),
        }
    )  # fmt: skip
    stream = io.BytesIO()
    frame.write_parquet(stream)
    inbox.put("visits_2026-03.parquet", stream.getvalue())
    inbox.put("visits_2026-04.csv", frame.write_csv())
    inbox.load()
    columns = ", ".join(f'"{name}"' for name in frame.columns)
    typed, text = (
        inbox.rows(f"SELECT {columns}, _unreadable FROM raw_visits WHERE _delivered_month = '{month}' ORDER BY 1")
        for month in ("2026-03", "2026-04")
    )
    assert typed == text
    assert [row[frame.columns.index("distance_start_m")] for row in typed] == [12.3, 0.1, None]
    assert [row[frame.columns.index("billable_minutes")] for row in typed] == [Decimal("30.5"), Decimal(0), None]
    assert inbox.rules() == {"missing:client_ref": 2}


def test_parquet_files_of_other_types_each_keep_what_they_say(make_inbox: Callable[[str], Inbox]) -> None:
    inbox = make_inbox("lankadedata-1.1")
    header = SPEC.split(",")
    amounts = [
        pl.Series([12, 34], dtype=pl.Int64), pl.Series(["100.50", "-2345.67"]), pl.Series([16777217.25, 0.1]),
        pl.Series([12.3, 0.1], dtype=pl.Float32), pl.Series(["1.2550", "0.0000"]).cast(pl.Decimal(18, 4)),
    ]  # fmt: skip
    for month, column in enumerate(amounts, 1):
        frame = pl.DataFrame([posting(i).split(",") for i in range(2)], schema=header, orient="row")
        stream = io.BytesIO()
        frame.with_columns(column.alias("belopp")).write_parquet(stream)
        inbox.put(f"a{month}.parquet", stream.getvalue())
    inbox.load()
    assert [str(row[0]) for row in inbox.raw("amount_sek")] == [
        "12.00", "34.00", "100.50", "-2345.67", "16777217.25", "0.10", "12.30", "0.10", "1.26", "0.00",
    ]  # fmt: skip


def test_moments_no_calendar_has_are_unreadable_in_parquet_too(make_inbox: Callable[[str], Inbox]) -> None:
    inbox = make_inbox("canonical")
    path = inbox.folder / "lock_events_2026-03.parquet"
    inbox.connection.execute(
        f"COPY (SELECT 'C1' AS client_ref, unnest([TIMESTAMP 'infinity', TIMESTAMP '2026-03-10 07:00:00']) AS at) TO '{path}'"
    )
    inbox.load()
    assert inbox.rows('SELECT count(*), count("at") FROM raw_lock_events') == [(2, 1)]
    assert inbox.rules() == {"unreadable:at": 1, "missing:at": 1}


def test_a_visit_delivered_twice_is_one_visit_as_it_came_last(make_inbox: Callable[[str], Inbox]) -> None:
    inbox = make_inbox("canonical")
    inbox.put("visits_2026-03.csv", visits(visit(1), visit(2), visit(2)))
    inbox.put("visits_2026-04.csv", visits(visit(1, end="2026-03-10 07:20:00"), visit(3)))
    inbox.load()
    inbox.reconciled()
    kept = "SELECT visit_id, actual_end::TIME::VARCHAR, deliveries FROM core_visits ORDER BY 1"
    assert inbox.rows(kept) == [("V1", "07:20:00", 2), ("V2", "07:30:00", 2), ("V3", "07:30:00", 1)]
    inbox.load()
    inbox.put("visits_2026-04.csv", visits(visit(1, end="2026-03-10 07:25:00"), visit(3)))
    inbox.load()
    inbox.reconciled()
    assert inbox.rows(kept) == [("V1", "07:25:00", 2), ("V2", "07:30:00", 2), ("V3", "07:30:00", 1)]


def _month(inbox: Inbox, month: str, rows: int, task: str = "meal") -> None:
    day = f"{month}-10"
    sent = [
        visit(n, f"{day} 07:00:00", f"{day} 07:30:00").replace("meal", task).replace("V", month) for n in range(rows)
    ]
    inbox.put(f"visits_{month}.csv", visits(*sent))


def test_a_month_left_out_shrunk_or_emptied_blocks_and_says_so(make_inbox: Callable[[str], Inbox]) -> None:
    inbox = make_inbox("canonical")
    for number in (1, 2, 3, 4, 6):
        _month(inbox, f"2026-0{number}", 20)
    _month(inbox, "2026-07", 10)
    _month(inbox, "2026-08", 20, task="")
    _month(inbox, "2026-09", 20)
    swapped = inbox.folder / "visits_2026-09.csv"
    swapped.write_text(swapped.read_text().replace("10 07:30", "11 06:30"))
    inbox.load()
    inbox.reconciled()
    checks = Checks()
    measure_drift(inbox.connection, checks)
    failed = "SELECT month, measure FROM out_drift WHERE \"table\" = 'visits' AND status = 'failed' ORDER BY ALL"
    assert inbox.rows(failed) == [
        ("2026-05", "rows"),
        ("2026-07", "rows"),
        ("2026-08", "null_share_task"),
        ("2026-09", "mean_minutes"),
    ]
    reasons = blocked_months(inbox.connection, checks)
    assert set(reasons) == {"2026-05", "2026-07", "2026-08", "2026-09"}
    assert "no visits were delivered for it" in reasons["2026-05"]
    assert "drift, rows of visits is 10" in reasons["2026-07"]
    assert all("\n" not in why for why in reasons.values())


def test_a_month_of_clients_never_met_blocks_and_a_few_new_ones_do_not(make_inbox: Callable[[str], Inbox]) -> None:
    inbox = make_inbox("canonical")
    for number in range(1, 7):
        _month(inbox, f"2026-0{number}", 20)
    for month, new in (("2026-05", 9), ("2026-06", 20)):
        path = inbox.folder / f"visits_{month}.csv"
        path.write_text(path.read_text().replace(",C1,", ",C9,", new).replace("C9", f"C-{month}"))
    inbox.load()
    inbox.reconciled()
    measure_drift(inbox.connection, Checks())
    assert inbox.rows("SELECT month, round(value, 2), status FROM out_drift WHERE measure = 'new_client_share'") == [
        ("2026-01", 1, "first"), ("2026-02", 0, "first"), ("2026-03", 0, "first"), ("2026-04", 0, "ok"),
        ("2026-05", 0.45, "ok"), ("2026-06", 1, "failed"),
    ]  # fmt: skip
    assert "new_client_share of visits is 1, fence 0.5" in blocked_months(inbox.connection, Checks())["2026-06"]
