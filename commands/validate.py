"""Load and check the inbox: what each dialect mapped, repaired, set aside, and whether the sums reconcile.

Nothing is ranked. Exit code 3 when an error rule, drift or the sums block ranking. With --suggest FILE nothing is
loaded: a dialect is proposed for that file.
"""

import argparse
import sys
from pathlib import Path
from typing import Any

from commands._options import add_month, add_settings, files_of, months_of, settings_of
from commands._screen import CORE_STEPS, gone, heading, of_no_source, progress, table
from fut.errors import InputError
from fut.settings import Settings

KRONOR = ("compensation_lines", "invoice_lines")
MINUTES = {
    "visits": "greatest(date_diff('minute', coalesce(actual_start, planned_start), coalesce(actual_end, planned_end)), 0)",
    "compensation_lines": "minutes",
    "decisions": "minutes_per_month",
    "payroll_months": "60 * paid_hours",
}
"""What a row of a table weighs in kronor, in minutes or in both."""
MOST_FILES = 24


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    add_settings(parser)
    add_month(parser, several=True)
    parser.add_argument("--files", action="store_true", help="the sums of every file, not only of those that differ")
    parser.add_argument("--suggest", metavar="FILE", type=Path, help="propose a dialect for this file")


def execute(args: argparse.Namespace) -> int:
    """Print what was found; exit code 3 when ranking is blocked."""
    if args.suggest:
        from fut.suggest import suggest

        print(suggest(args.suggest), end="")
        return 0
    return _validate(settings_of(args), months_of(args), args.files)


def _validate(settings: Settings, months: list[str] | None, every_file: bool) -> int:
    from fut.drift import blocked_months
    from fut.warehouse import open_warehouse
    from pipelines import steps

    with open_warehouse(settings) as connection:
        with progress(files_of(settings) + CORE_STEPS) as tick:
            loaded = steps.load_and_check(connection, settings, tick)
            tick("Great Expectations")
            suites = steps.judge_and_build(connection, settings, months, tick)
        _mapped(connection, loaded.ignored)
        print(gone(loaded.gone), end="")
        _repaired(connection)
        _quarantined(connection)
        _suites(suites)
        _others(connection)
        reconciled = _sums(connection, every_file)
        reasons = blocked_months(connection, settings.checks)
        blocked = {month: why for month, why in reasons.items() if months is None or month in months}
    for month, why in sorted(blocked.items()):
        print(f"fut: {month} would not be ranked: {why}", file=sys.stderr)
    if not reconciled:
        print("fut: the sums do not reconcile", file=sys.stderr)
    for suite in suites:
        for verdict in suite.blocking:
            print(f"fut: raw_{suite.table}: '{verdict.expectation}' {verdict.status}", file=sys.stderr)
    stopped = blocked or not reconciled or any(suite.blocking for suite in suites)
    return InputError.exit_code if stopped else 0


def _mapped(connection: Any, ignored: list[str]) -> None:
    """Print each header variant: who sent it, which columns it gave, what was passed over."""
    heading("Mapped")
    rows = connection.execute(
        'SELECT source, dialect, "table", count(*), sum(rows_in), list_sort(any_value(columns)), '
        "list_sort(any_value(unknown_headers)), sum(blank_rows), sum(header_rows), sum(total_rows) FROM deliveries "
        'WHERE is_in_force GROUP BY source, dialect, "table", list_sort(columns), list_sort(unknown_headers) '
        "ORDER BY ALL"
    ).fetchall()
    names = (
        "Source",
        "Dialect",
        "Table",
        ">Files",
        ">Rows",
        "Columns",
        "Unknown headers",
        ">Blank",
        ">Headers",
        ">Totals",
    )
    table(names, [[*row[:5], ", ".join(row[5]), ", ".join(row[6]) or "-", *row[7:]] for row in rows])
    replaced = connection.execute("SELECT count(*) FROM deliveries WHERE NOT is_in_force").fetchone()
    if replaced and replaced[0]:
        print(f"{replaced[0]} files are replaced by later ones.")
    if ignored:
        print(of_no_source(ignored))


def _repaired(connection: Any) -> None:
    heading("Repaired")
    rows = connection.execute(
        'SELECT "table", "column", kind, sum(rows), count(DISTINCT source_file) FROM repairs GROUP BY ALL ORDER BY ALL'
    ).fetchall()
    table(["Table", "Column", "Kind", ">Rows", ">Files"], rows) if rows else print("nothing")


