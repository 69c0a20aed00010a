"""Who is dishonest, with what, from when, and how strongly month by month."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from simulation.calendar import Month
from simulation.parameters_fraud import Frauds
from simulation.streams import stream


@dataclass
class Act:
    """One typology run by one actor. `onset` is a month's index, negative when it began before the first month.

    `memory` is the typology's own (hired ghosts, chosen clients); it depends on draws only.
    """

    number: int
    typology: str
    subject: int  # provider or supplier index
    onset: int
    ramp: int
    letter: int
    stops: bool
    factor: float
    memory: dict[str, Any] = field(default_factory=dict)

    def strength(self, month: Month, adapted: float) -> float:
        """Return 0-1: zero before onset and after a letter that stops it, rising over the ramp."""
        since = month.index - self.onset
        if since < 0 or (self.stops and month.index >= self.letter):
            return 0.0
        after = adapted if month.index >= self.letter else 1.0
        return self.factor * after * min(1.0, (since + 1) / self.ramp)


def timeline(rng: np.random.Generator, frauds: Frauds, months: int, careful: bool) -> tuple[int, int, int, bool, float]:
    """Return (onset, ramp, letter, stops, factor) of one actor."""
    early = rng.random() < frauds.before_start_share
    onset = -int(rng.integers(1, 13)) if early else int(rng.integers(0, max(months * 2 // 3, 1)))
    ramp = int(rng.integers(frauds.ramp_months[0], frauds.ramp_months[1] + 1))
    letter = max(onset, 0) + int(rng.integers(frauds.letter_months[0], frauds.letter_months[1] + 1))
    stops = bool(rng.random() < frauds.stop_share)
    return onset, ramp, letter, stops, frauds.careful_factor if careful else 1.0


def provider_acts(
    frauds: Frauds, private: np.ndarray, months: int, difficulty: str, seed: int, wanted: int
) -> list[Act]:
    """Draw `wanted` dishonest providers among `private` (indices that may be chosen) and what they do."""
    rng = stream(seed, "provider actors")
    names = [name for name, _ in frauds.weights]
    weights = np.array([weight for _, weight in frauds.weights])
    acts: list[Act] = []
    for provider in rng.permutation(private)[:wanted]:
        careful = difficulty == "hard" and rng.random() < frauds.careful_share
        time = timeline(rng, frauds, months, careful)
        many = 1 + (rng.random() < frauds.combination_share) * int(rng.integers(1, 3))
        for name in rng.choice(names, many, replace=False, p=weights / weights.sum()):
            acts.append(Act(len(acts), str(name), int(provider), *time))
    return acts


def supplier_acts(frauds: Frauds, suppliers: int, months: int, difficulty: str, seed: int) -> list[Act]:
    """Draw dishonest dealings in the supplier ledger; who the supplier is, the typology decides (-1 here)."""
    rng = stream(seed, "supplier actors")
    names = [name for name, _ in frauds.supplier_weights]
    weights = np.array([weight for _, weight in frauds.supplier_weights])
    acts = []
    for number in range(max(1, round(frauds.supplier_share * suppliers))):
        careful = difficulty == "hard" and rng.random() < frauds.careful_share
        onset, ramp, letter, stops, factor = timeline(rng, frauds, months, careful)
        name = str(rng.choice(names, p=weights / weights.sum()))
        acts.append(Act(1000 + number, name, -1, max(onset, 0), ramp, letter, stops, factor))
    return acts
