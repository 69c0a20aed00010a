"""The retention job: by default a report and nothing erased, erased where settings say so, sums and no values told."""

import shutil
from pathlib import Path

import dagster as dg
import pytest

from pipelines.definitions import define
from pipelines.defs.house import load_house
from reporting.chain import check
from tests.pipelines.conftest import Ran


@pytest.fixture
def copied(ran: Ran, tmp_path: Path) -> Path:
    """Return the settings of a copy of the municipality that was run, which a test may erase."""
    source = ran.house.settings.path.parent
    return Path(shutil.copytree(source, tmp_path / "copy")) / "municipality.yaml"


def told_by(settings: Path) -> dict[str, object]:
    """Run the job; returns the metadata of its one step."""
    house = load_house(settings)
    with dg.DagsterInstance.ephemeral() as instance:
        job = define(house).resolve_job_def("retention")
        result = job.execute_in_process(instance=instance)
    [output] = [event for event in result.all_events if event.event_type_value == "STEP_OUTPUT"]
    return {name: value.value for name, value in output.event_specific_data.metadata.items()}


def test_by_default_the_job_reports_and_erases_nothing(copied: Path) -> None:
    told = told_by(copied)
    assert (told["due"], told["is_applied"]) == (3, False)
    assert told["Publicerad månad, rader"] > 0
    assert [one.erased_on for one in check(load_house(copied).settings.published)] == ["", "", ""]
    assert "Payee" not in str(told)


def test_where_settings_say_so_it_erases(copied: Path) -> None:
    copied.write_text(copied.read_text("utf-8") + "retention: {applies: true}\n", "utf-8")
    assert told_by(copied)["is_applied"] is True
    checked = check(load_house(copied).settings.published)
    assert [bool(one.erased_on) for one in checked] == [True, True, True]
    assert [one.wrong for one in checked] == [(), (), ()]
    assert told_by(copied)["due"] == 0


def test_what_stops_the_command_stops_the_job_with_its_line(copied: Path) -> None:
    house = load_house(copied)
    copied.write_text(copied.read_text("utf-8") + "retention: {applied: true}\n", "utf-8")
    with dg.DagsterInstance.ephemeral() as instance:
        job = define(house).resolve_job_def("retention")
        result = job.execute_in_process(instance=instance, raise_on_error=False)
    [failed] = [event for event in result.all_events if event.event_type_value == "STEP_FAILURE"]
    assert "unknown key 'applied', did you mean 'applies'?" in str(failed.event_specific_data.user_failure_data)


def test_it_runs_on_day_20_in_swedish_time(copied: Path) -> None:
    schedule = define(load_house(copied)).resolve_schedule_def("retention_day_20")
    assert (schedule.cron_schedule, schedule.execution_timezone) == ("0 5 20 * *", "Europe/Stockholm")
