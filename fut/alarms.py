"""Indicators that are themselves in doubt: they hit far too many rows, or none for months."""

import duckdb

TOO_MANY_SHARE = 0.05
SILENT_MONTHS = 3
SILENT_EXPECTED = 3  # hits expected where none came: a Poisson count is nothing then in 5 % of cases
RARE_RATE = 0.0001


def raise_alarms(connection: duckdb.DuckDBPyConnection) -> None:
    """Mark indicators that are themselves in doubt (ST05): they hit over 5 % of rows, or flag nothing for three months.

    Of few rows seven in a hundred are soon hit by chance: what is over must be so by two standard deviations. Nothing
    is remarkable where an indicator seldom hits: silence must be improbable, 5 % or less, at the indicator's own rate
    in earlier months; one that never hit is measured by a hit in ten thousand rows.
    """
    recent = f"w ROWS {SILENT_MONTHS - 1} PRECEDING"
    past = f"w ROWS BETWEEN UNBOUNDED PRECEDING AND {SILENT_MONTHS} PRECEDING"
    connection.execute(
        "UPDATE out_coverage SET alarm = a.alarm FROM (SELECT indicator, month, CASE "
        f"WHEN rows_tested >= 20 AND fire_rate > {TOO_MANY_SHARE} + 2 * sqrt({TOO_MANY_SHARE} * (1 - {TOO_MANY_SHARE}) / "
        "rows_tested) THEN 'too_many' "
        f"WHEN status = 'clean' AND count(*) FILTER (status = 'clean') OVER ({recent}) = {SILENT_MONTHS} "
        f"AND sum(rows_tested) OVER ({recent}) * coalesce(nullif(sum(round(fire_rate * rows_tested)) OVER ({past}), 0) / "
        f"sum(rows_tested) OVER ({past}), {RARE_RATE}) >= {SILENT_EXPECTED} THEN 'silent' END "
        "AS alarm FROM out_coverage WINDOW w AS (PARTITION BY indicator ORDER BY month)) a "
        "WHERE a.indicator = out_coverage.indicator AND a.month = out_coverage.month"
    )
