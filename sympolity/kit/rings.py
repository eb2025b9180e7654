"""Outlines on the globe as closed rings: kept as short text, made simpler, asked what lies inside.

A ring is an ``array("i")`` of latitude and longitude in turn, in steps of 1e-5 degrees (1.1 m)
of WGS 84; its last point joins its first. An area is a list of rings: islands and holes alike,
because a point lies inside when a line from it crosses the rings an odd number of times.

Sources: Encoded Polyline Algorithm Format (Google), Douglas and Peucker 1973 (simplification).
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterator, Sequence
from typing import NamedTuple

__all__ = [
    "STEP",
    "Box",
    "Ring",
    "box_of",
    "decoded",
    "encoded",
    "inner_point",
    "outline",
    "points_of",
    "size_of",
    "squared_distance",
]

STEP = 1e-5  # degrees
METRE = 1 / 1.11194926  # steps of latitude in a metre: mean radius of the Earth, IUGG
_FIRST = 63  # the first of the 64 characters of the format
_CORNERS = 3  # of the smallest ring

Ring = array  # of "i": lat, lon, lat, lon …
Point = tuple[int, int]


class Box(NamedTuple):
    """Between which latitudes and longitudes, in the unit of its maker."""

    south: float
    west: float
    north: float
    east: float

    def holds(self, lat: float, lon: float) -> bool:
        """Whether the point lies inside or on the edge."""
        return self.south <= lat <= self.north and self.west <= lon <= self.east

    def wider(self, lat: float, lon: float) -> Box:
        """The box with a margin on each side."""
        return Box(self.south - lat, self.west - lon, self.north + lat, self.east + lon)


def points_of(ring: Sequence[int]) -> list[Point]:
    """The points of a ring, the first not repeated."""
    return list(zip(ring[::2], ring[1::2], strict=True))


def box_of(rings: Sequence[Sequence[int]]) -> Box:
    """The box around rings, in steps; ValueError without any."""
    lats = [bound for ring in rings for bound in (min(ring[::2]), max(ring[::2]))]
    lons = [bound for ring in rings for bound in (min(ring[1::2]), max(ring[1::2]))]
    return Box(min(lats), min(lons), max(lats), max(lons))


def size_of(ring: Sequence[int]) -> float:
    """The area inside a ring in square steps of latitude, by the shoelace formula."""
    points = points_of(ring)
    narrow = math.cos(math.radians(ring[0] * STEP))
    return (
        abs(sum(a[1] * b[0] - b[1] * a[0] for a, b in zip(points, [*points[1:], points[0]], strict=True))) * narrow / 2
    )


def encoded(rings: Sequence[Sequence[int]]) -> str:
    """Rings as text: differences in printable characters, a blank between rings."""
    return " ".join("".join(_characters(ring)) for ring in rings)


def _characters(ring: Sequence[int]) -> Iterator[str]:
    before = [0, 0]
    for at, value in enumerate(ring):
        step = value - before[at & 1]
        before[at & 1] = value
        left = ~(step << 1) if step < 0 else step << 1
        while left >= 0x20:
            yield chr((0x20 | (left & 0x1F)) + _FIRST)
            left >>= 5
        yield chr(left + _FIRST)


def decoded(text: str) -> list[Ring[int]]:
    """The rings that :func:`encoded` wrote."""
    return [_ring(piece) for piece in text.split()]


def _ring(text: str) -> Ring[int]:
    ring = array("i")
    before = [0, 0]
    value = shift = axis = 0
    for byte in text.encode("ascii"):
        bits = byte - _FIRST
        value |= (bits & 0x1F) << shift
        if bits >= 0x20:
            shift += 5
            continue
        before[axis] += ~(value >> 1) if value & 1 else value >> 1
        ring.append(before[axis])
        axis ^= 1
        value = shift = 0
    return ring


def outline(rings: Sequence[Sequence[int]], *, metres: float, most: int) -> list[Ring[int]]:
    """Rings for drawing: a dropped point lies about ``metres`` from what is left, at most.

    Islands that would be specks are left out, the largest ring never. With more than ``most``
    points the tolerance grows until they fit.
    """
    largest = max(rings, key=size_of)
    found = [(ring, size_of(ring), ring is largest) for ring in rings]
    for _ in range(24):
        step = metres * METRE
        simpler = [
            (_simpler(ring, step), size, first) for ring, size, first in found if first or size > 4 * step * step
        ]
        found = [row for row in simpler if len(row[0]) >= 2 * _CORNERS] or found
        if sum(len(ring) for ring, _, _ in found) <= 2 * most:
            break
        metres *= 1.4
    return [array("i", ring) for ring, _, _ in found]


def _simpler(ring: Sequence[int], tolerance: float) -> Ring[int]:
    narrow = math.cos(math.radians(ring[0] * STEP))
    kept = _thinned(points_of(ring), tolerance)
    if len(kept) <= _CORNERS:
        return array("i", [axis for point in kept for axis in point])
    line = [(float(lat), lon * narrow) for lat, lon in kept]
    far = max(range(len(line)), key=lambda at: (line[at][0] - line[0][0]) ** 2 + (line[at][1] - line[0][1]) ** 2)
    line.append(line[0])
    corners = {0, far, *_corners(line, 0, far, tolerance**2), *_corners(line, far, len(line) - 1, tolerance**2)}
    return array("i", [axis for at in sorted(corners) if at < len(kept) for axis in kept[at]])


def _thinned(points: list[Point], least: float) -> list[Point]:
    """Without points nearer than ``least`` to the last kept: it halves the work that follows."""
    kept = points[:1]
    for point in points[1:]:
        if abs(point[0] - kept[-1][0]) + abs(point[1] - kept[-1][1]) > least:
            kept.append(point)
    return kept


def _corners(line: Sequence[tuple[float, float]], first: int, last: int, limit: float) -> Iterator[int]:
    """Douglas and Peucker without recursion: indexes to keep between ``first`` and ``last``."""
    spans = [(first, last)]
    while spans:
        start, end = spans.pop()
        middle, distance = _farthest(line, start, end)
        if distance > limit:
            yield middle
            spans += ((start, middle), (middle, end))


def _farthest(line: Sequence[tuple[float, float]], start: int, end: int) -> tuple[int, float]:
    """Index and squared distance of the point farthest from the chord between two others."""
    (ay, ax), (by, bx) = line[start], line[end]
    dy, dx = by - ay, bx - ax
    length = dy * dy + dx * dx
    worst, distance = start, 0.0
    for at in range(start + 1, end):  # squared_distance written out: a file asks this a million times
        y, x = line[at][0] - ay, line[at][1] - ax
        along = y * dy + x * dx
        if along <= 0:
            d = y * y + x * x
        elif along >= length:
            d = (y - dy) ** 2 + (x - dx) ** 2
        else:
            d = (y * dx - x * dy) ** 2 / length
        if d > distance:
            worst, distance = at, d
    return worst, distance


def squared_distance(y: float, x: float, a: Sequence[float], b: Sequence[float]) -> float:
    """Squared distance of a point from the stretch between ``a`` and ``b``, on a plane."""
    dy, dx = b[0] - a[0], b[1] - a[1]
    length = dy * dy + dx * dx
    along = ((y - a[0]) * dy + (x - a[1]) * dx) / length if length else 0.0
    along = 0.0 if along < 0 else min(along, 1.0)
    return (y - a[0] - along * dy) ** 2 + (x - a[1] - along * dx) ** 2


def inner_point(rings: Sequence[Sequence[int]]) -> tuple[float, float]:
    """A point (degrees) inside, where the largest ring is widest on one of a few lines of latitude."""
    largest = max(rings, key=size_of)
    south, north = min(largest[::2]), max(largest[::2])
    best = (0.0, (largest[0], largest[1]))
    for part in range(1, 16):
        lat = south + (north - south) * part / 16 + 0.5  # between two steps: no corner lies on the line
        cuts = sorted(_cuts(rings, lat))
        for west, east in zip(cuts[::2], cuts[1::2], strict=False):
            best = max(best, (east - west, (round(lat), round((west + east) / 2))))
    return round(best[1][0] * STEP, 5), round(best[1][1] * STEP, 5)


def _cuts(rings: Sequence[Sequence[int]], lat: float) -> Iterator[float]:
    """Longitudes at which rings cross a line of latitude."""
    for ring in rings:
        points = points_of(ring)
        for a, b in zip(points, [*points[1:], points[0]], strict=True):
            if (a[0] > lat) != (b[0] > lat):
                yield a[1] + (lat - a[0]) / (b[0] - a[0]) * (b[1] - a[1])
