"""T14: visits billed while the client is in hospital, away or dead."""

import numpy as np

from simulation.actors import Act
from simulation.calendar import Month
from simulation.fraud._rows import remote_methods, some
from simulation.truth import cause_number
from simulation.visits import ABSENT, PERFORMED, Visits
from simulation.world import World

typology = "T14"


def visits(world: World, month: Month, visits: Visits, act: Act, strength: float, rng: np.random.Generator) -> None:
    """Register planned visits inside absences as performed."""
    share = world.p.frauds.t14_share.at(world.difficulty) * strength
    rows = np.flatnonzero((visits["provider"] == act.subject) & (visits["status"] == ABSENT))
    rows = some(rng, rows[visits["pair"][rows] < 0], share)
    new = visits.take(rows)
    new["start"] = new["planned_start"] + rng.integers(-5, 9, len(rows))
    new["end"] = np.maximum(new["planned_end"] + rng.integers(-5, 9, len(rows)), new["start"] + 3)
    new["registered_at"] = new["end"] + 1
    remote_methods(world, new, rng, 0.35)
    new["status"] = np.full(len(rows), PERFORMED)
    new["truth"] = np.full(len(rows), cause_number(typology))
    for name in ("start", "end", "registered_at", "start_method", "end_method", "reason", "distance_start",
                 "distance_end", "place_x", "place_y", "device", "status", "truth"):  # fmt: skip
        visits[name][rows] = new[name]
