"""T12 and T13: a relative is employed for one client whose grant is raised beyond the need."""

import numpy as np

from simulation.actors import Act
from simulation.calendar import Month
from simulation.fraud._rows import honest_rows
from simulation.needs import Inflation
from simulation.truth import cause_number
from simulation.visits import NULL, Visits
from simulation.world import World

typology = "T12"


def inflate(world: World, act: Act, rng: np.random.Generator) -> list[Inflation]:
    """Choose clients of the provider at onset and raise their grants from then on."""
    frauds = world.p.frauds
    onset = world.horizon[max(act.onset, 0)].first
    mine = np.flatnonzero(world.choices.at(onset, len(world.clients)) == act.subject)
    mine = mine[
        (world.clients.profile[mine] >= 1) & (world.clients.profile[mine] <= 3) & (world.clients.partner[mine] < 0)
    ]
    mine = mine[(world.clients.from_day[mine] < onset) & (world.clients.to_day[mine] > onset + 30)]
    number = min(int(frauds.t12_clients.at(world.difficulty)), int(np.ceil(frauds.t12_client_cap * len(mine))))
    chosen = rng.permutation(mine)[:number]
    factor = 1 + (frauds.t12_factor.at(world.difficulty) - 1) * act.factor
    act.memory["clients"] = [int(c) for c in chosen]
    act.memory["factor"] = factor
    return [Inflation(int(client), onset + int(rng.integers(0, 25)), factor) for client in chosen]


def visits(world: World, month: Month, visits: Visits, act: Act, strength: float, rng: np.random.Generator) -> None:
    """Put all visits of the chosen clients on their relatives; the true need is what it was."""
    carers, onset = world.rota.carers, world.horizon[max(act.onset, 0)]
    hired = act.memory.setdefault("carers", {})
    for client in act.memory["clients"]:
        if client not in hired:
            hired[client] = carers.hire(act.subject, onset.first, world.horizon[-1].last + 1, 0.75, 16_000, False)
            carers.household[hired[client]] = client if world.difficulty != "hard" else NULL
            carers.relative_of[hired[client]] = client if world.difficulty == "easy" else NULL
    rows = honest_rows(visits, act.subject)
    rows = rows[np.isin(visits["client"][rows], act.memory["clients"]) & (visits["pair"][rows] == NULL)]
    relative = np.array([hired[int(client)] for client in visits["client"][rows]], np.int64)
    visits["carer"][rows], visits["planned_carer"][rows], visits["device"][rows] = (
        relative,
        relative,
        relative,
    )
    length = visits["end"][rows] - visits["start"][rows]
    need = np.maximum(1, np.round(length / act.memory["factor"])).astype(np.int64)
    visits["real_end"][rows] = visits["start"][rows] + need
    visits["truth"][rows] = cause_number(typology)
