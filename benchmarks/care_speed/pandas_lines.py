"""What the rules give beside what was paid, line by line with pandas, and each line's amount shared over its visits."""

import numpy as np
import pandas as pd

from benchmarks.care_speed.pandas_pay import Month
from benchmarks.care_speed.pandas_tariff import HOUR, OPEN, half_up
from benchmarks.care_speed.pandas_why import reasons


def recalculated(m: Month) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return core_visit_pay and what core_compensation_lines adds to the delivered lines."""
    number, found = _cells(m)
    owed, lines = _due(m, number, found), _amounts(m)
    links = _linked(m, owed, lines)
    found["n"] = _line_of(found, links, lines)
    return _visit_pay(m, found["n"].to_numpy()[number], lines), _judged(m, found, owed, links, lines)


def _cells(m: Month) -> tuple[np.ndarray, pd.DataFrame]:
    """Return each visit's cell, and the cells: a client-month's visits of one rate, those that pay apart from others."""
    x, s = m.visits, m.steps
    of_grant = np.full(len(m.groups), OPEN)
    of_grant[m.granted_parts["g"]] = m.granted_parts["rate"]
    rate, granted = x["rate"].to_numpy(), of_grant[x["g"]]
    rate = np.where(s["is_paying"] | (granted == OPEN), rate, granted)
    number, distinct = pd.factorize((x["g"].to_numpy() * len(m.tariff.rates) + rate) * 2 + s["is_paying"])
    is_performed = (x["status"] == "performed").to_numpy()
    counted = pd.DataFrame(
        {
            "visits": 1,
            "performed": is_performed,
            "registered_bp": np.where(is_performed, x["registered_bp"], 0),
            "planned_bp": x["planned_bp"],
            "minute_bp": s["billable_bp"],
            "quantity_bp": np.where(s["is_paying"], s["quantity_bp"], 0),
            "value": np.where(s["is_paying"], s["value"], 0),
            "copied_value": s["value"] * (x["deliveries"] - 1),
            "has_declined": x["status"].isin(["declined", "blank"]),
            "has_absent": x["status"] == "absent",
            "has_second": x["second"] > 0,
            "has_couple": x["is_couple"],
        }
    )
    by_cell = counted.groupby(number)
    found = by_cell.sum()
    known = distinct // 2
    return number, found.assign(
        g=known // len(m.tariff.rates),
        rate=known % len(m.tariff.rates),
        is_paying=distinct % 2 == 1,
        start=x["start"].groupby(number).max(),
    )


def _due(m: Month, number: np.ndarray, found: pd.DataFrame) -> pd.DataFrame:
    """Return what the rules give per client-month and rate: minutes, quantity, öre, and the rule of its latest part."""
    x = m.visits
    order = np.lexsort((x["start"].to_numpy(), number))
    last = order[np.append(np.diff(number[order]) != 0, True)]
    pieces = found.assign(
        rule=x["rule"].to_numpy()[last], due_bp=found["minute_bp"], visit_value=found["value"], origin=0
    )
    paid = [
        pieces[pieces["is_paying"]],
        m.granted_parts.assign(origin=1, visit_value=0),
        m.new_parts.assign(origin=2, visit_value=0),
    ]
    sums = ["due_bp", "quantity_bp", "value", "visit_value"]
    columns = ["g", "rate", "rule", "start", "origin", *sums]
    all_parts = pd.concat([p[columns] for p in paid], ignore_index=True).sort_values(["start", "origin"], kind="stable")
    by_rate = all_parts.groupby(["g", "rate"])
    summed = by_rate[sums].sum().assign(rule=by_rate["rule"].last(), has_new_client=by_rate["origin"].max() == 2)
    summed = summed[(summed["due_bp"] != 0) | (summed["quantity_bp"] != 0)].reset_index()
    return summed.assign(amount_ore=half_up(summed["value"].to_numpy(), HOUR))


def _linked(m: Month, owed: pd.DataFrame, lines: pd.DataFrame) -> pd.DataFrame:
    """Return which line (`n`, its row) pays what: the same rate first, then by kind of day and size, then by size."""
    owed = owed.assign(kind=m.tariff.rates["kind"].to_numpy()[owed["rate"]], size=-owed["due_bp"])
    paid = lines.assign(n=np.arange(len(lines)), size=-lines["minutes"].fillna(np.inf))
    paid["kind"] = m.tariff.rates["kind"].to_numpy()[paid["rate"]]
    links = [owed.merge(paid[["g", "rate", "n"]], on=["g", "rate"])]
    for kind in (["g", "kind"], ["g"]):
        known = pd.concat(links)
        rest = owed[~_key(owed).isin(_key(known))].sort_values(["size", "rate"])
        free = paid[~paid["n"].isin(known["n"])].sort_values(["size", "n"])
        rest, free = (f.assign(place=f.groupby(kind).cumcount()) for f in (rest, free))
        links.append(rest.merge(free[[*kind, "place", "n"]], on=[*kind, "place"]))
    return pd.concat(links)[["g", "rate", "n"]].reset_index(drop=True)


def _key(frame: pd.DataFrame) -> pd.Series:
    return frame["g"] * 10_000 + frame["rate"]


def _amounts(m: Month) -> pd.DataFrame:
    """Return the lines with their client-month, rate and öre; raises AssertionError for what this version does not do."""
    rate = pd.Index(m.tariff.rates["rate_code"]).get_indexer(pd.Index(m.lines["rate_code"]))
    ore = (m.lines["amount_sek"] * 100).round().astype("int64")
    lines = m.lines.assign(rate=rate, amount_ore=ore)
    assert (rate != OPEN).all(), "a line of an unknown rate is not in the pandas version"
    assert not lines.duplicated(["g", "rate"]).any(), "a sum paid on several lines is not in the pandas version"
    assert (ore >= 0).all(), "an amount taken back is not in the pandas version"
    return lines


def _judged(
    m: Month, found: pd.DataFrame, owed: pd.DataFrame, links: pd.DataFrame, lines: pd.DataFrame
) -> pd.DataFrame:
    """Return the lines with what the rules give, the difference, and the visits behind each."""
    seen = found[found["n"] != OPEN].groupby("n")[["visits", "performed", "registered_bp", "planned_bp"]].sum()
    both = links.merge(owed, on=["g", "rate"]).set_index("n").reindex(range(len(lines)))
    unpaid = owed.loc[~_key(owed).isin(_key(links)), "amount_ore"]
    assert not unpaid.any(), "what no line pays is not in the pandas version"
    is_visited = m.groups["provider_id"].isin(m.groups["provider_id"].iloc[found["g"]])
    assert is_visited.to_numpy()[lines["g"]].all(), "a provider without visits is not in the pandas version"
    assert not (both["amount_ore"] < 0).any(), "an amount due below zero is not in the pandas version"
    groups = m.groups.iloc[lines["g"]].reset_index(drop=True)
    granted = groups["granted_bp"]
    rule, rate = both["rule"].fillna(groups["rule"]).astype(int), both["rate"].fillna(OPEN).astype(int)
    sums = ["amount_ore", "due_bp", "quantity_bp", "value", "visit_value", "has_new_client"]
    due = both[sums].fillna(0).astype("int64").rename(columns={"amount_ore": "due_ore"})
    seen = seen.reindex(range(len(lines)), fill_value=0)
    asked = due.assign(rate=rate, group_rule=groups["rule"], group_rate=groups["rate"], visits=seen["visits"])
    asked = asked.assign(**{name: lines[name] for name in ("g", "amount_ore", "minutes")})
    return pd.DataFrame(
        {
            "line_id": lines["line_id"],
            **{name: seen[name] for name in seen},
            "granted_bp": granted.where(granted != OPEN),
            "recalculated_rule_id": m.tariff.rules["rule_id"].take(rule).array,
            "recalculated_rate_code": m.tariff.rates["rate_code"].take(rate).mask((rate == OPEN).to_numpy()).array,
            "recalculated_bp": due["due_bp"],
            "recalculated_ore": due["due_ore"],
            "difference_ore": lines["amount_ore"] - due["due_ore"],
            "differs_by": reasons(m, found, asked),
        }
    )


def _line_of(found: pd.DataFrame, links: pd.DataFrame, lines: pd.DataFrame) -> pd.Series:
    """Return the line that pays each cell: what pays for it, a line of its rate, else, unpaid, the month's largest."""
    own = lines.rename_axis("n").reset_index()
    largest = own.sort_values(["amount_ore", "n"], ascending=[False, True]).drop_duplicates("g").set_index("g")["n"]
    key, at = _key(found), [pd.Series(f["n"].to_numpy(), _key(f)) for f in (links, own)]
    n = key.map(at[0]).fillna(key.map(at[1])).fillna(found["g"].map(largest).where(~found["is_paying"]))
    return n.fillna(OPEN).astype("int64")


