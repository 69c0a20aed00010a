"""T28: a provider that lost its contract comes back under a new organisation number."""

import numpy as np

from simulation.calendar import Month
from simulation.parameters_fraud import Frauds
from simulation.providers import Providers

typology = "T28"


def market(providers: Providers, horizon: list[Month], frauds: Frauds, rng: np.random.Generator) -> None:
    """Make one provider that left an excluded one and one that entered its successor, where both exist."""
    last = horizon[-1].last
    gone = np.flatnonzero((providers.to_day <= last) & ~providers.in_house)
    late = np.flatnonzero((providers.from_day > horizon[0].first) & ~providers.in_house)
    if not len(gone) or not len(late) or (len(horizon) < 18 and rng.random() > frauds.t28_chance):
        return
    old, new = int(rng.choice(gone)), int(rng.choice(late))
    months_after = int(rng.integers(frauds.t28_gap_months[0], frauds.t28_gap_months[1] + 1))
    start = int(providers.to_day[old]) + 1 + 30 * months_after
    start = next((m.first for m in horizon if m.first >= start), horizon[-1].first)
    providers.from_day[new], providers.phoenix_of, providers.excluded = start, new, old
    providers.weight[new] = max(providers.weight[new], 0.6 * providers.weight[old])
