"""Features of a carer's month with one provider, fair to part-time carers: every rate is conditional on its exposure.

The frame is `history`: one row per provider, carer and month of service. Peers are the carers of the month whose
visits are mostly care, or mostly not.
"""

from collections.abc import Iterable
from pathlib import Path

import duckdb
import polars as pl

from features import visit_day
from features.peers import funnel_z, robust_z, shrunk_rate
from fut.feature import refuse_in_sql

KEYS = ("provider_id", "carer_ref", "service_month", "month")
COLUMNS = (
    "month", "peer_group", "visits", "registered_minutes", "planned_minutes", "excess_minutes", "moves", "zero_gaps",
    "lacking_minutes", "carer_overlap_minutes", "client_overlap_minutes", "manual", "planned", "as_planned", "placed",
    "far", "recorded", "late", "rounded", "longest_day_minutes", "days", "run_days", "shared_device", "on_device",
    "top_client", "client_visits", "duration_entropy", "paid_hours",
)  # fmt: skip
WIDEST = 10
ENOUGH = 20
_SQL = Path(__file__).with_suffix(".sql")


def history(connection: duckdb.DuckDBPyConnection, months: Iterable[str]) -> pl.DataFrame:
    """Return one row per carer and month, columns KEYS and COLUMNS, ordered by KEYS; raises as `visit_day.prepare`."""
    visit_day.prepare(connection, months)
    return prepared(connection)


