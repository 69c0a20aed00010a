"""What a ledger shows before anything is injected: computed once, shared by all seeds, never changed."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from benchmarks.injected.ledger import Bill, Ledger

LEAST_AMOUNT = Decimal(500)
LEAST_DIGITS = 3
BIG_SUPPLIERS = 100


@dataclass(frozen=True, eq=False)
class Facts:
    """A ledger seen from where errors happen; `months` are those whose lists are judged."""

    ledger: Ledger
    months: Sequence[str]

    @cached_property
    def by_month(self) -> dict[str, list[Bill]]:
        """Return the bills of each month that were booked within it, in order of day."""
        found: dict[str, list[Bill]] = defaultdict(list)
        for bill in self.ledger.bills:
            if f"{bill.day:%Y-%m}" == bill.month:
                found[bill.month].append(bill)
        return {month: sorted(bills, key=lambda b: b.day) for month, bills in found.items()}

    @cached_property
    def by_day(self) -> dict[date, list[Bill]]:
        """Return the bills of each day that were booked within their month."""
        found: dict[date, list[Bill]] = defaultdict(list)
        for bill in (b for bills in self.by_month.values() for b in bills):
            found[bill.day].append(bill)
        return dict(found)

    @cached_property
    def vouchers(self) -> dict[str, dict[str, list[str]]]:
        """Return for each month the voucher cells of each series (what is left without digits)."""
        key = self.ledger.voucher_key
        found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for month, bills in self.by_month.items():
            for bill in bills:
                cell = bill.cell(key)
                found[month][series(cell)].append(cell)
        return found

    @cached_property
    def used_vouchers(self) -> frozenset[str]:
        """Return every voucher number in the ledger."""
        return frozenset(b.voucher for b in self.ledger.bills)

    @cached_property
    def used_refs(self) -> frozenset[str]:
        """Return every supplier id in the ledger."""
        return frozenset(b.supplier_ref for b in self.ledger.bills)

    @cached_property
    def names(self) -> frozenset[str]:
        """Return every payee's name in capitals."""
        return frozenset(b.supplier.upper() for b in self.ledger.bills)

    @cached_property
    def longest_name(self) -> int:
        """Return how many characters of a name the ledger keeps."""
        return max(map(len, self.names))

    @cached_property
    def sound(self) -> list[Bill]:
        """Return named debits from the ledger's threshold up that no credit of the same amount cancels, by day."""
        credits = {(b.supplier_ref, -b.amount) for b in self.ledger.bills if b.amount < 0}
        kept = (b for bills in self.by_month.values() for b in bills if b.is_named and b.amount >= LEAST_AMOUNT)
        return sorted((b for b in kept if (b.supplier_ref, b.amount) not in credits), key=lambda b: b.day)

    @cached_property
    def numbers(self) -> Counter[tuple[str, str]]:
        """Return how often each supplier has each invoice number."""
        return Counter((b.supplier_ref, b.number) for b in self.ledger.bills if b.number)

    @cached_property
    def numbered(self) -> list[Bill]:
        """Return the sound bills whose number can be read and tells one invoice of the supplier."""
        return [b for b in self.sound if is_readable(b.number) and self.numbers[b.supplier_ref, b.number or ""] == 1]

    @cached_property
    def unnumbered(self) -> list[Bill]:
        """Return the sound bills whose number is hidden or absent."""
        return [b for b in self.sound if b.number is None]

    @cached_property
    def records(self) -> dict[str, list[str]]:
        """Return the supplier ids of each name, sorted."""
        found: dict[str, set[str]] = defaultdict(set)
        for bill in self.sound:
            found[bill.supplier].add(bill.supplier_ref)
        return {name: sorted(refs) for name, refs in found.items()}

    @cached_property
    def largest(self) -> list[list[Bill]]:
        """Return the bills of each of the hundred best paid suppliers whose name has a word to be mistaken in."""
        found: dict[str, list[Bill]] = defaultdict(list)
        for bill in self.sound:
            if any(len(word) >= 5 and word.isalpha() for word in bill.supplier.split()):
                found[bill.supplier_ref].append(bill)
        return sorted(found.values(), key=lambda bills: (-sum(b.amount for b in bills), bills[0].supplier_ref))[
            :BIG_SUPPLIERS
        ]

    def shares(self) -> dict[str, float]:
        """Return the share of the judged months' debits that show the payee, a readable number, one of its own."""
        debits = [b for m in self.months for b in self.by_month.get(m, ()) if b.amount >= LEAST_AMOUNT]
        own = set(map(id, self.numbered))
        return {
            "named": round(sum(b.is_named for b in debits) / len(debits), 4),
            "number readable": round(sum(b.is_named and is_readable(b.number) for b in debits) / len(debits), 4),
            "number tells one invoice": round(sum(id(b) in own for b in debits) / len(debits), 4),
        }


def is_readable(number: str | None) -> bool:
    """Tell whether an invoice number was published and has digits enough to tell invoices apart."""
    return number is not None and sum(c.isdigit() for c in number) >= LEAST_DIGITS


def series(voucher: str) -> str:
    """Return what a voucher's number series has in common: the text with every run of digits as one sign."""
    text = []
    for character in voucher:
        if not character.isdigit():
            text.append(character)
        elif not text or text[-1] != "#":
            text.append("#")
    return "".join(text)
