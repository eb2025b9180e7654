"""The map that needs no script: a frame, and what a template draws in it.

Every number in a :class:`Drawing` is text with "." as the decimal sign, whatever the page's
language. Points of things are rounded to four decimals (11 m) before anything is drawn.
Hidden places come with the centre of their area and are drawn as an area, never as a point.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from sympolity.portal.coast import Box, land, project
from sympolity.portal.map_frame import DECIMALS, Frame, bounded
from sympolity.portal.map_layout import Spot, beside, pin_box, room_for, spread

__all__ = ["MOST_PINS", "Area", "City", "Cluster", "Drawing", "Frame", "Pin", "draw", "gather"]

MOST_PINS = 20  # one page of results
_MOST_WORDS = 20  # names of cities
_CELL = 96  # pixels; what stands in one such square becomes one cluster
_YIELD = 60  # pixels that a cluster may step aside
_AREA_ROUND = 22
_ROUGH_ZOOM = 13  # from here on a step of the coast's data is over 20 pixels wide
_EQUATOR = 40_075_016.686  # metres; WGS 84, the size that Web Mercator takes for the world


@dataclass(frozen=True, slots=True)
class Pin:
    """One of this page's results at a public point; ``state`` is "", "call" or "shut" (the look's classes)."""

    lat: float
    lon: float
    number: int
    label: str
    href: str
    state: str = ""


@dataclass(frozen=True, slots=True)
class Area:
    """One of this page's results whose place is hidden: the centre of its area, shared by all hidden there."""

    lat: float
    lon: float
    number: int
    label: str
    href: str


@dataclass(frozen=True, slots=True)
class Cluster:
    """So many results that are not on this page, near each other."""

    lat: float
    lon: float
    count: int
    href: str


@dataclass(frozen=True, slots=True)
class City:
    """A name on the map, in the language ``lang``."""

    lat: float
    lon: float
    name: str
    lang: str


@dataclass(frozen=True, slots=True)
class PinMark:
    x: str
    y: str
    number: str
    css: str
    label: str
    href: str


@dataclass(frozen=True, slots=True)
class ClusterMark:
    x: str
    y: str
    count: str
    radius: str
    href: str


@dataclass(frozen=True, slots=True)
class AreaMark:
    """``text`` names the results by their numbers while they fit, else says how many they are."""

    x: str
    y: str
    count: str
    text: str
    radius: str
    label: str
    href: str


@dataclass(frozen=True, slots=True)
class Word:
    """A city: its dot and its name."""

    dot_x: str
    dot_y: str
    x: str
    y: str
    anchor: str
    name: str
    lang: str


@dataclass(frozen=True, slots=True)
class Scale:
    """A bar of ``amount`` ``unit`` ("km" or "m")."""

    path: str
    x: str
    y: str
    amount: str
    unit: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """All that a template writes into the SVG, bottom layer first. ``missing`` counts results outside.

    ``boundary``: of the area that the map is about, with the words that name its source.
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
    boundary: str = ""
    credit: str = ""

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
    left, top = frame.corner()
    for lat, lon in points:
        if frame.shows(lat, lon):
            x, y = project(lat, lon, frame.zoom)
            x, y = x - left, y - top
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
    lat, lon = (round(sum(axis) / len(points), DECIMALS) for axis in zip(*points, strict=True))
    return lat, lon


def _n(value: float) -> str:
    """A pixel with at most one decimal."""
    return f"{round(value, 1) + 0.0:.1f}".removesuffix(".0")  # + 0.0: no "-0"


def _rounded(thing: Pin | Area | Cluster | City) -> tuple[float, float]:
    return round(thing.lat, DECIMALS), round(thing.lon, DECIMALS)


def _pin(pin: Pin, tip: Spot) -> PinMark:
    css = f" {pin.state}" if pin.state in {"call", "shut"} else ""
    return PinMark(_n(tip[0]), _n(tip[1]), str(pin.number), css, pin.label, pin.href)


def _square(x: float, y: float, radius: float) -> Box:
    return Box(x - radius, y - radius, x + radius, y + radius)


def _kept_in(frame: Frame, spot: Spot, radius: float) -> Spot:
    """A round mark at the edge moves in until it is whole."""
    return bounded(spot[0], radius + 1, frame.width - radius - 1), bounded(
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
        label = " · ".join(f"{one.number}. {one.label}" for one in members)
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
        spot = room_for(wanted, radius, full, frame.box(), far=_YIELD if placed else frame.width)
        if spot is None and placed:
            near = min(range(len(placed)), key=lambda i: math.dist(wanted, placed[i][0]))
            where, size, other = placed[near]
            placed[near] = where, size, replace(other, count=other.count + cluster.count)
        else:
            placed.append((spot or _kept_in(frame, wanted, radius), radius, cluster))
    marks = tuple(ClusterMark(_n(x), _n(y), str(one.count), _n(size), one.href) for (x, y), size, one in placed)
    return marks, [_square(*spot, size) for spot, size, _ in placed]


def _words(frame: Frame, cities: Iterable[City], taken: list[Box]) -> tuple[Word, ...]:
    words, full = list[Word](), list(taken)
    for city in cities:
        if len(words) == _MOST_WORDS:
            break
        if not frame.shows(city.lat, city.lon):
            continue
        x, y = frame.spot(*_rounded(city))
        dot = _square(x, y, 4)
        place = beside((x, y), city.name, full, frame.box())
        # A pin may stand on a dot, but no other name.
        if place is not None and all(dot.apart(box) for box in full[len(taken) :]):
            at, anchor, box = place
            words.append(Word(_n(x), _n(y), _n(at[0]), _n(at[1]), anchor, city.name, city.lang))
            full += (box, dot)
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
