"""The inbox: which files are new or changed, which are in force, and what each delivery held.

A *form* is a file that people fill in and that no dialect can map, such as the officers' list: a layer above states it
with `add_form`, and what was filled in is loaded as a table in the canonical dialect, line for line.
"""

import csv
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from fnmatch import fnmatch
from pathlib import Path

import duckdb

from fut.contract import contract
from fut.dialect import dialect
from fut.errors import ConfigError, InputError, StoreError
from fut.loading import InboxFile, Load
from fut.pseudonym import Pseudonymiser
from fut.reading import file_digest
from fut.settings import Settings, Source
from fut.sql import literal
from fut.tokens import Known
from fut.twice import refuse_rows_twice
from fut.undated import refuse_exchanged_dates, refuse_no_dates
from fut.upgrade import bring_up, keep
from fut.warehouse import transaction

DELIVERIES = """CREATE TABLE IF NOT EXISTS deliveries (
  source VARCHAR, source_file VARCHAR, sha256 VARCHAR, dialect VARCHAR, version VARCHAR, "table" VARCHAR,
  month VARCHAR, period_end DATE, date_precision VARCHAR, columns VARCHAR[], unknown_headers VARCHAR[],
  rows_in BIGINT, sek_in DECIMAL(18,2), rows_unreadable BIGINT, blank_rows BIGINT, header_rows BIGINT,
  total_rows BIGINT, sek_totals DECIMAL(18,2), is_in_force BOOLEAN)"""
REPAIRS = """CREATE TABLE IF NOT EXISTS repairs (
  source_file VARCHAR, "table" VARCHAR, "column" VARCHAR, kind VARCHAR, rows BIGINT)"""
_KEY = "CREATE TABLE IF NOT EXISTS pseudonym_key (mark VARCHAR)"


@dataclass(frozen=True)
class Form:
    """A kind of file that people fill in: names (a glob, in lower case), raw table, and what reads it.

    `read` returns what was filled in by line, as text under the contract's names; it raises InputError.
    """

    name: str
    files: str
    table: str
    read: Callable[[Path], dict[int, dict[str, str]]]


_FORMS: dict[str, Form] = {}


def add_form(form: Form) -> None:
    """Let the inbox take files of a form; one added again under its name is replaced."""
    _FORMS[form.name] = form


def form_of(file_name: str) -> Form | None:
    """Return the form a file is by its name; None when it is a table of some source, or nothing."""
    return next((form for form in _FORMS.values() if fnmatch(file_name.lower(), form.files)), None)


@dataclass
class Loaded:
    """What one ingest did: months touched, files loaded, left as they were, of no source, and no longer in the inbox."""

    months: set[str] = field(default_factory=set)
    loaded: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)


def ingest(
    connection: duckdb.DuckDBPyConnection,
    settings: Settings,
    pseudonyms: Pseudonymiser,
    progress: Callable[[str], None] = lambda name: None,
) -> Loaded:
    """Load new and changed files, all of them or none; raises InputError, ConfigError or StoreError, changing nothing."""
    result = Loaded()
    files = list(inbox_files(settings, result))
    prepare_tables(connection)
    known = {
        (row[0], row[1]): (row[2], row[3])
        for row in connection.execute("SELECT source, source_file, sha256, version FROM deliveries").fetchall()
    }
    _require_same_key(connection, pseudonyms)
    result.gone = sorted({name for _, name in known} - {path.name for path in settings.inbox.iterdir()})
    groups: dict[tuple[str, str], list[InboxFile]] = {}
    for file in files:
        if known.get((file.source.name, file.path.name)) == (file.sha256, file.version):
            result.unchanged.append(file.path.name)
        else:
            groups.setdefault((file.source.name, file.target.table), []).append(file)
    loads: list[Load] = []
    known_tokens: Known = {}
    try:
        settings.scratch.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=settings.scratch, prefix="forms") as folder:
            groups = as_tables(groups, Path(folder), result)
            for number, group in enumerate(groups.values()):
                loads.append(Load(connection, group, number, pseudonyms, settings.scratch, known_tokens))
                loads[-1].stage(progress)
        result.months = _write(connection, loads, files, pseudonyms)
    except OSError as error:
        raise StoreError(f"folder {settings.var.name}: cannot be written ({error.strerror})") from None
    finally:
        for load in loads:
            load.close()
    result.loaded = [file.path.name for group in groups.values() for file in group]
    return result


def prepare_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """Make what deliveries are loaded into, or bring it up from an earlier version's; raises StoreError."""
    bring_up(connection)
    # a file whose delivery an earlier version told otherwise is read again
    keep(connection, DELIVERIES, forget=("version",))
    for table in (REPAIRS, _KEY):
        keep(connection, table)


