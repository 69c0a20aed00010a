"""Visits as core keeps them: delivered again, over midnight, in the nights the clock changes, without offsets."""

import duckdb
import pytest

from core.visits import VISITS, refuse_shared_numbers
from fut.contract import load_contracts
from fut.errors import InputError


@pytest.fixture
def raw() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute("SET threads = 1")
    connection.execute(load_contracts("raw")["visits"].ddl())
    for table in ("decisions", "clients", "visits"):
        connection.execute(load_contracts("core")[table].ddl())
    connection.execute("CREATE TABLE deliveries (source_file VARCHAR, is_in_force BOOLEAN)")
    connection.execute("INSERT INTO deliveries VALUES ('a.csv', true), ('b.csv', true), ('old.csv', false)")
    connection.execute(
        'CREATE TABLE quarantine (severity VARCHAR, "table" VARCHAR, source_file VARCHAR, source_line BIGINT)'
    )
    return connection


def _deliver(
    raw: duckdb.DuckDBPyConnection,
    visit_id: str,
    start: str | None,
    end: str | None,
    offsets: tuple[int | None, int | None] = (None, None),
    file: str = "a.csv",
    line: int = 1,
    month: str | None = "2026-03",
    status: str = "performed",
    planned: str | None = None,
) -> None:
    raw.execute(
        "INSERT INTO raw_visits BY NAME SELECT $id AS visit_id, 'C1' AS client_ref, 'P1' AS provider_id, 'W1' AS "
        "carer_ref, 'care' AS service, $status AS status, $start::TIMESTAMP AS actual_start, $end::TIMESTAMP AS "
        "actual_end, $planned::TIMESTAMP AS planned_start, $one AS utc_offset_start, $two AS utc_offset_end, 'lock' AS "
        "start_method, $file AS _source_file, $line AS _source_line, $month AS _delivered_month",
        {
            "id": visit_id, "status": status, "start": start, "end": end, "planned": planned, "one": offsets[0],
            "two": offsets[1], "file": file, "line": line, "month": month,
        },
    )  # fmt: skip


def _core(raw: duckdb.DuckDBPyConnection, columns: str) -> list[tuple[object, ...]]:
    for statement in filter(str.strip, VISITS.split(";")):
        raw.execute(statement)
    return raw.execute(f"SELECT visit_id, {columns} FROM core_visits ORDER BY visit_id").fetchall()


def test_a_visit_delivered_again_is_one_row_as_delivered_last(raw: duckdb.DuckDBPyConnection) -> None:
    _deliver(raw, "V1", "2026-03-10 08:00", "2026-03-10 09:30", file="b.csv", month="2026-04")
    _deliver(raw, "V1", "2026-03-10 08:00", "2026-03-10 09:00", line=1)
    _deliver(raw, "V1", "2026-03-10 08:00", "2026-03-10 09:10", line=2)
    _deliver(raw, "V2", "2026-03-10 10:00", "2026-03-10 10:20", line=3)
    assert _core(raw, "registered_minutes::INTEGER, deliveries") == [("V1", 90, 3), ("V2", 20, 1)]


def test_a_corrected_file_of_the_month_wins_whatever_its_name_has_more(raw: duckdb.DuckDBPyConnection) -> None:
    raw.execute("INSERT INTO deliveries VALUES ('visits_2026-03.csv', true), ('visits_2026-03_rattad.csv', true)")
    raw.execute("INSERT INTO deliveries VALUES ('visits_2026-02_rattad.csv', true)")
    _deliver(raw, "V1", "2026-03-10 08:00", "2026-03-10 09:10", file="visits_2026-03.csv")
    _deliver(raw, "V1", "2026-03-10 08:00", "2026-03-10 09:00", file="visits_2026-03_rattad.csv", month=None)
    _deliver(raw, "V1", "2026-03-10 08:00", "2026-03-10 09:20", file="visits_2026-02_rattad.csv", month=None)
    assert _core(raw, "registered_minutes::INTEGER") == [("V1", 60)]


def test_the_last_line_of_one_file_wins(raw: duckdb.DuckDBPyConnection) -> None:
    _deliver(raw, "V1", "2026-03-10 08:00", "2026-03-10 09:10", line=12)
    _deliver(raw, "V1", "2026-03-10 08:00", "2026-03-10 09:00", line=9)
    assert _core(raw, "registered_minutes::INTEGER") == [("V1", 70)]


@pytest.mark.parametrize(
    ("corrected", "kept"),
    [
        ("client_ref = 'C2'", [("V1", "C2", "P1", None, 2)]),
        ("provider_id = 'P2'", [("V1", "C1", "P2", None, 2)]),
        ("status = 'cancelled'", [("V1", "C1", "P1", None, 2)]),
        ("_source = 'tags'", [("V1", "C1", "P1", None, 2)]),
        ("client_ref = 'C2', provider_id = 'P2'", [("V1", "C1", "P1", None, 1), ("V1 P2", "C2", "P2", None, 1)]),
        ("client_ref = 'C2', _source = 'tags'", [("V1", "C1", "P1", None, 1), ("V1 P1 tags", "C2", "P1", None, 1)]),
    ],
)
def test_a_correction_changes_a_visit_and_another_systems_same_number_is_another(
    raw: duckdb.DuckDBPyConnection, corrected: str, kept: list[tuple[object, ...]]
) -> None:
    _deliver(raw, "V1", "2026-03-10 08:00", "2026-03-10 09:00")
    _deliver(raw, "V1", "2026-03-10 08:00", "2026-03-10 09:00", file="b.csv", month="2026-04")
    raw.execute(f"UPDATE raw_visits SET {corrected} WHERE _source_file = 'b.csv'")
    assert _core(raw, "client_ref, provider_id, pair_visit_id, deliveries") == kept


