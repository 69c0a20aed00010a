"""Retention (*gallring*) as a job of its own, once a month: the report, and the erasing where settings say so.

It is `fut retention` in a process of its own, since what a case needs is in the officers' database, which nothing here
opens. Sums by kind become metadata; the report itself lies under `var/reports`.
"""

import csv
import subprocess
import sys
from pathlib import Path
from typing import Any

import dagster as dg

from fut.errors import StoreError, UsageError
from fut.settings import Settings
from pipelines.defs.house import POOL, RETRIES, RETRY_SECONDS, ROOT, TIMEZONE, House

JOB = "retention"
COMMAND = "import sys; from commands.main import main; sys.exit(main(sys.argv[1:]))"


def retention_job(house: House) -> dg.JobDefinition:
    """Return the job; it erases only when `retention.applies` is set."""

    @dg.op(name="apply_retention", pool=POOL, retry_policy=dg.RetryPolicy(max_retries=RETRIES, delay=RETRY_SECONDS))
    def retention(context: dg.OpExecutionContext) -> None:
        """Write the report of what is due, and erase it when the settings say so."""
        context.add_output_metadata(report(house.settings))

    @dg.job(name=JOB, tags=house.tags, description="Gallring: what is due by dated rules; erased when settings say so.")
    def job() -> None:
        """Run the one step."""
        retention()

    return job


def retention_schedule(job: dg.JobDefinition) -> dg.ScheduleDefinition:
    """Return the schedule of the job: after the month's run, before the next."""
    return dg.ScheduleDefinition(
        name="retention_day_20",
        job=job,
        cron_schedule="0 5 20 * *",
        execution_timezone=TIMEZONE,
        description="Day 20 at 05:00, Europe/Stockholm.",
    )


def report(settings: Settings) -> dict[str, Any]:
    """Run `fut retention`; returns rows and bytes by kind and the report's name. Raises dg.Failure."""
    asked = [
        "retention",
        "--settings",
        str(settings.path.resolve()),
        *(["--apply"] if settings.retention.applies else []),
    ]
    done = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-c", COMMAND, *asked], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode:
        # another exit code is a fault in the program, whose last line may hold anything
        is_told = UsageError.exit_code <= done.returncode <= StoreError.exit_code
        said = done.stderr.strip().splitlines()[-1] if is_told else f"fut retention ended with {done.returncode}"
        raise dg.Failure(description=said, allow_retries=done.returncode == StoreError.exit_code)
    page = Path(done.stdout.strip().splitlines()[-1])
    sums: dict[str, list[int]] = {}
    with page.with_suffix(".csv").open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file, delimiter=";"):
            held = sums.setdefault(row["Slag"], [0, 0, 0])
            sums[row["Slag"]] = [held[0] + 1, held[1] + int(row["Rader"]), held[2] + int(row["Byte"])]
    told = {
        f"{kind}, {what}": n
        for kind, of in sums.items()
        for what, n in zip(("antal", "rader", "byte"), of, strict=True)
    }
    return told | {
        "due": sum(of[0] for of in sums.values()),
        "is_applied": settings.retention.applies,
        "report": page.name,
    }
