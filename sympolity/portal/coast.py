"""The coast as SVG path data, from the outlines of Natural Earth.

The TopoJSON file is read once per process, on the first map; only rings that touch the part of
the world around :data:`HOME` are kept. For every zoom they are projected (Web Mercator,
EPSG:3857), simplified and rounded to tenths of a pixel once; a request only cuts out its frame.

Units: "world" coordinates are tenths of a pixel from the north-west corner of the map of the
world at a zoom, as whole numbers, so that the same frame always gives the same bytes.
Sources: TopoJSON specification 2.1.2–2.1.4 (transform, arcs), Sutherland and Hodgman 1974
(clipping), Douglas and Peucker 1973 (simplification).
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from itertools import accumulate, pairwise
from typing import Any, NamedTuple

__all__ = [
    "HOME",
    "MAX_ZOOM",
    "MIN_ZOOM",
    "REACH",
    "Box",
    "clip",
    "decoded",
    "land",
    "project",
    "simplify",
    "unproject",
]

MIN_ZOOM, MAX_ZOOM = 5, 16
REACH = 270  # pixels from the centre of the largest frame to its farther side
TENTHS = 10

_DATA = "vendor/natural-earth/land-10m.json"
_TILE = 256  # pixels of the world at zoom 0
_FINEST = 11  # from here on a step of the data is over 3 px wide: nothing is left to simplify
_TOLERANCE = 6  # tenths of a pixel
_SPECK = 100  # square tenths: an island under one square pixel is not drawn
_CHUNK = 32  # points that are looked at together when a frame is cut out
_WIDE = 7  # up to here whole pixels are fine enough
_MARGIN = 40  # tenths outside the frame, so that no stroke shows along the cut

Point = tuple[int, int]


class Box(NamedTuple):
    """A rectangle; x grows to the east, y in whatever way its user counts."""

    left: float
    low: float
    right: float
    high: float

    def holds(self, x: float, y: float) -> bool:
        """Whether the point lies inside or on the edge."""
        return self.left <= x <= self.right and self.low <= y <= self.high

    def apart(self, other: Box) -> bool:
        """Whether the boxes have no point in common."""
        return other.right < self.left or other.left > self.right or other.high < self.low or other.low > self.high

    def covers(self, other: Box) -> bool:
        """Whether ``other`` lies wholly inside."""
        return self.holds(other.left, other.low) and self.holds(other.right, other.high)

    def wider(self, by: float) -> Box:
        """The box with ``by`` more on every side."""
        return Box(self.left - by, self.low - by, self.right + by, self.high + by)


HOME = Box(19.0, 34.0, 30.0, 42.5)  # degrees; where the centre of a map may stand
"""Greece with its neighbours' shores."""
_WIDEST = Box(6.0, 22.0, 43.0, 53.0)  # what a frame of the widest zoom can reach from there


def project(lat: float, lon: float, zoom: int) -> tuple[float, float]:
    """Pixels east and south of the world's north-west corner; ``lat`` within ±85°."""
    size = _TILE * 2.0**zoom
    y = math.asinh(math.tan(math.radians(lat)))
    return (lon + 180.0) / 360.0 * size, (1.0 - y / math.pi) / 2.0 * size


def unproject(x: float, y: float, zoom: int) -> tuple[float, float]:
    """Latitude and longitude in degrees of a pixel: the way back from :func:`project`."""
    size = _TILE * 2.0**zoom
    y = min(max(y, 0.0), size)  # beyond the poles of the projection there is no place
    lat = math.degrees(math.atan(math.sinh(math.pi * (1.0 - 2.0 * y / size))))
    return lat, x / size * 360.0 - 180.0


@dataclass(frozen=True, slots=True)
class _Ring:
    """A closed outline at one zoom; the first point is not repeated at the end."""

    points: list[Point]
    box: Box
    chunks: list[tuple[Box, int]]  # box of the points from an index up to the next chunk's first
    tail: str  # the path after its first point, in relative numbers


def land(left: float, top: float, zoom: int, width: int, height: int) -> str:
    """Path data of the land in a frame, in pixels of the frame; "" where all is sea.

    ``left`` and ``top`` are the pixels of the frame's corner as :func:`project` counts them.
    The frame's centre must lie in :data:`HOME` and its half sides be at most :data:`REACH`.
    """
    level = min(zoom, _FINEST)
    factor = 1 << (zoom - level)
    x0, y0 = round(left * TENTHS), round(top * TENTHS)
    frame = Box(x0, y0, x0 + width * TENTHS, y0 + height * TENTHS).wider(_MARGIN)
    seen = Box(*(side / factor for side in frame))
    return "".join(_ring_path(ring, seen, factor, (x0, y0)) for ring in _rings(level) if not seen.apart(ring.box))


