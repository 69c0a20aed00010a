"""Great Expectations on DuckDB: what passes, what blocks, and that what could not run is never a pass."""

from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import duckdb
import pytest

import pipelines.expectations as expectations
from fut.errors import InputError
from fut.settings import Settings, load_settings
from fut.suite import GX_VERSION
from fut.warehouse import open_warehouse
from pipelines import steps
from pipelines.defs.validate import check_result

MONTH = "2019-01"


@pytest.fixture
def settings(ledger: ModuleType, tmp_path: Path) -> Settings:
    """Return a municipality with one month in its inbox."""
    return load_settings(ledger.make(tmp_path, [MONTH]))


@pytest.fixture
def loaded(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    """Return its warehouse, loaded and judged row by row."""
    with open_warehouse(settings) as connection:
        steps.load_and_check(connection, settings)
        yield connection


def statuses(results: list[expectations.SuiteResult], table: str = "ap_postings") -> dict[str, str]:
    return {v.expectation: v.status for r in results if r.table == table for v in r.verdicts}


def test_the_hook_finds_the_private_name_it_extends() -> None:
    """When this fails, Great Expectations has changed: read its engine again before moving the pin."""
    gx = expectations._great_expectations()
    from great_expectations.execution_engine import sqlalchemy_execution_engine as engine

    assert gx.__version__ == GX_VERSION
    kept = engine._PERSISTED_CONNECTION_DIALECTS
    assert isinstance(kept, tuple)
    assert {"sqlite", "duckdb"} <= {dialect.value for dialect in kept}
    expectations._great_expectations()
    assert kept == engine._PERSISTED_CONNECTION_DIALECTS


def test_without_the_hook_nothing_about_rows_passes(
    loaded: duckdb.DuckDBPyConnection, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    gx = expectations._great_expectations()
    from great_expectations.execution_engine import sqlalchemy_execution_engine as engine

    without = tuple(d for d in engine._PERSISTED_CONNECTION_DIALECTS if d.value != "duckdb")
    monkeypatch.setattr(engine, "_PERSISTED_CONNECTION_DIALECTS", without)
    monkeypatch.setattr(expectations, "_great_expectations", lambda: gx)
    results = expectations.judge_delivery(loaded, settings)
    assert {name for name, status in statuses(results).items() if status != "error"} == {"columns"}
    with pytest.raises(InputError, match=r"raw_ap_postings: expectation '\w+' could not be judged"):
        expectations.require_passed(results)


def test_a_good_delivery_passes(loaded: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    results = expectations.judge_delivery(loaded, settings)
    assert [r.table for r in results] == ["ap_postings"]
    assert results[0].rows == 241
    assert set(statuses(results).values()) == {"passed"}
    expectations.require_passed(results)


def test_no_cursor_keeps_the_warehouse_locked(settings: Settings) -> None:
    with open_warehouse(settings) as connection:
        steps.load_and_check(connection, settings)
        expectations.judge_delivery(connection, settings)
    with open(settings.warehouse, "rb+"), duckdb.connect(str(settings.warehouse), config={"threads": 1}) as other:
        assert other.execute("SELECT count(*) FROM raw_ap_postings").fetchone() == (241,)


@pytest.mark.parametrize(("count", "status"), [(1, "passed"), (4, "passed"), (12, "failed")])
def test_a_row_rule_fails_above_the_share_the_settings_allow(
    ledger: ModuleType, tmp_path: Path, count: int, status: str
) -> None:
    rows = ledger.rows_of(MONTH)
    for row in rows[5 : 5 + count]:
        row[6] = ""  # no payee
    settings = load_settings(ledger.make(tmp_path, [MONTH]))
    ledger.write_month(tmp_path / "inbox", MONTH, rows)
    with open_warehouse(settings) as connection:
        steps.load_and_check(connection, settings)
        results = expectations.judge_delivery(connection, settings)
    assert statuses(results)["missing:supplier_name"] == status
    assert statuses(results)["quarantine_share"] == status
    assert statuses(results)["verdicts_current"] == "passed"
    if status == "failed":
        with pytest.raises(InputError, match="raw_ap_postings: expectation 'quarantine_share' is not met") as told:
            expectations.require_passed(results)
        assert "DCCSpendingOver500_201901.csv.gz, line 7: missing:supplier_name (12 rows)" in str(told.value)


def test_an_emptied_table_fails(loaded: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    loaded.execute("DELETE FROM raw_ap_postings")
    results = expectations.judge_delivery(loaded, settings)
    assert statuses(results)["not_emptied"] == "failed"
    assert results[0].blocking


def test_verdicts_of_other_rows_fail(loaded: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    loaded.execute("UPDATE raw_ap_postings SET account_no = NULL WHERE _source_line = 7")
    assert statuses(expectations.judge_delivery(loaded, settings))["verdicts_current"] == "failed"


def test_only_the_months_asked_for_are_judged(ledger: ModuleType, tmp_path: Path) -> None:
    settings = load_settings(ledger.make(tmp_path, [MONTH, "2019-02"]))
    rows = ledger.rows_of("2019-02")
    for row in rows[:20]:
        row[11] = ""  # no account
    ledger.write_month(tmp_path / "inbox", "2019-02", rows)
    with open_warehouse(settings) as connection:
        steps.load_and_check(connection, settings)
        good = expectations.judge_delivery(connection, settings, [MONTH])
        bad = expectations.judge_delivery(connection, settings, ["2019-02"])
    assert (good[0].rows, bad[0].rows) == (241, 241)
    assert not good[0].blocking
    assert "missing:account_no" in {v.expectation for v in bad[0].blocking}


def test_an_expectation_that_cannot_run_is_an_error(
    loaded: duckdb.DuckDBPyConnection, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    real: Callable = expectations.suite

    def broken(contract) -> dict:
        stated = real(contract)
        for expectation in stated["expectations"]:
            if expectation["meta"]["rule"] == "credit_sign":
                expectation["kwargs"]["unexpected_rows_query"] = "SELECT no_such_column FROM {batch}"
        return stated

    monkeypatch.setattr(expectations, "suite", broken)
    result = expectations.judge_delivery(loaded, settings)[0]
    verdict = next(v for v in result.verdicts if v.expectation == "credit_sign")
    assert (verdict.severity, verdict.status) == ("warning", "error")
    assert "BinderException" in verdict.reason
    assert result.blocking == (verdict,)
    shown = check_result("raw_ap_postings", result)
    assert not shown.passed
    assert shown.severity.value == "ERROR"
    assert shown.metadata["could_not_run"].value == 1


def test_a_suite_that_was_not_run_is_an_error() -> None:
    from fut.contract import contract

    result = expectations._result(contract("raw", "suppliers"), None)
    assert {v.status for v in result.verdicts} == {"error"}


def test_a_warning_warns_and_does_not_stop() -> None:
    verdict = expectations.Verdict("due_before_invoice", "Due after it is written.", "warning", "failed")
    result = expectations.SuiteResult("ap_postings", 10, (verdict,))
    assert result.blocking == ()
    shown = check_result("raw_ap_postings", result)
    assert (shown.passed, shown.severity.value) == (False, "WARN")
    expectations.require_passed([result])
