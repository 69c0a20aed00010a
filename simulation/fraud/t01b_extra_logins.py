"""T01b: visits that nobody made, on carers who do nothing else: possible routes, no wages paid."""

import numpy as np

from simulation.actors import Act
from simulation.calendar import DAY, Month
from simulation.fraud._rows import count_of, honest_rows, invented, remote_methods, set_times
from simulation.geography import spatial_order
from simulation.visits import Visits
from simulation.world import World

typology = "T01b"


def visits(world: World, month: Month, visits: Visits, act: Act, strength: float, rng: np.random.Generator) -> None:
    """Add whole shifts of invented visits, each shift on one extra login."""
    frauds, rows = world.p.frauds, honest_rows(visits, act.subject)
    number = count_of(rng, frauds.t01b_share.at(world.difficulty) * strength * len(rows))
    new = invented(world, visits, rng, rng.choice(rows, min(number, len(rows)), replace=False), typology)
    if not len(new):
        return
    size = frauds.t01b_visits_per_shift
    homes = world.clients.homes
    new = new.take(np.argsort(spatial_order(homes.x_m, homes.y_m)[new["client"]], kind="stable"))
    shift = np.arange(len(new)) // size
    shifts = int(shift[-1]) + 1
    needed = max(1, -(-shifts // 19))
    logins = _logins(world, month, act, needed, rng, visits)
    per_login = -(-shifts // needed)
    who = np.arange(shifts) // per_login
    day = np.concatenate([rng.permutation(month.days)[: (who == login).sum()] for login in range(needed)])
    minutes = np.maximum(5, new.planned_minutes)
    length = minutes + rng.integers(4, 11, len(new))
    before = np.cumsum(length) - length
    before -= before[shift * size]
    start = (month.first + day[shift]) * DAY + 7 * 60 + 25 + before
    set_times(new, world.clock.to_utc(start), minutes)
    spread = np.round(rng.normal(0, 0.12, len(new)) * minutes).astype(np.int64)
    new["end"] = np.maximum(new["end"] + np.minimum(spread, 3), new["start"] + 2)
    new["carer"] = np.array(logins)[who[shift]]
    new["planned_carer"] = new["carer"]
    remote_methods(world, new, rng, 0.15)
    visits.add(new)


def _logins(world: World, month: Month, act: Act, needed: int, rng: np.random.Generator, visits: Visits) -> list[int]:
    """Return the act's extra logins, adding new ones or borrowing identities of other providers' carers."""
    logins = act.memory.setdefault("logins", [])
    frauds, carers = world.p.frauds, world.rota.carers
    while len(logins) < needed:
        elsewhere = np.unique(visits["carer"][visits["provider"] != act.subject])
        if rng.random() < frauds.t01b_borrowed.at(world.difficulty) and len(elsewhere):
            logins.append(int(rng.choice(elsewhere)))
        else:
            since = month.first - int(rng.integers(0, 40))
            logins.append(carers.hire(act.subject, since, world.horizon[-1].last + 1, 0.5, 16_500, False))
            carers.ghost[logins[-1]] = True
    return logins[:needed]
