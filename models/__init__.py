"""Detector recipes, explanation, ranking and feedback; the only place for scikit-learn and PyOD.

A recipe is a file with one `Detector`; its name is the file's, and a new file is found by itself.
"""

import importlib
import inspect
import pkgutil
from functools import cache

from fut.errors import ConfigError, did_you_mean
from models.detector import Detector

DEFAULT = "isolation_forest"


@cache
def recipes() -> dict[str, type[Detector]]:
    """Return every recipe by name, sorted; nothing heavy is imported before a detector is fitted."""
    found: dict[str, type[Detector]] = {}
    for info in sorted(pkgutil.iter_modules(__path__), key=lambda i: i.name):
        module = importlib.import_module(f"{__name__}.{info.name}")
        for stated in vars(module).values():
            if (
                inspect.isclass(stated)
                and issubclass(stated, Detector)
                and stated.__module__ == module.__name__
                and not inspect.isabstract(stated)
            ):
                found[info.name] = stated
    return found


def recipe(name: str = DEFAULT) -> type[Detector]:
    """Return one recipe; raises ConfigError with the nearest name."""
    if name not in recipes():
        raise ConfigError(f"no model '{name}'{did_you_mean(name, recipes())}")
    return recipes()[name]
