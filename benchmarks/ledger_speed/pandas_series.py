"""Four indicators of a payee's invoices in a row with pandas: SP27, SP30, SP42 and SP43."""

from typing import Any

import numpy as np
import pandas as pd

from benchmarks.ledger_speed.pandas_windows import SPAN, Column, extreme, half_up, hits, listed, since, total
from fut.evaluate import MOST_EVIDENCE


def flags(rows: pd.DataFrame, stated: dict[str, dict[str, Any]], paid: pd.DataFrame) -> pd.DataFrame:
    """Return the flags; `rows` are those of `pandas_amounts.known`, `paid` all payments, credits too."""
    key = rows["entity_no"].to_numpy() * SPAN + rows["month"].to_numpy()
    months = paid.loc[~paid["is_redacted"]].groupby("entity_no")["month"].min()
    first = rows["entity_no"].map(months).to_numpy()
    found = [
        _unbroken(rows, key, stated["SP27"]),
        _flurry(rows, key, stated["SP30"]),
        _new_unbroken(rows, key, stated["SP42"], first, months.min()),
        _new_round(rows, key, stated["SP43"], first, months.min()),
    ]
    return pd.concat(found, ignore_index=True)


def _unbroken(rows: pd.DataFrame, key: Column, stated: dict[str, Any]) -> pd.DataFrame:
    is_told = rows["ref_number"].ge(stated["lowest_number"]).fillna(False).to_numpy(dtype=bool)
    told, key = rows[is_told], key[is_told]
    number, pence = told["ref_number"].to_numpy(dtype=np.int64), told["pence"].to_numpy()
    months, first = np.unique(key, return_index=True)
    low, high = np.minimum.reduceat(number, first), np.maximum.reduceat(number, first)
    is_same = np.diff(months // SPAN, prepend=-1) == 0
    gap = low - np.append(0, high[:-1])
    link = is_same & (gap >= 1) & (gap <= 3)
    place = np.repeat(np.arange(len(months)), np.diff(np.append(first, len(key))))
    order = np.lexsort((number, place))
    is_new = (np.diff(number[order], prepend=-1) != 0) | (np.diff(place[order], prepend=-1) != 0)
    distinct = np.bincount(place[order], is_new)
    dates = np.bincount(place, _like_date(told, number)) / np.bincount(place)
    begin, end = since(months, 11), np.arange(len(months)) + 1
    # the last twelve months with numbers decide; a payee must have been active and linked at all for it
    n, links, year, date_like = (total(v, begin, end) for v in (distinct, link, np.add.reduceat(pence, first), dates))
    span = extreme(np.maximum, high, begin, end) - extreme(np.minimum, low, begin, end) + 1
    is_over = (n >= stated["our_share"] * span) & (n <= span) & (n >= stated["invoices"]) & (links >= 3)
    is_over &= (end - begin >= stated["active_months"]) & (year >= stated["floor_sek"] * 100)
    is_over &= date_like / (end - begin) < 0.5
    keep = is_over[place]
    value = np.round(n / span, 3)[place[keep]]
    evidence = _shown(told, key, key[keep], back=11)
    return hits("SP27", told[keep], pd.DataFrame({"flag": 0, "value": value, "evidence": evidence}))


def _flurry(rows: pd.DataFrame, key: Column, stated: dict[str, Any]) -> pd.DataFrame:
    sigmas, least = stated["sigmas"], stated["history"]
    payee, booked = key // SPAN, key % SPAN
    told = rows["rhythm"].isna().to_numpy()
    day = rows["booking_date"].to_numpy().astype("datetime64[D]")
    week = (day - np.datetime64("2000-01-03")).astype(int) // 7
    own_month = day.astype("datetime64[M]").astype(int) + 1970 * 12 + 1 == booked
    counted = told & own_month
    groups = np.lexsort((booked[counted], week[counted], payee[counted]))
    cells = [values[counted][groups] for values in (payee, week, booked)]
    starts = np.flatnonzero(np.any([np.diff(c, prepend=-1) != 0 for c in cells], axis=0))
    of, weeks, month = (c[starts] for c in cells)
    n = np.diff(np.append(starts, len(groups)))
    place = of * SPAN + weeks
    begin, end = np.searchsorted(place, np.maximum(place - 53, of * SPAN)), np.searchsorted(place, place)
    past, top = total(n, begin, end), extreme(np.maximum, n, begin, end)
    age = weeks - weeks[np.searchsorted(of, of)]
    with np.errstate(divide="ignore", invalid="ignore"):
        usual = past / np.minimum(age, 53)
        over = n >= usual + sigmas * np.sqrt(usual) + (sigmas**2 - 1) / 6
    over &= (past >= least) & (age >= stated["weeks"]) & (n >= stated["record_factor"] * top)
    flurry = pd.DataFrame({"entity_no": of, "month": month, "week": weeks, "usual": usual, "n": n})[over]
    found = rows[told].assign(week=week[told]).merge(flurry, on=["entity_no", "month", "week"])
    kronor = half_up((found["pence"] / 100 * (1 - found["usual"] / found["n"])).to_numpy(), 2)
    risk = pd.Series(np.rint(kronor * 100).astype(np.int64), index=found.index)
    kept = (
        risk.groupby([found["entity_no"], found["month"], found["week"]]).transform("sum") >= stated["floor_sek"] * 100
    )
    value = half_up((found["n"] / found["usual"]).to_numpy(), 3)
    told = pd.DataFrame({"flag": found["week"], "value": value})[kept]
    return hits("SP30", found[kept], told, risk[kept].to_numpy())


def _new_unbroken(rows: pd.DataFrame, key: Column, stated: dict[str, Any], first: Column, start: int) -> pd.DataFrame:
    is_new = _is_new(key % SPAN, first, start, stated)
    told, key = rows[is_new], key[is_new]
    months, place = np.unique(key, return_inverse=True)
    number = told["ref_number"].fillna(-1).to_numpy(dtype=np.int64)
    is_numbered = number >= 0
    order = np.lexsort((number, place))
    differs = (np.diff(number[order], prepend=-1) != 0) | (np.diff(place[order], prepend=-1) != 0)
    distinct = np.bincount(place[order], differs & is_numbered[order])
    begins = np.searchsorted(key, months)
    high, low = np.maximum.reduceat(number, begins), np.minimum.reduceat(np.where(is_numbered, number, 1 << 62), begins)
    begin, end = since(months, SPAN), np.arange(len(months)) + 1
    cells = (
        np.bincount(place),
        distinct,
        np.bincount(place, _like_date(told, number)),
        np.add.reduceat(told["pence"].to_numpy(), begins),
    )
    bills, numbers, date_bills, pence = (total(np.asarray(v), begin, end) for v in cells)
    span = extreme(np.maximum, high, begin, end) - extreme(np.minimum, low, begin, end) + 1
    is_over = (bills >= stated["invoices"]) & (numbers == bills) & (span == bills)
    is_over &= (pence >= stated["floor_sek"] * 100) & (2 * date_bills < bills)
    keep = is_over[place]
    evidence = _shown(told, key, key[keep])
    found = pd.DataFrame({"flag": 0, "value": bills[place[keep]].astype(float), "evidence": evidence})
    return hits("SP42", told[keep], found)


def _new_round(rows: pd.DataFrame, key: Column, stated: dict[str, Any], first: Column, start: int) -> pd.DataFrame:
    is_new = _is_new(key % SPAN, first, start, stated) & rows["rhythm"].isna().to_numpy()
    told, key = rows[is_new], key[is_new]
    months, place = np.unique(key, return_inverse=True)
    begin, end = since(months, SPAN), np.arange(len(months)) + 1
    is_round = told["pence"] % (stated["unit_sek"] * 100) == 0
    cells = (
        np.bincount(place),
        np.bincount(place, is_round),
        np.add.reduceat(told["pence"].to_numpy(), np.searchsorted(key, months)),
    )
    n, round_n, pence = (total(np.asarray(v), begin, end) for v in cells)
    is_over = (n >= stated["payments"]) & (round_n >= stated["least_share"] * n) & (pence >= stated["floor_sek"] * 100)
    keep = is_over[place]
    evidence = _shown(told, key, key[keep])
    found = pd.DataFrame({"flag": 0, "value": np.round(round_n / n, 3)[place[keep]], "evidence": evidence})
    return hits("SP43", told[keep], found)


def _shown(rows: pd.DataFrame, key: Column, flagged: Column, back: int = 0) -> Column:
    """Return the evidence of each flagged row: payments of `back` months, the latest first, or all so far."""
    months, place = np.unique(flagged, return_inverse=True)
    begin = np.searchsorted(key, np.maximum(months - (back or SPAN), months // SPAN * SPAN))
    by = rows["month"].to_numpy() if back else np.zeros(len(rows))
    end = np.searchsorted(key, months, side="right")
    return listed(rows["payment_id"], by, begin, end, MOST_EVIDENCE, ids_rise=True)[place]


def _is_new(month: Column, first: Column, start: int, stated: dict[str, Any]) -> Column:
    return (first >= start + stated["warmup_months"]) & (month < first + stated["new_months"])


def _like_date(rows: pd.DataFrame, number: Column) -> Column:
    """Return which numbers read as year and month of the booking."""
    day = rows["booking_date"].dt
    months = np.isin(np.abs(number % 100 - day.month.to_numpy()), [0, 1, 11])
    return months & np.isin(number // 100 % 100 - day.year.to_numpy() % 100, [-1, 0, 1]) & (number >= 0)
