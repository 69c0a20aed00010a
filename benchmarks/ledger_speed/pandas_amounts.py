"""Five indicators of a payee's amounts with pandas: SP18, SP21, SP31, SP32 and SP34."""

from math import log10
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.ledger_speed.pandas_features import median_mad
from benchmarks.ledger_speed.pandas_windows import SPAN, Column, extreme, half_up, hits, listed, members, since, total
from fut.evaluate import MOST_EVIDENCE
from indicators.supplier_payments.sp34_first_digits import _CHANCE, _SHARES


def flags(rows: pd.DataFrame, stated: dict[str, dict[str, Any]], lows: pd.Series) -> pd.DataFrame:
    """Return the flags; `rows` are live payments of known payees in order of payee and month, see `known`."""
    key = rows["entity_no"].to_numpy() * SPAN + rows["month"].to_numpy()
    found = [
        _above_normal(rows, key, stated["SP18"]),
        _round(rows, stated["SP21"]),
        _dormant(rows, key, stated["SP31"]),
        _first(rows, key, stated["SP32"]),
        _digits(rows, key, stated["SP34"], lows),
    ]
    return pd.concat(found, ignore_index=True)


def known(paid: pd.DataFrame) -> pd.DataFrame:
    """Return the live payments of payees that are not hidden, by payee and month."""
    columns = [
        "payment_id", "entity_key", "entity_no", "booked_month", "month", "booking_date", "pence", "ref_number",
        "rhythm", "same_amount_before", "account_no", "account_text",
    ]  # fmt: skip
    rows = paid.loc[paid["is_live"] & ~paid["is_redacted"], columns]
    return rows.sort_values(["entity_no", "month"], kind="stable", ignore_index=True)


def lows(paid: pd.DataFrame) -> pd.Series:
    """Return each month's hundredth part of live amounts from below, in pence."""
    live = paid.loc[paid["is_live"], ["month", "pence"]].sort_values(["month", "pence"])
    n = live.groupby("month").size()
    at = np.cumsum(n) - n + np.maximum(np.ceil(n * 0.01).astype(int) - 1, 0)
    return pd.Series(live["pence"].to_numpy()[at], index=n.index)


