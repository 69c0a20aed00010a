"""Classes of a choropleth: natural breaks, so that areas alike share a colour and the legend states real values."""

from collections.abc import Callable, Sequence
from itertools import pairwise

MOST = 5


def natural_classes(
    values: Sequence[float], show: Callable[[float], str], most: int = MOST
) -> list[tuple[float, float]]:
    """Return at most `most` classes as (smallest, largest) of the values, low to high.

    The breaks make the squared deviations from the classes' means smallest (Fisher, J. Am. Stat. Assoc. 53, 1958,
    solved exactly). Values that are shown alike are never parted.
    """
    groups: list[list[float]] = []
    for value in sorted(values):
        if groups and show(groups[-1][0]) == show(value):
            groups[-1].append(value)
        else:
            groups.append([value])
    count = len(groups)
    if count <= most:
        return [(group[0], group[-1]) for group in groups]
    number, total, squares = [0.0], [0.0], [0.0]
    for group in groups:
        number.append(number[-1] + len(group))
        total.append(total[-1] + sum(group))
        squares.append(squares[-1] + sum(v * v for v in group))

    def spread(first: int, after: int) -> float:
        many = number[after] - number[first]
        return squares[after] - squares[first] - (total[after] - total[first]) ** 2 / many

    best = [spread(0, after) if after else 0.0 for after in range(count + 1)]
    cuts: list[list[int]] = []
    for used in range(2, most + 1):
        chosen, costs = [0] * (count + 1), [0.0] * (count + 1)
        for after in range(used, count + 1):
            costs[after], chosen[after] = min((best[cut] + spread(cut, after), cut) for cut in range(used - 1, after))
        best = costs
        cuts.append(chosen)
    edges = [count]
    for chosen in reversed(cuts):
        edges.append(chosen[edges[-1]])
    edges.append(0)
    edges.reverse()
    return [(groups[a][0], groups[b - 1][-1]) for a, b in pairwise(edges)]


def fixed_classes(values: Sequence[float], limits: Sequence[float]) -> list[tuple[float, float]]:
    """Return classes between given limits (upper ends, rising, the last class open), for maps to be compared.

    Raises ValueError when there are more than four limits or they do not rise.
    """
    if len(limits) > MOST - 1 or list(limits) != sorted(set(limits)):
        raise ValueError(f"limits must be at most {MOST - 1} rising values")
    low = min([*values, *limits, 0.0])
    high = max([*values, *limits])
    return list(zip([low, *limits], [*limits, high], strict=True))


def class_of(value: float, classes: Sequence[tuple[float, float]]) -> int:
    """Return the number of the class, from 1, that holds the value."""
    return next((n for n, (_, high) in enumerate(classes, 1) if value <= high), len(classes))
