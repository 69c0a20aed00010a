"""T21: declined visits claimed that nobody planned."""

import numpy as np

from simulation.actors import Act
from simulation.calendar import DAY, Month
from simulation.fraud._rows import count_of, honest_rows, invented, within
from simulation.visits import DECLINED, NULL, Visits
from simulation.world import World

typology = "T21"


def visits(world: World, month: Month, visits: Visits, act: Act, strength: float, rng: np.random.Generator) -> None:
    """Add declined visits beyond the honest share."""
    rows = honest_rows(visits, act.subject)
    share = max(world.p.frauds.t21_share.at(world.difficulty) - 0.025, 0.0)
    number = count_of(rng, share * strength * len(rows))
    new = invented(world, visits, rng, rng.choice(rows, min(number, len(rows)), replace=False), typology)
    shift = rng.integers(-3, 4, len(new)) * DAY + 5 * rng.integers(-10, 11, len(new))
    minutes = new.planned_minutes
    new["planned_start"] = new["planned_start"] + shift
    new["planned_end"] = new["planned_start"] + minutes
    none = np.full(len(new), NULL)
    new["status"] = np.full(len(new), DECLINED)
    for name in ("start", "end", "start_method", "end_method", "device"):
        new[name] = none
    new["reason"] = np.zeros(len(new))
    new["distance_start"], new["distance_end"] = np.full(len(new), np.nan), np.full(len(new), np.nan)
    new["registered_at"] = new["planned_start"] + 30
    visits.add(new.take(np.flatnonzero(within(world, month, new["planned_start"]))))
