"""Payment pairs and seven indicators with pandas: the same blocks, relations and thresholds."""

import numpy as np
import pandas as pd

from core.pairs import FLOOR_SEK, HABITUAL_USES, LOOK_BACK_DAYS

BLOCKS = ("amount", "cross", "reference")


def pairs(paid: pd.DataFrame) -> pd.DataFrame:
    """Return the payment pairs; `paid` is in order of time."""
    paid = paid.assign(
        has_ref=paid.groupby(["entity_no", "ref_clean"]).cumcount().lt(HABITUAL_USES) & paid["ref_clean"].notna()
    )
    live = paid[paid["is_open"] & (paid["pence"] >= FLOOR_SEK * 100)].reset_index(drop=True)
    place = pd.Series(np.arange(len(live)))
    amount = place.groupby([live["entity_no"], live["pence"]])
    referred = live[live["has_ref"]]
    same_ref = place[referred.index].groupby([referred["entity_no"], referred["ref_clean"]]).shift()
    long = referred[referred["ref_clean"].str.len() >= 5]
    crossing = place[long.index].groupby([long["ref_clean"], long["pence"]]).shift()
    blocks = [(0, amount.shift(back)) for back in (1, 2, 3)] + [(1, crossing), (2, same_ref)]
    found = pd.concat([b.dropna().astype(int).rename("earlier").to_frame().assign(block=n) for n, b in blocks])
    found = found.rename_axis("later").reset_index().sort_values("block", kind="stable")
    found = found.drop_duplicates(["later", "earlier"])
    days = live["booking_date"].to_numpy().astype("datetime64[D]").astype(int)
    month = live["booked_month"].str.slice(0, 4).astype(int) * 12 + live["booked_month"].str.slice(5).astype(int)
    netted = live["netted_month"].str.slice(0, 4).astype("Int64") * 12 + live["netted_month"].str.slice(5).astype(
        "Int64"
    )
    numbers = {"day": days, "month": month.to_numpy(), "netted": netted.fillna(10**6).to_numpy(dtype=int)}
    numbers |= {"pence": live["pence"].to_numpy()}
    for name in ("entity_key", "supplier_key", "buyer_id", "department", "account_no"):
        numbers[name] = live[name].factorize()[0]
    late, early, block = (found[name].to_numpy() for name in ("later", "earlier", "block"))

    def same(name: str) -> np.ndarray:
        return numbers[name][late] == numbers[name][early]

    keep = (numbers["day"][late] - numbers["day"][early] <= LOOK_BACK_DAYS) & (
        numbers["month"][early] <= numbers["month"][late]
    )
    keep &= numbers["netted"][early] > numbers["month"][late]
    keep &= (block != 2) | ~same("pence")
    keep &= (block != 1) | ~same("entity_key") | ~same("supplier_key") | ~same("buyer_id")
    late, early, block = late[keep], early[keep], block[keep]
    taken, before = live.iloc[late].reset_index(drop=True), live.iloc[early].reset_index(drop=True)
    return pd.DataFrame(
        {
            "payment_id": taken["payment_id"],
            "earlier_id": before["payment_id"],
            "booked_month": taken["booked_month"],
            "block": np.array(BLOCKS)[block],
            "entity_key": taken["entity_key"],
            "pence": taken["pence"],
            "earlier_pence": before["pence"],
            "days_apart": numbers["day"][late] - numbers["day"][early],
            "months_apart": numbers["month"][late] - numbers["month"][early],
            "is_same_payee": same("entity_key"),
            "is_same_supplier_key": same("supplier_key"),
            "is_same_buyer": same("buyer_id"),
            "is_same_department": same("department"),
            "is_same_account": same("account_no"),
            "ref_relation": _relation(taken, before),
            "is_expected": taken["rhythm"].notna(),
        }
    )


