"""Home-care indicators with pandas: from hits on visits to one flag per paid line, as `core.per_line` says."""

from collections.abc import Mapping
from itertools import chain
from typing import Any

import numpy as np
import pandas as pd

from core.per_line import MOST_BESIDE

Params = Mapping[str, Any]
OUTDOORS = ("shopping", "laundry", "cleaning")

MILLION = 1_000_000


def flags(
    v: pd.DataFrame,
    pairs: pd.DataFrame,
    tables: dict[str, pd.DataFrame],
    pay: pd.DataFrame,
    paid: pd.DataFrame,
    stated: Mapping[str, Params],
) -> pd.DataFrame:
    """Return the flags of INDICATORS; `pay` gives each visit's line and öre, `paid` what the rules give per line."""
    rules = tables["compensation_rules"]
    by_visit = ~pay["rule_id"].isin(rules.loc[rules["basis"] == "granted", "rule_id"])
    by_minutes = by_visit & ((pay["flat_bp"] == pay["basis_bp"]) | pay["flat_bp"].isna() & pay["basis_bp"].isna())
    lines = tables["compensation_lines"]
    by_minutes &= ~pay["line_id"].isin(lines.loc[lines["unit"].notna() & (lines["unit"] != "hour"), "line_id"])
    found = {
        "HC05": (_longer(v, stated["HC05"]), pay[by_minutes]),
        "HC12": (_in_two_places(v, pairs, stated["HC12"]), pay[by_visit]),
        "HC20": (_absent(v, tables["absences"], stated["HC20"]), pay),
        "HC40": (_impossible(v, stated["HC40"]), pay[by_visit]),
    }
    flagged = {code: _per_line(hits, of, float(stated[code]["least_sek"])) for code, (hits, of) in found.items()} | {
        "HC41": _without_visits(v, tables, pay, paid, stated["HC41"])
    }
    return pd.concat(f.assign(indicator=code) for code, f in flagged.items())


def _longer(v: pd.DataFrame, p: Params) -> pd.DataFrame:
    v = v[(v["status"] == "performed") & (v["planned_minutes"] > 0)]
    longer = v["registered_minutes"] > v["planned_minutes"] * p["least_times"]
    v = v[longer & (v["registered_minutes"] >= v["planned_minutes"] + p["least_minutes"])]
    share = 1 - v["planned_minutes"] / v["registered_minutes"]
    return _hits(v["visit_id"], share, _told(v["service"] == "alarm", "larm"))


def _in_two_places(v: pd.DataFrame, pairs: pd.DataFrame, p: Params) -> pd.DataFrame:
    pairs = pairs[(pairs["subject"] == "carer") & pairs["is_same_provider"] & ~pairs["is_same_client"]]
    pairs = pairs[pairs["overlap_minutes"] > p["least_minutes"]]
    told = v[["visit_id", "registered_minutes", "planned_minutes", "service"]]
    told = told.assign(weak=(v["is_manual"] | (v["distance_start_m"] > p["far_m"])).astype("int64"))
    pairs = pairs.merge(told, on="visit_id").merge(told, left_on="other_id", right_on="visit_id", suffixes=("", "_o"))
    over, over_o = (pairs[f"registered_minutes{x}"] - pairs[f"planned_minutes{x}"] for x in ("", "_o"))
    further = (over - over_o).round(4)
    weaker = pairs["weak"] - pairs["weak_o"]
    is_long = (further.abs() > p["long_minutes"]) | (weaker == 0)
    further = further.where(is_long, weaker * p["long_minutes"])
    late, early = pairs[further >= -p["least_minutes"]], pairs[further <= p["least_minutes"]]
    early = early.assign(
        visit_id=early["other_id"], other_id=early["visit_id"], registered_minutes=early["registered_minutes_o"]
    )
    both = pd.concat([late, early])
    both = both[both["registered_minutes"] > 0]
    why = _told((both["service"] == "night") & (both["service_o"] == "night"), "nattpatrull")
    why[both["is_same_building"].to_numpy()] = "samma byggnad"
    why[both["is_same_household"].to_numpy()] = "samma hushåll"
    return _hits(both["visit_id"], both["overlap_minutes"] / both["registered_minutes"], why, both["other_id"])


