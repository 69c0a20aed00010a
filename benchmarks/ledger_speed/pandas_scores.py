"""Scores of payments with pandas: whom a quarter's detector learns from, the rows as it sees them, percentiles."""

from collections.abc import Callable, Iterator
from typing import Any

import duckdb
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from fut.period import month_index
from models.training import LEAST_ROWS, SAMPLE_ROWS, TRAILING_MONTHS

Matrix = NDArray[np.float64]


def lottery(rows: pd.DataFrame, seed: int) -> dict[str, NDArray[Any]]:
    """Return each row's place in the thinning of histories, `draw`, and in that of training rows, `lot`.

    They are DuckDB's hashes: given, since no other library has them.
    """
    told = rows[["payment_id"]]
    with duckdb.connect() as connection:
        connection.register("told", told)
        found = connection.execute(
            f"SELECT (hash(payment_id) % 65536)::INT AS draw, hash(payment_id || '|{int(seed)}') AS lot FROM told"
        ).fetchnumpy()
    return {name: np.asarray(lots) for name, lots in found.items()}


def scores(
    values: pd.DataFrame, months: list[str], lot: NDArray[np.uint64], detector: Callable[[], Any]
) -> pd.DataFrame:
    """Return payment_id, booked_month, score and model_percentile of the months.

    `values` has the features in order of month, `lot` each row's place in the lottery of training rows. `detector`
    makes one whose `_fit` and `_score` take prepared rows: the forest, which both versions share.
    """
    matrix = values.drop(columns=["payment_id", "booked_month"]).to_numpy()
    known = values["booked_month"].map({m: month_index(m) for m in values["booked_month"].unique()}).to_numpy()
    score = np.full(len(values), np.nan)
    for rows, first, after in _fits(known, lot, sorted(month_index(month) for month in months)):
        sample, forest = matrix[rows], detector()
        empty = np.isnan(sample).all(axis=0)
        median = np.zeros(matrix.shape[1])
        median[~empty] = np.nanmedian(sample[:, ~empty], axis=0)
        forest._fit(_prepared(sample, median))
        score[first:after] = np.round(forest._score(_prepared(matrix[first:after], median)), 6)
    found = values[["payment_id", "booked_month"]].assign(score=score)
    found = found[found["booked_month"].isin(months)]
    ranks = found.groupby("booked_month")["score"]
    percentile = (ranks.rank(method="min") - 1) / ranks.transform("size")
    return found.assign(model_percentile=percentile.round(6))


def _prepared(rows: Matrix, median: Matrix) -> Matrix:
    # every feature's bad tail is the high one
    return np.maximum(np.where(np.isnan(rows), median, rows), median)


def _fits(
    known: NDArray[np.int64], lot: NDArray[np.uint64], months: list[int]
) -> Iterator[tuple[NDArray[np.intp], int, int]]:
    """Yield the rows to learn from, in drawn order, and the first and last row to score."""

    def drawn(first: int, after: int) -> NDArray[np.intp]:
        low, high = np.searchsorted(known, [first, after])
        lots = lot[low:high]
        if len(lots) > SAMPLE_ROWS:
            chosen = np.argpartition(lots, SAMPLE_ROWS)[:SAMPLE_ROWS]
            return low + chosen[np.argsort(lots[chosen])]
        return low + np.argsort(lots)

    for start in sorted({month - month % 3 for month in months}):
        rows = drawn(start - TRAILING_MONTHS, start)
        shared = [month for month in months if month - month % 3 == start]
        if len(rows) >= LEAST_ROWS:
            yield rows, *np.searchsorted(known, [shared[0], shared[-1] + 1])
            continue
        for month in shared:
            own = drawn(month, month + 1)
            if len(own):
                yield own, *np.searchsorted(known, [month, month + 1])
