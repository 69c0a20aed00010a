"""Rates by area: classes, small numbers, outlines, names that do not collide."""

import json
import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fut.errors import InputError
from reporting import svg
from reporting.format import NBSP, share
from reporting.pictures.classes import class_of, fixed_classes, natural_classes
from reporting.pictures.shapes import crossings, fit, label_places, stripes
from tests.reporting.pictured import HOSTILE, NS, corners, drawn, kept, parsed, said


def _square(key: str, west: float, south: float, side: float = 0.1) -> dict[str, object]:
    ring = [[west, south], [west + side, south], [west + side, south + side], [west, south + side], [west, south]]
    geometry = {"type": "Polygon", "coordinates": [ring]}
    return {"type": "Feature", "properties": {"area": key, "name": f"Namn {key}"}, "geometry": geometry}


def _collection(*features: dict[str, object]) -> dict[str, object]:
    return {"type": "FeatureCollection", "features": list(features)}


GRID = svg.read_shapes(_collection(*(_square(f"A{i}", 18 + i % 4 * 0.1, 61 + i // 4 * 0.1) for i in range(12))))
AREAS = [svg.AreaRate(f"A{i}", f"Område {i}", i / 50, 20 + i) for i in range(9)] + [
    svg.AreaRate("A9", "Litet", 0.9, 4),
    svg.AreaRate("A10", "Tomt", None, 30),
]
PICTURES = {
    "map": lambda w: svg.area_map(AREAS, GRID, width=w),
    "map-none": lambda w: svg.area_map([], GRID, width=w),
    "map-one": lambda w: svg.area_map(AREAS[:1], {"A0": GRID["A0"]}, width=w),
    "map-wide": lambda w: svg.area_map(AREAS, {k: GRID[k] for k in ("A0", "A1", "A2", "A3")}, width=w),
    "map-hostile": lambda w: svg.area_map([svg.AreaRate("A1", HOSTILE, 0.1, 9)], GRID, HOSTILE, HOSTILE, width=w),
    "bars": lambda w: svg.area_map(AREAS, width=w),
    "bars-many": lambda w: svg.area_map([svg.AreaRate(f"{i}", HOSTILE, i, 9) for i in range(60)], width=w),
    "bars-signed": lambda w: svg.area_map([svg.AreaRate("1", "Under", -0.1, 9)], width=w),
    "bars-empty": lambda w: svg.area_map([], width=w),
    "bars-small": lambda w: svg.area_map(AREAS[9:10], width=w),
}


@pytest.mark.parametrize("width", [svg.WIDE, svg.NARROW])
@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_keeps_the_house_rules(name, width):
    kept(PICTURES[name], width)
    assert "<script" not in PICTURES[name](width)


@pytest.mark.parametrize("name", ["map", "bars"])
def test_map_and_bars_tell_the_same_rates(name):
    told = said(PICTURES[name](svg.WIDE))
    assert [f"Område {i}: {share(i / 50)}" in told for i in range(9)] == [True] * 9
    assert "Tomt: uppgift saknas" in told
    assert said(PICTURES["map"](svg.WIDE)).removesuffix("; Namn A11: uppgift saknas.") == said(
        PICTURES["bars"](svg.WIDE)
    ).removesuffix(".")


@pytest.mark.parametrize("name", ["map", "bars", "bars-small"])
def test_areas_with_few_clients_show_no_rate(name):
    text = PICTURES[name](svg.WIDE)
    assert share(0.9) not in text
    assert "Litet: visas inte, färre än 5 brukare" in said(text)
    enough = svg.area_map([svg.AreaRate("A9", "Litet", 0.9, svg.LEAST_CLIENTS)])
    assert share(0.9) in drawn(enough)
    assert share(0.9) not in svg.area_map([svg.AreaRate("A9", "Litet", 0.9, None)])


def test_areas_without_data_are_hatched():
    text = PICTURES["map"](svg.WIDE)
    assert text.count('<path class="phb"') == 2, "one without a rate, one the data do not know"
    assert "Uppgift saknas" in drawn(text)
    full = svg.area_map(AREAS[:4], {f"A{i}": GRID[f"A{i}"] for i in range(4)})
    assert "phl" not in full
    assert "Uppgift saknas" not in drawn(full)


def test_an_area_belongs_to_its_feature_id_and_is_named_when_it_has_no_outline():
    area = svg.AreaRate("centrum", "Centrum", 0.1, 9, feature_id="A3")
    text = svg.area_map([area, svg.AreaRate("nytt", "Nytt", 0.2, 9)], GRID)
    assert text.count('<path class="pm1"') + text.count('<path class="pm5"') == 1
    assert "Saknar yta på kartan: Nytt." in drawn(text)


def test_the_legend_states_the_values_the_classes_hold():
    text = drawn(PICTURES["map"](svg.WIDE))
    assert f"{share(0.0)}–{share(0.02)} (2{NBSP}områden)" in text
    assert len({c for c in ("pm1", "pm2", "pm3", "pm4", "pm5") if f'class="{c}"' in PICTURES["map"](svg.WIDE)}) == 5
    fixed = svg.area_map(AREAS, GRID, limits=(0.05, 0.1))
    assert f"{share(0.05)}–{share(0.1)} (3{NBSP}områden)" in drawn(fixed)


@pytest.mark.parametrize("limits", [(0.2, 0.1), (0.1, 0.1), (1, 2, 3, 4, 5)])
def test_limits_that_are_none_are_refused(limits):
    with pytest.raises(ValueError, match="rising"):
        svg.area_map(AREAS, GRID, limits=limits)


@pytest.mark.parametrize("width", [svg.WIDE, svg.NARROW])
def test_names_do_not_collide(width):
    root = parsed(svg.area_map(AREAS, GRID, width=width))
    names = [m for m in root.iter(f"{NS}text") if "plab" in (m.get("class") or "")]
    assert names
    places = [(float(m.get("x")), float(m.get("y"))) for m in names]
    for i, (x, y) in enumerate(places):
        for a, b in places[:i]:
            assert abs(y - b) > 11 or abs(x - a) > 30


def test_the_highest_keep_a_number_where_their_name_has_no_room():
    tiny = svg.read_shapes(_collection(_square("A0", 18.0, 61.0, 1.0), _square("A1", 19.0, 61.0, 0.01)))
    text = svg.area_map([svg.AreaRate("A0", "Stort", 0.1, 9), svg.AreaRate("A1", "Mycket litet", 0.5, 9)], tiny)
    assert text.count('class="pnum"') == 1
    assert f"1.{NBSP}Mycket{NBSP}litet{NBSP}({share(0.5)})" in drawn(text)


def test_a_municipality_keeps_its_form():
    outlines, height = fit({"A0": GRID["A0"]}, 400, 400)
    (ring,) = outlines["A0"]
    wide = max(x for x, _ in ring) - min(x for x, _ in ring)
    assert height == 400
    assert wide / height == pytest.approx(math.cos(math.radians(61.05)))


def test_a_hole_is_neither_hatched_nor_named():
    outer = [(0.0, 0.0), (30.0, 0.0), (30.0, 30.0), (0.0, 30.0)]
    hole = [(5.0, 5.0), (25.0, 5.0), (25.0, 25.0), (5.0, 25.0)]
    assert crossings([outer, hole], 15) == [(0, 5), (25, 30)]
    assert not [p for p in label_places([outer, hole]) if 5 < p[0] < 25 and 5 < p[1] < 25]
    middles = [((a + c) / 2, (b + d) / 2) for (a, b), (c, d) in stripes([outer, hole])]
    assert middles
    assert not [m for m in middles if 5 < m[0] < 25 and 5 < m[1] < 25]


@given(st.lists(st.floats(0, 1), max_size=60))
def test_classes_hold_every_value_once_and_never_part_equals(values):
    classes = natural_classes(values, share)
    assert len(classes) <= 5
    assert all(low <= high for low, high in classes)
    assert all(a[1] < b[0] for a, b in pairwise(classes))
    for value in values:
        low, high = classes[class_of(value, classes) - 1]
        assert low <= value <= high
    assert len({share(v) for v in values}) >= len(classes)


def test_breaks_fall_where_the_values_part():
    values = [0.01, 0.011, 0.2, 0.21, 0.4, 0.5, 0.9, 0.91]
    assert natural_classes(values, share, 3) == [(0.01, 0.21), (0.4, 0.5), (0.9, 0.91)]
    assert fixed_classes([0.1, 0.9], (0.5,)) == [(0.0, 0.5), (0.5, 0.9)]


@pytest.mark.parametrize(
    ("given_json", "told"),
    [
        ([], "expected a GeoJSON FeatureCollection"),
        ({"type": "FeatureCollection", "features": "x"}, "expected a GeoJSON FeatureCollection"),
        (_collection({"type": "Feature", "properties": None, "geometry": None}), "feature 1 has neither an id"),
        (_collection(_square("A", 18, 61), _square("B", 674032, 6580822)), "feature 2 is not in degrees"),
        (_collection({"id": "A", "geometry": {"type": "Point", "coordinates": [1, 2]}}), "feature 1 is no Polygon"),
        (_collection({"id": "A", "geometry": {"type": "Polygon", "coordinates": [[["x", 1]]]}}), "cannot be read"),
        (_collection({"id": "A", "geometry": {"type": "Polygon", "coordinates": 7}}), "cannot be read"),
        (
            _collection({"id": "A", "geometry": {"type": "Polygon", "coordinates": [[[float("nan"), 1]] * 4]}}),
            "degrees",
        ),
        (_collection(7), "feature 1 is no object"),
    ],
)
def test_what_is_no_map_is_told_in_one_line(given_json, told):
    with pytest.raises(InputError, match=told):
        svg.read_shapes(given_json)


def test_a_file_is_named_when_it_cannot_be_used(tmp_path):
    path = tmp_path / "omraden.geojson"
    with pytest.raises(InputError, match=r"omraden\.geojson: cannot be read"):
        svg.load_shapes(path)
    path.write_text("{", "utf-8")
    with pytest.raises(InputError, match=r"omraden\.geojson: not readable JSON"):
        svg.load_shapes(path)
    path.write_text(json.dumps(_collection(_square("A", 900, 61))), "utf-8")
    with pytest.raises(InputError, match=r"omraden\.geojson: feature 1 is not in degrees"):
        svg.load_shapes(path)
    path.write_text("\ufeff" + json.dumps(_collection(_square("A", 18, 61))), "utf-8")
    assert svg.load_shapes(path)["A"].name == "Namn A"


def test_parts_of_one_area_are_joined_and_thinned():
    fine = [[18 + math.cos(i / 5000 * math.tau) / 10, 61 + math.sin(i / 5000 * math.tau) / 10] for i in range(5000)]
    fine.append(fine[0])
    islands = {"type": "MultiPolygon", "coordinates": [[fine], [[[19, 61], [19.1, 61], [19.1, 61.1], [19, 61]]]]}
    shapes = svg.read_shapes(_collection({"id": 7, "properties": {}, "geometry": islands}))
    assert list(shapes) == ["7"]
    text = svg.area_map([svg.AreaRate("7", "Öar", 0.1, 9)], shapes)
    (path,) = [m for m in parsed(text).iter(f"{NS}path") if m.get("class") == "pm1"]
    assert (path.get("d") or "").count("M") == 2
    assert len(corners(path)) < 2000
