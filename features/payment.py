"""Features of a payment: what is unusual for its payee or its kind, as known when its month closed.

The frame is `history`: one row per live payment, with what was known of its payee before the month. A payment is
compared with its own payee's history and with payments of its kind, never by size alone; without enough history a
value is null, which models read as usual. Robust z is (x - median) / (1.4826 MAD) of log10 kronor, zero where
nothing spreads; a spread below 12 % counts as 12 %, so that an indexed rent is not far from its own past.
"""

from collections.abc import Iterable
from pathlib import Path

import duckdb
import polars as pl

from fut.feature import refuse_in_sql
from fut.period import parse_month

KEYS = ("payment_id", "booked_month", "peer_group")
COLUMNS = (
    *KEYS, "log_amount", "is_round", "has_invoice_no", "is_expected", "is_day_known", "is_weekend",
    "same_amount_before", "gap_days", "copies_same_day", "has_account", "own_count", "own_round_count",
    "own_numbered_count", "own_median", "own_mad", "peer_median", "peer_mad", "month_count", "year_count",
    "year_months", "prior_count", "prior_account_count", "months_since_last", "paid_months",
    "usual_gap_months",
)  # fmt: skip
MAD_TO_SD = 1.4826
ENOUGH = 8
SHRINK = 5
WIDEST = 10
LEAST_SPREAD = 0.05
_SQL = Path(__file__).with_name("payment_history.sql")


def history(connection: duckdb.DuckDBPyConnection, months: Iterable[str], seed: int | None = None) -> pl.DataFrame:
    """Return one row per live payment booked in the months, columns COLUMNS, in no fixed order.

    With a seed, `draw` besides: each payment's place in the lottery of that seed. Nothing in a row depends on a later month or on which other months are asked for. Raises UsageError for a month
    not written YYYY-MM and ConfigError when the query mentions a column no model may see.
    """
    sql = _SQL.read_text(encoding="utf-8")
    refuse_in_sql(sql, _SQL.name, keys=("entity_key",))
    listed = ", ".join(f"'{parse_month(month)}'" for month in sorted(months))
    filled = sql.replace("$months", f"[{listed}]::VARCHAR[]")
    if seed is not None:
        filled = f"SELECT *, hash(payment_id || '|{int(seed)}') AS draw FROM ({filled})"
    return connection.sql(filled).pl()


def amount_against_own_history() -> pl.Expr:
    """How far the amount lies above what the payee was usually paid in the year before.

    Swedish: Belopp mot mottagarens vanliga
    Unit: standard deviations
    Bad tail: high
    Exposure: at least 8 earlier payments to the payee
    """
    known = pl.col("own_count") >= ENOUGH
    return pl.when(known).then(_robust_z("own_median", "own_mad"))


def amount_against_peers() -> pl.Expr:
    """How far the amount lies above payments of the same kind in the year before.

    Swedish: Belopp mot liknande betalningar
    Unit: standard deviations
    Bad tail: high
    Exposure: at least 20 payments of the kind, else all kinds
    """
    return _robust_z("peer_median", "peer_mad")


def first_amount_against_peers() -> pl.Expr:
    """How far the first payment to a new payee lies above payments of its kind; zero for a known payee.

    Swedish: Första betalningens belopp mot liknande
    Unit: standard deviations
    Bad tail: high
    """
    above = _robust_z("peer_median", "peer_mad").clip(lower_bound=0)
    return pl.when(pl.col("prior_count") == 0).then(above).when(pl.col("prior_count") > 0).then(0.0)


def silence_against_usual() -> pl.Expr:
    """How many times longer than usual the payee was silent before this month.

    Swedish: Uppehåll mot det vanliga
    Unit: log2 ratio
    Bad tail: high
    Exposure: the payee's usual gap between paid months, at least 4 of them
    """
    times = pl.col("months_since_last") / pl.col("usual_gap_months").clip(lower_bound=1)
    return pl.when(pl.col("paid_months") >= 4).then(times.log(2))


def month_count_against_usual() -> pl.Expr:
    """How many times more payments the payee got this month than in a usual month of the year before.

    Swedish: Betalningar i månaden mot vanligt
    Unit: log2 ratio
    Bad tail: high
    Exposure: months since the payee's first payment, at most 12; both counts with 3 payments added
    """
    usual = pl.col("year_count") / pl.col("year_months")
    return pl.when(pl.col("year_months") >= 3).then(((pl.col("month_count") + 3) / (usual + 3)).log(2))


def round_amount_surprise() -> pl.Expr:
    """The share of the payee's payments that are not whole thousands, when this one is.

    Swedish: Ovanligt jämnt belopp
    Unit: share
    Bad tail: high
    Exposure: the payee's payments in the year before, shrunk towards zero
    """
    others = pl.col("own_count") - pl.col("own_round_count")
    return _surprise(pl.col("is_round"), others / (pl.col("own_count") + SHRINK))


def account_surprise() -> pl.Expr:
    """The share of the payee's earlier payments that went to other ledger accounts than this one.

    Swedish: Ovanligt konto för mottagaren
    Unit: share
    Bad tail: high
    Exposure: the payee's earlier payments, shrunk towards zero
    """
    others = pl.col("prior_count") - pl.col("prior_account_count")
    return pl.when(pl.col("has_account")).then(others / (pl.col("prior_count") + SHRINK))


def missing_invoice_number_surprise() -> pl.Expr:
    """The share of the payee's payments that carry an invoice number, when this one does not.

    Swedish: Fakturanummer saknas mot vanligt
    Unit: share
    Bad tail: high
    Exposure: the payee's payments in the year before, shrunk towards zero
    """
    usual = pl.col("own_numbered_count") / (pl.col("own_count") + SHRINK)
    return _surprise(~pl.col("has_invoice_no"), usual)


def same_amount_again() -> pl.Expr:
    """How soon the same amount came again, when no recurrence explains it; zero when it never did.

    Swedish: Samma belopp igen
    Unit: per day
    Bad tail: high
    """
    again = (pl.col("same_amount_before") > 0) & ~pl.col("is_expected")
    soon = pl.when(again).then(1 / (1 + pl.col("gap_days").fill_null(400))).otherwise(0.0)
    return pl.when(pl.col("is_day_known")).then(soon)


def copies_same_day() -> pl.Expr:
    """Other live payments of the same amount to the payee that day, when no recurrence explains them.

    Swedish: Samma belopp samma dag
    Unit: count
    Bad tail: high
    """
    copies = pl.when(pl.col("is_expected")).then(0).otherwise(pl.col("copies_same_day") - 1)
    return pl.when(pl.col("is_day_known")).then(copies)


def booked_at_weekend() -> pl.Expr:
    """Whether the payment was booked on a Saturday or Sunday.

    Swedish: Bokförd på helg
    Unit: yes or no
    Bad tail: high
    """
    return pl.when(pl.col("is_day_known")).then(pl.col("is_weekend"))


def _surprise(happened: pl.Expr, rarity: pl.Expr) -> pl.Expr:
    known = pl.col("prior_count").is_not_null()
    return pl.when(known & happened).then(rarity.fill_null(0)).when(known).then(0.0)


def _robust_z(centre: str, spread: str) -> pl.Expr:
    deviation = pl.col("log_amount").cast(pl.Float64) - pl.col(centre)
    z = deviation / (MAD_TO_SD * pl.col(spread)).clip(lower_bound=LEAST_SPREAD)
    return pl.when(pl.col(spread) > 0).then(z.clip(-WIDEST, WIDEST)).when(pl.col(spread) == 0).then(0.0)
