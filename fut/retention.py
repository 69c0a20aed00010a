"""How long each kind of material is kept (*gallring*): dated rules, the municipality's own before the defaults."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal

from fut.errors import ConfigError
from fut.period import add_months, month_of
from fut.strict import build, load_yaml

Kind = Literal["published", "inbox", "warehouse"]
DEFAULTS = Path(__file__).with_name("retention.yaml")


@dataclass(frozen=True)
class Rule:
    """How many months a kind of material is kept, counted from the end of its month or of its calendar year.

    It holds for material of the months from `valid_from` on, until the next rule of the kind. `ground` is what it
    rests on, in Swedish; `is_verified` is false for a proposal that no plan has decided.
    """

    kind: Kind
    keep_months: int
    valid_from: date
    ground: str
    counted_from: Literal["month", "calendar_year"] = "month"
    is_verified: bool = True

    def is_due(self, month: str, today: date) -> bool:
        """Return whether material of a month has been kept for as long as it should be when `today` begins."""
        last = month if self.counted_from == "month" else f"{month[:4]}-12"
        return add_months(last, self.keep_months + 1) <= month_of(today)


@dataclass(frozen=True)
class Retention:
    """The municipality's own rules, and whether the scheduled job erases (`applies`) or only reports what is due."""

    applies: bool = False
    rules: tuple[Rule, ...] = ()

    def rule(self, kind: Kind, month: str) -> Rule:
        """Return the rule that holds for a kind of material of a month; before the first of all, that first one."""
        held = [rule for rule in self.rules if rule.kind == kind and month_of(rule.valid_from) <= month]
        usual = sorted((rule for rule in defaults() if rule.kind == kind), key=lambda rule: rule.valid_from)
        held = held or [rule for rule in usual if month_of(rule.valid_from) <= month] or usual[:1]
        return max(held, key=lambda rule: rule.valid_from)


@dataclass(frozen=True)
class _File:
    rules: tuple[Rule, ...]


@cache
def defaults() -> tuple[Rule, ...]:
    """Return the rules that hold where a municipality has none of its own."""
    return build(_File, load_yaml(DEFAULTS), DEFAULTS.name).rules


def require_sense(retention: Retention, where: str) -> None:
    """Raise ConfigError for a rule that would erase at once, rests on nothing, or stands twice."""
    seen = set()
    for i, rule in enumerate(retention.rules):
        said = f"{where}.retention.rules[{i}]"
        if rule.keep_months < 1:
            raise ConfigError(f"{said}.keep_months: expected at least 1 month")
        if not rule.ground.strip():
            raise ConfigError(f"{said}.ground: name what the rule rests on, such as the plan's registry number")
        if (rule.kind, rule.valid_from) in seen:
            raise ConfigError(f"{said}: '{rule.kind}' has another rule from the same day")
        seen.add((rule.kind, rule.valid_from))
