"""A made-up municipality, run once through Dagster for all tests of this folder."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import dagster as dg
import pytest

from pipelines.definitions import define
from pipelines.defs.house import END_TAG, START_TAG, House, load_house
from tests.pipelines import ledger as made_up

MONTHS = ["2019-01", "2019-02", "2019-03"]


@dataclass
class Ran:
    """A finished run: its house and everything Dagster logged."""

    house: House
    result: dg.ExecuteInProcessResult

    def materialised(self) -> list[dg.AssetMaterialization]:
        """Return every materialisation of the run."""
        return [
            event.event_specific_data.materialization
            for event in self.result.all_events
            if event.event_type_value == "ASSET_MATERIALIZATION"
        ]


@pytest.fixture(scope="session")
def ledger() -> ModuleType:
    """Return the module that writes made-up ledger files."""
    return made_up


@pytest.fixture(scope="session")
def run_job() -> Callable[..., Ran]:
    """Return a function that runs the monthly job of a settings file over a range in this process."""

    def run(settings: Path, months: list[str] = MONTHS) -> Ran:
        house = load_house(settings)
        tags = {START_TAG: months[0], END_TAG: months[-1]}
        with dg.DagsterInstance.ephemeral() as instance:
            job = define(house).resolve_job_def("monthly")
            return Ran(house, job.execute_in_process(instance=instance, tags=tags, raise_on_error=False))

    return run


@pytest.fixture(scope="session")
def ran(ledger: ModuleType, run_job: Callable[..., Ran], tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """Return the run of three months as one range."""
    return run_job(ledger.make(tmp_path_factory.mktemp("testby"), MONTHS))
