"""Reasons: kronor at risk on the list by indicator, as horizontal bars with their names above."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from reporting.format import kr, kr_short, plural
from reporting.pictures.base import WIDE, Board, fitted, text_width


@dataclass(frozen=True, slots=True)
class ReasonBar:
    """Kronor at risk (signs dropped) that one indicator brings to the list, on how many payments."""

    code: str
    title: str
    amount_sek: Decimal
    payments: int


def reasons_bars(
    reasons: Sequence[ReasonBar],
    currency: str = "SEK",
    most: int = 10,
    width: int = WIDE,
    ident: str = "skal",
) -> str:
    """Draw the heaviest reasons of the list; those after `most` are added up in one last bar."""
    ordered = sorted(reasons, key=lambda r: (-r.amount_sek, r.code))
    if len(ordered) > most:
        rest = ordered[most - 1 :]
        amount = sum((r.amount_sek for r in rest), Decimal(0))
        many = sum(r.payments for r in rest)
        ordered = [*ordered[: most - 1], ReasonBar("", f"Övriga {len(rest)} indikatorer", amount, many)]
    said = "; ".join(f"{_name(r)}: {kr(r.amount_sek, currency)}, {_payments(r)}" for r in ordered)
    subtitle = "Belopp i risk åt båda hållen och antal betalningar"
    board = Board(ident, "Varför betalningarna är på listan", f"{said or 'Inga skäl'}.", width, subtitle)
    if not ordered:
        board.text(0, board.y + 14, "Inga skäl: listan är tom.")
        board.y += 20
        return board.svg()
    values = [f"{kr_short(r.amount_sek, currency)} · {r.payments} st" for r in ordered]
    room = width - max(text_width(v, 12) for v in values) - 10
    largest = max(r.amount_sek for r in ordered) or Decimal(1)
    for reason, value in zip(ordered, values, strict=True):
        board.text(0, board.y + 13, fitted(_name(reason), width, 13))
        long = float(reason.amount_sek / largest) * room
        board.bar(0, board.y + 20, long, 14, "p1")
        board.text(long + 6, board.y + 31, value, "ps pv")
        board.y += 44
    return board.svg(2)


def _name(reason: ReasonBar) -> str:
    return f"{reason.code} {reason.title}".strip()


def _payments(reason: ReasonBar) -> str:
    return plural(reason.payments, "betalning", "betalningar")
