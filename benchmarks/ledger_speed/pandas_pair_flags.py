"""Ten indicators of payment pairs with pandas: the same thresholds."""

from typing import Any

import numpy as np
import pandas as pd

from benchmarks.ledger_speed import FEES
from benchmarks.ledger_speed.pandas_pairs import edit


def flags(pair: pd.DataFrame, paid: pd.DataFrame, stated: dict[str, dict[str, Any]]) -> pd.DataFrame:
    """Return the flags of the ten indicators; `stated` holds each one's parameters."""
    p = pair[~pair["is_expected"]]
    p = p.assign(gap=p["days_apart"].fillna(p["months_apart"] * 30))
    gap, amount, reference = p["gap"], p["block"] == "amount", p["block"] == "reference"
    same_day = p["days_apart"].eq(0).fillna(False).astype(bool)
    known = p["ref_relation"].isin(["equal", "cleaned"])
    own = p["is_same_supplier_key"] & p["is_same_buyer"] & p["is_same_department"]

    def at_least(code: str, name: str = "floor_sek", column: str = "pence") -> pd.Series:
        return p[column] >= stated[code][name] * 100

    def recent(code: str) -> pd.Series:
        known = stated[code]
        return (gap <= known["near_days"]) | (gap <= known["far_days"]) & at_least(code, "far_floor_sek")

    fee = (p["pence"] - p["earlier_pence"]) / 100
    room = stated["SP03"]["room_sek"]
    is_fee = fee.between(FEES["reminder_fee"] - room, sum(FEES.values()) + room)
    batch = paid["copies_same_day"].le(stated["SP04"]["most_copies"]) & paid["same_amount_before"].le(
        stated["SP04"]["most_before"]
    )
    few = p["payment_id"].isin(paid.loc[batch & ~paid["is_redacted"], "payment_id"])
    swapped = p[reference & known & at_least("SP10") & at_least("SP10", column="earlier_pence")]
    swapped = swapped.loc[_digits_swapped(swapped["pence"].astype(str), swapped["earlier_pence"].astype(str))]
    error = np.maximum((swapped["pence"] - swapped["earlier_pence"]).abs(), swapped["earlier_pence"])
    equal, cleaned = p["ref_relation"] == "equal", p["ref_relation"] == "cleaned"
    other = p[
        ~reference & known & ~p["is_same_supplier_key"] & at_least("SP07") & (gap <= stated["SP07"]["within_days"])
    ]
    near = p[amount & (p["ref_relation"] == "edit") & (gap <= stated["SP06"]["within_days"]) & at_least("SP06")]
    units = p[
        ~reference
        & known
        & p["is_same_supplier_key"]
        & ~(p["is_same_buyer"] & p["is_same_department"])
        & (gap <= stated["SP09"]["within_days"])
        & at_least("SP09")
    ]
    twice = p[
        (p["block"] == "cross")
        & known
        & ~p["is_same_payee"]
        & (gap <= stated["SP41"]["within_days"])
        & at_least("SP41")
    ]
    copied = p[amount & (p["ref_relation"] == "different") & same_day & few & at_least("SP04")]
    found = {
        "SP01": p[amount & equal & same_day & at_least("SP01")],
        "SP02": _nearest(p[amount & equal & ~same_day & own & at_least("SP02") & recent("SP02")]),
        "SP03": p[reference & known & is_fee & (gap <= stated["SP03"]["within_days"])
                  & at_least("SP03", column="earlier_pence")],
        "SP04": _nearest(copied),
        "SP05": _nearest(p[amount & cleaned & own & at_least("SP05") & recent("SP05")]),
        "SP06": _nearest(near.loc[_one_sign(near, paid, stated["SP06"])]),
        "SP07": _nearest(other.loc[_like_names(other, paid, stated["SP07"]["similarity"])]),
        "SP09": _nearest(units),
        "SP10": swapped,
        "SP41": twice.loc[_two_users(twice, paid, stated["SP41"])],
    }  # fmt: skip
    at_risk = {"SP03": found["SP03"]["earlier_pence"], "SP10": np.minimum(error, swapped["pence"])}
    copies = paid.loc[paid["payment_id"].isin(found["SP04"]["payment_id"])].set_index("payment_id")["copies_same_day"]
    rise, ratio = fee.loc[found["SP03"].index], (swapped["pence"] / swapped["earlier_pence"]).round(3)
    value = {"SP01": 1.0, "SP03": rise, "SP04": found["SP04"]["payment_id"].map(copies), "SP10": ratio}
    told = pd.concat(
        hits.assign(indicator=code, value=value.get(code, hits["gap"]), pence_at_risk=at_risk.get(code, hits["pence"]))
        for code, hits in found.items()
    ).rename(columns={"booked_month": "month", "payment_id": "subject_id"})
    payments = told["subject_id"] + ":" + told["pence_at_risk"].astype(str)
    others = copied.sort_values("earlier_id").groupby("payment_id")["earlier_id"].agg("|".join)
    earlier = told["earlier_id"].mask(told["indicator"] == "SP04", told["subject_id"].map(others))
    return told.assign(evidence=told["subject_id"] + "|" + earlier, payments=payments)


