"""Drawing board for SVG pictures: text alternative, scales, labels. No style attributes, so strict CSP holds.

A picture is drawn at the width it is shown at (`WIDE` or `NARROW`), so that text keeps its size on a phone.
Colours are from the Okabe-Ito set and never alone: hatching, dashes, shapes or words say the same.
"""

import math
import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from html import escape
from itertools import pairwise

WIDE, NARROW = 640, 320
THIN, BROAD = "ijlItfr.,:;|!'()[] \u00a0", "MWmwÅÄÖ%@—"
_MARKS_CSS = """
.pic{font-family:system-ui,"Segoe UI","Liberation Sans",Arial,sans-serif}
.pic text{font-size:13px;fill:#22303a}
.pic .pt{font-size:15px;font-weight:600;fill:#10202b}
.pic .ps,.pic .pa{font-size:12px;fill:#4a5863}
.pic .pb{font-weight:600}
.pic .pv{font-variant-numeric:tabular-nums}
.pic .pg{stroke:#d9dfe3;stroke-width:1}
.pic .px{stroke:#6b7982;stroke-width:1}
.pic .p1{fill:#0072b2}.pic .p2{fill:#d55e00}.pic .p3{fill:#007a5a}.pic .p4{fill:#7a5195}
.pic .l1,.pic .l2,.pic .l3,.pic .l4{fill:none;stroke-width:2.5;stroke-linejoin:round}
.pic .l1{stroke:#0072b2}.pic .l2{stroke:#d55e00;stroke-dasharray:7 4}
.pic .l3{stroke:#007a5a;stroke-dasharray:2 4;stroke-linecap:round}
.pic .l4{stroke:#7a5195;stroke-dasharray:10 3 2 3}
.pic .pf{fill:#cfe3f1}
.pic .pband{fill:#dcebda;stroke:#5f8d5a;stroke-width:1;stroke-dasharray:4 3}
.pic .pcap{stroke:#8a3d00;stroke-width:2;stroke-dasharray:6 4}
.pic .phl{stroke:#b04a00;stroke-width:2}.pic .phb{fill:#fbe6d6;stroke:#b04a00;stroke-width:1}
.pic .pring{fill:#fff;stroke:#b04a00;stroke-width:3}
.pic .pdot{fill:#0072b2;stroke:#fff;stroke-width:1}
.pic .pwarn{fill:#8a3d00;font-weight:600}
.pic .pedge{stroke:#fff;stroke-width:1.5}
.pic .pold{fill:#fff;stroke:#0072b2;stroke-width:2}
.pic .pusual{fill:#eef1f3}.pic .pout{fill:#fbe6d6}
.pic .pmid{stroke:#10202b;stroke-width:2.5}.pic .pfence{stroke:#8a3d00;stroke-width:2;stroke-dasharray:3 2}
.pic .pplan{fill:#dfe5e9;fill-opacity:.6;stroke:#6b7982;stroke-width:1}
.pic .ppaid{stroke:#b04a00;stroke-width:3}
.pic .pab{fill:#f4eff8}.pic .pal{stroke:#8f6fa8;stroke-width:1}
.pic .pend{fill:#f3f5f6}
.pic .pno,.pic .pyes{fill:none;stroke:#8a3d00;stroke-width:2}
.pic .pyes{stroke:#00664b;stroke-width:2.5}
.pic .pm1,.pic .pm2,.pic .pm3,.pic .pm4,.pic .pm5,.pic .pm0{stroke:#41505a;stroke-width:1;stroke-linejoin:round}
.pic .pm1{fill:#e6f0f8}.pic .pm2{fill:#b9d6ea}.pic .pm3{fill:#7fb3d8}.pic .pm4{fill:#3a83bd}.pic .pm5{fill:#0a4a80}
.pic .pm0{fill:#fff;stroke-dasharray:3 3}
.pic .pnum{fill:#fff;stroke:#10202b;stroke-width:1.5}
.pic .plab{font-size:12px;paint-order:stroke;stroke:#fff;stroke-width:3.5px;stroke-linejoin:round}
"""
PICTURE_CSS = "svg.pic{display:block;width:100%;height:auto;background:#fff;forced-color-adjust:none}" + _MARKS_CSS


