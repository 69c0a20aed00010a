"""Rules and rates of one month with pandas: whole numbers, and which of them holds for whom on which kind of day.

Money is whole öre, minutes and shares whole ten-thousandths, what a rule leaves open -1. What the benchmark's month does
not hold is refused, not left out: a tariff that changes within the month, and rules of single providers.
"""

from dataclasses import dataclass
from itertools import product

import numpy as np
import pandas as pd

SHARE = 10_000
HOUR = 60 * SHARE
OPEN = -1
LAST = pd.Timestamp("2200-01-01")
ANY = 4
KINDS = {"weekday": 0, "evening": 1, "weekend": 2, "night": 3}
WINDOWS = {"evening": (19 * 60, 22 * 60), "night": (22 * 60, 7 * 60)}
SHARES = (
    "cap_share_of_granted", "declined_share", "absence_share_day_1", "absence_share_later", "double_staffing_factor",
    "cohabitant_share",
)  # fmt: skip
MINUTES = ("rounding_minutes", "minimum_minutes", "flat_minutes", "new_client_minutes")
UNSTATED = {
    "rounding_minutes": SHARE, "minimum_minutes": 0, "new_client_minutes": 0, "declined_share": 0, "absence_share_day_1": 0,
    "absence_share_later": 0, "double_staffing_factor": 2 * SHARE,
}  # fmt: skip


def half_up(value: np.ndarray, unit: np.ndarray | int) -> np.ndarray:
    """Return whole numbers divided and rounded half up."""
    return (2 * value + unit) // (2 * unit)


