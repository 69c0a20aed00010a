"""The supplier register: who the municipality buys from, how they look, which look alike for lawful reasons."""

from dataclasses import dataclass, field

import numpy as np

from simulation.calendar import Month
from simulation.identity import accounts, addresses, names, org_numbers, phones
from simulation.organisation import DEPARTMENTS
from simulation.parameters import Parameters, Scale
from simulation.streams import stream

FIRST_SERIAL = 1_000
"""Organisation number serials below belong to care providers."""

CARE = -1
"""Category of care providers."""


@dataclass
class Suppliers:
    """Suppliers by index; lists grow when fraud adds a company. Days are day numbers, amounts öre.

    `ref` is the organisation number as the register has it (often wrong), `true_ref` the right one.
    """

    ref: list[str | None] = field(default_factory=list)
    true_ref: list[str] = field(default_factory=list)
    name: list[str] = field(default_factory=list)
    address: list[str] = field(default_factory=list)
    phone: list[str] = field(default_factory=list)
    account: list[str] = field(default_factory=list)
    account_kind: list[str] = field(default_factory=list)
    category: list[int] = field(default_factory=list)
    created: list[int] = field(default_factory=list)
    one_time: list[bool] = field(default_factory=list)
    rate: list[float] = field(default_factory=list)  # expected invoices a month
    unit: list[int] = field(default_factory=list)
    fixed_ore: list[int] = field(default_factory=list)  # 0: varies
    factor: list[float] = field(default_factory=list)  # on the category's median
    price_ore: list[int] = field(default_factory=list)  # hourly, 0: none
    contract: list[bool] = field(default_factory=list)
    next_no: list[int] = field(default_factory=list)
    step: list[int] = field(default_factory=list)  # invoices to others between two of ours
    style: list[int] = field(default_factory=list)
    only_month: list[int] = field(default_factory=list)  # of a single invoice, or -1
    registered: list[int] = field(default_factory=list)
    innocent: list[tuple[int, str]] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.ref)

    def add(self, **values: object) -> int:
        """Append a supplier (every list must be given) and return its index."""
        for name, value in values.items():
            getattr(self, name).append(value)
        return len(self) - 1

    def codes(self) -> list[str]:
        """Return supplier ids; their order does not tell who was added why."""
        return [f"S{(n * 7_919 + 104_729) % 1_000_003:06d}" for n in range(len(self))]


def make_suppliers(scale: Scale, p: Parameters, units: np.ndarray, horizon: list[Month], seed: int) -> Suppliers:
    """Return the register at the start plus those who appear later; `units` is each unit's department."""
    rng = stream(seed, "suppliers")
    ledger, errors = p.ledger, p.ledger_errors
    count = max(40, round(scale.inhabitants * ledger.suppliers_per_inhabitant))
    categories = ledger.categories
    category = rng.choice(len(categories), count, p=[c.supplier_share for c in categories])
    kind = rng.random(count)
    form = np.where(kind < ledger.association_share, "association", "limited")
    form = np.where(kind > 1 - ledger.partnership_share, "partnership", form)
    serial = FIRST_SERIAL + rng.permutation(min(max(count, 20_000), 97_000))[:count]
    org = {name: org_numbers(name, serial) for name in ("limited", "association", "partnership")}
    true_ref = [org[f][n] for n, f in enumerate(form.tolist())]
    roots = names(stream(seed, "supplier roots"), count)
    words = [
        categories[c].words[int(u * len(categories[c].words))] for c, u in zip(category, rng.random(count), strict=True)
    ]
    ends = {"association": "Förening", "limited": "AB", "partnership": "HB"}
    account_kind = rng.choice([k for k, _ in ledger.account_kinds], count, p=[s for _, s in ledger.account_kinds])
    account = accounts(account_kind, np.arange(count))
    one = rng.random(count) < ledger.one_time_share
    one &= ~np.isin(category, [n for n, c in enumerate(categories) if c.kind == "fixed"])
    first = horizon[0].first
    span = horizon[-1].last - first
    young = rng.random(count) < ledger.new_per_year * max(span, 1) / 365
    created = np.where(young, first + rng.integers(0, max(span - 20, 1), count), first - rng.integers(40, 5000, count))
    only = np.where(one, rng.integers(0, len(horizon), count), -1)
    created = np.where(
        one, np.array([m.first for m in horizon])[np.maximum(only, 0)] - rng.integers(0, 8, count), created
    )
    rate = _rates(category, one, scale, p, rng)
    unit = np.array([rng.choice(_of(units, categories[c].department)) for c in category])
    factor = np.exp(rng.normal(0, 0.55, count))
    fixed = np.array([categories[c].kind == "fixed" for c in category])
    fee = np.array([c.median_sek for c in categories])[category] * factor
    fee = np.where(fee > 2000, 50 * np.round(fee / 50), np.round(fee))
    points = fixed & (rng.random(count) < 4 * ledger.price_point_share) & (fee > 20_000)
    fee = np.where(points, np.where(fee < 70_000, 49_500, 98_500), fee)
    hourly = np.array([categories[c].kind == "hours" for c in category])
    price = 5 * np.round(rng.uniform(*ledger.hourly_price_sek, count) / 5)
    contract = rng.random(count) < np.array([c.contract_share for c in categories])[category]
    found = Suppliers(
        list(true_ref), true_ref, [f"{r} {w} {ends[f]}" for r, w, f in zip(roots, words, form.tolist(), strict=True)],
        addresses(rng, count), phones(10_000 + np.arange(count)), account, account_kind.tolist(), category.tolist(),
        created.tolist(), one.tolist(), rate.tolist(), unit.tolist(),
        np.where(fixed, 100 * fee, 0).astype(np.int64).tolist(), factor.tolist(),
        np.where(hourly, 100 * price, 0).astype(np.int64).tolist(), contract.tolist(),
        rng.integers(3, 90_000, count).tolist(), (1 + rng.geometric(0.05, count)).tolist(),
        rng.integers(0, 4, count).tolist(), only.tolist(), (created - rng.integers(200, 9000, count)).tolist(),
    )  # fmt: skip
    found.innocent += [(int(n), "price just under a limit") for n in np.flatnonzero(points)]
    found.innocent += [(int(n), "recurring fee") for n in np.flatnonzero(fixed & ~one)]
    _factors(found, errors.factoring, errors.factors, rng)
    return found


