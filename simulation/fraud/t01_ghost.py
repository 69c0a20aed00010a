"""T01: visits that nobody made, registered on carers who are at work elsewhere."""

import numpy as np

from simulation.actors import Act
from simulation.calendar import Month
from simulation.fraud._rows import count_of, honest_rows, invented, remote_methods, set_times, within
from simulation.visits import Visits
from simulation.world import World

typology = "T01"


def visits(world: World, month: Month, visits: Visits, act: Act, strength: float, rng: np.random.Generator) -> None:
    """Add invented visits: random client, planned minutes, some time that day."""
    rows = honest_rows(visits, act.subject)
    number = count_of(rng, world.p.frauds.t01_share.at(world.difficulty) * strength * len(rows))
    new = invented(world, visits, rng, rng.choice(rows, min(number, len(rows)), replace=False), typology)
    minutes = new.planned_minutes
    set_times(new, new["planned_start"] + rng.integers(-100, 100, len(new)), minutes)
    remote_methods(world, new, rng, 0.3)
    visits.add(new.take(np.flatnonzero(within(world, month, new["start"]))))
