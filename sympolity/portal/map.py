"""The map that needs no script: a frame, and what a template draws in it.

Every number in a :class:`Drawing` is text with "." as the decimal sign, whatever the page's
language. Points of things are rounded to four decimals (11 m) before anything is drawn.
Hidden places come with the centre of their area and are drawn as an area, never as a point.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple, Self

from sympolity.portal.coast import HOME, MAX_ZOOM, MIN_ZOOM, REACH, Box, land, project, unproject
from sympolity.portal.map_layout import PIN_HIGH, PIN_WIDE, Spot, beside, pin_box, room_for, spread

__all__ = ["MOST_PINS", "Area", "City", "Cluster", "Drawing", "Frame", "Pin", "draw", "gather"]

MOST_PINS = 20  # one page of results
WIDTH, HEIGHT = 360, 405
_DECIMALS = 4
_SMALLEST = 240  # pixels; a frame this wide still has room for all pins of a page
_FIT_ZOOM = 14  # nearer than this the outlines of the coast say nothing
_CELL = 96  # pixels; what stands in one such square becomes one cluster
_YIELD = 60  # pixels that a cluster may step aside
_AREA_ROUND = 22
_ROUGH_ZOOM = 13  # from here on a step of the coast's data is over 20 pixels wide
_TEXT = re.compile(r"(-?\d{1,2}(?:\.\d{1,6})?),(-?\d{1,3}(?:\.\d{1,6})?),(\d{1,2})", re.ASCII)
_EQUATOR = 40_075_016.686  # metres; WGS 84, the size that Web Mercator takes for the world


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
        lat, lon = _bounded(self.lat, HOME.low, HOME.high), _bounded(self.lon, HOME.left, HOME.right)
        for name, value in {
            "lat": round(lat, _DECIMALS),
            "lon": round(lon, _DECIMALS),
            "zoom": int(_bounded(self.zoom, MIN_ZOOM, MAX_ZOOM)),
            "width": int(_bounded(self.width, _SMALLEST, 2 * REACH)),
            "height": int(_bounded(self.height, _SMALLEST, 2 * REACH)),
        }.items():
            object.__setattr__(self, name, value)

    @classmethod
    def fit(cls, points: Iterable[tuple[float, float]], *, width: int = WIDTH, height: int = HEIGHT) -> Self:
        """The nearest frame that shows all points (lat, lon) with their pins; all of :data:`HOME` without any."""
        kept = [point for point in points if _usable(*point)]
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
        return _usable(lat, lon) and self.box().holds(*self.spot(lat, lon))


def _bounded(value: float, least: float, most: float) -> float:
    return min(max(value, least), most) if math.isfinite(value) else least


def _usable(lat: float, lon: float) -> bool:
    return -85 <= lat <= 85 and -180 <= lon <= 180  # false for what is not a number


def _middle(points: Sequence[tuple[float, float]], zoom: int) -> tuple[float, float]:
    spots = [project(*point, zoom) for point in points]
    xs, ys = [x for x, _ in spots], [y for _, y in spots]
    # Pins stand above their points: the middle lies a little higher.
    return unproject((min(xs) + max(xs)) / 2, (min(ys) + max(ys) - (PIN_HIGH - PIN_WIDE / 2)) / 2, zoom)


def _shortest(value: float) -> str:
    return f"{value:.{_DECIMALS}f}".rstrip("0").rstrip(".")


class Pin(NamedTuple):
    """One of this page's results at a public point; ``state`` is "", "call" or "shut" (the look's classes)."""

    lat: float
    lon: float
    number: int
    label: str
    href: str
    state: str = ""


class Area(NamedTuple):
    """One of this page's results whose place is hidden: the centre of its area, shared by all hidden there."""

    lat: float
    lon: float
    number: int
    label: str
    href: str


class Cluster(NamedTuple):
    """So many results that are not on this page, near each other."""

    lat: float
    lon: float
    count: int
    href: str


class City(NamedTuple):
    """A name on the map, in the language ``lang``."""

    lat: float
    lon: float
    name: str
    lang: str


class PinMark(NamedTuple):
    x: str
    y: str
    number: str
    css: str
    label: str
    href: str


class ClusterMark(NamedTuple):
    x: str
    y: str
    count: str
    radius: str
    href: str


class AreaMark(NamedTuple):
    """``text`` names the results by their numbers while they fit, else says how many they are."""

    x: str
    y: str
    count: str
    text: str
    radius: str
    label: str
    href: str


