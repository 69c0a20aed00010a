"""Errors made of new bills: a purchase split under a limit, a ghost supplier, a near-namesake of a big supplier.

Assumed: a ghost sends 3-6 bills within seven weeks, numbered one after the other, over round sums of 1,500-9,500; a
near-namesake sends 1-3 bills of the big supplier's own size; a split has 2-6 parts of 85-99 % of the limit in 10 days.
"""

from datetime import date, timedelta
from decimal import Decimal

from benchmarks.injected.again import Made
from benchmarks.injected.facts import is_readable
from benchmarks.injected.ledger import Bill, raised
from benchmarks.injected.retype import near_name
from benchmarks.injected.world import Row, World, money

PLACES = ("HALDON", "CREEDY", "AVOCET", "REDHILL", "STOWFORD", "TEIGN", "HARCOMBE", "BELSTONE", "LYDFORD", "ASHBURY")
TRADES = ("CONSULTING", "BUSINESS SERVICES", "FACILITIES", "MEDIA", "TRAINING", "PROPERTY CARE", "SUPPLIES", "ADVISORY")
NUMBERINGS = ("101", "1001", "0012", "INV-1004", "INV0007", "2001")


def split(world: World, month: str, limits: list[Decimal]) -> Made | None:
    """Split a purchase over a limit into bills just under it, to a payee whose bills are of that order."""
    limit = world.rng.choice(limits)
    start = world.pay_day(month)
    within = {b.day for b in world.facts.by_month[month] if start and start <= b.day <= start + timedelta(days=9)}
    like = [b for b in world.facts.by_month[month] if b.is_named and limit / 10 <= b.amount <= 3 * limit]
    if start is None or not like:
        return None
    bill, parts = world.rng.choice(like), world.rng.randint(2, 6)
    days = sorted(world.rng.choice(sorted(within)) for _ in range(parts))
    rows, total = [], Decimal(0)
    for n, day in enumerate(days, 1):
        amount = (limit * Decimal(world.rng.randint(8500, 9900)) / 10_000).quantize(Decimal("0.01"))
        total += amount
        rows.append(world.row(bill, day, {"amount_sek": money(amount)} | _next(bill.number, 7 + n)))
    return rows, total, f"{parts} parts under {limit}, {(days[-1] - days[0]).days} days"


def _next(number: str | None, steps: int) -> dict[str, str]:
    return {"invoice_no": raised(number, steps)} if number and is_readable(number) else {}


def ghost(world: World, month: str) -> Made | None:
    """Let a payee nobody knew send round bills numbered one after the other; the first falls in the month."""
    start = world.pay_day(month)
    if start is None:
        return None
    name = _free_name(world)
    changes = {"supplier_name": name, "supplier_ref": world.new_ref(month), "vat_reg_no": ""}
    has_numbers = bool(world.facts.numbers)
    like = world.rng.choice([b for b in world.facts.by_month[month] if b.is_named and bool(b.number) == has_numbers])
    number, unit = world.rng.choice(NUMBERINGS), world.rng.choice((100, 250, 500, 1000))
    count = world.rng.randint(3, 6)
    rows, total = [], Decimal(0)
    for n, day in enumerate(_days_after(world, start, count, 49)):
        amount = Decimal(world.rng.randint(-(-1500 // unit), 9500 // unit) * unit)
        total += amount
        said = changes | {"amount_sek": money(amount)} | ({"invoice_no": raised(number, n)} if has_numbers else {})
        rows.append(world.row(like, day, said))
    return rows, total, f"{len(rows)} bills, sums of {unit}"


def _free_name(world: World) -> str:
    while (name := f"{world.rng.choice(PLACES)} {world.rng.choice(TRADES)} LTD") in world.facts.names:
        continue
    return name


def _days_after(world: World, start: date, count: int, span: int) -> list[date]:
    later = [start + timedelta(days=n) for n in range(1, span + 1)]
    open_days = [day for day in later if day in world.facts.by_day and f"{day:%Y-%m}" in world.facts.months]
    return sorted([start, *(world.rng.choice(open_days) for _ in range(count - 1) if open_days)])


def namesake(world: World, month: str) -> Made | None:
    """Pay bills of a payee whose name is easily taken for that of one of the hundred largest, under another id."""
    own = world.rng.choice(world.facts.largest)
    found = near_name(own[0].supplier, world.rng)
    start = world.pay_day(month)
    if found is None or start is None or found[0].upper() in world.facts.names:
        return None
    changes = {"supplier_name": found[0], "supplier_ref": world.new_ref(month), "vat_reg_no": ""}
    rows: list[Row] = []
    total = Decimal(0)
    steps = world.rng.randint(20, 400)
    for day in _days_after(world, start, world.rng.randint(1, 3), 21):
        bill: Bill = world.rng.choice(own)
        amount = (bill.amount * Decimal(world.rng.randint(80, 120)) / 100).quantize(Decimal("0.01"))
        total += amount
        steps += world.rng.randint(1, 9)
        said = changes | {"amount_sek": money(amount)} | _next(bill.number, steps)
        rows.append(world.row(bill, day, said))
    return rows, total, found[1]
