"""T41: one purchase cut into invoices just under a limit, to a favoured supplier at too high a price."""

from typing import Any

import numpy as np

from simulation.actors import Act
from simulation.calendar import Month
from simulation.fraud._companies import existing
from simulation.ledger import Ledger
from simulation.truth import cause_number

typology = "T41"
_LIMITS_SEK = (50_000, 100_000, 250_000)


def suppliers(ledger: Ledger, act: Act, rng: np.random.Generator) -> None:
    """Choose a supplier, a limit and the number of rounds."""
    act.subject = existing(ledger, rng, ("Bygg och underhåll", "Entreprenad", "Konsulter"), 0.2)
    ledger.suppliers.contract[act.subject] = False
    low, high = ledger.world.p.frauds.t41_rounds
    months = len(ledger.world.horizon)
    act.memory["limit"] = int(rng.choice(_LIMITS_SEK))
    rounds = min(int(rng.integers(low, high + 1)), max(1, months - act.onset))
    act.memory["months"] = sorted(int(m) for m in act.onset + rng.permutation(max(1, months - act.onset))[:rounds])


def invoices(ledger: Ledger, month: Month, act: Act, strength: float, rng: np.random.Generator) -> list[dict[str, Any]]:
    """Return one round of split invoices within a few days."""
    if month.index not in act.memory["months"]:
        return []
    frauds, level = ledger.world.p.frauds, ledger.world.difficulty
    low, high = (edge.at(level) for edge in frauds.t41_of_limit)
    start = month.first + int(rng.integers(0, month.days - frauds.t41_days))
    rows = []
    for _ in range(int(rng.integers(frauds.t41_parts[0], frauds.t41_parts[1] + 1))):
        amount = 100 * round(act.memory["limit"] * float(rng.uniform(low, high)))
        loss = round(amount * frauds.t41_overprice)
        booked = start + int(rng.integers(0, frauds.t41_days))
        rows.append(ledger.defaults(act.subject, booked, amount, rng, order_no=None, hours_centi=0,
                                    cause=cause_number(typology), error_ore=loss))  # fmt: skip
    return rows
