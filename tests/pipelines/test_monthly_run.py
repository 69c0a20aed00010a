"""The monthly job, really run: what it leaves, what it logs, and that it is what `fut run` does."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import polars as pl
import pytest

from fut import alarms
from fut.settings import load_settings
from fut.sql import literal
from fut.warehouse import open_warehouse
from indicators import library
from pipelines import steps

MONTHS = ["2019-01", "2019-02", "2019-03"]


def published(folder: Path) -> dict[str, bytes]:
    """Return every published file by its path."""
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_a_range_is_one_run_and_publishes_every_month(ran) -> None:
    assert ran.result.success
    starts = [e for e in ran.result.all_events if e.event_type_value == "STEP_START"]
    assert sorted({e.step_key for e in starts}) == sorted(e.step_key for e in starts)
    for month in MONTHS:
        folder = ran.house.settings.published / month
        run_id = (folder / "current").read_text(encoding="utf-8").strip()
        assert json.loads((folder / run_id / "manifest.json").read_text("utf-8"))["month"] == month


def test_every_asset_is_materialised_for_every_month(ran) -> None:
    seen = {(m.asset_key.to_user_string(), m.partition) for m in ran.materialised()}
    names = {name for name, _ in seen}
    assert set(library()) | {"raw_ap_postings", "core_payments", "scores", "ranking", "out_flags"} <= names
    assert seen == {(name, month) for name in names for month in MONTHS}


def test_each_month_tells_its_own_counts(ran) -> None:
    counted = {
        m.partition: m.metadata["payments"].value for m in ran.materialised() if m.asset_key.path == ["core_payments"]
    }
    with open_warehouse(ran.house.settings) as connection:
        rows = connection.execute("SELECT booked_month, count(*) FROM core_payments GROUP BY 1").fetchall()
    assert counted == dict(rows)
    sp01 = {m.partition: m.metadata["flags"].value for m in ran.materialised() if m.asset_key.path == ["SP01"]}
    assert sp01 == dict.fromkeys(MONTHS, 1)


def test_the_log_holds_pictures_and_no_value_of_any_row(ran) -> None:
    logged = "\n".join(str(event) for event in ran.result.all_events)
    assert "data:image/svg+xml;base64," in logged
    with open_warehouse(ran.house.settings) as connection:
        names = connection.execute("SELECT DISTINCT supplier_name FROM core_payments").fetchall()
        ids = connection.execute("SELECT payment_id FROM core_payments").fetchall()
        vouchers = connection.execute("SELECT DISTINCT voucher_no FROM raw_ap_postings").fetchall()
    assert len(names) > 10
    assert [value for (value,) in (*names, *ids, *vouchers) if value in logged] == []


def test_every_check_ran_and_passed(ran) -> None:
    found = {(c.asset_key.to_user_string(), c.check_name): c for c in ran.result.get_asset_check_evaluations()}
    assert [key for key, check in found.items() if not check.passed] == []
    suite = found["raw_ap_postings", "expectations"]
    assert suite.metadata["delivered"].value is True
    assert suite.metadata["could_not_run"].value == 0
    assert suite.metadata["rows_judged"].value == 3 * 241
    assert found["raw_suppliers", "expectations"].metadata["delivered"].value is False


def test_the_drift_checks_are_those_the_kernel_measures(ran) -> None:
    with open_warehouse(ran.house.settings) as connection:
        measures = {row[0] for row in connection.execute("SELECT DISTINCT measure FROM out_drift").fetchall()}
    checked = {c.check_name for c in ran.result.get_asset_check_evaluations() if c.check_name.startswith("drift_")}
    assert checked == {f"drift_{measure}" for measure in measures}


def test_data_docs_hold_counts_and_fetch_nothing(ran) -> None:
    folder = ran.house.settings.var / "great_expectations" / "testby"
    pages = {p: p.read_text(encoding="utf-8") for p in folder.rglob("*.html")}
    assert any("validations" in p.parts for p in pages)
    assert all("default-src 'self' data: 'unsafe-inline'" in text for text in pages.values())
    with open_warehouse(ran.house.settings) as connection:
        names = connection.execute("SELECT DISTINCT supplier_name FROM core_payments").fetchall()
    assert [name for (name,) in names if any(name in text for text in pages.values())] == []


def test_running_again_publishes_the_same_bytes(ran, run_job: Callable) -> None:
    before = published(ran.house.settings.published)
    again = run_job(ran.house.settings.path)
    assert again.result.success
    assert published(ran.house.settings.published) == before


def test_fut_run_publishes_what_the_job_publishes(ran, ledger: ModuleType, tmp_path: Path) -> None:
    settings = load_settings(ledger.make(tmp_path, MONTHS))
    result = steps.run(settings, MONTHS)
    assert set(result.published) == set(MONTHS)
    assert published(settings.published) == published(ran.house.settings.published)


def test_one_indicator_alone_may_be_run_for_one_month(ran) -> None:
    with open_warehouse(ran.house.settings) as connection:
        counted = steps.flag(connection, ran.house.settings, ["2019-02"], ["SP01"])
        kept = connection.execute(
            f"SELECT count(*) FROM out_flags WHERE indicator = 'SP01' AND service_month <> {literal('2019-02')}"
        ).fetchone()
    assert counted == {"SP01": 1}
    assert kept == (2,)


def test_a_run_that_knows_fewer_months_flags_has_another_id(
    ledger: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alarms, "RARE_RATE", 1.0)  # a few hundred rows are too few for silence to be remarkable
    settings = load_settings(ledger.make(tmp_path, MONTHS))
    whole = steps.run(settings, MONTHS).published["2019-03"]
    assert steps.run(settings, ["2019-03"]).published["2019-03"] == whole
    shutil.rmtree(settings.var / "warehouse")
    alone = steps.run(settings, ["2019-03"]).published["2019-03"]
    silent = [pl.read_parquet(folder / "coverage.parquet")["alarm"].drop_nulls().len() for folder in (whole, alone)]
    assert silent[0] > 0 == silent[1], "no indicator is silent for three months where one was evaluated"
    assert alone != whole
    assert json.loads((alone / "manifest.json").read_text("utf-8"))["evaluated_months"] == ["2019-03"]
