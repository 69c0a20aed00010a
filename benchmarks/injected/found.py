"""What a run returns: where each case came out, and what the run cost."""

from dataclasses import dataclass

METHODS = ("futvakt", "textbook rule", "amount only")


@dataclass(frozen=True)
class Found:
    """Where one case came out: its best place by each method (None: not listed), and what the core layer says of it.

    `month_debits` holds, for each of its payments, how many debits the payment's month has; `codes` the indicators
    that flag any of them, `relations` how their numbers stand to earlier ones of the same amount or number.
    """

    source: str
    seed: int
    kind: str
    month: str
    amount: str
    detail: str
    payments: int
    places: dict[str, int | None]
    month_debits: tuple[int, ...]
    codes: tuple[str, ...]
    relations: tuple[str, ...] = ()
    is_expected: bool = False
    same_amount_before: int = 0


@dataclass(frozen=True)
class RunFigures:
    """What one run cost and how long its lists were."""

    source: str
    seed: int
    debits: int
    months: int
    listed: int
    longest_list: int
    cpu_seconds: float
