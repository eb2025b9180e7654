"""What part of the world a map shows, and how that is written in an address."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Self

from sympolity.portal.coast import HOME, MAX_ZOOM, MIN_ZOOM, REACH, Box, project, unproject
from sympolity.portal.map_layout import PIN_HIGH, PIN_WIDE, Spot

__all__ = ["DECIMALS", "Frame", "bounded", "usable"]

DECIMALS = 4  # of a degree: 11 m
WIDTH, HEIGHT = 360, 405
_SMALLEST = 240  # pixels; a frame this wide still has room for all pins of a page
_FIT_ZOOM = 14  # nearer than this the outlines of the coast say nothing
_TEXT = re.compile(r"(-?\d{1,2}(?:\.\d{1,6})?),(-?\d{1,3}(?:\.\d{1,6})?),(\d{1,2})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Frame:
    """What part of the world is seen: centre in degrees, zoom as in web maps, size in pixels.

    Whatever is asked for, the centre stays in :data:`HOME` and zoom and size in their bounds.
    """

    lat: float
    lon: float
    zoom: int
    width: int = WIDTH
    height: int = HEIGHT

    def __post_init__(self) -> None:
        lat, lon = bounded(self.lat, HOME.low, HOME.high), bounded(self.lon, HOME.left, HOME.right)
        for name, value in {
            "lat": round(lat, DECIMALS),
            "lon": round(lon, DECIMALS),
            "zoom": int(bounded(self.zoom, MIN_ZOOM, MAX_ZOOM)),
            "width": int(bounded(self.width, _SMALLEST, 2 * REACH)),
            "height": int(bounded(self.height, _SMALLEST, 2 * REACH)),
        }.items():
            object.__setattr__(self, name, value)

    @classmethod
    def fit(cls, points: Iterable[tuple[float, float]], *, width: int = WIDTH, height: int = HEIGHT) -> Self:
        """The nearest frame that shows all points (lat, lon) with their pins; all of :data:`HOME` without any."""
        kept = [point for point in points if usable(*point)]
        kept = kept or [(HOME.low, HOME.left), (HOME.high, HOME.right)]
        for zoom in range(_FIT_ZOOM, MIN_ZOOM, -1):
            frame = cls(*_middle(kept, zoom), zoom, width, height)
            room = Box(PIN_WIDE / 2, PIN_HIGH, frame.width - PIN_WIDE / 2, frame.height - PIN_WIDE / 2)
            if all(room.holds(*frame.spot(*point)) for point in kept):
                return frame
        return cls(*_middle(kept, MIN_ZOOM), MIN_ZOOM, width, height)

    @classmethod
    def parse(cls, text: str, *, width: int = WIDTH, height: int = HEIGHT) -> Self | None:
        """The frame that :meth:`text` wrote; ``None`` for anything else."""
        found = _TEXT.fullmatch(text) if len(text) <= 30 else None
        if found is None:
            return None
        lat, lon, zoom = float(found[1]), float(found[2]), int(found[3])
        if not HOME.holds(lon, lat) or not MIN_ZOOM <= zoom <= MAX_ZOOM:
            return None
        return cls(lat, lon, zoom, width, height)

    def text(self) -> str:
        """Centre and zoom for an address: "37.98,23.72,12"."""
        return f"{_shortest(self.lat)},{_shortest(self.lon)},{self.zoom}"

    def zoomed(self, steps: int) -> Self:
        """Nearer by so many steps, or wider when negative."""
        return replace(self, zoom=self.zoom + steps)

    def panned(self, dx: float, dy: float) -> Self:
        """Moved by so many pixels to the east and to the south."""
        x, y = project(self.lat, self.lon, self.zoom)
        return self._at(*unproject(x + dx, y + dy, self.zoom))

    def _at(self, lat: float, lon: float) -> Self:
        return replace(self, lat=lat, lon=lon)

    def moves(self) -> dict[str, Self]:
        """The frames one step away: closer, wider, north, south, west, east; none that leads nowhere."""
        far, high = self.width * 0.6, self.height * 0.6
        steps = {
            "closer": self.zoomed(1), "wider": self.zoomed(-1), "north": self.panned(0, -high),
            "south": self.panned(0, high), "west": self.panned(-far, 0), "east": self.panned(far, 0),
        }  # fmt: skip
        return {name: frame for name, frame in steps.items() if frame != self}

    def corner(self) -> Spot:
        """The north-west corner, in pixels as :func:`~sympolity.portal.coast.project` counts them."""
        x, y = project(self.lat, self.lon, self.zoom)
        return x - self.width / 2, y - self.height / 2

    def spot(self, lat: float, lon: float) -> Spot:
        """Where a point of the world lies, in pixels of the frame."""
        (left, top), (x, y) = self.corner(), project(lat, lon, self.zoom)
        return x - left, y - top

    def point(self, x: float, y: float) -> tuple[float, float]:
        """Latitude and longitude of a pixel of the frame."""
        left, top = self.corner()
        return unproject(left + x, top + y, self.zoom)

    def box(self) -> Box:
        """The frame itself, in its own pixels."""
        return Box(0, 0, self.width, self.height)

    def shows(self, lat: float, lon: float) -> bool:
        """Whether the point is one and lies in the frame."""
        return usable(lat, lon) and self.box().holds(*self.spot(lat, lon))


def bounded(value: float, least: float, most: float) -> float:
    return min(max(value, least), most) if math.isfinite(value) else least


def usable(lat: float, lon: float) -> bool:
    return -85 <= lat <= 85 and -180 <= lon <= 180  # false for what is not a number


def _middle(points: Sequence[tuple[float, float]], zoom: int) -> tuple[float, float]:
    spots = [project(*point, zoom) for point in points]
    xs, ys = [x for x, _ in spots], [y for _, y in spots]
    # Pins stand above their points: the middle lies a little higher.
    return unproject((min(xs) + max(xs)) / 2, (min(ys) + max(ys) - (PIN_HIGH - PIN_WIDE / 2)) / 2, zoom)


def _shortest(value: float) -> str:
    return f"{value:.{DECIMALS}f}".rstrip("0").rstrip(".")
