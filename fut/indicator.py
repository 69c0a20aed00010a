"""Red flags: what one indicator file states, and what follows from it.

An indicator returns flagged rows only; its scope says what was eligible, what could be tested, and the kronor.
"""

import hashlib
import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, fields, replace
from datetime import date
from string import Formatter
from typing import Any, Literal

from fut.errors import ConfigError, did_you_mean
from fut.sql import literal

EvidenceClass = Literal["H", "R", "S", "C"]
RESULT_COLUMNS = {
    "subject_key": "VARCHAR",
    "service_month": "VARCHAR",
    "business_key": "VARCHAR",
    "value": "DOUBLE",
    "compared": "DOUBLE",
    "amount_at_risk_sek": "DECIMAL(14,2)",
    "payments": "STRUCT(payment_id VARCHAR, amount_at_risk_sek DECIMAL(14,2))[]",
    "evidence": "VARCHAR[]",
    "verdict": "VARCHAR",
    "explained_by": "VARCHAR",
    "missing_field": "VARCHAR",
}
_PARAMETER = re.compile(r"\$([a-z_]+)")
REQUIRED_RESULT = ("subject_key", "service_month", "value", "amount_at_risk_sek")


@dataclass(frozen=True)
class Text:
    """The same sentence in the officers' and the engineers' language."""

    sv: str
    en: str


@dataclass(frozen=True)
class Prior:
    """What share of hits is expected to be wrong payments, as Beta(hits, misses), and who says so."""

    hits: float
    misses: float
    source: str

    @property
    def mean(self) -> float:
        """Return the expected precision."""
        return self.hits / (self.hits + self.misses)


@dataclass(frozen=True)
class Param:
    """A threshold: default, unit, and why that value. The municipality's settings may override it."""

    default: float | int | str
    unit: str
    why: str


@dataclass(frozen=True)
class Measured:
    """What a flag's `value` is, in a few words, and how it is written: a number, a fraction of one, kronor, or a date.

    A date is the number 20261124. `beside` says what `compared` is, where a value is told beside another of its unit.
    """

    name: Text
    unit: Literal["number", "share", "sek", "date"] = "number"
    beside: Text | None = None


@dataclass(frozen=True)
class Scope:
    """What was eligible: rows of `table` that meet `where`; of them `testable` ones could be tested.

    `needs` names raw tables or columns (`approvals`, `ap_postings.ocr`) without which the indicator is not
    applicable, `a|b` where either will do; `day_precision` says that it needs dates exact to the day; `missing` names the
    field that would open the untestable rows; where that differs by row, `opens` is an expression that lists them. The
    expressions may use the indicator's `$parameters`.
    """

    table: str = "core_payments"
    where: str = "amount_sek > 0"
    testable: str = "TRUE"
    missing: str = ""
    opens: str = ""
    needs: tuple[str, ...] = ()
    day_precision: bool = False
    amount: str = "amount_sek"
    month: str = "booked_month"

    def used_parameters(self) -> set[str]:
        """Return the names of the `$parameters` the expressions mention."""
        return {name for f in fields(self) for name in _PARAMETER.findall(str(getattr(self, f.name)))}

    def bound(self, values: dict[str, Any]) -> "Scope":
        """Return the scope with the parameters' values in place, as SQL text."""

        def with_values(expression: str) -> str:
            return _PARAMETER.sub(lambda found: literal(values[found[1]]), expression)

        changed = {f.name: with_values(getattr(self, f.name)) for f in fields(self) if f.type in (str, "str")}
        return replace(self, **changed)

    def lacking(self, absent: set[str]) -> tuple[str, ...]:
        """Return the needed tables and columns among the absent ones; those that stand in for each other only together."""
        either = (need.split("|") for need in self.needs)
        return tuple(name for names in either if absent.issuperset(names) for name in names)