@lru_cache(maxsize=4096)
def rounded(value: float) -> str:
    """Return a coordinate with at most one decimal, the same on every machine."""
    text = f"{value + 0.0:.1f}"  # 0.0 and -0.0 are one key of the cache
    return text[:-2] if text.endswith(".0") else text


@lru_cache(maxsize=4096)
def text_width(text: str, size: float = 13) -> float:
    """Return about how wide a text is drawn, in pixels, on the safe side; bold is 1.15 times as wide."""
    narrow, wide = sum(map(text.count, THIN)), sum(map(text.count, BROAD))
    return size * (0.625 * (len(text) - narrow - wide) + 0.35 * narrow + 0.93 * wide)


def fitted(text: str, width: float, size: float = 13) -> str:
    """Return the text, cut with an ellipsis where it would be wider than `width` pixels."""
    if text_width(text, size) <= width:
        return text
    while text and text_width(text + "…", size) > width:
        text = text[:-1]
    return text.rstrip() + "…"


def wrapped(text: str, width: float, size: float = 13) -> list[str]:
    """Return the text as lines no wider than `width` pixels, broken at blanks (not at no-break spaces)."""
    lines = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and text_width(longer, size) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def ticks(low: float, high: float, most: int = 5, whole: bool = False) -> list[float]:
    """Return round axis values covering `low` to `high`, in about `most` steps, whole ones if asked."""
    if high <= low:
        high = low + 1
    raw = (high - low) / most
    magnitude = 10 ** math.floor(math.log10(raw))
    step = next(m * magnitude for m in (1, 2, 2.5, 5, 10) if m * magnitude >= raw * 0.999)
    if whole:
        step = max(1, math.ceil(step))
    first = math.floor(low / step + 1e-9)
    last = math.ceil(high / step - 1e-9)
    return [round(i * step, 10) for i in range(first, last + 1)]


def scale(low: float, high: float, start: float, stop: float) -> Callable[[float], float]:
    """Return the map from data (`low`..`high`) to pixels (`start`..`stop`)."""
    span = (high - low) or 1
    return lambda value: start + (value - low) / span * (stop - start)


