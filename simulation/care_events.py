"""What stands beside the visits: edits, door events, wages."""

import numpy as np
import polars as pl

from simulation.calendar import DAY, Month
from simulation.ids import Ids, named
from simulation.registration import lock_clients
from simulation.settlement import minutes_to_datetime
from simulation.streams import stream
from simulation.visits import NULL, PERFORMED, Visits
from simulation.world import World
from simulation.writer import sek


def visit_edits(visits: pl.DataFrame, rows: Visits, world: World) -> pl.DataFrame:
    """Return `visit_edits`: one row per edited visit; `visits` is the table the visits were written as."""
    before = np.where(rows["edit_from"] == NULL, NULL, world.clock.to_local(rows["edit_from"]))
    frame = visits.with_columns(_before=minutes_to_datetime(before)).filter(pl.col("edited_at").is_not_null())
    corrected = pl.col("_before").is_not_null()
    text = "%Y-%m-%dT%H:%M:%S"
    return frame.select(
        "visit_id", "edited_at", "edited_by", field=pl.lit("actual_end"),
        old_value=pl.when(corrected).then(pl.col("_before").dt.to_string(text)),
        new_value=pl.col("actual_end").dt.to_string(text),
    )  # fmt: skip


def lock_events(world: World, month: Month, visits: Visits, ids: Ids) -> pl.DataFrame:
    """Return `lock_events` at clients with a digital lock: opened and closed when somebody really came."""
    rng = stream(world.seed, "lock events", month.key)
    system = world.providers.system[visits["provider"]]
    doors = lock_clients(world)
    came = (visits["real_status"] == PERFORMED) & (visits["real_start"] != NULL) & (system == 0)
    draw = rng.random(len(visits))
    came &= doors[np.maximum(visits["real_client"], 0)] & (draw > 0.02)
    first = came & ((visits["pair"] == NULL) | (visits["pair"] > visits["key"]))
    at = np.flatnonzero(first)
    client = visits["real_client"][at]
    opened = visits["real_start"][at] - rng.integers(0, 2, len(at))
    closed = visits["real_end"][at] + rng.integers(0, 2, len(at))
    both = np.concatenate([opened, closed])
    frame = pl.DataFrame({
        "client_ref": named(ids.client, np.concatenate([client, client])),
        "at": minutes_to_datetime(world.clock.to_local(both)),
        "device_ref": pl.Series([f"K{name[1:]}" for name in ids.client.to_list()]).gather(
            np.concatenate([client, client]).astype(np.uint32)
        ),
        "kind": pl.Series(["open", "close"]).gather(np.repeat([0, 1], len(at)).astype(np.uint32)),
    })  # fmt: skip
    return frame.sort("at", "client_ref", "kind")


def payroll(world: World, month: Month, visits: Visits, ids: Ids) -> pl.DataFrame:
    """Return `payroll_months`: hours from the first real login of a shift to its last logout, and overhead.

    Carers invented by a provider are not on it; hours are those worked, not those registered.
    """
    rng = stream(world.seed, "payroll", month.key)
    carers = world.rota.carers
    came = np.flatnonzero((visits["real_status"] == PERFORMED) & (visits["real_start"] != NULL))
    came = came[~np.array(carers.ghost)[visits["carer"][came]]]
    start, end = visits["real_start"][came], visits["real_end"][came]
    shift = (start - 5 * 60) // DAY - month.first + 2
    key = (visits["provider"][came].astype(np.int64) * 2**24 + visits["carer"][came]) * 64 + shift
    keys, back = np.unique(key, return_inverse=True)
    first, last = np.full(len(keys), 2**60), np.zeros(len(keys), np.int64)
    np.minimum.at(first, back, start)
    np.maximum.at(last, back, end)
    hours = np.minimum((last - first) / 60 + world.p.workforce.crew_overhead_hours, 11.0)
    people, again = np.unique(keys // 64, return_inverse=True)
    centi = np.round(np.bincount(again, hours) * 4).astype(np.int64) * 25  # quarters of an hour
    carer = people % 2**24
    wage = np.array(carers.wage_ore)[carer]
    premium = 1 + rng.uniform(0.02, 0.11, len(people))
    index = 1.03 ** (month.index // 12)
    gross = np.round(centi / 100 * wage * premium * index).astype(np.int64)
    last_day = np.array(carers.last_day)
    np.maximum.at(last_day, visits["carer"][came], month.last)
    carers.last_day = last_day.tolist()
    world.rota.pay(people // 2**24, gross)
    return pl.DataFrame({
        "provider_id": named(ids.provider, people // 2**24), "carer_ref": named(ids.carer, carer),
        "month": [month.name] * len(people), "hours_ore": centi, "gross_ore": gross,
    }).select(
        "provider_id", "carer_ref", "month", sek("hours_ore").alias("paid_hours"), sek("gross_ore"),
    ).sort("provider_id", "carer_ref")  # fmt: skip
