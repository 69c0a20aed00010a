"""T06: visits registered longer than they were: minutes added, or short visits logged as planned."""

import numpy as np

from simulation.actors import Act
from simulation.calendar import Month
from simulation.fraud._rows import honest_rows, some
from simulation.truth import cause_number
from simulation.visits import Visits
from simulation.world import World

typology = "T06"


def visits(world: World, month: Month, visits: Visits, act: Act, strength: float, rng: np.random.Generator) -> None:
    """Lengthen registered visits; the real end stays or, when logged to plan, was earlier."""
    frauds = world.p.frauds
    to_plan = act.memory.setdefault("to_plan", rng.random() < frauds.t06_to_plan_chance)
    rows = honest_rows(visits, act.subject)
    length = visits["end"][rows] - visits["start"][rows]
    if to_plan:
        rows = some(rng, rows, frauds.t06_to_plan.at(world.difficulty) * strength)
        planned = visits.planned_minutes[rows]
        real = np.maximum(1, np.round(planned * rng.uniform(*frauds.t06_real_of_plan, len(rows)))).astype(np.int64)
        visits["real_start"][rows] = visits["start"][rows]
        visits["real_end"][rows] = visits["start"][rows] + real
        visits["end"][rows] = visits["start"][rows] + planned
    else:
        exact = frauds.t06_pad.at(world.difficulty) * strength * length
        extra = np.floor(exact + rng.random(len(rows))).astype(np.int64)
        visits["end"][rows] += extra
        rows = rows[extra > 0]
    visits["registered_at"][rows] = np.maximum(visits["registered_at"][rows], visits["end"][rows])
    visits["truth"][rows] = cause_number(typology)
