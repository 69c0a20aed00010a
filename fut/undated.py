"""Ledger files whose dates are none: two columns exchanged, or the day and the month."""

import duckdb

from fut.cell_value import NO_DATE
from fut.dialect import dialect
from fut.errors import InputError

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
