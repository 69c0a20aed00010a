"""The supplier ledger month by month: invoices that come in, are approved, booked and paid."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import polars as pl

from simulation.calendar import DAY, Month, weekday
from simulation.organisation import Organisation, make_organisation
from simulation.streams import stream
from simulation.suppliers import Suppliers, make_suppliers
from simulation.world import World

INVOICE = {
    "supplier": pl.Int64, "number": pl.String, "booked": pl.Int64, "invoice_day": pl.Int64, "entered": pl.Int64,
    "amount_ore": pl.Int64, "vat_bp": pl.Int64, "postings": pl.Int64, "unit": pl.Int64, "category": pl.Int64,
    "channel": pl.String, "terms": pl.Int64, "account": pl.String, "account_kind": pl.String, "clerk": pl.Int64,
    "manager": pl.Int64, "is_credit": pl.Boolean, "cancels": pl.String, "order_no": pl.String, "text": pl.String,
    "hours_centi": pl.Int64, "price_ore": pl.Int64, "cause": pl.Int64, "error_ore": pl.Int64, "why": pl.String,
    "invoice_id": pl.String, "payment_id": pl.String, "service_month": pl.String,
}  # fmt: skip
"""One row per invoice. Days are day numbers, `entered` local minutes, `vat_bp` 1/10,000; `cause` and `error_ore` are
truth, `why` an innocent reason; invoice_id and payment_id are null until the month is closed."""


@dataclass
class Ledger:
    """State of the ledger between months; `pending` holds rows that later months will book."""

    world: World
    suppliers: Suppliers
    org: Organisation
    pending: list[dict[str, Any]] = field(default_factory=list)
    changes: list[tuple[int, int, str, str | None, str | None, str]] = field(default_factory=list)
    sequence: int = 0
    recent: dict[int, list[dict[str, Any]]] = field(default_factory=dict)

    def defaults(
        self, supplier: int, booked: int, amount_ore: int, rng: np.random.Generator, **given: Any
    ) -> dict[str, Any]:
        """Return a whole invoice row of a supplier; `given` overrides any column."""
        rows, org = self.suppliers, self.org
        unit = int(given.pop("unit", rows.unit[supplier]))
        category = rows.category[supplier]
        what = self.world.p.ledger.categories[max(category, 0)]
        row = {
            "supplier": supplier,
            "number": given.pop("number", None) or self.next_number(supplier),
            "booked": booked,
            "invoice_day": booked - int(rng.integers(5, 14)),
            "entered": (booked - int(rng.integers(1, 5))) * DAY + int(rng.integers(7 * 60, 17 * 60)),
            "amount_ore": amount_ore,
            "vat_bp": round(10_000 * what.vat_share),
            "postings": 1 + int(rng.poisson(what.postings - 1)),
            "unit": unit,
            "category": category,
            "channel": "e_invoice",
            "terms": 30,
            "account": rows.account[supplier],
            "account_kind": rows.account_kind[supplier],
            "clerk": int(org.clerks[unit, int(rng.integers(0, 2))]),
            "manager": self.approver(unit, amount_ore),
            "is_credit": amount_ore < 0,
            "cancels": None,
            "order_no": None,
            "text": what.account_text,
            "hours_centi": 0,
            "price_ore": 0,
            "cause": 0,
            "error_ore": 0,
            "why": None,
            "invoice_id": None,
            "payment_id": None,
            "service_month": None,
        }
        return row | given

    def approver(self, unit: int, amount_ore: int) -> int:
        """Return who may approve an amount: unit manager, area manager or director, by the approval limits."""
        limits = [amount for kind, _, amount, _ in self.world.p.ledger.limits if kind == "approval"]
        level = sum(abs(amount_ore) > 100 * limit for limit in limits[:2])
        return int(self.org.managers[unit, level])

    def next_number(self, supplier: int) -> str:
        """Return the supplier's next invoice number in its own style."""
        rows = self.suppliers
        rows.next_no[supplier] += max(1, rows.step[supplier])
        return number_text(rows.style[supplier], rows.next_no[supplier])

    def month(self, month: Month, extra: list[dict[str, Any]]) -> pl.DataFrame:
        """Return the invoices booked in a month with ids: usual ones, what earlier months left, and `extra`."""
        due = [row for row in self.pending if row["booked"] <= month.last]
        self.pending = [row for row in self.pending if row["booked"] > month.last]
        rows = (
            pl.DataFrame([*due, *extra], schema=INVOICE, orient="row") if due or extra else pl.DataFrame(schema=INVOICE)
        )
        booked = np.clip(rows["booked"].to_numpy(), month.first, month.last)
        worked = _on_working_days(self.world, month, booked)
        booked = np.where(rows["service_month"].is_null().to_numpy(), worked, booked)
        rows = rows.with_columns(pl.Series("booked", booked, dtype=pl.Int64))
        whole = pl.concat([usual_invoices(self, month), rows])
        whole = whole.sort("booked", "entered", "supplier", "number", "amount_ore", maintain_order=True)
        count = whole.height
        number = np.arange(self.sequence, self.sequence + count)
        self.sequence += count
        ids = pl.Series([f"F{month.key}{n % 10**7:07d}" for n in number.tolist()])
        payments = pl.Series([f"B{(n * 31 + 17) % 10**9:09d}" for n in number.tolist()])
        return whole.with_columns(
            invoice_id=pl.coalesce("invoice_id", ids), payment_id=pl.coalesce("payment_id", payments)
        )


