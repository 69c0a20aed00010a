"""Features of a visit-day: what one provider's carer delivered in a day, beside the days of other carers that month.

The frame is `history`: one row per provider, carer and date. Rates are shrunk towards those of the month's peers, the
days of the same kind (weekday or weekend, mostly care or not), so that a short day is not abnormal for being short.
"""

from collections.abc import Iterable
from pathlib import Path

import duckdb
import polars as pl

from features.peers import robust_z, shrunk_rate
from fut.feature import refuse_in_sql
from fut.period import parse_month

KEYS = ("provider_id", "carer_ref", "visit_date", "service_month", "month")
COLUMNS = (
    "month", "peer_group", "visits", "registered_minutes", "planned_minutes", "span_minutes", "excess_minutes", "moves",
    "zero_gaps", "lacking_minutes", "carer_overlap_minutes", "client_overlap_minutes", "manual", "planned",
    "as_planned", "placed", "far", "recorded", "late", "rounded",
)  # fmt: skip
TABLE = "_visit_days"
WIDEST = 10
_SQL = Path(__file__).with_suffix(".sql")


def prepare(connection: duckdb.DuckDBPyConnection, months: Iterable[str]) -> None:
    """Replace the temporary table `_visit_days`, which carer and provider months are summed from.

    Raises UsageError for a month not written YYYY-MM and ConfigError when the query mentions a refused column.
    """
    sql = _SQL.read_text(encoding="utf-8")
    refuse_in_sql(sql, _SQL.name, keys=("client_ref", "carer_ref"))
    listed = ", ".join(f"'{parse_month(month)}'" for month in sorted(months))
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {TABLE} AS " + sql.replace("$months", f"[{listed}]::VARCHAR[]"))


def history(connection: duckdb.DuckDBPyConnection, months: Iterable[str]) -> pl.DataFrame:
    """Return one row per carer and day of the months, columns KEYS and COLUMNS, ordered by KEYS; see `prepare`."""
    prepare(connection, months)
    return prepared(connection)


def prepared(connection: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """Return the rows of the table that `prepare` made."""
    return connection.sql(f"FROM {TABLE} ORDER BY {', '.join(KEYS)}").pl()


def overlap_share() -> pl.Expr:
    """How much of the carer's time is shared with another of the carer's visits.

    Swedish: Dagens tid i överlappande besök
    Unit: share
    Bad tail: high
    Exposure: registered minutes, with an hour added
    """
    return _per_minutes("carer_overlap_minutes", "registered_minutes")


def company_share() -> pl.Expr:
    """How much of the time another carer is at the same client, where no double staffing is granted.

    Swedish: Dagens tid med annan personal
    Unit: share
    Bad tail: high
    Exposure: registered minutes, with an hour added
    """
    return _per_minutes("client_overlap_minutes", "registered_minutes")


def lacking_travel_minutes() -> pl.Expr:
    """Minutes missing per move, where the next home was reached faster than 50 km/h in a straight line.

    Swedish: Dagens saknade restid per förflyttning
    Unit: minutes
    Bad tail: high
    Exposure: moves between buildings, with 3 added
    """
    return pl.col("lacking_minutes") / (pl.col("moves") + 3)


def zero_gap_excess() -> pl.Expr:
    """How much larger the share of moves that took no time at all is than the peers'.

    Swedish: Dagens förflyttningar utan restid mot liknande
    Unit: share
    Bad tail: high
    Exposure: moves between buildings, shrunk as if 10 more came at the peers' rate
    """
    return shrunk_rate(pl.col("zero_gaps"), pl.col("moves"), 10)


def overrun_share() -> pl.Expr:
    """How many minutes visits lasted beyond a quarter of an hour over their plan, for each planned minute.

    Swedish: Dagens tid utöver planerad
    Unit: share
    Bad tail: high
    Exposure: planned minutes, with an hour added
    """
    return _per_minutes("excess_minutes", "planned_minutes")


def registered_against_planned() -> pl.Expr:
    """How far registered time over planned time lies above the peers'.

    Swedish: Dagens tid mot planerad
    Unit: standard deviations
    Bad tail: high
    Exposure: minutes, on a log scale with half an hour added to both
    """
    return robust_z(((pl.col("registered_minutes") + 30) / (pl.col("planned_minutes") + 30)).log()).clip(
        -WIDEST, WIDEST
    )


def manual_excess() -> pl.Expr:
    """How much larger the share of visits registered or changed by hand is than the peers'.

    Swedish: Dagens handregistrering mot liknande
    Unit: share
    Bad tail: high
    Exposure: visits, shrunk as if 10 more came at the peers' rate
    """
    return shrunk_rate(pl.col("manual"), pl.col("visits"), 10)


def as_planned_excess() -> pl.Expr:
    """How much larger the share of visits that began and ended to the minute as planned is than the peers'.

    Swedish: Dagens besök exakt planerade mot liknande
    Unit: share
    Bad tail: high
    Exposure: planned visits, shrunk as if 10 more came at the peers' rate
    """
    return shrunk_rate(pl.col("as_planned"), pl.col("planned"), 10)


def far_from_home_excess() -> pl.Expr:
    """How much larger the share of visits registered more than 500 m from the home, at both ends, is than the peers'.

    Swedish: Besök långt från hemmet mot liknande
    Unit: share
    Bad tail: high
    Exposure: visits with a place, shrunk as if 10 more came at the peers' rate
    """
    return shrunk_rate(pl.col("far"), pl.col("placed"), 10)


def late_record_excess() -> pl.Expr:
    """How much larger the share of visits that reached the system a day late is than the peers'.

    Swedish: Besök registrerade dagen efter mot liknande
    Unit: share
    Bad tail: high
    Exposure: visits, shrunk as if 10 more came at the peers' rate
    """
    return shrunk_rate(pl.col("late"), pl.col("recorded"), 10)


def round_length_excess() -> pl.Expr:
    """How much larger the share of lengths in whole five minutes is than the peers'.

    Swedish: Jämna fem minuter mot liknande
    Unit: share
    Bad tail: high
    Exposure: visits, shrunk as if 20 more came at the peers' rate
    """
    return shrunk_rate(pl.col("rounded"), pl.col("visits"), 20)


def fullness_against_peers() -> pl.Expr:
    """How far the registered part of the day, first start to last end, lies above the peers'.

    Swedish: Dagens fyllnad mot andra dagar
    Unit: standard deviations
    Bad tail: high
    Exposure: days of at least 3 visits
    """
    full = pl.col("registered_minutes") / pl.col("span_minutes").clip(lower_bound=1)
    z = robust_z(pl.when(pl.col("visits") >= 3).then(full))
    return z.clip(-WIDEST, WIDEST)


def hours_beyond_nine() -> pl.Expr:
    """Hours registered in the day beyond nine.

    Swedish: Dagens timmar utöver nio
    Unit: hours
    Bad tail: high
    """
    return (pl.col("registered_minutes") / 60 - 9).clip(lower_bound=0)


def _per_minutes(part: str, whole: str) -> pl.Expr:
    return pl.col(part) / (pl.col(whole) + 60)
