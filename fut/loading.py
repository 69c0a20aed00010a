"""Load files of one kind into their raw table: staged as text, typed, repaired, pseudonymised, counted to the öre."""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import duckdb
import polars as pl

from fut.contract import Contract
from fut.dialect import Dialect
from fut.pseudonym import MAY_HOLD_PERSON, Pseudonymiser
from fut.reading import Table
from fut.settings import Source
from fut.stager import Stager
from fut.staging import literal, staged_columns, typed_select


@dataclass(frozen=True)
class InboxFile:
    """A file of the inbox with the dialect that reads it."""

    path: Path
    source: Source
    dialect: Dialect
    target: Contract
    sha256: str

    @property
    def version(self) -> str:
        """Return what the loaded rows depend on besides the file's bytes."""
        return f"{self.dialect.digest}:{self.target.version}"


def load_group(
    connection: duckdb.DuckDBPyConnection,
    group: list[InboxFile],
    pseudonyms: Pseudonymiser,
    progress: Callable[[str], None],
) -> None:
    """Load changed files of one source and table, replacing what they held before."""
    spoken, target = group[0].dialect, group[0].target
    columns = ", ".join(f'"{name}" VARCHAR' for name in staged_columns(spoken, target))
    connection.execute(f"CREATE OR REPLACE TEMP TABLE stage ({columns}, _file INTEGER, _source_line BIGINT)")
    connection.execute("CREATE OR REPLACE TEMP TABLE stage_files (_file INTEGER, _source VARCHAR, _source_file VARCHAR, "
                       "_delivered_month VARCHAR, _period_end DATE)")  # fmt: skip
    connection.execute(target.ddl())
    for table in ("deliveries", "repairs"):
        connection.execute(f"CREATE OR REPLACE TEMP TABLE new_{table} AS FROM {table} LIMIT 0")
    with tempfile.TemporaryDirectory() as folder:
        stager = Stager(connection, spoken, target, Path(folder))
        for number, file in enumerate(group):
            progress(file.path.name)
            table = stager.add(number, file.path)
            _register(connection, number, file, table)
        stager.finish()
    for number, table in stager.tables.items():
        for (column, kind), rows in sorted(table.repairs.items()):
            _insert(connection, "new_repairs", [group[number].path.name, target.table, column, kind, rows])
    staged = "(SELECT * FROM stage JOIN stage_files USING (_file))"
    connection.execute(f"CREATE OR REPLACE TEMP TABLE typed AS {typed_select(spoken, target, staged)}")
    connection.execute("DROP TABLE stage")
    _pseudonymise(connection, target, group[0].source.name, pseudonyms)
    _count(connection, target)
    _replace(connection, target)


def _replace(connection: duckdb.DuckDBPyConnection, target: Contract) -> None:
    """Put the loaded files in the place of what they held before: the one transaction of a load."""
    connection.execute("BEGIN")
    try:
        connection.execute(
            f"DELETE FROM {target.physical} WHERE _source_file IN (SELECT source_file FROM new_deliveries);"
            f"INSERT INTO {target.physical} BY NAME SELECT * EXCLUDE (_kind, _is_date_from_period) FROM typed "
            "WHERE _kind IS NULL"
        )
        for table in ("deliveries", "repairs"):
            connection.execute(
                f"DELETE FROM {table} WHERE source_file IN (SELECT source_file FROM new_deliveries);"
                f"INSERT INTO {table} FROM new_{table}"
            )
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("DROP TABLE typed;DROP TABLE stage_files;DROP TABLE new_repairs;DROP TABLE new_deliveries")


