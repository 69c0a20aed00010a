"""Areas on a map: outlines from GeoJSON, projected and fitted to a box, with a place for each name."""

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fut.errors import InputError

Point = tuple[float, float]
Ring = list[Point]
KEYS = ("area", "geojson_feature_id", "id")
NEAREST = 0.6  # pixels between two kept corners


@dataclass(frozen=True, slots=True)
class Shape:
    """One feature's outline in degrees: rings of its polygons, holes among them."""

    key: str
    name: str
    rings: tuple[tuple[Point, ...], ...]


def load_shapes(path: Path) -> dict[str, Shape]:
    """Read a GeoJSON file of areas as `read_shapes` does; raises InputError naming the file."""
    try:
        return read_shapes(json.loads(path.read_text(encoding="utf-8-sig")))
    except OSError as error:
        raise InputError(f"{path.name}: cannot be read ({error.strerror})") from None
    except (ValueError, RecursionError):
        raise InputError(f"{path.name}: not readable JSON") from None
    except InputError as error:
        raise InputError(f"{path.name}: {error}") from None


def read_shapes(geojson: Any) -> dict[str, Shape]:
    """Return the areas of a GeoJSON FeatureCollection (RFC 7946) by feature id, else by property `area` or `id`.

    Raises InputError naming the feature's number when it is no polygon in degrees (WGS 84) or has no id.
    """
    features = geojson.get("features") if isinstance(geojson, Mapping) else None
    if not isinstance(features, Sequence) or isinstance(features, str) or geojson.get("type") != "FeatureCollection":
        raise InputError("expected a GeoJSON FeatureCollection")
    found: dict[str, list[tuple[Point, ...]]] = {}
    names: dict[str, str] = {}
    for number, feature in enumerate(features, 1):
        key, name = _key_and_name(feature, number)
        found.setdefault(key, []).extend(_rings(feature, number))
        names.setdefault(key, name)
    return {key: Shape(key, names[key], tuple(rings)) for key, rings in found.items() if rings}


def _key_and_name(feature: Any, number: int) -> tuple[str, str]:
    if not isinstance(feature, Mapping):
        raise InputError(f"feature {number} is no object")
    said = feature.get("properties")
    properties = said if isinstance(said, Mapping) else {}
    keys = [feature.get("id"), *(properties.get(name) for name in KEYS)]
    key = next((k for k in keys if isinstance(k, str | int) and not isinstance(k, bool) and k != ""), None)
    if key is None:
        raise InputError(f"feature {number} has neither an id nor the property 'area'")
    name = properties.get("name")
    return str(key), name if isinstance(name, str) and name else str(key)


def _rings(feature: Mapping[str, Any], number: int) -> Iterable[tuple[Point, ...]]:
    said = feature.get("geometry")
    geometry: Mapping[str, Any] = said if isinstance(said, Mapping) else {}
    kind = geometry.get("type")
    if kind not in ("Polygon", "MultiPolygon"):
        raise InputError(f"feature {number} is no Polygon or MultiPolygon")
    polygons: Any = geometry.get("coordinates")
    try:
        for polygon in [polygons] if kind == "Polygon" else polygons:
            for ring in polygon:
                points = tuple((float(point[0]), float(point[1])) for point in ring)
                if any(not (abs(lon) <= 180 and abs(lat) <= 90) for lon, lat in points):
                    raise InputError(f"feature {number} is not in degrees: export it as WGS 84 (EPSG:4326)")
                if len(points) >= 4:
                    yield points
    except (TypeError, ValueError, IndexError, KeyError) as error:
        raise InputError(f"the coordinates of feature {number} cannot be read") from error


def fit(shapes: Mapping[str, Shape], width: float, tallest: float) -> tuple[dict[str, list[Ring]], float]:
    """Return every shape's rings in pixels inside `width` x the height returned, which is at most `tallest`.

    Equirectangular: a degree of longitude is as wide as at the middle latitude, so that a municipality keeps its form.
    """
    points = [p for shape in shapes.values() for ring in shape.rings for p in ring]
    if not points:
        return {}, 0.0
    west, east = min(x for x, _ in points), max(x for x, _ in points)
    south, north = min(y for _, y in points), max(y for _, y in points)
    squeeze = max(math.cos(math.radians((south + north) / 2)), 0.01)
    wide, high = max((east - west) * squeeze, 1e-9), max(north - south, 1e-9)
    zoom = min(width / wide, tallest / high)
    left = (width - wide * zoom) / 2
    projected = {
        key: [_thinned([(left + (x - west) * squeeze * zoom, (north - y) * zoom) for x, y in r]) for r in shape.rings]
        for key, shape in shapes.items()
    }
    return projected, high * zoom


def _thinned(ring: Ring) -> Ring:
    """Return the ring without corners nearer than NEAREST to the one before; a very small one stays as it is."""
    kept = ring[:1]
    for point in ring[1:-1]:
        if math.dist(point, kept[-1]) >= NEAREST:
            kept.append(point)
    return kept if len(kept) >= 3 else ring[:-1]


def area_of(rings: Iterable[Ring]) -> float:
    """Return the area of the largest ring in square pixels."""
    return max((abs(_signed(ring)) for ring in rings), default=0.0)


def _signed(ring: Ring) -> float:
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in zip(ring, [*ring[1:], ring[0]], strict=True)) / 2


def crossings(rings: Iterable[Ring], along: float) -> list[tuple[float, float]]:
    """Return where the line y = along runs inside the rings, from x to x, holes left out (even-odd rule)."""
    at = sorted(
        x1 + (along - y1) / (y2 - y1) * (x2 - x1)
        for ring in rings
        for (x1, y1), (x2, y2) in zip(ring, [*ring[1:], ring[0]], strict=True)
        if (y1 <= along) != (y2 <= along)
    )
    return list(zip(at[::2], at[1::2], strict=False))


def label_places(rings: Sequence[Ring], lines: int = 9) -> list[tuple[float, float, float]]:
    """Return points well inside the rings as (x, y, room across), the roomiest first."""
    largest = max(rings, key=lambda r: abs(_signed(r)))
    top, bottom = min(y for _, y in largest), max(y for _, y in largest)
    found = []
    for i in range(1, lines + 1):
        along = top + (bottom - top) * i / (lines + 1)
        for start, stop in crossings(rings, along):
            aside = abs(2 * i / (lines + 1) - 1)
            found.append(((stop - start) * (1 - 0.6 * aside), (start + stop) / 2, along, stop - start))
    return [(x, y, room) for _, x, y, room in sorted(found, key=lambda f: (-f[0], f[2], f[1]))]


def stripes(rings: Sequence[Ring], step: float = 7) -> list[tuple[Point, Point]]:
    """Return slanting lines inside the rings, `step` pixels apart: hatching without a pattern to refer to."""
    step *= math.sqrt(2)
    turned = [[(x - y, x + y) for x, y in ring] for ring in rings]
    low = min(v for ring in turned for _, v in ring)
    high = max(v for ring in turned for _, v in ring)
    first = math.ceil(low / step)
    found = []
    for i in range(first, math.floor(high / step) + 1):
        along = i * step
        for start, stop in crossings(turned, along):
            found.append((((along + start) / 2, (along - start) / 2), ((along + stop) / 2, (along - stop) / 2)))
    return found
