"""The monthly batch, step by step: what `fut run` and the Dagster assets both call.

Each step takes an open warehouse and leaves it whole; a run cut off anywhere is simply run again.
"""

import logging
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from core import build_core
from core.rankable import prepare_rankable
from fut.alarms import raise_alarms
from fut.drift import blocked_months, measure_drift
from fut.errors import ConfigError, InputError
from fut.evaluate import count_eligible, empty_core, evaluate, measure_coverage, prepare_out
from fut.inbox import Loaded, ingest
from fut.indicator import Indicator
from fut.keys import key_of
from fut.pseudonym import Pseudonymiser
from fut.settings import Settings
from fut.sql import literal
from fut.validate import RECONCILED, missing_fields, month_precision, validate
from fut.warehouse import is_of_disk, open_warehouse
from indicators import library
from pipelines.expectations import SuiteResult, judge_delivery, require_passed
from reporting.erased import acts
from reporting.publish import current_folder, publish_months

Progress = Callable[[str], None]
DAY_PRECISION = "booking_date to the day"
_log = logging.getLogger("fut")


@dataclass
class RunResult:
    """What a run did: snapshot folder per month, and why a month was not ranked."""

    loaded: Loaded
    published: dict[str, Path] = field(default_factory=dict)
    blocked: dict[str, str] = field(default_factory=dict)


def silent(_: str) -> None:
    """Show no progress."""


def pseudonymiser(settings: Settings) -> Pseudonymiser:
    """Return the municipality's pseudonymiser: the demo's public key, or the key from environment or file."""
    return Pseudonymiser(key_of(settings, create=True))


def load_and_check(connection: duckdb.DuckDBPyConnection, settings: Settings, progress: Progress = silent) -> Loaded:
    """Load new and changed files and judge every raw row by its contract."""
    loaded = ingest(connection, settings, pseudonymiser(settings), progress)
    validate(connection)
    return loaded


def judge(
    connection: duckdb.DuckDBPyConnection, settings: Settings, wanted: Iterable[str] | None = None
) -> list[SuiteResult]:
    """Let Great Expectations judge what was delivered for the months, or everything when none of them was."""
    known = connection.execute(
        "SELECT DISTINCT coalesce(_delivered_month, strftime(booking_date, '%Y-%m')) FROM raw_ap_postings"
    ).fetchall()
    return judge_delivery(connection, settings, {row[0] for row in known} & set(wanted or ()) or None)


def build(connection: duckdb.DuckDBPyConnection, settings: Settings, progress: Progress = silent) -> None:
    """Build the core layer, the reconciliation and the drift measures."""
    empty_core(connection)
    build_core(connection, settings, progress)
    connection.execute(RECONCILED)
    measure_drift(connection, settings.checks)


def judge_and_build(
    connection: duckdb.DuckDBPyConnection,
    settings: Settings,
    wanted: Iterable[str] | None = None,
    progress: Progress = silent,
) -> list[SuiteResult]:
    """Return what `judge` says; meanwhile core is built: the one reckons in Python, the other in DuckDB."""
    with connection.cursor() as reader, ThreadPoolExecutor(1) as beside:
        judged = beside.submit(judge, reader, settings, wanted)
        try:
            build(connection, settings, progress)
        except duckdb.Error:
            require_passed(judged.result())  # a delivery that is wrong explains best why core could not be built
            raise
        return judged.result()


def require_reconciled(connection: duckdb.DuckDBPyConnection) -> None:
    """Raise InputError when a file's rows or kronor in are not those of core, quarantine, totals and superseded."""
    row = connection.execute(
        "SELECT source_file, count(*) OVER () FROM reconciliation WHERE adds_up IS NOT TRUE ORDER BY 1 LIMIT 1"
    ).fetchone()
    if row:
        others = f" (and {row[1] - 1} more)" if row[1] > 1 else ""
        raise InputError(f"{row[0]}{others}: the sums do not reconcile, in is not core + quarantine; see fut validate")


