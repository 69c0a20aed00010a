"""T40: small round invoices for a directory or a subscription nobody ordered, sent to many units."""

from typing import Any

import numpy as np

from simulation.actors import Act
from simulation.calendar import Month
from simulation.fraud._companies import new_company
from simulation.fraud._rows import count_of
from simulation.ledger import Ledger
from simulation.truth import cause_number

typology = "T40"


def suppliers(ledger: Ledger, act: Act, rng: np.random.Generator) -> None:
    """Register the sender shortly before its first invoice."""
    created = ledger.world.horizon[act.onset].first + int(rng.integers(0, 5))
    ending = str(rng.choice(["Katalog AB", "Media Register AB", "Branschguide AB"]))
    act.subject = new_company(
        ledger, rng, act.number, "Abonnemang och licenser", created, int(rng.integers(60, 700)), ending
    )
    low, high = ledger.world.p.frauds.t40_count
    act.memory["left"] = int(rng.integers(low, high + 1))


def invoices(ledger: Ledger, month: Month, act: Act, strength: float, rng: np.random.Generator) -> list[dict[str, Any]]:
    """Return this month's share, most of it in the first months."""
    wanted = min(act.memory["left"], count_of(rng, 0.2 + act.memory["left"] / 3))
    act.memory["left"] -= wanted
    low, high = ledger.world.p.frauds.t40_sek
    rows = []
    for _ in range(wanted):
        amount = 100 * 500 * round(float(rng.uniform(low, high)) / 500)
        booked = int(rng.integers(month.first + 6, month.last + 1))
        unit = int(rng.integers(0, len(ledger.org.department)))
        rows.append(
            ledger.defaults(
                act.subject,
                booked,
                amount,
                rng,
                unit=unit,
                channel="pdf",
                terms=10,
                order_no=None,
                text="Annons och register",
                cause=cause_number(typology),
                error_ore=amount,
            )
        )
    return rows
