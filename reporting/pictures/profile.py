"""A payee's profile: each feature on an axis of its own, the payee beside the quartiles of its peers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reporting.format import SCALES, number, share
from reporting.pictures.base import WIDE, Board, fitted, scale, text_width, wrapped
from reporting.words import COUNTED, NOT_COMPARED, PEERS, counted_text, feature_text, feature_unit

RARE_SHARE = 0.05
FENCE = 1.5
LIMIT_SD = 2
_SIDES = {"high": "Högt", "low": "Lågt"}


@dataclass(frozen=True, slots=True)
class ProfileValue:
    """One row of out/payee_profile; None where nothing is known or compared, and `reason` says why."""

    grain: str
    provider_id: str
    feature: str
    label: str
    unit: str
    bad_tail: str
    value: float | None
    peer_low: float | None = None
    peer_median: float | None = None
    peer_high: float | None = None
    peers: int | None = None
    beyond_share: float | None = None
    hits: float | None = None
    exposure: float | None = None
    exposure_unit: str = ""
    peer_rate: float | None = None
    reason: str = ""

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "ProfileValue":
        """Return a row of out/payee_profile."""
        figures: dict[str, Any] = {name: row.get(name) for name in _FIGURES}
        texts: dict[str, Any] = {name: row.get(name) or "" for name in _TEXTS}
        return cls(label=row.get("label_sv") or "", **texts, **figures)

    @property
    def side(self) -> str:
        """Return which side is worth a look; "" where neither is."""
        return _SIDES.get(self.bad_tail, "")

    @property
    def is_compared(self) -> bool:
        """Whether there are peers to lay the value beside."""
        return self.value is not None and self.peer_median is not None

    @property
    def is_unusual(self) -> bool:
        """Whether the value deviates on the bad side.

        At most one peer of twenty lies as far out, the value is beyond Tukey's inner fence of the peers (1.5 quartile
        ranges outside), and, where it is in standard deviations, beyond two: the funnel's 95 % limit.
        """
        if self.beyond_share is None or self.beyond_share > RARE_SHARE or not self.side:
            return False
        sign = 1 if self.bad_tail == "high" else -1
        value, low, high = (sign * (v or 0.0) for v in (self.value, self.peer_low, self.peer_high))
        fence = max(low, high) + FENCE * abs(high - low)
        return value > fence and (self.unit != SCALES[0] or value > LIMIT_SD)

    @property
    def verdict(self) -> str:
        """Return in words where the value lies among the peers, or why it is not laid beside any."""
        if self.reason:
            return NOT_COMPARED.get(self.reason, self.reason)
        if self.value is None or self.peer_low is None or self.peer_high is None or self.beyond_share is None:
            return "utan omdöme"
        beyond = round((self.peers or 0) * (1 - self.beyond_share))
        more = "högre" if self.bad_tail == "high" else "lägre"
        if self.is_unusual:
            return (
                f"avviker: {more} än {'alla' if not self.beyond_share else number(beyond) + ' av'} {number(self.peers)}"
            )
        if self.peer_low <= self.value <= self.peer_high:
            return "som de flesta"
        return "högre än de flesta" if self.value > self.peer_high else "lägre än de flesta"

    def shown(self, value: float | None, currency: str = "SEK") -> str:
        """Return one of the values in the feature's unit."""
        return feature_text(self.feature, self.unit, value, currency)

    def sentence(self, currency: str = "SEK") -> str:
        """Return the row as one sentence."""
        value = f"{self.shown(self.value, currency)} {feature_unit(self.unit)}".rstrip()
        told = f"{self.label}: {value}, {self.verdict} {PEERS.get(self.grain, '')}".rstrip()
        return f"{told}. {self.counted}".rstrip(". ") + "."

    @property
    def counted(self) -> str:
        """Return the plain numbers behind the value: `410 av 1 234 besök (33,2 %; liknande 3,1 %)`."""
        if self.exposure is None or self.exposure_unit not in COUNTED:
            return ""
        of = counted_text(self.exposure_unit, self.exposure)
        if self.hits is None:
            return of
        told = f"{counted_text(self.exposure_unit, self.hits, is_bare=True)} av {of}"
        if not self.exposure:
            return told
        peers = f"; liknande {share(self.peer_rate)}" if self.peer_rate is not None else ""
        return f"{told} ({share(self.hits / self.exposure)}{peers})"


