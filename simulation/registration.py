"""How honest visits are registered: method, place, device, time of registration, and rounding by hand."""

import numpy as np

from simulation.calendar import DAY, Month
from simulation.parameters import SERVICES, TASKS
from simulation.streams import stream
from simulation.visits import (
    EDITORS,
    GPS,
    LOCK,
    MANUAL,
    NULL,
    PERFORMED,
    PHONE,
    QR,
    REASONS,
    TAG,
    Visits,
)  # fmt: skip
from simulation.world import World

_METHOD_SHARES = np.array(
    [  # lock, tag, qr, gps, phone by provider system, where the client has no lock
        [0.00, 0.70, 0.00, 0.10, 0.20],
        [0.00, 0.82, 0.06, 0.12, 0.00],
        [0.00, 0.25, 0.05, 0.55, 0.15],
    ]
)
_METHODS = np.array([LOCK, TAG, QR, GPS, PHONE])
_WEIGHTS = np.array([0, 0.38, 0.14, 0.08, 0.04, 0.02, 0.10, 0.10, 0.08, 0, 0.06])
ADMIN = EDITORS.index("admin")


def lock_clients(world: World) -> np.ndarray:
    """Return which clients have a digital lock on the door."""
    return stream(world.seed, "locks").random(len(world.clients)) < world.p.providers.lock_client_share


def close_minute(month: Month) -> int:
    """Return the local minute the month closes: the 6th of the next month at 18:00."""
    return (month.last + 6) * DAY + 18 * 60


def register(world: World, month: Month, visits: Visits) -> None:
    """Fill method, reason, distances, place, device and registration time; what happened becomes `real_*`."""
    rng = stream(world.seed, "registration", month.key)
    count, provider = len(visits), visits["provider"]
    traits, index = world.traits, month.index
    done = visits["status"] == PERFORMED
    slots = world.p.demand.slots
    outside_tasks = {slot.task for slot in slots if slot.outside_home}
    outside = np.isin(visits["task"], [n for n, t in enumerate(TASKS) if t in outside_tasks])
    system = world.providers.system[provider]
    cumulated = _METHOD_SHARES.cumsum(axis=1)[system]
    method = _METHODS[(rng.random(count)[:, None] > cumulated).sum(axis=1).clip(0, 4)]
    method = np.where((system == 0) & lock_clients(world)[visits["client"]], LOCK, method)
    method = np.where(outside, GPS, method)
    summer = world.p.heterogeneity.summer_manual_factor if month.number == 7 else 1.0
    by_hand = rng.random(count) < np.where(outside, 0.4, summer * traits.manual[provider, index])
    manual_end = by_hand | (rng.random(count) < 0.012)
    visits["start_method"] = np.where(done, np.where(by_hand, MANUAL, method), NULL)
    visits["end_method"] = np.where(done, np.where(manual_end, MANUAL, method), NULL)
    why = rng.choice(len(REASONS), count, p=_WEIGHTS / _WEIGHTS.sum())
    why = np.where(outside, REASONS.index("outside_home"), why)
    visits["reason"] = np.where(done & by_hand, why, 0)
    _round_by_hand(visits, done & by_hand, rng)
    late = rng.random(count) < traits.late_edit[provider, index]
    wait = np.where(late, rng.uniform(72 * 60, 170 * 60, count), rng.exponential(240, count) + 2)
    wait = np.where(by_hand, wait, rng.integers(0, 3, count))
    offline = _offline(world, month, visits, rng)
    at = np.where(done, visits["end"] + wait.astype(np.int64), visits["planned_start"] + 30)
    limit = world.clock.to_utc(np.array([close_minute(month) - 60]))[0]
    at = np.where(offline > 0, np.maximum(offline, at), at)
    visits["registered_at"] = np.minimum(at, np.maximum(limit, visits["end"]))
    admin = done & by_hand & late
    visits["edited_at"] = np.where(admin, visits["registered_at"], NULL)
    visits["edited_by"] = np.where(admin, ADMIN, 0)
    _places(world, month, visits, done, outside, rng)
    shared = rng.random(count) < 0.01
    visits["device"] = np.where(done, np.where(shared, visits["planned_carer"], visits["carer"]), NULL)
    visits["real_status"], visits["real_client"] = visits["status"], visits["client"]
    visits["real_start"], visits["real_end"] = visits["start"], visits["end"]
    visits["real_service"], visits["real_task"] = visits["service"], visits["task"]


