"""One seed's draw: the lottery, and what it has used up of vouchers, supplier ids and victims."""

import random
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from benchmarks.injected.facts import Facts, series
from benchmarks.injected.ledger import Bill, LedgerFile, raised

LONGEST_NUMBER = 15
DRAWS = 400


@dataclass(frozen=True)
class Row:
    """One row to be appended to a file."""

    file: LedgerFile
    cells: tuple[str, ...]
    voucher: str
    month: str


@dataclass(frozen=True)
class Case:
    """One injected error: its rows, what was wrong, and the money that should not have been paid."""

    kind: str
    source: str
    seed: int
    month: str
    rows: tuple[Row, ...]
    amount: Decimal
    detail: str

    @property
    def vouchers(self) -> tuple[str, ...]:
        """Return the vouchers of the wrong payments, none of which the ledger had before."""
        return tuple(row.voucher for row in self.rows)


@dataclass
class World:
    """Facts and a lottery; what is drawn once is not drawn again."""

    facts: Facts
    rng: random.Random
    vouchers: set[str] = field(default_factory=set)
    refs: set[str] = field(default_factory=set)
    victims: set[int] = field(default_factory=set)

    def pay_day(self, month: str) -> date | None:
        """Return one of the month's booking days, busy days more often; None when it has none."""
        bills = self.facts.by_month.get(month)
        return self.rng.choice(bills).day if bills else None

    def victim(
        self, pool: list[Bill], day: date, gap: tuple[int, int], fits: Callable[[Bill], bool] = lambda bill: True
    ) -> Bill | None:
        """Return an unused bill of a pool sorted by day that was paid `gap` days before the day; None without one."""
        low = bisect_left(pool, day - timedelta(days=gap[1]), key=lambda b: b.day)
        high = bisect_left(pool, day - timedelta(days=gap[0] - 1), key=lambda b: b.day)
        for _ in range(DRAWS if high > low else 0):
            bill = pool[self.rng.randrange(low, high)]
            if id(bill) not in self.victims and fits(bill):
                self.victims.add(id(bill))
                return bill
        return None

    def new_voucher(self, like: str, month: str) -> str:
        """Return an unused voucher cell in the series of `like`, near the month's own numbers."""
        cell = self.rng.choice(self.facts.vouchers[month].get(series(like)) or [like])
        while True:
            cell = raised(cell, self.rng.randint(1, 9))
            voucher = self.facts.ledger.voucher_of(cell)
            if voucher not in self.facts.used_vouchers and voucher not in self.vouchers:
                self.vouchers.add(voucher)
                return cell

    def new_ref(self, month: str) -> str:
        """Return an unused supplier id near those that the month's payees have."""
        ref = self.rng.choice([b.supplier_ref for b in self.facts.by_month[month] if b.is_named])
        while ref in self.facts.used_refs or ref in self.refs:
            ref = raised(ref, self.rng.randint(1, 40))
        self.refs.add(ref)
        return ref

    def row(self, bill: Bill, day: date, changes: dict[str, str], like: str | None = None) -> Row:
        """Return `bill` written again on another day with a new voucher and the changes given by column."""
        template = self.rng.choice(self.facts.by_day[day])
        file, key = template.file, self.facts.ledger.voucher_key
        cell = self.new_voucher(like or bill.cell(key), template.month)
        said = bill.values() | {"booking_date": day.strftime(file.date_format), key: cell} | changes
        return Row(file, file.compose(template.cells, said), self.facts.ledger.voucher_of(cell), template.month)


def money(amount: Decimal) -> str:
    """Write an amount as the ledgers do."""
    return f"{amount:.2f}"


def spread(months: Sequence[str], count: int, rng: random.Random) -> Iterable[str]:
    """Return `count` months, each as often as the others but for one."""
    turns = [month for _ in range(count // len(months) + 1) for month in rng.sample(list(months), len(months))]
    return turns[:count]
