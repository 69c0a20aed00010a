"""Areas: a map of rates from GeoJSON outlines, or bars of the same rates where there are none."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from math import isfinite
from typing import Any

from reporting.care_areas import LEAST_CLIENTS, UNKNOWN
from reporting.format import NBSP, plural, share
from reporting.pictures.base import WIDE, Board, fitted, rounded, text_width, wrapped
from reporting.pictures.classes import MOST, class_of, fixed_classes, natural_classes
from reporting.pictures.shapes import Ring, Shape, area_of, fit, label_places, stripes

MARGIN = 6
HIGHEST = 3
Show = Callable[[float], str]
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class AreaRate:
    """A rate of one area (a share, or kronor per client), never a count; `clients` None means too few to tell."""

    area: str
    name: str
    rate: float | None
    clients: int | None
    feature_id: str = ""

    @property
    def is_small(self) -> bool:
        """Whether fewer than LEAST_CLIENTS clients stand behind the rate, so that it is not shown."""
        return self.clients is None or self.clients < LEAST_CLIENTS

    @property
    def is_shown(self) -> bool:
        """Whether there is a rate that may be shown."""
        return not self.is_small and self.rate is not None and isfinite(self.rate)


def area_rates(
    rows: Iterable[Mapping[str, Any]], part: str = "flagged_sek", whole: str = "amount_sek"
) -> list[AreaRate]:
    """Return `part` per `whole` of rows of out/areas: `flagged_payments` per `payments`, `flagged_sek` per `clients`."""
    found = []
    for row in rows:
        rate = float(row[part] / row[whole]) if row[part] is not None and row[whole] else None
        name, feature = row.get("area_name") or row["area"], row.get("geojson_feature_id") or ""
        name = "Okänt område" if row["area"] == UNKNOWN else name
        found.append(AreaRate(row["area"], name, rate, row["clients"], feature))
    return found


def area_map(
    areas: Sequence[AreaRate],
    shapes: Mapping[str, Shape] | None = None,
    title: str = "Områden",
    subtitle: str = "",
    show: Show = share,
    limits: Sequence[float] = (),
    width: int = WIDE,
    ident: str = "omraden",
) -> str:
    """Draw areas coloured by rate in at most five classes; without shapes as bars, highest first.

    An area belongs to the shape of its `feature_id`, else of its own id. `limits` fixes the classes' upper ends, for
    months to be compared; else the classes are natural breaks. Raises ValueError as `fixed_classes` does.
    """
    ordered = sorted(areas, key=lambda a: (not a.is_shown, -(a.rate or 0.0) if a.is_shown else 0.0, a.name, a.area))
    rates = [a.rate for a in ordered if a.is_shown and a.rate is not None]
    classes = fixed_classes(rates, limits) if limits else natural_classes(rates, show)
    keys = {a.feature_id or a.area for a in areas}
    unknown = [s.name for key, s in sorted((shapes or {}).items()) if key not in keys]
    board = Board(ident, title, _told(ordered, unknown, show), width, subtitle)
    if not rates and not shapes:
        board.text(0, board.y + 14, "Inga områden att visa.")
        board.y += 20
        return board.svg()
    frame = _Frame(board, ordered, classes, show)
    if shapes:
        _legend(frame, bool(unknown) or any(not a.is_small and not a.is_shown for a in areas))
        _map(frame, shapes)
    else:
        _bars(frame)
    return board.svg(4)


@dataclass(frozen=True, slots=True)
class _Frame:
    board: Board
    areas: list[AreaRate]
    classes: list[tuple[float, float]]
    show: Show

    def ink(self, area: AreaRate | None) -> str:
        """Return the class of an area's ground: few classes are spread over the whole hue."""
        if area is None or not area.is_shown or area.rate is None:
            return "pm0"
        place = class_of(area.rate, self.classes)
        return f"pm{_tone(place, len(self.classes))}"


def _tone(place: int, classes: int) -> int:
    return place if classes in (1, MOST) else 1 + round((place - 1) * (MOST - 1) / (classes - 1))