def _round_by_hand(visits: Visits, rows: np.ndarray, rng: np.random.Generator) -> None:
    """Times typed by hand end in 0 or 5 for most carers; what was typed is what is taken to have happened."""
    coarse = rows & (rng.random(len(visits)) < 0.6)
    start = np.where(coarse, 5 * np.round(visits["start"] / 5).astype(np.int64), visits["start"])
    end = np.where(coarse, 5 * np.round(visits["end"] / 5).astype(np.int64), visits["end"])
    visits["start"], visits["end"] = start, np.where(coarse, np.maximum(end, start + 5), end)


def _offline(world: World, month: Month, visits: Visits, rng: np.random.Generator) -> np.ndarray:
    """Return when a telephone without coverage handed over its whole shift at once; 0 elsewhere."""
    if not world.errors:
        return np.zeros(len(visits), np.int64)
    key = visits["carer"].astype(np.int64) * 64 + (visits["planned_start"] // DAY - month.first) % 64
    shifts, back = np.unique(key, return_inverse=True)
    chosen = rng.random(len(shifts)) < world.p.visit_errors.offline_shift
    last = np.full(len(shifts), 0, np.int64)
    np.maximum.at(last, back, visits["end"])
    return np.where(chosen[back], last[back] + 25, 0)


def _places(world: World, month: Month, visits: Visits, done: np.ndarray, outside: np.ndarray,
            rng: np.random.Generator) -> None:  # fmt: skip
    """Draw distances to the home in metres and the 100 m square the telephone reported."""
    count, homes = len(visits), world.clients.homes
    lost = rng.random(count) < world.traits.position_failure[visits["provider"], month.index]
    far = np.exp(rng.normal(np.log(700), 0.7, count))
    near = np.abs(rng.normal(0, 14, (2, count)))
    base = np.where(outside, far, near)
    nowhere = lost & (rng.random(count) < 0.5)
    astray = lost & ~nowhere
    base = np.where(astray, np.exp(rng.normal(np.log(900), 0.8, count)), base)
    has = done & ~nowhere & np.isin(visits["start_method"], (LOCK, TAG, QR, GPS))
    distance = np.where(has, np.round(base), np.nan)
    visits["distance_start"] = distance[0]
    visits["distance_end"] = np.where(visits["end_method"] == MANUAL, np.nan, distance[1])
    angle = rng.uniform(0, 2 * np.pi, count)
    step = np.nan_to_num(distance[0])
    x = homes.x_m[visits["client"]] + step * np.cos(angle)
    y = homes.y_m[visits["client"]] + step * np.sin(angle)
    visits["place_x"] = 100 * np.round(x / 100)
    visits["place_y"] = 100 * np.round(y / 100)


def share_with_partner(world: World, visits: Visits, needs_shared: np.ndarray) -> None:
    """Register a shared cleaning on both members of the household: same carer, same minutes, two rows."""
    at = np.flatnonzero(needs_shared)
    partner = world.clients.partner[visits["client"][at]]
    live = visits["status"][at] == PERFORMED
    at, partner = at[live], partner[live]
    rows = visits.take(at)
    rows["client"], rows["real_client"] = partner, partner
    domestic = world.decision_of(
        rows["client"], np.full(len(at), SERVICES.index("domestic")), visits["planned_start"][at]
    )
    rows["decision"] = domestic
    keep = domestic >= 0
    visits.add(rows.take(keep))
