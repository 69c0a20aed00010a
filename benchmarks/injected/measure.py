"""Recall at the top of each case's month, with bootstrap intervals, beside chance and two plain rules."""

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import prod

from benchmarks.injected.found import METHODS, Found

CUTS = (50, 100, 200)
RESAMPLES = 2000
USUAL = 2


@dataclass(frozen=True)
class Recall:
    """Share of the cases in the first k of their month's list, and its 95 % interval from resampled cases."""

    share: float
    low: float
    high: float


def chance(found: Found, cut: int) -> float:
    """Return the probability that a random list of `cut` of the month's debits holds at least one of the case's."""
    months = sorted(found.month_debits)
    return 1 - prod(max(0.0, 1 - cut / debits) for debits in months)


def in_list(found: Found, method: str, cut: int) -> float:
    """Return 1 when the method has the case among the first `cut`, else 0; for 'random' the probability of it."""
    if method == "random":
        return chance(found, cut)
    place = found.places[method]
    return float(place is not None and place <= cut)


def recall(hits: Sequence[float], seed: int = 1) -> Recall:
    """Return the mean of the hits with a percentile bootstrap interval; raises ValueError without cases."""
    if not hits:
        raise ValueError("recall needs at least one case")
    rng = random.Random(seed)  # noqa: S311
    means = sorted(sum(rng.choices(hits, k=len(hits))) / len(hits) for _ in range(RESAMPLES))
    low, high = means[int(0.025 * RESAMPLES)], means[int(0.975 * RESAMPLES) - 1]
    return Recall(round(sum(hits) / len(hits), 4), round(low, 4), round(high, 4))


def table(found: Sequence[Found], group: Callable[[Found], str]) -> dict[str, dict[str, dict[int, Recall]]]:
    """Return recall by group, method and cut; groups in the order they are met."""
    groups: dict[str, list[Found]] = {}
    for case in found:
        groups.setdefault(group(case), []).append(case)
    return {
        name: {
            method: {cut: recall([in_list(case, method, cut) for case in cases]) for cut in CUTS}
            for method in (*METHODS, "random")
        }
        for name, cases in groups.items()
    }


def money_found(found: Iterable[Found], method: str, cut: int) -> float:
    """Return the share of the wrongly paid money whose cases the method has among the first `cut`."""
    weights = [(float(case.amount), in_list(case, method, cut)) for case in found]
    total = sum(weight for weight, _ in weights)
    return round(sum(weight * hit for weight, hit in weights) / total, 4) if total else 0.0


def missed(found: Iterable[Found], cut: int) -> list[tuple[str, str, int]]:
    """Return kind, why, and how many, for cases the list does not have among its first `cut`."""
    counted: dict[tuple[str, str], int] = {}
    for case in found:
        if not in_list(case, "futvakt", cut):
            key = case.kind, why_missed(case, cut)
            counted[key] = counted.get(key, 0) + 1
    return [(kind, why, n) for (kind, why), n in sorted(counted.items(), key=lambda item: (item[0][0], -item[1]))]


def why_missed(case: Found, cut: int) -> str:
    """Tell in one phrase why a case is not in the list, from what the core layer says of its payments."""
    if case.places["futvakt"] is not None:
        return f"listed below {cut}"
    if case.codes:
        return f"flagged by {', '.join(case.codes)}, which does not list alone"
    made = case.detail.split(";")[0].split(", ")
    if not case.kind.startswith("twice"):
        return made[0]
    why = next((words for relation, words in _RELATIONS.items() if relation in case.relations), "no pair is formed")
    if case.is_expected:
        why += ", the payment fits a rhythm"
    elif case.same_amount_before > USUAL:
        why += ", the amount is a usual one"
    return f"{made[-1]}: {why}"


_RELATIONS = {
    "equal": "numbers equal",
    "cleaned": "numbers equal but for spelling",
    "edit": "numbers one sign apart",
    "sequence": "numbers follow each other as in a series",
    "missing": "no number to compare",
    "different": "numbers too different",
}
