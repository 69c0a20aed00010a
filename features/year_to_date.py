"""A payee's payments added up from January to each month in which it was paid: running sums over sorted columns."""

import polars as pl

from fut.period import month_index

SUMMED = ("payment_count", "credit_count", "round_count", "unnumbered_count", "repeated_count", "debit_ore")
_SPAN = 100_000  # more than any month_index, so that payee and month fit one sorted number
_HERE = pl.int_range(pl.len(), dtype=pl.Int64)


def year_to_date(parts: pl.DataFrame) -> pl.DataFrame:
    """Return one row per payee and month of `parts` (see supplier_year.sql), ordered by payee and month.

    Sums and the largest amount are those of the calendar year up to the month, `peer_group` is the kind that has the
    year's largest sum of one month, `year_sek` and `year_before_sek` are the twelve months up to it and those before.
    """
    payees, kinds = (parts[name].unique().sort() for name in ("entity_key", "kind"))
    index = {month: month_index(month) for month in parts["booked_month"].unique()}
    month = parts["booked_month"].replace_strict(index, return_dtype=pl.Int64).cast(pl.Int64)
    parts = parts.with_columns(
        _number(parts["department"].fill_null("")),
        _number(parts["kind"]),
        key=_number(parts["entity_key"]) * _SPAN + month,
    )
    months = (
        parts.group_by("key")
        .agg(pl.col(SUMMED).sum().cast(pl.Int64), pl.col("largest_ore").max())
        .join(_kinds(parts), on="key", how="left")
        .join(_squares(parts), on="key", how="left")
        .sort("key")
        .with_columns(payee=pl.col("key") // _SPAN, month_index=pl.col("key") % _SPAN)
        .with_columns(year=_first(pl.col("payee") * _SPAN + pl.col("month_index") // 12), known=_first(pl.col("payee")))
    )
    debit, year_ago, two_ago = pl.col("debit_ore"), _since(12), _since(24)
    before = debit.cum_sum() - debit
    best = _largest_at(pl.col("top_ore").fill_null(0))
    return months.select(
        "month_index",
        *(_running(name).alias(name) for name in SUMMED[:-1]),
        entity_key=pl.lit(payees).gather(pl.col("payee")),
        peer_group=pl.lit(kinds).gather(pl.col("kind").gather(best)).fill_null(""),
        month_of_year=pl.col("month_index") % 12 + 1,
        total_sek=_running("debit_ore") / 100,
        largest_sek=pl.col("largest_ore").gather(_largest_at(pl.col("largest_ore"))) / 100,
        paid_months=_HERE - pl.col("year") + 1,
        department_squares=_running("squares").cast(pl.Float64),
        year_sek=(before + debit - before.gather(year_ago)) / 100,
        year_before_sek=(before.gather(year_ago) - before.gather(two_ago)) / 100,
        known_months=pl.col("month_index") - pl.col("month_index").gather(pl.col("known")),
    )


def _kinds(parts: pl.DataFrame) -> pl.DataFrame:
    """Return for payee and month the kind with the largest sum, the first of equal ones, and that sum."""
    paid = parts.filter(pl.col("payment_count") > 0)
    kinds = parts["kind"].n_unique()
    sums = paid.group_by(pl.col("key") * kinds + pl.col("kind")).agg(top_ore=pl.col("debit_ore").sum())
    sums = sums.with_columns(pl.col("key") // kinds, kind=pl.col("key") % kinds)
    return sums.sort("key", "top_ore", "kind", descending=[False, True, False]).unique(
        "key", keep="first", maintain_order=True
    )


def _squares(parts: pl.DataFrame) -> pl.DataFrame:
    """Return by how much payee and month add to the squares of payments per department: (c + n)^2 - c^2."""
    paid = parts.filter(pl.col("payment_count") > 0)
    departments = parts["department"].n_unique()
    payee, month = pl.col("key") // _SPAN, pl.col("key") % _SPAN
    counted = (
        paid.group_by(of=(payee * departments + pl.col("department")) * _SPAN + month)
        .agg(pl.col("key").first(), n=pl.col("payment_count").sum().cast(pl.Int64))
        .sort("of")
        .with_columns(year=_first(pl.col("of") // _SPAN * _SPAN + month // 12))
        .with_columns(before=_running("n") - pl.col("n"))
    )
    return counted.group_by("key").agg(squares=((2 * pl.col("before") + pl.col("n")) * pl.col("n")).sum())


def _largest_at(ore: pl.Expr) -> pl.Expr:
    """Return the position of the largest amount, the first such, from the first row of the year up to each row."""
    # years stand one above another, so that one running maximum serves all
    lifted = pl.col("year").cast(pl.Int128) * (ore.max() - ore.min() + 1).cast(pl.Int128) + ore.cast(pl.Int128)
    highest = lifted.cum_max()
    return pl.when((highest > highest.shift(1)).fill_null(value=True)).then(_HERE).forward_fill()


def _number(names: pl.Series) -> pl.Series:
    """Return the place of each name among all in order."""
    return names.cast(pl.Enum(names.unique().sort())).to_physical().cast(pl.Int64)


def _since(months: int) -> pl.Expr:
    """Return the position of the payee's first row less than so many months before each row."""
    start = pl.col("key").search_sorted(pl.col("key") - months, side="right").cast(pl.Int64)
    return pl.max_horizontal(start, "known")


def _first(key: pl.Expr) -> pl.Expr:
    """Return the position of the first row of each run of equal keys."""
    return pl.when((key != key.shift(1)).fill_null(value=True)).then(_HERE).forward_fill()


def _running(column: str) -> pl.Expr:
    """Return the sum from the first row of the year up to each row."""
    known = pl.col(column).fill_null(0)
    return known.cum_sum() - (known.cum_sum() - known).gather(pl.col("year"))
