"""Ledger files whose dates are none, or others: two columns exchanged, or the day and the month."""

import duckdb

from fut.cell_value import NO_DATE
from fut.dialect import dialect
from fut.errors import InputError
from fut.sql import literal

LEAST_ROWS = 10
LEAST_SHARE = 0.05


def refuse_no_dates(connection: duckdb.DuckDBPyConnection) -> None:
    """Raise InputError when over a twentieth of a file's rows hold something else than a date, or a blank, as theirs.

    A row or two may take their date from the file's month. A file of them has lost its days, and with exchanged columns
    the dates stand where another column is read.
    """
    row = connection.execute(
        'SELECT d.source_file, r.rows, d.rows_in, d.dialect FROM repairs r JOIN deliveries d USING (source_file, "table") '
        f"WHERE kind = '{NO_DATE}' AND r.rows >= {LEAST_ROWS} AND r.rows > {LEAST_SHARE} * d.rows_in ORDER BY ALL LIMIT 1"
    ).fetchone()
    if row:
        spoken = dialect(row[3])
        headings = " or ".join(f"'{name}'" for name in spoken.columns.get("booking_date", ["booking_date"]))
        raise InputError(
            f"{row[0]}: {row[1]} of its {row[2]} rows have no date, but something else, in column {headings}; is each "
            f"column under its own heading, and are dates written as {' or '.join(spoken.date_formats)}?"
        )


def refuse_exchanged_dates(connection: duckdb.DuckDBPyConnection, loaded: list[str]) -> None:
    """Raise InputError when a twentieth of a loaded file's rows are of its months only with day and month exchanged.

    A program that reads 03/07/2015 as the seventh of March does so with the days that are months too, and leaves the
    others alone.
    """
    told = connection.execute(
        "SELECT source_file, dialect FROM deliveries WHERE \"table\" = 'ap_postings' AND date_precision = 'day' AND "
        f"list_contains({literal(loaded)}, source_file)"
    ).fetchall()
    periods = [(name, period) for name, spoken in told if (period := dialect(spoken).period(name))]
    if not periods:
        return
    files = ", ".join(f"({literal(name)}, {literal(p.first)}, {literal(p.last)})" for name, p in periods)
    row = connection.execute(
        f"SELECT file, first, last, count(*) FILTER (day(d) <= 12 AND strftime(d, '%Y-%m') NOT BETWEEN first AND last AND "
        "strftime(d, '%Y-%d') BETWEEN first AND last) AS n, count(*) AS rows FROM (SELECT _source_file AS file, "
        f"booking_date AS d FROM raw_ap_postings) JOIN (VALUES {files}) t(file, first, last) USING (file) GROUP BY ALL "
        f"HAVING n >= {LEAST_ROWS} AND n > {LEAST_SHARE} * rows ORDER BY ALL LIMIT 1"
    ).fetchone()
    if row:
        raise InputError(
            f"{row[0]}: {row[3]} of its {row[4]} rows are booked outside {row[1]}..{row[2]}, and in it when day and month "
            "are exchanged; was it saved by a program that reads dates as month/day?"
        )