class Word(NamedTuple):
    """A city: its dot and its name."""

    dot_x: str
    dot_y: str
    x: str
    y: str
    anchor: str
    name: str
    lang: str


class Scale(NamedTuple):
    """A bar of ``amount`` ``unit`` ("km" or "m")."""

    path: str
    x: str
    y: str
    amount: str
    unit: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """All that a template writes into the SVG, bottom layer first. ``missing`` counts results outside.

    ``rough``: at this zoom the coast is too coarse to be relied on, and the page says so.
    """

    width: str
    height: str
    land: str
    scale: Scale
    words: tuple[Word, ...]
    areas: tuple[AreaMark, ...]
    clusters: tuple[ClusterMark, ...]
    leaders: str
    dots: str
    pins: tuple[PinMark, ...]
    missing: int
    rough: bool

    @property
    def has_links(self) -> bool:
        return bool(self.pins or self.clusters or self.areas)


def draw(
    frame: Frame,
    *,
    pins: Iterable[Pin] = (),
    clusters: Iterable[Cluster] = (),
    areas: Iterable[Area] = (),
    cities: Iterable[City] = (),
) -> Drawing:
    """The map of a frame; of more than :data:`MOST_PINS` pins the first are drawn.

    ``cities`` stand in order of weight: the first find room first.
    """
    all_pins, all_areas = list(pins), list(areas)
    shown = [pin for pin in all_pins if frame.shows(pin.lat, pin.lon)][:MOST_PINS]
    hidden = [area for area in all_areas if frame.shows(area.lat, area.lon)]
    scale, bar = _scale(frame)
    area_marks, area_boxes = _areas(frame, hidden)
    true = [frame.spot(*_rounded(pin)) for pin in shown]
    tips = spread(true, area_boxes, frame.box())
    full = [bar, *area_boxes, *map(pin_box, tips)]
    cluster_marks, cluster_boxes = _clusters(frame, clusters, full)
    moved = [(a, b) for a, b in zip(true, tips, strict=True) if math.dist(a, b) > 2]
    return Drawing(
        width=str(frame.width),
        height=str(frame.height),
        land=land(*frame.corner(), frame.zoom, frame.width, frame.height),
        scale=scale,
        words=_words(frame, cities, [*full, *cluster_boxes]),
        areas=area_marks,
        clusters=cluster_marks,
        leaders="".join(f"M{_n(a[0])} {_n(a[1])}L{_n(b[0])} {_n(b[1])}" for a, b in moved),
        dots="".join(f"M{_n(a[0])} {_n(a[1])}h0" for a, _ in moved),
        pins=tuple(_pin(pin, tip) for pin, tip in zip(shown, tips, strict=True)),
        missing=len(all_pins) - len(shown) + len(all_areas) - len(hidden),
        rough=frame.zoom >= _ROUGH_ZOOM,
    )