def _absent(v: pd.DataFrame, absences: pd.DataFrame, p: Params) -> pd.DataFrame:
    absences = absences[absences["kind"].isin(["hospital", "respite", "travel"])]
    both = v[v["status"] == "performed"].merge(absences, on="client_ref")
    day, margin = pd.Timedelta(days=1), pd.Timedelta(hours=p["margin_hours"])
    is_day, ends_day = (both[c] == both[c].dt.normalize() for c in ("from_at", "to_at"))
    first = (both["from_at"] + day).where(is_day, both["from_at"] + margin)
    last = both["to_at"].where(ends_day, both["to_at"] - margin)
    both = both[(both["actual_start"] >= first) & (both["to_at"].isna() | (both["actual_start"] < last))]
    why = _told(both["service"] == "alarm", "larm")
    is_unsaid = both["task"].isna() & (both["service"] == "domestic")
    why[(both["task"].isin(OUTDOORS) | is_unsaid).to_numpy()] = "hemmet sköttes under frånvaron"
    return _hits(both["visit_id"], pd.Series(1.0, both.index), why)


def _impossible(v: pd.DataFrame, p: Params) -> pd.DataFrame:
    ends_first, registered = v["actual_end"] < v["actual_start"], v["registered_minutes"]
    is_long = registered > 60 * p["most_hours"]
    v = v[(v["status"] == "performed") & (ends_first | is_long | (v["billable_minutes"] > 0))]
    ends_first, is_long, registered = ends_first[v.index], is_long[v.index], registered[v.index]
    by_clock = (v["actual_end"].dt.floor("min") - v["actual_start"].dt.floor("min")) / np.timedelta64(1, "m")
    is_changed = (
        (registered > 0) & (v["billable_minutes"] > registered + 30) & (by_clock - registered).abs().between(59, 61)
    )
    is_hit = ends_first & (registered == 0) | is_long | is_changed
    v, registered, is_changed, ends_first = (f[is_hit] for f in (v, registered, is_changed, ends_first))
    beyond = np.where(ends_first, 1, (1 - v["planned_minutes"] / registered).clip(lower=0))
    share = (1 - registered / v["billable_minutes"]).where(is_changed, beyond)
    why = _told((v["service"] == "respite") & (registered > 0) & ~is_changed, "avlösning dygnet runt")
    return _hits(v["visit_id"], share, why)


def _without_visits(
    v: pd.DataFrame, tables: dict[str, pd.DataFrame], pay: pd.DataFrame, paid: pd.DataFrame, p: Params
) -> pd.DataFrame:
    """Return a flag per line that pays minutes for which there are no visits."""
    both = pay.loc[pay["line_id"].notna(), ["visit_id", "line_id", "weighed_bp"]].merge(
        v[["visit_id", "registered_minutes", "planned_minutes"]], on="visit_id"
    )
    most = both[["registered_minutes", "planned_minutes"]].max(axis=1)
    visited = np.fmax(both["weighed_bp"] / 10_000, most).groupby(both["line_id"]).sum()
    orders = tables["orders"].merge(tables["decisions"].drop(columns=["client_ref", "valid_from"]), on="decision_id")
    key = ["provider_id", "client_ref", "service"]
    first = orders.groupby(key)["valid_from"].min().dt.strftime("%Y-%m").rename("first_month")
    lines = tables["compensation_lines"].drop_duplicates("line_id", keep="last").join(first, on=key)
    lines["first_month"] = lines["first_month"].fillna(lines.groupby(key)["service_month"].transform("min"))
    rules = tables["compensation_rules"].drop_duplicates("rule_id").set_index("rule_id")
    line = lines.merge(paid[["line_id", "recalculated_rule_id", "difference_ore"]], on="line_id")
    line = line[(line["unit"] == "hour") & (line["minutes"] > 0)]
    line = line[line["recalculated_rule_id"].map(rules["basis"]) != "granted"]
    bonus = line["recalculated_rule_id"].map(rules["new_client_minutes"]).fillna(0)
    bonus = bonus.where(line["service_month"] == line["first_month"], 0)
    beyond = line["minutes"] - line["line_id"].map(visited).fillna(0)
    least = (p["least_share"] * line["minutes"]).clip(lower=p["least_minutes"])
    is_told = (beyond >= least) & ((bonus > 0) | (line["difference_ore"] != 0))
    is_more = beyond - bonus >= least
    lacking = beyond - bonus.where(is_more, 0)
    ore = np.floor(line["amount_sek"] * lacking / line["minutes"] * 100 + 0.5).astype("int64")
    found = line[["line_id", "booked_month"]].assign(
        value=lacking,
        amount_ore=ore,
        verdict=np.where(is_more, "contradiction", "explained"),
        explained_by=_told(~is_more, "startersättning för ny brukare"),
        evidence=line["line_id"],
    )
    return found[is_told & (ore >= 100 * float(p["least_sek"]))]


