"""Which rule explains a line paid otherwise, with pandas: its client-month is computed with one rule changed at a time."""

from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from benchmarks.care_speed.pandas_pay import Month
from benchmarks.care_speed.pandas_steps import billable
from benchmarks.care_speed.pandas_tariff import HOUR, OPEN, SHARE, half_up


class Change(NamedTuple):
    """One way to read the rules wrongly, tried on client-months where `where` holds."""

    why: str
    sets: dict[str, Any]
    where: str = ""


def _rounded(how: str, minutes: int) -> Change:
    return Change("rounding", {"rounding": how, "rounding_minutes": minutes * SHARE, "rounding_scope": "visit"})


ABSENT = {"absence_share_day_1": SHARE, "absence_share_later": SHARE, "absence_days": SHARE, "unknown_share": SHARE}
CHANGES = (
    Change("cap", {}, "is_cut"),
    Change("declined", {"declined_share": SHARE}, "has_declined"),
    Change("declined", {"declined_share": 0}, "has_declined"),
    Change("absence", ABSENT, "has_absent"),
    Change("absence", {"absence_share_day_1": 0, "absence_share_later": 0}, "has_absent"),
    Change("double_staffing", {"is_any_second": True}, "has_second"),
    Change("double_staffing", {"double_staffing_factor": SHARE}, "has_second"),
    Change("double_staffing", {"double_staffing_factor": 2 * SHARE, "is_any_second": True}, "has_second"),
    Change("cohabitants", {"cohabitant_share": OPEN}, "has_couple"),
    Change("flat", {"flat_minutes": OPEN}),
    Change("minimum", {"minimum_minutes": 0}),
    *(_rounded(how, minutes) for minutes in (5, 10, 15, 30) for how in ("up", "nearest")),
    Change("rounding", {"rounding": "none"}),
    Change("rounding", {"rounding_scope": "visit"}),
    Change("rounding", {"rounding_scope": "day"}),
    Change("rounding", {"rounding_scope": "client_month"}),
    Change("basis", {"basis": "planned"}),
    Change("basis", {"basis": "performed"}),
)
MARKS = ["has_declined", "has_absent", "has_second", "has_couple"]


def reasons(m: Month, found: pd.DataFrame, lines: pd.DataFrame) -> pd.Series:
    """Return why each line differs: `none`, the rule, or `unexplained`.

    `lines` has g, rate (of what is due, -1 for nothing), amount_ore, due_ore, minutes, visits, group_rule, group_rate and
    the sums of what is due: due_bp, quantity_bp, value, visit_value, has_new_client. `found` are the cells.
    """
    differs = lines["amount_ore"] != lines["due_ore"]
    why = pd.Series("none", lines.index).mask(differs, "unexplained")
    if not differs.any():
        return why
    basis, unit = m.tariff.rules["basis"].to_numpy(), m.tariff.rates["unit"].to_numpy()
    is_unvisited = (basis[lines["group_rule"]] == "granted") | (unit[lines["group_rate"]] == "month")
    is_due = lines["rate"] != OPEN
    why = why.where(is_due | ~differs, np.where(is_unvisited, "no_decision", "missing_visits"))
    targets = lines[differs & is_due]
    price = m.tariff.rates["price_ore"].to_numpy()[targets["rate"]]
    minutes = targets["minutes"] * SHARE * price
    has_own = (targets["amount_ore"] * HOUR - minutes).abs() <= 50 * price + HOUR
    why[has_own.index[has_own]] = "minutes"
    told = _at_once(m, found, targets.assign(price_ore=price, has_own=has_own))
    told = pd.concat([told, _recomputed(m, found, lines, targets.drop(index=told.index))])
    why[told.index] = told
    return why