_TEXTS = ("grain", "provider_id", "feature", "unit", "bad_tail", "exposure_unit", "reason")
_FIGURES = ("value", "peer_low", "peer_median", "peer_high", "peers", "beyond_share", "hits", "exposure", "peer_rate")


def furthest_first(rows: Sequence[ProfileValue]) -> list[ProfileValue]:
    """Return the rows that deviate first, then those further out among their peers; what is not compared stands last."""
    return sorted(
        rows, key=lambda r: (not r.is_unusual, not r.is_compared, 2 if r.beyond_share is None else r.beyond_share)
    )


def profile_rows(
    rows: Sequence[ProfileValue],
    title: str,
    currency: str = "SEK",
    most: int = 6,
    width: int = WIDE,
    ident: str = "profil",
) -> str:
    """Draw a row per compared feature in the order given: the payee, its peers' median and their middle half.

    Every axis has its own scale; high values lie to the right. What deviates is a diamond and says so.
    """
    drawn = [row for row in rows if row.is_compared][:most]
    said = "; ".join(f"{row.label}: {_values(row, currency)}, {row.verdict}" for row in drawn)
    sides = {row.side.lower() for row in drawn}
    watched = f"; {sides.pop()} är värt att titta på" if len(sides) == 1 and "" not in sides else ""
    subtitle = f"Varje rad har sin egen skala, lågt till vänster och högt till höger{watched}" if drawn else ""
    board = Board(ident, title, f"{said or 'Inget att jämföra'}.", width, subtitle)
    if not drawn:
        board.text(0, board.y + 14, "Inget att jämföra.")
        board.y += 20
        return board.svg()
    board.legend(
        [
            (lambda x, y: board.add("circle", "p1", cx=x + 13, cy=y + 6, r=6), "Mottagaren"),
            (lambda x, y: board.diamond(x + 13, y + 6, 7, "p2"), "Mottagaren, avviker"),
            (lambda x, y: board.bar(x, y, 26, 12, "pband"), "Hälften av de liknande"),
            (lambda x, y: board.line([(x + 13, y - 2), (x + 13, y + 14)], "pmid"), "Deras median"),
        ]
    )
    for row in drawn:
        _row(board, row, currency)
    return board.svg(2)


def _values(row: ProfileValue, currency: str) -> str:
    own, low, middle, high = (row.shown(v, currency) for v in (row.value, row.peer_low, row.peer_median, row.peer_high))
    return f"här {own} {feature_unit(row.unit)}".rstrip() + f", liknande {middle}, hälften mellan {low} och {high}"


def _row(board: Board, row: ProfileValue, currency: str) -> None:
    kind = "pwarn" if row.is_unusual else "ps"
    if board.width >= WIDE:
        room = board.width - text_width(row.verdict, 15) - 12
        board.text(0, board.y + 13, fitted(row.label, room, 15), "pb")
        board.text(board.width, board.y + 13, row.verdict, kind, "end")
        board.y += 22
    else:
        board.text(0, board.y + 13, fitted(row.label, board.width, 15), "pb")
        board.text(0, board.y + 30, fitted(row.verdict, board.width, 12), kind)
        board.y += 38
    value, low, middle, high = (float(v or 0) for v in (row.value, row.peer_low, row.peer_median, row.peer_high))
    least, most = min(value, low), max(value, high)
    x = scale(*((least, most) if most > least else (least - 1, most + 1)), 12, board.width - 12)
    board.bar(0, board.y, board.width, 18, "pusual")
    board.bar(x(low), board.y + 2, x(high) - x(low), 14, "pband")
    board.line([(x(middle), board.y - 3), (x(middle), board.y + 21)], "pmid")
    if row.is_unusual:
        board.diamond(x(value), board.y + 9, 8, "p2 pedge")
    else:
        board.add("circle", "p1 pedge", cx=x(value), cy=board.y + 9, r=6.5)
    board.y += 24
    for line in wrapped(f"{_values(row, currency)}. {row.counted}".strip(), board.width, 12):
        board.text(0, board.y + 11, line, "ps pv")
        board.y += 16
    board.y += 10
