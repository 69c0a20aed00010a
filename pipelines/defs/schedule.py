"""The monthly job and when it runs: day 7 at 06:00 in Sweden, for the month that closed."""

from typing import Any
from zoneinfo import ZoneInfo

import dagster as dg

from fut.period import add_months, month_of
from pipelines.defs.house import TIMEZONE, House

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

    @dg.schedule(
        name="monthly_day_7",
        job=job,
        cron_schedule="0 6 7 * *",
        execution_timezone=TIMEZONE,
        description="Day 7 at 06:00, Europe/Stockholm, for the month before.",
    )
    def monthly_day_7(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
        """Ask for the month that closed last, whatever clock the machine has."""
        now = context.scheduled_execution_time.astimezone(ZoneInfo(TIMEZONE))
        return dg.RunRequest(partition_key=add_months(month_of(now.date()), -1))

    return monthly_day_7
