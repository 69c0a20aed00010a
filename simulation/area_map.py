"""A made-up map of the simulated areas: each gets the land about its centre, up to its neighbours'."""

import json
import math
from collections.abc import Sequence
from pathlib import Path

from simulation.geography import Areas

Point = tuple[float, float]
ORIGIN = (18.5, 61.5)  # degrees east and north: open sea, so that nobody takes the town for a real one
KM_PER_DEGREE = 111.195
CORNERS = 24
REACH_KM = (2.6, 4.2, 6.5)  # urban, suburban, rural: hardly anybody lives farther from the centre


def write_area_map(path: Path, areas: Areas, ids: Sequence[str], names: Sequence[str]) -> None:
    """Write the areas as GeoJSON (WGS 84) with their id and name; equal areas give equal bytes."""
    centres = [(float(x), float(y)) for x, y in zip(areas.x_km, areas.y_km, strict=True)]
    reach = [REACH_KM[int(kind)] for kind in areas.kind]
    features = [
        {
            "type": "Feature",
            "id": key,
            "properties": {"area": key, "name": name},
            "geometry": {"type": "Polygon", "coordinates": [_degrees(cell)]},
        }
        for key, name, cell in zip(ids, names, cells(centres, reach), strict=True)
    ]
    text = json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False, separators=(",", ":"))
    path.write_text(text + "\n", encoding="utf-8")


def cells(centres: Sequence[Point], reach_km: Sequence[float]) -> list[list[Point]]:
    """Return for each centre the land within its reach and nearer to it than to others: corners in km, anticlockwise."""
    turns = [2 * math.pi * i / CORNERS for i in range(CORNERS)]
    found = []
    for own, reach in zip(centres, reach_km, strict=True):
        cell = [(own[0] + reach * math.cos(t), own[1] + reach * math.sin(t)) for t in turns]
        for other in centres:
            if other != own:
                cell = _nearer(cell, own, other)
        found.append(cell)
    return found


def _nearer(cell: list[Point], own: Point, other: Point) -> list[Point]:
    """Return the part of a convex cell that lies nearer to `own` than to `other`."""
    (ax, ay), (bx, by) = own, other

    def beyond(point: Point) -> float:
        return (point[0] - (ax + bx) / 2) * (bx - ax) + (point[1] - (ay + by) / 2) * (by - ay)

    kept = []
    for here, after in zip(cell, [*cell[1:], *cell[:1]], strict=True):
        one, two = beyond(here), beyond(after)
        if one <= 0:
            kept.append(here)
        if (one < 0 < two) or (two < 0 < one):
            part = one / (one - two)
            kept.append((here[0] + part * (after[0] - here[0]), here[1] + part * (after[1] - here[1])))
    return kept


def _degrees(cell: Sequence[Point]) -> list[list[float]]:
    squeeze = KM_PER_DEGREE * math.cos(math.radians(ORIGIN[1]))
    ring = [[round(ORIGIN[0] + x / squeeze, 5), round(ORIGIN[1] + y / KM_PER_DEGREE, 5)] for x, y in cell]
    return [*ring, ring[0]]