def _ring_path(ring: _Ring, seen: Box, factor: int, origin: Point) -> str:
    if factor == 1 and seen.covers(ring.box):
        x, y = ring.points[0]
        return _start(x - origin[0], y - origin[1]) + ring.tail
    points = [(round(x * factor) - origin[0], round(y * factor) - origin[1]) for x, y in clip(_near(ring, seen), seen)]
    points = [point for point, after in zip(points, points[1:] + points[:1], strict=True) if point != after]
    return _start(*points[0]) + _tail(points) if len(points) > 2 else ""


def _near(ring: _Ring, seen: Box) -> list[Point]:
    """The ring without detours that stay on one side of the frame: they cannot change what is in it."""
    points, kept = ring.points, list[Point]()
    ends = [start for _, start in ring.chunks[1:]] + [len(points)]
    for (box, start), end in zip(ring.chunks, ends, strict=True):
        if seen.apart(box):
            kept += (points[start], points[end - 1])
        else:
            kept += points[start:end]
    return kept


def clip(points: Sequence[tuple[float, float]], box: Box) -> list[tuple[float, float]]:
    """The part of a closed outline inside ``box``; parts that fall apart stay joined along its edge."""
    cut: list[tuple[float, float]] = list(points)
    for axis, side, sign in ((0, box.left, 1), (0, box.right, -1), (1, box.low, 1), (1, box.high, -1)):
        cut = list(_half(cut, axis, side, sign))
    return cut


def _half(points: list[tuple[float, float]], axis: int, side: float, sign: int) -> Iterator[tuple[float, float]]:
    """One step of Sutherland and Hodgman: what lies on the good side of one line."""
    if not points:
        return
    before = points[-1]
    was_in = (before[axis] - side) * sign >= 0
    for point in points:
        is_in = (point[axis] - side) * sign >= 0
        if is_in != was_in:
            share = (side - before[axis]) / (point[axis] - before[axis])
            other = before[1 - axis] + share * (point[1 - axis] - before[1 - axis])
            yield (other, side) if axis else (side, other)
        if is_in:
            yield point
        before, was_in = point, is_in


def simplify(points: list[Point], tolerance: float) -> list[Point]:
    """A closed outline with fewer points; no dropped point lies farther than ``tolerance`` from it."""
    if len(points) < 4:
        return points
    x0, y0 = points[0]
    far = max(range(len(points)), key=lambda i: (points[i][0] - x0) ** 2 + (points[i][1] - y0) ** 2)
    line = [*points, points[0]]
    keep = {0, far, *_corners(line, 0, far, tolerance**2), *_corners(line, far, len(points), tolerance**2)}
    return [points[i] for i in sorted(keep) if i < len(points)]


def _corners(line: list[Point], first: int, last: int, limit: float) -> Iterator[int]:
    """Douglas and Peucker without recursion: indexes to keep between ``first`` and ``last``."""
    spans = [(first, last)]
    while spans:
        start, end = spans.pop()
        middle, distance = _farthest(line, start, end)
        if distance > limit:
            yield middle
            spans += ((start, middle), (middle, end))


def _farthest(line: list[Point], start: int, end: int) -> tuple[int, float]:
    """Index and squared distance of the point farthest from the chord between two others."""
    (ax, ay), (bx, by) = line[start], line[end]
    dx, dy = bx - ax, by - ay
    length = dx * dx + dy * dy
    worst, distance = start, 0.0
    for i in range(start + 1, end):
        px, py = line[i][0] - ax, line[i][1] - ay
        along = px * dx + py * dy
        if along <= 0 or not length:  # before the chord: nearest is its start
            d = float(px * px + py * py)
        elif along >= length:
            d = float((px - dx) ** 2 + (py - dy) ** 2)
        else:
            d = (px * dy - py * dx) ** 2 / length
        if d > distance:
            worst, distance = i, d
    return worst, distance


@cache
def _rings(zoom: int) -> tuple[_Ring, ...]:
    """All land around :data:`HOME` at a zoom, as far as a frame can reach."""
    reach = _world(HOME, zoom).wider((REACH * TENTHS) + 2 * _MARGIN)
    scale = _TILE * 2**zoom * TENTHS
    whole = ([(round(x * scale), round(y * scale)) for x, y in ring] for ring in _outlines())
    grain = _grain(zoom)
    near = (_snapped(clip(ring, reach), grain) for ring in whole)
    simple = (simplify(_thinned(ring), max(_TOLERANCE, grain)) for ring in near if ring)
    return tuple(_ring(ring) for ring in simple if abs(_area(ring)) >= _SPECK)


