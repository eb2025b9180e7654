"""The boundary of an area on maps: as SVG path data for a frame, and as GeoJSON.

Outlines stand in the cards of areas in the find index (texts of :mod:`sympolity.kit.rings`), so no
database is asked. A path is made simpler until it is short: a page has 14 kB, and its map a part of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any

from sympolity.kit.rings import STEP, box_of, decoded, points_of
from sympolity.portal.coast import Box, clip, project, simplify
from sympolity.portal.map_frame import Frame
from sympolity.portal.site import Site

__all__ = ["BRIEF", "LONG", "Boundary", "corners", "geojson", "of_area", "path"]

BRIEF, LONG = 420, 2400  # characters of a path: on a page full of results, and on one that has room
_MARGIN = 8  # pixels outside the frame, so that a stroke along the cut is not seen
_FINEST = 8  # tenths of a pixel
_SPECK = 60.0  # square tenths
_TENTHS = 10


class Boundary(tuple[str, str]):
    """The outline of an area and whom to name for it."""

    __slots__ = ()

    @property
    def outline(self) -> str:
        return self[0]

    @property
    def credit(self) -> str:
        return self[1]


def of_area(here: Site, slug: str) -> Boundary | None:
    """The boundary of an area; None where there is none."""
    found = here.areas.get(slug, {}).get("boundary")
    return Boundary((found[0], found[1])) if found else None


def corners(outline: str) -> list[tuple[float, float]]:
    """The south-west and north-east corner (latitude, longitude), to fit a frame to."""
    south, west, north, east = box_of(decoded(outline))
    return [(south * STEP, west * STEP), (north * STEP, east * STEP)]


@lru_cache(maxsize=256)
def path(outline: str, frame: Frame, most: int = BRIEF) -> str:
    """SVG path data in the pixels of the frame, of at most ``most`` characters; "" when nothing of it is seen."""
    left, top = frame.corner()
    seen = Box(-_MARGIN, -_MARGIN, frame.width + _MARGIN, frame.height + _MARGIN)
    rings = []
    for ring in decoded(outline):
        spots = [project(lat * STEP, lon * STEP, frame.zoom) for lat, lon in points_of(ring)]
        cut = clip([(x - left, y - top) for x, y in spots], seen)
        rings.append([(round(x * _TENTHS), round(y * _TENTHS)) for x, y in cut])
    rings = sorted((ring for ring in rings if len(ring) > 2), key=_size, reverse=True)
    tolerance = _FINEST
    text = _written(rings, tolerance)
    while len(text) > most and rings:
        tolerance = tolerance * 3 // 2
        text = _written(rings, tolerance)
    return text


def geojson(outline: str) -> dict[str, Any]:
    """The outline as lines (RFC 7946), longitude first: what is drawn is where the area ends."""
    rings = [
        [[round(lon * STEP, 5), round(lat * STEP, 5)] for lat, lon in points_of(ring)] for ring in decoded(outline)
    ]
    return {"type": "MultiLineString", "coordinates": [[*ring, ring[0]] for ring in rings]}


def _size(ring: Sequence[tuple[int, int]]) -> float:
    """The area of a ring in square tenths, by the shoelace formula."""
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, [*ring[1:], ring[0]], strict=True))) / 2


def _written(rings: Sequence[list[tuple[int, int]]], tolerance: int) -> str:
    """Rings as whole pixels; those that are smaller than the tolerance are left out, never the largest."""
    pieces = []
    for at, ring in enumerate(rings):
        if at and _size(ring) < _SPECK + tolerance**2:
            continue
        points = [(round(x / _TENTHS), round(y / _TENTHS)) for x, y in simplify(ring, tolerance)]
        points = [point for point, after in zip(points, [*points[1:], points[0]], strict=True) if point != after]
        if len(points) > 2:
            steps = [f"{_pair(b[0] - a[0], b[1] - a[1])}" for a, b in pairwise(points)]
            pieces.append(f"M{_pair(*points[0]).strip()}l{''.join(steps).lstrip()}z")
    return "".join(pieces)


def _pair(x: int, y: int) -> str:
    """Two numbers after others: a minus sign parts them as well as a space."""
    return "".join(str(number) if number < 0 else f" {number}" for number in (x, y))