def _require_same_key(connection: duckdb.DuckDBPyConnection, pseudonyms: Pseudonymiser) -> None:
    """Raise ConfigError when the warehouse holds tokens of another key: the same person would be two from now on."""
    row = connection.execute("SELECT mark FROM pseudonym_key").fetchone()
    if row and row[0] != pseudonyms.mark:
        raise ConfigError("the pseudonym key is not the one this warehouse's tokens were made with: give that one "
                          "(FUTVAKT_KEY, or key_file in the settings), or move the warehouse away and load anew")  # fmt: skip


def _write(
    connection: duckdb.DuckDBPyConnection, loads: list[Load], files: list[InboxFile], pseudonyms: Pseudonymiser
) -> set[str]:
    """Write what was staged in one transaction; returns the months whose payments the files hold or held."""
    names = [file.path.name for load in loads for file in load.group]
    with transaction(connection):
        months = _payment_months(connection, names)
        for load in loads:
            load.write()
        connection.execute(f"DELETE FROM pseudonym_key;INSERT INTO pseudonym_key VALUES ({literal(pseudonyms.mark)})")
        _settle_force(connection, files)
        refuse_no_dates(connection)
        refuse_exchanged_dates(connection, names)
        refuse_rows_twice(connection, names)
        return months | _payment_months(connection, names)


def _payment_months(connection: duckdb.DuckDBPyConnection, names: list[str]) -> set[str]:
    connection.execute(contract("raw", "ap_postings").ddl())
    found = connection.execute(
        "SELECT DISTINCT coalesce(_delivered_month, strftime(booking_date, '%Y-%m')) FROM raw_ap_postings "
        f"WHERE list_contains({literal(names)}, _source_file)"
    ).fetchall()
    return {month for (month,) in found if month}


def inbox_files(settings: Settings, result: Loaded) -> Iterator[InboxFile]:
    """Yield the inbox's files by name, each with the dialect that reads it; those of no source go to `result.ignored`."""
    if not settings.inbox.is_dir():
        raise InputError(f"inbox '{settings.inbox.name}' does not exist: put the files there or mend the settings")
    for path in sorted(settings.inbox.iterdir()):
        if path.name.startswith((".", "~")):
            continue
        if form := form_of(path.name):
            filled = Source(form.name, "canonical", form.files)
            target = contract("raw", form.table)
            yield InboxFile(path, filled, dialect(filled.dialect), target, file_digest(path))
            continue
        source = next((s for s in settings.sources if fnmatch(path.name, s.files)), None)
        if source is None:
            if form_of(f"{path.stem}.xlsx"):
                raise InputError(
                    f"{path.name}: a list that people fill in is read as Excel; save it as {path.stem}.xlsx"
                )
            result.ignored.append(path.name)
            continue
        spoken = dialect(source.dialect)
        if path.is_dir():
            raise InputError(f"{path.name}: is a directory, not a file")
        if "(?P<year>" in spoken.file_pattern and spoken.table and spoken.period(path.name) is None:
            raise ConfigError(f"{path.name}: the name gives no month as dialect '{spoken.dialect}' expects")
        yield InboxFile(path, source, spoken, spoken.contract_for(path.name), file_digest(path))


def as_tables(
    groups: dict[tuple[str, str], list[InboxFile]], folder: Path, result: Loaded
) -> dict[tuple[str, str], list[InboxFile]]:
    """Return the groups with each form read and written as CSV beside; one that nobody filled in is ignored."""
    found: dict[tuple[str, str], list[InboxFile]] = {}
    for key, group in groups.items():
        for file in group:
            form = form_of(file.path.name)
            rows = form.read(file.path) if form else {}
            if form and not rows:
                result.ignored.append(file.path.name)
                continue
            taken = replace(file, path=_write_lines(folder / file.path.name, rows)) if form else file
            found.setdefault(key, []).append(taken)
    return found


def _write_lines(path: Path, rows: dict[int, dict[str, str]]) -> Path:
    """Write rows at the lines they had; the header is line 1, and lines without a row stay blank."""
    names = sorted({name for row in rows.values() for name in row})
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(names)
        for line in range(2, max(rows) + 1):
            if line in rows:
                writer.writerow([rows[line].get(name, "").replace("\n", " ") for name in names])
            else:
                handle.write("\n")
    return path


def _settle_force(connection: duckdb.DuckDBPyConnection, files: list[InboxFile]) -> None:
    """Of several files a replacing dialect has for one period, the last by name is in force."""
    connection.execute("UPDATE deliveries SET is_in_force = true")
    for name in sorted({file.source.name for file in files if file.dialect.delivery == "replaces"}):
        connection.execute(
            f"UPDATE deliveries SET is_in_force = false WHERE source = {literal(name)} AND period_end IS NOT NULL AND "
            "EXISTS (FROM "
            'deliveries d WHERE d.source = deliveries.source AND d."table" = deliveries."table" AND d.period_end = '
            "deliveries.period_end AND d.month IS NOT DISTINCT FROM deliveries.month AND d.source_file > "
            "deliveries.source_file)"
        )
