"""Routes: who goes where in which order, planned so that it can be done, and what really happened.

Visits of a team, day and shift are dealt over routes by place, block of the day by block, then ordered by the
hour each client wants. A start is the latest of the wish and the end of the visit before plus travel: the running
maximum of (wish - work so far) plus the work so far, for all routes at once. Real times follow by the same
recurrence, so honest visits of one carer never overlap before somebody errs.
"""

from dataclasses import dataclass

import numpy as np

from simulation.calendar import DAY, Month
from simulation.demand import LATE_SHIFT
from simulation.geography import spatial_order, travel_minutes
from simulation.parameters import SERVICES
from simulation.streams import stream
from simulation.visits import ABSENT, BLANK, CANCELLED, DECLINED, NULL, PERFORMED, Visits
from simulation.world import World

_BIG = 2**34
_BLOCKS = np.array([600, 690, 804, 880, 1104])  # minutes of the day that part a shift into blocks


_STRETCH = 0.3  # of a route: work the others take on before one more goes out


@dataclass(frozen=True)
class Crews:
    """Carers needed per team, date and shift, one row per kind of route (single, double)."""

    team: np.ndarray
    day: np.ndarray
    shift: np.ndarray
    needed: np.ndarray


@dataclass(frozen=True)
class Plan:
    """A month's visits with planned and real times (double visits as two rows), the crews they need, and by row:
    team, number of the carer within the crew, day number, whether the partner in the household shares the visit."""

    visits: Visits
    crews: Crews
    team: np.ndarray
    crew: np.ndarray
    day: np.ndarray
    shared: np.ndarray

    def inside(self, world: World, month: Month) -> "Plan":
        """Return the plan without visits whose local start lies outside the month."""
        keep = np.ones(len(self.visits), bool)
        for name in ("planned_start", "start"):
            day = world.clock.to_local(self.visits[name]) // DAY
            keep &= (self.visits[name] == NULL) | ((day >= month.first) & (day <= month.last))
        pair = self.visits["pair"]
        keep &= keep[np.where(pair >= 0, pair, np.arange(len(pair)))]
        return Plan(
            self.visits.take(keep), self.crews, self.team[keep], self.crew[keep], self.day[keep], self.shared[keep]
        )  # fmt: skip


def _segments(*keys: np.ndarray) -> np.ndarray:
    """Return a running number that steps where any of the sorted keys changes."""
    change = np.zeros(len(keys[0]), bool)
    for key in keys:
        change[1:] |= key[1:] != key[:-1]
    return np.cumsum(change)


def _exclusive_sum(values: np.ndarray, segment: np.ndarray) -> np.ndarray:
    """Return the sum of earlier values within each segment."""
    total = np.cumsum(values) - values
    starts = np.flatnonzero(np.diff(segment, prepend=-1))
    return total - np.repeat(total[starts], np.diff(np.append(starts, len(values))))


def _earliest_starts(wish: np.ndarray, length: np.ndarray, travel: np.ndarray, segment: np.ndarray) -> np.ndarray:
    """Return starts >= wish with start[i] >= start[i-1] + length[i-1] + travel[i] within each segment (integers)."""
    before = _exclusive_sum(length, segment) + _inclusive(travel, segment)
    return np.maximum.accumulate(wish - before + segment * _BIG) - segment * _BIG + before


def _inclusive(values: np.ndarray, segment: np.ndarray) -> np.ndarray:
    return _exclusive_sum(values, segment) + values


