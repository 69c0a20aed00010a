"""Great Expectations judges a delivery: the suites generated from the raw contracts, run over SQL in DuckDB.

The one module that imports Great Expectations, inside the functions that need it: the import alone costs seconds.
It reads through cursors of the open warehouse, so that nothing is copied and no second process wants the file.
"""

import logging
import os
import shutil
import warnings
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path
from typing import Any, Literal

import duckdb

from fut.contract import Contract, load_contracts
from fut.errors import InputError, StoreError
from fut.settings import Settings
from fut.sql import literal
from fut.suite import suite
from fut.warehouse import LOCAL_TIME

Status = Literal["passed", "failed", "error"]
NO_VALUES = {"result_format": "BASIC", "partial_unexpected_count": 0}
NOTHING_FETCHED = "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'self' data: 'unsafe-inline'\">"
_HOOK = "_PERSISTED_CONNECTION_DIALECTS"


@dataclass(frozen=True)
class Verdict:
    """What became of one expectation; `error` means that it could not be computed, which is never a pass."""

    expectation: str
    description: str
    severity: Literal["error", "warning"]
    status: Status
    reason: str = ""


@dataclass(frozen=True)
class SuiteResult:
    """One raw table's suite: rows judged, a verdict per expectation, and where the rule most broken is broken first."""

    table: str
    rows: int
    verdicts: tuple[Verdict, ...]
    worst: str = ""

    @property
    def blocking(self) -> tuple[Verdict, ...]:
        """Return what stops the run: failed expectations of error severity, and all that could not be computed."""
        return tuple(
            v for v in self.verdicts if v.status == "error" or (v.status == "failed" and v.severity == "error")
        )

    @property
    def warnings(self) -> tuple[Verdict, ...]:
        """Return failed expectations that only warn."""
        return tuple(v for v in self.verdicts if v.status == "failed" and v.severity == "warning")


def judge_delivery(
    connection: duckdb.DuckDBPyConnection, settings: Settings, months: Iterable[str] | None = None
) -> list[SuiteResult]:
    """Run the suite of every delivered raw table on the rows in force of `months` (all when None).

    Rows whose month is unknown belong to every month. Data Docs are written to `var/great_expectations/`.
    Raises StoreError when they cannot be.
    """
    wanted = sorted(months) if months is not None else None
    delivered = connection.execute('SELECT DISTINCT "table" FROM deliveries WHERE is_in_force').fetchall()
    contracts = load_contracts("raw")
    chosen = [contracts[table] for table in sorted(row[0] for row in delivered)]
    if not chosen:
        return []
    gx = _great_expectations()
    context = gx.get_context(mode="ephemeral")
    _quiet(context)
    cursors: list[duckdb.DuckDBPyConnection] = []
    creator = _creator(connection, settings, chosen, wanted, cursors)
    source = context.data_sources.add_sql(
        settings.municipality.id,
        connection_string="duckdb:///:memory:",
        # its cursors are closed below: a pool that would roll them back when it is collected logs a traceback
        kwargs={"creator": creator, "pool_reset_on_return": None},
    )
    definitions = []
    for contract in chosen:
        asset = source.add_query_asset(contract.table, query=f"SELECT * FROM judged_{contract.table}")
        data = asset.add_batch_definition_whole_table("delivery")
        stated = context.suites.add(gx.ExpectationSuite(**suite(contract)))
        definition = gx.ValidationDefinition(name=contract.table, data=data, suite=stated)
        definitions.append(context.validation_definitions.add(definition))
    checkpoint = gx.Checkpoint(name="delivery", validation_definitions=definitions, result_format=NO_VALUES)
    context.checkpoints.add(checkpoint)
    share = settings.checks.quarantine_block_share
    try:
        outcome = checkpoint.run(expectation_parameters={"passing_share": 1 - share})
    finally:
        for cursor in cursors:  # a cursor left open keeps the warehouse locked against other processes
            cursor.close()
    _write_docs(context, settings.var / "great_expectations" / settings.municipality.id)
    found = {result.asset_name: result for result in outcome.run_results.values()}
    results = [_result(contract, found.get(contract.table)) for contract in chosen]
    return [replace(result, worst=_worst(connection, result.table, wanted)) for result in results]


def _worst(connection: duckdb.DuckDBPyConnection, table: str, months: list[str] | None) -> str:
    """Return file, line and rule of the first row set aside by the rule that sets most rows of one file aside."""
    of_months = (
        "" if months is None else f"AND (delivered_month IS NULL OR list_contains({literal(months)}, delivered_month))"
    )
    row = connection.execute(
        "SELECT source_file, min(source_line), rule, count(*) AS n FROM quarantine WHERE severity = 'error' AND "
        f'"table" = {literal(table)} {of_months} GROUP BY source_file, rule ORDER BY n DESC, rule DESC, source_file LIMIT 1'
    ).fetchone()
    return f"; most: {row[0]}, line {row[1]}: {row[2]} ({row[3]} rows)" if row else ""


def require_passed(results: list[SuiteResult]) -> None:
    """Raise InputError naming table and expectation when a suite blocks."""
    for result in results:
        for verdict in result.blocking:
            how = "could not be judged" if verdict.status == "error" else "is not met"
            said = (verdict.reason or verdict.description).rstrip(".")
            raise InputError(f"raw_{result.table}: expectation '{verdict.expectation}' {how}: {said}{result.worst}")