def _grain(zoom: int) -> int:
    """Tenths to which points are rounded: wide maps show most coast and need the shortest numbers."""
    return TENTHS if zoom <= _WIDE else 1


def _snapped(points: Sequence[tuple[float, float]], grain: int) -> list[Point]:
    return [(round(x / grain) * grain, round(y / grain) * grain) for x, y in points]


def _world(box: Box, zoom: int) -> Box:
    """A box in degrees as world coordinates, where y grows to the south."""
    (left, high), (right, low) = project(box.low, box.left, zoom), project(box.high, box.right, zoom)
    return Box(*(side * TENTHS for side in (left, low, right, high)))


def _thinned(points: list[Point]) -> list[Point]:
    """Without points nearer than half the tolerance to the last kept: it halves the work that follows."""
    kept = points[:1]
    for point in points:
        if abs(point[0] - kept[-1][0]) + abs(point[1] - kept[-1][1]) > _TOLERANCE // 2:
            kept.append(point)
    return kept


def _area(points: list[Point]) -> float:
    """Signed area, by the shoelace formula."""
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(points, points[1:] + points[:1], strict=True)) / 2


def _ring(points: list[Point]) -> _Ring:
    starts = range(0, len(points), _CHUNK)
    # A chunk's box must hold the way to its own last point only: that to the next chunk's first is kept.
    return _Ring(points, _box(points), [(_box(points[i : i + _CHUNK]), i) for i in starts], _tail(points))


def _box(points: list[Point]) -> Box:
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return Box(min(xs), min(ys), max(xs), max(ys))


def _start(x: int, y: int) -> str:
    return f"M{_number(x)}{_joined(y)}"


def _tail(points: list[Point]) -> str:
    steps = (f"{_joined(b[0] - a[0])}{_joined(b[1] - a[1])}" for a, b in pairwise(points))
    return "l" + "".join(steps).lstrip() + "z"


@lru_cache(maxsize=4096)
def _number(tenths: int) -> str:
    """Tenths as the shortest decimal number SVG can read: -.5, 12, 3.4."""
    whole, rest = divmod(abs(tenths), TENTHS)
    text = f"{whole or ''}.{rest}" if rest else str(whole)
    return f"-{text}" if tenths < 0 else text


@lru_cache(maxsize=4096)
def _joined(tenths: int) -> str:
    """A number after another one: a minus sign parts them as well as a space."""
    text = _number(tenths)
    return text if text.startswith("-") else f" {text}"


@lru_cache(maxsize=1)
def _outlines() -> tuple[list[tuple[float, float]], ...]:
    """Rings in the part of the world a frame can show, in units of the world's width (0–1)."""
    topology = json.loads(files("sympolity.design").joinpath(_DATA).read_bytes())
    (kx, ky), (tx, ty) = topology["transform"]["scale"], topology["transform"]["translate"]
    wanted = Box((_WIDEST.left - tx) / kx, (_WIDEST.low - ty) / ky, (_WIDEST.right - tx) / kx, (_WIDEST.high - ty) / ky)
    rings = (decoded(ring, topology["arcs"]) for ring in _ring_arcs(topology["objects"]["land"]))
    near = (clip(ring, wanted) for ring in rings if not wanted.apart(_box(ring)))
    return tuple([_unit(y * ky + ty, x * kx + tx) for x, y in ring] for ring in near if ring)


def _unit(lat: float, lon: float) -> tuple[float, float]:
    x, y = project(lat, lon, 0)
    return x / _TILE, y / _TILE


def _ring_arcs(geometry: dict[str, Any]) -> Iterable[list[int]]:
    """The arc numbers of every ring of polygons, however deep they are collected."""
    for part in geometry.get("geometries", ()):
        yield from _ring_arcs(part)
    if geometry["type"] == "Polygon":
        yield from geometry["arcs"]
    elif geometry["type"] == "MultiPolygon":
        for polygon in geometry["arcs"]:
            yield from polygon


def decoded(ring: list[int], arcs: list[list[list[int]]]) -> list[Point]:
    """Quantized positions of a ring; a negative number ~n is arc n backwards; joints are not repeated."""
    points: list[Point] = []
    for number in ring:
        arc = arcs[number if number >= 0 else ~number]
        xs, ys = accumulate(position[0] for position in arc), accumulate(position[1] for position in arc)
        points += list(zip(xs, ys, strict=True))[:: 1 if number >= 0 else -1][:-1]
    return points