def plan_month(world: World, month: Month, rows: dict[str, np.ndarray]) -> Plan:
    """Return the month's plan from its demand; real and registered times are equal here."""
    rng = stream(world.seed, "schedule", month.key)
    p, needs, homes = world.p, world.needs, world.clients.homes
    kind = world.areas.kind[homes.area]
    need, client, provider = rows["need"], rows["client"], rows["provider"]
    double = np.where(need >= 0, needs.double[need], False)
    planning = world.traits.planning[provider]
    minutes = np.maximum(5, 5 * np.floor(rows["minutes"] * planning / 5 + rng.random(len(need)))).astype(np.int64)
    minutes = np.where(rows["service"] == SERVICES.index("alarm"), rows["minutes"], minutes)
    block = np.searchsorted(_BLOCKS, rows["pref"], side="right")
    place = spatial_order(homes.x_m, homes.y_m)[client]
    load = minutes + np.array(p.workforce.route_travel)[kind[client]]
    team = world.team_of(provider, client, rows["shift"] >= LATE_SHIFT, double)
    by = np.lexsort((client, place, block, double, rows["shift"], rows["day"], team))
    group = _segments(*(values[by] for values in (team, rows["day"], rows["shift"], double)))
    inner = _segments(group, block[by])
    first = np.flatnonzero(np.diff(inner, prepend=-1))
    room = np.array(p.workforce.block_minutes)[block[by][first]]
    room = np.where(rows["shift"][by][first] >= LATE_SHIFT, p.workforce.night_minutes, room)
    needed = np.maximum(1, np.ceil(np.bincount(inner, load[by]) / room - _STRETCH)).astype(np.int64)
    routes = np.zeros(int(group[-1]) + 1 if len(group) else 0, np.int64)
    np.maximum.at(routes, group[first], needed)
    share = (_exclusive_sum(load[by], inner) + load[by] / 2) / np.bincount(inner, load[by])[inner]
    route = np.minimum((share * needed[inner]).astype(np.int64), needed[inner] - 1)
    by, group, route, routes = _relieve(world, rows, minutes, by, group, route, routes)
    by, group, route, segment, travel, planned = _planned(world, rows, minutes, by, group, route)
    client, provider, minutes, need = client[by], provider[by], minutes[by], need[by]
    day, shift, double, status = rows["day"][by], rows["shift"][by], double[by], rows["status"][by].copy()
    team = team[by]
    planned_local = day * DAY + 5 * np.round(planned / 5).astype(np.int64)
    planned_utc = world.clock.to_utc(planned_local)
    alarm = rows["service"][by] == SERVICES.index("alarm")
    status = np.where(alarm, PERFORMED, _statuses(world, month, provider, status, rng))
    real_start, real_end = _real_times(
        world, month, rng, planned_utc, minutes, travel, segment, status, provider, client
    )
    done = status == PERFORMED
    columns = {
        "provider": provider, "client": client, "service": rows["service"][by],
        "task": world.task_of_need(need), "shift": shift,
        "planned_start": planned_utc, "planned_end": planned_utc + minutes,
        "start": np.where(done, real_start, NULL), "end": np.where(done, real_end, NULL), "status": status,
        "double": double, "decision": np.where(need >= 0, needs.decision[need], NULL),
    }  # fmt: skip
    columns["planned_start"] = np.where(alarm, NULL, columns["planned_start"])
    columns["planned_end"] = np.where(alarm, NULL, columns["planned_end"])
    singles = np.zeros(group.max(initial=-1) + 1, np.int64)  # single routes of the same provider, day and shift
    g_first = np.flatnonzero(np.diff(group, prepend=-1))
    same_as_before = (~double[g_first[:-1]] & double[g_first[1:]]) if len(g_first) > 1 else np.zeros(0, bool)
    for values in (team, day, shift):
        same_as_before = same_as_before & (values[g_first[:-1]] == values[g_first[1:]])
    singles[1:][same_as_before] = routes[:-1][same_as_before]
    crew = np.where(double, singles[group] + 2 * route, route)
    crews = Crews(team[g_first], day[g_first], shift[g_first], np.where(double[g_first], 2 * routes, routes))
    visits = Visits(columns)
    second = np.flatnonzero(double)
    other = visits.take(second)
    _part_times(other, rng)
    visits["pair"][second] = len(visits) + np.arange(len(second))
    other["pair"] = second
    visits.add(other)
    shared = np.where(need >= 0, needs.shared[need], False)
    return Plan(
        visits,
        crews,
        np.concatenate([team, team[second]]),
        np.concatenate([crew, crew[second] + 1]),
        np.concatenate([day, day[second]]),
        np.concatenate([shared, shared[second]]),
    )


def _planned(
    world: World, rows: dict[str, np.ndarray], minutes: np.ndarray, by: np.ndarray, group: np.ndarray, route: np.ndarray
) -> tuple[np.ndarray, ...]:  # fmt: skip
    """Order each route by the hours clients want; return rows, group, route, segment, travel and planned minutes."""
    pref, client = rows["pref"][by], rows["client"][by]
    order = np.lexsort((client, pref, route, group))
    by, group, route, client = by[order], group[order], route[order], client[order]
    segment = _segments(group, route)
    start = np.array(world.p.workforce.route_start)[rows["shift"][by]]
    work = world.p.workforce
    loose = np.isin(rows["service"][by], [SERVICES.index(name) for name in ("domestic", "escort", "respite")])
    flex = np.where(loose, work.flex_minutes[1], work.flex_minutes[0])
    wish = np.maximum(np.round(pref[order] - flex).astype(np.int64), start)
    travel = _travel(world, world.areas.kind[world.clients.homes.area], client, segment)
    planned = _earliest_starts(wish, minutes[by], np.ceil(travel).astype(np.int64), segment)
    return by, group, route, segment, travel, planned


