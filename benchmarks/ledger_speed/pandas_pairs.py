"""Payment pairs with pandas: the same blocks and relations."""

import re

import numpy as np
import pandas as pd

from core.pairs import CHANGING_SHARE, FLOOR_SEK, HABITUAL_USES, LOOK_BACK_DAYS

BLOCKS = ("amount", "cross", "reference")


def pairs(paid: pd.DataFrame) -> pd.DataFrame:
    """Return the payment pairs; `paid` is in order of time."""
    use = paid[paid["ref_clean"].notna()].groupby(["entity_no", "ref_clean"]).cumcount()
    payee = paid.loc[use.index, "entity_no"]
    new = (use == 0).astype(int)
    uses = payee.groupby(payee).cumcount()
    share = (new.groupby(payee).cumsum() - new) / uses.where(uses > 0)
    paid = paid.assign(has_ref=use.lt(HABITUAL_USES), has_own=use.lt(HABITUAL_USES) & share.ge(CHANGING_SHARE))
    paid = paid.fillna({"has_ref": False, "has_own": False}).astype({"has_ref": bool, "has_own": bool})
    live = paid[paid["is_open"] & (paid["pence"] >= FLOOR_SEK * 100)].reset_index(drop=True)
    place = pd.Series(np.arange(len(live)))
    amount = place.groupby([live["entity_no"], live["pence"]])
    referred = live[live["has_ref"]]
    same_ref = place[referred.index].groupby([referred["entity_no"], referred["ref_clean"]]).shift()
    long = referred[referred["ref_clean"].str.len() >= 5]
    crossing = place[long.index].groupby([long["ref_clean"], long["pence"]]).shift()
    same_invoice = (
        place[referred.index].groupby([referred["entity_no"], referred["ref_clean"], referred["pence"]]).shift()
    )
    blocks = [(0, amount.shift(back)) for back in (1, 2, 3)] + [(0, same_invoice), (1, crossing), (2, same_ref)]
    found = pd.concat([b.dropna().astype(int).rename("earlier").to_frame().assign(block=n) for n, b in blocks])
    found = found.rename_axis("later").reset_index().sort_values("block", kind="stable")
    found = found.drop_duplicates(["later", "earlier"])
    days = live["booking_date"].to_numpy().astype("datetime64[D]").astype(int)
    netted = live["netted_month"].str.slice(0, 4).astype("Int64") * 12 + live["netted_month"].str.slice(5).astype(
        "Int64"
    )
    numbers = {"day": days, "month": live["month"].to_numpy(), "netted": netted.fillna(10**6).to_numpy(dtype=int)}
    numbers |= {"pence": live["pence"].to_numpy()}
    for name in ("entity_key", "supplier_key", "buyer_id", "department", "account_no"):
        numbers[name] = live[name].factorize()[0]
    late, early, block = (found[name].to_numpy() for name in ("later", "earlier", "block"))

    def same(name: str) -> np.ndarray:
        return numbers[name][late] == numbers[name][early]

    keep = numbers["day"][late] - numbers["day"][early] <= LOOK_BACK_DAYS
    keep &= numbers["netted"][early] > numbers["month"][late]
    keep &= live["has_ref"].to_numpy()[late] & live["has_ref"].to_numpy()[early]
    keep &= (block != 2) | ~same("pence")
    keep &= (block != 1) | ~same("entity_key") | ~same("supplier_key") | ~same("buyer_id")
    late, early, block = late[keep], early[keep], block[keep]
    taken, before = live.iloc[late].reset_index(drop=True), live.iloc[early].reset_index(drop=True)
    relation = _relation(taken, before)
    own = taken["has_own"].to_numpy() & np.isin(relation, ["equal", "cleaned"])
    return pd.DataFrame(
        {
            "payment_id": taken["payment_id"],
            "earlier_id": before["payment_id"],
            "booked_month": taken["booked_month"],
            "block": np.array(BLOCKS)[block],
            "entity_key": taken["entity_key"],
            "pence": taken["pence"],
            "earlier_pence": before["pence"],
            "days_apart": pd.Series(np.abs(numbers["day"][late] - numbers["day"][early]), dtype="Int64").where(
                taken["is_to_the_day"] & before["is_to_the_day"]
            ),
            "months_apart": numbers["month"][late] - numbers["month"][early],
            "is_same_payee": same("entity_key"),
            "is_same_supplier_key": same("supplier_key"),
            "is_same_buyer": same("buyer_id"),
            "is_same_department": same("department"),
            "is_same_account": same("account_no"),
            "ref_relation": relation,
            "is_expected": taken["rhythm"].notna().to_numpy() & ~own,
        }
    )


def _relation(late: pd.DataFrame, early: pd.DataFrame) -> np.ndarray:
    both = (late["has_ref"] & early["has_ref"]).to_numpy()
    relation = np.full(len(both), "different", dtype=object)
    a, b = late["ref_clean"], early["ref_clean"]
    cleaned = both & (a == b).fillna(False).to_numpy(dtype=bool)
    equal = both & (late["invoice_no"] == early["invoice_no"]).fillna(False).to_numpy(dtype=bool)
    open_rows = np.flatnonzero(both & ~cleaned & ~equal)
    one = np.array([edit(x, y) for x, y in zip(a.iloc[open_rows], b.iloc[open_rows], strict=True)], dtype=int)
    gap = (late["ref_number"] - early["ref_number"]).abs().between(1, 9).fillna(False).to_numpy(dtype=bool)[open_rows]
    short = a.iloc[open_rows].str.len().lt(4).to_numpy()
    following = (one == 1) & ~gap & ~short
    numbers = zip(
        late["invoice_no"].iloc[open_rows[following]], early["invoice_no"].iloc[open_rows[following]], strict=True
    )
    gap[following] = [_is_next(x, y) for x, y in numbers]
    relation[open_rows] = np.select([one == 2, gap, (one == 1) & ~short], ["edit", "sequence", "edit"], "different")
    relation[cleaned] = "cleaned"
    relation[equal] = "equal"
    return relation


def _is_next(a: str, b: str) -> bool:
    """Return whether the runs of digits differ by 9 at most, together, and the text around them is the same."""
    if re.sub("[0-9]+", "#", a) != re.sub("[0-9]+", "#", b):
        return False
    runs = zip(re.findall("[0-9]{1,18}", a), re.findall("[0-9]{1,18}", b), strict=False)
    return sum(abs(int(x) - int(y)) for x, y in runs) <= 9


def edit(a: str, b: str) -> int:
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
