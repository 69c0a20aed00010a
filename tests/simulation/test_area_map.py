"""The map of the simulated areas: theirs alone, inside one another's borders, the same bytes again."""

import json
import math
from itertools import pairwise

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulation.area_map import ORIGIN, cells, write_area_map
from simulation.geography import Areas


def _area(ring: list[list[float]]) -> float:
    return sum(a * d - c * b for (a, b), (c, d) in pairwise(ring)) / 2


def test_the_map_lies_beside_the_inbox_and_knows_the_deliverys_areas(hard):
    out, _ = hard
    drawn = json.loads((out / "areas.geojson").read_text("utf-8"))
    assert drawn["type"] == "FeatureCollection"
    told = pl.read_parquet(out / "inbox" / "areas.parquet")
    assert [f["id"] for f in drawn["features"]] == told["area"].to_list()
    assert [f["properties"]["name"] for f in drawn["features"]] == told["name"].to_list()
    assert not list((out / "inbox").glob("*.geojson"))
    for feature in drawn["features"]:
        (ring,) = feature["geometry"]["coordinates"]
        assert ring[0] == ring[-1]
        assert _area(ring) > 0, "anticlockwise, as RFC 7946 asks of an outer ring"
        assert all(abs(lon - ORIGIN[0]) < 2 and abs(lat - ORIGIN[1]) < 2 for lon, lat in ring)


@given(st.sets(st.tuples(st.integers(-20, 20), st.integers(-20, 20)), min_size=1, max_size=12))
def test_every_centre_is_in_its_own_cell_and_no_corner_nearer_to_another(centres):
    ordered = sorted((float(x), float(y)) for x, y in centres)
    reach = [2.0 + i % 3 for i in range(len(ordered))]
    for own, radius, cell in zip(ordered, reach, cells(ordered, reach), strict=True):
        assert len(cell) >= 3
        for corner in cell:
            assert math.dist(corner, own) <= radius + 1e-9
            assert math.dist(corner, own) <= min(math.dist(corner, other) for other in ordered) + 1e-9


def test_equal_areas_give_equal_bytes(tmp_path):
    areas = Areas(np.array([0, 1, 2], np.int8), np.array([0.0, 3.1, -9.0]), np.array([0.0, 1.0, 4.0]))
    for name in ("a", "b"):
        write_area_map(tmp_path / name, areas, ["A1", "A2", "A3"], ["Å", "Ä", "Ö"])
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    assert "Å" in (tmp_path / "a").read_text("utf-8")
    with pytest.raises(ValueError, match="zip"):
        write_area_map(tmp_path / "c", areas, ["A1"], ["Å"])
