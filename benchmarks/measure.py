"""Time the stages of one process: CPU seconds of all its threads, wall seconds, and each stage's own memory peak."""

import resource
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_SELF = Path("/proc/self")


@dataclass
class Stage:
    """One stage: CPU seconds (user and system), wall seconds, and peak resident memory in MB while it ran."""

    name: str
    cpu_seconds: float = 0.0
    wall_seconds: float = 0.0
    peak_mb: float = 0.0
    is_apart: bool = False


@dataclass
class Stages:
    """The stages of a run in order; what a stage within a stage uses is taken off the outer one.

    A stage entered again adds to its figures. Memory peaks are reset at each stage where Linux allows it; elsewhere
    they are the process's highest so far.
    """

    found: dict[str, Stage] = field(default_factory=dict)
    _inner: list[list[float]] = field(default_factory=lambda: [[0.0, 0.0]])

    @contextmanager
    def stage(self, name: str, is_apart: bool = False) -> Generator[None]:
        """Measure what is done inside; `is_apart` marks what no total counts, such as imports."""
        stage = self.found.setdefault(name, Stage(name, is_apart=is_apart))
        outer = len(self._inner) == 1
        if outer:
            _reset_peak()
        self._inner.append([0.0, 0.0])
        cpu, wall = cpu_seconds(), time.perf_counter()
        try:
            yield
        finally:
            spent = cpu_seconds() - cpu, time.perf_counter() - wall
            inner = self._inner.pop()
            stage.cpu_seconds += spent[0] - inner[0]
            stage.wall_seconds += spent[1] - inner[1]
            stage.peak_mb = max(stage.peak_mb, peak_mb())
            self._inner[-1][0] += spent[0]
            self._inner[-1][1] += spent[1]

    def rows(self) -> list[dict[str, str | float | bool]]:
        """Return the stages as plain records."""
        return [dict(vars(stage)) for stage in self.found.values()]


def cpu_seconds() -> float:
    """Return user and system seconds of the process, its threads included."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def peak_mb() -> float:
    """Return the highest resident memory in MB since it was last reset, or of the process where that is unknown."""
    try:
        for line in (_SELF / "status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    except OSError:
        pass
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _reset_peak() -> None:
    try:
        (_SELF / "clear_refs").write_text("5")
    except OSError:
        return


def forest_measured(stages: Stages, recipe: Any, is_apart: bool = False) -> Any:
    """Return a `recipe` of detectors whose fitting and scoring are the stage `forest`."""

    def measured(*names: str) -> Any:
        class Measured(recipe(*names)):
            def _fit(self, x: Any) -> None:
                with stages.stage("forest", is_apart):
                    super()._fit(x)

            def _score(self, x: Any) -> Any:
                with stages.stage("forest", is_apart):
                    return super()._score(x)

        return Measured

    return measured
