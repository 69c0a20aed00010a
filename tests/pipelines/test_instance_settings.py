"""dagster.yaml as Dagster itself reads it."""

from pathlib import Path
from queue import Queue

import dagster as dg
import pytest
from dagster._core.instance.config import dagster_instance_config

from pipelines.event_log import EventLog

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def instance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dg.DagsterInstance:
    """Return an instance with the repository as its home and a folder of the test's to write to."""
    monkeypatch.setenv("DAGSTER_HOME", str(ROOT))
    monkeypatch.setenv("FUT_DAGSTER_DIR", str(tmp_path))
    return dg.DagsterInstance.get()


def test_nothing_is_sent_and_no_window_asks_to_sign_up(instance: dg.DagsterInstance) -> None:
    assert not instance.telemetry_enabled
    assert not instance.nux_enabled


def test_a_pool_without_a_limit_of_its_own_has_one_writer(instance: dg.DagsterInstance) -> None:
    config = instance.get_concurrency_config()
    assert config.pool_config.default_pool_limit == 1
    assert config.run_queue_config is not None
    assert config.run_queue_config.max_concurrent_runs == 4


def test_dead_workers_are_retried_and_failed_data_is_not(instance: dg.DagsterInstance) -> None:
    assert instance.run_retries_enabled
    assert instance.run_retries_max_retries == 2
    assert instance.get_settings("run_retries")["retry_on_asset_or_op_failure"] is False


def test_a_run_writes_only_where_it_is_told(instance: dg.DagsterInstance, tmp_path: Path) -> None:
    @dg.op(pool="warehouse")
    def count() -> None:
        """Do nothing, under the pool of the warehouse."""

    @dg.job(executor_def=dg.in_process_executor)
    def monthly() -> None:
        count()

    assert monthly.execute_in_process(instance=instance).success
    assert {path.name for path in tmp_path.glob("*.db")} == {"runs.db", "event_log.db", "schedules.db"}
    strays = ("history", "storage", "schedules", "logs", ".logs_queue", ".nux", ".telemetry")
    assert [name for name in strays if (ROOT / name).exists()] == []


def test_another_process_reads_and_writes_events_while_the_log_stays_open(instance: dg.DagsterInstance) -> None:
    months = dg.StaticPartitionsDefinition(["2026-01", "2026-02"])

    @dg.asset(partitions_def=months)
    def listed() -> None:
        """Do nothing."""

    for month in ("2026-01", "2026-02"):
        assert dg.materialize([listed], instance=instance, partition_key=month).success
    with dg.DagsterInstance.get() as other:
        assert isinstance(other.event_log_storage, EventLog)
        assert other.get_materialized_partitions(listed.key) == {"2026-01", "2026-02"}
        other.report_runless_asset_event(dg.AssetMaterialization(listed.key, partition="2026-01"))
    told = instance.fetch_materializations(listed.key, limit=10).records
    assert [record.partition_key for record in told] == ["2026-01", "2026-02", "2026-01"]


def test_who_watches_a_run_is_told_of_what_another_process_writes(instance: dg.DagsterInstance) -> None:
    @dg.op
    def count() -> None:
        """Do nothing."""

    @dg.job(executor_def=dg.in_process_executor)
    def monthly() -> None:
        count()

    told: Queue[str] = Queue()
    with dg.DagsterInstance.get() as other:
        run = other.create_run_for_job(monthly)
        instance.watch_event_logs(run.run_id, None, lambda entry, _: told.put(entry.message))
        other.report_engine_event("begun", run)
        assert told.get(timeout=20) == "begun"


def test_a_missing_folder_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FUT_DAGSTER_DIR", raising=False)
    with pytest.raises(Exception, match="FUT_DAGSTER_DIR"):
        dg.DagsterInstance.from_config(str(ROOT))
    assert dagster_instance_config(str(ROOT))[0]["telemetry"] == {"enabled": False}
