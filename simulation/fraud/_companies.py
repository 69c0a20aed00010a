"""Companies that fraud adds to the register, or finds there."""

import numpy as np

from simulation.identity import accounts, addresses, names, org_numbers, phones
from simulation.ledger import Ledger

_ORG_SERIAL, _ACCOUNT_SERIAL, _PHONE_SERIAL = 98_000, 700_000, 700_000


def new_company(
    ledger: Ledger,
    rng: np.random.Generator,
    number: int,
    category: str,
    created: int,
    age: int,
    ending: str = "AB",
) -> int:
    """Register a company `created` (day) that was founded `age` days before; return the supplier index."""
    found = ledger.suppliers
    what = next(n for n, c in enumerate(ledger.world.p.ledger.categories) if c.name == category)
    units = ledger.org.department
    ref = org_numbers("limited", np.array([_ORG_SERIAL + number % 1000]))[0]
    serial = np.array([_ACCOUNT_SERIAL + number])
    return found.add(
        ref=ref, true_ref=ref, name=f"{names(rng, 1)[0]} {ending}", address=addresses(rng, 1)[0],
        phone=phones(np.array([_PHONE_SERIAL + number]))[0], account=accounts(np.array(["bankgiro"]), serial)[0],
        account_kind="bankgiro", category=what, created=created, one_time=False, rate=0.0,
        unit=int(rng.integers(0, len(units))), fixed_ore=0, factor=1.0, price_ore=0, contract=False,
        next_no=int(rng.integers(100, 2000)), step=8, style=0, only_month=-1, registered=created - age,
    )  # fmt: skip


def existing(ledger: Ledger, rng: np.random.Generator, categories: tuple[str, ...], least_rate: float) -> int:
    """Return a known supplier of some categories that invoices at least `least_rate` times a month, if there is one."""
    rows = ledger.suppliers
    wanted = [n for n, c in enumerate(ledger.world.p.ledger.categories) if c.name in categories]
    fits = np.isin(rows.category, wanted) & ~np.array(rows.one_time) & (np.array(rows.fixed_ore) == 0)
    fits &= np.array(rows.created) < ledger.world.horizon[0].first
    taken = {act.subject for act in ledger.world.acts if act.number >= 1000}
    fits[[n for n in taken if 0 <= n < len(fits)]] = False
    often = np.flatnonzero(fits & (np.array(rows.rate) >= least_rate))
    pool = often if len(often) else np.flatnonzero(fits) if fits.any() else np.arange(len(rows))
    return int(rng.choice(pool))
