"""T36: a supplier sends the same invoice again: exact, renumbered, or a month later through another channel."""

from typing import Any

import numpy as np

from simulation.actors import Act
from simulation.calendar import DAY, Month
from simulation.fraud._companies import existing
from simulation.fraud._rows import count_of
from simulation.ledger import Ledger
from simulation.ledger_errors import variant
from simulation.truth import cause_number

typology = "T36"
_CATEGORIES = ("Bygg och underhåll", "Entreprenad", "Konsulter", "Bemanning", "Transporter", "Placeringar")


def suppliers(ledger: Ledger, act: Act, rng: np.random.Generator) -> None:
    """Choose a supplier with many invoices."""
    act.subject = existing(ledger, rng, _CATEGORIES, 2.0)
    low, high = ledger.world.p.frauds.t36_count
    act.memory["left"] = int(rng.integers(low, high + 1))


def invoices(ledger: Ledger, month: Month, act: Act, strength: float, rng: np.random.Generator) -> list[dict[str, Any]]:
    """Return repeats of earlier invoices of the supplier."""
    months_left = max(1, len(ledger.world.horizon) - month.index)
    wanted = min(act.memory["left"], count_of(rng, strength * act.memory["left"] / months_left * 1.5))
    low, high = (100 * sek for sek in ledger.world.p.frauds.t36_sek)
    earlier = [r for r in ledger.recent.get(act.subject, []) if low <= r["amount_ore"] <= high and not r["cause"]]
    rows = []
    for origin in [earlier[i] for i in rng.permutation(len(earlier))[:wanted]]:
        booked = int(rng.integers(month.first, month.last + 1))
        way = int(rng.integers(0, 3))
        number = origin["number"] if way == 0 else variant(origin["number"], rng)
        channel = "pdf" if way == 2 else origin["channel"]
        rows.append(
            origin
            | {
                "booked": booked,
                "entered": (booked - int(rng.integers(2, 6))) * DAY + int(rng.integers(7 * 60, 17 * 60)),
                "number": number,
                "channel": channel,
                "invoice_day": origin["invoice_day"] if way == 0 else booked - 8,
                "invoice_id": None,
                "payment_id": None,
                "cause": cause_number(typology),
                "error_ore": origin["amount_ore"],
                "order_no": None,
                "hours_centi": 0,
            }
        )
    act.memory["left"] -= len(rows)
    return rows