def _above_normal(rows: pd.DataFrame, key: Column, stated: dict[str, Any]) -> pd.DataFrame:
    pence = rows["pence"].to_numpy()
    least, growth = stated["least_excess_sek"] * 100, 1 + stated["growth"]
    is_large = pence >= least
    months, first = np.unique(key[is_large], return_index=True)
    top = np.maximum.reduceat(pence[is_large], first)
    largest = extreme(np.maximum, top, since(months, stated["months"]), np.arange(len(months)))
    is_record = top > largest * growth
    months, largest = months[is_record], largest[is_record]
    begin = np.searchsorted(key, np.maximum(months - stated["months"], months // SPAN * SPAN))
    end = np.searchsorted(key, months)
    enough = end - begin >= stated["history"]
    months, largest, begin, end = (values[enough] for values in (months, largest, begin, end))
    logs = np.log(pence / 100)
    middle, spread = median_mad(logs, begin, end)
    spread = 1.4826 * spread
    owner, at = members(end, np.searchsorted(key, months, side="right"))
    middle, spread, largest = middle[owner], spread[owner], largest[owner]
    with np.errstate(divide="ignore", invalid="ignore"):
        risk = np.rint(pence[at] - 100 * np.exp(middle + stated["fence"] * spread))
    keep = (spread > 0) & (pence[at] > largest * growth) & (risk >= least) & rows["rhythm"].isna().to_numpy()[at]
    owner, at = owner[keep], at[keep]
    runs, run = np.unique(owner, return_inverse=True)
    before = listed(rows["payment_id"], pence, begin[runs], end[runs], 5)[run]
    told = pd.DataFrame({"flag": 0, "value": half_up(np.exp(middle[keep]), 2)})
    told["evidence"] = rows["payment_id"].to_numpy()[at] + "|" + before
    return hits("SP18", rows.iloc[at], told, risk[keep].astype(np.int64), "payment_id")


def _round(rows: pd.DataFrame, stated: dict[str, Any]) -> pd.DataFrame:
    unit, floor, scale = stated["unit_sek"] * 100, stated["floor_sek"] * 100, 10**6
    paid = rows[rows["rhythm"].isna() & (rows["pence"] >= unit)]
    is_round = (paid["pence"] % unit == 0).to_numpy()
    month = paid["month"].to_numpy()
    kind_key = paid["account_text"].fillna(paid["account_no"]).fillna("").factorize()[0] * SPAN + month
    months, place = np.unique(kind_key, return_inverse=True)
    begin, end = since(months, 11), np.arange(len(months)) + 1
    n = total(np.bincount(place), begin, end)
    share = np.rint(total(np.bincount(place, is_round), begin, end) / n * scale).astype(np.int64)[place]
    payee, pence = paid["entity_no"].to_numpy(), paid["pence"].to_numpy()
    round_pence = pence * is_round
    mine = (np.bincount(payee, round_pence) >= floor)[payee]
    told = mine & (n[place] >= stated["history"])
    years, place = np.unique((payee * SPAN + month)[told], return_inverse=True)
    begin, end = since(years, 11), np.arange(len(years)) + 1
    cells = (
        np.ones(len(share), np.int64),
        is_round,
        share,
        (share * (scale - share) + scale // 2) // scale,
        round_pence,
    )
    n, k, e, v, paid_pence = (total(np.bincount(place, cell[told]), begin, end) for cell in cells)
    is_over = (n >= stated["history"]) & (100 * k >= stated["least_percent"] * n) & (v > 0) & (paid_pence >= floor)
    is_over &= k - e / scale >= stated["fence"] * np.sqrt(v / scale)
    at = np.searchsorted(years, payee * SPAN + month)
    at = np.where(np.append(years, -1)[at] == payee * SPAN + month, at, len(years))
    keep = mine & is_round & np.append(is_over, False)[at]
    with np.errstate(divide="ignore", invalid="ignore"):
        value = np.round(np.append(k / n, 0), 3)[at[keep]]
    whole = mine & is_round
    ids, held, key = paid.loc[whole, "payment_id"], month[whole], (payee * SPAN + month)[whole]
    over = np.unique(at[keep])
    begin = np.searchsorted(key, np.maximum(years[over] - 11, years[over] // SPAN * SPAN))
    told = listed(ids, held, begin, np.searchsorted(key, years[over], side="right"), MOST_EVIDENCE)
    evidence = told[np.searchsorted(over, at[keep])]
    return hits("SP21", paid[keep], pd.DataFrame({"flag": 0, "value": value, "evidence": evidence}))


def _dormant(rows: pd.DataFrame, key: Column, stated: dict[str, Any]) -> pd.DataFrame:
    pence, floor = rows["pence"].to_numpy(), stated["floor_sek"] * 100
    months, first = np.unique(key, return_index=True)
    gap = np.diff(months, prepend=-SPAN)
    is_woken = (gap >= stated["dormant_months"]) & (np.diff(months // SPAN, prepend=-1) == 0)
    is_woken &= np.maximum.reduceat(pence, first) >= floor
    begin, end = np.searchsorted(key, months[is_woken] // SPAN * SPAN), first[is_woken]
    after, gap = np.append(first, len(key))[np.flatnonzero(is_woken) + 1], gap[is_woken]
    owner, at = members(begin, end)
    ordered, n = pence[at][np.lexsort((pence[at], owner))], end - begin
    share = np.where(n < stated["fence_group"], 1.0, stated["usual_share"])
    usual = ordered[np.cumsum(n) - n + np.ceil(n * share).astype(int) - 1]
    owner, at = members(end, after)
    keep = (pence[at] > usual[owner]) & (pence[at] >= floor) & rows["rhythm"].isna().to_numpy()[at]
    keep &= n[owner] >= stated["history"]
    runs, run = np.unique(owner[keep], return_inverse=True)
    before = listed(rows["payment_id"], rows["month"].to_numpy(), begin[runs], end[runs], 5)[run]
    told = pd.DataFrame({"flag": 0, "value": gap[owner[keep]].astype(float)})
    told["evidence"] = rows["payment_id"].to_numpy()[at[keep]] + "|" + before
    return hits("SP31", rows.iloc[at[keep]], told, subject="payment_id")


def _first(rows: pd.DataFrame, key: Column, stated: dict[str, Any]) -> pd.DataFrame:
    month, begins = key % SPAN, np.searchsorted(key, key // SPAN * SPAN)
    is_first = (month == month[begins]) & (month >= month.min() + stated["warmup_months"])
    first = rows[is_first].assign(kind=lambda d: d["account_text"].fillna(d["account_no"])).dropna(subset="kind")
    first = first.sort_values(["entity_no", "booking_date", "pence", "payment_id"], ascending=[True, True, False, True])
    first = first.drop_duplicates("entity_no")
    first = first.assign(group=first["kind"].factorize()[0] * SPAN + first["month"]).sort_values("group", kind="stable")
    group, pence = first["group"].to_numpy(), first["pence"].to_numpy()
    large = np.flatnonzero(pence >= stated["floor_sek"] * 100)
    end = np.searchsorted(group, group[large], side="right")
    begin = np.searchsorted(group, group[large] // SPAN * SPAN)
    owner, at = members(begin, end)
    ordered, n = pence[at][np.lexsort((pence[at], owner))], end - begin
    level = []
    for share in (0.25, 0.5, 0.75, 1 - stated["top_share"]):
        place = (n - 1) * share
        low = np.floor(place).astype(int)
        a, b = (ordered[np.cumsum(n) - n + step] for step in (low, np.ceil(place).astype(int)))
        level.append(np.rint(a + (b - a) * (place - low)))
    keep = (n >= stated["fence_group"]) & (level[2] > level[0]) & (pence[large] >= level[3])
    told = pd.DataFrame({"flag": 0, "value": np.round(pence[large] / level[1], 3)[keep]})
    return hits("SP32", first.iloc[large[keep]], told, subject="payment_id")


def _digits(rows: pd.DataFrame, key: Column, stated: dict[str, Any], lows: pd.Series) -> pd.DataFrame:
    least = {m: 1000 if low < 10_000 else 100 * 10 ** int(np.ceil(log10(low / 100))) for m, low in lows.items()}
    is_new = rows["same_amount_before"].to_numpy() == 0
    payee, pence = key // SPAN, rows["pence"].to_numpy()
    told = is_new & (np.bincount(payee, is_new) >= stated["amounts"])[payee]
    told &= pence >= rows["month"].map(least).to_numpy()
    months, place = np.unique(key[told], return_inverse=True)
    begin, end = since(months, 11), np.arange(len(months)) + 1
    logs, powers = np.log(pence[told] / 100), 10 ** np.arange(19)
    digit = pence[told] // powers[np.searchsorted(powers, pence[told], side="right") - 1]
    n = total(np.bincount(place), begin, end)
    summed, squares = (total(np.bincount(place, cells), begin, end) for cells in (logs, logs**2))
    spread = np.sqrt(np.maximum(0, squares / n - (summed / n) ** 2))
    apart = sum(
        np.abs(total(np.bincount(place, digit == d), begin, end) / n - round(share, 5)) for d, share in _SHARES.items()
    )
    excess = apart / 9 - _CHANCE / np.sqrt(n)
    is_over = (n >= stated["amounts"]) & (spread >= stated["spread"]) & (excess >= stated["bound"])
    owner, at = members(np.searchsorted(key, months[is_over]), np.searchsorted(key, months[is_over], side="right"))
    value = np.round(excess[is_over], 5)[owner]
    return hits("SP34", rows.iloc[at], pd.DataFrame({"flag": 0, "value": value}), np.zeros(len(at), np.int64))
