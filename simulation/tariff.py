"""Compensation rules and rates as dated data, and which of them holds for a visit."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from simulation.calendar import Month, day_date
from simulation.geography import AREA_TYPES
from simulation.parameters import Money
from simulation.streams import stream

SHARE = 10_000
"""Shares are integers of 1/10,000."""


@dataclass(frozen=True)
class Rule:
    """One row of `compensation_rules`; None means "any" for what selects, "not used" for what computes.

    Shares and factors are in 1/10,000.
    """

    rule_id: str
    valid_from: date
    basis: str
    service: str | None = None
    task: str | None = None
    provider_id: Any = None
    regime: str | None = None
    rounding: str = "none"
    rounding_minutes: int | None = None
    rounding_scope: str = "visit"
    minimum_minutes: int | None = None
    flat_minutes: int | None = None
    cap_share_of_granted: int | None = None
    declined_share: int = 0
    absence_share_day_1: int = 0
    absence_share_later: int = 0
    absence_days: int = 0
    double_staffing_factor: int = 2 * SHARE
    cohabitant_share: int | None = None
    new_client_minutes: int | None = None
    nursing_payer: str | None = None
    valid_to: date | None = None


@dataclass(frozen=True)
class Rate:
    """One row of `rates`; `price_ore` per unit. `from_time`/`to_time` (HH:MM) bound evening and night."""

    rate_code: str
    service: str
    unit: str
    price_ore: int
    valid_from: date
    regime: str | None = None
    area_type: str | None = None
    day_type: str | None = None
    valid_to: date | None = None
    from_time: str | None = None
    to_time: str | None = None


@dataclass(frozen=True)
class Tariff:
    """All rules and rates of a municipality."""

    rules: tuple[Rule, ...]
    rates: tuple[Rate, ...]

    def boundaries(self, first: date, last: date) -> list[date]:
        """Return the days from `first` to `last` on which anything starts to hold, `first` always among them."""
        days = {first}
        for item in (*self.rules, *self.rates):
            days.add(item.valid_from)
            if item.valid_to:
                days.add(item.valid_to + timedelta(days=1))
        return sorted(d for d in days if first <= d <= last)

    def rule_for(self, day: date, service: str, task: str | None, provider: Any, regime: str) -> int | None:
        """Return the index of the rule for a visit: provider beats task beats service beats regime; then the
        later start, then the smaller id."""
        best, best_key = None, None
        for number, rule in enumerate(self.rules):
            if not _holds(rule, day):
                continue
            if rule.service not in (None, service) or rule.regime not in (None, regime):
                continue
            if (rule.task is not None and rule.task != task) or rule.provider_id not in (None, provider):
                continue
            strength = 8 * (rule.provider_id is not None) + 4 * (rule.task is not None)
            strength += 2 * (rule.service is not None) + (rule.regime is not None)
            key = (-strength, -rule.valid_from.toordinal(), rule.rule_id)
            if best_key is None or key < best_key:
                best, best_key = number, key
        return best

    def rate_for(self, day: date, service: str, regime: str, area_type: str, day_type: str | None) -> int | None:
        """Return the index of the rate: the most specific of the day type's and of all day types, else the weekday's."""
        for wanted in ((day_type, None), ("weekday",)):
            best, best_key = None, None
            for number, rate in enumerate(self.rates):
                if rate.service != service or rate.day_type not in wanted or not _holds(rate, day):
                    continue
                if rate.regime not in (None, regime) or rate.area_type not in (None, area_type):
                    continue
                strength = 4 * (rate.area_type is not None) + 2 * (rate.regime is not None)
                key = (-strength - (rate.day_type is not None), -rate.valid_from.toordinal(), rate.rate_code)
                if best_key is None or key < best_key:
                    best, best_key = number, key
            if best is not None:
                return best
        return None

    def windows(self) -> tuple[tuple[int, int], tuple[int, int]]:
        """Return (from, to) minutes of the day of evening and night; to < from crosses midnight."""
        found = []
        for kind, default in (("evening", ("19:00", "22:00")), ("night", ("22:00", "07:00"))):
            texts = next(((r.from_time, r.to_time) for r in self.rates if r.day_type == kind and r.from_time), default)
            found.append((_minutes(texts[0] or default[0]), _minutes(texts[1] or default[1])))
        return found[0], found[1]


def _holds(item: Rule | Rate, day: date) -> bool:
    return item.valid_from <= day and (item.valid_to is None or day <= item.valid_to)


def _minutes(text: str) -> int:
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)


def make_tariff(money: Money, horizon: list[Month], seed: int) -> Tariff:
    """Return the municipality's rules and rates over the horizon: one rule change mid-month, one index a year."""
    start = date(day_date(horizon[0].first).year - 1, 1, 1)
    return Tariff(tuple(_rules(money, start, horizon)), tuple(_rates(money, start, horizon, seed)))