def flags(pair: pd.DataFrame, paid: pd.DataFrame) -> pd.DataFrame:
    """Return the flags of the seven indicators at their stated thresholds."""
    p = pair[~pair["is_expected"]]
    sek, gap = p["pence"] / 100, p["days_apart"]
    known = p["ref_relation"].isin(["equal", "cleaned"])
    own = p["is_same_supplier_key"] & p["is_same_buyer"] & p["is_same_department"]
    near = (gap <= 60) | (gap <= 400) & (sek >= 5000)
    amount, reference = p["block"] == "amount", p["block"] == "reference"
    more = (p["pence"] - p["earlier_pence"]).between(5000, 25000)
    like = p.merge(paid.loc[(paid["copies_same_day"] <= 3) & (paid["same_amount_before"] <= 0) & ~paid["is_redacted"],
                            ["payment_id"]], on="payment_id")  # fmt: skip
    like = like[(like["block"] == "amount") & (like["ref_relation"] == "different") & (like["days_apart"] == 0)]
    swapped = p[reference & known & (p[["pence", "earlier_pence"]].min(axis=1) >= 50000)
                & ((p["pence"] - p["earlier_pence"]).abs() >= 50000)]  # fmt: skip
    swapped = swapped[_digits_swapped(swapped["pence"].astype(str), swapped["earlier_pence"].astype(str))]
    error = (swapped["pence"] - swapped["earlier_pence"]).abs()
    found = {
        "SP01": p[amount & (p["ref_relation"] == "equal") & (gap == 0) & (sek >= 500)],
        "SP02": _nearest(p[amount & (p["ref_relation"] == "equal") & (gap > 0) & own & (sek >= 500) & near]),
        "SP03": p[reference & known & (gap <= 60) & (p["earlier_pence"] >= 100000) & more],
        "SP04": _nearest(like[like["pence"] >= 100000]),
        "SP05": _nearest(p[amount & (p["ref_relation"] == "cleaned") & own & (sek >= 500) & near]),
        "SP07": _nearest(
            p[~reference & known & p["is_same_payee"] & ~p["is_same_supplier_key"] & (gap <= 400) & (sek >= 500)]
        ),
        "SP10": swapped,
    }
    at_risk = {"SP03": found["SP03"]["earlier_pence"], "SP10": np.minimum(error, swapped["pence"])}
    parts = [
        hits[["payment_id", "earlier_id", "booked_month"]].assign(
            indicator=code, pence_at_risk=at_risk.get(code, hits["pence"])
        )
        for code, hits in found.items()
    ]
    return pd.concat(parts).rename(columns={"booked_month": "month"})


def _nearest(hits: pd.DataFrame) -> pd.DataFrame:
    return hits.sort_values(["days_apart", "earlier_id"]).drop_duplicates("payment_id")


def _relation(late: pd.DataFrame, early: pd.DataFrame) -> np.ndarray:
    both = (late["has_ref"] & early["has_ref"]).to_numpy()
    relation = np.where(both, "different", "missing").astype(object)
    a, b = late["ref_clean"], early["ref_clean"]
    cleaned = both & (a == b).fillna(False).to_numpy(dtype=bool)
    equal = both & (late["invoice_no"] == early["invoice_no"]).fillna(False).to_numpy(dtype=bool)
    open_rows = np.flatnonzero(both & ~cleaned & ~equal)
    one = np.array([_edit(x, y) for x, y in zip(a.iloc[open_rows], b.iloc[open_rows], strict=True)], dtype=int)
    gap = (late["ref_number"] - early["ref_number"]).abs().between(1, 9).fillna(False).to_numpy(dtype=bool)[open_rows]
    told = np.select([one == 2, gap, one == 1], ["edit", "sequence", "edit"], "different")
    relation[open_rows] = np.where((one == 1) & ~gap & (a.iloc[open_rows].str.len() < 4), "different", told)
    relation[cleaned] = "cleaned"
    relation[equal] = "equal"
    return relation


def _edit(a: str, b: str) -> int:
    """Return 1 when one letter is put in, left out or changed, 2 when two neighbours are swapped, else 0."""
    if abs(len(a) - len(b)) > 1:
        return 0
    if len(a) < len(b):
        a, b = b, a
    at = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), len(b))
    if len(a) > len(b):
        return int(a[at + 1 :] == b[at:])
    if a[at + 1 :] == b[at + 1 :]:
        return 1
    return 2 * (a[at : at + 2] == b[at : at + 2][::-1] and a[at + 2 :] == b[at + 2 :])


def _digits_swapped(a: pd.Series, b: pd.Series) -> list[bool]:
    return [
        x in (y + "0", y + "00") or y in (x + "0", x + "00") or (len(x) == len(y) and _edit(x, y) == 2)
        for x, y in zip(a, b, strict=True)
    ]
