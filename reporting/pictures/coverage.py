"""Coverage: kronor each indicator could test and could not test, on one scale of kronor."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from reporting.format import kr, kr_short, share
from reporting.pictures.base import WIDE, Board, fitted, text_width


@dataclass(frozen=True, slots=True)
class CoverageBar:
    """Kronor one indicator tested and could not test."""

    code: str
    title: str
    tested_sek: Decimal
    untested_sek: Decimal

    @property
    def tested_share(self) -> Decimal | None:
        """Return the tested share of the kronor; None when there were none."""
        whole = self.tested_sek + self.untested_sek
        return self.tested_sek / whole if whole else None


def coverage_bars(
    rows: Sequence[CoverageBar],
    currency: str = "SEK",
    most: int = 12,
    width: int = WIDE,
    ident: str = "provat",
) -> str:
    """Draw tested (filled) and untested (hatched) kronor per indicator, the most untested first."""
    ordered = sorted(rows, key=lambda r: (-r.untested_sek, r.code))
    left_out, ordered = len(ordered) - most, ordered[:most]
    said = "; ".join(
        f"{r.code} {r.title}: {kr(r.tested_sek, currency)} prövat, {kr(r.untested_sek, currency)} inte prövat"
        for r in ordered
    )
    subtitle = f"De {most} med mest oprövat; alla finns i tabellen" if left_out > 0 else ""
    board = Board(ident, "Belopp som prövats, per indikator", f"{said or 'Inga indikatorer'}.", width, subtitle)
    if not ordered:
        board.text(0, board.y + 14, "Inga indikatorer har körts.")
        board.y += 20
        return board.svg()
    _legend(board)
    largest = float(max(r.tested_sek + r.untested_sek for r in ordered)) or 1.0
    for row in ordered:
        part = share(row.tested_share, 0) + " prövat" if row.tested_share is not None else "inget att pröva"
        board.text(width, board.y + 13, part, "ps pv", "end")
        board.text(0, board.y + 13, fitted(f"{row.code} {row.title}", width - text_width(part, 12) - 12))
        filled = float(row.tested_sek) / largest * width
        open_part = float(row.untested_sek) / largest * width
        if row.tested_sek:
            board.bar(0, board.y + 20, filled, 14, "p1")
        if row.untested_sek:
            board.hatched(filled, board.y + 20, min(open_part, width - filled - 0.5), 14)
        board.y += 44
    board.text(0, board.y + 8, f"Full bredd: {kr_short(Decimal(repr(largest)), currency)}", "ps")
    board.y += 12
    return board.svg(2)


def _legend(board: Board) -> None:
    board.bar(0, board.y, 16, 12, "p1")
    board.text(22, board.y + 11, "Prövat", "ps")
    board.hatched(80, board.y, 16, 12)
    board.text(102, board.y + 11, "Inte prövat: en uppgift saknas", "ps")
    board.y += 24
