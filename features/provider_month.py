"""Features of a provider's month: rates with funnel limits, and changes against its own twelve months before.

The frame is `history`: one row per provider and month. With a dozen rows a month nothing is learned here: the mean
robust z of the columns is a context for what finer grains find, never a score of its own. Officers read them as a profile.
"""

from collections.abc import Iterable
from pathlib import Path

import duckdb
import polars as pl

from features import visit_day
from features.peers import funnel_z, robust_z
from fut.feature import refuse_in_sql
from fut.period import parse_month

KEYS = ("provider_id", "month")
COLUMNS = (
    "month", "peer_group", "visits", "moves", "zero_gaps", "lacking_minutes", "overlap_minutes", "registered_minutes",
    "planned_minutes", "excess_minutes", "manual", "planned", "as_planned", "placed", "far", "recorded", "late",
    "rounded", "line_visits", "unperformed", "known_months", "before_registered", "before_planned", "before_visits",
    "before_manual", "before_moves", "before_zero_gaps",
)  # fmt: skip
WIDEST = 10
ENOUGH = 6
_SQL = Path(__file__).with_suffix(".sql")


def history(connection: duckdb.DuckDBPyConnection, months: Iterable[str]) -> pl.DataFrame:
    """Return one row per provider and month, columns KEYS and COLUMNS, ordered; raises as `visit_day.prepare`.

    The twelve months before are those of `months`: give them too.
    """
    listed = sorted(months)
    visit_day.prepare(connection, listed)
    return prepared(connection, listed)


def prepared(connection: duckdb.DuckDBPyConnection, months: Iterable[str]) -> pl.DataFrame:
    """Return the months of the days that `visit_day.prepare` made."""
    sql = _SQL.read_text(encoding="utf-8")
    refuse_in_sql(sql, _SQL.name)
    listed = ", ".join(f"'{parse_month(month)}'" for month in sorted(months))
    filled = sql.replace("$months", f"[{listed}]::VARCHAR[]")
    return connection.sql(f"FROM ({filled}) ORDER BY {', '.join(KEYS)}").pl()


def manual_funnel() -> pl.Expr:
    """How far the share of visits registered or changed by hand lies above other providers'.

    Swedish: Andel besök registrerade för hand
    Unit: standard deviations
    Bad tail: high
    Exposure: visits, with over-dispersion between providers
    Counted: manual of visits
    """
    return funnel_z(pl.col("manual"), pl.col("visits"))


def as_planned_funnel() -> pl.Expr:
    """How far the share of visits that began and ended to the minute as planned lies above other providers'.

    Swedish: Andel besök på minuten som planerat
    Unit: standard deviations
    Bad tail: high
    Exposure: planned visits, with over-dispersion between providers
    Counted: as_planned of planned
    """
    return funnel_z(pl.col("as_planned"), pl.col("planned"))


def zero_gap_funnel() -> pl.Expr:
    """How far the share of moves that took no time lies above other providers'.

    Swedish: Andel förflyttningar utan restid
    Unit: standard deviations
    Bad tail: high
    Exposure: moves between buildings, with over-dispersion between providers
    Counted: zero_gaps of moves
    """
    return funnel_z(pl.col("zero_gaps"), pl.col("moves"))


def far_from_home_funnel() -> pl.Expr:
    """How far the share of visits registered more than 500 m from the home lies above other providers'.

    Swedish: Andel besök långt från hemmet
    Unit: standard deviations
    Bad tail: high
    Exposure: visits with a place, with over-dispersion between providers
    Counted: far of placed
    """
    return funnel_z(pl.col("far"), pl.col("placed"))


def late_record_funnel() -> pl.Expr:
    """How far the share of visits that reached the system a day late lies above other providers'.

    Swedish: Andel besök registrerade dagen efter
    Unit: standard deviations
    Bad tail: high
    Exposure: visits, with over-dispersion between providers
    Counted: late of recorded
    """
    return funnel_z(pl.col("late"), pl.col("recorded"))


