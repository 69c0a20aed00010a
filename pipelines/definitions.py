"""Everything Dagster sees of one municipality: FUT_SETTINGS names its settings file, the demo's when unset."""

import warnings

import dagster as dg

from pipelines.defs.core import core_assets
from pipelines.defs.house import House, load_house
from pipelines.defs.indicators import indicator_assets
from pipelines.defs.ingest import raw_assets
from pipelines.defs.publish import out_assets
from pipelines.defs.rank import rank_asset
from pipelines.defs.retention import retention_job, retention_schedule
from pipelines.defs.schedule import monthly_job, monthly_schedule
from pipelines.defs.score import score_asset
from pipelines.defs.sensor import inbox_sensor
from pipelines.defs.validate import suite_checks


def define(house: House) -> dg.Definitions:
    """Return the definitions of a municipality; Dagster's own notes that an argument is beta are kept quiet."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", dg.BetaWarning)
        return _define(house)


def _define(house: House) -> dg.Definitions:
    job, retention = monthly_job(house), retention_job(house)
    return dg.Definitions(
        assets=[
            raw_assets(house),
            core_assets(house),
            *indicator_assets(house),
            score_asset(house),
            rank_asset(house),
            out_assets(house),
        ],
        asset_checks=[suite_checks(house)],
        jobs=[job, retention],
        schedules=[monthly_schedule(job), retention_schedule(retention)],
        sensors=[inbox_sensor(house, job)],
        executor=dg.in_process_executor,
    )


defs = define(load_house())