def _at_once(m: Month, found: pd.DataFrame, t: pd.DataFrame) -> pd.Series:
    """Return the reasons that need no visits: another price, absences, double staffing, new client, a visit counted twice."""
    rates, groups = m.tariff.rates, m.groups
    t = t.rename_axis("n").reset_index()
    t["service"] = groups["service"].to_numpy()[t["g"]]
    is_timed = rates["unit"].to_numpy()[t["rate"]] == "hour"
    t["base"] = np.where(is_timed, t["due_bp"], t["quantity_bp"] * 60)
    prices = rates[["service", "price_ore"]].drop_duplicates().rename(columns={"price_ore": "other_ore"})
    priced = t[~t["has_own"]].merge(prices, on="service")
    fixed = t.merge(m.granted_parts, on=["g", "rate"], suffixes=("", "_f"))
    new = m.tariff.rules["new_client_minutes"].to_numpy()[groups["rule"].to_numpy()[t["g"]]]
    copied = t.merge(found.loc[found["is_paying"], ["g", "rate", "copied_value"]], on=["g", "rate"])
    tried = [
        ("price", priced, priced["base"] * priced["other_ore"]),
        ("absence", fixed, fixed["value"] + (fixed["unreduced_bp"] - fixed["minute_bp"]) * fixed["price_ore_f"]),
        ("double_staffing", fixed, fixed["value"] + (fixed["single_bp"] - fixed["minute_bp"]) * fixed["price_ore_f"]),
        ("new_client", t[new > 0], (t["value"] + np.where(t["has_new_client"], -new, new) * t["price_ore"])[new > 0]),
        ("duplicate_visit", copied, copied["value"] + copied["copied_value"]),
    ]
    fits = [(why, f["n"][(half_up(v.to_numpy("int64"), HOUR) == f["amount_ore"]).to_numpy()]) for why, f, v in tried]
    told = pd.concat([pd.Series(why, n.to_numpy(), dtype="str") for why, n in fits])
    return told[~told.index.duplicated()]


def _recomputed(m: Month, found: pd.DataFrame, lines: pd.DataFrame, t: pd.DataFrame) -> pd.Series:
    """Return the change that explains most lines of the provider and service, where it gives the very amount paid.

    A rounding must explain at least as many lines as are paid right.
    """
    if t.empty:
        return pd.Series(dtype="str")
    marks = found[found["g"].isin(t["g"])].groupby("g")[MARKS].sum() > 0
    s, x = m.steps, m.visits
    cut = np.unique(x["g"][s["counts"] & (s["billable_bp"] != s["weighed_bp"])])
    marks["is_cut"] = marks.index.isin(cut)
    at = [marks.index[marks[c.where] if c.where else slice(None)] for c in CHANGES]
    copies = pd.DataFrame({"g": np.concatenate(at), "copy": np.repeat(np.arange(len(CHANGES)), [len(g) for g in at])})
    caps = np.where(copies["copy"] == 0, OPEN, m.caps[copies["g"]])
    again = x[x["g"].isin(marks.index)].merge(copies.rename_axis("place").reset_index(), on="g")
    of, rules = again["g"].to_numpy(), m.tariff.rules
    again["rule"] += (again["copy"] + 1) * len(rules)
    is_open = rules["basis"] != "granted"
    changed = [rules.assign(**{k: rules[k].where(~is_open, v) for k, v in c.sets.items()}) for c in CHANGES]
    steps = billable(again.assign(g=again["place"]), pd.concat([rules, *changed]), m.tariff.rates, caps)
    valued = steps["value"].where(steps["is_paying"]).groupby([of, again["rate"], again["copy"]]).sum(min_count=1)
    valued = valued.dropna().astype("int64").rename("changed").rename_axis(["g", "rate", "copy"]).reset_index()
    fits = t.rename_axis("n").reset_index().merge(valued, on=["g", "rate"])
    value = fits["value"] - fits["visit_value"] + fits["changed"]
    fits = fits[half_up(value.to_numpy(), HOUR) == fits["amount_ore"].to_numpy()][["n", "g", "copy"]]
    fits, paid = (
        f.assign(**{k: m.groups[k].to_numpy()[f["g"]] for k in ("provider_id", "service")}) for f in (fits, lines)
    )
    is_right = (paid["amount_ore"] == paid["due_ore"]) & (paid["visits"] > 0)
    rights = paid[is_right].groupby(["provider_id", "service"]).size().rename("rights")
    fits = fits.join(rights, on=["provider_id", "service"]).fillna({"rights": 0})
    fits["votes"] = fits.groupby(["provider_id", "service", "copy"])["n"].transform("size")
    fits["why"] = np.array([c.why for c in CHANGES])[fits["copy"]]
    fits = fits[(fits["why"] != "rounding") | (fits["votes"] >= fits["rights"])]
    best = fits.sort_values(["votes", "copy"], ascending=[False, True]).drop_duplicates("n")
    return best.set_index("n")["why"].rename(None)
