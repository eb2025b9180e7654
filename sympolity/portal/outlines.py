"""The built-in basemap: land and borders as GeoJSON, made from the outlines in ``design/vendor``.

``python -m sympolity.portal.outlines`` writes the files that the interactive map loads. The same input gives
the same bytes; a test compares them with what is committed. Around :data:`NEAR` every point of the data is kept,
the rest of the world is simplified: places far away are found on it, not looked at.

Sources: TopoJSON specification 2.1.2–2.1.4 (transform, arcs), RFC 7946 (order of longitude and latitude).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files
from itertools import accumulate
from pathlib import Path
from typing import Any

from sympolity.portal.coast import Box, clip, decoded, simplify

__all__ = ["NEAR", "borders", "land", "write"]

Line = list[tuple[float, float]]

NEAR = Box(18.0, 29.0, 40.0, 43.0)  # degrees: Italy's heel to Syria, the Red Sea to the Balkans
_VENDOR = "vendor/natural-earth"
_TARGET = Path(__file__).parent.parent / "design/static/design/map"
_DECIMALS = 3  # of a degree, about 100 m: finer than the steps of the data
_FAR_TOLERANCE = 30.0  # steps of the data: about 8 km
_FAR_SPECK = 4000.0  # square steps: an island of less than about 200 km² is not drawn far away
# Parts of Cyprus that the data keeps apart. The line between them is no border between states.
_CYPRUS = frozenset({"Akrotiri", "Cyprus", "Cyprus U.N. Buffer Zone", "Dhekelia", "N. Cyprus"})


def land() -> dict[str, Any]:
    """All land as one MultiPolygon: fine inside :data:`NEAR`, simplified in the four strips around it."""
    topology = _topology("land-10m.json")
    near, *strips = [_in_steps(topology, box) for box in (NEAR, *_around(NEAR))]
    polygons: list[list[Line]] = []
    for rings in _polygons(topology["objects"]["land"]):
        outlines = [decoded(ring, topology["arcs"]) for ring in rings]
        parts = [[clip(ring, near) for ring in outlines]]
        far = [simplify(ring, _FAR_TOLERANCE) for ring in outlines if _area(ring) > _FAR_SPECK]
        parts += [[clip(ring, strip) for ring in far] for strip in strips]
        polygons += [kept for part in parts if (kept := _placed(topology, part))]
    return _feature("MultiPolygon", polygons)


def borders() -> dict[str, Any]:
    """The lines between two countries as one MultiLineString."""
    topology = _topology("countries-50m.json")
    users: dict[int, set[str]] = {}
    for country in topology["objects"]["countries"]["geometries"]:
        name = country["properties"]["name"]
        for rings in _polygons(country):
            for arc in (arc for ring in rings for arc in ring):
                users.setdefault(max(arc, ~arc), set()).add("Cyprus" if name in _CYPRUS else name)
    shared = sorted(arc for arc, names in users.items() if len(names) > 1)
    return _feature("MultiLineString", [_degrees(topology, _line(topology["arcs"][arc])) for arc in shared])


def written() -> dict[str, bytes]:
    """Name and bytes of every file."""
    return {
        f"{name}.json": json.dumps(shape, separators=(",", ":")).encode() + b"\n"
        for name, shape in {"land": land(), "borders": borders()}.items()
    }


def write(folder: Path = _TARGET) -> None:
    """Write the files into ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in written().items():
        (folder / name).write_bytes(content)


@cache
def _topology(name: str) -> dict[str, Any]:
    return dict(json.loads(files("sympolity.design").joinpath(_VENDOR, name).read_bytes()))


def _around(box: Box) -> tuple[Box, ...]:
    """Four strips that cover the world but for ``box``."""
    return (
        Box(-180, -90, box.left, 90),
        Box(box.right, -90, 180, 90),
        Box(box.left, -90, box.right, box.low),
        Box(box.left, box.high, box.right, 90),
    )


def _in_steps(topology: dict[str, Any], box: Box) -> Box:
    (kx, ky), (tx, ty) = topology["transform"]["scale"], topology["transform"]["translate"]
    return Box((box.left - tx) / kx, (box.low - ty) / ky, (box.right - tx) / kx, (box.high - ty) / ky)


def _degrees(topology: dict[str, Any], points: Iterable[tuple[float, float]]) -> Line:
    (kx, ky), (tx, ty) = topology["transform"]["scale"], topology["transform"]["translate"]
    out: Line = []
    for x, y in points:
        spot = round(x * kx + tx, _DECIMALS), round(y * ky + ty, _DECIMALS)
        if not out or out[-1] != spot:
            out.append(spot)
    return out


def _placed(topology: dict[str, Any], rings: Iterable[list[tuple[float, float]]]) -> list[Line]:
    """Closed rings in degrees; nothing when the outer one, the first, has gone."""
    out = [_degrees(topology, ring) for ring in rings]
    kept = [[*ring, ring[0]] for ring in out if len(set(ring)) > 2]
    return kept if out and len(set(out[0])) > 2 else []


def _polygons(geometry: dict[str, Any]) -> Iterator[list[list[int]]]:
    """The rings, as arc numbers, of every polygon, however deep they are collected."""
    for part in geometry.get("geometries", ()):
        yield from _polygons(part)
    if geometry.get("type") == "Polygon":
        yield geometry["arcs"]
    elif geometry.get("type") == "MultiPolygon":
        yield from geometry["arcs"]


def _line(arc: list[list[int]]) -> list[tuple[int, int]]:
    xs, ys = accumulate(step[0] for step in arc), accumulate(step[1] for step in arc)
    return list(zip(xs, ys, strict=True))


def _area(ring: list[tuple[int, int]]) -> float:
    """Shoelace formula, in square steps."""
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, ring[1:] + ring[:1], strict=True))) / 2


def _feature(kind: str, coordinates: list[Any]) -> dict[str, Any]:
    return {"type": "Feature", "properties": {}, "geometry": {"type": kind, "coordinates": coordinates}}


if __name__ == "__main__":
    write()