def known_months(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Return every month with payments, in order."""
    prepare_rankable(connection)
    return [row[0] for row in connection.execute("SELECT DISTINCT booked_month FROM rankable ORDER BY 1").fetchall()]


def chosen_months(connection: duckdb.DuckDBPyConnection, wanted: Iterable[str] | None) -> list[str]:
    """Return the wanted months that hold payments (the latest when None); raises InputError when there are none."""
    known = known_months(connection)
    if not known:
        raise InputError("the inbox holds no payments: put a ledger file there and check `sources` in the settings")
    if wanted is None:
        return known[-1:]
    months = sorted(set(wanted) & set(known))
    if not months:
        is_hole = any(known[0] < month < known[-1] for month in wanted)
        held = f"{known[0]}..{known[-1]}{' with a gap here: is a file missing?' if is_hole else ''}"
        raise InputError(f"no payments are booked in the months asked for; the ledger holds {held}")
    return months


def gaps(connection: duckdb.DuckDBPyConnection, wanted: Iterable[str] | None) -> dict[str, str]:
    """Return why months asked for in the midst of the ledger are not ranked: nothing is booked in them."""
    known = known_months(connection)
    holes = [month for month in wanted or () if known and known[0] < month < known[-1] and month not in known]
    return dict.fromkeys(holes, "no payments are booked in it; is a file missing?")


def open_months(
    connection: duckdb.DuckDBPyConnection, settings: Settings, months: list[str]
) -> tuple[list[str], dict[str, str]]:
    """Return the months that may be ranked and why the others may not; raises InputError when none may."""
    reasons = blocked_months(connection, settings.checks) | erased_months(settings, months)
    blocked = {month: reasons[month] for month in months if month in reasons}
    if len(blocked) == len(months):
        month, reason = next(iter(blocked.items()))
        raise InputError(f"{month} is not ranked: {reason}")
    return [month for month in months if month not in blocked], blocked


def erased_months(settings: Settings, months: list[str]) -> dict[str, str]:
    """Return why months of which something has been erased are not published anew: the rows would be back."""
    found = {month: folder for month in months if (folder := current_folder(settings, month)) and acts(folder)}
    return {month: f"it was erased {acts(folder)[-1]['at']} (fut retention)" for month, folder in found.items()}


def active_library(settings: Settings) -> dict[str, Indicator]:
    """Return the indicators the municipality runs; raises ConfigError for a code or parameter its settings misspell."""
    from fut.indicator import pick

    known = library()
    pick(known, settings.switched_off)
    for indicator in pick(known, settings.indicators):
        indicator.parameters(settings.indicators[indicator.code])
    return {code: i for code, i in known.items() if code not in settings.switched_off}


def flag(
    connection: duckdb.DuckDBPyConnection,
    settings: Settings,
    months: list[str],
    codes: Iterable[str] | None = None,
    progress: Progress = silent,
) -> dict[str, int]:
    """Evaluate indicators over all months at once; returns flags per code. One that fails is an error, never clean."""
    prepare_out(connection)
    absent = missing_fields(connection)
    known = {row[0] for row in connection.execute("SELECT DISTINCT kind FROM core_limits").fetchall()}
    only_month = month_precision(connection)
    counted: dict[str, int] = {}
    scopes: dict[str, str] = {}
    for code, indicator in active_library(settings).items():
        if codes is not None and code not in codes:
            continue
        progress(code)
        values = indicator.parameters(settings.indicators.get(code))
        missing = indicator.scope.lacking(absent)
        missing += ("limits",) if indicator.limits and known.isdisjoint(indicator.limits) else ()
        if indicator.scope.day_precision and only_month:
            missing += (DAY_PRECISION,)
        try:
            counted[code] = 0 if missing else evaluate(connection, indicator, months, values)
            if missing:
                _clear(connection, code, months)
            measure_coverage(connection, indicator, months, missing, scopes, values)
        except duckdb.Error as error:
            if is_of_disk(error):  # a fault of no indicator: published, the month would only lack its flags
                raise
            _log.error("indicator %s could not run (%s)", code, type(error).__name__)
            _clear(connection, code, months, "error")
    for table in scopes.values():
        connection.execute(f"DROP TABLE {table}")
    count_eligible(connection)
    raise_alarms(connection)
    return counted


def _clear(connection: duckdb.DuckDBPyConnection, code: str, months: list[str], status: str | None = None) -> None:
    wanted = ", ".join(map(literal, months))
    flags = f"FROM out_flags WHERE indicator = {literal(code)} AND service_month IN ({wanted})"
    if connection.execute(f"SELECT 1 {flags} LIMIT 1").fetchone():
        connection.execute(f"DELETE FROM out_flag_payments WHERE flag_id IN (SELECT flag_id {flags});DELETE {flags}")
    connection.execute(f"DELETE FROM out_coverage WHERE indicator = {literal(code)} AND month IN ({wanted})")
    if status:
        connection.execute(
            "INSERT INTO out_coverage BY NAME SELECT unnest([" + wanted + f"]) AS month, {literal(code)} AS indicator, "
            f"{literal(status)} AS status"
        )


def score(
    connection: duckdb.DuckDBPyConnection, settings: Settings, months: list[str], progress: Progress = silent
) -> Any:
    """Score payments with the default detector; returns what `order` explains the list from, in the same run."""
    from models.scoring import score_months

    return score_months(connection, settings, months, progress)


def order(connection: duckdb.DuckDBPyConnection, settings: Settings, months: list[str], scored: Any = None) -> None:
    """Draw the control arm and order each month's list: the probable first, by expected error per officer hour.

    With `scored`, what `score` returned while core was the same, nothing is read or learned twice. When the list is
    made, its payees are laid beside their peers.
    """
    from models.payee_profile import profile_listed
    from models.rank import rank_months

    rank_months(connection, settings, months, active_library(settings), scored)
    profile_listed(connection, months, scored.providers if scored else None)


def publish(
    connection: duckdb.DuckDBPyConnection, settings: Settings, months: list[str], progress: Progress = silent
) -> dict[str, Path]:
    """Publish each month's snapshot in order."""
    from models.evidence import model_rows

    folders = {}
    for month, folder in publish_months(connection, settings, months, active_library(settings), model_rows()):
        progress(month)
        folders[month] = folder
    return folders


def run(settings: Settings, wanted: Iterable[str] | None = None, progress: Progress = silent) -> RunResult:
    """Run the whole batch for months; raises InputError when the delivery, drift or quarantine blocks all of them."""
    active_library(settings)
    asked = sorted(wanted) if wanted is not None else None
    with open_warehouse(settings) as connection:
        result = RunResult(load_and_check(connection, settings, progress))
        progress("Great Expectations")
        require_passed(judge_and_build(connection, settings, asked, progress))
        require_reconciled(connection)
        months = chosen_months(connection, asked)
        ready, result.blocked = open_months(connection, settings, months)
        result.blocked |= gaps(connection, asked)
        flag(connection, settings, months, progress=progress)
        order(connection, settings, ready, score(connection, settings, ready, progress))
        result.published = publish(connection, settings, ready, progress)
    if not result.published:
        raise ConfigError("nothing was published")
    return result