def number_text(style: int, number: int) -> str:
    """Return an invoice number as suppliers write them."""
    return (f"{number}", f"{number:08d}", f"F-{number}", f"{2000 + number % 26}-{number}")[style]


def open_ledger(world: World) -> Ledger:
    """Return the ledger of a world with its suppliers, before any fraud or error is added to them."""
    org = make_organisation(world.scale, world.p, world.horizon, world.seed)
    suppliers = make_suppliers(world.scale, world.p, org.department, world.horizon, world.seed)
    return Ledger(world, suppliers, org)


def working_days(world: World, month: Month) -> np.ndarray:
    """Return the month's working days as day numbers."""
    days = np.arange(month.first, month.last + 1)
    return days[~world.days.free(days)]


def _on_working_days(world: World, month: Month, booked: np.ndarray) -> np.ndarray:
    """Return the last working day of the month on or before each day, else its first."""
    days = working_days(world, month)
    return days[np.maximum(np.searchsorted(days, booked, side="right") - 1, 0)]


def payment_day(world: World, earliest: np.ndarray) -> np.ndarray:
    """Return the first payment run (Tuesdays and Thursdays) on or after each day."""
    found = np.asarray(earliest).copy()
    runs = world.p.ledger.payment_weekdays
    for _ in range(7):
        found = np.where(np.isin(weekday(found), runs), found, found + 1)
    return found


