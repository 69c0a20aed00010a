"""T47: a manager approves invoices of a company of their own or a relative's."""

from typing import Any

import numpy as np

from simulation.actors import Act
from simulation.calendar import Month
from simulation.fraud._companies import new_company
from simulation.fraud._rows import count_of
from simulation.ledger import Ledger
from simulation.truth import cause_number

typology = "T47"


def suppliers(ledger: Ledger, act: Act, rng: np.random.Generator) -> None:
    """Choose a unit and its manager; how the company is tied to the manager depends on the difficulty."""
    frauds, org = ledger.world.p.frauds, ledger.org
    created = ledger.world.horizon[act.onset].first - int(rng.integers(0, 200))
    category = str(rng.choice(["Bygg och underhåll", "Förbrukningsmaterial", "Utbildning och konferens"]))
    act.subject = new_company(ledger, rng, act.number, category, created, int(rng.integers(200, 1500)))
    unit = int(rng.integers(0, len(org.department)))
    ledger.suppliers.unit[act.subject] = unit
    manager = int(org.managers[unit, 0])
    act.memory |= {"unit": unit, "manager": manager}
    act.memory["left"] = int(rng.integers(frauds.t47_invoices[0], frauds.t47_invoices[1] + 1))
    if ledger.world.difficulty == "easy":
        org.same_account[manager] = ledger.suppliers.account[act.subject]
    if ledger.world.difficulty != "hard":
        org.side_job[manager] = ledger.suppliers.true_ref[act.subject]


def invoices(ledger: Ledger, month: Month, act: Act, strength: float, rng: np.random.Generator) -> list[dict[str, Any]]:
    """Return invoices that the manager lets pass; in both steps when easy."""
    months_left = max(1, len(ledger.world.horizon) - month.index)
    wanted = min(act.memory["left"], count_of(rng, strength * act.memory["left"] / min(months_left, 12)))
    act.memory["left"] -= wanted
    frauds, manager, rows = ledger.world.p.frauds, act.memory["manager"], []
    both = {"easy": 0.9, "medium": 0.4, "hard": 0.1}[ledger.world.difficulty]
    for _ in range(wanted):
        amount = 100 * round(float(rng.uniform(*frauds.t47_sek)))
        booked = int(rng.integers(month.first, month.last + 1))
        given = {"clerk": manager} if rng.random() < both else {}
        rows.append(ledger.defaults(act.subject, booked, amount, rng, unit=act.memory["unit"], manager=manager,
                                    channel="pdf" if rng.random() < 0.6 else "e_invoice", order_no=None,
                                    cause=cause_number(typology), error_ore=amount, **given))  # fmt: skip
    return rows
