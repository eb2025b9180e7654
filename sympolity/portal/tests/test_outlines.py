"""The built-in basemap comes out of the vendored outlines, and parts of others are as they were published."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from sympolity import design
from sympolity.portal import outlines
from sympolity.portal.coast import Box

ROOM = Path(design.__file__).parent
MADE = ROOM / "static/design/map"


@pytest.fixture(scope="module")
def made() -> dict[str, bytes]:
    """Made once: simplifying the coast of the world takes some seconds."""
    return outlines.written()


def test_the_same_input_gives_the_committed_bytes(made: dict[str, bytes]) -> None:
    assert {name: hashlib.sha256(body).hexdigest() for name, body in made.items()} == {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in MADE.iterdir()
    }


def _rings() -> Iterator[list[Any]]:
    for polygon in outlines.land()["geometry"]["coordinates"]:
        yield from polygon


def _holds(ring: list[Any], lon: float, lat: float) -> bool:
    inside = False
    for (x1, y1), (x2, y2) in pairwise(ring):
        if (y1 > lat) != (y2 > lat) and lon < (x2 - x1) * (lat - y1) / (y2 - y1) + x1:
            inside = not inside
    return inside


@pytest.mark.parametrize(
    ("name", "lon", "lat", "dry"),
    [
        ("Athens", 23.72, 37.98, True), ("Tilos", 27.37, 36.43, True), ("Amman", 35.93, 31.95, True), ("Berlin", 13.4, 52.5, True),
        ("San Salvador", -89.2, 13.7, True), ("the Aegean", 25.3, 38.2, False), ("the Atlantic", -40.0, 30.0, False),
    ],
)  # fmt: skip
def test_towns_stand_on_land_and_ships_on_water(name: str, lon: float, lat: float, *, dry: bool) -> None:
    assert sum(_holds(ring, lon, lat) for ring in _RINGS) % 2 == dry, name


_RINGS = list(_rings())


def test_rings_are_closed_and_inside_the_world() -> None:
    world = Box(-180, -90, 180, 90)
    assert all(ring[0] == ring[-1] and len(ring) > 3 for ring in _RINGS)
    assert all(world.holds(*point) for ring in _RINGS for point in ring)


def test_no_border_is_drawn_through_cyprus() -> None:
    inside = Box(32.2, 34.5, 34.7, 35.8)
    lines = outlines.borders()["geometry"]["coordinates"]
    assert lines
    assert [line for line in lines if any(inside.holds(*point) for point in line)] == []


@pytest.mark.parametrize("name", ["maplibre-gl", "pmtiles"])
def test_vendored_parts_are_unmodified_and_licensed(name: str) -> None:
    folder = ROOM / "vendor" / name
    said = (folder / "SOURCE.md").read_text(encoding="utf-8")
    sums = dict(re.findall(r"^\| `([^`]+)` \| ([0-9a-f]{64}) \|$", said, re.MULTILINE))
    assert {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in (folder / "dist").iterdir()} == sums
    assert "Redistribution and use" in (folder / "LICENSE.txt").read_text(encoding="utf-8")
    assert re.search(r"^sha512-[A-Za-z0-9+/]{86}==$", said, re.MULTILINE)
