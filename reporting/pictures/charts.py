"""Plain bars and lines for benchmarks and documents, in the same dress as the officers' pictures."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from reporting.format import number
from reporting.pictures.base import WIDE, Board, fitted, scale, text_width, ticks

Show = Callable[[float], str]
Values = Sequence[float | None]
MOST_SERIES = 4


def _checked(labels: Sequence[object], series: Mapping[str, Values]) -> None:
    if len(series) > MOST_SERIES:
        raise ValueError(f"{len(series)} series: more than {MOST_SERIES} cannot be told apart")
    for name, values in series.items():
        if len(values) != len(labels):
            raise ValueError(f"series '{name}' has {len(values)} values for {len(labels)} labels")


def _told(labels: Sequence[object], series: Mapping[str, Values], show: Show) -> str:
    return "; ".join(
        f"{name}: " + ", ".join(f"{label} {show(v)}" for label, v in zip(labels, values, strict=True) if v is not None)
        for name, values in series.items()
    )


def _legend(board: Board, names: Sequence[str], is_line: bool) -> None:
    def line(series: int, x: float, y: float) -> None:
        board.line([(x, y + 6), (x + 26, y + 6)], f"l{series}")
        _marker(board, series, x + 13, y + 6)

    def bar(series: int, x: float, y: float) -> None:
        board.bar(x, y, 26, 12, f"p{series}")

    board.legend([(partial(line if is_line else bar, i), name) for i, name in enumerate(names, 1)])


def _marker(board: Board, series: int, x: float, y: float) -> None:
    if series == 1:
        board.add("circle", "p1", cx=x, cy=y, r=4)
    elif series == 2:
        board.add("rect", "p2", x=x - 4, y=y - 4, width=8, height=8)
    else:
        half = 5 if series == 3 else -5
        points = f"{x:.1f},{y - half:.1f} {x + 5:.1f},{y + half:.1f} {x - 5:.1f},{y + half:.1f}"
        board.add("polygon", f"p{series}", points=points)


def bars(
    labels: Sequence[str],
    series: Mapping[str, Values],
    title: str,
    subtitle: str = "",
    show: Show = number,
    width: int = WIDE,
    ident: str = "bars",
) -> str:
    """Draw grouped horizontal bars of values >= 0 (None leaves a gap), each with its value written after it.

    Raises ValueError for more than four series, unequal lengths or a negative value.
    """
    _checked(labels, series)
    known = [v for values in series.values() for v in values if v is not None]
    if any(v < 0 for v in known):
        raise ValueError("bars are for values >= 0; draw negative ones with lines()")
    board = Board(ident, title, f"{_told(labels, series, show)}.", width, subtitle)
    if len(series) > 1:
        _legend(board, list(series), is_line=False)
    room = width - max((text_width(show(v), 12) for v in known), default=0) - 10
    largest = max(known, default=0) or 1
    for i, label in enumerate(labels):
        board.text(0, board.y + 13, fitted(label, width))
        board.y += 20
        for n, values in enumerate(series.values(), 1):
            value = values[i]
            if value is None:
                board.text(0, board.y + 11, "–", "ps")
            else:
                long = value / largest * room
                board.bar(0, board.y, long, 14, f"p{n}")
                board.text(long + 6, board.y + 11, show(value), "ps pv")
            board.y += 18
        board.y += 8
    return board.svg(0)


def lines(
    labels: Sequence[str | float],
    series: Mapping[str, Values],
    title: str,
    subtitle: str = "",
    show: Show = number,
    width: int = WIDE,
    ident: str = "lines",
    x_label: str = "",
    zero: bool = True,
) -> str:
    """Draw one line per series over `labels`: even steps for text, true distances for numbers.

    None leaves a gap; `zero` starts the value axis at nought. Raises ValueError as `bars` does.
    """
    _checked(labels, series)
    board = Board(ident, title, f"{_told(labels, series, show)}.", width, subtitle)
    _legend(board, list(series), is_line=True)
    known = [v for values in series.values() for v in values if v is not None]
    axis = ticks(min([*known, 0] if zero or not known else known), max([*known, 0] if zero or not known else known))
    left = max(text_width(show(v), 12) for v in axis) + 8
    right, top, height = width - 14, board.y + 4, 180 if width < 480 else 220
    is_number = bool(labels) and all(isinstance(label, int | float) for label in labels)
    at = [float(label) for label in labels] if is_number else [float(i) for i in range(len(labels))]
    x = scale(min(at, default=0), max(at, default=1), left + 6, right)
    y = scale(axis[0], axis[-1], top + height, top)
    for value in axis:
        board.line([(left, y(value)), (right, y(value))], "px" if value == axis[0] else "pg")
        board.text(left - 6, y(value) + 4, show(value), "pa pv", "end")
    shown = [number(label, None) if isinstance(label, int | float) else label for label in labels]
    board.x_labels([x(v) for v in at], shown, top + height + 17)
    for n, values in enumerate(series.values(), 1):
        stretch: list[tuple[float, float]] = []
        for place, value in zip([*at, 0.0], [*values, None], strict=True):
            if value is not None:
                stretch.append((x(place), y(value)))
                continue
            if len(stretch) > 1:
                board.line(stretch, f"l{n}")
            for point in stretch:
                _marker(board, n, *point)
            stretch = []
    board.y = top + height + 22
    if x_label:
        board.text(right, board.y + 12, x_label, "pa", "end")
        board.y += 16
    return board.svg()