def _quarantined(connection: Any) -> None:
    heading("Quarantined")
    rows = connection.execute(
        'SELECT "table", rule, severity, count(*), sum(amount_sek), count(amount_sek) < count(*) FROM '
        "quarantine GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    minutes = _minutes_of_rules(connection)
    shown = [
        [
            *row[:4],
            _amount(row[4]),
            _whole(minutes.get(row[:3])),
            "some amounts unreadable" if row[5] and row[4] else "",
        ]
        for row in rows
    ]
    table(["Table", "Rule", "Severity", ">Rows", ">Amount", ">Minutes", ""], shown) if rows else print("nothing")


def _minutes_of_rules(connection: Any) -> dict[tuple[str, str, str], Any]:
    """Return the minutes of the rows each rule set aside or warned of."""
    found = {}
    for name, minutes in MINUTES.items():
        if name in _delivered(connection):
            rows = connection.execute(
                f"SELECT rule, severity, sum({minutes}) FROM quarantine q JOIN raw_{name} r ON r._source_file = "
                f"q.source_file AND r._source_line = q.source_line WHERE \"table\" = '{name}' GROUP BY ALL"
            ).fetchall()
            found |= {(name, rule, severity): total for rule, severity, total in rows}
    return found


def _delivered(connection: Any) -> list[str]:
    rows = connection.execute('SELECT DISTINCT "table" FROM deliveries WHERE is_in_force ORDER BY 1').fetchall()
    return [name for (name,) in rows]


def _others(connection: Any) -> None:
    """Print what became of the rows of every table but the ledger, with kronor and minutes where a row has them."""
    names = [name for name in _delivered(connection) if name != "ap_postings"]
    if not names:
        return
    heading("Rows of the other tables")
    shown = []
    for name in names:
        amount = "sum(amount_sek)" if name in KRONOR else "max(NULL)"
        minutes = f"sum({MINUTES[name]})" if name in MINUTES else "max(NULL)"
        # core also keeps a line for what the rules give and no line paid
        delivered = " WHERE is_delivered" if name == "compensation_lines" else ""
        said = connection.execute(
            f"SELECT (SELECT sum(rows_in) FROM deliveries WHERE \"table\" = '{name}' AND is_in_force), (SELECT "
            f"sum(total_rows) FROM deliveries WHERE \"table\" = '{name}' AND is_in_force), (SELECT count(*) FROM (SELECT "
            f"DISTINCT source_file, source_line FROM quarantine WHERE \"table\" = '{name}' AND severity = 'error')), "
            f"(SELECT count(*) FROM core_{name}{delivered}), {amount}, {minutes} FROM raw_{name} SEMI JOIN (FROM deliveries WHERE "
            "is_in_force) d ON d.source_file = _source_file"
        ).fetchone()
        rows, totals, bad, core = (part or 0 for part in said[:4])
        again = rows - totals - bad - core
        shown.append([name, rows, totals, bad, core, again, _amount(said[4]), _whole(said[5])])
    headings = ["Table", ">Rows", ">Totals", ">Quarantine", ">Core", ">Delivered again", ">Amount", ">Minutes"]
    table(headings, shown)
    if "compensation_lines" in names:
        lines, sek = connection.execute(
            "SELECT count(*), sum(recalculated_sek) FROM core_compensation_lines WHERE NOT is_delivered"
        ).fetchone()
        if lines:
            print(f"{_whole(lines)} lines of {_amount(sek)} that the rules give are not among the lines paid.")


def _amount(value: Any) -> str:
    return "-" if value is None else f"{value:,.2f}"


def _whole(value: Any) -> str:
    return "-" if value is None else f"{value:,.0f}"


def _suites(suites: list[Any]) -> None:
    heading("Great Expectations")
    rows = [
        [
            f"raw_{suite.table}",
            suite.rows,
            len(suite.verdicts),
            ", ".join(v.expectation for v in suite.verdicts if v.status == "failed") or "-",
            ", ".join(f"{v.expectation} ({v.reason})" for v in suite.verdicts if v.status == "error") or "-",
        ]
        for suite in suites
    ]
    table(["Suite", ">Rows judged", ">Expectations", "Not met", "Could not run"], rows)


def _sums(connection: Any, every_file: bool) -> bool:
    """Print the sums in the ledger's currency to its smallest unit; returns whether all of them add up."""
    heading("Sums: in = core + quarantine + totals + superseded")
    names = ("in", "core", "quarantine", "totals", "superseded")
    parts = ", ".join(f"sek_{name}" for name in names)
    sums = ", ".join(f"sum(sek_{name})" for name in names)
    files = connection.execute(
        f"SELECT source_file, rows_in, {parts}, rows_unreadable, adds_up FROM reconciliation ORDER BY 1"
    ).fetchall()
    total = connection.execute(
        f"SELECT 'all ' || count(*) || ' files', sum(rows_in), {sums}, sum(rows_unreadable), bool_and(adds_up) FROM "
        "reconciliation HAVING count(*) > 0"
    ).fetchall()
    shown = files if every_file or len(files) <= MOST_FILES else [row for row in files if not row[-1]]
    cells = [
        [row[0], row[1], *(f"{part:,.2f}" for part in row[2:7]), row[7], "yes" if row[8] else "NO"]
        for row in [*shown, *total]
    ]
    headings = ["File", ">Rows", *(f">{name.capitalize()}" for name in names), ">Unreadable", "Adds up"]
    table(headings, cells) if cells else print("no ledger is delivered")
    return all(row[-1] for row in files)
