"""Pictures: valid SVG with a text alternative, never colour alone, no style attributes."""

import re
from decimal import Decimal
from xml.etree import ElementTree as ET

import pytest

from reporting import svg
from reporting.format import NBSP, share
from reporting.pictures.base import fitted, text_width, ticks, wrapped

ZERO = Decimal(0)
NS = "{http://www.w3.org/2000/svg}"
DRIFT = svg.DriftSeries(
    name="Leverantörsregister",
    measure="rader",
    is_money=False,
    months=("2026-08", "2026-09", "2026-10"),
    values=(100.0, None, 40.0),
    lower=(None, 80.0, 80.0),
    upper=(None, 120.0, 120.0),
    is_outside=(False, False, True),
)
PICTURES = {
    "rank": lambda w: svg.rank_curve([9000, -5000, 100], [60, 60, 60], 120, width=w),
    "rank-empty": lambda w: svg.rank_curve([], width=w),
    "rank-zero": lambda w: svg.rank_curve([ZERO, ZERO], [30, 30], 0, width=w),
    "reasons": lambda w: svg.reasons_bars([svg.ReasonBar("SP01", "Samma <faktura> & dag", Decimal(-50), 1)], width=w),
    "reasons-empty": lambda w: svg.reasons_bars([], width=w),
    "coverage": lambda w: svg.coverage_bars([svg.CoverageBar("SP01", "Dubbel", Decimal(10), Decimal(30))], width=w),
    "coverage-none": lambda w: svg.coverage_bars([svg.CoverageBar("SP01", "Dubbel", ZERO, ZERO)], width=w),
    "drift": lambda w: svg.drift_panels([DRIFT, DRIFT], width=w),
    "drift-empty": lambda w: svg.drift_panels([], width=w),
    "bars": lambda w: svg.bars(["a", "b"], {"x": [0.5, None], "y": [1, 0]}, "Titel", show=share, width=w),
    "lines": lambda w: svg.lines([1, 10, 100], {"x": [1, None, 3], "y": [2, 2, 2]}, "Titel", width=w),
    "lines-text": lambda w: svg.lines(["jan", "feb"], {"x": [-1, 1]}, "Titel", width=w),
    "lines-empty": lambda w: svg.lines([], {}, "Titel", width=w),
}


def _parsed(text: str) -> ET.Element:
    return ET.fromstring(text)


@pytest.mark.parametrize("width", [svg.WIDE, svg.NARROW])
@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_valid_named_and_inside_its_frame(name, width):
    text = PICTURES[name](width)
    root = _parsed(text)
    assert text == PICTURES[name](width)
    assert root.get("role") == "img"
    ids = {e.get("id"): e.text for e in root if e.tag in (f"{NS}title", f"{NS}desc")}
    assert all(ids[i].strip() for i in root.get("aria-labelledby").split())
    _, _, wide, high = (float(v) for v in root.get("viewBox").split())
    assert wide == width
    for mark in root.iter():
        assert mark.get("style") is None
        assert mark.get("href") is None
        if mark.tag == f"{NS}rect":
            assert float(mark.get("x")) >= 0
            assert float(mark.get("x")) + float(mark.get("width")) <= wide + 0.2
        if mark.tag == f"{NS}text":
            assert 0 <= float(mark.get("x")) <= wide
            assert 0 < float(mark.get("y")) <= high


def test_a_picture_alone_carries_its_stylesheet_and_parses():
    root = _parsed(svg.standalone(PICTURES["rank"](svg.WIDE)))
    assert ".pic" in root.find(f"{NS}style").text
    assert "width:100%" not in root.find(f"{NS}style").text, "an image keeps its own size"


def test_rank_curve_tells_where_the_time_ends():
    text = PICTURES["rank"](svg.WIDE)
    assert f"Tiden för listan, 2{NBSP}tim, räcker till rang 2: 14{NBSP}000{NBSP}kr, 99{NBSP}% av listan" in text
    assert 'class="pcap"' in text
    whole = svg.rank_curve([9000, 100], [60, 60], 120)
    assert "Hela listan ryms i sin tid" in whole
    assert 'class="pcap"' not in whole


