"""Points from outside: GeoJSON order (longitude first, RFC 7946), swapped pairs found out by their neighbours."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

__all__ = ["BadPoint", "Box", "Point", "box_of", "checked", "metres", "pair_of"]

Point = tuple[float, float]  # latitude, longitude in degrees of WGS 84
_FEW = 5  # with fewer neighbours nothing is said about where a point should lie
_METRES_PER_DEGREE = 111_195.0  # of a great circle of the mean globe
_MARGIN = 1.0  # degrees around the box that still count as near


class BadPoint(ValueError):
    """The point cannot be right; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Box:
    """Where the middle half of the points of a file lie, in each direction."""

    south: float
    west: float
    north: float
    east: float

    def near(self, point: Point) -> bool:
        """True when the point lies in the box or not far from it."""
        tall = max(_MARGIN, self.north - self.south)
        wide = max(_MARGIN, self.east - self.west)
        lat, lon = point
        return self.south - tall <= lat <= self.north + tall and self.west - wide <= lon <= self.east + wide


def box_of(points: Sequence[Point]) -> Box | None:
    """The box between the quartiles of ``points`` (outliers do not move it); None when there are too few to tell."""
    if len(points) < _FEW:
        return None
    lats, lons = sorted(lat for lat, _ in points), sorted(lon for _, lon in points)
    cut = len(points) // 4
    return Box(lats[cut], lons[cut], lats[-1 - cut], lons[-1 - cut])


def pair_of(value: Any) -> Point | None:
    """(latitude, longitude) of a GeoJSON position [longitude, latitude, …]; None when it is none."""
    if not isinstance(value, list) or not 2 <= len(value) <= 3:
        return None
    lon, lat = value[0], value[1]
    if (
        isinstance(lon, bool)
        or isinstance(lat, bool)
        or not isinstance(lon, int | float)
        or not isinstance(lat, int | float)
    ):
        return None
    return float(lat), float(lon)


def metres(one: Point, other: Point) -> float:
    """How far two points lie apart, in metres; good for some kilometres (the globe is taken for flat between them)."""
    across = math.remainder(one[1] - other[1], 360) * math.cos(math.radians((one[0] + other[0]) / 2))
    return _METRES_PER_DEGREE * math.hypot(one[0] - other[0], across)


def checked(point: Point, box: Box | None) -> Point:
    """``point`` when it may be right; :class:`BadPoint` when it is not."""
    lat, lon = point
    here = f"latitude {lat:g}, longitude {lon:g}"
    if lat == 0 and lon == 0:
        raise BadPoint("the point is 0, 0: it was never set. Set it at the source, or leave location empty")
    inside = -90 <= lat <= 90 and -180 <= lon <= 180
    turned = (lon, lat)
    could_turn = -90 <= lon <= 90 and -180 <= lat <= 180
    swapped = could_turn and (
        (not inside and abs(lat) > 90) or (box is not None and not box.near(point) and box.near(turned))
    )
    if swapped:
        raise BadPoint(
            f"the point ({here}) seems swapped. GeoJSON wants longitude first: write [{lat:g}, {lon:g}] in coordinates"
        )
    if not inside:
        raise BadPoint(f"the point ({here}) lies outside the world. Correct coordinates, longitude first")
    return point