def _told(areas: Sequence[AreaRate], unknown: Sequence[str], show: Show) -> str:
    said = [f"{a.name}: {show(a.rate)}" for a in areas if a.is_shown and a.rate is not None]
    said += [f"{a.name}: visas inte, färre än {LEAST_CLIENTS} brukare" for a in areas if a.is_small]
    said += [f"{a.name}: uppgift saknas" for a in areas if not a.is_small and not a.is_shown]
    said += [f"{name}: uppgift saknas" for name in unknown]
    return f"{'; '.join(said) or 'Inga områden'}."


def _legend(frame: _Frame, has_gaps: bool) -> None:
    board, shown = frame.board, [a.rate for a in frame.areas if a.is_shown and a.rate is not None]
    entries: list[tuple[Callable[[float, float], object], str]] = []
    for n, (low, high) in enumerate(frame.classes, 1):
        many = sum(class_of(rate, frame.classes) == n for rate in shown)
        ends = dict.fromkeys((frame.show(low), frame.show(high)))
        said = f"{'–'.join(ends)} ({plural(many, 'område', 'områden')})"
        entries.append((partial(board.bar, width=26, height=12, classes=f"pm{_tone(n, len(frame.classes))}"), said))
    if has_gaps:
        entries.append((lambda x, y: board.hatched(x, y, 26, 12), "Uppgift saknas"))
    if any(a.is_small for a in frame.areas):
        small = f"Färre än {LEAST_CLIENTS} brukare, visas inte"
        entries.append((partial(board.bar, width=26, height=12, classes="pm0"), small))
    board.legend(entries)


def _map(frame: _Frame, shapes: Mapping[str, Shape]) -> None:
    board, known = frame.board, {a.feature_id or a.area: a for a in frame.areas}
    tallest = board.width * (1.2 if board.width < 480 else 0.8)
    outlines, height = fit(shapes, board.width - 2 * MARGIN, tallest)
    top = board.y + MARGIN
    placed = {key: [[(x + MARGIN, y + top) for x, y in ring] for ring in rings] for key, rings in outlines.items()}
    for key, rings in sorted(placed.items(), key=lambda item: (-area_of(item[1]), item[0])):
        _outline(frame, rings, known.get(key), shapes[key].name)
    frame_box = (0.0, top - MARGIN, float(board.width), top + height + MARGIN)
    unnamed = _labels(frame, placed, known, frame_box)
    board.y = top + height + MARGIN + 6
    _notes(frame, [a.name for key, a in known.items() if key not in shapes], unnamed)


def _outline(frame: _Frame, rings: Sequence[Ring], area: AreaRate | None, name: str) -> None:
    board = frame.board
    drawn = "".join("M" + "L".join(f"{rounded(x)} {rounded(y)}" for x, y in ring) + "Z" for ring in rings)
    has_gap = area is None or (not area.is_small and not area.is_shown)
    board.add("path", "phb" if has_gap else frame.ink(area), fill_rule="evenodd", d=drawn)
    if has_gap:
        lines = stripes(rings)
        hatch = "".join(f"M{rounded(a)} {rounded(b)}L{rounded(c)} {rounded(d)}" for (a, b), (c, d) in lines)
        if hatch:
            board.add("path", "phl", d=hatch)


def _labels(frame: _Frame, placed: Mapping[str, list[Ring]], known: Mapping[str, AreaRate], frame_box: Box) -> int:
    """Write names with rates where they fit, highest rates first; return how many shown areas got no name.

    The highest that have no room get the number they have in the note below.
    """
    taken: list[Box] = []
    unnamed = 0
    shown = [(key, area, area.rate) for key, area in known.items() if area.is_shown and area.rate is not None]
    for number, (key, area, rate) in enumerate(shown, 1):
        if key not in placed:
            continue
        found = _fitting([area.name, frame.show(rate)], placed[key], taken, frame_box)
        if found is None and number <= HIGHEST:
            x, y, _ = label_places(placed[key])[0]
            taken.append((x - 9, y - 9, x + 9, y + 9))
            frame.board.add("circle", "pnum", cx=x, cy=y, r=8)
            frame.board.text(x, y + 4, str(number), "pa pb", "middle")
            continue
        found = found or _fitting([frame.show(rate)], placed[key], taken, frame_box)
        if found is None or len(found[0]) == 1:
            unnamed += 1
        if found is not None:
            lines, x, y, box = found
            taken.append(box)
            for i, line in enumerate(lines):
                frame.board.text(x, y + 14 * i, line, "plab pb" if not i and len(lines) > 1 else "plab pv", "middle")
    return unnamed