def usual_invoices(ledger: Ledger, month: Month) -> pl.DataFrame:
    """Return the month's invoices of all suppliers, lawful and right."""
    world, rows, org = ledger.world, ledger.suppliers, ledger.org
    rng = stream(world.seed, "invoices", month.key)
    p = world.p.ledger
    rate, only = np.array(rows.rate), np.array(rows.only_month)
    fixed = np.array(rows.fixed_ore)
    season = p.month_factor[month.number - 1]
    alive = (np.array(rows.created) <= month.last) & (np.array(rows.category) >= 0)
    count = rng.poisson(np.where(fixed > 0, 0, rate * season))
    count = np.where(fixed > 0, rng.random(len(rate)) < np.minimum(rate, 1.0) * 0.985, count)
    count = np.where(only >= 0, only == month.index, count) * alive
    supplier = np.repeat(np.arange(len(rate)), count)
    number = _numbers(rows, supplier, count, rng)
    days = working_days(world, month)
    weight = np.where((month.number == 12) & (days > month.last - 10), p.last_week_december, 1.0)
    booked = rng.choice(days, len(supplier), p=weight / weight.sum())
    own_day = days[(supplier * 7) % len(days)]
    booked = np.where(fixed[supplier] > 0, own_day, booked)
    created = np.array(rows.created)[supplier]
    booked = np.maximum(booked, np.minimum(created + 4, month.last))
    category = np.array(rows.category)[supplier]
    amount, hours = _amounts(ledger, supplier, category, month, rng)
    mean = np.array([c.postings for c in p.categories])[category]
    postings = 1 + rng.poisson(mean - 1)
    home = np.array(rows.unit)[supplier]
    spread = rng.random(len(supplier)) < 0.35
    starts, sizes = _unit_ranges(org.department)
    department = org.department[home]
    other = starts[department] + (rng.random(len(supplier)) * sizes[department]).astype(np.int64)
    unit = np.where(spread & (fixed[supplier] == 0), other, home)
    names, shares = zip(*p.channels, strict=True)
    channel = rng.choice(names, len(supplier), p=shares)
    days_given, chance = zip(*p.terms_days, strict=True)
    terms = np.array(days_given)[np.searchsorted(np.cumsum(chance), (supplier * 0.6180339887) % 1.0)]
    entered = (booked - rng.integers(2, 8, len(supplier))) * DAY + rng.integers(7 * 60, 17 * 60, len(supplier))
    odd = rng.random(len(supplier)) < p.weekend_entry
    for _ in range(6):
        entered = np.where(world.days.free(entered // DAY) & ~odd, entered - DAY, entered)
    order = (rng.random(len(supplier)) > world.p.ledger_errors.no_order) & np.array(rows.contract)[supplier]
    invoice_day = entered // DAY - rng.integers(0, 6, len(supplier))
    clerk = org.clerks[unit, rng.integers(0, 2, len(supplier))]
    limits = np.array([100 * amount for kind, _, amount, _ in p.limits if kind == "approval"][:2])
    manager = org.managers[unit, (np.abs(amount)[:, None] > limits).sum(axis=1)]
    texts = [p.categories[c].account_text for c in range(len(p.categories))]
    price = np.where(hours > 0, np.array(rows.price_ore)[supplier], 0)
    return pl.DataFrame(
        {
            "supplier": supplier,
            "number": number,
            "booked": booked,
            "invoice_day": invoice_day,
            "entered": entered,
            "amount_ore": amount,
            "vat_bp": np.array([round(1e4 * c.vat_share) for c in p.categories])[category],
            "postings": postings,
            "unit": unit,
            "category": category,
            "channel": channel,
            "terms": terms,
            "account": pl.Series(rows.account).gather(supplier),
            "account_kind": pl.Series(rows.account_kind).gather(supplier),
            "clerk": clerk,
            "manager": manager,
            "is_credit": np.zeros(len(supplier), bool),
            "cancels": None,
            "order_no": [f"O{month.key}{n:05d}" if has else None for n, has in enumerate(order.tolist())],
            "text": pl.Series(texts).gather(category),
            "hours_centi": hours,
            "price_ore": price,
            "cause": np.zeros(len(supplier), np.int64),
            "error_ore": np.zeros(len(supplier), np.int64),
            "why": None,
            "invoice_id": None,
            "payment_id": None,
            "service_month": None,
        },
        schema=INVOICE,
    )


def _unit_ranges(department: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return first unit and number of units of each department; units are sorted by department."""
    kinds = np.arange(int(department.max()) + 1)
    first = np.searchsorted(department, kinds, side="left")
    return first, np.searchsorted(department, kinds, side="right") - first


def _numbers(rows: Suppliers, supplier: np.ndarray, count: np.ndarray, rng: np.random.Generator) -> list[str]:
    """Return invoice numbers that rise within each supplier, and move the suppliers' counters."""
    step = 1 + rng.poisson(np.array(rows.step)[supplier])
    total = np.cumsum(step)
    first = np.cumsum(count) - count
    before = np.concatenate([[0], total])[first]
    value = np.array(rows.next_no)[supplier] + total - before[supplier]
    ends = np.concatenate([[0], total])[np.cumsum(count)]
    rows.next_no = (np.array(rows.next_no) + ends - before).tolist()
    style = np.array(rows.style)[supplier]
    return [number_text(s, n) for s, n in zip(style.tolist(), value.tolist(), strict=True)]


def _amounts(
    ledger: Ledger, supplier: np.ndarray, category: np.ndarray, month: Month, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Return net amounts in öre, and hundredths of hours where hours are billed."""
    rows, p = ledger.suppliers, ledger.world.p.ledger
    fixed, price = np.array(rows.fixed_ore)[supplier], np.array(rows.price_ore)[supplier]
    median = np.array([c.median_sek for c in p.categories])[category] * np.array(rows.factor)[supplier]
    sigma = np.array([c.sigma for c in p.categories])[category]
    drawn = median * np.exp(rng.normal(0, 1, len(supplier)) * sigma * 0.75)
    whole = rng.random(len(supplier)) < 0.4
    free = np.where(whole, 100 * np.round(drawn), np.round(100 * drawn)).astype(np.int64)
    year = month.key // 100 - int(ledger.world.horizon[0].name[:4])
    rise = 1 + year * (p.index_share[0] + (supplier * 0.754877) % 1.0 * (p.index_share[1] - p.index_share[0]))
    fee = 5000 * np.round(fixed * rise / 5000).astype(np.int64)
    fee = np.where(fixed < 200_000, 100 * np.round(fixed * rise / 100).astype(np.int64), fee)
    hours = np.where(price > 0, 25 * np.maximum(1, np.round(drawn * 100 / np.maximum(price, 1) * 4)), 0).astype(
        np.int64
    )
    billed = (2 * hours * price + 100) // 200
    amount = np.where(fixed > 0, fee, np.where(price > 0, billed, np.maximum(free, 2000)))
    return amount, hours
