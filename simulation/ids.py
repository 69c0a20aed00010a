"""Text ids of everything the simulator numbers, made once; the order of ids tells nothing about truth."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from simulation.needs import OPEN_DAY
from simulation.streams import stream
from simulation.workforce import carer_codes
from simulation.world import World


@dataclass
class Ids:
    """Series of text ids by index."""

    provider: pl.Series
    client: pl.Series
    area: pl.Series
    decision: pl.Series
    carer: pl.Series

    @classmethod
    def of(cls, world: World) -> "Ids":
        """Return the ids of a world; carers grow later."""
        order = stream(world.seed, "client ids").permutation(len(world.clients)) + 1
        return cls(
            pl.Series(world.providers.ids),
            pl.Series([f"C{n:06d}" for n in order.tolist()]),
            pl.Series(world.areas.names),
            pl.Series([f"B{n + 1:06d}" for n in range(len(world.decisions.client))]),
            pl.Series(carer_codes(len(world.rota.carers)), dtype=pl.String),
        )

    def grow(self, carers: int) -> None:
        """Make ids for carers hired since."""
        if carers > len(self.carer):
            self.carer = pl.Series(carer_codes(carers))


def named(names: pl.Series, index: np.ndarray) -> pl.Series:
    """Return the name of each index; null for negative ones."""
    wide = pl.Series(np.asarray(index, np.int64))
    return names.gather(pl.select(pl.when(wide >= 0).then(wide)).to_series())


def open_days(numbers: np.ndarray, open_from: int = OPEN_DAY) -> pl.Series:
    """Return day numbers as dates, null from `open_from` on."""
    wide = pl.Series(np.asarray(numbers, np.int64))
    return pl.select(pl.when(wide < open_from).then(wide).cast(pl.Int32).cast(pl.Date)).to_series()
