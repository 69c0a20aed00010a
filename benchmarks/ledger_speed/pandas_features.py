"""Features of payments with pandas: `features.payment` and its history over again, in sorted numpy columns."""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from features.payment import ENOUGH, LEAST_SPREAD, MAD_TO_SD, SHRINK, WIDEST

READ = (
    "payment_id", "booked_month", "booking_date", "month", "is_to_the_day", "entity_no", "is_redacted", "account_no",
    "account_text", "pence", "invoice_no", "rhythm", "same_amount_before", "gap_days", "copies_same_day",
)  # fmt: skip
Column = NDArray[Any]
SPAN = 1 << 20
OWN_QUARTER, KIND_QUARTER, ALL_QUARTER, LEAST_PEERS = 10, 50, 2000, 20
LOTS = 65536


def live(paid: pd.DataFrame) -> pd.DataFrame:
    """Return the live payments, by month, with the numbers of payee (-1 where hidden), kind and account."""
    rows = paid.loc[paid["is_live"], list(READ)].reset_index(drop=True)
    kind = rows["account_text"].fillna(rows["account_no"]).fillna("")
    return pd.DataFrame(
        {
            "payment_id": rows["payment_id"],
            "booked_month": rows["booked_month"],
            "mi": rows["month"] - 1,
            "quarter": (rows["month"] - 1) // 3,
            "payee": rows["entity_no"].where(~rows["is_redacted"], -1),
            "kind": kind.factorize()[0],
            "account": rows["account_no"].factorize()[0],
            "log_amount": np.log10(rows["pence"].to_numpy() / 100).astype(np.float32),
            "is_round": rows["pence"] % 100_000 == 0,
            "has_invoice_no": rows["invoice_no"].notna(),
            "is_expected": rows["rhythm"].notna(),
            "is_day_known": rows["is_to_the_day"],
            "is_weekend": rows["booking_date"].dt.dayofweek > 4,
            "same_amount_before": rows["same_amount_before"],
            "gap_days": rows["gap_days"].fillna(400).astype("int64"),
            "copies_same_day": rows["copies_same_day"],
        }
    )


def features(rows: pd.DataFrame, draw: Column) -> pd.DataFrame:
    """Return payment_id, booked_month and the features, to 6 decimals; `draw` is each row's place in the thinning."""
    payee, centre, spread = _payee(rows, draw), *_peers(rows, draw)
    peers = _robust_z(rows["log_amount"], centre, spread)
    prior, own = payee["prior_count"], payee["own_count"]
    is_known, others = prior.notna().to_numpy(), own + SHRINK
    usual = payee["year_count"] / payee["year_months"]
    again = rows["same_amount_before"].gt(0) & ~rows["is_expected"]
    silence = payee["months_since_last"] / payee["usual_gap_months"].clip(lower=1)
    accounts = (prior - payee["prior_account_count"]) / (prior + SHRINK)

    def surprise(happened: pd.Series, rarity: pd.Series) -> Column:
        return np.where(is_known, np.where(happened, rarity.fillna(0), 0.0), np.nan)

    found = {
        "amount_against_own_history": _robust_z(rows["log_amount"], payee["own_median"], payee["own_mad"]).where(own >= ENOUGH),
        "amount_against_peers": peers,
        "first_amount_against_peers": np.where(prior == 0, peers.clip(lower=0), np.where(prior > 0, 0.0, np.nan)),
        "silence_against_usual": np.log2(silence.where(payee["paid_months"] >= 4)),
        "month_count_against_usual": np.log2((payee["month_count"] + 3) / (usual + 3)).where(payee["year_months"] >= 3),
        "round_amount_surprise": surprise(rows["is_round"], (own - payee["own_round_count"]) / others),
        "account_surprise": accounts.where(rows["account"] >= 0),
        "missing_invoice_number_surprise": surprise(~rows["has_invoice_no"], payee["own_numbered_count"] / others),
        "same_amount_again": np.where(again, 1 / (1 + rows["gap_days"]), 0.0),
        "copies_same_day": np.where(rows["is_expected"], 0.0, rows["copies_same_day"] - 1),
        "booked_at_weekend": rows["is_weekend"].astype(float),
    }  # fmt: skip
    wide = pd.DataFrame(found).round(6)
    days = ["same_amount_again", "copies_same_day", "booked_at_weekend"]
    wide[days] = wide[days].where(rows["is_day_known"])
    return pd.concat([rows[["payment_id", "booked_month"]], wide], axis=1)