@dataclass(frozen=True)
class Indicator:
    """One red flag, whole: texts in two languages, scope, one SELECT, a drawn example with its answer.

    `sql` is one SELECT over core tables with `$parameters`. It returns at least subject_key, service_month, value
    and amount_at_risk_sek; business_key, payments, evidence, verdict, explained_by and missing_field have defaults.
    It sees only what was known when service_month closed. `flags` maps each subject the example must flag to its
    kronor, or to 'explained: <exception>'; every other row of the example must stay unflagged. `shown` maps subjects to
    what officers must get beside them, 'value (compared) | row ids': a rule about several rows must point at those rows. `limits` are the kinds of
    dated values it reads from core_limits (law, agreement, local rule): its texts have slots for them as for parameters.
    `measured` says what `value` is; None where a flag's being there says all.
    """

    code: str
    title: Text
    means: Text
    innocent: tuple[Text, ...]
    do: Text
    evidence_class: EvidenceClass
    family: str
    prior: Prior
    review_minutes: int
    sql: str
    example: str
    flags: dict[str, str]
    source: str
    authored_by: str
    checked_by: str
    review_by: date
    subject: str = "payment"
    scope: Scope = field(default_factory=Scope)
    params: dict[str, Param] = field(default_factory=dict)
    limits: tuple[str, ...] = ()
    measured: Measured | None = None
    shown: dict[str, str] = field(default_factory=dict)
    sentence: str = ""
    area: str = ""
    digest: str = ""

    def parameters(self, settings: dict[str, Any] | None = None) -> dict[str, Any]:
        """Return parameter values with the municipality's own in place; raises ConfigError for unknown ones."""
        values = {name: param.default for name, param in self.params.items()}
        for name, value in (settings or {}).items():
            if name not in values:
                raise ConfigError(f"settings, indicator {self.code}: no parameter '{name}'{did_you_mean(name, values)}")
            if isinstance(value, bool) or not isinstance(value, int | float | str):
                raise ConfigError(f"settings, indicator {self.code}: parameter '{name}' is not a number or text")
            if isinstance(value, str) != isinstance(values[name], str):
                wanted = "text" if isinstance(values[name], str) else "a number"
                raise ConfigError(f"settings, indicator {self.code}: parameter '{name}' is not {wanted}")
            values[name] = value
        return values

    def used_parameters(self) -> set[str]:
        """Return the names of the `$parameters` the SELECT mentions."""
        return set(_PARAMETER.findall(self.sql))

    def slots(self) -> set[str]:
        """Return the `{slots}` of the texts."""
        texts = [self.means.sv, self.means.en, self.do.sv, self.do.en]
        return {name for text in texts for _, name, _, _ in Formatter().parse(text) if name}

    def tables(self) -> set[str]:
        """Return the core tables the SELECT reads."""
        return set(re.findall(r"\bcore_[a-z_]+", self.sql)) | {self.scope.table}


def collect(package: str) -> dict[str, Indicator]:
    """Return every indicator found in the package's folders by code, sorted; one module, one `INDICATOR`.

    Raises ConfigError when a module has none or a code is used twice.
    """
    root = importlib.import_module(package)
    found: dict[str, Indicator] = {}
    for info in sorted(pkgutil.walk_packages(root.__path__, f"{package}."), key=lambda i: i.name):
        if info.ispkg:
            continue
        module = importlib.import_module(info.name)
        stated = getattr(module, "INDICATOR", None)
        if not isinstance(stated, Indicator):
            raise ConfigError(f"{info.name}: states no INDICATOR")
        if stated.code in found:
            raise ConfigError(f"{info.name}: code {stated.code} is used twice")
        whole = vars(stated) | {
            "sentence": inspect.getdoc(module) or "",
            "area": info.name.split(".")[-2],
            "digest": hashlib.sha256(repr(stated).encode()).hexdigest()[:12],  # with what it takes from core
        }
        found[stated.code] = Indicator(**whole)
    return dict(sorted(found.items()))


def pick(library: dict[str, Indicator], codes: Iterable[str]) -> list[Indicator]:
    """Return indicators by code; raises ConfigError with the nearest code."""
    chosen = []
    for code in codes:
        if code not in library:
            raise ConfigError(f"no indicator '{code}'{did_you_mean(code, library)}")
        chosen.append(library[code])
    return chosen
