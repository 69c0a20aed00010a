"""What stops a month in Dagster: a broken contract, drift, an indicator that cannot run."""

from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import duckdb
import pytest

from fut.errors import InputError, StoreError
from fut.settings import load_settings
from fut.warehouse import open_warehouse
from pipelines import steps
from pipelines.defs import house

MONTHS = ["2019-01", "2019-02", "2019-03"]


def failed_steps(ran) -> set[str]:
    return {e.step_key for e in ran.result.all_events if e.event_type_value == "STEP_FAILURE"}


def checks(ran) -> dict[str, bool]:
    return {
        f"{c.asset_key.to_user_string()}:{c.check_name}": c.passed for c in ran.result.get_asset_check_evaluations()
    }


def test_a_broken_contract_stops_everything_after_it(ledger: ModuleType, run_job: Callable, tmp_path: Path) -> None:
    path = ledger.make(tmp_path, MONTHS)
    rows = ledger.rows_of("2019-02")
    for row in rows[:60]:
        row[11] = ""  # no account
    ledger.write_month(tmp_path / "inbox", "2019-02", rows)
    ran = run_job(path)
    assert not ran.result.success
    assert checks(ran)["raw_ap_postings:expectations"] is False
    assert failed_steps(ran) == {"validate"}
    assert {m.asset_key.to_user_string() for m in ran.materialised()} & {"core_payments", "ranking", "SP01"} == set()
    assert not ran.house.settings.published.exists()


@pytest.mark.parametrize(("months", "ranked"), [(["2019-04"], False), (["2019-03", "2019-04"], True)])
def test_drift_keeps_its_month_from_being_ranked_and_no_other(
    ledger: ModuleType, run_job: Callable, tmp_path: Path, months: list[str], ranked: bool
) -> None:
    path = ledger.make(tmp_path, MONTHS)
    ledger.write_month(tmp_path / "inbox", "2019-04", ledger.rows_of("2019-04", count=60))
    ran = run_job(path, months)
    found = checks(ran)
    assert found["core_payments:drift_rows"] is False
    assert found["core_payments:ready"] is False
    assert found["core_postings:reconciliation"] is True
    assert ran.result.success is ranked
    published = ran.house.settings.published
    assert [p.name for p in sorted(published.glob("20*"))] == (["2019-03"] if ranked else [])
    assert failed_steps(ran) == (set() if ranked else {"scores"})


def test_a_month_without_payments_amid_others_is_told_and_keeps_none_of_them_back(
    ledger: ModuleType, run_job: Callable, tmp_path: Path
) -> None:
    ran = run_job(ledger.make(tmp_path, ["2019-01", "2019-03"]), ["2019-01", "2019-03"])
    said = [c for c in ran.result.get_asset_check_evaluations() if c.check_name == "ready"]
    assert [(c.passed, c.description) for c in said] == [
        (False, "2019-02: no payments are booked in it; is a file missing?")
    ]
    assert [p.name for p in sorted(ran.house.settings.published.glob("20*"))] == ["2019-01", "2019-03"]
    settings = load_settings(ledger.make(tmp_path / "beside", ["2019-01", "2019-03"]))
    result = steps.run(settings, ["2019-01", "2019-02", "2019-03"])
    assert list(result.blocked) == ["2019-02"]
    ids = [[p.read_text() for p in sorted(s.published.glob("*/current"))] for s in (settings, ran.house.settings)]
    assert ids[0] == ids[1]


def test_sums_that_differ_stop_the_run(
    ledger: ModuleType, run_job: Callable, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = steps.build

    def losing_a_row(connection: duckdb.DuckDBPyConnection, *rest) -> None:
        real(connection, *rest)
        connection.execute("DELETE FROM core_postings WHERE source_line = 5")

    monkeypatch.setattr(steps, "build", losing_a_row)
    ran = run_job(ledger.make(tmp_path, MONTHS))
    assert checks(ran)["core_postings:reconciliation"] is False
    assert failed_steps(ran) == {"core"}


def test_an_indicator_that_cannot_run_fails_and_is_no_clean_result(
    ledger: ModuleType, run_job: Callable, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = steps.evaluate

    def failing(connection: duckdb.DuckDBPyConnection, indicator, *rest) -> int:
        if indicator.code == "SP02":
            raise duckdb.BinderException("no such column")
        return real(connection, indicator, *rest)

    monkeypatch.setattr(steps, "evaluate", failing)
    ran = run_job(ledger.make(tmp_path, MONTHS))
    assert failed_steps(ran) == {"indicators_supplier_payments"}
    with open_warehouse(ran.house.settings) as connection:
        rows = connection.execute("SELECT DISTINCT status FROM out_coverage WHERE indicator = 'SP02'").fetchall()
    assert rows == [("error",)]


def test_a_file_that_cannot_be_read_is_one_line_and_no_retry(
    ledger: ModuleType, run_job: Callable, tmp_path: Path
) -> None:
    path = ledger.make(tmp_path, MONTHS)
    broken = tmp_path / "inbox/DCCSpendingOver500_201902.csv.gz"
    broken.write_bytes(broken.read_bytes()[:500])
    ran = run_job(path)
    assert failed_steps(ran) == {"ingest"}
    told = next(e for e in ran.result.all_events if e.event_type_value == "STEP_FAILURE").event_specific_data
    assert told.user_failure_data.description == "DCCSpendingOver500_201902.csv.gz: the gzip file is damaged or cut off"
    assert "STEP_UP_FOR_RETRY" not in {e.event_type_value for e in ran.result.all_events}


def test_a_warehouse_that_is_held_is_tried_again(
    ledger: ModuleType, run_job: Callable, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries = []

    def held_once(settings):
        tries.append(settings)
        if len(tries) == 1:
            raise StoreError("warehouse testby.duckdb: another process is writing to it")
        return open_warehouse(settings)

    monkeypatch.setattr(house, "open_warehouse", held_once)
    monkeypatch.setattr(house, "RETRY_SECONDS", 0)
    ran = run_job(ledger.make(tmp_path, MONTHS))
    assert ran.result.success
    retried = [e.step_key for e in ran.result.all_events if e.event_type_value == "STEP_UP_FOR_RETRY"]
    assert retried == ["ingest"]


@pytest.mark.parametrize(
    ("lost", "named"), [("'b.csv'", r"b\.csv: the sums"), ("'b.csv', 'a.csv'", r"a\.csv \(and 1 more\): the sums")]
)
def test_sums_that_do_not_reconcile_stop_everything_and_name_the_file(lost: str, named: str) -> None:
    with duckdb.connect() as connection:
        connection.execute(
            "CREATE TABLE reconciliation AS SELECT unnest(['a.csv', 'b.csv']) AS source_file, true AS adds_up"
        )
        steps.require_reconciled(connection)
        connection.execute(f"UPDATE reconciliation SET adds_up = false WHERE source_file IN ({lost})")
        with pytest.raises(InputError, match=named):
            steps.require_reconciled(connection)
