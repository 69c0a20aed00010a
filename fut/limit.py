"""One dated value of law, agreement or local rule, as settings and the country's own file state it."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from fut.errors import ConfigError

LimitKind = Literal[
    "direct_award", "approval", "documentation", "reminder_fee", "collection_fee", "hourly_wage", "daily_rest", "full_time",
    "tax_deduction",
]  # fmt: skip
UNITS = {"daily_rest": "hours", "full_time": "hours", "tax_deduction": "share"}
"""The column a kind is stated in; the others are in `amount_sek`."""


@dataclass(frozen=True)
class Limit:
    """A dated value of law, agreement or local rule, in the ledger's currency, in hours or as a share as its kind has it.

    It holds from `valid_from` until `valid_to`, or until the next of its kind and role begins.
    """

    kind: LimitKind
    valid_from: date
    valid_to: date | None = None
    role: str = ""
    amount_sek: float | None = None
    hours: float | None = None
    share: float | None = None
    source: str = ""
    is_verified: bool = True


def require_limits(limits: tuple[Limit, ...], where: str) -> None:
    """Raise ConfigError for a limit of another unit than its kind's, of nothing, or stated twice for a day."""
    seen = set()
    for i, limit in enumerate(limits):
        said = f"{where}.limits[{i}]"
        unit = UNITS.get(limit.kind, "amount_sek")
        if [name for name in ("amount_sek", "hours", "share") if getattr(limit, name) is not None] != [unit]:
            raise ConfigError(f"{said}: '{limit.kind}' is stated as {unit}, and as that alone")
        if getattr(limit, unit) <= 0:
            expected = {"hours": "hours", "share": "a share"}.get(unit, "an amount")
            raise ConfigError(f"{said}.{unit}: expected {expected} above 0")
        if limit.kind == "daily_rest" and getattr(limit, unit) > 24:
            raise ConfigError(f"{said}.hours: a day has 24 hours")
        if unit == "share" and getattr(limit, unit) > 1:
            raise ConfigError(f"{said}.share: expected a share of at most 1, as 0.3")
        if limit.valid_to and limit.valid_to < limit.valid_from:
            raise ConfigError(f"{said}.valid_to: is before valid_from")
        if (key := (limit.kind, limit.role, limit.valid_from)) in seen:
            raise ConfigError(f"{said}: '{limit.kind}' is stated twice from {limit.valid_from}")
        seen.add(key)
