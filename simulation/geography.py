"""Areas, buildings and travel: a town, its suburbs and villages around, on a 100 m grid with a local origin."""

from dataclasses import dataclass

import numpy as np

from simulation.parameters import Geography, Scale
from simulation.streams import stream

AREA_TYPES = ("urban", "suburban", "rural")


@dataclass(frozen=True)
class Areas:
    """Areas by index: `kind` 0 urban, 1 suburban, 2 rural; `x_km`, `y_km` of the centre."""

    kind: np.ndarray
    x_km: np.ndarray
    y_km: np.ndarray

    @property
    def names(self) -> list[str]:
        """Area ids A01 ..."""
        return [f"A{n + 1:03d}" for n in range(len(self.kind))]


def make_areas(scale: Scale, geography: Geography, seed: int) -> Areas:
    """Return the municipality's areas; at least one of each kind."""
    rng = stream(seed, "areas")
    count = scale.areas
    rural = max(1, round(geography.area_share[2] * count))
    suburban = max(1, round(geography.area_share[1] * count))
    kind = np.repeat([0, 1, 2], [count - suburban - rural, suburban, rural])
    grow = (scale.inhabitants / 100_000) ** 0.5
    inner = np.array([0.0, geography.urban_radius_km * grow, geography.suburban_radius_km * max(grow, 0.5)])
    outer = np.array([inner[1], inner[2], max(geography.rural_radius_km, inner[2] * 1.6)])
    radius = np.sqrt(rng.uniform(inner[kind] ** 2, outer[kind] ** 2))
    angle = rng.uniform(0, 2 * np.pi, count)
    return Areas(kind.astype(np.int8), radius * np.cos(angle), radius * np.sin(angle))


@dataclass(frozen=True)
class Homes:
    """Where each client lives: area, building, household (-1: none shared), metres on a 100 m grid."""

    area: np.ndarray
    building: np.ndarray
    x_m: np.ndarray
    y_m: np.ndarray


def place_homes(count: int, areas: Areas, geography: Geography, service_house: tuple[float, int], seed: int) -> Homes:
    """Place `count` clients; `service_house` is (share of clients, clients per house)."""
    rng = stream(seed, "homes")
    share = np.array(geography.client_share)
    per_area = share[areas.kind] / np.bincount(areas.kind, minlength=3)[areas.kind]
    area = rng.choice(len(areas.kind), count, p=per_area / per_area.sum())
    in_house = (rng.random(count) < service_house[0]) & (areas.kind[area] < 2)
    building = np.arange(count)
    houses = max(1, round(in_house.sum() / service_house[1]))
    hosts = rng.choice(np.flatnonzero(in_house), houses) if in_house.any() else np.array([], int)
    if len(hosts):
        building[in_house] = hosts[rng.integers(0, len(hosts), in_house.sum())]
        building[hosts] = hosts
    neighbours = ~in_house & (areas.kind[area] == 0) & (rng.random(count) < 0.25)
    building[neighbours] = np.maximum(np.flatnonzero(neighbours) - 1, 0)
    spread = np.array([0.55, 0.9, 2.2])[areas.kind[area]]
    x_km = areas.x_km[area] + rng.normal(0, spread)
    y_km = areas.y_km[area] + rng.normal(0, spread)
    for _ in range(2):  # a neighbour's neighbour ends in the same building
        building = building[building]
    area, x_km, y_km = area[building], x_km[building], y_km[building]
    grid = 100
    x_m = np.round(x_km * 1000 / grid).astype(np.int32) * grid
    y_m = np.round(y_km * 1000 / grid).astype(np.int32) * grid
    return Homes(area.astype(np.int16), building.astype(np.int32), x_m, y_m)


def spatial_order(x_m: np.ndarray, y_m: np.ndarray) -> np.ndarray:
    """Return a key that sorts places near each other together (Morton order of the 100 m grid)."""
    key = np.zeros(len(x_m), np.int64)
    x = (x_m // 100 + 2048).astype(np.int64).clip(0, 4095)
    y = (y_m // 100 + 2048).astype(np.int64).clip(0, 4095)
    for bit in range(12):
        key |= (x >> bit & 1) << (2 * bit) | (y >> bit & 1) << (2 * bit + 1)
    return key


def travel_minutes(homes: Homes, kind: np.ndarray, a: np.ndarray, b: np.ndarray, geo: Geography) -> np.ndarray:
    """Return expected minutes from client a's home to client b's; `kind` is the area kind of each client.

    Straight line times a road factor at the destination's speed, plus minutes at the doors; half a minute inside
    one building.
    """
    metres = np.hypot(homes.x_m[a] - homes.x_m[b], homes.y_m[a] - homes.y_m[b])
    slower = np.maximum(kind[a], kind[b])
    speed = np.array(geo.speed_kmh)[slower] / 60.0
    minutes = geo.door_minutes + metres / 1000.0 * geo.road_factor / speed
    return np.where(homes.building[a] == homes.building[b], 0.6, minutes)
