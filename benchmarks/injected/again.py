"""Bills paid a second time: each kind makes one case in one month, or None where the draw found no place.

Assumed, because no public count exists: the days between the right and the wrong payment fall as the ledger's own
volume does within the stated span; ways of retyping come in equal parts.
"""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from benchmarks.injected.facts import series
from benchmarks.injected.ledger import Bill
from benchmarks.injected.retype import second_record_name, swap_digits, typo, written_otherwise
from benchmarks.injected.world import LONGEST_NUMBER, Row, World, money

Made = tuple[list[Row], Decimal, str]
Make = Callable[[World, str], Made | None]
FEE = "with a fee"


def again(
    world: World,
    month: str,
    gap: tuple[int, int],
    change: Callable[[World, Bill, date], tuple[dict[str, str], str] | None],
    pool: list[Bill] | None = None,
    fits: Callable[[Bill], bool] = lambda bill: True,
) -> Made | None:
    """Pay an earlier bill again within `gap` days with the changes `change` returns; None where none fits."""
    day = world.pay_day(month)
    if day is None:
        return None
    bill = world.victim(world.facts.numbered if pool is None else pool, day, gap, fits)
    changed = change(world, bill, day) if bill else None
    if bill is None or changed is None:
        return None
    changes, detail = changed
    like = changes.pop("like", None)
    days = (day - bill.day).days
    wrong = bill.amount if detail == FEE else Decimal(changes.get("amount_sek", bill.amount))
    return [world.row(bill, day, changes, like)], wrong, f"{detail}; {days} days later"


def same_number(world: World, month: str) -> Made | None:
    """Pay an invoice twice under its own number."""
    return again(world, month, (0, 60), lambda w, b, d: ({}, "same number"))


def retyped_number(world: World, month: str) -> Made | None:
    """Pay an invoice twice, its number typed otherwise: O for 0, leading zeros, a suffix."""
    return again(world, month, (1, 60), lambda w, b, d: _numbered(w, b, written_otherwise(b.number or "", w.rng)))


def number_typo(world: World, month: str) -> Made | None:
    """Pay an invoice twice, one digit of its number mistyped."""
    return again(world, month, (1, 60), lambda w, b, d: _numbered(w, b, typo(b.number or "", w.rng)))


def _numbered(world: World, bill: Bill, found: tuple[str, str] | None) -> tuple[dict[str, str], str] | None:
    if found is None or len(found[0]) > LONGEST_NUMBER or (bill.supplier_ref, found[0]) in world.facts.numbers:
        return None
    return {"invoice_no": found[0]}, found[1]


def other_record(world: World, month: str) -> Made | None:
    """Pay an invoice twice, the second time on another supplier record of the firm: an old one, or a new one."""
    return again(world, month, (1, 90), _to_other_record)


def _to_other_record(world: World, bill: Bill, day: date) -> tuple[dict[str, str], str]:
    month = f"{day:%Y-%m}"
    twins = [ref for ref in world.facts.records[bill.supplier] if ref != bill.supplier_ref]
    if twins and world.rng.random() < 0.5:
        return {"supplier_ref": world.rng.choice(twins)}, "old record, same name"
    name, detail = second_record_name(bill.supplier, world.rng)
    return {
        "supplier_ref": world.new_ref(month),
        "supplier_name": name[: world.facts.longest_name],
    }, f"new record, {detail}"


def other_department(world: World, month: str) -> Made | None:
    """Pay an invoice twice, the second time by another department."""
    return again(world, month, (1, 90), _to_other_department)


def _to_other_department(world: World, bill: Bill, day: date) -> tuple[dict[str, str], str] | None:
    there = [b for b in world.facts.by_month[f"{day:%Y-%m}"] if b.department not in ("", bill.department) and b.number]
    if not there:
        return None
    other = world.rng.choice(there)
    return {"department": other.department, "like": other.cell(world.facts.ledger.voucher_key)}, "other unit"


def other_channel(world: World, month: str) -> Made | None:
    """Pay an invoice twice, 30-45 days apart, the second time through another feeder system."""
    return again(world, month, (30, 45), _through_other_channel)


def _through_other_channel(world: World, bill: Bill, day: date) -> tuple[dict[str, str], str] | None:
    key = world.facts.ledger.voucher_key
    own = series(bill.cell(key))
    there = [v for v in (b.cell(key) for b in world.facts.by_month[f"{day:%Y-%m}"] if b.number) if series(v) != own]
    return ({"like": world.rng.choice(there)}, "other channel") if there else None


def swapped(world: World, month: str) -> Made | None:
    """Pay an invoice twice, the second time with two digits of the amount swapped."""
    return again(world, month, (1, 60), lambda w, b, d: _amount(swap_digits(b.amount, w.rng), "digits swapped"))


def shifted(world: World, month: str) -> Made | None:
    """Pay an invoice twice, the second time with the decimal point one or two places to the right."""
    factor = world.rng.choice((10, 10, 100))
    most = Decimal(1_000_000) / factor
    return again(
        world, month, (1, 60), lambda w, b, d: _amount(b.amount * factor, f"x{factor}"), fits=lambda b: b.amount <= most
    )


def reminder(world: World, month: str) -> Made | None:
    """Pay an invoice, and then its reminder: the same number, 50-250 more."""
    fee = Decimal(world.rng.randint(50, 250))
    return again(world, month, (14, 60), lambda w, b, d: _amount(b.amount + fee, FEE))


def _amount(amount: Decimal | None, detail: str) -> tuple[dict[str, str], str] | None:
    return None if amount is None else ({"amount_sek": money(amount)}, detail)


def without_number(world: World, month: str) -> Made | None:
    """Pay a bill twice whose number the ledger hides or lacks: only payee, amount and date are left to tell it."""
    return again(world, month, (1, 45), lambda w, b, d: ({}, "no number"), pool=world.facts.unnumbered)