def _one_sign(hits: pd.DataFrame, paid: pd.DataFrame, stated: dict[str, Any]) -> pd.Series:
    told = _told(hits, paid)
    late, early = (told.loc[hits[name]].set_axis(hits.index) for name in ("payment_id", "earlier_id"))
    pairs = zip(late["ref_clean"], early["ref_clean"], strict=True)
    added = pd.Series([a.startswith(b) or b.startswith(a) for a, b in pairs], index=hits.index, dtype=bool)
    few = late["copies_same_day"].le(stated["most_copies"]) & ~late["is_redacted"]
    return few & (added | late["same_amount_before"].le(stated["most_before"]))


def _two_users(hits: pd.DataFrame, paid: pd.DataFrame, stated: dict[str, Any]) -> pd.Series:
    told = _told(hits, paid)
    late, early = (told.loc[hits[name]].set_axis(hits.index) for name in ("payment_id", "earlier_id"))
    long = late["ref_clean"].str.count("[0-9]").ge(stated["least_digits"])
    used = paid.loc[paid["ref_clean"].isin(late["ref_clean"]), ["ref_clean", "month", "entity_no"]]
    by_then = late[["ref_clean", "month"]].reset_index().merge(used, on="ref_clean", suffixes=("", "_used"))
    users = by_then[by_then["month_used"] <= by_then["month"]].groupby("index")["entity_no"].nunique()
    return long & ~late["is_redacted"] & ~early["is_redacted"] & users.reindex(hits.index).eq(2)


def _told(hits: pd.DataFrame, paid: pd.DataFrame) -> pd.DataFrame:
    wanted = paid["payment_id"].isin(pd.concat([hits["payment_id"], hits["earlier_id"]]))
    return paid[wanted].set_index("payment_id")


def _like_names(hits: pd.DataFrame, paid: pd.DataFrame, similarity: float) -> list[bool]:
    names = _told(hits, paid)["name_key"]
    told = zip(hits["is_same_payee"], hits["payment_id"].map(names), hits["earlier_id"].map(names), strict=True)
    return [
        same or (isinstance(a, str) and isinstance(b, str)
                 and (a.startswith(b) or b.startswith(a) or _jaro_winkler(a, b) >= similarity))
        for same, a, b in told
    ]  # fmt: skip


def _jaro_winkler(a: str, b: str) -> float:
    """Return the similarity of two names (Winkler 1990): the prefix counts from a similarity of 0.7 on."""
    reach = max(max(len(a), len(b)) // 2 - 1, 0)
    taken = [False] * len(b)
    in_a = []
    for i, letter in enumerate(a):
        for j in range(max(0, i - reach), min(len(b), i + reach + 1)):
            if not taken[j] and b[j] == letter:
                taken[j] = True
                in_a.append(letter)
                break
    if not in_a:
        return 0.0
    in_b = [letter for letter, used in zip(b, taken, strict=True) if used]
    moved = sum(x != y for x, y in zip(in_a, in_b, strict=True)) // 2
    m = len(in_a)
    jaro = (m / len(a) + m / len(b) + (m - moved) / m) / 3
    prefix = next((i for i in range(min(4, len(a), len(b))) if a[i] != b[i]), min(4, len(a), len(b)))
    return jaro + prefix * 0.1 * (1 - jaro) if jaro > 0.7 else jaro


def _nearest(hits: pd.DataFrame) -> pd.DataFrame:
    return hits.sort_values(["gap", "earlier_id"]).drop_duplicates("payment_id")


def _digits_swapped(a: pd.Series, b: pd.Series) -> list[bool]:
    return [
        x in (y + "0", y + "00") or y in (x + "0", x + "00") or (len(x) == len(y) and edit(x, y) == 2)
        for x, y in zip(a, b, strict=True)
    ]
