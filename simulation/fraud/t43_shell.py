"""T43: a company that exists to invoice: new, round sums, numbers in sequence, nothing delivered."""

from typing import Any

import numpy as np

from simulation.actors import Act
from simulation.calendar import Month
from simulation.fraud._companies import new_company
from simulation.ledger import Ledger
from simulation.truth import cause_number

typology = "T43"


def suppliers(ledger: Ledger, act: Act, rng: np.random.Generator) -> None:
    """Register the company at onset, founded less than half a year before."""
    frauds = ledger.world.p.frauds
    created = ledger.world.horizon[act.onset].first + int(rng.integers(0, 6))
    category = str(rng.choice(["Konsulter", "Bygg och underhåll", "Utbildning och konferens"]))
    act.subject = new_company(ledger, rng, act.number, category, created, int(rng.integers(10, 180)), "Konsult AB")
    ledger.suppliers.step[act.subject] = 1
    act.memory["total"] = float(np.exp(rng.uniform(*np.log(frauds.t43_total_sek))))
    act.memory["months"] = int(rng.integers(frauds.t43_months[0], frauds.t43_months[1] + 1))


def invoices(ledger: Ledger, month: Month, act: Act, strength: float, rng: np.random.Generator) -> list[dict[str, Any]]:
    """Return this month's invoices."""
    if month.index >= act.onset + act.memory["months"]:
        return []
    frauds, rows = ledger.world.p.frauds, []
    count = 1 + int(rng.poisson(0.8))
    for _ in range(count):
        amount = act.memory["total"] / act.memory["months"] / 1.8 * float(rng.uniform(0.6, 1.4))
        whole = rng.random() < frauds.t43_round.at(ledger.world.difficulty)
        ore = 100 * (5_000 * round(amount / 5_000) if whole and amount > 5_000 else round(amount))
        booked = int(rng.integers(month.first + 7, month.last + 1))
        rows.append(ledger.defaults(act.subject, booked, ore, rng, terms=10, order_no=None,
                                    channel="pdf" if rng.random() < 0.5 else "e_invoice",
                                    cause=cause_number(typology), error_ore=ore))  # fmt: skip
    return sorted(rows, key=lambda row: row["number"])