def gather(frame: Frame, points: Iterable[tuple[float, float]], href: Callable[[Frame], str]) -> tuple[Cluster, ...]:
    """Clusters of the points in the frame; each links to the frame around it, two steps nearer."""
    cells: dict[tuple[int, int], list[tuple[float, float]]] = {}
    for lat, lon in points:
        if frame.shows(lat, lon):
            x, y = frame.spot(lat, lon)
            cells.setdefault((int(y // _CELL), int(x // _CELL)), []).append((lat, lon))
    return tuple(
        Cluster(lat, lon, len(group), href(replace(frame, lat=lat, lon=lon).zoomed(2)))
        for group in _merged(frame, [cells[cell] for cell in sorted(cells)])
        for lat, lon in [_mean(group)]
    )


def _merged(frame: Frame, groups: list[list[tuple[float, float]]]) -> list[list[tuple[float, float]]]:
    """Groups whose middles stand so near that their marks would touch become one."""
    apart: list[list[tuple[float, float]]] = []
    for group in sorted(groups, key=len, reverse=True):
        here = frame.spot(*_mean(group))
        near = next((other for other in apart if math.dist(here, frame.spot(*_mean(other))) < _CELL * 0.6), None)
        if near is None:
            apart.append(group)
        else:
            near += group
    return apart


def _mean(points: Sequence[tuple[float, float]]) -> tuple[float, float]:
    lat, lon = (round(sum(axis) / len(points), _DECIMALS) for axis in zip(*points, strict=True))
    return lat, lon


def _n(value: float) -> str:
    """A pixel with at most one decimal."""
    return f"{round(value, 1) + 0.0:.1f}".removesuffix(".0")  # + 0.0: no "-0"


def _rounded(thing: Pin | Area | Cluster | City) -> tuple[float, float]:
    return round(thing.lat, _DECIMALS), round(thing.lon, _DECIMALS)


def _pin(pin: Pin, tip: Spot) -> PinMark:
    css = f" {pin.state}" if pin.state in {"call", "shut"} else ""
    return PinMark(_n(tip[0]), _n(tip[1]), str(pin.number), css, pin.label, pin.href)


def _square(x: float, y: float, radius: float) -> Box:
    return Box(x - radius, y - radius, x + radius, y + radius)


def _kept_in(frame: Frame, spot: Spot, radius: float) -> Spot:
    """A round mark at the edge moves in until it is whole."""
    return _bounded(spot[0], radius + 1, frame.width - radius - 1), _bounded(
        spot[1], radius + 1, frame.height - radius - 1
    )


def _areas(frame: Frame, areas: Sequence[Area]) -> tuple[tuple[AreaMark, ...], list[Box]]:
    """One mark for all that share a centre."""
    groups: dict[tuple[float, float], list[Area]] = {}
    for area in areas:
        groups.setdefault(_rounded(area), []).append(area)
    marks, boxes = [], []
    for centre, members in groups.items():
        x, y = _kept_in(frame, frame.spot(*centre), _AREA_ROUND)
        text = ", ".join(str(one.number) for one in members) if len(members) < 3 else f"×{len(members)}"
        label = "; ".join(f"{one.number}. {one.label}" for one in members)
        marks.append(AreaMark(_n(x), _n(y), str(len(members)), text, str(_AREA_ROUND), label, members[0].href))
        boxes.append(_square(x, y, _AREA_ROUND))
    return tuple(marks), boxes


def _clusters(
    frame: Frame, clusters: Iterable[Cluster], taken: Sequence[Box]
) -> tuple[tuple[ClusterMark, ...], list[Box]]:
    """Clusters make room for pins: they say how many, not where. One without room joins the nearest."""
    placed: list[tuple[Spot, float, Cluster]] = []
    for cluster in sorted(clusters, key=lambda cluster: -cluster.count):
        if cluster.count < 1 or not frame.shows(cluster.lat, cluster.lon):
            continue
        radius = 12.0 + 2 * min(len(str(cluster.count)), 5)
        wanted = frame.spot(*_rounded(cluster))
        full = [*taken, *(_square(*spot, size) for spot, size, _ in placed)]
        spot = room_for(wanted, radius, full, frame.box(), far=_YIELD)
        if spot is None and placed:
            near = min(range(len(placed)), key=lambda i: math.dist(wanted, placed[i][0]))
            where, size, other = placed[near]
            placed[near] = where, size, other._replace(count=other.count + cluster.count)
        else:
            placed.append((spot or _kept_in(frame, wanted, radius), radius, cluster))
    marks = tuple(ClusterMark(_n(x), _n(y), str(one.count), _n(size), one.href) for (x, y), size, one in placed)
    return marks, [_square(*spot, size) for spot, size, _ in placed]


def _words(frame: Frame, cities: Iterable[City], taken: list[Box]) -> tuple[Word, ...]:
    words, full = [], list(taken)
    for city in cities:
        if not frame.shows(city.lat, city.lon):
            continue
        dot = frame.spot(*_rounded(city))
        place = beside(dot, city.name, full, frame.box())
        if place is not None:
            (x, y), anchor, box = place
            words.append(Word(_n(dot[0]), _n(dot[1]), _n(x), _n(y), anchor, city.name, city.lang))
            full.append(box)
    return tuple(words)


def _scale(frame: Frame) -> tuple[Scale, Box]:
    """The longest round distance under 100 pixels, true at the frame's centre."""
    pixel = _EQUATOR * math.cos(math.radians(frame.lat)) / (256 * 2**frame.zoom)
    rounds = (figure * 10**power for power in range(6, 0, -1) for figure in (5, 2, 1))
    metres = next(metres for metres in rounds if metres <= 100 * pixel)
    length, bottom = metres / pixel, frame.height - 8
    amount, unit = (metres // 1000, "km") if metres >= 1000 else (metres, "m")
    path = f"M8 {bottom - 5}v5h{_n(length)}v-5"
    return Scale(path, "12", str(bottom - 4), str(amount), unit), Box(4, bottom - 18, 12 + max(length, 44), bottom + 4)