@dataclass(frozen=True)
class Tariff:
    """The month's rules and rates, one row each in order of number, and the numbers that were asked for."""

    month: str
    first: pd.Timestamp
    last: pd.Timestamp
    rules: pd.DataFrame
    rates: pd.DataFrame
    windows: dict[str, tuple[int, int]]

    def rule(self, asked: pd.DataFrame) -> np.ndarray:
        """Return the rule of each row of `asked`: service, task, regime; -1 for none."""
        return _picked(asked, self.rules, {"task": 4, "regime": 1}, "rule_id")

    def rate(self, asked: pd.DataFrame) -> np.ndarray:
        """Return the rate of each row of `asked`: service, regime, area_type, kind of day; -1 for none."""
        return _picked(asked, self.rates, {"area_type": 4, "regime": 2}, "rate_code")

    def day_kind(self, start: pd.Series, calendar: pd.DataFrame) -> np.ndarray:
        """Return the kind of day (0 weekday, 1 evening, 2 weekend, 3 night) of local starts."""
        dates = pd.date_range(self.first, self.last)
        stated = calendar.set_index("date")["day_type"].reindex(dates)
        is_free = np.where(stated.isna(), dates.day_of_week >= 5, stated != "weekday")
        minute = ((start - self.first) // np.timedelta64(1, "m")).to_numpy()
        day, minute = minute // 1440, minute % 1440
        kind = np.where(is_free[day], KINDS["weekend"], np.where(self._within("evening", minute), KINDS["evening"], 0))
        return np.where(self._within("night", minute), KINDS["night"], kind)

    def _within(self, name: str, minute: np.ndarray) -> np.ndarray:
        begin, end = self.windows[name]
        after, before = minute >= begin, minute < end
        return after & before if begin < end else after | before


def tariff(tables: dict[str, pd.DataFrame], month: str) -> Tariff:
    """Return what holds in `month`; raises AssertionError for a kind of tariff that the benchmark's month does not hold."""
    dates = pd.period_range(month, periods=1, freq="M")
    first, last = dates.start_time[0], dates.end_time[0].normalize()
    rules = _holding(tables["compensation_rules"], first, last).sort_values("rule_id", ignore_index=True)
    rates = _holding(tables["rates"], first, last).sort_values("rate_code", ignore_index=True)
    assert rules["provider_id"].isna().all(), "a rule of one provider is not in the pandas version"
    assert rules["service"].notna().all(), "a rule for every service is not in the pandas version"
    assert rates["rate_code"].is_unique, "a rate code with several prices is not in the pandas version"
    whole = {name: (rules[name] * SHARE).round() for name in (*SHARES, *MINUTES)}
    whole = {name: cells.fillna(UNSTATED.get(name, OPEN)).astype("int64") for name, cells in whole.items()}
    rules = rules.assign(
        **whole,
        rounding=rules["rounding"].fillna("none"),
        rounding_scope=rules["rounding_scope"].fillna("visit"),
        absence_days=rules["absence_days"].fillna(0).astype("int64"),
        is_any_second=False,
        unknown_share=0,
    )
    rates = rates.assign(
        price_ore=(rates["price_sek"] * 100).round().astype("int64"),
        kind=rates["day_type"].map(KINDS).fillna(ANY).astype("int64"),
    )
    return Tariff(month, first, last, rules, rates, WINDOWS | _windows(rates))


def table_of(held: Tariff, services: list[str], tasks: list[str]) -> pd.DataFrame:
    """Return the rule and rate of every service, task, regime, area type and kind of day, None where one is empty."""
    regimes, areas = ["in_house", "private", None], ["urban", "suburban", "rural", None]
    rows = pd.DataFrame(
        list(product(services, [*tasks, None], regimes, areas, range(ANY))),
        columns=["service", "task", "regime", "area_type", "kind"],
    )
    return rows.assign(rule=held.rule(rows), rate=held.rate(rows))


def _holding(stated: pd.DataFrame, first: pd.Timestamp, last: pd.Timestamp) -> pd.DataFrame:
    until = stated["valid_to"].fillna(LAST)
    begins, ends = stated["valid_from"].between(first, last, inclusive="right"), (until >= first) & (until < last)
    assert not (begins | ends).any(), "a tariff that changes within the month is not in the pandas version"
    return stated[(stated["valid_from"] <= first) & (until >= last)]


def _windows(rates: pd.DataFrame) -> dict[str, tuple[int, int]]:
    stated = rates.loc[rates["from_time"].notna(), ["day_type", "from_time", "to_time"]].drop_duplicates()
    assert stated["day_type"].is_unique, "two evenings or nights in a month are not in the pandas version"
    clocks = {name: stated[name].str.split(":", expand=True).astype(int) for name in ("from_time", "to_time")}
    minutes = [(60 * clock[0] + clock[1]).tolist() for clock in clocks.values()]
    return dict(zip(stated["day_type"], zip(*minutes, strict=True), strict=True))


def _picked(asked: pd.DataFrame, stated: pd.DataFrame, weights: dict[str, int], name: str) -> np.ndarray:
    """Return the number of the most specific row of `stated` for each row of `asked`."""
    keys = ["service", *weights, *(["kind"] if "kind" in stated else [])]
    asked = asked[keys].reset_index(drop=True)
    distinct = asked.drop_duplicates(ignore_index=True)
    mine = stated[[*keys, "valid_from", name]].rename_axis("number").reset_index()
    both = distinct.rename_axis("row").reset_index().merge(mine, on="service", suffixes=("", "_stated"))
    for column in weights:
        both = both[both[f"{column}_stated"].isna() | (both[f"{column}_stated"] == both[column])]
    score = sum(weight * both[f"{column}_stated"].notna() for column, weight in weights.items())
    is_own = pd.Series(True, both.index)
    if "kind" in stated:
        is_own = both["kind_stated"].isin([ANY]) | (both["kind_stated"] == both["kind"])
        score = score + (both["kind_stated"] != ANY)
        both = both[is_own | (both["kind_stated"] == KINDS["weekday"])]
    both = both.assign(is_own=is_own, score=score).sort_values(
        ["is_own", "score", "valid_from", name], ascending=[False, False, False, True]
    )
    found = both.drop_duplicates("row").set_index("row")["number"].reindex(range(len(distinct)), fill_value=OPEN)
    distinct["number"] = found
    return asked.merge(distinct, on=keys, how="left")["number"].to_numpy()
