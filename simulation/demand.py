"""From recurring needs to the visits of one month, before anyone is sent."""

import numpy as np

from simulation.absences import absent_at
from simulation.calendar import DAY, Month, weekday
from simulation.needs import IN_HOUSE_SERVICES
from simulation.parameters import SERVICES
from simulation.streams import stream
from simulation.visits import ABSENT, PERFORMED
from simulation.world import World

DAY_SHIFT, EVENING_SHIFT, LATE_SHIFT, EARLY_SHIFT = range(4)
_FIRST_EVENING = 14 * 60 + 40
_NOON = 12 * 60


def provider_of(world: World, month: Month) -> np.ndarray:
    """Return the provider of each client on each day of the month (clients x days), or -1."""
    grid = np.full((len(world.clients), month.days), -1, np.int16)
    choices = world.choices
    live = np.flatnonzero((choices.from_day <= month.last) & (choices.to_day >= month.first))
    for row in live[np.argsort(choices.from_day[live], kind="stable")]:
        low = max(int(choices.from_day[row]) - month.first, 0)
        grid[choices.client[row], low : int(choices.to_day[row]) - month.first + 1] = choices.provider[row]
    return grid


def month_demand(world: World, month: Month) -> dict[str, np.ndarray]:
    """Return one row per needed visit: need, client, provider, day, pref (minute of the day), minutes, shift,
    status (performed or absent)."""
    rng = stream(world.seed, "demand", month.key)
    needs, clients, demand = world.needs, world.clients, world.p.demand
    tail = np.where(np.isin(clients.end_reason, (1, 3)), 2, 0)
    until = np.minimum(needs.to_day, clients.to_day[needs.client] + tail[needs.client])
    until = np.where(clients.to_day[needs.client] >= clients.open_day, needs.to_day, until)
    live = np.flatnonzero((needs.from_day <= month.last) & (until >= month.first) & (needs.mask > 0))
    days = np.arange(month.first, month.last + 1)
    service = np.array([SERVICES.index(s.service) for s in demand.slots], np.int8)
    planned_work = np.isin(service, [SERVICES.index(s) for s in ("domestic", "escort", "respite")])
    on = (needs.mask[live, None] >> weekday(days)[None, :] & 1).astype(bool)
    on &= (days[None, :] // 7 + needs.phase[live, None]) % needs.every[live, None] == 0
    on &= (days[None, :] >= needs.from_day[live, None]) & (days[None, :] <= until[live, None])
    holiday = world.days.kind[days - world.days.first] == 2
    on &= ~(planned_work[needs.slot[live]][:, None] & holiday[None, :])
    at, offset = np.nonzero(on)
    need, day = live[at], days[offset]
    keep = np.ones(len(need), bool)
    draw = rng.random(len(need))
    if month.number == 7:
        keep &= draw < demand.july_attend
    if month.number == 12:
        christmas = day >= month.first + 22
        keep &= ~christmas | ~planned_work[needs.slot[need]] | (draw < demand.christmas_service_attend)
    need, day = need[keep], day[keep]
    need, day, pref, minutes = _with_alarms(world, month, need, day, rng)
    client = np.where(need >= 0, needs.client[need], -2 - need)
    slot_service = np.where(need >= 0, service[needs.slot[need]], SERVICES.index("alarm"))
    provider = provider_of(world, month)[client, day - month.first]
    units = np.flatnonzero(world.providers.in_house)
    unit = units[clients.homes.area[client] % len(units)]
    provider = np.where(np.isin(slot_service, IN_HOUSE_SERVICES), unit, provider)
    absence = absent_at(world.absences, client, day * DAY + pref.astype(np.int64))
    since = day - world.absences.from_at[absence] // DAY if len(world.absences.client) else np.zeros(len(day))
    gone = (absence >= 0) & (since >= world.p.dynamics.absent_days_kept_in_plan)
    status = np.where(absence >= 0, ABSENT, PERFORMED)
    night = slot_service == SERVICES.index("night")
    shift = np.where(pref < _FIRST_EVENING, DAY_SHIFT, EVENING_SHIFT)
    shift = np.where(night, np.where(pref < _NOON, EARLY_SHIFT, LATE_SHIFT), shift)
    use = ~gone & (provider >= 0) & ~((status == ABSENT) & (slot_service == SERVICES.index("alarm")))
    rows = {
        "need": need, "client": client, "provider": provider, "day": day, "pref": pref, "minutes": minutes,
        "service": slot_service, "shift": shift, "status": status, "absence": absence,
    }  # fmt: skip
    return {name: values[use] for name, values in rows.items()}


def _with_alarms(
    world: World, month: Month, need: np.ndarray, day: np.ndarray, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Append alarm calls (need = -2 - client) to the month's needs; return need, day, pref, minutes."""
    needs, demand, clients = world.needs, world.p.demand, world.clients
    decisions = world.decisions
    alarm = next(s for s in demand.slots if s.name == "alarm")
    has = decisions.client[decisions.service == SERVICES.index("alarm")]
    has = has[(clients.from_day[has] <= month.first) & (clients.to_day[has] > month.last)]
    calls = np.repeat(has, rng.poisson(demand.alarm_calls_per_month, len(has)))
    pref = rng.normal(alarm.hour * 60, alarm.hour_sd * 60, len(calls)).clip(7 * 60, 22 * 60)
    length = np.maximum(4, np.round(np.exp(rng.normal(np.log(alarm.minutes), alarm.sigma, len(calls)))))
    jitter = np.round(rng.normal(0, 4, len(need)))
    base = (needs.pref[need] + jitter) % DAY
    return (
        np.concatenate([need, -2 - calls]),
        np.concatenate([day, month.first + rng.integers(0, month.days, len(calls))]),
        np.concatenate([base, pref]),
        np.concatenate([needs.minutes[need], length.astype(np.int32)]),
    )
