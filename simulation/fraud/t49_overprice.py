"""T49: hours at a price above the contract, and more hours than worked."""

import numpy as np
import polars as pl

from simulation.actors import Act
from simulation.calendar import Month
from simulation.fraud._companies import existing
from simulation.ledger import Ledger
from simulation.truth import cause_number

typology = "T49"


def suppliers(ledger: Ledger, act: Act, rng: np.random.Generator) -> None:
    """Choose a supplier of hours and put it on a contract."""
    act.subject = existing(ledger, rng, ("Konsulter", "Bemanning"), 0.6)
    ledger.suppliers.contract[act.subject] = True


def adjust(
    ledger: Ledger, month: Month, rows: pl.DataFrame, act: Act, strength: float, rng: np.random.Generator
) -> pl.DataFrame:
    """Return the month's invoices with the supplier's prices and hours raised."""
    frauds, level = ledger.world.p.frauds, ledger.world.difficulty
    mine = (pl.col("supplier") == act.subject) & (pl.col("hours_centi") > 0) & (pl.col("cause") == 0)
    price = (pl.col("price_ore") * (1 + strength * frauds.t49_price.at(level)) / 500).round().cast(pl.Int64) * 500
    hours = (pl.col("hours_centi") * (1 + strength * frauds.t49_hours.at(level)) / 25).round().cast(pl.Int64) * 25
    raised = rows.with_columns(
        price_ore=pl.when(mine).then(price).otherwise("price_ore"),
        hours_centi=pl.when(mine).then(hours).otherwise("hours_centi"),
        _mine=mine,
    )
    billed = (2 * pl.col("hours_centi") * pl.col("price_ore") + 100).floordiv(200)
    raised = raised.with_columns(_new=pl.when("_mine").then(billed).otherwise("amount_ore"))
    changed = pl.col("_mine") & (pl.col("_new") != pl.col("amount_ore"))
    return raised.with_columns(
        cause=pl.when(changed).then(cause_number(typology)).otherwise("cause"),
        error_ore=pl.when(changed).then(pl.col("_new") - pl.col("amount_ore")).otherwise("error_ore"),
        amount_ore="_new",
    ).select(rows.columns).cast(rows.schema)  # fmt: skip
