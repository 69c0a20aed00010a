"""Features of a delivery-month: what one provider delivered to one client of one service, against grant, plan and past.

The frame is `history`: one row per provider, client, service and month of service. Peers are the month's deliveries
of the same service in the same kind of area. What other providers delivered is never joined in.
"""

from collections.abc import Iterable
from pathlib import Path

import duckdb
import polars as pl

from features.peers import funnel_z, robust_z, shrunk_rate
from fut.feature import refuse_in_sql
from fut.period import parse_month

KEYS = ("provider_id", "client_ref", "service", "service_month", "month")
COLUMNS = (
    "month", "peer_group", "top_carer", "strays", "visits", "performed", "registered", "planned", "plan", "excess",
    "manual", "declined", "locked", "unopened", "absent", "changed", "company", "as_planned", "granted", "longest",
    "carers", "log_ratio", "own_months", "own_median", "own_mad",
)  # fmt: skip
MAD_TO_SD = 1.4826
LEAST_SPREAD = 0.05
WIDEST = 10
ENOUGH = 3
_SQL = Path(__file__).with_suffix(".sql")


def history(connection: duckdb.DuckDBPyConnection, months: Iterable[str]) -> pl.DataFrame:
    """Return one row per delivery and month, columns KEYS and COLUMNS, ordered by KEYS.

    Raises UsageError for a month not written YYYY-MM and ConfigError when the query mentions a refused column.
    """
    sql = _SQL.read_text(encoding="utf-8")
    refuse_in_sql(sql, _SQL.name, keys=("client_ref", "carer_ref"))
    listed = ", ".join(f"'{parse_month(month)}'" for month in sorted(months))
    filled = sql.replace("$months", f"[{listed}]::VARCHAR[]")
    return connection.sql(f"FROM ({filled}) ORDER BY {', '.join(KEYS)}").pl()


def registered_against_planned() -> pl.Expr:
    """How far registered time over the plan of the performed visits lies above the peers'.

    Swedish: Månadens tid mot planerad
    Unit: standard deviations
    Bad tail: high
    Exposure: minutes, on a log scale with an hour added to both
    """
    return robust_z(((pl.col("registered") + 60) / (pl.col("plan").fill_null(0) + 60)).log()).clip(-WIDEST, WIDEST)


def registered_against_granted() -> pl.Expr:
    """How far registered time over granted time lies above the peers'.

    Swedish: Månadens tid mot beviljad
    Unit: standard deviations
    Bad tail: high
    Exposure: minutes, on a log scale with an hour added to both; deliveries with a grant
    """
    return robust_z(((pl.col("registered") + 60) / (pl.col("granted") + 60)).log()).clip(-WIDEST, WIDEST)


def ratio_against_own_history() -> pl.Expr:
    """How far registered over granted time lies above the six months before.

    Swedish: Tid mot de sex månaderna före
    Unit: standard deviations
    Bad tail: high
    Exposure: at least 3 of the six months; a spread below 5 % counts as 5 %
    """
    spread = (MAD_TO_SD * pl.col("own_mad")).clip(lower_bound=LEAST_SPREAD)
    z = (pl.col("log_ratio") - pl.col("own_median")) / spread
    return pl.when(pl.col("own_months") >= ENOUGH).then(z.clip(-WIDEST, WIDEST))


def own_history_spread() -> pl.Expr:
    """How much registered over granted time varied over the six months before, beside the peers.

    Swedish: Hur tiden varierat sex månader
    Unit: standard deviations
    Bad tail: both
    Exposure: at least 3 of the six months
    """
    return robust_z(pl.when(pl.col("own_months") >= ENOUGH).then((pl.col("own_mad") + 0.01).log())).clip(
        -WIDEST, WIDEST
    )


def overrun_share() -> pl.Expr:
    """How many minutes visits lasted beyond a quarter of an hour over their plan, for each planned minute.

    Swedish: Månadens tid utöver planerad
    Unit: share
    Bad tail: high
    Exposure: planned minutes, with two hours added
    """
    return pl.col("excess") / (pl.col("plan").fill_null(0) + 120)


