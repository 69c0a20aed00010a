"""The monthly job and when it runs: day 7 at 06:00 in Sweden, for the month that closed."""

from typing import Any

import dagster as dg

from pipelines.defs.house import House

JOB = "monthly"
Job = Any  # Dagster gives the type of an asset job no public name


def monthly_job(house: House) -> Job:
    """Return the whole batch as one job in one process: DuckDB's threads are the parallelism."""
    return dg.define_asset_job(
        JOB,
        selection=dg.AssetSelection.all(),
        executor_def=dg.in_process_executor,
        tags=house.tags,
        description="From the inbox to the published list. A range of months is one run.",
    )


def monthly_schedule(job: Job) -> dg.ScheduleDefinition:
    """Return the schedule of the job."""
    return dg.build_schedule_from_partitioned_job(
        job, name="monthly_day_7", day_of_month=7, hour_of_day=6, minute_of_hour=0,
        description="Day 7 at 06:00, Europe/Stockholm, for the month before.",
    )  # fmt: skip
