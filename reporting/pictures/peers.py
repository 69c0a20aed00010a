"""Peers: each feature of a payment on an axis of its own, beside the payee's past and its peers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any

from reporting.format import MISSING, NBSP, share
from reporting.pictures.base import WIDE, Board, fitted, scale, text_width, wrapped
from reporting.words import column_label, feature_text, feature_unit


@dataclass(frozen=True, slots=True)
class PeerValue:
    """One feature of a payment, as out/peer_features has it; values in `unit`, None where nothing is known."""

    feature: str
    label: str
    unit: str
    value: float | None
    own_median: float | None = None
    peer_median: float | None = None
    peer_p95: float | None = None
    share: float | None = None

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "PeerValue":
        """Return a row of out/peer_features."""
        four = (row.get(name) for name in ("value", "own_median", "peer_median", "peer_p95"))
        return cls(row["feature"], row.get("label_sv") or "", row.get("unit") or "", *four, share=row.get("share"))

    def shown(self, value: float | None, currency: str = "SEK") -> str:
        """Return one of the values in the feature's unit."""
        return feature_text(self.feature, self.unit, value, currency)

    @property
    def is_unusual(self) -> bool:
        """Whether the value is above that of 95 peers of 100."""
        return self.value is not None and self.peer_p95 is not None and self.value > self.peer_p95

    @property
    def verdict(self) -> str:
        """Return in words where the value lies among the peers."""
        if self.value is None:
            return "uppgift saknas"
        if self.peer_median is None:
            return "inget att jämföra med"
        if self.is_unusual:
            return "högre än 95 av 100"
        if self.value == self.peer_median:
            return "som jämförbaras median"
        return "över medianen" if self.value > self.peer_median else "under medianen"


def peer_dots(
    features: Sequence[PeerValue], currency: str = "SEK", most: int = 8, width: int = WIDE, ident: str = "jamfort"
) -> str:
    """Draw a row per feature in the order given: own value, own median, peers' median and 95th percentile.

    Every axis has its own scale, from the smallest to the largest of the four values; what lies above the peers' 95th
    percentile has a ground of its own. Values that are not finite count as missing.
    """
    rows = [_finite(feature) for feature in features[:most]]
    values = [_values(row, currency) for row in rows]
    said = "; ".join(f"{_name(r)}: {', '.join(v)}, {r.verdict}" for r, v in zip(rows, values, strict=True))
    subtitle = "Varje rad har sin egen skala, lågt till vänster och högt till höger"
    board = Board(ident, "Betalningen bredvid jämförbara", f"{said or 'Inga mått'}.", width, subtitle if rows else "")
    if not rows:
        board.text(0, board.y + 14, "Inga mått att jämföra.")
        board.y += 20
        return board.svg()
    _legend(board)
    for row, told in zip(rows, values, strict=True):
        _row(board, row, told)
    if len(features) > most:
        board.text(0, board.y + 8, f"De {most} tyngsta av {len(features)} mått; alla finns i tabellen", "ps")
        board.y += 14
    return board.svg(2)


def _finite(row: PeerValue) -> PeerValue:
    known = [v if v is not None and isfinite(v) else None for v in _four(row)]
    return PeerValue(row.feature, row.label, row.unit, *known, share=row.share)


def _four(row: PeerValue) -> tuple[float | None, float | None, float | None, float | None]:
    return row.value, row.own_median, row.peer_median, row.peer_p95


def _label(row: PeerValue) -> str:
    return row.label or column_label(row.feature)


def _name(row: PeerValue) -> str:
    label, unit = _label(row), feature_unit(row.unit)
    return f"{label} ({unit})" if unit else label


def _values(row: PeerValue, currency: str) -> list[str]:
    """Return the four values in words, the payee's own before its peers'."""
    value, own, middle, high = (row.shown(v, currency) for v in _four(row))
    return [
        f"nu {value}",
        f"egen median {own if row.own_median is not None else MISSING}",
        f"jämförbaras median {middle if row.peer_median is not None else MISSING}",
        f"95 av 100 har högst {high if row.peer_p95 is not None else MISSING}",
    ]


def _legend(board: Board) -> None:
    board.legend(
        [
            (lambda x, y: board.add("circle", "p1", cx=x + 13, cy=y + 6, r=6), "Nu"),
            (lambda x, y: board.diamond(x + 13, y + 6, 7, "p2"), "Nu, ovanligt högt"),
            (lambda x, y: board.add("circle", "pold", cx=x + 13, cy=y + 6, r=5), "Egen median"),
            (lambda x, y: board.line([(x + 13, y - 2), (x + 13, y + 14)], "pmid"), "Jämförbaras median"),
            (lambda x, y: board.hatched(x, y, 26, 12), "De 5 högsta av 100"),
        ]
    )


def _row(board: Board, row: PeerValue, values: list[str]) -> None:
    weight = f" · {share(row.share, 0)} av poängen" if row.share is not None and board.width >= 480 else ""
    verdict = row.verdict + weight
    if board.width >= 480:
        board.text(0, board.y + 13, fitted(_name(row), board.width - text_width(verdict, 15) - 12, 15), "pb")
        board.text(board.width, board.y + 13, verdict, "pwarn" if row.is_unusual else "ps", "end")
        board.y += 22
    else:
        name = _name(row) if text_width(_name(row), 15) <= board.width else _label(row)
        board.text(0, board.y + 13, fitted(name, board.width, 15), "pb")
        board.text(0, board.y + 30, verdict, "pwarn" if row.is_unusual else "ps")
        board.y += 38
    known = [v for v in _four(row) if v is not None]
    x = scale(min(known, default=0), max(known, default=1), 12, board.width - 12)
    if len(set(known)) == 1:
        x = scale(known[0] - 1, known[0] + 1, 12, board.width - 12)
    top, middle = board.y, board.y + 9
    board.bar(0, top, board.width, 18, "pusual")
    if row.peer_p95 is not None:
        board.hatched(x(row.peer_p95), top, board.width - x(row.peer_p95), 18)
    if row.peer_median is not None:
        board.line([(x(row.peer_median), top - 3), (x(row.peer_median), top + 21)], "pmid")
    if row.own_median is not None:
        board.add("circle", "pold", cx=x(row.own_median), cy=middle, r=5)
    if row.value is not None and row.is_unusual:
        board.diamond(x(row.value), middle, 8, "p2 pedge")
    elif row.value is not None:
        board.add("circle", "p1 pedge", cx=x(row.value), cy=middle, r=6.5)
    board.y += 24
    told = f"{NBSP}· ".join(value.replace(" ", NBSP) for value in values)
    for line in wrapped(told, board.width, 12):
        board.text(0, board.y + 11, line, "ps pv")
        board.y += 16
    board.y += 14