def _relieve(
    world: World, rows: dict[str, np.ndarray], minutes: np.ndarray, by: np.ndarray, group: np.ndarray,
    route: np.ndarray, routes: np.ndarray,
) -> tuple[np.ndarray, ...]:  # fmt: skip
    """Move visits that would end after the shift to extra routes of the same group."""
    by, group, route, _, _, planned = _planned(world, rows, minutes, by, group, route)
    work = world.p.workforce
    shift = rows["shift"][by]
    late = np.flatnonzero(planned + minutes[by] > np.array(work.route_end)[shift])
    if not len(late):
        return by, group, route, routes
    load = minutes[by][late] + 10.0
    total = np.bincount(group[late], load, len(routes))
    extra = np.ceil(total / work.extra_minutes).astype(np.int64)
    share = (_exclusive_sum(load, _segments(group[late])) + load / 2) / total[group[late]]
    added = np.minimum((share * extra[group[late]]).astype(np.int64), extra[group[late]] - 1)
    route = route.copy()
    route[late] = routes[group[late]] + added
    return by, group, route, routes + extra


def _travel(world: World, kind: np.ndarray, client: np.ndarray, segment: np.ndarray) -> np.ndarray:
    """Return minutes of travel from the visit before on the same route; 0 for the first."""
    before = np.concatenate([client[:1], client[:-1]])
    minutes = travel_minutes(world.clients.homes, kind, before, client, world.p.geography)
    return np.where(np.diff(segment, prepend=-1) == 0, minutes, 0.0)


def _statuses(
    world: World, month: Month, provider: np.ndarray, status: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """Let clients decline, be out, or cancel."""
    errors = world.p.visit_errors
    draw = rng.random(len(status))
    declined = world.traits.declined[provider, month.index]
    out = np.where(draw < declined, DECLINED, PERFORMED)
    out = np.where((draw >= declined) & (draw < declined + errors.cancelled), CANCELLED, out)
    blank = (draw >= declined + errors.cancelled) & (draw < declined + errors.cancelled + errors.blank)
    return np.where(status == ABSENT, ABSENT, np.where(blank, BLANK, out))


def _real_times(
    world: World, month: Month, rng: np.random.Generator, planned: np.ndarray, minutes: np.ndarray,
    travel: np.ndarray, segment: np.ndarray, status: np.ndarray, provider: np.ndarray, client: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:  # fmt: skip
    """Return real start and end (UTC minutes) of the performed visits; others get the planned times."""
    traits, demand = world.traits, world.p.demand
    done = np.flatnonzero(status == PERFORMED)
    count = len(done)
    factor = traits.duration[provider[done], month.index] * demand.performed_of_planned
    spread = np.exp(rng.normal(0, demand.performed_sigma, count))
    length = np.maximum(1, np.round(minutes[done] * factor * spread)).astype(np.int64)
    autofill = rng.random(count) < traits.autofill[provider[done], month.index]
    length = np.where(autofill, minutes[done], length)
    seg = segment[done]
    new = np.diff(seg, prepend=-1) != 0
    kind = world.areas.kind[world.clients.homes.area]
    move = np.maximum(_travel(world, kind, client[done], seg) * rng.uniform(0.85, 1.3, count), 0.3)
    move = np.where(new, 0, np.maximum(np.round(move), 0)).astype(np.int64)
    jitter = np.round(rng.normal(-1, world.p.heterogeneity.start_jitter_minutes, count)).astype(np.int64)
    wish = planned[done] + jitter.clip(-20, 40)
    free = np.diff(planned[done], prepend=0) - np.concatenate([[0], minutes[done][:-1]])
    near = (move <= 8) & ~new & (free <= 15)
    glued = near & (rng.random(count) < 8 * traits.zero_gap[provider[done], month.index])
    move = np.where(glued, 0, move)
    wish = np.where(glued, 0, wish)
    base = int(planned.min(initial=0))
    start = _earliest_starts(np.maximum(wish - base, -DAY), length, move, _segments(seg)) + base
    real_start, real_end = planned.copy(), planned + minutes
    real_start[done], real_end[done] = start, start + length
    return real_start, real_end


def _part_times(rows: Visits, rng: np.random.Generator) -> None:
    """Let the second carer of a double visit log in and out within a minute or two of the first."""
    done = rows["start"] != NULL
    shift = rng.choice([-2, -1, 0, 1, 2], (2, len(rows)), p=[0.03, 0.11, 0.72, 0.11, 0.03])
    start = rows["start"] + np.maximum(shift[0], 0)
    end = np.maximum(rows["end"] + np.minimum(shift[1], 0), start + 1)
    rows["start"], rows["end"] = np.where(done, start, NULL), np.where(done, end, NULL)
