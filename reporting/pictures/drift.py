"""Drift: small multiples of each table's rows and kronor per month between their fences."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from reporting.format import kr, kr_short, month, number
from reporting.pictures.base import WIDE, Board, fitted, rounded, scale, text_width, ticks, wrapped


@dataclass(frozen=True, slots=True)
class DriftSeries:
    """One measure of one table: months in order, values, fences, and which months left them."""

    name: str
    measure: str
    is_money: bool
    months: tuple[str, ...]
    values: tuple[float | None, ...]
    lower: tuple[float | None, ...]
    upper: tuple[float | None, ...]
    is_outside: tuple[bool, ...]


def drift_panels(series: Sequence[DriftSeries], currency: str = "SEK", width: int = WIDE, ident: str = "drift") -> str:
    """Draw one small panel per series: a line, the fences as a band, months outside as rings."""
    outside = [f"{s.name}, {s.measure}" for s in series if any(s.is_outside)]
    said = "; ".join(_sentence(s, currency) for s in series)
    title = "Det som levererats månad för månad"
    board = Board(ident, title, f"{said or 'Inga månader'}.", width, "Grönt band: det väntade. Ring: utanför")
    columns = 1 if width < 480 else 2
    gap, high = 28, 146
    wide = (width - gap * (columns - 1)) / columns
    top = board.y
    for i, one in enumerate(series):
        _panel(board, one, (i % columns * (wide + gap), top + i // columns * (high + 22), wide, high), currency)
    board.y = top + -(-len(series) // columns) * (high + 22)
    if not series:
        board.text(0, board.y + 10, "Inga månader att jämföra.")
        board.y += 16
    elif outside:
        for line in wrapped(f"Utanför gränserna någon månad: {'; '.join(outside)}", width, 15):
            board.text(0, board.y, line, "pwarn")
            board.y += 18
    return board.svg(4)


def _shown(series: DriftSeries, currency: str, short: bool) -> Callable[[float | None], str]:
    def money(value: float | None) -> str:
        if value is None:
            return number(None)
        return kr_short(value, currency) if short else kr(round(value), currency)

    return money if series.is_money else number


def _sentence(series: DriftSeries, currency: str) -> str:
    show = _shown(series, currency, short=False)
    last = next((v for v in reversed(series.values) if v is not None), None)
    gone = [month(m) for m, is_out in zip(series.months, series.is_outside, strict=True) if is_out]
    told = f"utanför gränserna {', '.join(gone)}" if gone else "inom gränserna"
    return f"{series.name}, {series.measure}: {show(last)} i {month(series.months[-1])}, {told}"


def _panel(board: Board, s: DriftSeries, box: tuple[float, float, float, float], currency: str) -> None:
    left, top, width, height = box
    show = _shown(s, currency, short=True)
    last = next((v for v in reversed(s.values) if v is not None), None)
    board.text(left, top + 13, fitted(s.name, width, 15), "pb")
    board.text(left, top + 30, f"{s.measure.capitalize()}: {show(last)} i {month(s.months[-1])}", "ps pv")
    seen = [v for v in (*s.values, *s.lower, *s.upper) if v is not None]
    axis = ticks(min([*seen, 0]), max([*seen, 1]), 2)
    inner = left + max(text_width(show(v), 12) for v in axis) + 6
    x = scale(0, max(len(s.months) - 1, 1), inner + 4, left + width - 8)
    y = scale(axis[0], axis[-1], top + height - 20, top + 44)
    for tick in axis:
        board.line([(inner, y(tick)), (left + width, y(tick))], "pg" if tick else "px")
        board.text(inner - 5, y(tick) + 4, show(tick), "pa pv", "end")
    fences = enumerate(zip(s.lower, s.upper, strict=True))
    fenced = [(i, low, up) for i, (low, up) in fences if low is not None and up is not None]
    if fenced:
        edge = [(x(i), y(up)) for i, _, up in fenced] + [(x(i), y(low)) for i, low, _ in reversed(fenced)]
        if len(fenced) == 1:
            edge = [(a + d, b) for (a, b), d in zip([*edge, *edge[::-1]], (-4, -4, 4, 4), strict=True)]
        board.add("polygon", "pband", points=" ".join(f"{rounded(a)},{rounded(b)}" for a, b in edge))
    board.line([(x(i), y(v)) for i, v in enumerate(s.values) if v is not None] or [(x(0), y(0))] * 2, "l1")
    for i, v in enumerate(s.values):
        if v is not None and s.is_outside[i]:
            board.add("circle", "pring", cx=x(i), cy=y(v), r=5)
    board.text(inner, top + height - 4, month(s.months[0]), "pa")
    if len(s.months) > 1:
        board.text(left + width, top + height - 4, month(s.months[-1]), "pa", "end")