def _register(connection: duckdb.DuckDBPyConnection, number: int, file: InboxFile, table: Table) -> None:
    spoken, target, name = file.dialect, file.target, file.path.name
    period = spoken.period(name)
    month = period.month if period else None
    end = f"last_day(DATE '{period.last}-01')" if period else "NULL"
    if period and spoken.date_precision == "month":
        end = f"DATE '{period.last}-01'"
    connection.execute(
        f"INSERT INTO stage_files SELECT {number}, {literal(file.source.name)}, {literal(name)}, {literal(month)}, {end}"
    )
    mapped = spoken.map_header(table.header, target)
    given = sorted(spoken.provided(mapped) & set(target.names))
    unknown = spoken.unknown_headers(table.header, target)
    connection.execute(
        "INSERT INTO new_deliveries SELECT "
        + ", ".join(
            map(literal, (file.source.name, name, file.sha256, spoken.dialect, file.version, target.table, month))
        )
        + f", {end}, {literal(spoken.date_precision)}, {literal(given)}, {literal(unknown)}, 0, 0, 0, 0, 0, 0, 0, true"
    )


def _insert(connection: duckdb.DuckDBPyConnection, table: str, values: list[str | int | None]) -> None:
    connection.execute(f"INSERT INTO {table} VALUES ({', '.join(map(literal, values))})")


def _pseudonymise(
    connection: duckdb.DuckDBPyConnection, target: Contract, source: str, pseudonyms: Pseudonymiser
) -> None:
    """Replace personal numbers and local person ids by tokens before a row reaches the warehouse."""
    for column in target.columns:
        kind, cell = column.said("pseudonym"), f'"{column.name}"'
        if not kind:
            continue
        looks = f"regexp_matches({cell}, {literal(MAY_HOLD_PERSON)})" if kind == "text" else "true"
        found = connection.execute(f"SELECT DISTINCT {cell} FROM typed WHERE {cell} IS NOT NULL AND {looks}").fetchall()
        changed = pseudonyms.map_distinct(sorted(row[0] for row in found), pseudonyms.method(kind, source))
        if not changed:
            continue
        connection.register("tokens", pl.DataFrame({"old": list(changed), "new": list(changed.values())}))
        connection.execute(
            f"INSERT INTO new_repairs SELECT _source_file, '{target.table}', '{column.name}', 'normalised_or_token', "
            f"count(*) FROM typed JOIN tokens ON {cell} = old WHERE _kind IS NULL GROUP BY ALL"
        )
        connection.execute(f"UPDATE typed SET {cell} = new FROM tokens WHERE {cell} = old")
        connection.unregister("tokens")


def _count(connection: duckdb.DuckDBPyConnection, target: Contract) -> None:
    """Count rows and kronor of each file as delivered, and what was set aside as no posting."""
    amount = target.amount or "NULL::DECIMAL(14,2)"
    unreadable = f"list_contains(_unreadable, '{target.amount}')"
    connection.execute(
        "UPDATE new_deliveries SET rows_in = c.n, sek_in = c.sek, rows_unreadable = c.bad, blank_rows = c.blank, "
        "header_rows = c.header, total_rows = c.total, sek_totals = c.sek_total FROM (SELECT _source_file AS f, "
        "count(*) FILTER (_kind IS NULL OR _kind = 'total') AS n, "
        f"coalesce(sum({amount}) FILTER (_kind IS NULL OR _kind = 'total'), 0) AS sek, "
        f"count(*) FILTER (_kind IS NULL AND {unreadable}) AS bad, count(*) FILTER (_kind = 'blank') AS blank, "
        f"count(*) FILTER (_kind = 'header') AS header, count(*) FILTER (_kind = 'total') AS total, "
        f"coalesce(sum({amount}) FILTER (_kind = 'total'), 0) AS sek_total FROM typed GROUP BY 1) c "
        "WHERE c.f = source_file"
    )
    conditions = {("booking_date", "from_period"): "_is_date_from_period"}
    if "supplier_name" in target.names:
        conditions["supplier_name", "hidden"] = "supplier_name = '*'"
    for (column, kind), condition in conditions.items():
        connection.execute(
            f"INSERT INTO new_repairs SELECT _source_file, '{target.table}', '{column}', '{kind}', count(*) FROM typed "
            f"WHERE _kind IS NULL AND {condition} GROUP BY ALL"
        )
