"""T39: a supplier's account is changed by a false letter and one large payment goes there."""

from typing import Any

import numpy as np

from simulation.actors import Act
from simulation.calendar import DAY, Month
from simulation.fraud._companies import existing
from simulation.identity import accounts
from simulation.ledger import Ledger
from simulation.truth import cause_number

typology = "T39"
_SERIAL = 800_000


def suppliers(ledger: Ledger, act: Act, rng: np.random.Generator) -> None:
    """Choose a supplier with large invoices."""
    act.subject = existing(ledger, rng, ("Entreprenad", "Konsulter", "Placeringar", "Bemanning"), 0.5)


def invoices(ledger: Ledger, month: Month, act: Act, strength: float, rng: np.random.Generator) -> list[dict[str, Any]]:
    """Return the one invoice paid to the false account, in the month of onset."""
    if month.index != act.onset:
        return []
    frauds, rows = ledger.world.p.frauds, ledger.suppliers
    low, high = frauds.t39_days
    wait = int(rng.integers(low, high + 1))
    booked = month.first + min(27, wait + int(rng.integers(0, 8)))
    account = accounts(np.array(["bankgiro"]), np.array([_SERIAL + act.number]))[0]
    amount = 100 * round(float(np.exp(rng.uniform(*np.log(frauds.t39_sek)))))
    by = ledger.org.user(ledger.org.clerks[rows.unit[act.subject], :1])[0]
    at = (booked - wait) * DAY + 11 * 60
    true_account = rows.account[act.subject]
    ledger.changes.append((at, act.subject, "payee_account", true_account, account, by))
    if rng.random() < frauds.t39_change_back.at(ledger.world.difficulty):
        back = (booked + int(rng.integers(4, 15))) * DAY + 14 * 60
    else:
        back = (booked + int(rng.integers(30, 50))) * DAY + 9 * 60
    ledger.changes.append((back, act.subject, "payee_account", account, true_account, by))
    return [ledger.defaults(act.subject, booked, amount, rng, account=account, account_kind="bankgiro", channel="pdf",
                            terms=10, cause=cause_number(typology), error_ore=amount)]  # fmt: skip
