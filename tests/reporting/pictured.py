"""Pictures drawn for tests, and what every one of them must keep."""

import re
from collections.abc import Callable
from xml.etree import ElementTree as ET

from reporting.pictures.base import text_width

NS = "{http://www.w3.org/2000/svg}"
HOSTILE = '<script>alert(1)</script> & "x" \u202e=1+1'
_NUMBERS = re.compile(r"-?\d+(?:\.\d+)?")


def parsed(text: str) -> ET.Element:
    """Return the picture's root element."""
    return ET.fromstring(text)


def said(text: str) -> str:
    """Return the text alternative."""
    return parsed(text).findtext(f"{NS}desc") or ""


def drawn(text: str) -> str:
    """Return all visible text."""
    return " ".join(mark.text or "" for mark in parsed(text).iter(f"{NS}text"))


def kept(draw: Callable[[int], str], width: int) -> ET.Element:
    """Assert that a picture is the same twice, named, without style or links, and wholly inside its frame."""
    text = draw(width)
    root = parsed(text)
    assert text == draw(width)
    assert root.get("role") == "img"
    ids = {e.get("id"): e.text for e in root if e.tag in (f"{NS}title", f"{NS}desc")}
    assert all((ids[i] or "").strip() for i in (root.get("aria-labelledby") or "").split())
    _, _, wide, high = (float(v) for v in (root.get("viewBox") or "").split())
    assert wide == width
    for mark in root.iter():
        assert mark.tag.removeprefix(NS) in {
            "svg", "title", "desc", "text", "rect", "line", "polyline", "polygon", "path", "circle",
        }  # fmt: skip
        assert not {"style", "href", "onload", "onclick"} & set(mark.keys())
        for x, y in corners(mark):
            assert -0.1 <= x <= wide + 0.2, (mark.tag, mark.attrib)
            assert -0.1 <= y <= high + 0.2, (mark.tag, mark.attrib)
    return root


def corners(mark: ET.Element) -> list[tuple[float, float]]:
    """Return the points a mark reaches; of a path those given absolutely."""

    def at(*names: str) -> list[float]:
        return [float(mark.get(name) or 0) for name in names]

    match mark.tag.removeprefix(NS):
        case "rect":
            x, y, wide, high = at("x", "y", "width", "height")
            assert wide >= 0
            assert high >= 0
            return [(x, y), (x + wide, y + high)]
        case "circle":
            x, y, r = at("cx", "cy", "r")
            return [(x - r, y - r), (x + r, y + r)]
        case "line":
            x1, y1, x2, y2 = at("x1", "y1", "x2", "y2")
            return [(x1, y1), (x2, y2)]
        case "text":
            x, y = at("x", "y")
            wide = text_width(mark.text or "", 11.5)
            start = {"middle": x - wide / 2, "end": x - wide}.get(mark.get("text-anchor") or "", x)
            return [(start, y), (start + wide, y)]
        case "polygon" | "polyline":
            found = [float(v) for v in _NUMBERS.findall(mark.get("points") or "")]
            return list(zip(found[::2], found[1::2], strict=True))
        case "path":
            place = (mark.get("d") or "").split("l")[0]
            found = [float(v) for v in _NUMBERS.findall(place)]
            return list(zip(found[::2], found[1::2], strict=True))
    return []