def prepared(connection: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """Return the months of the days that `visit_day.prepare` made."""
    sql = _SQL.read_text(encoding="utf-8")
    refuse_in_sql(sql, _SQL.name, keys=("client_ref", "carer_ref", "device_ref"))
    return connection.sql(f"FROM ({sql}) ORDER BY {', '.join(KEYS)}").pl()


def registered_against_paid() -> pl.Expr:
    """How far registered hours over the hours in the payroll lie above the peers'.

    Swedish: Medarbetarens timmar mot lön
    Unit: standard deviations
    Bad tail: high
    Exposure: hours, on a log scale with a working day added to both; providers with a payroll
    """
    ratio = (pl.col("registered_minutes") / 60 + 8) / (pl.col("paid_hours") + 8)
    return robust_z(ratio.log()).clip(-WIDEST, WIDEST)


def overlap_share() -> pl.Expr:
    """How much of the carer's time is shared with another of the carer's visits.

    Swedish: Medarbetarens tid i överlappande besök
    Unit: share
    Bad tail: high
    Exposure: registered minutes, with ten hours added
    """
    return pl.col("carer_overlap_minutes") / (pl.col("registered_minutes") + 600)


def company_share() -> pl.Expr:
    """How much of the time another carer is at the same client, where no double staffing is granted.

    Swedish: Medarbetarens tid med annan personal
    Unit: share
    Bad tail: high
    Exposure: registered minutes, with ten hours added
    """
    return pl.col("client_overlap_minutes") / (pl.col("registered_minutes") + 600)


def lacking_travel_minutes() -> pl.Expr:
    """Minutes missing per move, where the next home was reached faster than 50 km/h in a straight line.

    Swedish: Medarbetarens saknade restid per förflyttning
    Unit: minutes
    Bad tail: high
    Exposure: moves between buildings, with 30 added
    """
    return pl.col("lacking_minutes") / (pl.col("moves") + 30)


def zero_gap_funnel() -> pl.Expr:
    """How far the share of moves that took no time lies above the peers'.

    Swedish: Medarbetarens förflyttningar utan restid
    Unit: standard deviations
    Bad tail: high
    Exposure: moves between buildings, with over-dispersion between carers
    """
    return funnel_z(pl.col("zero_gaps"), pl.col("moves"))


def overrun_share() -> pl.Expr:
    """How many minutes visits lasted beyond a quarter of an hour over their plan, for each planned minute.

    Swedish: Medarbetarens tid utöver planerad
    Unit: share
    Bad tail: high
    Exposure: planned minutes, with ten hours added
    """
    return pl.col("excess_minutes") / (pl.col("planned_minutes") + 600)


def registered_against_planned() -> pl.Expr:
    """How far registered time over planned time lies above the peers'.

    Swedish: Medarbetarens tid mot planerad
    Unit: standard deviations
    Bad tail: high
    Exposure: minutes, on a log scale with ten hours added to both
    """
    ratio = (pl.col("registered_minutes") + 600) / (pl.col("planned_minutes") + 600)
    return robust_z(ratio.log()).clip(-WIDEST, WIDEST)


def manual_funnel() -> pl.Expr:
    """How far the share of visits registered or changed by hand lies above the peers'.

    Swedish: Medarbetarens besök registrerade för hand
    Unit: standard deviations
    Bad tail: high
    Exposure: visits, with over-dispersion between carers
    """
    return funnel_z(pl.col("manual"), pl.col("visits"))


def as_planned_funnel() -> pl.Expr:
    """How far the share of visits that began and ended to the minute as planned lies above the peers'.

    Swedish: Medarbetarens besök på minuten som planerat
    Unit: standard deviations
    Bad tail: high
    Exposure: planned visits, with over-dispersion between carers
    """
    return funnel_z(pl.col("as_planned"), pl.col("planned"))


def far_from_home_funnel() -> pl.Expr:
    """How far the share of visits registered more than 500 m from the home, at both ends, lies above the peers'.

    Swedish: Medarbetarens besök långt från hemmet
    Unit: standard deviations
    Bad tail: high
    Exposure: visits with a place, with over-dispersion between carers
    """
    return funnel_z(pl.col("far"), pl.col("placed"))


def late_record_funnel() -> pl.Expr:
    """How far the share of visits that reached the system a day late lies above the peers'.

    Swedish: Medarbetarens besök registrerade dagen efter
    Unit: standard deviations
    Bad tail: high
    Exposure: visits, with over-dispersion between carers
    """
    return funnel_z(pl.col("late"), pl.col("recorded"))


def round_length_funnel() -> pl.Expr:
    """How far the share of lengths in whole five minutes lies above the peers'.

    Swedish: Medarbetarens besök i jämna fem minuter
    Unit: standard deviations
    Bad tail: high
    Exposure: visits, with over-dispersion between carers
    """
    return funnel_z(pl.col("rounded"), pl.col("visits"))


def top_client_excess() -> pl.Expr:
    """How much larger the share of the carer's visits that go to one client is than the peers'.

    Swedish: Besök hos en brukare mot liknande
    Unit: share
    Bad tail: high
    Exposure: visits, shrunk as if 20 more came at the peers' rate
    """
    return shrunk_rate(pl.col("top_client"), pl.col("client_visits"), 20)


def shared_device_excess() -> pl.Expr:
    """How much larger the share of visits registered on a device that other carers used that month is than the peers'.

    Swedish: Besök på delad enhet mot liknande
    Unit: share
    Bad tail: high
    Exposure: visits with a device, shrunk as if 20 more came at the peers' rate
    """
    return shrunk_rate(pl.col("shared_device"), pl.col("on_device"), 20)


def few_lengths() -> pl.Expr:
    """How far the variety of visit lengths lies below the peers'.

    Swedish: Medarbetarens variation i besökslängd
    Unit: standard deviations
    Bad tail: low
    Exposure: entropy over that of as many different lengths, at most 60; at least 20 visits
    """
    most = pl.col("visits").clip(upper_bound=60).log(2)
    known = pl.when(pl.col("visits") >= ENOUGH).then(pl.col("duration_entropy") / most)
    return robust_z(known).clip(-WIDEST, WIDEST)


def days_without_rest() -> pl.Expr:
    """Days worked in a row, beyond seven.

    Swedish: Medarbetarens dagar i rad över sju
    Unit: days
    Bad tail: high
    """
    return (pl.col("run_days") - 7).clip(lower_bound=0)


def longest_day_hours() -> pl.Expr:
    """Hours from the first start to the last end of the longest day, beyond twelve.

    Swedish: Medarbetarens längsta dag över tolv timmar
    Unit: hours
    Bad tail: high
    """
    return (pl.col("longest_day_minutes") / 60 - 12).clip(lower_bound=0)
