"""From visits to billable minutes with pandas: basis, flat, minimum, rounding, shares, cap, as docs/compensation-semantics.md."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from benchmarks.care_speed.pandas_tariff import OPEN, SHARE, half_up

DAY = np.timedelta64(1, "D")


def billable(x: pd.DataFrame, rules: pd.DataFrame, rates: pd.DataFrame, caps: np.ndarray) -> pd.DataFrame:
    """Return the minutes of every step, the weight, whether a visit pays, and öre x 1/10,000 minute, for visits `x`.

    `x` is in order of visit_id and has rule, rate, g (its client-month), date, start, status, registered_bp, planned_bp,
    second, absence_day, is_couple; `caps` is each client-month's cap, -1 for none.
    """
    r = {name: rules[name].to_numpy()[x["rule"]] for name in _READ}
    is_performed = (x["status"] == "performed").to_numpy()
    counts = r["basis"] != "granted"
    registered, planned = x["registered_bp"].to_numpy(), x["planned_bp"].to_numpy()
    basis = np.maximum(np.where(is_performed & (r["basis"] == "performed"), registered, planned), 0)
    flat = np.where(r["flat_minutes"] == OPEN, basis, r["flat_minutes"])
    least = np.where(is_performed & (flat > 0), np.maximum(flat, r["minimum_minutes"]), flat)
    rounded = _rounded(x, r, least, is_performed, counts)
    weight = _weight(x, r, is_performed)
    weighed = half_up(rounded * weight, SHARE)
    paid = _cut(x, weighed, counts, caps)
    unit, price = (rates[name].to_numpy()[x["rate"]] for name in ("unit", "price_ore"))
    by_piece = (unit == "visit") | (unit == "piece")
    return pd.DataFrame(
        {
            "basis_bp": basis,
            "flat_bp": flat,
            "minimum_bp": least,
            "rounded_bp": rounded,
            "weight": weight,
            "weighed_bp": weighed,
            "billable_bp": np.where(counts, paid, 0),
            "counts": counts,
            "is_paying": counts & (unit != "month"),
            "quantity_bp": np.where(by_piece, weight, 0),
            "value": np.where(by_piece, weight * 60, paid) * price,
        },
        index=x.index,
    )


_READ = (
    "basis", "flat_minutes", "minimum_minutes", "rounding", "rounding_scope", "rounding_minutes", "declined_share",
    "absence_share_day_1", "absence_share_later", "absence_days", "unknown_share", "double_staffing_factor",
    "is_any_second", "cohabitant_share",
)  # fmt: skip


def _rounded(
    x: pd.DataFrame, r: Mapping[str, np.ndarray], least: np.ndarray, is_performed: np.ndarray, counts: np.ndarray
) -> np.ndarray:
    rounded = least.copy()
    is_rounded = is_performed & (r["rounding"] != "none")
    by_visit = np.flatnonzero(is_rounded & (r["rounding_scope"] == "visit"))
    rounded[by_visit] = _steps(least[by_visit], r["rounding"][by_visit], r["rounding_minutes"][by_visit])
    together = np.flatnonzero(is_rounded & (r["rounding_scope"] != "visit") & counts)
    if len(together):
        summed = x.iloc[together][["g", "rule", "date", "start"]].assign(row=together, least=least[together])
        summed["date"] = summed["date"].where(r["rounding_scope"][together] == "day")
        summed = summed.sort_values("start", kind="stable")
        key = ["g", "rule", "date"]
        total = summed.groupby(key, dropna=False)["least"].sum().rename("total")
        last = summed.drop_duplicates(key, keep="last").merge(total, on=key)
        row, total = last["row"].to_numpy(), last["total"].to_numpy()
        rounded[row] += _steps(total, r["rounding"][row], r["rounding_minutes"][row]) - total
    return rounded


def _steps(minutes: np.ndarray, how: np.ndarray, step: np.ndarray) -> np.ndarray:
    return np.where(how == "up", -(-minutes // step), half_up(minutes, step)) * step


def _weight(x: pd.DataFrame, r: Mapping[str, np.ndarray], is_performed: np.ndarray) -> np.ndarray:
    share = np.where(is_performed, SHARE, r["declined_share"])
    absent = np.flatnonzero(x["status"] == "absent")
    day = x["absence_day"].to_numpy()[absent]
    found = {name: r[name][absent] for name in ("absence_days", "absence_share_later", "absence_share_day_1")}
    share[absent] = np.select(
        [day == OPEN, day == 1, day <= found["absence_days"]],
        [r["unknown_share"][absent], found["absence_share_day_1"], found["absence_share_later"]],
    )
    second, extra = x["second"].to_numpy(), r["double_staffing_factor"] - SHARE
    staffed = np.where(second == 0, SHARE, np.where((second == 1) | r["is_any_second"], extra, 0))
    couple = np.where(x["is_couple"].to_numpy() & (r["cohabitant_share"] != OPEN), r["cohabitant_share"], SHARE)
    return half_up(half_up(share * staffed, SHARE) * couple, SHARE)


def _cut(x: pd.DataFrame, weighed: np.ndarray, counts: np.ndarray, caps: np.ndarray) -> np.ndarray:
    """Return the minutes left of each visit when its client-month's cap is reached in order of start and visit_id."""
    paid, g = weighed.copy(), x["g"].to_numpy()
    of_group = np.bincount(g, np.where(counts, np.maximum(weighed, 0), 0), len(caps))
    over = np.flatnonzero(((caps != OPEN) & (of_group > caps))[g] & counts)
    o = pd.DataFrame({"row": over, "g": g[over], "start": x["start"].to_numpy()[over], "weighed": weighed[over]})
    o = o.sort_values(["g", "start"], kind="stable")
    reached = np.minimum(o.groupby("g")["weighed"].cumsum(), caps[o["g"]])
    paid[o["row"]] = reached - reached.groupby(o["g"]).shift(fill_value=0)
    return paid


