"""Kronor by rank: how much expected error the first lines of the list hold, and how far the hours reach."""

from collections.abc import Sequence
from decimal import Decimal
from itertools import accumulate

from reporting.format import hours, kr, kr_short, number, share
from reporting.pictures.base import WIDE, Board, rounded, scale, text_width, ticks, wrapped


def reach(minutes: Sequence[int], capacity_minutes: int | None) -> int | None:
    """Return the last rank the officers' minutes reach; None when no capacity is stated."""
    if capacity_minutes is None:
        return None
    return sum(spent <= capacity_minutes for spent in accumulate(minutes))


def _description(total: list[Decimal], cut: int | None, capacity: int | None, currency: str) -> str:
    if not total:
        return "Listan är tom."
    first = min(10, len(total))
    early = total[first - 1]
    said = [
        f"Listan har {number(len(total))} betalningar med {kr(total[-1], currency)} i förväntat fel.",
        f"De {number(first)} första har {kr(early, currency)}, {_part(early, total[-1])}.",
    ]
    if cut is not None and cut < len(total):
        inside = total[cut - 1] if cut else Decimal(0)
        said.append(
            f"Tiden för listan, {hours(capacity)}, räcker till rang {number(cut)}: "
            f"{kr(inside, currency)}, {_part(inside, total[-1])}."
        )
    elif cut is not None:
        said.append(f"Hela listan ryms i sin tid, {hours(capacity)}.")
    return " ".join(said)


def _part(part: Decimal, whole: Decimal) -> str:
    return f"{share(part / whole, 0)} av listan" if whole else "inget av listan"


def rank_curve(
    expected_sek: Sequence[Decimal | int],
    minutes: Sequence[int] = (),
    capacity_minutes: int | None = None,
    currency: str = "SEK",
    width: int = WIDE,
    ident: str = "kronor-per-rang",
) -> str:
    """Draw cumulated expected error over rank, with a line where the officers' time ends.

    `expected_sek` and `minutes` are in rank order; signs are dropped, as the order drops them.
    """
    total = list(accumulate(abs(Decimal(e)) for e in expected_sek))
    cut = reach(minutes, capacity_minutes)
    said = _description(total, cut, capacity_minutes, currency)
    board = Board(ident, "Förväntat fel från toppen av listan", said, width, "Summan växer med varje betalning")
    if not total:
        board.text(0, board.y + 14, "Listan är tom.")
        board.y += 20
        return board.svg()
    if cut is not None:
        _capacity(board, cut, total, capacity_minutes or 0, currency)
    axis = ticks(0, float(total[-1]), 4)
    left = max(text_width(kr_short(v, currency), 12) for v in axis) + 8
    top, height, right = board.y + 8, 190 if width < 480 else 220, width - 12
    x = scale(0, len(total), left, right)
    y = scale(0, axis[-1], top + height, top)
    for value in axis:
        board.line([(left, y(value)), (right, y(value))], "pg" if value else "px")
        board.text(left - 6, y(value) + 4, kr_short(value, currency), "pa pv", "end")
    points = [(x(0), y(0))] + [(x(i), y(float(v))) for i, v in enumerate(total, 1)]
    inside = points[: (cut if cut is not None else len(total)) + 1]
    area = " ".join(f"{rounded(a)},{rounded(b)}" for a, b in [*inside, (inside[-1][0], y(0))])
    board.add("polygon", "pf", points=area)
    board.line(points, "l1")
    if len(total) <= 40:
        for a, b in points[1:]:
            board.add("circle", "pdot", cx=a, cy=b, r=3)
    for rank in _ranks(len(total), 4 if width < 480 else 8):
        board.text(x(rank), top + height + 17, number(rank), "pa pv", "middle")
    board.text(right, top + height + 34, "rang", "pa", "end")
    if cut is not None and cut < len(total):
        board.line([(x(cut), top - 4), (x(cut), top + height)], "pcap")
    board.y = top + height + 38
    return board.svg()


def _ranks(count: int, most: int) -> list[int]:
    return [int(v) for v in ticks(0, count, most, whole=True) if 0 < v <= count] or [count]


def _capacity(board: Board, cut: int, total: list[Decimal], capacity: int, currency: str) -> None:
    if cut >= len(total):
        board.text(0, board.y + 11, f"Hela listan ryms i sin tid, {hours(capacity)}", "ps")
        board.y += 20
        return
    inside = total[cut - 1] if cut else Decimal(0)
    said = f"Tiden för listan, {hours(capacity)}, räcker till rang {number(cut)}: {kr_short(inside, currency)}, "
    board.line([(0, board.y + 7), (26, board.y + 7)], "pcap")
    for line in wrapped(said + _part(inside, total[-1]), board.width - 32, 15):
        board.text(32, board.y + 11, line, "pwarn")
        board.y += 18
    board.y += 4
