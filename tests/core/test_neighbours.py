"""What lies next to a visit, against every pair compared in plain Python."""

from datetime import datetime, timedelta

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import neighbours
from fut.contract import contract

START = datetime.fromisoformat("2026-03-10")
Visit = tuple[int, int, int, int]
visits = st.lists(
    st.tuples(
        st.integers(0, 1),  # carer
        st.integers(0, 2),  # client
        st.integers(0, 2 * 24 * 4),  # start, in quarters of an hour over two days
        st.sampled_from([0, 1, 2, 5, 30, 110]),  # length in quarters: nothing, a visit, a forgotten log-out
    ),
    max_size=14,
)
at_once = st.sampled_from([5, neighbours.VISITS_AT_ONCE])  # all visits together, or carers and clients by parts


@pytest.fixture(scope="module")
def connection() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute("SET threads = 1")
    for table in ("visits", "visit_neighbours", "visit_overlaps"):
        connection.execute(contract("core", table).ddl())
    return connection


def _neighbours(connection: duckdb.DuckDBPyConnection, drawn: list[Visit], at_once: int) -> None:
    for table in ("visits", "visit_neighbours", "visit_overlaps"):
        connection.execute(f"DELETE FROM core_{table}")
    for number, (carer, client, start, length) in enumerate(drawn):
        begin = START + timedelta(minutes=15 * start)
        end = begin + timedelta(minutes=15 * length)
        connection.execute(
            "INSERT INTO core_visits BY NAME SELECT $id AS visit_id, $client AS client_ref, 'P1' AS provider_id, $carer "
            "AS carer_ref, 'care' AS service, 'performed' AS status, $begin::TIMESTAMP AS start_utc, $end::TIMESTAMP AS "
            "end_utc, $begin::DATE AS visit_date, strftime($begin::TIMESTAMP, '%Y-%m') AS service_month, 0 AS "
            "registered_minutes, 0 AS planned_minutes, false AS is_manual, false AS is_double_granted, 1 AS deliveries",
            {"id": f"V{number:02d}", "client": f"C{client}", "carer": f"W{carer}", "begin": begin, "end": end},
        )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(neighbours, "VISITS_AT_ONCE", at_once)
        neighbours.find_neighbours(connection)


def _key(drawn: list[Visit], number: int) -> tuple[int, str]:
    return drawn[number][2], f"V{number:02d}"


@given(visits, at_once)
def test_overlaps_are_all_pairs_that_share_time(
    connection: duckdb.DuckDBPyConnection, drawn: list[Visit], at_once: int
) -> None:
    _neighbours(connection, drawn, at_once)
    expected = set()
    for late in range(len(drawn)):
        for early in range(len(drawn)):
            shared = min(drawn[k][2] + drawn[k][3] for k in (late, early)) - drawn[late][2]
            if _key(drawn, early) < _key(drawn, late) and shared > 0:
                for column, subject in enumerate(("carer", "client")):
                    if drawn[late][column] == drawn[early][column]:
                        expected.add((subject, f"V{late:02d}", f"V{early:02d}", 15 * shared))
    found = connection.execute(
        "SELECT subject, visit_id, other_id, overlap_minutes FROM core_visit_overlaps"
    ).fetchall()
    assert len(found) == len(expected)
    assert {(subject, a, b, int(minutes)) for subject, a, b, minutes in found} == expected


@given(visits, at_once)
def test_neighbour_is_what_the_carer_started_last_before(
    connection: duckdb.DuckDBPyConnection, drawn: list[Visit], at_once: int
) -> None:
    _neighbours(connection, drawn, at_once)
    expected = {}
    for number, (carer, _, start, _) in enumerate(drawn):
        before = [k for k in range(len(drawn)) if drawn[k][0] == carer and _key(drawn, k) < _key(drawn, number)]
        if before:
            previous = max(before, key=lambda k: _key(drawn, k))
            gap = start - drawn[previous][2] - drawn[previous][3]
            if gap < 24 * 4:
                is_overlapping = any(drawn[k][2] + drawn[k][3] > start for k in before)
                expected[f"V{number:02d}"] = (f"V{previous:02d}", 15 * gap, is_overlapping)
    found = connection.execute(
        "SELECT visit_id, previous_id, gap_minutes, is_overlapping FROM core_visit_neighbours"
    ).fetchall()
    assert {visit: (previous, int(gap), late) for visit, previous, gap, late in found} == expected
