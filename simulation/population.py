"""Clients over the horizon: who starts, who ends and why, with whom they live, and which provider they chose."""

from dataclasses import dataclass

import numpy as np

from simulation.calendar import Month
from simulation.geography import Areas, Homes, place_homes
from simulation.parameters import Parameters, Scale
from simulation.providers import Providers
from simulation.streams import stream

END_REASONS = ("", "deceased", "residential_care", "moved", "no_need", "merged_id")
MONTH_DAYS = 30.4


@dataclass
class Clients:
    """Clients by index. `to_day` is the last day (horizon's last day + 1: open); `end_reason` indexes END_REASONS.

    `partner` is the client one shares a household with, or -1; `same_as` the client that a merged id repeats.
    """

    from_day: np.ndarray
    to_day: np.ndarray
    end_reason: np.ndarray
    profile: np.ndarray
    factor: np.ndarray
    partner: np.ndarray
    same_as: np.ndarray
    homes: Homes
    open_day: int

    def __len__(self) -> int:
        return len(self.from_day)


@dataclass
class Choices:
    """Which provider a client had, from day to day (both included); sorted by client and day."""

    client: np.ndarray
    provider: np.ndarray
    from_day: np.ndarray
    to_day: np.ndarray

    def at(self, day: int, clients: int) -> np.ndarray:
        """Return the provider of every client on a day, or -1."""
        found = np.full(clients, -1, np.int16)
        live = (self.from_day <= day) & (self.to_day >= day)
        found[self.client[live]] = self.provider[live]
        return found


def make_clients(scale: Scale, p: Parameters, areas: Areas, horizon: list[Month], seed: int) -> Clients:
    """Return all clients that are served at some time in the horizon."""
    rng = stream(seed, "clients")
    first, last = horizon[0].first, horizon[-1].last
    dyn, demand = p.dynamics, p.demand
    new = rng.poisson(scale.clients * dyn.new_share, len(horizon))
    start_new = np.concatenate([m.first + rng.integers(0, m.days, n) for m, n in zip(horizon, new, strict=True)])
    past = np.ceil(rng.exponential(MONTH_DAYS / dyn.end_share, scale.clients)).astype(np.int64)
    from_day = np.concatenate([first - past, start_new])
    count = len(from_day)
    stay = 1 + rng.exponential(MONTH_DAYS / dyn.end_share, count).astype(np.int64)
    to_day = np.minimum(np.maximum(from_day, first) + stay, last + 1)
    other = (1 - dyn.end_death - dyn.end_residential) / 2
    reason = rng.choice(4, count, p=[dyn.end_death, dyn.end_residential, other, other]) + 1
    end_reason = np.where(to_day <= last, reason, 0).astype(np.int8)
    profile = rng.choice(5, count, p=demand.profile_share).astype(np.int8)
    factor = np.exp(rng.normal(0, demand.client_factor_sd, count) - demand.client_factor_sd**2 / 2)
    homes = place_homes(count, areas, p.geography, (demand.service_house_share, demand.service_house_size), seed)
    partner = np.full(count, -1, np.int64)
    couples = rng.permutation(scale.clients)[: 2 * round(scale.clients * demand.couple_share / 2)]
    half = len(couples) // 2
    partner[couples[:half]], partner[couples[half:]] = couples[half:], couples[:half]
    for name in ("area", "building", "x_m", "y_m"):
        getattr(homes, name)[couples[half:]] = getattr(homes, name)[couples[:half]]
    clients = Clients(from_day, to_day, end_reason, profile, factor, partner, np.full(count, -1), homes, last + 1)
    return _merge_ids(clients, p, horizon, rng)