def _payee(rows: pd.DataFrame, draw: Column) -> pd.DataFrame:
    """Return for each row what was known of its payee before the month; null where the payee is hidden."""
    known = rows[rows["payee"] >= 0]
    month_of = (known["payee"] * SPAN + known["mi"]).to_numpy()
    key, place, n = np.unique(month_of, return_inverse=True, return_counts=True)
    payee, mi, seen = key // SPAN, key % SPAN, np.append(0, np.cumsum(n))
    first = np.searchsorted(key, payee * SPAN)
    here, is_first = np.arange(len(key)), np.diff(payee, prepend=-1) != 0
    paid_months, last = here - first, mi[here - 1]
    with np.errstate(divide="ignore", invalid="ignore"):
        usual_gap = np.where(paid_months > 1, (last - mi[first]) / (paid_months - 1), np.nan)
    month = {
        "month_count": n,
        "prior_count": seen[here] - seen[first],
        "year_count": seen[here] - seen[np.searchsorted(key, np.maximum(key - 12, payee * SPAN))],
        "year_months": np.where(is_first, np.nan, np.minimum(mi - mi[first], 12)),
        "months_since_last": np.where(is_first, np.nan, mi - last),
        "paid_months": paid_months,
        "usual_gap_months": usual_gap,
    } | _own(known, draw[known.index], payee, mi)
    account = known["account"].to_numpy()
    found = pd.DataFrame({name: values[place] for name, values in month.items()}, index=known.index)
    found["prior_account_count"] = _before(known["payee"].to_numpy() * SPAN + account, known["mi"].to_numpy())
    return found[account >= 0].reindex(rows.index)


