"""A sensor on the inbox: new and changed files launch runs for the months they touch and those that look back on them."""

import hashlib
import json
import tempfile
from dataclasses import replace
from fnmatch import fnmatch
from pathlib import Path

import dagster as dg
import duckdb

from core.pairs import LOOK_BACK_DAYS
from fut.dialect import dialect
from fut.errors import FutError
from fut.inbox import form_of, ingest
from fut.period import add_months, months_between
from fut.pseudonym import DEMO_KEY, Pseudonymiser
from fut.reading import file_digest
from fut.settings import Settings
from fut.warehouse import prepare
from pipelines.defs.house import END_TAG, START_TAG, House
from pipelines.defs.schedule import Job

SECONDS = 60
# pairs of payments reach furthest of what later months compare with row by row; longer windows only weigh habits
LOOK_BACK_MONTHS = LOOK_BACK_DAYS // 30 + 1
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
        touched = {month for name in changed for month in months_of(house.settings, name, closed)}
        asked = reached(touched, closed, latest_stated(house.settings, list(now)))
        key = hashlib.sha256(cursor.encode()).hexdigest()[:16]
        requests = [
            dg.RunRequest(run_key=f"{key}:{first}", tags={**house.tags, START_TAG: first, END_TAG: last})
            for first, last in stretches(asked)
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
    if form_of(name):
        return "canonical"
    return next((s.dialect for s in settings.sources if fnmatch(name, s.files)), None)


def months_of(settings: Settings, name: str, closed: list[str]) -> list[str]:
    """Return the closed months a file touches: those its name states; else, for a register, the latest one.

    A ledger whose name states no month touches those its rows are booked in, and all when it cannot be read.
    """
    spoken_name = _source(settings, name)
    if spoken_name is None or not closed:
        return []
    spoken = dialect(spoken_name)
    period = spoken.period(name)
    if period:
        return [month for month in months_between(period.first, period.last) if month in closed]
    if form_of(name) or spoken.contract_for(name).table != "ap_postings":
        return closed[-1:]
    found = _months_in(settings, name)
    return closed if found is None else [month for month in closed if month in found]


def _months_in(settings: Settings, name: str) -> set[str] | None:
    """Return the months a file's rows are booked in, by loading it apart; None when it is gone or cannot be read."""
    source = next(s for s in settings.sources if fnmatch(name, s.files))
    with tempfile.TemporaryDirectory() as folder, duckdb.connect() as connection:
        inbox = Path(folder) / "inbox"
        inbox.mkdir()
        (inbox / name).symlink_to(settings.inbox / name)
        prepare(connection, Path(folder))
        alone = replace(settings, sources=(source,), inbox=inbox, var=Path(folder) / "var")
        try:
            return ingest(connection, alone, Pseudonymiser(DEMO_KEY)).months
        except FutError:
            return None


def latest_stated(settings: Settings, names: list[str]) -> str | None:
    """Return the latest month that the ledger files' names state; None when one of them states none."""
    spoken = [(dialect(said), name) for name in names if not form_of(name) and (said := _source(settings, name))]
    periods = [d.period(name) for d, name in spoken if d.contract_for(name).table == "ap_postings"]
    return max((p.last for p in periods if p), default=None) if all(periods) else None


def reached(touched: set[str], closed: list[str], latest: str | None) -> list[str]:
    """Return the touched months and the closed ones after, up to `latest`, that may look back on any of them."""
    later = {
        month
        for month in closed
        if month <= (latest or month) and any(t <= month <= add_months(t, LOOK_BACK_MONTHS) for t in touched)
    }
    return sorted(touched | later)


def stretches(months: list[str]) -> list[tuple[str, str]]:
    """Return first and last month of each unbroken stretch of sorted months."""
    found: list[tuple[str, str]] = []
    for month in months:
        if found and add_months(found[-1][1], 1) == month:
            found[-1] = (found[-1][0], month)
        else:
            found.append((month, month))
    return found
