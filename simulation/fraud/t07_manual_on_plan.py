"""T07: short or missed visits typed in afterwards as planned, just before the month closes."""

import numpy as np

from simulation.actors import Act
from simulation.calendar import DAY, Month
from simulation.fraud._rows import honest_rows, some
from simulation.registration import ADMIN
from simulation.truth import cause_number
from simulation.visits import MANUAL, NONE, NULL, REASONS, Visits
from simulation.world import World

typology = "T07"


def visits(world: World, month: Month, visits: Visits, act: Act, strength: float, rng: np.random.Generator) -> None:
    """Replace registrations by the plan, edited on day 1-5 of the next month."""
    frauds = world.p.frauds
    rows = honest_rows(visits, act.subject)
    rows = some(rng, rows[visits["pair"][rows] < 0], frauds.t07_share.at(world.difficulty) * strength)
    count = len(rows)
    planned = visits.planned_minutes[rows]
    real = np.maximum(1, np.round(planned * rng.uniform(*frauds.t07_real_of_plan, count))).astype(np.int64)
    undone = rng.random(count) < frauds.t07_not_done
    start = visits["planned_start"][rows]
    visits["real_start"][rows] = np.where(undone, NULL, start)
    visits["real_end"][rows] = np.where(undone, NULL, start + real)
    visits["real_status"][rows] = np.where(undone, NONE, visits["real_status"][rows])
    visits["start"][rows], visits["end"][rows] = start, visits["planned_end"][rows]
    visits["start_method"][rows], visits["end_method"][rows] = MANUAL, MANUAL
    visits["reason"][rows] = rng.integers(1, REASONS.index("outside_home"), count)
    visits["distance_start"][rows], visits["distance_end"][rows] = np.nan, np.nan
    edited = (month.last + 1) * DAY + rng.integers(0, 5, count) * DAY + rng.integers(8 * 60, 17 * 60, count)
    visits["edited_at"][rows], visits["edited_by"][rows] = world.clock.to_utc(edited), ADMIN
    visits["registered_at"][rows] = visits["edited_at"][rows]
    visits["truth"][rows] = cause_number(typology)
