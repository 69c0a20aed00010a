"""What was granted: versions of each client's needs, the visits they consist of, the decisions, the orders."""

from dataclasses import dataclass

import numpy as np

from simulation.calendar import Month
from simulation.parameters import SERVICES, Demand, Parameters
from simulation.population import MONTH_DAYS, Choices, Clients
from simulation.streams import stream

OPEN_DAY = 2**30
IN_HOUSE_SERVICES = (SERVICES.index("night"), SERVICES.index("alarm"))
TAIL_DAYS = 4  # decisions and orders end this many days after a death or move


@dataclass
class Needs:
    """Recurring visits by row: on which weekdays (`mask` bit 0 Monday), every how many weeks, when, how long."""

    client: np.ndarray
    slot: np.ndarray
    mask: np.ndarray
    every: np.ndarray
    phase: np.ndarray
    pref: np.ndarray  # minute of the day
    minutes: np.ndarray  # planned by the municipality's template
    from_day: np.ndarray
    to_day: np.ndarray
    double: np.ndarray
    decision: np.ndarray
    shared: np.ndarray  # also serves the partner in the household


@dataclass
class Decisions:
    """Needs decisions by row; `minutes` per month for one carer; days inclusive, OPEN_DAY when open."""

    client: np.ndarray
    service: np.ndarray
    minutes: np.ndarray
    double: np.ndarray
    from_day: np.ndarray
    to_day: np.ndarray


@dataclass
class Orders:
    """Who is commissioned for a decision, from day to day."""

    decision: np.ndarray
    client: np.ndarray
    provider: np.ndarray
    from_day: np.ndarray
    to_day: np.ndarray


@dataclass(frozen=True)
class Inflation:
    """A grant raised without need: minutes times `factor` from `day` on."""

    client: int
    day: int
    factor: float


def _versions(
    clients: Clients,
    p: Parameters,
    horizon: list[Month],
    inflations: list[Inflation],
    rng: np.random.Generator,
) -> tuple[np.ndarray, ...]:
    """Return (client, from_day, to_day, factor) of every period between reassessments."""
    dyn = p.dynamics
    first = horizon[0].first
    start = np.maximum(clients.from_day, first)
    days = clients.to_day - start
    many = rng.poisson(dyn.reassessed_share / MONTH_DAYS * np.maximum(days - 15, 0))
    events: dict[int, list[tuple[int, float]]] = {}
    for client in np.flatnonzero(many):
        for _ in range(many[client]):
            day = int(start[client] + 14 + rng.integers(0, max(int(days[client]) - 14, 1)))
            events.setdefault(int(client), []).append((day, float(rng.uniform(*dyn.reassessed_growth))))
    for raise_ in inflations:
        events.setdefault(raise_.client, []).append((raise_.day, raise_.factor))
    tail = np.where(np.isin(clients.end_reason, (1, 3)), TAIL_DAYS, 0)
    end = np.where(clients.to_day >= clients.open_day, OPEN_DAY, clients.to_day + tail)
    rows = []
    for client in range(len(clients)):
        day, factor = int(clients.from_day[client]), 1.0
        for change, growth in sorted(events.get(client, ())):
            if change > day:
                rows.append((client, day, change - 1, factor))
                day = change
            factor *= growth
        rows.append((client, day, int(end[client]), factor))
    table = np.array(rows)
    return table[:, 0].astype(int), table[:, 1].astype(int), table[:, 2].astype(int), table[:, 3]


