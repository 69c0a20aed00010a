"""Figures of one municipality's list: precision, kronor found, lift, by method; what is missed and what misleads."""

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

METHODS = {
    "futvakt": ("is_likely", "sek_per_minute"),
    "random": ("lot",),
    "amount only": ("amount_sek",),
    "mean robust z": ("robust_z", "amount_sek"),
}
TOPS = (20, 50, 100)
SHARES = (0.005, 0.01, 0.02)
WITHIN = 100
_ORACLE = ("error_abs",)


@dataclass(frozen=True)
class Figure:
    """One figure of one method on one municipality."""

    method: str
    name: str
    value: float


def figures(frame: pl.DataFrame) -> Iterator[Figure]:
    """Yield every figure of every method; `frame` is what `runs.run_case` returns."""
    frame = frame.with_columns(error_abs=pl.when("is_wrong").then(pl.col("error_sek").abs()).otherwise(0.0))
    base, wrong_sek = _mean(frame["is_wrong"]), float(frame["error_abs"].sum())
    yield Figure("all", "base rate", base)
    months = frame["month"].n_unique()
    yield Figure("all", "payments a month", frame.height / months)
    best, single = best_single(frame)
    yield Figure(f"best single ({best})", "precision@50", single)
    for method, keys in METHODS.items():
        ordered = _order(frame, keys)
        for top in TOPS:
            hits = ordered.filter(pl.col("n") <= top).group_by("month").agg(pl.col("is_wrong").sum() / top)
            yield Figure(method, f"precision@{top}", _mean(hits["is_wrong"]))
            yield Figure(method, f"worst month @{top}", min(hits["is_wrong"].to_list(), default=0.0))
            first = _pooled(frame, keys).head(top * months)
            yield Figure(method, f"precision@{top}, months pooled", _mean(first["is_wrong"]))
        if base:
            yield Figure(method, "lift@50", _mean(ordered.filter(pl.col("n") <= 50)["is_wrong"]) / base)
        for share in SHARES:
            found = _top_share(frame, keys, share)
            yield Figure(method, f"kronor in top {100 * share:g} %", found / max(wrong_sek, 1))
            yield Figure(method, f"of oracle, top {100 * share:g} %", found / max(_top_share(frame, _ORACLE, share), 1))
        listed = ordered.filter((pl.col("n") <= 50) & pl.col("is_innocent") & ~pl.col("is_wrong"))
        yield Figure(method, "innocent outliers in top 50", listed.height / months)
        cases, days = first_hits(ordered)
        yield Figure(method, "cases found", cases)
        if days is not None:
            yield Figure(method, "days to first hit", days)
    yield Figure("futvakt", "stability of the top 20", stability(frame))


def best_single(frame: pl.DataFrame) -> tuple[str, float]:
    """Return the indicator whose flags, largest kronor first, give the best precision@50 a month, and that figure."""
    flagged = frame.explode("codes").filter(pl.col("codes").is_not_null())
    if flagged.is_empty():
        return "none", 0.0
    placed = flagged.with_columns(n=pl.col("amount_sek").rank("ordinal", descending=True).over("codes", "month"))
    counted = (
        placed.filter(pl.col("n") <= 50)
        .group_by("codes")
        .agg(pl.col("is_wrong").sum() / (50 * frame["month"].n_unique()))
        .sort("is_wrong", "codes", descending=[True, False])
    )
    return counted["codes"][0], float(counted["is_wrong"][0])


def by_typology(frame: pl.DataFrame, top: int = 100) -> pl.DataFrame:
    """Return per main cause: wrong payments, kronor, share of payments in the month's top, share flagged at all."""
    ordered = _order(frame, METHODS["futvakt"]).filter("is_wrong")
    return (
        ordered.group_by("typology")
        .agg(
            payments=pl.len(),
            error_sek=pl.col("error_sek").abs().sum(),
            found=((pl.col("n") <= top) & pl.col("place").is_not_null()).mean(),
            listed=pl.col("place").is_not_null().mean(),
            flagged=(pl.col("codes").list.len() > 0).mean(),
        )
        .sort("error_sek", descending=True)
    )


def selection_by_size(frame: pl.DataFrame, top: int = 100) -> pl.DataFrame:
    """Return, for providers in three groups by number of lines, the share of honest lines in the month's top."""
    ordered = _order(frame, METHODS["futvakt"]).filter(pl.col("risk_area") == "home_care")
    sizes = ordered.group_by("payee_ref").len().sort("len").with_row_index("order")
    third = (pl.col("order") * 3 // pl.len()).replace_strict({0: "small", 1: "middle", 2: "large"})
    return (
        ordered.join(sizes.with_columns(size=third).select("payee_ref", "size"), on="payee_ref")
        .filter(~pl.col("is_wrong"))
        .group_by("size")
        .agg(lines=pl.len(), selected=((pl.col("n") <= top) & pl.col("place").is_not_null()).mean())
        .sort("size")
    )


def _order(frame: pl.DataFrame, keys: tuple[str, ...]) -> pl.DataFrame:
    """Return the frame with n, the place of each payment in its month by the keys, largest first, nulls last."""
    return frame.sort(
        "month", *keys, "payment_id", descending=[False, *(True for _ in keys), False], nulls_last=True
    ).with_columns(n=pl.int_range(1, pl.len() + 1).over("month"))


def _top_share(frame: pl.DataFrame, keys: tuple[str, ...], share: float) -> float:
    return float(_pooled(frame, keys).head(round(share * frame.height))["error_abs"].sum())


def _pooled(frame: pl.DataFrame, keys: tuple[str, ...]) -> pl.DataFrame:
    """Return all months' payments in one order by the keys, largest first, nulls last."""
    return frame.sort(*keys, "payment_id", descending=[*(True for _ in keys), False], nulls_last=True)


def _mean(values: pl.Series) -> float:
    return float(values.cast(pl.Float64).sum()) / max(len(values), 1)


def first_hits(ordered: pl.DataFrame, within: int = WITHIN) -> tuple[float, float | None]:
    """Return the share of cases of which a payment is listed, and the median days until the first of them is.

    A case is one payee's wrong payments of one main cause, from the first tested month on. Days run from the end of
    the service month of its first wrong payment to the closing of the month in whose first `within` places one of the
    case stands; the median is over the cases found, None without any.
    """
    wrong = ordered.filter("is_wrong")
    began = pl.col("service_month").min().str.to_date("%Y-%m").dt.month_end()
    cases = wrong.group_by("payee_ref", "typology").agg(
        began=began, seen=pl.col("closing_date").filter(pl.col("n") <= within).min()
    )
    found = cases.filter(pl.col("seen").is_not_null())
    days = (found["seen"] - found["began"]).dt.total_days().median()
    return found.height / max(cases.height, 1), None if days is None else float(str(days))


def stability(frame: pl.DataFrame, top: int = 20) -> float:
    """Return the months' mean Jaccard similarity of the first `top` in two runs that differ in the forest's seed."""
    first, other = pl.col("place") <= top, pl.col("other_place") <= top
    both = frame.group_by("month").agg(both=(first & other).sum(), either=(first | other).sum())
    return _mean(both["both"] / both["either"])
