"""Provider: a payee's kronor, flags and outcomes month by month, with marks for months listed and decided."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from fut.period import months_between
from reporting.format import kr, kr_short, month, number, plural
from reporting.pictures.base import WIDE, Board, rounded, scale, text_width, ticks

Show = Callable[[float], str]


@dataclass(frozen=True, slots=True)
class ProviderMonth:
    """One month (YYYY-MM) of a payee: kronor paid (signed), flags, outcomes and how many of them were errors.

    `is_listed`: a payment of the month stood on the list; `is_decided`: an officer decided one. None is not known.
    """

    month: str
    amount_sek: Decimal | None
    flags: int | None = None
    outcomes: int | None = None
    errors: int | None = None
    is_listed: bool = False
    is_decided: bool = False


def provider_months(
    months: Sequence[ProviderMonth],
    title: str = "Månad för månad",
    currency: str = "SEK",
    width: int = WIDE,
    ident: str = "manader",
) -> str:
    """Draw three panels over the same months: kronor, flags, outcomes (errors filled, others hatched).

    A month stands once; one between the first and the last that is not given has no bar and says so.
    """
    known = {one.month: one for one in months}
    names = months_between(min(known), max(known)) if known else []
    rows = [known.get(name, ProviderMonth(name, None)) for name in names]
    said = "; ".join(_sentence(row, currency) for row in rows)
    board = Board(ident, title, f"{said or 'Inga månader'}.", width)
    if not rows:
        board.text(0, board.y + 14, "Inga månader att visa.")
        board.y += 20
        return board.svg()
    _legend(board, rows)
    amounts = [float(r.amount_sek) if r.amount_sek is not None else None for r in rows]
    flags = [None if r.flags is None else float(r.flags) for r in rows]
    outcomes = [None if r.outcomes is None else float(r.outcomes) for r in rows]
    left = _left(amounts, [*flags, *outcomes], currency)
    step = (width - left) / len(rows)
    frame = _Frame(board, left, step)
    _panel(frame, "Utbetalt", amounts, lambda v: kr_short(v, currency), 92, "p1")
    _panel(frame, "Urvalsträffar", flags, number, 56, "p4")
    _panel(frame, "Utfall", outcomes, number, 56, "p2", [r.errors or 0 for r in rows])
    _marks(frame, rows)
    places = [left + (i + 0.5) * step for i in range(len(rows))]
    board.step_labels(places, [month(name) for name in names], board.y + 12)
    board.y += 16
    return board.svg()


@dataclass(frozen=True, slots=True)
class _Frame:
    board: Board
    left: float
    step: float


def _sentence(row: ProviderMonth, currency: str) -> str:
    said = [f"{month(row.month)}: {kr(row.amount_sek, currency) if row.amount_sek is not None else 'uppgift saknas'}"]
    if row.flags is not None:
        said.append(plural(row.flags, "urvalsträff", "urvalsträffar"))
    if row.outcomes is not None:
        errors = f", varav {number(row.errors)} fel" if row.errors is not None else ""
        said.append(f"{number(row.outcomes)} utfall{errors}")
    said += ["på listan"] if row.is_listed else []
    said += ["beslutad"] if row.is_decided else []
    return ", ".join(said)


def _legend(board: Board, rows: Sequence[ProviderMonth]) -> None:
    entries: list[tuple[Callable[[float, float], object], str]] = [
        (lambda x, y: _listed(board, x + 13, y + 6), "På listan"),
        (lambda x, y: _decided(board, x + 13, y + 6), "Beslutad"),
    ]
    if any(r.outcomes for r in rows):
        entries.append((lambda x, y: board.bar(x, y, 26, 12, "p2"), "Utfall: fel"))
        entries.append((lambda x, y: board.hatched(x, y, 26, 12), "Utfall: annat"))
    board.legend(entries)


def _left(amounts: Sequence[float | None], counts: Sequence[float | None], currency: str) -> float:
    money = [kr_short(v, currency) for v in _axis(amounts, whole=False)]
    return max(text_width(text, 12) for text in [*money, *map(number, _axis(counts, whole=True))]) + 8


def _axis(values: Sequence[float | None], whole: bool) -> list[float]:
    known = [v for v in values if v is not None]
    return ticks(min([*known, 0.0]), max([*known, 0.0]), 2, whole)


def _panel(
    frame: _Frame, name: str, values: Sequence[float | None], show: Show, height: float, ink: str,
    filled: Sequence[int] | None = None,
) -> None:  # fmt: skip
    board, axis = frame.board, _axis(values, show is number)
    board.text(frame.left, board.y + 11, name, "pb ps")
    top = board.y + 20
    y = scale(axis[0], axis[-1], top + height, top)
    for value in axis:
        board.line([(frame.left, y(value)), (board.width, y(value))], "pg" if value else "px")
        board.text(frame.left - 6, y(value) + 4, show(value), "pa pv", "end")
    wide = min(frame.step * 0.7, 26)
    for i, value in enumerate(values):
        middle = frame.left + (i + 0.5) * frame.step
        if value is None:
            board.text(middle, y(0) - 4, "–", "pa", "middle")
        elif filled is not None:
            solid = min(float(filled[i]), value)
            if value > solid:
                board.hatched(middle - wide / 2, y(value), wide, y(solid) - y(value))
            if solid:
                board.add("rect", ink, x=middle - wide / 2, y=y(solid), width=wide, height=y(0) - y(solid))
        elif value:
            ends = sorted((y(value), y(0)))
            board.add("rect", ink, x=middle - wide / 2, y=ends[0], width=wide, height=max(ends[1] - ends[0], 0.8))
    board.y = top + height + 14


def _marks(frame: _Frame, rows: Sequence[ProviderMonth]) -> None:
    for i, row in enumerate(rows):
        middle = frame.left + (i + 0.5) * frame.step
        if row.is_listed:
            _listed(frame.board, middle, frame.board.y)
        if row.is_decided:
            _decided(frame.board, middle, frame.board.y + 14)
    frame.board.y += 22


def _listed(board: Board, x: float, y: float) -> None:
    corners = ((x, y - 5), (x + 5, y + 4), (x - 5, y + 4))
    board.add("polygon", "p4", points=" ".join(f"{rounded(a)},{rounded(b)}" for a, b in corners))


def _decided(board: Board, x: float, y: float) -> None:
    board.add("path", "pyes", d=f"M{rounded(x - 5)} {rounded(y)}l4 4l7 -8")
