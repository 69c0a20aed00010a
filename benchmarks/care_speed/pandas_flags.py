"""Three home-care indicators with pandas: from hits on visits to one flag per paid line, as `core.per_line` says."""

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
    stated: Mapping[str, Params],
) -> pd.DataFrame:
    """Return the flags of HC05, HC12 and HC20; `pay` gives each visit's line and öre."""
    rules = tables["compensation_rules"]
    by_visit = ~pay["rule_id"].isin(rules.loc[rules["basis"] == "granted", "rule_id"])
    by_minutes = by_visit & ((pay["flat_bp"] == pay["basis_bp"]) | pay["flat_bp"].isna() & pay["basis_bp"].isna())
    lines = tables["compensation_lines"]
    by_minutes &= ~pay["line_id"].isin(lines.loc[lines["unit"].notna() & (lines["unit"] != "hour"), "line_id"])
    found = {
        "HC05": (_longer(v, stated["HC05"]), pay[by_minutes]),
        "HC12": (_in_two_places(v, pairs, stated["HC12"]), pay[by_visit]),
        "HC20": (_absent(v, tables["absences"], stated["HC20"]), pay),
    }
    return pd.concat(
        _per_line(hits, paid, float(stated[code]["least_sek"])).assign(indicator=code)
        for code, (hits, paid) in found.items()
    )


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
    why[both["task"].isin(OUTDOORS).to_numpy()] = "hemmet sköttes under frånvaron"
    return _hits(both["visit_id"], pd.Series(1.0, both.index), why)


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