def _told(where: pd.Series, why: str) -> np.ndarray:
    told = np.full(len(where), None, dtype=object)
    told[where.to_numpy()] = why
    return told


def _hits(visit_id: pd.Series, share: pd.Series, why: np.ndarray, beside: pd.Series | None = None) -> pd.DataFrame:
    """Return one row per visit: whether a hit stands that nothing explains, and the largest share of those that count.

    `beside` are the visits that those of `visit_id` contradict; of those that count they are kept, as a list.
    """
    said = pd.DataFrame({"visit_id": visit_id.to_numpy(), "share": share.to_numpy(), "why": why})
    if beside is not None:
        said["beside"] = beside.to_numpy()
    said["stands"] = said["why"].isna()
    stands = said.groupby("visit_id")["stands"].transform("any")
    explained = said.groupby("visit_id")["why"].min()
    counts = said[said["stands"] | ~stands]
    hit = counts.groupby("visit_id").agg(share=("share", "max"), stands=("stands", "any"))
    if beside is not None:
        hit["beside"] = counts.groupby("visit_id")["beside"].agg(list)
    parts = np.floor(hit["share"].clip(upper=1) * MILLION + 0.5).astype("int64")
    return hit.drop(columns="share").assign(parts=parts, why=explained).reset_index()


def _per_line(hits: pd.DataFrame, pay: pd.DataFrame, least_sek: float) -> pd.DataFrame:
    both = hits.merge(pay[pay["line_id"].notna()], on="visit_id")
    key = ["line_id", "booked_month"]
    stands = both.groupby(key)["stands"].transform("any")
    explained = both.groupby(key)["why"].min()
    both = both[both["stands"] | ~stands].sort_values("visit_id")
    both = both.assign(part_ore=both["paid_ore"].astype("int64") * both["parts"])
    line = both.groupby(key).agg(
        value=("visit_id", "size"),
        part_ore=("part_ore", "sum"),
        stands=("stands", "any"),
        evidence=("visit_id", list),
    )
    if "beside" in both:
        others = both.groupby(key)["beside"].agg(lambda ids: sorted(set(chain.from_iterable(ids)))).rename("others")
        line = line.join(others)
        line["evidence"] += [
            [i for i in ids if i not in own][:MOST_BESIDE]
            for own, ids in zip(line["evidence"], line.pop("others"), strict=True)
        ]
    line["evidence"] = line["evidence"].map("|".join)
    ore = (line["part_ore"] + MILLION // 2) // MILLION
    line = line.assign(
        amount_ore=ore,
        verdict=np.where(line["stands"], "contradiction", "explained"),
        explained_by=explained.where(~line["stands"]),
    )
    return line[line["amount_ore"] >= least_sek * 100].drop(columns=["part_ore", "stands"]).reset_index()