def _rules(money: Money, start: date, horizon: list[Month]) -> Iterable[Rule]:
    def share(value: float) -> int:
        return round(value * SHARE)

    declined = {name: share(value) for name, value in money.declined_share}
    month, day = money.rule_change_day
    change = date(day_date(horizon[0].first).year, month, day)
    first_cap, second_cap = (share(value) for value in money.cap_share_of_granted)
    any_service = Rule(
        "R00", start, "performed", declined_share=declined["other"],
        absence_share_day_1=share(money.absence_share_day_1), absence_share_later=share(money.absence_share_later),
        absence_days=money.absence_days, double_staffing_factor=share(money.double_staffing_factor),
    )  # fmt: skip
    care = replace(
        any_service, rule_id="R01", service="care", regime="private", valid_to=change - timedelta(days=1),
        cap_share_of_granted=first_cap, new_client_minutes=money.new_client_minutes,
    )  # fmt: skip
    yield care
    yield replace(care, rule_id="R02", valid_from=change, valid_to=None, cap_share_of_granted=second_cap)
    yield replace(any_service, rule_id="R03", basis="granted", service="care", regime="in_house", declined_share=0)
    home = replace(
        any_service, rule_id="R04", service="domestic", cohabitant_share=share(money.cohabitant_share),
        declined_share=declined["domestic"],
    )  # fmt: skip
    yield home
    for number, (task, minutes) in enumerate(money.flat_minutes):
        own = declined.get(task, declined["domestic"])
        yield replace(home, rule_id=f"R{5 + number:02d}", task=task, flat_minutes=minutes, declined_share=own)
    yield replace(any_service, rule_id="R08", service="delegated_nursing", rounding="nearest", rounding_minutes=5,
                  minimum_minutes=10, nursing_payer="region")  # fmt: skip
    yield replace(any_service, rule_id="R09", service="escort", rounding="up", rounding_minutes=15,
                  rounding_scope="day", minimum_minutes=30)  # fmt: skip
    yield replace(any_service, rule_id="R10", service="respite", rounding="nearest", rounding_minutes=30,
                  rounding_scope="client_month")  # fmt: skip
    yield replace(any_service, rule_id="R11", service="night")
    yield replace(any_service, rule_id="R12", service="alarm", basis="granted")


def _rates(money: Money, start: date, horizon: list[Month], seed: int) -> Iterable[Rate]:
    rng = stream(seed, "rates")
    index_month = int(rng.choice(money.index_months))
    last = day_date(horizon[-1].last)
    starts = [start] + [d for year in range(start.year + 1, last.year + 1) if (d := date(year, index_month, 1)) <= last]
    factor = 1.0
    for number, begin in enumerate(starts):
        until = starts[number + 1] - timedelta(days=1) if number + 1 < len(starts) else None
        for code, service, unit, price, regime, area, kind, window in _price_list(money):
            ore = 10 * round(price * factor * 10)
            yield Rate(code, service, unit, ore, begin, regime, area, kind, until, *window)
        factor *= 1 + rng.uniform(*money.index_share)


def _price_list(money: Money) -> Iterable[tuple[Any, ...]]:
    short = {"urban": "U", "suburban": "S", "rural": "R", "private": "P", "in_house": "E"}
    times = {"weekday": "VD", "evening": "KV", "weekend": "HE", "night": "NA"}
    none, evening, night = (None, None), ("19:00", "22:00"), ("22:00", "07:00")
    kinds = (("weekday", 0.0, none), ("evening", money.evening_add, evening),
             ("weekend", money.weekend_add, none), ("night", money.night_add, night))  # fmt: skip
    for area, base, home in zip(AREA_TYPES, money.care_hour, money.domestic_hour, strict=True):
        for kind, add, window in kinds:
            code = f"CP{short[area]}-{times[kind]}"
            price = base * money.private_factor + add
            yield code, "care", "hour", price, "private", area, kind, window
        yield f"CE{short[area]}", "care", "hour", base + 12.0, "in_house", area, None, none
        for regime, factor in (("private", money.private_factor), ("in_house", 1.0)):
            yield (
                f"D{short[regime]}{short[area]}",
                "domestic",
                "hour",
                home * factor,
                regime,
                area,
                None,
                none,
            )
    yield "HSL", "delegated_nursing", "hour", money.nursing_hour, None, None, None, none
    yield "LED", "escort", "hour", money.escort_hour, None, None, None, none
    yield "AVL", "respite", "hour", money.respite_hour, None, None, None, none
    yield "NATT", "night", "visit", money.night_visit, None, None, None, none
    yield "LARM", "alarm", "month", money.alarm_month, None, None, None, none