def _visit_pay(m: Month, n: np.ndarray, lines: pd.DataFrame) -> pd.DataFrame:
    """Return every visit's rule, price, minutes by step, amount, and its share of the line that pays it."""
    x, s = m.visits, m.steps
    rule, rate = x["rule"].to_numpy(), x["rate"].to_numpy()
    counts, is_paying = s["counts"], s["is_paying"]
    unpriced = (m.tariff.rules["basis"].to_numpy()[rule] == "granted") | (
        m.tariff.rates["unit"].to_numpy()[rate] == "month"
    )
    steps = {
        name: s[name].where(counts)
        for name in ("basis_bp", "flat_bp", "minimum_bp", "rounded_bp", "weight", "weighed_bp")
    }
    line_id = lines["line_id"].take(n).mask(n == OPEN)
    booked = lines["booked_month"].take(n).mask(n == OPEN, m.tariff.month)
    line_id.index = booked.index = x.index
    return pd.DataFrame(
        {
            "visit_id": x["visit_id"],
            "line_id": line_id,
            "booked_month": booked,
            "rule_id": m.tariff.rules["rule_id"].take(rule).array,
            "rate_code": m.tariff.rates["rate_code"].take(rate).mask(~is_paying.to_numpy()).array,
            "price_ore": m.tariff.rates["price_ore"].take(rate).where(is_paying.to_numpy()).array,
            **steps,
            "billable_bp": s["billable_bp"].where(is_paying, np.where(unpriced, 0, np.nan)),
            "amount": pd.Series(half_up(s["value"].to_numpy(), HOUR // 100)).where(
                is_paying, np.where(unpriced, 0, np.nan)
            ),
            "paid_ore": _shared(x, s, n, lines["amount_ore"].to_numpy()),
        }
    )


def _shared(x: pd.DataFrame, s: pd.DataFrame, n: np.ndarray, amount: np.ndarray) -> np.ndarray:
    """Return each visit's part of its line in öre: by billable, registered or planned minutes, the first that any has."""
    placed, paid = np.flatnonzero(n != OPEN), np.zeros(len(n), dtype="int64")
    n, x, s = n[placed], x.iloc[placed], s.iloc[placed]
    minutes = (
        s["billable_bp"].to_numpy().clip(0),
        np.where(x["status"] == "performed", x["registered_bp"], 0),
        x["planned_bp"].to_numpy(),
        np.ones(len(n), dtype="int64"),
    )
    totals = [np.bincount(n, part, len(amount)).astype("int64") for part in minutes]
    kind = np.select([total > 0 for total in totals[:-1]], [0, 1, 2], 3)
    weight = np.choose(kind[n], minutes)
    share = half_up(amount[n] * weight, np.choose(kind, totals).clip(1)[n])
    rest = amount - np.bincount(n, share, len(amount)).astype("int64")
    rest[np.bincount(n, minlength=len(amount)) == 0] = 0
    weighing = np.flatnonzero(weight > 0)
    order = weighing[np.lexsort((x["start"].to_numpy()[weighing], n[weighing]))]
    last = order[np.append(np.diff(n[order]) != 0, True)]
    share[last] += rest[n[last]]
    paid[placed] = share
    return paid
