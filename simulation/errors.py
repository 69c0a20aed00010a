"""Honest errors in time records: nobody gains by intent, some pay changes, each is labelled."""

import numpy as np

from simulation.calendar import DAY, Month
from simulation.parameters import SERVICES
from simulation.registration import ADMIN, close_minute
from simulation.streams import stream
from simulation.truth import cause_number
from simulation.visits import EDITED, MANUAL, NONE, NULL, PERFORMED, Visits
from simulation.world import World

_NEIGHBOUR_SERVICE = {"care": "domestic", "domestic": "care", "delegated_nursing": "care", "escort": "care"}


def err(world: World, month: Month, visits: Visits) -> None:
    """Apply all visit errors of the month in a fixed order; each draws from its own stream."""
    if not world.errors:
        return
    for rule in (_forgotten_logout, _late_login, _wrong_client, _wrong_service, _clock_shift, _missing_stop,
                 _duplicates, _deliveries):  # fmt: skip
        rule(world, month, visits, stream(world.seed, f"error {rule.__name__}", month.key))


def _untouched(visits: Visits) -> np.ndarray:
    return (visits["status"] == PERFORMED) & (visits["truth"] == 0) & (visits["start"] != NULL)


def _forgotten_logout(world: World, month: Month, visits: Visits, rng: np.random.Generator) -> None:
    errors = world.p.visit_errors
    share = world.traits.forgotten[visits["provider"], month.index]
    hit = np.flatnonzero(_untouched(visits) & (visits["end_method"] != MANUAL) & (rng.random(len(visits)) < share))
    extra = 1 + rng.exponential(errors.forgotten_logout_minutes, len(hit)).astype(np.int64)
    wrong = visits["end"][hit] + np.minimum(extra, 9 * 60)
    mended = rng.random(len(hit)) < errors.forgotten_logout_corrected
    limit = world.clock.to_utc(np.array([close_minute(month) - 30]))[0]
    when = wrong + rng.integers(30, 4 * DAY, len(hit))
    when = np.maximum(np.minimum(when, limit), wrong + 1)
    visits["end"][hit[~mended]] = wrong[~mended]
    visits["registered_at"][hit] = wrong
    visits["truth"][hit[~mended]] = cause_number("forgotten_logout")
    fixed = hit[mended]
    visits["edit_from"][fixed] = wrong[mended]
    visits["end_method"][fixed] = EDITED
    visits["edited_at"][fixed], visits["edited_by"][fixed] = when[mended], ADMIN


def _late_login(world: World, month: Month, visits: Visits, rng: np.random.Generator) -> None:
    errors = world.p.visit_errors
    hit = np.flatnonzero(_untouched(visits) & (rng.random(len(visits)) < errors.late_login))
    late = rng.integers(*errors.late_login_minutes, len(hit))
    length = visits["end"][hit] - visits["start"][hit]
    visits["start"][hit] += np.minimum(late, np.maximum(length - 1, 0))
    visits["truth"][hit] = cause_number("late_login")


def _wrong_client(world: World, month: Month, visits: Visits, rng: np.random.Generator) -> None:
    hit = np.flatnonzero(
        _untouched(visits) & (visits["pair"] < 0) & (rng.random(len(visits)) < world.p.visit_errors.wrong_client)
    )
    by = np.lexsort((visits["start"], visits["provider"]))
    place = np.empty(len(by), np.int64)
    place[by] = np.arange(len(by))
    other = by[(place[hit] + 1) % len(by)]
    ok = (visits["provider"][other] == visits["provider"][hit]) & (visits["client"][other] != visits["client"][hit])
    hit, other = hit[ok], other[ok]
    visits["client"][hit] = visits["client"][other]
    visits["decision"][hit] = NULL
    visits["truth"][hit] = cause_number("wrong_client")


def _wrong_service(world: World, month: Month, visits: Visits, rng: np.random.Generator) -> None:
    hit = np.flatnonzero(
        _untouched(visits) & (visits["pair"] < 0) & (rng.random(len(visits)) < world.p.visit_errors.wrong_service)
    )
    other = np.array([SERVICES.index(_NEIGHBOUR_SERVICE.get(name, name)) for name in SERVICES], np.int8)
    wrong = other[visits["service"][hit]]
    decision = world.decision_of(visits["client"][hit], wrong, visits["start"][hit])
    ok = (wrong != visits["service"][hit]) & (decision >= 0)
    hit = hit[ok]
    visits["service"][hit], visits["decision"][hit] = wrong[ok], decision[ok]
    visits["truth"][hit] = cause_number("wrong_service")


def _clock_shift(world: World, month: Month, visits: Visits, rng: np.random.Generator) -> None:
    """A few telephones keep the old hour for five days after the clock changed."""
    changes = world.clock.utc_at[
        (world.clock.utc_at >= month.first * DAY) & (world.clock.utc_at < (month.last + 1) * DAY)
    ]
    devices = np.unique(visits["device"])
    chosen = devices[rng.random(len(devices)) < 20 * world.p.visit_errors.clock_shift_devices]
    for change in changes:
        forward = world.clock.offset_at(np.array([change]))[0] == 120
        near = (visits["start"] >= change) & (visits["start"] < change + 5 * DAY)
        hit = np.flatnonzero(_untouched(visits) & near & np.isin(visits["device"], chosen))
        for name in ("start", "end"):
            visits[name][hit] += -60 if forward else 60
        visits["truth"][hit] = cause_number("clock_shift")


def _missing_stop(world: World, month: Month, visits: Visits, rng: np.random.Generator) -> None:
    hit = (
        _untouched(visits)
        & (visits["edit_from"] == NULL)
        & (rng.random(len(visits)) < world.p.visit_errors.missing_stop)
    )
    visits["end"][hit], visits["end_method"][hit] = NULL, NULL
    visits["distance_end"][hit] = np.nan
    visits["truth"][hit] = cause_number("missing_stop")


def _duplicates(world: World, month: Month, visits: Visits, rng: np.random.Generator) -> None:
    hit = np.flatnonzero(
        _untouched(visits) & (visits["pair"] < 0) & (rng.random(len(visits)) < world.p.visit_errors.duplicate)
    )
    again = visits.take(hit)
    again["real_status"] = np.full(len(hit), NONE)
    again["registered_at"] = again["registered_at"] + rng.integers(1, 2000, len(hit))
    again["truth"] = np.full(len(hit), cause_number("T18"))
    visits.add(again)


def _deliveries(world: World, month: Month, visits: Visits, rng: np.random.Generator) -> None:
    """Decide which providers' files come late, never, or twice; payments are not touched by it."""
    errors = world.p.visit_errors
    draw = rng.random(len(world.providers.weight))
    late, missing = errors.late_delivery, errors.late_delivery + errors.missing_delivery
    code = np.where(
        draw < late, 1, np.where(draw < missing, 2, np.where(draw < missing + errors.doubled_delivery, 3, 0))
    )
    code[world.providers.in_house] = 0  # half the municipality in one file: it would stop the month
    if month.index == len(world.horizon) - 1:
        code = np.where(code == 1, 0, code)
    visits["delivery"] = code[visits["provider"]]