def _merge_ids(clients: Clients, p: Parameters, horizon: list[Month], rng: np.random.Generator) -> Clients:
    """Give a few clients a second id from some day on, as after a change of protected identity or system."""
    first, last = horizon[0].first, horizon[-1].last
    whole = np.flatnonzero((clients.from_day < first) & (clients.to_day > last) & (clients.partner < 0))
    count = min(rng.binomial(len(clients), p.dynamics.merged_id_share), len(whole))
    chosen = rng.permutation(whole)[:count]
    day = rng.integers(first + 20, last - 9, count) if last - first > 40 else np.full(count, first + 15)

    def grow(values: np.ndarray, added: np.ndarray) -> np.ndarray:
        return np.concatenate([values, added])

    old = clients.homes
    homes = Homes(*(grow(v, v[chosen]) for v in (old.area, old.building, old.x_m, old.y_m)))
    merged = Clients(
        grow(clients.from_day, day),
        grow(clients.to_day, clients.to_day[chosen]),
        grow(clients.end_reason, clients.end_reason[chosen]),
        grow(clients.profile, clients.profile[chosen]),
        grow(clients.factor, clients.factor[chosen]),
        grow(clients.partner, np.full(count, -1)),
        grow(clients.same_as, chosen),
        homes,
        clients.open_day,
    )
    merged.to_day[chosen], merged.end_reason[chosen] = day - 1, END_REASONS.index("merged_id")
    return merged


def choose_providers(
    clients: Clients, providers: Providers, areas: Areas, horizon: list[Month], p: Parameters, seed: int
) -> Choices:
    """Return each client's chain of providers: first choice, switches, bursts when a provider enters or leaves."""
    rng = stream(seed, "choices")
    first, last = horizon[0].first, horizon[-1].last
    kind = areas.kind[clients.homes.area]
    taste = np.ones((3, len(providers.weight)))
    taste[2, providers.niche == 1], taste[:2, providers.niche == 1] = 6.0, 0.4
    cumulated = {}

    def pick(client: int, day: int, avoid: int = -1) -> int:
        live = (providers.from_day <= day) & (providers.to_day > day)
        key = (live.tobytes(), int(kind[client]), avoid)
        if key not in cumulated:
            chance = providers.weight * taste[kind[client]] * live
            if avoid >= 0:
                chance[avoid] = 0
            cumulated[key] = np.cumsum(chance / chance.sum())
        return int(min(np.searchsorted(cumulated[key], rng.random(), side="right"), len(live) - 1))

    chains: list[list[tuple[int, int]]] = []
    switches = rng.poisson(p.dynamics.switch_share * (clients.to_day - np.maximum(clients.from_day, first)) / 30.4)
    entered = np.flatnonzero(providers.from_day > first)
    for client in range(len(clients)):
        start, end = int(clients.from_day[client]), int(clients.to_day[client])
        if clients.same_as[client] >= 0:
            before = [s for s in chains[clients.same_as[client]] if s[0] <= start]
            chains.append([(start, before[-1][1])])
            continue
        chain = [(start, pick(client, max(start, first)))]
        days = rng.integers(max(start, first) + 1, max(end, max(start, first) + 2), switches[client])
        events = [(int(day), -1) for day in days]
        for provider in entered:
            opened = int(providers.from_day[provider])
            if start < opened < end and rng.random() < 0.7 * providers.weight[provider]:
                events.append((min(opened + int(rng.integers(0, 60)), last), int(provider)))
        for day, wanted in sorted(events):
            current = chain[-1][1]
            if providers.to_day[current] >= day and day > chain[-1][0] and current != wanted:
                chain.append((day, wanted if wanted >= 0 else pick(client, day, current)))
        while providers.to_day[chain[-1][1]] < min(end, last):
            day = int(providers.to_day[chain[-1][1]]) + 1
            if day <= chain[-1][0]:
                break
            chain.append((day, pick(client, day, chain[-1][1])))
        chains.append(chain)
    rows = [
        (client, provider, day, (chain[n + 1][0] - 1) if n + 1 < len(chain) else int(clients.to_day[client]))
        for client, chain in enumerate(chains)
        for n, (day, provider) in enumerate(chain)
    ]
    table = np.array(rows, np.int64)
    table = table[table[:, 3] >= table[:, 2]]
    return Choices(table[:, 0], table[:, 1].astype(np.int16), table[:, 2], table[:, 3])
