"""The month's visits paid by the rules with pandas: client-months, what is granted, rules, rates, billable minutes.

Whole öre and ten-thousandths of minutes throughout. `docs/compensation-semantics.md` says what each step means.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from benchmarks.care_speed.pandas_steps import DAY, absence_days, billable, couples
from benchmarks.care_speed.pandas_tariff import (
    ANY,
    HOUR,
    LAST,
    OPEN,
    SHARE,
    Tariff,
    half_up,
    table_of,
    tariff,
)

GROUP = ["provider_id", "client_ref", "service"]
PAID = ("performed", "declined", "blank", "absent")


@dataclass(frozen=True)
class Month:
    """One month's visits with what each step made of them, and its client-months, lines and sums paid without visits.

    The frames know a client-month by its place `g` in `groups`.
    """

    tariff: Tariff
    groups: pd.DataFrame
    lines: pd.DataFrame
    visits: pd.DataFrame
    steps: pd.DataFrame
    caps: np.ndarray
    granted_parts: pd.DataFrame
    new_parts: pd.DataFrame


def paid_by_rules(v: pd.DataFrame, tables: dict[str, pd.DataFrame]) -> Month:
    """Return what the rules make of the visits `v`, which are in order of visit_id and of one month."""
    lines = (
        tables["compensation_lines"].drop_duplicates("line_id", keep="last").sort_values(["booked_month", "line_id"])
    )
    lines = lines.reset_index(drop=True)
    months = {*v["service_month"].unique(), *lines["service_month"].unique()}
    assert len(months) == 1, "several months at once are not in the pandas version"
    held = tariff(tables, months.pop())
    v = v[v["status"].isin(PAID)].reset_index(drop=True)
    segments, newcomers = _granted(tables["orders"], tables["decisions"], held)
    g, groups = _numbered([v, lines, segments, newcomers])
    v_g, lines["g"], segments["g"], newcomers["g"] = g
    groups = _ruled(groups, tables, held)
    absent = absence_days(tables["absences"], held.first, held.last)
    x = _asked(v, v_g, tables, held, absent)
    caps = _caps(groups, segments, held)
    return Month(
        held, groups, lines, x, billable(x, held.rules, held.rates, caps), caps,
        _granted_parts(groups, segments, absent, held), _new_parts(groups, newcomers, held),
    )  # fmt: skip


def _granted(orders: pd.DataFrame, decisions: pd.DataFrame, held: Tariff) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return what is granted on which days of the month, and who gets a service from a provider for the first time."""
    both = orders.merge(decisions.drop(columns="client_ref"), on="decision_id", suffixes=("", "_decided"))
    first = both.groupby(GROUP)["valid_from"].min().rename("start").reset_index()
    begin = both[["valid_from", "valid_from_decided"]].max(axis=1).clip(lower=held.first)
    until = both[["valid_to", "valid_to_decided"]].min(axis=1).fillna(LAST).clip(upper=held.last)
    both = both.assign(begin=begin, until=until, days=(until - begin) // DAY + 1)
    columns = [*GROUP, "minutes_per_month", "double_staffed", "begin", "until", "days"]
    newcomers = first[first["start"].between(held.first, held.last)].reset_index(drop=True)
    return both.loc[both["days"] > 0, columns].reset_index(drop=True), newcomers


def _numbered(frames: list[pd.DataFrame]) -> tuple[list[np.ndarray], pd.DataFrame]:
    """Return the number of every row's client-month, by frame, and the client-months."""
    codes = [pd.factorize(pd.concat([f[name] for f in frames], ignore_index=True)) for name in GROUP]
    number = np.zeros(sum(map(len, frames)), dtype="int64")
    for code, names in codes:
        number = number * len(names) + code
    g, distinct = pd.factorize(number)
    distinct = np.asarray(distinct)
    columns: dict[str, pd.Index] = {}
    for name, (_, names) in zip(reversed(GROUP), reversed(codes), strict=True):
        columns[name] = pd.Index(names).take(distinct % len(names))
        distinct = distinct // len(names)
    return np.split(g, np.cumsum([len(f) for f in frames])[:-1]), pd.DataFrame(columns)


def _ruled(groups: pd.DataFrame, tables: dict[str, pd.DataFrame], held: Tariff) -> pd.DataFrame:
    """Return the client-months with regime, area type, and the rule and rate of a month as a whole."""
    homes = tables["clients"].sort_values("valid_from", kind="stable")
    latest = homes[homes["valid_from"] <= held.last].drop_duplicates("client_ref", keep="last")
    home = latest.set_index("client_ref")["area_type"]
    earliest = homes.drop_duplicates("client_ref").set_index("client_ref")["area_type"]
    client = groups["client_ref"]
    groups = groups.assign(
        regime=groups["provider_id"].map(tables["providers"].set_index("provider_id")["regime"]),
        area_type=client.map(home).fillna(client.map(earliest)),
        task=None,
        kind=ANY,
    )
    groups = groups.assign(rule=held.rule(groups), rate=held.rate(groups))
    assert (groups[["rule", "rate"]] != OPEN).all(axis=None), (
        "a service without rule or rate is not in the pandas version"
    )
    return groups


def _asked(
    v: pd.DataFrame, g: np.ndarray, tables: dict[str, pd.DataFrame], held: Tariff, absent: pd.DataFrame
) -> pd.DataFrame:
    """Return each visit's client-month, rule and rate, and what the steps read of it."""
    services, tasks = (sorted(v[name].dropna().unique()) for name in ("service", "task"))
    picks = table_of(held, services, tasks)
    regime = tables["providers"].set_index("provider_id")["regime"]
    start = v["actual_start"].fillna(v["planned_start"])
    sizes = [len(services), len(tasks) + 1, 3, 4, ANY]
    place = np.zeros(len(v), dtype="int64")
    parts = (
        _code(v["service"], services),
        _code(v["task"], tasks),
        _code(v["provider_id"].map(regime), ["in_house", "private"]),
        _code(v["area_type"], ["urban", "suburban", "rural"]),
        held.day_kind(start, tables["calendar"]),
    )
    for size, code in zip(sizes, parts, strict=True):
        place = place * size + code
    x = pd.DataFrame(
        {
            "visit_id": v["visit_id"],
            "g": g,
            "rule": picks["rule"].to_numpy()[place],
            "rate": picks["rate"].to_numpy()[place],
            "date": v["visit_date"],
            "start": start,
            "status": v["status"].astype("category"),
            "registered_bp": (v["registered_minutes"] * SHARE).round().astype("int64"),
            "planned_bp": (v["planned_minutes"] * SHARE).round().astype("int64"),
            "second": np.where(v["visit_id"] > v["pair_visit_id"], np.where(v["is_double_granted"], 1, 2), 0),
            "absence_day": OPEN,
            "deliveries": v["deliveries"],
        }
    )
    assert (x[["rule", "rate"]] != OPEN).all(axis=None), "a visit without rule or rate is not in the pandas version"
    away = np.flatnonzero(v["status"] == "absent")
    told = v.iloc[away][["client_ref", "visit_date"]].merge(
        absent, left_on=["client_ref", "visit_date"], right_on=["client_ref", "date"], how="left"
    )
    x.iloc[away, x.columns.get_loc("absence_day")] = told["absence_day"].fillna(OPEN).astype("int64")
    return x.assign(is_couple=couples(x, v, held.rules))


def _code(cells: pd.Series, known: list[str]) -> np.ndarray:
    """Return the place of each cell in `known`, the place after the last for an empty one."""
    code = pd.Index(known).get_indexer(pd.Index(cells.unique()))
    return np.where(code < 0, len(known), code)[cells.factorize(use_na_sentinel=False)[0]]


def _caps(groups: pd.DataFrame, segments: pd.DataFrame, held: Tariff) -> np.ndarray:
    """Return each client-month's cap in ten-thousandths of minutes, and write the grant to `groups`."""
    rules, days = held.rules.iloc[groups["rule"]], held.last.day
    factor = rules["double_staffing_factor"].to_numpy()[segments["g"]]
    part = segments["minutes_per_month"] * np.where(segments["double_staffed"], factor, SHARE) * segments["days"]
    granted = part.astype("int64").groupby(segments["g"]).sum().reindex(groups.index, fill_value=OPEN).to_numpy()
    groups["granted_bp"] = np.where(granted == OPEN, OPEN, half_up(granted, days))
    share = rules["cap_share_of_granted"].to_numpy()
    return np.where((granted == OPEN) | (share == OPEN), OPEN, half_up(granted * share, SHARE * days))


def _granted_parts(groups: pd.DataFrame, segments: pd.DataFrame, absent: pd.DataFrame, held: Tariff) -> pd.DataFrame:
    """Return what is paid of a grant or as a monthly fee: one row per client-month."""
    rows, days = segments.merge(groups[["rule", "rate"]], left_on="g", right_index=True), held.last.day
    rule, rate = held.rules.iloc[rows["rule"]], held.rates.iloc[rows["rate"]]
    is_fee = rate["unit"].to_numpy() == "month"
    rows = rows.assign(
        is_fee=is_fee,
        price_ore=rate["price_ore"].to_numpy(),
        later=rule["absence_share_later"].to_numpy(),
        day_1=rule["absence_share_day_1"].to_numpy(),
        until_day=rule["absence_days"].to_numpy(),
        factor=np.where(rows["double_staffed"], rule["double_staffing_factor"].to_numpy(), SHARE),
    )[is_fee | (rule["basis"].to_numpy() == "granted")]
    gone = rows.rename_axis("segment").reset_index().merge(absent, on="client_ref")
    gone = gone[gone["date"].between(gone["begin"], gone["until"])]
    later = np.where(gone["absence_day"] <= gone["until_day"], gone["later"], 0)
    lost = SHARE - np.where(gone["absence_day"] == 1, gone["day_1"], later)
    lost = pd.Series(lost, gone["segment"]).groupby(level=0).sum().reindex(rows.index, fill_value=0)
    whole = (rows["minutes_per_month"] * rows["days"] * SHARE).astype("int64")
    present = (rows["minutes_per_month"] * (rows["days"] * SHARE - lost)).astype("int64")
    rows = rows.assign(
        minute_bp=half_up(present * rows["factor"], SHARE * days),
        unreduced_bp=half_up(whole * rows["factor"], SHARE * days),
        single_bp=half_up(present, days),
    )
    summed = rows.groupby("g").agg(
        dict.fromkeys(("rule", "rate", "price_ore", "is_fee"), "first")
        | dict.fromkeys(("minute_bp", "unreduced_bp", "single_bp"), "sum")
    )
    fee = summed["is_fee"]
    return summed.assign(
        start=held.first,
        due_bp=summed["minute_bp"].where(~fee, 0),
        quantity_bp=np.where(fee, SHARE, 0),
        value=summed["minute_bp"].where(~fee, HOUR) * summed["price_ore"],
    ).reset_index()


def _new_parts(groups: pd.DataFrame, newcomers: pd.DataFrame, held: Tariff) -> pd.DataFrame:
    """Return the minutes paid once for a new client, at the rate of a weekday."""
    asked = groups.iloc[newcomers["g"]].assign(kind=0, g=newcomers["g"].to_numpy(), start=newcomers["start"].to_numpy())
    asked = asked.assign(rate=held.rate(asked))
    due = held.rules["new_client_minutes"].to_numpy()[asked["rule"]]
    price = held.rates["price_ore"].to_numpy()[asked["rate"]]
    asked = asked.assign(due_bp=due, quantity_bp=0, price_ore=price, value=due * price)
    return asked.loc[due != 0, ["g", "rule", "rate", "start", "due_bp", "quantity_bp", "price_ore", "value"]]