def _own(known: pd.DataFrame, draw: Column, payee: Column, mi: Column) -> dict[str, Column]:
    """Return what a sample of the payee's four quarters before tells, a value per payee and month."""
    quarter_of = (known["payee"] * SPAN + known["quarter"]).to_numpy()
    kept, key = _thinned(quarter_of, draw, OWN_QUARTER)
    target, place = np.unique(payee * SPAN + mi // 3, return_inverse=True)
    begin, end = np.searchsorted(key, np.maximum(target - 4, target // SPAN * SPAN)), np.searchsorted(key, target)
    middle, spread = median_mad(known["log_amount"].to_numpy()[kept], begin, end)
    told = {"own_count": np.arange(len(kept) + 1)} | {
        f"own_{name}_count": np.append(0, np.cumsum(known[column].to_numpy()[kept]))
        for name, column in (("round", "is_round"), ("numbered", "has_invoice_no"))
    }
    counts = {name: np.where(end > begin, sums[end] - sums[begin], np.nan) for name, sums in told.items()}
    return {name: v[place] for name, v in {**counts, "own_median": middle, "own_mad": spread}.items()}


def _before(group: Column, mi: Column) -> Column:
    """Return for each row how many of its group are of earlier months."""
    order = np.lexsort((mi, group))
    begins = np.flatnonzero(np.diff(group[order], prepend=-1))
    starts = np.flatnonzero((np.diff(group[order], prepend=-1) != 0) | (np.diff(mi[order], prepend=-1) != 0))
    sizes = np.diff(np.append(starts, len(order)))
    count = starts - begins[np.searchsorted(begins, starts, side="right") - 1]
    found = np.empty(len(order), dtype=np.int64)
    found[order] = np.repeat(count, sizes)
    return found


def _peers(rows: pd.DataFrame, draw: Column) -> tuple[pd.Series, pd.Series]:
    """Return median and MAD of log kronor among payments of the kind: of the year, the month, or of all kinds."""
    mi, log = rows["mi"].to_numpy(), rows["log_amount"].to_numpy()
    group_mi = rows["kind"].to_numpy() * SPAN + mi
    target, place = np.unique(group_mi, return_inverse=True)
    kinds = _year_and_month(rows["kind"].to_numpy() * SPAN, mi, log, draw, KIND_QUARTER, target)
    months, at = np.unique(target % SPAN, return_inverse=True)
    told = _year_and_month(np.zeros_like(mi), mi, log, draw, ALL_QUARTER, months)
    everything = [tuple(values[at] for values in of) for of in told]
    is_told = kinds[1][0] > 0
    found = []
    for column in (1, 2):
        (year, month), (all_year, all_month) = kinds, everything
        cases = [year[0] >= LEAST_PEERS, month[0] >= LEAST_PEERS, all_year[0] >= LEAST_PEERS]
        value = np.select(cases, [year[column], month[column], all_year[column]], all_month[column])
        found.append(pd.Series(np.where(is_told, value, np.nan)[place].astype(np.float32)))
    return found[0], found[1]


def _year_and_month(
    group: Column, mi: Column, log: Column, draw: Column, most: int, target: Column
) -> tuple[tuple[Column, ...], tuple[Column, ...]]:
    """Return (count, median, MAD) of the four quarters before each target's quarter, and of its own month."""
    kept, _ = _thinned(group + mi // 3, draw, most)
    kept = kept[np.argsort((group + mi)[kept], kind="stable")]
    key, values = (group + mi)[kept], log[kept]
    quarter, back = np.unique(target // SPAN * SPAN + target % SPAN // 3, return_inverse=True)
    start = quarter // SPAN * SPAN + quarter % SPAN * 3
    begin, end = np.searchsorted(key, start - 12), np.searchsorted(key, start)
    year = (end - begin, *median_mad(values, begin, end))
    begin, end = np.searchsorted(key, target), np.searchsorted(key, target, side="right")
    return tuple(v[back] for v in year), (end - begin, *median_mad(values, begin, end))


def _thinned(group: Column, draw: Column, most: int) -> tuple[Column, Column]:
    """Return positions and groups of about `most` rows of each group, in order of group."""
    known, place, n = np.unique(group, return_inverse=True, return_counts=True)
    kept = np.flatnonzero(((n <= most)[place]) | (draw < (most * LOTS // n)[place]))
    kept = kept[np.argsort(place[kept], kind="stable")]
    return kept, known[place[kept]]


def median_mad(values: Column, begin: Column, end: Column) -> tuple[Column, Column]:
    """Return median and median absolute deviation of each run of `values`; NaN where a run is empty."""
    n = end - begin
    first = np.cumsum(n) - n
    owner = np.repeat(np.arange(len(n)), n)
    cells = values[np.arange(len(owner)) + (begin - first)[owner]]
    low, high = first + np.maximum(n - 1, 0) // 2, first + n // 2
    found = []
    for _ in ("median", "MAD"):
        ordered = np.append(cells[np.lexsort((cells, owner))], np.float32(np.nan))
        a, b = (ordered[np.where(n > 0, at, -1)] for at in (low, high))
        found.append((a + (b - a).astype(np.float64) * 0.5).astype(values.dtype))
        cells = np.abs(cells - found[-1][owner])
    return found[0], found[1]


def _robust_z(log: pd.Series, centre: pd.Series, spread: pd.Series) -> pd.Series:
    width = np.maximum(spread * np.float32(MAD_TO_SD), np.float32(LEAST_SPREAD)).astype(np.float64)
    z = ((log.astype(np.float64) - centre) / width).clip(-WIDEST, WIDEST)
    return z.mask(spread == 0, 0.0)