def test_a_pair_of_another_system_stays_a_pair(raw: duckdb.DuckDBPyConnection) -> None:
    for file in ("a.csv", "b.csv"):
        for line, (visit, pair) in enumerate((("V1", "V2"), ("V2", "V1"))):
            _deliver(raw, visit, "2026-03-10 08:00", "2026-03-10 09:00", file=file, line=line)
            raw.execute(f"UPDATE raw_visits SET pair_visit_id = '{pair}' WHERE visit_id = '{visit}'")
    raw.execute("UPDATE raw_visits SET client_ref = 'C2', provider_id = 'P2' WHERE _source_file = 'b.csv'")
    assert _core(raw, "pair_visit_id") == [("V1", "V2"), ("V1 P2", "V2 P2"), ("V2", "V1"), ("V2 P2", "V1 P2")]


@pytest.mark.parametrize(
    ("second", "is_refused"),
    [
        ("client_ref = 'C2', actual_start = actual_start + INTERVAL 3 HOUR", True),
        ("client_ref = 'C2'", False),
        ("actual_start = actual_start + INTERVAL 3 HOUR", False),
        ("client_ref = 'C2', actual_start = actual_start + INTERVAL 3 HOUR, _source = 'tags'", False),
        ("client_ref = CASE WHEN visit_id < 'V05' THEN 'C2' ELSE client_ref END, actual_start = actual_end", False),
    ],
)
def test_numbers_that_one_source_uses_for_several_visits_are_refused_and_corrections_are_not(
    raw: duckdb.DuckDBPyConnection, second: str, is_refused: bool
) -> None:
    for file, month in (("a.csv", "2026-03"), ("b.csv", "2026-04")):
        for line in range(12):
            _deliver(raw, f"V{line:02d}", "2026-03-10 08:00", "2026-03-10 09:00", file=file, line=line, month=month)
    raw.execute(f"UPDATE raw_visits SET {second} WHERE _source_file = 'b.csv'")
    _core(raw, "client_ref")
    if is_refused:
        with pytest.raises(
            InputError, match=r"b\.csv: 12 of the 12 numbers in visit_id that are in a\.csv too stand for"
        ):
            refuse_shared_numbers(raw)
    else:
        refuse_shared_numbers(raw)
        assert raw.execute("SELECT count(*) FROM core_visits WHERE visit_id LIKE 'V0%'").fetchone() == (
            20 if "tags" in second else 10,
        )


def test_superseded_files_and_quarantined_rows_are_not_read(raw: duckdb.DuckDBPyConnection) -> None:
    _deliver(raw, "V1", "2026-03-10 08:00", "2026-03-10 09:00", file="old.csv")
    _deliver(raw, "V2", "2026-03-10 08:00", "2026-03-10 09:00", line=7)
    _deliver(raw, "V3", "2026-03-10 08:00", "2026-03-10 09:00", line=8)
    raw.execute("INSERT INTO quarantine VALUES ('error', 'visits', 'a.csv', 7), ('warning', 'visits', 'a.csv', 8)")
    assert _core(raw, "deliveries") == [("V3", 1)]


@pytest.mark.parametrize(
    ("start", "end", "offsets", "minutes"),
    [
        ("2026-03-29 01:30", "2026-03-29 03:30", (60, 120), 60),  # the hour that does not exist
        ("2026-03-29 01:30", "2026-03-29 03:30", (None, None), 60),
        ("2026-10-25 01:30", "2026-10-25 03:30", (120, 60), 180),  # the hour that comes twice
        ("2026-10-25 01:30", "2026-10-25 03:30", (None, None), 180),
        ("2026-10-25 02:30", "2026-10-25 02:10", (120, 60), 40),  # ends by the clock before it began
        ("2026-10-25 02:50", "2026-10-25 02:10", (None, None), 20),
        ("2026-03-28 01:30", "2026-03-28 03:30", (None, None), 120),  # any other night
        ("2026-03-10 23:50", "2026-03-11 00:20", (60, 60), 30),
        ("2026-03-10 23:50", "2026-03-11 00:20", (None, None), 30),
    ],
)
def test_length_is_free_of_the_clock(
    raw: duckdb.DuckDBPyConnection, start: str, end: str, offsets: tuple[int | None, int | None], minutes: int
) -> None:
    _deliver(raw, "V1", start, end, offsets)
    assert _core(raw, "registered_minutes::INTEGER, date_diff('minute', start_utc, end_utc)") == [
        ("V1", minutes, minutes)
    ]


def test_a_visit_past_midnight_belongs_to_the_day_and_month_it_began(raw: duckdb.DuckDBPyConnection) -> None:
    _deliver(raw, "V1", "2026-03-31 23:50", "2026-04-01 00:20")
    assert _core(raw, "visit_date::VARCHAR, service_month") == [("V1", "2026-03-31", "2026-03")]


def test_without_a_time_or_in_disorder_nothing_is_counted(raw: duckdb.DuckDBPyConnection) -> None:
    _deliver(raw, "V1", "2026-03-10 08:00", None)
    _deliver(raw, "V2", "2026-10-18 02:50", "2026-10-18 02:10")
    _deliver(raw, "V3", None, None, status="declined", planned="2026-03-11 08:00")
    assert _core(raw, "registered_minutes::INTEGER, start_utc IS NULL, visit_date::VARCHAR") == [
        ("V1", 0, True, "2026-03-10"),
        ("V2", 0, True, "2026-10-18"),
        ("V3", 0, True, "2026-03-11"),
    ]