def _of(units: np.ndarray, department: str) -> np.ndarray:
    return np.flatnonzero(units == DEPARTMENTS.index(department))


def _rates(category: np.ndarray, one: np.ndarray, scale: Scale, p: Parameters, rng: np.random.Generator) -> np.ndarray:
    """Return expected invoices a month: Zipf within the categories, fixed fees once a month, scaled to the preset."""
    categories = p.ledger.categories
    weight = np.zeros(len(category))
    for number, what in enumerate(categories):
        mine = np.flatnonzero((category == number) & ~one)
        rank = rng.permutation(len(mine)) + 1
        weight[mine] = what.weight / rank**p.ledger.zipf * len(mine) ** 0.5
    fixed = np.array([c.kind == "fixed" for c in categories])[category]
    wanted = scale.postings_per_month / p.ledger.postings_per_invoice
    others = max(wanted - fixed.sum() - one.sum() / max(scale.months, 1), 0.2 * wanted)
    weight[fixed] = 0
    weight *= others / weight.sum()
    return np.where(fixed, 1.0, weight)


def _factors(found: Suppliers, share: float, count: int, rng: np.random.Generator) -> None:
    """Let some suppliers be paid through factoring companies that many share."""
    shared = accounts(np.full(count, "bankgiro"), 950_000 + np.arange(count))
    for supplier in np.flatnonzero(rng.random(len(found)) < share):
        found.account[supplier] = shared[int(rng.integers(0, count))]
        found.account_kind[supplier] = "bankgiro"
        found.innocent.append((int(supplier), "shared factoring account"))


def factor_accounts(count: int) -> list[str]:
    """Return the accounts of the factoring companies."""
    return accounts(np.full(count, "bankgiro"), 950_000 + np.arange(count))


def register_twice(found: Suppliers, share: float, rng: np.random.Generator) -> None:
    """Register some companies twice under slightly different names."""
    for supplier in np.flatnonzero((rng.random(len(found)) < share / 2) & ~np.array(found.one_time)):
        n = int(supplier)
        name = found.name[n].replace(" AB", " Aktiebolag") if rng.random() < 0.5 else found.name[n].upper()
        copy = {key: values[n] for key, values in vars(found).items() if key != "innocent"}
        copy |= {"name": name, "rate": found.rate[n] * 0.15, "fixed_ore": 0, "only_month": -1}
        found.rate[n] *= 0.85
        if found.fixed_ore[n]:
            copy["rate"] = 0.05
            found.rate[n] = 1.0
        twin = found.add(**copy)
        found.innocent += [(n, "registered twice"), (twin, "registered twice")]


def spoil_references(found: Suppliers, share: float, rng: np.random.Generator) -> None:
    """Miswrite organisation numbers in the register: a digit, two neighbours swapped, the hyphen, or nothing."""
    for supplier in np.flatnonzero(rng.random(len(found)) < share):
        digits = list(found.true_ref[supplier].replace("-", ""))
        what, at = rng.random(), int(rng.integers(3, 9))  # the first three digits tell companies from people
        if what < 0.45:
            digits[at] = str((int(digits[at]) + int(rng.integers(1, 10))) % 10)
        elif what < 0.75:
            digits[at], digits[at + 1] = digits[at + 1], digits[at]
        text = "".join(digits)
        found.ref[supplier] = None if what > 0.93 else text if what > 0.85 else f"{text[:6]}-{text[6:]}"