def longest_overrun_hours() -> pl.Expr:
    """Hours by which the visit that overran most went beyond its plan and a quarter of an hour.

    Swedish: Besöket som drog över mest
    Unit: hours
    Bad tail: high
    """
    return ((pl.col("longest") - 15) / 60).clip(0, 24)


def declined_excess() -> pl.Expr:
    """How much larger the share of declined visits is than the peers'.

    Swedish: Andel avböjda besök mot liknande
    Unit: share
    Bad tail: high
    Exposure: visits, shrunk as if 10 more came at the peers' rate
    """
    return shrunk_rate(pl.col("declined"), pl.col("visits"), 10)


def manual_funnel() -> pl.Expr:
    """How far the share of visits registered or changed by hand lies above the peers'.

    Swedish: Andel besök registrerade för hand
    Unit: standard deviations
    Bad tail: high
    Exposure: visits, with over-dispersion between deliveries
    """
    return funnel_z(pl.col("manual"), pl.col("performed"))


def as_planned_excess() -> pl.Expr:
    """How much larger the share of visits that began and ended to the minute as planned is than the peers'.

    Swedish: Andel exakt planerade besök mot liknande
    Unit: share
    Bad tail: high
    Exposure: visits, shrunk as if 20 more came at the peers' rate
    """
    return shrunk_rate(pl.col("as_planned"), pl.col("performed"), 20)


def top_carer_excess() -> pl.Expr:
    """How much larger the share of visits that one carer made is than the peers'.

    Swedish: Besök av samma medarbetare mot liknande
    Unit: share
    Bad tail: high
    Exposure: visits, shrunk as if 20 more came at the peers' rate
    """
    return shrunk_rate(pl.col("top_carer"), pl.col("performed"), 20)


def unopened_excess() -> pl.Expr:
    """How much larger the share of visits during which the client's lock was not opened is than the peers'.

    Swedish: Besök utan öppnat lås mot liknande
    Unit: share
    Bad tail: high
    Exposure: visits to clients with a lock, shrunk as if 10 more came at the peers' rate
    """
    return shrunk_rate(pl.col("unopened"), pl.col("locked"), 10)


def changed_afterwards_excess() -> pl.Expr:
    """How much larger the share of visits changed by hand after the month had ended is than the peers'.

    Swedish: Ändrat efter månadens slut mot liknande
    Unit: share
    Bad tail: high
    Exposure: visits, shrunk as if 10 more came at the peers' rate
    """
    return shrunk_rate(pl.col("changed"), pl.col("performed"), 10)


def absent_share() -> pl.Expr:
    """How much of the time was registered on days the client was away all day.

    Swedish: Tid när brukaren var frånvarande
    Unit: share
    Bad tail: high
    Exposure: registered minutes, with two hours added
    """
    return pl.col("absent") / (pl.col("registered") + 120)


def company_share() -> pl.Expr:
    """How much of the time another of the provider's carers was there too, where no double staffing is granted.

    Swedish: Tid med annan personal på plats
    Unit: share
    Bad tail: high
    Exposure: registered minutes, with two hours added
    """
    return pl.col("company") / (pl.col("registered") + 120)


def stray_task_share() -> pl.Expr:
    """How many visits hold a task that this month mostly belongs to another service.

    Swedish: Besök med moment från annan insats
    Unit: share
    Bad tail: high
    Exposure: visits, with 5 added
    """
    return pl.col("strays") / (pl.col("performed") + 5)


def ungranted_share() -> pl.Expr:
    """How much of the time has no decision in force for the service.

    Swedish: Tid utan gällande beslut
    Unit: share
    Bad tail: high
    Exposure: registered minutes, with two hours added
    """
    return pl.when(pl.col("granted").is_null()).then(pl.col("registered") / (pl.col("registered") + 120)).otherwise(0.0)
