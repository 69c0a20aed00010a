"""Everything that is drawn before the first month."""

import numpy as np

from simulation.absences import make_absences
from simulation.actors import Act, provider_acts
from simulation.calendar import Clock, Days, day_date, months
from simulation.fraud import typologies
from simulation.geography import make_areas
from simulation.needs import make_needs, make_orders
from simulation.parameters import PRESETS, Parameters
from simulation.population import choose_providers, make_clients
from simulation.providers import make_providers, make_traits
from simulation.streams import stream
from simulation.workforce import Rota
from simulation.world import World


def make_world(
    p: Parameters, preset: str, difficulty: str, seed: int, count: int | None, start_month: str, honest: bool,
    errors: bool,
) -> World:  # fmt: skip
    """Return the municipality of a seed; honest leaves out every dishonest actor, errors=False every honest error."""
    scale = PRESETS[preset]
    horizon = months(start_month, count or scale.months)
    clock = Clock.over(day_date(horizon[0].first).year, day_date(horizon[-1].last).year)
    days = Days.over(horizon[0].first - 62, horizon[-1].last + 62)
    areas = make_areas(scale, p.geography, seed)
    providers = make_providers(scale, p, horizon, seed)
    if not honest:
        typologies()["T28"].market(providers, horizon, p.frauds, stream(seed, "phoenix"))
    traits = make_traits(providers, p.heterogeneity, len(horizon), difficulty, seed)
    clients = make_clients(scale, p, areas, horizon, seed)
    choices = choose_providers(clients, providers, areas, horizon, p, seed)
    absences = make_absences(clients, horizon, p, seed)
    world = World(p, scale, preset, difficulty, seed, errors, horizon, clock, days, areas, providers, traits, clients,
                  choices, absences)  # fmt: skip
    world.acts = [] if honest else _acts(world)
    inflations = [
        raised
        for act in world.acts
        if hasattr(typologies()[act.typology], "inflate")
        for raised in typologies()[act.typology].inflate(world, act, stream(seed, "inflate", act.number))
    ]
    world.needs, world.decisions = make_needs(clients, p, horizon, inflations, seed)
    world.orders = make_orders(world.decisions, choices, clients, providers.in_house)
    world.rota = Rota(p, seed, horizon)
    return world


def _acts(world: World) -> list[Act]:
    """Draw dishonest providers among the private ones that are there from the start, innocent outliers apart."""
    providers = world.providers
    may = ~providers.in_house & (providers.niche == 0) & (providers.from_day <= world.horizon[0].first)
    may &= providers.to_day > world.horizon[-1].last
    private = np.flatnonzero(may)
    wanted = max(1, round(world.p.frauds.provider_share * int((~providers.in_house).sum())))
    acts = provider_acts(world.p.frauds, private, len(world.horizon), world.difficulty, world.seed, wanted)
    if providers.phoenix_of >= 0:
        start = next(m.index for m in world.horizon if m.first >= providers.from_day[providers.phoenix_of])
        acts.append(Act(len(acts), "T28", providers.phoenix_of, start, 1, 10_000, False, 1.0))
    return acts
