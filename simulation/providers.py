"""Providers of home care and the lawful habits in which they differ."""

from dataclasses import dataclass

import numpy as np

from simulation.calendar import Month
from simulation.parameters import DIFFICULTIES, Heterogeneity, Parameters, Scale
from simulation.streams import stream

NICHES = ("", "rural", "dementia specialist", "language niche")


@dataclass
class Providers:
    """Providers by index; in-house units first. Days are day numbers; `niche` indexes NICHES."""

    in_house: np.ndarray
    weight: np.ndarray
    from_day: np.ndarray
    to_day: np.ndarray  # last day, or the horizon's last day + 1 when open
    system: np.ndarray
    niche: np.ndarray
    serial: np.ndarray  # of the organisation number
    phoenix_of: int = -1
    excluded: int = -1

    @property
    def ids(self) -> list[str]:
        """Provider ids P01 ..."""
        return [f"P{n + 1:03d}" for n in range(len(self.weight))]


def make_providers(scale: Scale, p: Parameters, horizon: list[Month], seed: int) -> Providers:
    """Return the market: in-house units, private providers by Zipf weights, late entries and early exits."""
    rng = stream(seed, "providers")
    count, own = scale.providers, scale.in_house_units
    private = count - own
    zipf = 1.0 / np.arange(1, private + 1) ** p.providers.zipf
    share = p.providers.in_house_share
    weight = np.concatenate([np.full(own, share / own), (1 - share) * zipf / zipf.sum()])
    first, last = horizon[0].first, horizon[-1].last
    from_day = np.full(count, first - 700) - rng.integers(0, 1500, count)
    to_day = np.full(count, last + 1)
    span = last - first
    movers = rng.permutation(np.arange(own + private // 3, count))  # large providers stay
    late = round(private * p.providers.late_entry_share)
    gone = round(private * p.providers.early_exit_share)
    starts = horizon[len(horizon) // 4 :]
    for provider in movers[:late]:
        from_day[provider] = starts[rng.integers(0, len(starts))].first
    for provider in movers[late : late + gone]:
        month = horizon[int(rng.integers(len(horizon) // 3, max(len(horizon) // 3 + 1, len(horizon) - 3)))]
        to_day[provider] = month.last if span > 200 else last + 1
    system = rng.choice(3, count, p=np.array(p.providers.system_share))
    system[: min(3, private)] = np.arange(min(3, private))  # every system is in use
    niche = np.zeros(count, np.int8)
    stable = np.setdiff1d(np.arange(own, count), movers[: late + gone])
    special = rng.permutation(stable)[: 3 if private >= 12 else 2 if private >= 5 else 1]
    niche[special] = np.arange(1, len(special) + 1)
    return Providers(np.arange(count) < own, weight, from_day, to_day, system, niche, 100 + np.arange(count))


@dataclass(frozen=True)
class Traits:
    """Lawful habits per provider (first axis) and month (second axis); shares unless noted. Source: [spec 11.5]."""

    manual: np.ndarray
    forgotten: np.ndarray
    autofill: np.ndarray
    zero_gap: np.ndarray
    duration: np.ndarray  # factor on performed minutes
    position_failure: np.ndarray
    late_edit: np.ndarray
    declined: np.ndarray
    planning: np.ndarray  # factor on planned minutes, one per provider


def make_traits(providers: Providers, h: Heterogeneity, months: int, difficulty: str, seed: int) -> Traits:
    """Draw each provider's habits; `difficulty` scales how far providers lie from each other."""
    rng = stream(seed, "traits")
    count = len(providers.weight)
    spread = h.spread[DIFFICULTIES.index(difficulty)]

    def logit(median: float, sigma: float) -> np.ndarray:
        return 1 / (1 + np.exp(-(np.log(median / (1 - median)) + spread * sigma * rng.normal(size=count))))

    def shrink(value: np.ndarray, centre: float) -> np.ndarray:
        return centre + spread * (value - centre)

    def drift(value: np.ndarray, cap: float) -> np.ndarray:
        return np.minimum(value[:, None] * np.exp(rng.normal(0, h.drift_sd, (count, months))), cap)

    manual = logit(h.manual_median, h.manual_sigma)
    forgotten = h.forgotten_logout * np.exp(spread * h.forgotten_logout_sigma * rng.normal(size=count))
    a, b = h.plan_autofill
    autofill = shrink(rng.beta(a, b, count), 0.10)
    high = rng.random(count) < h.zero_gap_share
    gap = shrink(np.where(high, rng.uniform(*h.zero_gap_high, count), rng.uniform(*h.zero_gap_low, count)), 0.005)
    duration = np.exp(spread * h.duration_sigma * rng.normal(size=count))
    failure = h.position_failure * np.exp(spread * h.position_failure_sigma * rng.normal(size=count))
    late = shrink(rng.beta(*h.late_edit, count), 0.10)
    declined = shrink(rng.uniform(*h.declined, count), 0.025)
    planning = shrink(rng.uniform(*h.plan_of_planned, count), 0.98)
    rural, dementia = providers.niche == 1, providers.niche == 2
    manual[rural], failure[rural] = np.maximum(manual[rural], 0.24), np.maximum(failure[rural], 0.06)
    declined[dementia], duration[dementia] = 0.07, duration[dementia] * 1.14
    autofill[providers.niche == 3] = 0.42
    monthly = np.exp(rng.normal(0, h.duration_month_sigma, (count, months)))
    return Traits(
        drift(manual, 0.6), drift(forgotten, 0.05), drift(autofill, 0.6), drift(gap, 0.4),
        duration[:, None] * monthly, drift(failure, 0.2), drift(late, 0.8), drift(declined, 0.15), planning,
    )  # fmt: skip
