"""Published rows with their types back, as `reporting` reads them, and one payment of a shelf as officers open it."""

import datetime as dt
from collections.abc import Callable, Iterable
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any

from fut.contract import load_contracts
from reporting.loading_payment import read_payment
from reporting.loading_payments import indicator_record
from reporting.model import Indicator, RankedPayment, Snapshot
from review.shelf.library import Row, Shelf

READ: dict[str, Callable[[str], Any]] = {
    "number": Decimal,
    "date": dt.date.fromisoformat,
    "timestamp": dt.datetime.fromisoformat,
}


class Typed:
    """A shelf whose rows have amounts, days and times as such, not as the text that SQLite keeps."""

    def __init__(self, shelf: Shelf) -> None:
        """Wrap a shelf."""
        self.shelf = shelf

    @property
    def currency(self) -> str:
        """Return the ledger's currency."""
        return self.shelf.currency

    def rows(self, name: str, column: str = "", keys: Iterable[str] | None = None) -> list[Row]:
        """Return a published table's rows, only those whose `column` is among `keys` when given."""
        found = self.shelf.rows(name, column, keys)
        for key, read in _readers(name).items():
            for row in found:
                if isinstance(row.get(key), str):
                    row[key] = read(row[key])
        return found


@cache
def _readers(table: str) -> dict[str, Callable[[str], Any]]:
    known = load_contracts("out").get(table)
    return {c.name: READ[c.logical_type] for c in known.columns if c.logical_type in READ} if known else {}


@lru_cache(maxsize=64)
def indicators(shelf: Shelf) -> dict[str, Indicator]:
    """Return the run's indicators by code, their texts filled."""
    return {code: indicator_record(row, shelf.currency) for code, row in sorted(shelf.indicators.items())}


def texts(shelf: Shelf) -> Snapshot:
    """Return as much of the run as `reporting.html.why` asks for."""
    return Snapshot(shelf.run_id, "", shelf.month, currency=shelf.currency, indicators=indicators(shelf))


@lru_cache(maxsize=256)
def payment_record(shelf: Shelf, payment_id: str, is_decided: bool) -> RankedPayment | None:
    """Return a listed payment, blind when drawn by lot and not yet decided; None when it is not on the list."""
    return read_payment(Typed(shelf), payment_id, indicators(shelf), shelf.indicators, is_decided)
