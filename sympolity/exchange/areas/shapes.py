"""Boundaries and points of areas out of TopoJSON and GeoJSON, in WGS 84 degrees: runs in the fenced child.

Gives a line of JSON for each thing: ``area`` with its rings (:mod:`sympolity.kit.rings`), ``point``
of a label, ``wrong`` with its reason. A file of another projection is refused as a whole.

Sources: TopoJSON specification 2.1 (arcs, transform), RFC 7946 (GeoJSON).
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import Any, BinaryIO

from sympolity.exchange.areas.json_pieces import Pieces, text_of, word
from sympolity.kit.limited import Limited
from sympolity.kit.rings import STEP, Ring, box_of, encoded, inner_point, outline, size_of

__all__ = ["CODES", "MOST_POINTS", "NAMES", "OUTLINE_METRES", "OUTLINE_POINTS", "main"]

MOST_POINTS = 1_000_000
MOST_AREAS = 20_000
OUTLINE_METRES = 120.0
OUTLINE_POINTS = 160  # of the drawing of one area
# Where a code or a name may stand, the likeliest first.
CODES = ("ypes_code", "ypes", "code", "kalcode", "lau_code")
NAMES = ("name_el_gen", "name_el", "name", "onoma")
_DEGREES = ("crs84", "4326", "wgs84", "wgs 84")  # what a "crs" may name
_DEPTH = 8  # of collections in collections

Arcs = list[tuple[Sequence[float], Sequence[float]]]  # longitudes, latitudes


class _Wrong(ValueError):
    """One thing of the file cannot be used; the message says why."""


def main(args: Sequence[str], source: BinaryIO) -> Iterator[str]:  # noqa: ARG001 - the shape that the child asks for
    """The areas and points of the file, a line each."""
    pieces = Pieces(text_of(source))
    kind, crs, topology, features = "", None, _Topology(), 0
    for key in pieces.members():
        if key == "arcs":
            topology.take(pieces.elements())
        elif key == "features":
            for features, feature in enumerate(pieces.elements(), 1):
                yield from _line(topology, feature, features, _coordinates)
        else:
            value = pieces.value()
            kind = word(value) if key == "type" else kind
            crs = value if key == "crs" else crs
            topology.hears(key, value)
    _refuse_other_projections(crs)
    if kind not in {"Topology", "FeatureCollection"}:
        raise Limited('it is neither TopoJSON nor a GeoJSON "FeatureCollection"')
    topology.place()
    for number, geometry in enumerate(topology.geometries(), 1):
        yield from _line(topology, geometry, number, topology.coordinates)


def _refuse_other_projections(crs: Any) -> None:
    if crs is not None and not any(name in json.dumps(crs).lower() for name in _DEGREES):
        name = word(crs.get("properties", {}).get("name", "")) if isinstance(crs, dict) else ""
        raise Limited(
            f"its coordinates are of another projection ({name[:60] or 'named in crs'}). Save it in WGS 84 (EPSG:4326)"
        )


class _Topology:
    """The arcs of a TopoJSON file, kept as numbers, and how many points were given out."""

    def __init__(self) -> None:
        self.arcs: Arcs = []
        self.objects: Any = {}
        self.transform: Any = None
        self.points = 0

    def hears(self, key: str, value: Any) -> None:
        if key == "objects":
            self.objects = value
        elif key == "transform":
            self.transform = value

    def count(self, more: int) -> None:
        self.points += more
        if self.points > MOST_POINTS:
            raise Limited(f"it has more than {MOST_POINTS:,} points. Simplify it first, for example to steps of 40 m")

    def take(self, arcs: Iterator[Any]) -> None:
        for arc in arcs:
            self.count(len(arc) if isinstance(arc, list) else 0)
            try:
                self.arcs.append((array("d", [pair[0] for pair in arc]), array("d", [pair[1] for pair in arc])))
            except (TypeError, IndexError, KeyError, OverflowError):
                raise Limited(f"arc {len(self.arcs)} is no list of positions") from None

    def place(self) -> None:
        """Make the differences of quantised arcs degrees."""
        self.points = 0
        if self.transform is None:
            return
        try:
            (kx, ky), (tx, ty) = self.transform["scale"], self.transform["translate"]
            kx, ky, tx, ty = float(kx), float(ky), float(tx), float(ty)
        except (TypeError, ValueError, KeyError):
            raise Limited('its "transform" needs a scale and a translate of two numbers each') from None
        for at, (xs, ys) in enumerate(self.arcs):
            self.arcs[at] = (
                array("d", [x * kx + tx for x in accumulate(xs)]), array("d", [y * ky + ty for y in accumulate(ys)]),
            )  # fmt: skip

    def geometries(self) -> Iterator[Any]:
        if isinstance(self.objects, dict):
            for thing in self.objects.values():
                yield from _single(thing, _DEPTH)

    def coordinates(self, geometry: dict[str, Any]) -> Iterator[tuple[Sequence[float], Sequence[float]]]:
        """Longitudes and latitudes of every ring."""
        polygons = {"Polygon": [geometry.get("arcs")], "MultiPolygon": geometry.get("arcs")}.get(
            word(geometry.get("type"))
        )
        for polygon in _listed(polygons):
            for ring in _listed(polygon):
                xs, ys = array("d"), array("d")
                for number in _listed(ring):
                    arc_x, arc_y = self._arc(number)
                    self.count(len(arc_x))
                    skip = 1 if len(xs) else 0  # joints are not repeated
                    xs.extend(arc_x[skip:])
                    ys.extend(arc_y[skip:])
                yield xs, ys

    def _arc(self, number: Any) -> tuple[Any, Any]:
        if isinstance(number, bool) or not isinstance(number, int) or not -len(self.arcs) <= number < len(self.arcs):
            raise _Wrong("it names an arc that is not in the file")
        xs, ys = self.arcs[number if number >= 0 else ~number]
        return (xs, ys) if number >= 0 else (xs[::-1], ys[::-1])


def _single(thing: Any, depth: int) -> Iterator[Any]:
    """The geometries of a collection, however deep they are collected."""
    if isinstance(thing, dict) and thing.get("type") == "GeometryCollection" and depth:
        for part in _listed(thing.get("geometries")):
            yield from _single(part, depth - 1)
    else:
        yield thing


def _listed(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise _Wrong("its geometry is no list where it should be")
    return value


def _coordinates(geometry: dict[str, Any]) -> Iterator[tuple[Sequence[float], Sequence[float]]]:
    polygons = {"Polygon": [geometry.get("coordinates")], "MultiPolygon": geometry.get("coordinates")}
    for polygon in _listed(polygons.get(word(geometry.get("type")))):
        for ring in _listed(polygon):
            try:
                yield array("d", [pair[0] for pair in ring]), array("d", [pair[1] for pair in ring])
            except (TypeError, IndexError, KeyError, OverflowError):
                raise _Wrong("a ring is no list of positions") from None


def _line(topology: _Topology, thing: Any, number: int, read: Any) -> Iterator[str]:
    if number > MOST_AREAS:
        raise Limited(f"it has more than {MOST_AREAS:,} things")
    try:
        yield json.dumps(_told(topology, thing, read))
    except _Wrong as error:
        yield json.dumps({"kind": "wrong", "place": f"thing {number}", "reason": str(error)})


def _told(topology: _Topology, thing: Any, read: Any) -> dict[str, Any]:
    if not isinstance(thing, dict):
        raise _Wrong("it is no object")
    facts = thing.get("properties")
    facts = {key.lower(): value for key, value in facts.items()} if isinstance(facts, dict) else {}
    code = next(
        (word(facts[key], 12) for key in CODES if facts.get(key) is not None),
        "" if facts else word(thing.get("id"), 12),
    )
    name = next((word(facts[key], 120) for key in NAMES if facts.get(key)), "")
    told = {"code": code, "name": name}
    geometry = thing.get("geometry", thing)
    if not isinstance(geometry, dict):
        raise _Wrong(f"{name or code or 'it'} has no geometry")
    if geometry.get("type") == "Point" and "coordinates" in geometry:
        return {"kind": "point", "point": _point(geometry["coordinates"]), **told}
    if geometry.get("type") not in {"Polygon", "MultiPolygon"}:
        raise _Wrong(
            f"{name or code or 'it'} is a {word(geometry.get('type'), 30) or 'thing without a type'}, not a polygon"
        )
    return {"kind": "area", **told, **_measured(topology, list(read(geometry)), read is _coordinates)}


def _point(pair: Any) -> list[float]:
    try:
        lat, lon = _ring(array("d", pair[:1]), array("d", pair[1:2]))
    except (TypeError, OverflowError):
        raise _Wrong("its point is no position") from None
    return [round(lat * STEP, 5), round(lon * STEP, 5)]


def _measured(
    topology: _Topology, pairs: list[tuple[Sequence[float], Sequence[float]]], counted: bool
) -> dict[str, Any]:
    rings: list[Ring[int]] = []
    opened = dropped = 0
    for xs, ys in pairs:
        if counted:
            topology.count(len(xs))
        ring = _ring(xs, ys)
        if ring[:2] == ring[-2:]:
            ring = ring[:-2]
        else:
            opened += 1
        if len(ring) < 6 or not size_of(ring):
            dropped += 1
        else:
            rings.append(ring)
    if not rings:
        raise _Wrong("it has no ring with an area")
    box, drawing = box_of(rings), outline(rings, metres=OUTLINE_METRES, most=OUTLINE_POINTS)
    return {
        "points": sum(map(len, rings)) // 2, "opened": opened, "dropped": dropped,
        "box": [round(side * STEP, 5) for side in box], "inner": inner_point(drawing), "rings": encoded(rings),
        "outline": encoded(drawing),
    }  # fmt: skip


def _ring(xs: Sequence[float], ys: Sequence[float]) -> Ring[int]:
    """Positions as steps; those outside the degrees of the globe refuse the file."""
    if not xs or len(xs) != len(ys):
        raise _Wrong("a ring is empty")
    low, high = (min(xs), min(ys)), (max(xs), max(ys))
    if low[0] < -180 or high[0] > 180 or low[1] < -90 or high[1] > 90:
        raise Limited(
            f"its coordinates ({low[0]:.0f}, {low[1]:.0f}) are no degrees: metres of a projection such as "
            "EPSG:2100, or latitude before longitude. Save it in WGS 84 (EPSG:4326), longitude first"
        )
    ring = array("i", bytes(8 * len(xs)))
    ring[::2] = array("i", [round(y / STEP) for y in ys])
    ring[1::2] = array("i", [round(x / STEP) for x in xs])
    return ring
