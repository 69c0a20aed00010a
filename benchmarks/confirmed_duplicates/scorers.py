"""Scorers of pairs: transparent controls, and a logistic model refitted each year on pairs followed up to the end."""

from collections.abc import Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from benchmarks.confirmed_duplicates.ledger import FOLLOW_DAYS

_HISTORY = """ref_visible ref_mistyped ref_mistyped_other_day ref_extended ref_equal ref_number_near ref_two_edits
gap_days same_day same_day_adjacent whole_weeks one_month same_day_of_month log_amount round_10 round_50
new_amount_share repeat_share pair_share third_share log_age_days log_batch code_credit_rate kind_credit_rate
feeder_credit_rate credit_share credit_share_6m reversal_share pair_credit_share pair_credit_share_12m"""
# no credit of the closing month is seen; or the month's credits are, the pair's own excepted
STRICT = (*_HISTORY.split(), "log_pair_credit_12m")
MONTH = (
    *_HISTORY.split(), "day_has_credit", "day_credits", "month_credit_share", "log_siblings", "sibling_credit_share",
    "sibling_day_credits", "log_pair_credit_now",
)  # fmt: skip
MOST_PER_PAYEE_MONTH = 5
Score = NDArray[np.float64]


def hand_score(f: pl.DataFrame) -> Score:
    """Return the transparent control: the payee's shrunk rate of credited pairs plus fixed points."""
    points = f["log_pair_credit_12m"] + 2 * f["ref_mistyped"] + f["ref_visible"] + 0.5 * f["ref_number_near"]
    return (points + 0.5 * f["same_day_adjacent"] - 2 * f["repeat_share"] - 0.5 * f["round_10"]).to_numpy()


def rolling_score(frame: pl.DataFrame, columns: Sequence[str], years: Sequence[int], as_fixed: bool = False) -> Score:
    """Score each year's pairs (NaN elsewhere) with a model that knew only pairs followed up before the year began.

    `as_fixed` is the recipe as it was before the reported years were first looked at: no cap, no clipping.
    """
    x = frame.select(columns).cast(pl.Float64).to_numpy()
    y = frame["is_confirmed_at_followup"].to_numpy().astype(int)
    day = frame["paid_date"].to_numpy().astype("datetime64[D]")
    score = np.full(len(y), np.nan)
    for year in years:
        start, end = np.datetime64(f"{year}-01-01"), np.datetime64(f"{year + 1}-01-01")
        known, block = day + np.timedelta64(FOLLOW_DAYS, "D") < start, (day >= start) & (day < end)
        if block.any() and y[known].any():
            score[block] = _fit_score(x[known], y[known], x[block], not as_fixed)
    return score if as_fixed else _capped(frame, score)


def _fit_score(train_x: NDArray[np.float64], train_y: NDArray[np.int64], x: NDArray[np.float64], clips: bool) -> Score:
    if clips:  # no reach beyond what was learnt
        low, high = np.quantile(train_x, [0.001, 0.999], axis=0)
        train_x, x = np.clip(train_x, low, high), np.clip(x, low, high)
    model = make_pipeline(StandardScaler(), LogisticRegression(C=0.001, max_iter=2000))
    return model.fit(train_x, train_y).predict_proba(x)[:, 1]


def _capped(frame: pl.DataFrame, probability: Score) -> Score:
    """Return log odds; from a payee's sixth pair of the month on they lie 5 lower: no single batch fills a list."""
    months = frame.select(
        "supplier",
        month=pl.col("paid_date").dt.truncate("1mo"),
        score=pl.Series(np.nan_to_num(probability, nan=-1.0)),
    )
    place = months.select(pl.col("score").rank("ordinal", descending=True).over("supplier", "month")).to_series()
    odds = np.log(probability / (1 - probability))
    return odds - 5 * (place.to_numpy() > MOST_PER_PAYEE_MONTH)
