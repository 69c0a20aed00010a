"""Where payees lie among their peers, feature by feature: what a profile tells, one comparison at a time.

A comparison is a block of rows that are each other's peers; a payee is never its own peer. Only known values count.
"""

from collections.abc import Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from features.peers import GROUP, has_own_group

Matrix = NDArray[np.float64]
Places = NDArray[np.intp]
QUARTERS = {"peer_low": 0.25, "peer_median": 0.5, "peer_high": 0.75}
POSITION = ("peers", "beyond_share", *QUARTERS)


def comparisons(frame: pl.DataFrame, is_wanted: str) -> pl.DataFrame:
    """Return the rows for which the column `is_wanted` is true, and all their peers.

    The rows of a comparison stand together and share a number in `peers`. A row stands in two when its own group is
    compared within itself and a wanted row of another group with all of the month: `is_wanted` is true in one of them.
    """
    marked = frame.with_columns(is_own=has_own_group())
    wanted = marked.filter(is_wanted)
    within = marked.join(wanted.filter("is_own").select(GROUP).unique(), on=GROUP, how="semi", maintain_order="left")
    months = wanted.filter(~pl.col("is_own"))["month"].unique()
    across = marked.filter(pl.col("month").is_in(months.implode()))
    both = pl.concat([
        within.with_columns(peers=pl.concat_str(GROUP, separator=" ")),
        across.with_columns(pl.col(is_wanted) & ~pl.col("is_own"), peers="month"),
    ])  # fmt: skip
    return both.with_columns(pl.col("peers").cast(pl.Categorical).to_physical()).sort("peers", maintain_order=True)


def position(values: Matrix, rows: Places, tails: Sequence[str]) -> dict[str, Matrix]:
    """Return POSITION: for the chosen rows of a comparison what its other rows tell, each of shape (rows, features).

    `values` has shape (peers, features), NaN where unknown. `peers` is how many others are known, QUARTERS are their
    quartiles (linear between the nearest two), `beyond_share` is the share of them at or beyond the row's value on the
    feature's bad tail. NaN where the row's own value or all others are unknown, or where both tails are bad.
    """
    own, known = values[rows], np.count_nonzero(~np.isnan(values), axis=0)
    below = (values[None] < own[:, None]).sum(axis=1)
    above = (values[None] > own[:, None]).sum(axis=1)
    others = np.maximum(known - 1, 0)
    with_others = ~np.isnan(own) & (others > 0)
    beyond = {"high": others - below, "low": others - above, "both": np.full_like(below, -1)}
    count = np.stack([beyond[tail][:, column] for column, tail in enumerate(tails)], axis=1)
    share = np.where(with_others & (count >= 0), count / np.maximum(others, 1), np.nan)
    # the others in order: sorting puts the unknown last, and the row's own place is stepped over
    ordered, last = np.sort(values.T, axis=1), np.maximum(others - 1, 0)
    found = {"peers": np.where(~np.isnan(own), others, np.nan), "beyond_share": share}
    for name, part in QUARTERS.items():
        place = last * part
        low = place.astype(np.intp)
        begin, end = (_at(ordered, step + (step >= below)) for step in (low, np.minimum(low + 1, last)))
        found[name] = np.where(with_others, begin + (end - begin) * (place - low), np.nan)
    return found


def _at(ordered: Matrix, places: Places) -> Matrix:
    return ordered[np.arange(len(ordered)), np.minimum(places, ordered.shape[1] - 1)]


def peer_rate(values: Matrix, hits: Matrix, exposure: Matrix, rows: Places) -> Matrix:
    """Return what the other rows' hits come to over their exposure, those without a known value left out."""
    told = ~(np.isnan(values) | np.isnan(hits))
    hit, exposed = (np.where(told, cells, 0.0) for cells in (hits, exposure))
    sums = [cells.sum(axis=0) - cells[rows] for cells in (hit, exposed)]
    return np.divide(sums[0], sums[1], out=np.full_like(sums[0], np.nan), where=sums[1] > 0)
