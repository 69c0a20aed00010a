"""Home-care features on visits drawn by hand, and what no grain may read."""

from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import duckdb
import polars as pl
import pytest

from core.neighbours import find_neighbours
from features import carer_month, delivery_month, provider_month, visit_day
from fut.contract import load_contracts
from fut.errors import ConfigError, UsageError
from fut.feature import collect_features, feature_matrix, refuse, refuse_in_sql, refused_columns
from fut.period import months_between

GRAINS = (visit_day, carer_month, delivery_month, provider_month)
MONTHS = months_between("2026-01", "2026-03")
TOKENS = {"client_ref", "carer_ref"}
# 25 carers with a client each: three half-hour visits a day on the first 20 days of each month, 30 minutes between
VISIT = """
    INSERT INTO core_visits BY NAME SELECT concat_ws('-', c, m, d, i) AS visit_id, 'C' || c AS client_ref,
    'P' || (c % 5) AS provider_id, 'W' || c AS carer_ref, 'care' AS service, 'meal' AS task, 'performed' AS status,
    (m || '-01')::TIMESTAMP + to_days(d::INT) + to_minutes((480 + 60 * i)::INT) AS planned_start,
    planned_start + INTERVAL 30 MINUTE AS planned_end, planned_start + to_minutes(((c + d + i) % 3)::INT) AS actual_start,
    actual_start + to_minutes((28 + c % 4 + (d * 3 + i) % 3)::INT) AS actual_end, actual_start - INTERVAL 1 HOUR AS
    start_utc, actual_end - INTERVAL 1 HOUR AS end_utc, actual_start::DATE AS visit_date, m AS service_month,
    (epoch(actual_end) - epoch(actual_start)) / 60 AS registered_minutes, 30 AS planned_minutes, 'tag' AS start_method,
    'tag' AS end_method, false AS is_manual, actual_end AS registered_at, 5 AS distance_start_m, 5 AS distance_end_m,
    'D' || c AS device_ref, 100 * c AS x_m, 0 AS y_m, 'B' || c AS building_ref, 'urban' AS area_type,
    false AS is_double_granted, 1 AS deliveries
    FROM range(25) a(c), (SELECT unnest($months) AS m), range(20) b(d), range(3) e(i)
"""
LINES = """
    INSERT INTO core_compensation_lines BY NAME SELECT concat_ws('-', provider_id, client_ref, service_month) AS line_id,
    true AS is_delivered, provider_id, client_ref, service, service_month, service_month AS booked_month,
    sum(registered_minutes) AS minutes, sum(registered_minutes) * 7 AS amount_sek, count(*) AS visit_count, count(*) AS
    performed_count, sum(registered_minutes) AS registered_minutes, sum(planned_minutes) AS planned_minutes,
    2000 AS granted_minutes, 'none' AS differs_by
    FROM core_visits GROUP BY provider_id, client_ref, service, service_month
"""


@pytest.fixture
def care(core: duckdb.DuckDBPyConnection) -> Iterator[duckdb.DuckDBPyConnection]:
    """Return an empty core with the visits above, in a transaction; lines and neighbours come with `measure`."""
    core.execute("BEGIN")
    core.execute(VISIT, {"months": MONTHS})
    yield core
    core.execute("ROLLBACK")


def measure(core: duckdb.DuckDBPyConnection, module: ModuleType, months: list[str] = MONTHS) -> pl.DataFrame:
    core.execute("DELETE FROM core_compensation_lines")
    core.execute(LINES)
    find_neighbours(core)
    frame = module.history(core, months)
    return pl.concat([frame.select(module.KEYS), feature_matrix(frame, collect_features(module))], how="horizontal")


def values(frame: pl.DataFrame, feature: str, **keys: object) -> tuple[float, float]:
    """Return the largest value of the rows with the keys, and the largest of the others."""
    odd = pl.all_horizontal([pl.col(key) == value for key, value in keys.items()])
    at, rest = (frame.filter(rows)[feature].drop_nulls().to_numpy().max() for rows in (odd, ~odd))
    return float(at), float(rest)