def _base_slots(clients: Clients, demand: Demand, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Return one row per client and recurring slot, before any reassessment."""
    count = len(clients)
    attend = dict(demand.attend)
    found: dict[str, list[np.ndarray]] = {k: [] for k in ("client", "slot", "mask", "every", "phase", "pref", "min")}
    for index, slot in enumerate(demand.slots):
        if slot.name not in attend:
            continue
        chance = np.array(attend[slot.name])[clients.profile]
        pref = rng.normal(slot.hour * 60, slot.hour_sd * 60, count)
        minutes = np.exp(rng.normal(np.log(slot.minutes), slot.sigma, count))
        minutes *= clients.factor if slot.service == "care" else 1.0  # cleaning takes what the home takes
        week = rng.random((count, 7))
        if slot.every_weeks:
            day = rng.integers(0, 5, count)
            mask = np.where(week[:, 0] < chance, 1 << day, 0)
        else:
            weight = np.where(np.arange(7) >= 5, demand.weekend_attend, 1.0)
            mask = ((week < chance[:, None] * weight) << np.arange(7)).sum(axis=1)
        phase = rng.integers(0, max(slot.every_weeks, 1), count)
        has = np.flatnonzero(mask)
        rounded = np.maximum(5, 5 * np.floor(minutes / 5 + rng.random(count)))
        for key, value in zip(
            found,
            (has, np.full(len(has), index), mask[has], np.full(len(has), max(slot.every_weeks, 1)), phase[has],
             pref[has], rounded[has]),
            strict=True,
        ):  # fmt: skip
            found[key].append(value)
    return {key: np.concatenate(parts) for key, parts in found.items()}


def make_needs(
    clients: Clients, p: Parameters, horizon: list[Month], inflations: list[Inflation], seed: int
) -> tuple[Needs, Decisions]:
    """Return recurring visits and decisions; every need belongs to one decision."""
    rng = stream(seed, "needs")
    demand = p.demand
    base = _base_slots(clients, demand, rng)
    for client, original in enumerate(clients.same_as):  # one person under two ids has one set of needs
        if original >= 0:
            keep = base["client"] != client
            again = base["client"] == original
            base = {k: np.concatenate([v[keep], v[again]]) for k, v in base.items()}
            base["client"][-again.sum() :] = client
    double = rng.random(len(clients)) < np.array(demand.double_staffed)[clients.profile]
    ratio = rng.uniform(*demand.planned_of_granted, len(clients))
    alarm = np.flatnonzero(rng.random(len(clients)) < demand.alarm_share)
    v_client, v_from, v_to, v_factor = _versions(clients, p, horizon, inflations, rng)
    order = np.argsort(base["client"], kind="stable")
    base = {k: v[order] for k, v in base.items()}
    low = np.searchsorted(base["client"], v_client, side="left")
    many = np.searchsorted(base["client"], v_client, side="right") - low
    version = np.repeat(np.arange(len(v_client)), many)
    row = low[version] + np.arange(len(version)) - np.repeat(np.cumsum(many) - many, many)
    slot = base["slot"][row]
    service_of = np.array([SERVICES.index(s.service) for s in demand.slots])
    minutes = np.maximum(5, 5 * np.round(base["min"][row] * v_factor[version] / 5)).astype(np.int32)
    month_visits = np.bitwise_count(base["mask"][row].astype(np.uint8)) * MONTH_DAYS / 7 / base["every"][row]
    key = version * len(SERVICES) + service_of[slot]
    granted, decision = np.unique(key, return_inverse=True)
    total = np.bincount(decision, minutes * month_visits) / ratio[v_client[granted // len(SERVICES)]]
    care = service_of[slot] == SERVICES.index("care")
    d_version, d_service = granted // len(SERVICES), granted % len(SERVICES)
    decisions = Decisions(
        v_client[d_version], d_service.astype(np.int8), (15 * np.ceil(total / 15)).astype(np.int32),
        double[v_client[d_version]] & (d_service == SERVICES.index("care")), v_from[d_version], v_to[d_version],
    )  # fmt: skip
    needs = Needs(
        v_client[version], slot, base["mask"][row].astype(np.uint8), base["every"][row], base["phase"][row],
        base["pref"][row], minutes, v_from[version], v_to[version], double[v_client[version]] & care, decision,
        np.zeros(len(version), bool),
    )  # fmt: skip
    _share_cleaning(needs, clients, demand)
    open_to = np.where(clients.to_day >= clients.open_day, OPEN_DAY, clients.to_day)
    decisions = Decisions(
        np.concatenate([decisions.client, alarm]),
        np.concatenate([decisions.service, np.full(len(alarm), SERVICES.index("alarm"), np.int8)]),
        np.concatenate([decisions.minutes, np.full(len(alarm), 15, np.int32)]),
        np.concatenate([decisions.double, np.zeros(len(alarm), bool)]),
        np.concatenate([decisions.from_day, clients.from_day[alarm]]),
        np.concatenate([decisions.to_day, open_to[alarm]]),
    )
    _lag_decisions(decisions, clients, p, horizon[0].first, rng)
    return needs, decisions


def _share_cleaning(needs: Needs, clients: Clients, demand: Demand) -> None:
    """Let couples who both have cleaning be cleaned for at once: the first carries the visit, the second shares."""
    cleaning = next(n for n, s in enumerate(demand.slots) if s.name == "cleaning")
    rows = np.flatnonzero(needs.slot == cleaning)
    has = np.isin(np.arange(len(clients)), needs.client[rows])
    partner = clients.partner[needs.client[rows]]
    both = (partner >= 0) & has[partner]
    needs.shared[rows[both]] = True
    second = both & (needs.client[rows] > partner)
    needs.mask[rows[second]] = 0


def _lag_decisions(decisions: Decisions, clients: Clients, p: Parameters, first: int, rng: np.random.Generator) -> None:
    """Date some new clients' decisions after their first visits."""
    dyn = p.dynamics
    late = (rng.random(len(clients)) < dyn.decision_lag_share) & (clients.from_day >= first)
    lag = np.maximum(1, np.round(np.exp(rng.normal(np.log(dyn.decision_lag_days), 0.6, len(clients))))).astype(int)
    moved = late[decisions.client] & (decisions.from_day == clients.from_day[decisions.client])
    shifted = np.minimum(decisions.from_day + lag[decisions.client], decisions.to_day)
    decisions.from_day[moved] = shifted[moved]


def make_orders(decisions: Decisions, choices: Choices, clients: Clients, in_house: np.ndarray) -> Orders:
    """Return orders: each decision at the client's provider of the time; night and alarm in-house."""
    low = np.searchsorted(choices.client, decisions.client, side="left")
    many = np.searchsorted(choices.client, decisions.client, side="right") - low
    own = np.isin(decisions.service, IN_HOUSE_SERVICES)
    many = np.where(own, 1, many)
    row = np.repeat(np.arange(len(many)), many)
    link = low[row] + np.arange(len(row)) - np.repeat(np.cumsum(many) - many, many)
    units = np.flatnonzero(in_house)
    inside = own[row]
    unit = units[clients.homes.area[decisions.client[row]] % len(units)]
    provider = np.where(inside, unit, choices.provider[link])
    last = choices.to_day[link] >= clients.to_day[choices.client[link]]
    end = np.where(last | inside, decisions.to_day[row], np.minimum(choices.to_day[link], decisions.to_day[row]))
    begin = np.where(inside, decisions.from_day[row], np.maximum(choices.from_day[link], decisions.from_day[row]))
    keep = begin <= end
    return Orders(row[keep], decisions.client[row][keep], provider[keep].astype(np.int16), begin[keep], end[keep])