def _fitting(
    lines: list[str], rings: Sequence[Ring], taken: Sequence[Box], frame_box: Box
) -> tuple[list[str], float, float, Box] | None:
    half = max(text_width(line, 13) for line in lines) / 2
    high = 14 * len(lines)
    for x, y, room in label_places(rings):
        box = (x - half, y - high / 2 - 1, x + half, y + high / 2 + 1)
        inside = frame_box[0] <= box[0] and frame_box[1] <= box[1] and box[2] <= frame_box[2] and box[3] <= frame_box[3]
        if 2 * half <= 1.2 * room and inside and not any(_touch(box, other) for other in taken):
            return lines, x, y - high / 2 + 11, box
    return None


def _touch(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _notes(frame: _Frame, off_map: Sequence[str], unnamed: int) -> None:
    shown = [a for a in frame.areas if a.is_shown and a.rate is not None]
    said = []
    if len(shown) > 1:
        told = [f"{a.name} ({frame.show(a.rate)})" for a in shown if a.rate is not None]
        highest = ", ".join(f"{n}. {name}".replace(" ", NBSP) for n, name in enumerate(told[:HIGHEST], 1))
        said.append(f"Högst: {highest}. Lägst: {told[-1]}.")
    if unnamed:
        said.append(f"{plural(unnamed, 'områdes namn', 'områdens namn')} fick inte plats; alla finns i tabellen.")
    if off_map:
        said.append(f"Saknar yta på kartan: {', '.join(off_map)}.")
    for text in said:
        for line in wrapped(text, frame.board.width, 12):
            frame.board.text(0, frame.board.y + 11, line, "ps")
            frame.board.y += 16


def _bars(frame: _Frame, most: int = 40) -> None:
    board = frame.board
    shown = [(a, a.rate) for a in frame.areas if a.is_shown and a.rate is not None]
    is_narrow = board.width < 480
    room = max(text_width(frame.show(rate), 12) for _, rate in shown) + 8 if shown else 0
    left = 0 if is_narrow else min(260, max((text_width(a.name) for a, _ in shown), default=0) + 10)
    largest = max((abs(rate) for _, rate in shown), default=0) or 1
    for area, rate in shown[:most]:
        name = fitted(area.name, board.width if is_narrow else left - 8)
        board.text(0, board.y + 13, name)
        if is_narrow:
            board.y += 18
        long = max(abs(rate) / largest * (board.width - left - room), 1)
        if rate < 0:
            board.hatched(left, board.y + 2, long, 14)
        else:
            board.bar(left, board.y + 2, long, 14, frame.ink(area))
        board.text(left + long + 6, board.y + 13, frame.show(rate), "ps pv")
        board.y += 22
    rest, small = len(shown) - most, [a.name for a in frame.areas if a.is_small]
    missing = [a.name for a in frame.areas if not a.is_small and not a.is_shown]
    said = [f"De {most} högsta av {len(shown)}; alla finns i tabellen."] if rest > 0 else []
    said += [f"Visas inte, färre än {LEAST_CLIENTS} brukare: {', '.join(small)}."] if small else []
    said += [f"Uppgift saknas: {', '.join(missing)}."] if missing else []
    for text in said:
        for line in wrapped(text, board.width, 12):
            board.text(0, board.y + 13, line, "ps")
            board.y += 16