@pytest.mark.parametrize("module", GRAINS)
def test_no_grain_reads_what_describes_a_person(module: ModuleType) -> None:
    features = collect_features(module)
    read = {column for f in features for column in (*f.columns, f.hits, f.exposed)} - {""}
    assert read <= set(module.COLUMNS)
    assert not read & refused_columns()
    refuse(read | {feature.name for feature in features}, module.__name__)
    assert set(module.KEYS) & refused_columns() <= TOKENS
    assert 10 <= len(features) <= 17


@pytest.mark.parametrize("module", GRAINS)
@pytest.mark.parametrize("column", sorted(refused_columns() & set(load_contracts("core")["visits"].names)))
def test_a_grain_with_a_column_of_a_person_is_refused(
    module: ModuleType, column: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = f"def odd() -> pl.Expr:\n    '''x.\n\n    Swedish: Andel\n    Unit: share\n    Bad tail: high\n    '''\n    return pl.col('{column}')"
    drawn = ModuleType(module.__name__)
    drawn.__dict__.update(pl=pl, COLUMNS=(*module.COLUMNS, column))
    exec(compile(source, "drawn.py", "exec"), drawn.__dict__)
    drawn.odd.__module__ = drawn.__name__
    with pytest.raises(ConfigError, match=f"'{column}'"):
        collect_features(drawn)
    if column not in {*TOKENS, "device_ref"}:
        sql = Path(str(module.__file__)).with_suffix(".sql").read_text(encoding="utf-8")
        with pytest.raises(ConfigError, match=f"'{column}'"):
            refuse_in_sql(sql + f"\nWHERE {column} IS NULL", "q", keys=(*TOKENS, "device_ref"))


@pytest.mark.parametrize("module", GRAINS)
def test_frames_have_what_they_declare_and_honest_rows_stand_out_little(
    care: duckdb.DuckDBPyConnection, module: ModuleType
) -> None:
    frame = measure(care, module)
    assert set(module.history(care, MONTHS).columns) >= set(module.COLUMNS) | set(module.KEYS)
    assert set(frame["month"]) == set(MONTHS)
    for name in ("overlap_share", "company_share", "overrun_share", "absent_share", "stray_task_share"):
        if name in frame.columns:
            assert frame[name].max() == 0


def test_a_day_in_two_places_at_once_stands_out(care: duckdb.DuckDBPyConnection) -> None:
    care.execute(
        "UPDATE core_visits SET actual_end = actual_end + INTERVAL 90 MINUTE, end_utc = end_utc + INTERVAL 90 MINUTE, "
        "registered_minutes = registered_minutes + 90 WHERE visit_id = '3-2026-02-4-0'"
    )
    days = measure(care, visit_day)
    at = {"carer_ref": "W3", "visit_date": pl.date(2026, 2, 5)}
    for feature in ("overlap_share", "overrun_share"):
        odd, other = values(days, feature, **at)
        assert odd > 0.2
        assert other == 0
    odd, other = values(measure(care, carer_month), "overlap_share", carer_ref="W3", month="2026-02")
    assert odd > 0 == other
    odd, other = values(measure(care, delivery_month), "longest_overrun_hours", client_ref="C3", month="2026-02")
    assert odd > 1 > other


@pytest.mark.parametrize(
    ("change", "module", "feature", "keys"),
    [
        ("is_manual = true", delivery_month, "manual_funnel", {"client_ref": "C3"}),
        ("is_manual = true", carer_month, "manual_funnel", {"carer_ref": "W3"}),
        ("distance_start_m = 900, distance_end_m = 900", carer_month, "far_from_home_funnel", {"carer_ref": "W3"}),
        ("registered_at = registered_at + INTERVAL 3 DAY", visit_day, "late_record_excess", {"carer_ref": "W3"}),
        ("actual_start = planned_start, actual_end = planned_end, registered_minutes = 30", carer_month,
         "as_planned_funnel", {"carer_ref": "W3"}),
        ("status = 'declined', start_utc = NULL, end_utc = NULL", delivery_month, "declined_excess",
         {"client_ref": "C3"}),
        ("registered_minutes = 55, end_utc = start_utc + INTERVAL 55 MINUTE", delivery_month,
         "registered_against_planned", {"client_ref": "C3"}),
        ("task = 'cleaning', service = CASE WHEN carer_ref = 'W3' THEN 'care' ELSE 'domestic' END", delivery_month,
         "stray_task_share", {"client_ref": "C3"}),
    ],
)  # fmt: skip
def test_what_one_carer_does_otherwise_stands_out(
    care: duckdb.DuckDBPyConnection, change: str, module: ModuleType, feature: str, keys: dict[str, object]
) -> None:
    where = "task = 'meal' AND carer_ref IN ('W3', 'W4', 'W5')" if "cleaning" in change else "carer_ref = 'W3'"
    care.execute(f"UPDATE core_visits SET {change} WHERE {where}")
    odd, other = values(measure(care, module), feature, **keys)
    assert odd > other + 0.02


def test_hours_without_pay_stand_out_where_there_is_a_payroll(care: duckdb.DuckDBPyConnection) -> None:
    frame = measure(care, carer_month)
    assert frame["registered_against_paid"].null_count() == frame.height
    care.execute(
        "INSERT INTO core_payroll_months BY NAME SELECT DISTINCT provider_id, carer_ref, service_month AS month, "
        "38 + ascii(right(carer_ref, 1)) % 4 AS paid_hours FROM core_visits WHERE carer_ref <> 'W3'"
    )
    odd, other = values(measure(care, carer_month), "registered_against_paid", carer_ref="W3")
    assert odd > 5 > other


def test_a_client_away_and_a_lock_not_opened_stand_out(care: duckdb.DuckDBPyConnection) -> None:
    care.execute(
        "INSERT INTO core_absences BY NAME SELECT 'C3' AS client_ref, 'hospital' AS kind, TIMESTAMP '2026-02-03 10:00' "
        "AS from_at, TIMESTAMP '2026-02-09 10:00' AS to_at"
    )
    care.execute(
        "INSERT INTO core_lock_events BY NAME SELECT client_ref, actual_start - INTERVAL 1 MINUTE AS \"at\", 'open' AS "
        "kind FROM core_visits WHERE client_ref <> 'C4' OR day(visit_date) > 15"
    )
    frame = measure(care, delivery_month)
    odd, other = values(frame, "absent_share", client_ref="C3", month="2026-02")
    assert odd > 0.1 > other
    odd, other = values(frame, "unopened_excess", client_ref="C4")
    assert odd > 0.4 > other


@pytest.mark.parametrize("module", GRAINS)
def test_nothing_later_changes_a_month_and_a_range_equals_its_months(
    care: duckdb.DuckDBPyConnection, module: ModuleType
) -> None:
    whole = measure(care, module)
    if module is not provider_month:
        assert measure(care, module, ["2026-02"]).equals(whole.filter(month="2026-02"))
    care.execute("DELETE FROM core_visits WHERE service_month > '2026-02'")
    assert measure(care, module, MONTHS).filter(month="2026-02").equals(whole.filter(month="2026-02"))


def test_what_is_booked_later_is_known_later(care: duckdb.DuckDBPyConnection) -> None:
    measure(care, visit_day)
    care.execute("UPDATE core_compensation_lines SET booked_month = '2026-03' WHERE provider_id = 'P1'")
    frame = visit_day.history(care, ["2026-02"])
    assert set(frame["provider_id"]) == {"P0", "P2", "P3", "P4"}
    late = visit_day.history(care, ["2026-03"]).filter(provider_id="P1")
    assert set(late["service_month"]) == set(MONTHS)


@pytest.mark.parametrize("module", GRAINS)
def test_a_month_that_is_none_is_refused(core: duckdb.DuckDBPyConnection, module: ModuleType) -> None:
    with pytest.raises(UsageError, match="not a month"):
        module.history(core, ["2026-13"])
