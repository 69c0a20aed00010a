"""Features of a payee's calendar year to date, fair to the small: rates are compared with peers given their exposure.

The frame is `history`: one row per payee and month in which it was paid. Nothing here is a total: the size of a payee
alone never makes it abnormal. Officers read it as a profile; no score is made of it.
"""

from collections.abc import Iterable
from pathlib import Path

import duckdb
import polars as pl

from features.peers import funnel_z, robust_z, shrunk_rate
from features.year_to_date import year_to_date
from fut.feature import refuse_in_sql
from fut.period import month_index, parse_month
from fut.sql import literal

KEYS = ("entity_key", "month", "peer_group")
COLUMNS = (
    "month", "peer_group", "month_of_year", "payment_count", "credit_count", "total_sek", "largest_sek", "paid_months",
    "round_count", "unnumbered_count", "repeated_count", "department_squares", "year_sek", "year_before_sek",
    "known_months",
)  # fmt: skip
ENOUGH = 5
FLOOR_SEK = 10_000
_SQL = Path(__file__).with_name("supplier_year.sql")


def history(connection: duckdb.DuckDBPyConnection, months: Iterable[str]) -> pl.DataFrame:
    """Return one row per payee and month in which it was paid, columns entity_key and COLUMNS, by month and payee.

    Raises UsageError for a month not written YYYY-MM and ConfigError when the query mentions a refused column.
    """
    sql = _SQL.read_text(encoding="utf-8")
    refuse_in_sql(sql, _SQL.name, keys=("entity_key",))
    names = {month_index(parse_month(month)): month for month in months}
    last = literal(max(names.values(), default=""))
    found = year_to_date(connection.sql(sql.replace("$last", last)).pl())
    listed = found.filter(pl.col("month_index").is_in(list(names)), pl.col("payment_count") > 0)
    listed = listed.sort("month_index", maintain_order=True)
    return listed.with_columns(month=pl.col("month_index").replace_strict(names, return_dtype=pl.String)).drop(
        "month_index"
    )


def usual_amount_against_peers() -> pl.Expr:
    """How far the payee's mean payment lies above its peers'.

    Swedish: Vanligt belopp mot liknande
    Unit: standard deviations
    Bad tail: high
    Exposure: kronor per payment, on a log scale
    Counted: payment_count
    """
    return robust_z((pl.col("total_sek") / pl.col("payment_count")).log10()).clip(-10, 10)


def payments_per_month_against_peers() -> pl.Expr:
    """How far the payee's number of payments in a paid month lies above its peers'.

    Swedish: Betalningar per månad mot liknande
    Unit: standard deviations
    Bad tail: high
    Exposure: months in which the payee was paid
    Counted: payment_count
    """
    return robust_z((pl.col("payment_count") / pl.col("paid_months")).log10()).clip(-10, 10)


def round_share_excess() -> pl.Expr:
    """How much larger the share of whole thousands is than the peers'.

    Swedish: Fler jämna belopp än liknande
    Unit: share
    Bad tail: high
    Exposure: payments, shrunk as if 20 more came at the peers' rate
    Counted: round_count of payment_count
    """
    return shrunk_rate(pl.col("round_count"), pl.col("payment_count"), 20)


def unnumbered_share_funnel() -> pl.Expr:
    """How far the share of payments without invoice number lies above the peers'.

    Swedish: Andel utan fakturanummer mot liknande
    Unit: standard deviations
    Bad tail: high
    Exposure: payments, with over-dispersion between payees
    Counted: unnumbered_count of payment_count
    """
    return funnel_z(pl.col("unnumbered_count"), pl.col("payment_count"))


def repeated_share_funnel() -> pl.Expr:
    """How far the share of amounts seen before, with no recurrence to explain them, lies above the peers'.

    Swedish: Andel upprepade belopp mot liknande
    Unit: standard deviations
    Bad tail: high
    Exposure: payments, with over-dispersion between payees
    Counted: repeated_count of payment_count
    """
    return funnel_z(pl.col("repeated_count"), pl.col("payment_count"))


def credit_share_funnel() -> pl.Expr:
    """How far the share of credit notes lies above the peers'.

    Swedish: Andel kreditnotor mot liknande
    Unit: standard deviations
    Bad tail: high
    Exposure: payments and credits, with over-dispersion between payees
    Counted: payment_count
    """
    return funnel_z(pl.col("credit_count"), pl.col("payment_count") + pl.col("credit_count"))


def department_concentration_excess() -> pl.Expr:
    """How much likelier two of the payee's payments come from the same department than the peers' do.

    Swedish: Samlat till få förvaltningar mot liknande
    Unit: share
    Bad tail: high
    Exposure: pairs of payments, shrunk as if 100 more came at the peers' rate
    Counted: payment_count
    """
    pairs = pl.col("payment_count") * (pl.col("payment_count") - 1)
    same = pl.col("department_squares") - pl.col("payment_count")
    return shrunk_rate(same, pairs, 100)


def largest_share() -> pl.Expr:
    """The part of the year's kronor that came in the largest payment, beyond an even split.

    Swedish: Största betalningens andel av året
    Unit: share
    Bad tail: high
    Exposure: at least 5 payments in the year
    Counted: payment_count
    """
    even = 1 / pl.col("payment_count")
    share = pl.col("largest_sek") / pl.col("total_sek")
    return pl.when(pl.col("payment_count") >= ENOUGH).then((share - even) / (1 - even))


def growth_against_year_before() -> pl.Expr:
    """How many times more the payee got in twelve months than in the twelve before.

    Swedish: Ökning mot året före
    Unit: log2 ratio
    Bad tail: high
    Exposure: payees known for a year; both sums with 10 000 added
    Counted: payment_count
    """
    ratio = (pl.col("year_sek") + FLOOR_SEK) / (pl.col("year_before_sek") + FLOOR_SEK)
    return pl.when(pl.col("known_months") >= 12).then(ratio.log(2))
