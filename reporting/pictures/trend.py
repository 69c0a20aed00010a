"""Trend: a monthly rate in its interval, with a target line; months without data are gaps."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from fut.period import months_between
from reporting.format import month, number, share
from reporting.pictures.base import WIDE, Board, rounded, scale, text_width, ticks

Show = Callable[[float], str]
NORMAL_95 = 1.959963984540054


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """One month (YYYY-MM): a rate, the ends of its interval, and of how many cases it is the rate."""

    month: str
    value: float | None
    lower: float | None = None
    upper: float | None = None
    cases: int | None = None


def wilson(hits: float, cases: float, z: float = NORMAL_95) -> tuple[float, float]:
    """Return the Wilson score interval of a share (J. Am. Stat. Assoc. 22, 1927); none or all never give no width.

    Raises ValueError when there are no cases, or more hits than cases.
    """
    if not 0 <= hits <= cases or cases == 0:
        raise ValueError(f"{hits} hits of {cases} cases is no share")
    part, weight = hits / cases, z * z / cases
    middle = (part + weight / 2) / (1 + weight)
    reach = z / (1 + weight) * math.sqrt(part * (1 - part) / cases + weight / (4 * cases))
    return 0.0 if hits == 0 else min(middle - reach, part), 1.0 if hits == cases else max(middle + reach, part)


def wilson_point(label: str, hits: int, cases: int) -> TrendPoint:
    """Return a month's share of hits with its 95 % Wilson interval; without cases a gap."""
    if cases == 0:
        return TrendPoint(label, None, cases=0)
    return TrendPoint(label, hits / cases, *wilson(hits, cases), cases)


def interval_trend(
    points: Sequence[TrendPoint],
    title: str,
    subtitle: str = "",
    show: Show = share,
    target: float | None = None,
    target_label: str = "Mål",
    width: int = WIDE,
    ident: str = "trend",
) -> str:
    """Draw the months in order, one that is not among the points as a gap; a month stands once.

    A stretch of one month between gaps is a dot with its interval as a bar.
    """
    known = {point.month: point for point in points}
    months = months_between(min(known), max(known)) if known else []
    rows = [known.get(name, TrendPoint(name, None)) for name in months]
    board = Board(ident, title, _told(rows, show, target, target_label), width, subtitle)
    seen = [p for p in rows if p.value is not None]
    if not seen:
        board.text(0, board.y + 14, "Inga månader att visa.")
        board.y += 20
        return board.svg()
    _legend(board, any(p.lower is not None for p in seen), show, target, target_label)
    ends = [v for p in seen for v in (p.value, p.lower, p.upper) if v is not None]
    ends += [target] if target is not None else []
    axis = ticks(min([*ends, 0.0]), max(ends), 4)
    is_whole = show is share and all(math.isclose(v * 100, round(v * 100), abs_tol=1e-9) for v in axis)
    brief = partial(share, decimals=0) if is_whole else show
    left = max(text_width(brief(v), 12) for v in axis) + 8
    top, height, right = board.y + 4, 170 if width < 480 else 210, width - 16
    x = scale(0, len(rows) - 1, left + 14, right) if len(rows) > 1 else lambda _: (left + right) / 2
    y = scale(axis[0], axis[-1], top + height, top)
    for value in axis:
        board.line([(left, y(value)), (width, y(value))], "px" if value == axis[0] else "pg")
        board.text(left - 6, y(value) + 4, brief(value), "pa pv", "end")
    for stretch in _stretches(rows):
        _stretch(board, [(x(i), p) for i, p in stretch], y)
    if target is not None:
        board.line([(left, y(target)), (width, y(target))], "pcap")
    board.step_labels([x(i) for i in range(len(rows))], [month(name) for name in months], top + height + 18)
    board.y = top + height + 24
    return board.svg()


def _told(rows: Sequence[TrendPoint], show: Show, target: float | None, target_label: str) -> str:
    said = [_sentence(point, show) for point in rows]
    if target is not None:
        said.append(f"{target_label}: {show(target)}")
    return f"{'; '.join(said) or 'Inga månader'}."


def _sentence(point: TrendPoint, show: Show) -> str:
    if point.value is None:
        return f"{month(point.month)}: uppgift saknas"
    said = f"{month(point.month)}: {show(point.value)}"
    if point.lower is not None and point.upper is not None:
        said += f", intervall {show(point.lower)} till {show(point.upper)}"
    return said if point.cases is None else f"{said}, av {number(point.cases)}"


def _legend(board: Board, has_band: bool, show: Show, target: float | None, target_label: str) -> None:
    def rate(x: float, y: float) -> None:
        board.line([(x, y + 6), (x + 26, y + 6)], "l1")
        board.add("circle", "p1", cx=x + 13, cy=y + 6, r=4)

    entries: list[tuple[Callable[[float, float], object], str]] = [(rate, "Månadens värde")]
    if has_band:
        entries.append((lambda x, y: board.bar(x, y, 26, 12, "pband"), "95-procentigt intervall"))
    if target is not None:
        entries.append(
            (lambda x, y: board.line([(x, y + 6), (x + 26, y + 6)], "pcap"), f"{target_label} {show(target)}")
        )
    board.legend(entries)


def _stretches(rows: Sequence[TrendPoint]) -> list[list[tuple[int, TrendPoint]]]:
    """Return the months with a value, parted where one has none."""
    found: list[list[tuple[int, TrendPoint]]] = [[]]
    for i, point in enumerate(rows):
        if point.value is not None:
            found[-1].append((i, point))
        elif found[-1]:
            found.append([])
    return [stretch for stretch in found if stretch]


def _stretch(board: Board, stretch: Sequence[tuple[float, TrendPoint]], y: Callable[[float], float]) -> None:
    band = [(x, p.lower, p.upper) for x, p in stretch if p.lower is not None and p.upper is not None]
    if len(band) == 1:
        x, low, high = band[0]
        board.bar(x - 5, y(high), 10, max(y(low) - y(high), 1), "pband")
    elif band:
        edge = [(x, y(high)) for x, _, high in band] + [(x, y(low)) for x, low, _ in reversed(band)]
        board.add("polygon", "pband", points=" ".join(f"{rounded(a)},{rounded(b)}" for a, b in edge))
    places = [(x, y(p.value)) for x, p in stretch if p.value is not None]
    if len(places) > 1:
        board.line(places, "l1")
    for a, b in places:
        board.add("circle", "pdot", cx=a, cy=b, r=4.5)