def round_length_funnel() -> pl.Expr:
    """How far the share of lengths in whole five minutes lies above other providers'.

    Swedish: Andel besök i jämna fem minuter
    Unit: standard deviations
    Bad tail: high
    Exposure: visits, with over-dispersion between providers
    Counted: rounded of visits
    """
    return funnel_z(pl.col("rounded"), pl.col("visits"))


def unperformed_funnel() -> pl.Expr:
    """How far the share of paid visits that were not performed lies above other providers'.

    Swedish: Andel betalda men ej utförda besök
    Unit: standard deviations
    Bad tail: high
    Exposure: visits on lines, with over-dispersion between providers
    Counted: unperformed of line_visits
    """
    return funnel_z(pl.col("unperformed"), pl.col("line_visits"))


def registered_against_planned() -> pl.Expr:
    """How far registered time over planned time lies above other providers'.

    Swedish: Tid mot planerad
    Unit: standard deviations
    Bad tail: high
    Exposure: minutes, on a log scale with a hundred hours added to both
    Counted: registered_minutes of planned_minutes
    """
    ratio = (pl.col("registered_minutes") + 6000) / (pl.col("planned_minutes") + 6000)
    return robust_z(ratio.log()).clip(-WIDEST, WIDEST)


def lacking_travel_against_peers() -> pl.Expr:
    """How far the minutes missing per move lie above other providers'.

    Swedish: Saknad restid mot andra utförare
    Unit: standard deviations
    Bad tail: high
    Exposure: moves between buildings, with 300 added
    Counted: moves
    """
    return robust_z(pl.col("lacking_minutes") / (pl.col("moves") + 300)).clip(-WIDEST, WIDEST)


def overlap_against_peers() -> pl.Expr:
    """How far the share of time in which a carer is in two places lies above other providers'.

    Swedish: Tid på två ställen samtidigt
    Unit: standard deviations
    Bad tail: high
    Exposure: registered minutes, with a hundred hours added
    Counted: overlap_minutes of registered_minutes
    """
    return robust_z(pl.col("overlap_minutes") / (pl.col("registered_minutes") + 6000)).clip(-WIDEST, WIDEST)


def longer_than_before() -> pl.Expr:
    """How much registered time over planned time has grown since the twelve months before.

    Swedish: Tid mot planerad, mot året före
    Unit: log ratio
    Bad tail: high
    Exposure: at least 6 months known; minutes with a hundred hours added
    Counted: registered_minutes of planned_minutes
    """
    now = (pl.col("registered_minutes") + 6000) / (pl.col("planned_minutes") + 6000)
    before = (pl.col("before_registered") + 6000) / (pl.col("before_planned") + 6000)
    return _since_before((now / before).log())


def more_manual_than_before() -> pl.Expr:
    """How much the share of visits registered by hand has grown since the twelve months before.

    Swedish: Fler besök för hand än före
    Unit: share
    Bad tail: high
    Exposure: at least 6 months known; shrunk as if 300 more visits came at the rate before
    Counted: manual of visits
    """
    return _since_before(_grown("manual", "visits"))


def more_zero_gaps_than_before() -> pl.Expr:
    """How much the share of moves that took no time has grown since the twelve months before.

    Swedish: Fler förflyttningar utan restid än före
    Unit: share
    Bad tail: high
    Exposure: at least 6 months known; shrunk as if 300 more moves came at the rate before
    Counted: zero_gaps of moves
    """
    return _since_before(_grown("zero_gaps", "moves"))


def _grown(hits: str, exposure: str) -> pl.Expr:
    before = pl.col(f"before_{hits}") / pl.col(f"before_{exposure}")
    return (pl.col(hits) + 300 * before) / (pl.col(exposure) + 300) - before


def _since_before(change: pl.Expr) -> pl.Expr:
    return pl.when(pl.col("known_months") >= ENOUGH).then(change)
