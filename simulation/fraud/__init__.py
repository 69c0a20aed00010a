"""Fraud typologies, one file each, found by walking this package.

A file states `typology` (T01 ...) and one or more hooks:
`inflate(world, act, rng) -> list[Inflation]` before needs exist; `visits(world, month, visits, act, strength, rng)`
after honest registration; `suppliers(ledger, act, rng)` before the first month; `invoices(ledger, month, act,
strength, rng)` every month. Hooks change what they are given and label it with the typology's cause number.
"""

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType


@cache
def typologies() -> Mapping[str, ModuleType]:
    """Return the typology modules by their id."""
    modules = [import_module(f"{__name__}.{found.name}") for found in iter_modules(__path__)]
    return {module.typology: module for module in modules if hasattr(module, "typology")}