def absence_days(absences: pd.DataFrame, first: pd.Timestamp, last: pd.Timestamp) -> pd.DataFrame:
    """Return each client's days of absence in the month, counted from the earliest absence that covers the day."""
    a = absences.assign(begin=absences["from_at"].dt.normalize())
    since, until = a["begin"].clip(lower=first), a["to_at"].dt.normalize().fillna(last).clip(upper=last)
    length = ((until - since) // DAY).to_numpy() + 1
    a, since, length = a[length > 0], since[length > 0], length[length > 0]
    at = np.repeat(np.arange(len(a)), length)
    further = np.arange(len(at)) - np.repeat(np.cumsum(length) - length, length)
    day = since.to_numpy()[at] + further * DAY
    found = pd.DataFrame(
        {"client_ref": a["client_ref"].to_numpy()[at], "date": day, "begin": a["begin"].to_numpy()[at]}
    )
    found = found.sort_values("begin", kind="stable").drop_duplicates(["client_ref", "date"])
    number = (found["date"] - found["begin"]) // DAY + 1
    return found.drop(columns="begin").assign(absence_day=number)


def couples(x: pd.DataFrame, v: pd.DataFrame, rules: pd.DataFrame) -> np.ndarray:
    """Return whether a visit and one to another client of the household are by the same carer at the same time."""
    may = (rules["cohabitant_share"] != OPEN) & (rules["basis"] != "granted")
    rows = np.flatnonzero(may.to_numpy()[x["rule"]] & (x["status"] == "performed") & v["household_ref"].notna())
    columns = ["provider_id", "carer_ref", "household_ref", "service", "task"]
    both = v.iloc[rows][[*columns, "client_ref"]].assign(start=x["start"].to_numpy()[rows])
    clients = both.groupby([*columns, "start"], dropna=False)["client_ref"].transform("nunique")
    found = np.zeros(len(x), bool)
    found[rows[clients.to_numpy() > 1]] = True
    return found
