"""T10: double-staffed visits made by one person, the second carer logged in from elsewhere."""

import numpy as np

from simulation.actors import Act
from simulation.calendar import DAY, Month
from simulation.fraud._rows import count_of, honest_rows, unreal
from simulation.visits import NULL, Visits
from simulation.world import World

typology = "T10"


def visits(world: World, month: Month, visits: Visits, act: Act, strength: float, rng: np.random.Generator) -> None:
    """Let second rows of pairs be clones under the login of someone at work on another route that day."""
    rows = honest_rows(visits, act.subject)
    seconds = rows[(visits["pair"][rows] != NULL) & (visits["pair"][rows] < visits["key"][rows])]
    number = count_of(rng, world.p.frauds.t10_share.at(world.difficulty) * strength * len(rows))
    chosen = np.sort(rng.choice(seconds, min(number, len(seconds)), replace=False))
    if not len(chosen):
        return
    day = world.clock.to_local(visits["start"]) // DAY
    by = rows[np.argsort(day[rows], kind="stable")]
    low = np.searchsorted(day[by], day[chosen], side="left")
    high = np.searchsorted(day[by], day[chosen], side="right")
    other = by[low + (rng.random(len(chosen)) * (high - low)).astype(np.int64)]
    first = visits["pair"][chosen]
    partner = np.searchsorted(visits["key"], first)
    carer = np.where(
        visits["carer"][other] == visits["carer"][partner], visits["carer"][chosen], visits["carer"][other]
    )
    visits["carer"][chosen] = carer
    visits["start"][chosen] = visits["start"][partner] + rng.integers(0, 2, len(chosen))
    visits["end"][chosen] = visits["end"][partner]
    visits["start_method"][chosen] = visits["start_method"][partner]
    marked = unreal(visits.take(chosen), typology)
    for name in ("real_status", "real_start", "real_end", "truth"):
        visits[name][chosen] = marked[name]
