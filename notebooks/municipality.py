"""What the notebooks share: a simulated municipality, its settings, and pictures shown in the page."""

import os
import tempfile
from pathlib import Path

from fut.settings import Capacity, Municipality, Settings, Source
from reporting.svg import standalone
from simulation import simulate


class Picture:
    """One of the project's own pictures, shown inline."""

    def __init__(self, svg: str) -> None:
        self._svg = standalone(svg)

    def _repr_svg_(self) -> str:
        return self._svg


def municipality(preset: str = "small", seed: int = 1, months: int | None = None) -> Settings:
    """Simulate a municipality into a folder of its own and return its settings.

    FUTVAKT_NOTEBOOK_PRESET chooses another preset: the tests run the notebooks on the smallest.
    """
    preset = os.environ.get("FUTVAKT_NOTEBOOK_PRESET", preset)
    folder = Path(tempfile.mkdtemp(prefix="futvakt-notebook-"))
    simulate(folder, preset, "hard", seed, months)
    return Settings(
        Municipality("simulated", "Simulerad kommun"), (Source("municipality", "canonical", "*.parquet"),),
        folder / "inbox", folder / "var", is_demo=True, seed=seed, capacity=Capacity(hours_per_month=40),
    )  # fmt: skip
