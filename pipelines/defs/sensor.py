"""A sensor on the inbox: new and changed files launch runs for the months they touch."""

import hashlib
import json
from fnmatch import fnmatch
from pathlib import Path

import dagster as dg

from fut.dialect import dialect
from fut.errors import FutError
from fut.period import add_months, months_between
from fut.reading import file_digest
from fut.settings import Settings
from pipelines.defs.house import END_TAG, START_TAG, House
from pipelines.defs.schedule import Job

SECONDS = 60
Seen = dict[str, list[int | str]]


def inbox_sensor(house: House, job: Job) -> dg.SensorDefinition:
    """Return the sensor; its cursor holds size, time and SHA-256 of every file seen."""

    @dg.sensor(name="inbox", job=job, minimum_interval_seconds=SECONDS)
    def inbox(context: dg.SensorEvaluationContext) -> dg.SensorResult:
        """Compare the inbox with what was seen last and ask for the months touched, adjoining ones as one run."""
        before: Seen = json.loads(context.cursor) if context.cursor else {}
        try:
            now = look(house.settings, before)
        except FutError as error:
            return dg.SensorResult(skip_reason=str(error), cursor=context.cursor)
        changed = sorted(
            name for name in {*now, *before} if now.get(name, [0, 0, ""])[2] != before.get(name, [0, 0, ""])[2]
        )
        cursor = json.dumps(now, sort_keys=True)
        if not changed:
            return dg.SensorResult(skip_reason="nothing new in the inbox", cursor=cursor)
        closed = list(house.months.get_partition_keys())
        touched = sorted({month for name in changed for month in months_of(house.settings, name, closed)})
        key = hashlib.sha256(cursor.encode()).hexdigest()[:16]
        requests = [
            dg.RunRequest(run_key=f"{key}:{first}", tags={**house.tags, START_TAG: first, END_TAG: last})
            for first, last in stretches(touched)
        ]
        why = None if requests else "the new files touch no closed month"
        return dg.SensorResult(run_requests=requests, skip_reason=why, cursor=cursor)

    return inbox


def look(settings: Settings, before: Seen) -> Seen:
    """Return size, time and SHA-256 of each file some source wants; only files that look changed are read."""
    found: Seen = {}
    paths = sorted(settings.inbox.iterdir()) if settings.inbox.is_dir() else []
    for path in paths:
        if path.is_file() and not path.name.startswith((".", "~")) and _source(settings, path.name):
            found[path.name] = _stamp(path, before.get(path.name))
    return found


def _stamp(path: Path, before: list[int | str] | None) -> list[int | str]:
    state = path.stat()
    if before and before[:2] == [state.st_size, state.st_mtime_ns]:
        return before
    return [state.st_size, state.st_mtime_ns, file_digest(path)]


def _source(settings: Settings, name: str) -> str | None:
    return next((s.dialect for s in settings.sources if fnmatch(name, s.files)), None)


def months_of(settings: Settings, name: str, closed: list[str]) -> list[str]:
    """Return the closed months a file touches: those its name states; else, for a register, the latest one.

    A ledger whose name states no month may hold any: all closed months are asked for.
    """
    spoken_name = _source(settings, name)
    if spoken_name is None or not closed:
        return []
    spoken = dialect(spoken_name)
    period = spoken.period(name)
    if period:
        return [month for month in months_between(period.first, period.last) if month in closed]
    return closed if spoken.contract_for(name).table == "ap_postings" else closed[-1:]


def stretches(months: list[str]) -> list[tuple[str, str]]:
    """Return first and last month of each unbroken stretch of sorted months."""
    found: list[tuple[str, str]] = []
    for month in months:
        if found and add_months(found[-1][1], 1) == month:
            found[-1] = (found[-1][0], month)
        else:
            found.append((month, month))
    return found