class Board:
    """Collects the marks of one picture; `y` is the next free line below what is drawn."""

    def __init__(self, ident: str, title: str, description: str, width: int, subtitle: str = "") -> None:
        """Start a picture with a visible title, which is also its accessible name, and a text alternative."""
        self.ident = re.sub(r"[^A-Za-z0-9-]", "-", ident)
        self.title, self.description, self.width = title, description, width
        self.marks: list[str] = []
        self.y = 4.0
        for line in wrapped(title, width - 4, 17):
            self.y += 17
            self.text(0, self.y, line, "pt")
        for line in wrapped(subtitle, width - 4, 12) if subtitle else ():
            self.y += 16
            self.text(0, self.y, line, "ps")
        self.y += 10

    def add(self, tag: str, classes: str = "", **attributes: str | float) -> None:
        """Add one empty element; numbers are rounded, `_` in a name becomes `-`."""
        said = "".join(
            f' {name.replace("_", "-")}="{rounded(v) if isinstance(v, int | float) else escape(v)}"'
            for name, v in attributes.items()
        )
        self.marks.append(f"<{tag}{f' class={chr(34)}{classes}{chr(34)}' if classes else ''}{said}/>")

    def text(self, x: float, y: float, text: str, classes: str = "", anchor: str = "") -> None:
        """Add text with its baseline at `y`; `anchor` is middle or end."""
        said = f' class="{classes}"' if classes else ""
        said += f' text-anchor="{anchor}"' if anchor else ""
        self.marks.append(f'<text{said} x="{rounded(x)}" y="{rounded(y)}">{escape(text, quote=False)}</text>')

    def line(self, points: Sequence[tuple[float, float]], classes: str) -> None:
        """Add an unfilled line through the points."""
        if len(points) == 2:
            (x1, y1), (x2, y2) = points
            self.add("line", classes, x1=x1, y1=y1, x2=x2, y2=y2)
        else:
            self.add("polyline", classes, points=" ".join(f"{rounded(x)},{rounded(y)}" for x, y in points))

    def bar(self, x: float, y: float, width: float, height: float, classes: str) -> None:
        """Add a bar; one of some size is at least a pixel wide."""
        self.add("rect", classes, x=x, y=y, width=max(width, 1), height=height)

    def hatched(
        self, x: float, y: float, width: float, height: float, ground: str = "phb", stripes: str = "phl"
    ) -> None:
        """Add a bar whose slanting lines tell it from a filled one without colour."""
        width = max(width, 1)
        self.add("rect", ground, x=x, y=y, width=width, height=height)
        steps = int((width + height) // 8)
        parts = []
        for i in range(1, steps + 1):
            left, right = max(0.0, i * 8 - height), min(width, i * 8.0)
            if right > left:
                parts.append(
                    f"M{rounded(x + left)} {rounded(y + i * 8 - left)}"
                    f"L{rounded(x + right)} {rounded(y + i * 8 - right)}"
                )
        if parts:
            self.add("path", stripes, d="".join(parts))

    def diamond(self, x: float, y: float, size: float, classes: str) -> None:
        """Add a square stood on its corner, `size` from its middle to each corner."""
        corners = ((x, y - size), (x + size, y), (x, y + size), (x - size, y))
        self.add("polygon", classes, points=" ".join(f"{rounded(a)},{rounded(b)}" for a, b in corners))

    def legend(self, entries: Sequence[tuple[Callable[[float, float], object], str]]) -> None:
        """Add samples with their names in a row that wraps; each drawer gets the corner of a box of 26 x 12."""
        x = 0.0
        for draw, name in entries:
            wide = 34 + text_width(name, 12) + 18
            if x and x + wide - 18 > self.width:
                x, self.y = 0.0, self.y + 18
            draw(x, self.y)
            self.text(x + 32, self.y + 11, fitted(name, self.width - x - 32, 12), "ps")
            x += wide
        self.y += 26

    def step_labels(self, places: Sequence[float], shown: Sequence[str], y: float) -> None:
        """Add every n-th label below an axis of even steps, the last always, as many as have room."""
        wide = max((text_width(label, 12) for label in shown), default=0)
        at = [min(max(place, wide / 2), self.width - wide / 2) for place in places]
        for step in range(1, len(at) + 1):
            chosen = range((len(at) - 1) % step, len(at), step)
            if all(at[j] - at[i] >= wide + 8 for i, j in pairwise(chosen)):
                for i in chosen:
                    self.text(at[i], y, shown[i], "pa pv", "middle")
                return

    def x_labels(self, places: Sequence[float], shown: Sequence[str], y: float, left: float = 0) -> None:
        """Add labels below an axis, those left out that would touch the one before or the last."""
        last_end = -1e9
        for i, (place, label) in enumerate(zip(places, shown, strict=True)):
            half = text_width(label, 12) / 2
            place = min(max(place, left + half), self.width - half)
            is_last = i == len(shown) - 1
            wide = text_width(shown[-1], 12)
            final_start = min(places[-1], self.width - wide / 2) - wide / 2
            if place - half < last_end + 8 or (not is_last and place + half > final_start - 8):
                continue
            self.text(place, y, label, "pa pv", "middle")
            last_end = place + half

    def svg(self, bottom: float = 6) -> str:
        """Return the picture; put `PICTURE_CSS` on the page, or use `standalone`."""
        height = math.ceil(self.y + bottom)
        size = f'viewBox="0 0 {self.width} {height}" width="{self.width}" height="{height}"'
        label = f'aria-labelledby="{self.ident}-t {self.ident}-d"'
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="pic" role="img" {size} {label}>'
            f'<title id="{self.ident}-t">{escape(self.title, quote=False)}</title>'
            f'<desc id="{self.ident}-d">{escape(self.description, quote=False)}</desc>' + "".join(self.marks) + "</svg>"
        )


def standalone(svg: str) -> str:
    """Return a picture as a file of its own: stylesheet inside, white ground for dark pages."""
    head, mark, rest = svg.partition("</desc>")
    ground = '<rect width="100%" height="100%" fill="#fff"/>'
    return f"{head}{mark}<style>{_MARKS_CSS}</style>{ground}{rest}\n"
