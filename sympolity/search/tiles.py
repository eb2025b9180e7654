"""Places as tokens: a point stands in one web-mercator tile per zoom, a circle is a set of tiles.

A circle is answered by the engine: tiles wholly inside count without looking, tiles on its edge
are looked at one by one. Source of the tile scheme: OpenStreetMap "slippy map tilenames".
"""

from __future__ import annotations

import math
from collections.abc import Iterator

__all__ = ["ZOOMS", "circle", "distance", "tile", "tokens"]

ZOOMS = range(4, 15)  # 4: 2,500 km a side at the equator; 14: 2.4 km, 1.9 km in Athens
_EARTH = 6371.0088  # mean radius in km, IUGG
_MAX_LAT = 85.0511


def tile(lat: float, lon: float, zoom: int) -> tuple[int, int]:
    """Column and row of the tile that holds a point (degrees)."""
    count = 1 << zoom
    phi = math.radians(max(-_MAX_LAT, min(_MAX_LAT, lat)))
    x = int((lon + 180.0) / 360.0 * count)
    y = int((1.0 - math.asinh(math.tan(phi)) / math.pi) / 2.0 * count)
    return min(max(x, 0), count - 1), min(max(y, 0), count - 1)


def tokens(lat: float, lon: float) -> list[str]:
    """The tile tokens of a point, one per zoom."""
    return [_token(zoom, *tile(lat, lon, zoom)) for zoom in ZOOMS]


def _token(zoom: int, x: int, y: int) -> str:
    return f"{zoom}/{x}/{y}"


def distance(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Great-circle distance in km (haversine)."""
    lat1, lon1, lat2, lon2 = map(math.radians, (*a, *b))
    h = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * _EARTH * math.asin(min(1.0, math.sqrt(h)))


def _corners(zoom: int, x: int, y: int) -> Iterator[tuple[float, float]]:
    count = 1 << zoom
    for col in (x, x + 1):
        for row in (y, y + 1):
            lat = math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * row / count))))
            yield lat, col / count * 360.0 - 180.0


def circle(lat: float, lon: float, km: float) -> tuple[list[str], list[str]]:
    """(tokens wholly inside, tokens on the edge) of a circle: at most about 150 tokens together."""
    dlat = math.degrees(km / _EARTH)
    dlon = math.degrees(km / _EARTH / max(0.05, math.cos(math.radians(lat))))
    zoom = ZOOMS[0]
    for candidate in ZOOMS:
        west, north = tile(lat + dlat, lon - dlon, candidate)
        east, south = tile(lat - dlat, lon + dlon, candidate)
        if (east - west + 1) * (south - north + 1) > 150:
            break
        zoom = candidate
    west, north = tile(lat + dlat, lon - dlon, zoom)
    east, south = tile(lat - dlat, lon + dlon, zoom)
    inside: list[str] = []
    edge: list[str] = []
    for x in range(west, east + 1):
        for y in range(north, south + 1):
            whole = all(distance((lat, lon), corner) <= km for corner in _corners(zoom, x, y))
            (inside if whole else edge).append(_token(zoom, x, y))
    return inside, edge
