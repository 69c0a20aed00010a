"""What several visit typologies share."""

import numpy as np

from simulation.calendar import Month
from simulation.parameters import SERVICES, TASKS
from simulation.truth import cause_number
from simulation.visits import GPS, MANUAL, NONE, NULL, PERFORMED, REASONS, TAG, Visits
from simulation.world import World


def honest_rows(visits: Visits, provider: int) -> np.ndarray:
    """Return positions of a provider's performed visits that nothing has happened to yet."""
    live = (visits["provider"] == provider) & (visits["status"] == PERFORMED) & (visits["truth"] == 0)
    return np.flatnonzero(live & (visits["planned_start"] != NULL))


def some(rng: np.random.Generator, rows: np.ndarray, share: float) -> np.ndarray:
    """Return each row with chance `share`, in order."""
    return rows[rng.random(len(rows)) < share]


def count_of(rng: np.random.Generator, number: float) -> int:
    """Return `number` rounded to one of its neighbours by chance, so that small shares are not lost."""
    return int(number) + int(rng.random() < number - int(number))


def invented(world: World, visits: Visits, rng: np.random.Generator, rows: np.ndarray, typology: str) -> Visits:
    """Return new care visits modelled on `rows`, at other clients of the same provider: never performed."""
    new = visits.take(rows)
    other = rng.permutation(rows)
    new["client"] = visits["client"][other]
    new["service"] = np.full(len(rows), SERVICES.index("care"))
    task = visits["task"][other]
    new["task"] = np.where(visits["service"][other] == SERVICES.index("care"), task, TASKS.index("supervision"))
    new["decision"] = world.decision_of(new["client"], new["service"], new["planned_start"])
    new["pair"], new["double"] = np.full(len(rows), NULL), np.zeros(len(rows), bool)
    new["edit_from"], new["edited_at"] = np.full(len(rows), NULL), np.full(len(rows), NULL)
    new["edited_by"] = np.zeros(len(rows))
    return unreal(new.take(np.flatnonzero(new["decision"] >= 0)), typology)


def unreal(rows: Visits, typology: str) -> Visits:
    """Mark rows as never performed."""
    rows["real_status"] = np.full(len(rows), NONE)
    rows["real_start"], rows["real_end"] = np.full(len(rows), NULL), np.full(len(rows), NULL)
    rows["truth"] = np.full(len(rows), cause_number(typology))
    return rows


def set_times(rows: Visits, start: np.ndarray, minutes: np.ndarray) -> None:
    """Plan and register rows from `start` (UTC) for `minutes`, planned on the nearest five minutes."""
    rows["planned_start"] = 5 * np.round(start / 5)
    rows["planned_end"] = rows["planned_start"] + minutes
    rows["start"], rows["end"] = start, start + minutes
    rows["registered_at"] = rows["end"] + 1


def remote_methods(world: World, rows: Visits, rng: np.random.Generator, manual_share: float) -> None:
    """Give rows methods that work without being there: a copied tag, a telephone elsewhere, or typing."""
    count = len(rows)
    draw = rng.random(count)
    method = np.where(draw < manual_share, MANUAL, np.where(draw < manual_share + 0.4, TAG, GPS))
    rows["start_method"], rows["end_method"] = method, method
    rows["reason"] = np.where(method == MANUAL, rng.integers(1, REASONS.index("outside_home"), count), 0)
    far = np.round(np.exp(rng.normal(np.log(1400), 0.8, count)))
    near = np.round(np.abs(rng.normal(0, 14, count)))
    there = rng.random(count) < 0.45
    distance = np.where(method == MANUAL, np.nan, np.where(there, near, far))
    rows["distance_start"], rows["distance_end"] = distance, distance
    homes, step = world.clients.homes, np.nan_to_num(distance)
    rows["place_x"] = 100 * np.round((homes.x_m[rows["client"]] + step * 0.7) / 100)
    rows["place_y"] = 100 * np.round((homes.y_m[rows["client"]] + step * 0.7) / 100)
    rows["device"] = rows["carer"]


def within(world: World, month: Month, utc: np.ndarray) -> np.ndarray:
    """Whether UTC minutes fall inside the month by local time."""
    day = world.clock.to_local(utc) // 1440
    return (day >= month.first) & (day <= month.last)
