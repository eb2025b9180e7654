"""Places as tokens: a point stands in one web-mercator tile per zoom, a circle is a set of tiles.

A circle is answered by the engine: tiles wholly inside count without looking, tiles on its edge
are looked at one by one. Source of the tile scheme: OpenStreetMap "slippy map tilenames".
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from functools import lru_cache

__all__ = ["ZOOMS", "blocks", "circle", "distance", "distances", "middle", "tile", "tokens"]

ZOOMS = range(4, 19)  # 4: 2,500 km a side at the equator; 18: 150 m, 120 m in Athens
_RIM = 300  # tiles on an edge that are parted no more
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
    x, y = tile(lat, lon, ZOOMS[-1])
    return [_token(zoom, x >> (ZOOMS[-1] - zoom), y >> (ZOOMS[-1] - zoom)) for zoom in ZOOMS]


def _token(zoom: int, x: int, y: int) -> str:
    return f"{zoom}/{x}/{y}"


def blocks(lat: float, lon: float) -> Iterator[tuple[list[str], float]]:
    """Nine tiles around a point and about how far their farthest corner is (km, at most), from the smallest block on."""
    for zoom in range(16, ZOOMS[0] - 1, -1):
        x, y = tile(lat, lon, zoom)
        last = (1 << zoom) - 1
        cols, rows = range(max(0, x - 1), min(last, x + 1) + 1), range(max(0, y - 1), min(last, y + 1) + 1)
        yield [_token(zoom, col, row) for col in cols for row in rows], 2.9 * _side(zoom, max(0.0, abs(lat) - 1))


def distance(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Great-circle distance in km (haversine)."""
    lat1, lon1, lat2, lon2 = map(math.radians, (*a, *b))
    h = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * _EARTH * math.asin(min(1.0, math.sqrt(h)))


def distances(near: tuple[float, float], points: Iterable[tuple[float, float]]) -> list[float]:
    """The same from one point to many, with less said twice."""
    lat, lon, half = math.radians(near[0]), math.radians(near[1]), math.pi / 360
    sin, cos, asin, sqrt = math.sin, math.cos, math.asin, math.sqrt
    flat, double = cos(lat), 2 * half
    found = []
    for north, east in points:
        up, side = sin(north * half - lat / 2), sin(east * half - lon / 2)
        h = up * up + flat * cos(north * double) * side * side
        found.append(2 * _EARTH * asin(sqrt(h) if h < 1.0 else 1.0))
    return found


def middle(token: str) -> tuple[float, float]:
    """The middle of a tile (degrees)."""
    south, west, north, east = _bounds(*map(int, token.split("/")))
    return (south + north) / 2, (west + east) / 2


def _bounds(zoom: int, x: int, y: int) -> tuple[float, float, float, float]:
    """South, west, north and east of a tile (degrees)."""
    wide = 360.0 / (1 << zoom)
    return _north(zoom, y + 1), x * wide - 180.0, _north(zoom, y), (x + 1) * wide - 180.0


@lru_cache(maxsize=20_000)
def _north(zoom: int, y: int) -> float:
    return math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * y / (1 << zoom)))))


def circle(lat: float, lon: float, km: float, *, parts: int = 8) -> tuple[list[str], list[str]]:
    """(tokens wholly inside, tokens on the edge) of a circle.

    Tiles on the edge are parted until ``parts`` of them span the radius, or there are many of them: the large ones
    inside stay whole. With 8 parts about 80 tokens hold what is inside, and a quarter of evenly spread points stands
    on the edge; twice the parts, twice the tokens, and half the points.
    """
    inside: list[str] = []
    zoom, rim = _around(lat, lon, km)
    finest = _side(zoom, lat)
    while True:
        left: list[tuple[int, int]] = []
        for x, y in rim:
            bounds = _bounds(zoom, x, y)
            if _holds(lat, lon, km, bounds):
                inside.append(_token(zoom, x, y))
            elif _reached(lat, lon, km, bounds):
                left.append((x, y))
        if finest * parts <= km or zoom == ZOOMS[-1] or len(left) > _RIM:
            return inside, [_token(zoom, x, y) for x, y in left]
        zoom, finest = zoom + 1, finest / 2
        rim = [(2 * x + dx, 2 * y + dy) for x, y in left for dx in (0, 1) for dy in (0, 1)]


def _around(lat: float, lon: float, km: float) -> tuple[int, list[tuple[int, int]]]:
    """The finest zoom at which at most 30 tiles hold the circle, and those tiles."""
    dlat = math.degrees(km / _EARTH)
    dlon = math.degrees(km / _EARTH / max(0.05, math.cos(math.radians(lat))))
    zoom, found = ZOOMS[0], list[tuple[int, int]]()
    for candidate in ZOOMS:
        west, north = tile(lat + dlat, lon - dlon, candidate)
        east, south = tile(lat - dlat, lon + dlon, candidate)
        if found and (east - west + 1) * (south - north + 1) > 30:
            break
        zoom, found = candidate, [(x, y) for x in range(west, east + 1) for y in range(north, south + 1)]
    return zoom, found


def _side(zoom: int, lat: float) -> float:
    """The side of a tile at a latitude, in km."""
    return float(math.tau * _EARTH * max(0.05, math.cos(math.radians(lat))) / (1 << zoom))


def _holds(lat: float, lon: float, km: float, bounds: tuple[float, float, float, float]) -> bool:
    """Whether a circle holds a tile: its corners on the side that is farther from the middle of the circle."""
    south, west, north, east = bounds
    far = west if lon - west > east - lon else east
    return distance((lat, lon), (south, far)) <= km and distance((lat, lon), (north, far)) <= km


def _reached(lat: float, lon: float, km: float, bounds: tuple[float, float, float, float]) -> bool:
    """Whether the circle may touch the tile: its nearest point, with a margin for the roundness of the earth."""
    south, west, north, east = bounds
    nearest = min(max(lat, south), north), min(max(lon, west), east)
    return distance((lat, lon), nearest) <= km * 1.02 + 0.01 or abs(lat) > 70
