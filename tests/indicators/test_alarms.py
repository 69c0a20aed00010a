"""ST05: an indicator that hits more than one row in twenty beyond chance, or nothing for months, is itself in doubt."""

from collections.abc import Iterator

import duckdb
import pytest

from fut.alarms import raise_alarms
from fut.drawn import fill
from fut.evaluate import evaluate, measure_coverage, prepare_out
from indicators import library

MARCH = "2026-03"


@pytest.fixture
def out(core: duckdb.DuckDBPyConnection) -> Iterator[duckdb.DuckDBPyConnection]:
    """The core tables and the out tables that evaluation writes to, rolled back afterwards."""
    core.execute("BEGIN")
    prepare_out(core)
    yield core
    core.execute("ROLLBACK")


@pytest.mark.parametrize(
    ("rows", "hits", "alarm"),
    [
        (130, 7, None),  # 5.4 % of few rows: chance
        (130, 12, "too_many"),
        (2000, 119, None),
        (2000, 120, "too_many"),
        (20, 20, "too_many"),
        (19, 19, None),
        (2000, 100, None),
    ],
)
def test_more_than_one_row_in_twenty_beyond_chance(
    out: duckdb.DuckDBPyConnection, rows: int, hits: int, alarm: str | None
) -> None:
    out.execute(
        f"INSERT INTO out_coverage (indicator, month, status, rows_tested, fire_rate) VALUES "
        f"('XX01', '{MARCH}', 'flagged', {rows}, round({hits} / {rows}, 6))"
    )
    raise_alarms(out)
    assert out.execute("SELECT alarm FROM out_coverage").fetchall() == [(alarm,)]


@pytest.mark.parametrize(
    ("months", "rows", "alarms"),
    [
        ("1 0 0 0", 1000, "...s"),  # a hit in a thousand rows, and none in three thousand
        ("1 0 0 0", 900, "...s"),  # the rate is the indicator's own, whatever the size
        ("4 0 0 1 0 0 0", 1000, "......s"),
        ("1 0 0 0 0 0 0", 1000, "...s..."),  # by then one hit in four thousand rows is what it gives
        ("0 1 0 0 0", 1000, "....."),  # one in two thousand
        ("0 0 0", 3000, "..."),  # never a hit: rare things are
        ("0 0 0", 10000, "..s"),
        ("9 0 0", 1000, "..."),
        ("9 0 n 0 0", 1000, "....."),
        ("9 0 n 0 0 0", 1000, ".....s"),
    ],
)
def test_nothing_for_three_months_in_which_hits_were_to_be_expected(
    out: duckdb.DuckDBPyConnection, months: str, rows: int, alarms: str
) -> None:
    for number, hits in enumerate(months.split(), 1):
        status, tested = ("not_applicable", 0) if hits == "n" else ("clean" if hits == "0" else "flagged", rows)
        rate = f"{hits} / {tested}" if tested else "NULL"
        out.execute(
            f"INSERT INTO out_coverage (indicator, month, status, rows_tested, fire_rate) VALUES "
            f"('XX01', '2026-0{number}', '{status}', {tested}, {rate})"
        )
    raise_alarms(out)
    found = out.execute("SELECT coalesce(left(alarm, 1), '.') FROM out_coverage ORDER BY month").fetchall()
    assert "".join(alarm for (alarm,) in found) == alarms


def test_what_an_exception_explains_is_no_hit(out: duckdb.DuckDBPyConnection) -> None:
    indicator = library()["HC21"]
    fill(out, indicator.example)
    out.execute(
        "INSERT INTO core_compensation_lines BY NAME SELECT DISTINCT line_id, '2026-03' AS booked_month, 100 AS amount_sek, "
        "1 AS performed_count FROM core_visit_pay"
    )
    values = indicator.parameters()
    flags = evaluate(out, indicator, [MARCH], values)
    verdicts = dict(out.execute("SELECT verdict, count(*) FROM out_flags GROUP BY 1").fetchall())
    assert flags == sum(verdicts.values())
    assert verdicts["explained"] == 1
    measure_coverage(out, indicator, [MARCH], ())
    ((status, tested, rate),) = out.execute("SELECT status, rows_tested, fire_rate FROM out_coverage").fetchall()
    assert status == "flagged"
    assert rate == pytest.approx(verdicts["contradiction"] / tested, abs=1e-6)