def test_reach_counts_whole_payments_only():
    assert svg.reach([60, 60, 60], 120) == 2
    assert svg.reach([60, 60, 60], 119) == 1
    assert svg.reach([60], None) is None


def test_reasons_beyond_the_most_are_added_up():
    many = [svg.ReasonBar(f"SP{i:02d}", "Skäl", Decimal(100 - i), 1) for i in range(12)]
    text = svg.reasons_bars(many, most=10)
    assert f"Övriga 3 indikatorer: 270{NBSP}kr, 3{NBSP}betalningar" in text


def test_coverage_says_what_was_not_tested():
    assert f"25{NBSP}% prövat" in PICTURES["coverage"](svg.WIDE)
    assert 'class="phl"' in PICTURES["coverage"](svg.WIDE)
    assert "inget att pröva" in PICTURES["coverage-none"](svg.WIDE)
    full = svg.coverage_bars([svg.CoverageBar("SP01", "Dubbel", Decimal(10), ZERO)])
    assert full.count('class="phl"') == 1, "only the legend is hatched"


def test_drift_rings_months_outside_their_fences():
    text = svg.drift_panels([DRIFT])
    assert text.count('class="pring"') == 1
    assert "utanför gränserna 2026-10" in text
    calm = svg.drift_panels([svg.DriftSeries("T", "rader", False, ("2026-10",), (1.0,), (None,), (None,), (False,))])
    assert "pring" not in calm
    assert "inom gränserna" in calm


@pytest.mark.parametrize(
    ("labels", "series", "told"),
    [
        (["a"], {"x": [1, 2]}, "2 values for 1 labels"),
        (["a"], {str(i): [1] for i in range(5)}, "more than 4"),
        (["a"], {"x": [-1]}, "values >= 0"),
    ],
)
def test_bars_refuse_what_they_cannot_draw_truly(labels, series, told):
    with pytest.raises(ValueError, match=told):
        svg.bars(labels, series, "Titel")


def test_axis_values_are_round_and_cover_the_data():
    assert ticks(0, 97, 5) == [0, 20, 40, 60, 80, 100]
    assert ticks(0, 3, 8, whole=True) == [0, 1, 2, 3]
    assert ticks(5, 5)[0] <= 5 <= ticks(5, 5)[-1]


def _luminance(colour: str) -> float:
    parts = [
        int(colour[i : i + len(colour) // 3] * (2 if len(colour) == 3 else 1), 16) / 255
        for i in range(0, len(colour), len(colour) // 3)
    ]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_text_and_marks_stand_out_from_a_white_ground():
    texts = re.findall(r"\.(?:pt|ps|pwarn|pic text)[^{]*\{[^}]*fill:#(\w+)", svg.PICTURE_CSS)
    marks = re.findall(r"\.(?:[pl][1-4]|pcap|pring|phl)\{(?:[^}]*?)(?:stroke|fill):#([0-9a-f]{6})", svg.PICTURE_CSS)
    assert len(texts) >= 4
    assert len(marks) >= 8
    assert min(_contrast(c, "ffffff") for c in texts) >= 4.5
    assert min(_contrast(c, "ffffff") for c in marks) >= 3


def test_text_is_cut_or_wrapped_to_its_room():
    assert fitted("Kort", 200) == "Kort"
    cut = fitted("Ett mycket långt namn på en leverantör", 100)
    assert cut.endswith("…")
    assert text_width(cut) <= 100
    assert " ".join(wrapped("ett två tre fyra", 60)) == "ett två tre fyra"
    assert len(wrapped("ett två tre fyra", 60)) > 1


def test_pictures_keep_their_white_ground_where_a_system_forces_its_own_colours():
    """Under the dark contrast themes of Windows the ground turned black and the text on it stayed dark."""
    (rule,) = re.findall(r"svg\.pic\{([^}]*)\}", svg.PICTURE_CSS)
    assert {"background:#fff", "forced-color-adjust:none"} <= set(rule.split(";"))
