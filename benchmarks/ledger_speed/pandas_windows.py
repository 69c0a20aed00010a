"""Sums, extremes and payments of runs of sorted rows: what the windows of a query are in numpy."""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from fut.evaluate import MOST_EVIDENCE

Column = NDArray[Any]
SPAN = 1 << 20


def since(key: Column, back: int) -> Column:
    """Return the first row of the same group at most `back` months before each row; keys are group * SPAN + month."""
    return np.searchsorted(key, np.maximum(key - back, key // SPAN * SPAN))


def total(values: Column, begin: Column, end: Column) -> Column:
    """Return the sum of each run."""
    summed = np.append(0, np.cumsum(values))
    return summed[end] - summed[begin]


def extreme(of: np.ufunc, values: Column, begin: Column, end: Column, empty: Any = 0) -> Column:
    """Return the largest or smallest value of each run, `empty` where there is none."""
    n = end - begin
    found = np.full(len(n), empty, dtype=values.dtype)
    if n.any():
        owner, at = members(begin, end)
        found[n > 0] = of.reduceat(values[at], np.flatnonzero(np.diff(owner, prepend=-1)))
    return found


def members(begin: Column, end: Column) -> tuple[Column, Column]:
    """Return for each row of each run the number of the run, and the row."""
    n = end - begin
    owner = np.repeat(np.arange(len(n)), n)
    return owner, np.arange(len(owner)) + (begin - np.cumsum(n) + n)[owner]


def half_up(values: Column, decimals: int) -> Column:
    """Return the values rounded, halves upwards, as money is."""
    return np.floor(values * 10**decimals + 0.5) / 10**decimals


def hits(
    code: str, rows: pd.DataFrame, found: pd.DataFrame, risk: Column | None = None, subject: str = "entity_key"
) -> pd.DataFrame:
    """Return flags from the rows behind them; `found` has flag, value and, where it is not the rows, evidence.

    A row of it stands beside each of `rows`.
    One flag per subject, month and `flag`; `risk` is what each row adds in pence, by default its amount.
    """
    pence = rows["pence"].to_numpy() if risk is None else risk
    told = pd.DataFrame(
        {
            "subject_id": rows[subject].to_numpy(), "month": rows["booked_month"].to_numpy(),
            "flag": found["flag"].to_numpy(), "value": found["value"].to_numpy(), "pence_at_risk": pence,
            "payment_id": rows["payment_id"].to_numpy(),
        }
    )  # fmt: skip
    if "evidence" in found:
        told["evidence"] = found["evidence"].to_numpy()
    told = told.sort_values("payment_id")
    told["payments"] = told["payment_id"] + ":" + told["pence_at_risk"].astype(str)
    keys = ["subject_id", "month", "flag"]
    groups = told.groupby(keys, sort=False)
    flags = groups.agg(
        value=("value", "first"), pence_at_risk=("pence_at_risk", "sum"), payments=("payments", "|".join)
    )  # fmt: skip
    if "evidence" in found:
        flags["evidence"] = groups["evidence"].first()
    else:
        flags["evidence"] = groups.head(MOST_EVIDENCE).groupby(keys, sort=False)["payment_id"].agg("|".join)
    flags = flags.reset_index()
    return flags.assign(indicator=code)


def listed(ids: pd.Series, by: Column, begin: Column, end: Column, most: int, ids_rise: bool = False) -> Column:
    """Return for each run the ids of its rows with the highest `by`, as text, the highest first; no run is empty."""
    owner, at = members(begin, end)
    cells = pd.DataFrame({"owner": owner, "by": by[at], "id": ids.to_numpy()[at]})
    ordered = cells.sort_values(["owner", "by", "id"], ascending=[True, False, ids_rise])
    told = ordered.groupby("owner").head(most).groupby("owner")["id"].agg("|".join)
    return np.asarray(told, dtype=object)
