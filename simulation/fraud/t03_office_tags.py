"""T03: planned visits not made, their tags read in the office on one telephone."""

import numpy as np

from simulation.actors import Act
from simulation.calendar import Month
from simulation.fraud._rows import honest_rows, some, unreal
from simulation.visits import TAG, Visits
from simulation.world import World

typology = "T03"


def visits(world: World, month: Month, visits: Visits, act: Act, strength: float, rng: np.random.Generator) -> None:
    """Turn a share of the visits into registrations from the office."""
    share = world.p.frauds.t03_share.at(world.difficulty) * strength
    rows = honest_rows(visits, act.subject)
    rows = some(rng, rows[visits["pair"][rows] < 0], share)
    if not len(rows):
        return
    homes, clients = world.clients.homes, visits["client"][rows]
    office = act.memory.setdefault("office", (int(homes.x_m[clients[0]]) + 300, int(homes.y_m[clients[0]]) - 200))
    away = np.round(np.hypot(homes.x_m[clients] - office[0], homes.y_m[clients] - office[1]) + rng.integers(0, 30))
    for name, value in (
        ("start", visits["planned_start"][rows] + rng.integers(-4, 5, len(rows))),
        ("end", visits["planned_end"][rows] + rng.integers(-4, 5, len(rows))),
        ("start_method", TAG), ("end_method", TAG), ("reason", 0), ("edited_at", -1), ("edited_by", 0),
        ("distance_start", away), ("distance_end", away), ("place_x", office[0]), ("place_y", office[1]),
        ("device", act.memory.setdefault("device", int(visits["device"][rows[0]]))),
    ):  # fmt: skip
        visits[name][rows] = value
    visits["end"][rows] = np.maximum(visits["end"][rows], visits["start"][rows] + 1)
    marked = unreal(visits.take(rows), typology)
    for name in ("real_status", "real_start", "real_end", "truth"):
        visits[name][rows] = marked[name]