def _great_expectations() -> Any:
    """Import Great Expectations without analytics and with DuckDB among the dialects whose connection is kept.

    Unhooked it closes the connection before it fetches, and DuckDB then returns nothing. The name is private: the
    package is pinned exactly and a test tells when the name has changed.
    """
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # it imports modules that Python will drop
        import great_expectations as gx
        from great_expectations.execution_engine import sqlalchemy_execution_engine as engine

    kept = getattr(engine, _HOOK)
    if not any(dialect.value == "duckdb" for dialect in kept):
        setattr(engine, _HOOK, (*kept, Enum("Dialect", {"DUCKDB": "duckdb"}, type=str).DUCKDB))
    return gx


def _quiet(context: Any) -> None:
    # what it could not do is raised or told in its results; a traceback beside them may quote rows
    logging.getLogger("great_expectations").setLevel(logging.CRITICAL)
    from great_expectations.data_context.types.base import ProgressBarsConfig

    context.variables.progress_bars = ProgressBarsConfig(globally=False)


def _creator(
    connection: duckdb.DuckDBPyConnection,
    settings: Settings,
    chosen: list[Contract],
    months: list[str] | None,
    cursors: list[duckdb.DuckDBPyConnection],
) -> Callable[[], Any]:
    """Return what SQLAlchemy calls for a connection: a cursor with the judged rows and their verdicts as temporary."""

    def connect() -> Any:
        from duckdb_engine import ConnectionWrapper

        cursor = connection.cursor()
        cursors.append(cursor)
        cursor.execute(LOCAL_TIME)
        cursor.execute(
            f"CREATE TEMP TABLE allowed AS SELECT {settings.checks.quarantine_block_share} AS quarantine_block_share"
        )
        cursor.execute("CREATE TEMP TABLE verdicts AS FROM quarantine LIMIT 0")
        for contract in chosen:
            cursor.execute(f"CREATE TEMP VIEW judged_{contract.table} AS {_judged(contract, months)}")
            cursor.execute(
                f'INSERT INTO verdicts FROM quarantine q SEMI JOIN judged_{contract.table} r ON q."table" = '
                f"{literal(contract.table)} AND q.source_file = r._source_file AND q.source_line = r._source_line"
            )
        return ConnectionWrapper(cursor)

    return connect


def _judged(contract: Contract, months: list[str] | None) -> str:
    rows = (
        f"SELECT * FROM {contract.physical} WHERE _source_file IN (SELECT source_file FROM deliveries WHERE "
        f'is_in_force AND "table" = {literal(contract.table)})'
    )
    if months is None:
        return rows
    known = "_delivered_month"
    if "booking_date" in contract.names:
        known = "coalesce(_delivered_month, strftime(booking_date, '%Y-%m'))"
    return f"{rows} AND ({known} IS NULL OR {known} IN ({', '.join(map(literal, months)) or 'NULL'}))"


def _result(contract: Contract, outcome: Any) -> SuiteResult:
    """Return the verdicts in the suite's order; an expectation without a result is an error like one that raised."""
    found = {r.expectation_config.meta["rule"]: r for r in outcome.results} if outcome is not None else {}
    rows = 0
    verdicts = []
    for stated in suite(contract)["expectations"]:
        name, severity = stated["meta"]["rule"], stated["meta"]["severity"]
        result = found.get(name)
        status, reason = _status(result)
        if name == "not_emptied" and result is not None and status != "error":
            rows = int(result.result["observed_value"])
        verdicts.append(Verdict(name, stated["description"], severity, status, reason))
    return SuiteResult(contract.table, rows, tuple(verdicts))


def _status(result: Any) -> tuple[Status, str]:
    """Return status and reason; whether it raised is read apart from `success`, which is False in both cases."""
    if result is None:
        return "error", "it was not run"
    said = result.exception_info or {}
    raised = [said] if "raised_exception" in said else list(said.values())
    for info in raised:
        if info.get("raised_exception"):
            kind = str(info.get("exception_message") or "unknown").split(":")[0].split("(")[-1].split(")")[0]
            return "error", f"it could not be computed ({kind.rsplit('.', 1)[-1][:60]})"
    if not result.result:
        return "error", "it gave no result"
    return ("passed" if result.success else "failed"), ""


def _write_docs(context: Any, folder: Path) -> None:
    """Write Data Docs anew, with counts and no row value; a page opened fetches nothing from outside."""
    for name in list(context.get_site_names()):
        context.delete_data_docs_site(name)
    try:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        context.add_data_docs_site(
            "local",
            {
                "class_name": "SiteBuilder",
                "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"},
                "store_backend": {"class_name": "TupleFilesystemStoreBackend", "base_directory": str(folder)},
            },
        )
        context.build_data_docs()
        for page in folder.rglob("*.html"):
            text = page.read_text(encoding="utf-8")
            page.write_text(text.replace("<head>", f"<head>{NOTHING_FETCHED}", 1), encoding="utf-8")
    except OSError as error:
        raise StoreError(f"var/great_expectations: cannot be written ({error.strerror})") from None
