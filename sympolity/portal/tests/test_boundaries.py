"""The boundary on maps: short, in the frame, and honest about its source."""

from __future__ import annotations

import math
import re
from array import array
from typing import Any

import pytest

from sympolity.kit.rings import STEP, encoded
from sympolity.places.facts import area_id
from sympolity.portal import boundaries, mapping
from sympolity.portal import map as maps
from sympolity.portal.site import FIRST, MANY, SITE_KINDS, Site

_PATH = re.compile(r"(?:M-?\d+(?: \d+|-\d+)l(?:-?\d+(?: \d+|-\d+)(?: (?=\d))?)+z)+")


def _ring(centre: tuple[float, float], size: float, corners: int) -> array[int]:
    """A jagged circle, as a coast is."""
    points = [
        (centre[0] + radius * math.sin(turn), centre[1] + radius * math.cos(turn))
        for at in range(corners)
        for turn, radius in [(2 * math.pi * at / corners, size * (1 + at * 7919 % 13 / 40))]
    ]
    return array("i", [round(axis / STEP) for point in points for axis in point])


OUTLINE = encoded([_ring((38.0, 23.7), 0.1, 160), *(_ring((38.3, 23.2 + at / 10), 0.01, 30) for at in range(10))])


def _site(count: int) -> Site:
    cards: dict[str, list[dict[str, Any]]] = {kind: [] for kind in SITE_KINDS}
    for at in range(count):
        slug = f"town-{at}"
        cards["area"].append({
            "id": str(area_id(slug)), "slug": slug, "kind": "municipality", "parent": "", "lat": 38.0, "lon": 23.7,
            "population": at, "names": {"en": f"Town {at:03}"}, "all": [["en", "common", f"Town {at:03}"]],
            "boundary": [OUTLINE, "Survey, CC BY 4.0"] if at == 7 else None,
        })  # fmt: skip
    return Site(cards)


@pytest.mark.parametrize("most", [120, boundaries.BRIEF, boundaries.LONG])
@pytest.mark.parametrize("zoom", [7, 10, 13])
def test_a_path_is_short_and_of_whole_pixels(zoom: int, most: int) -> None:
    path = boundaries.path(OUTLINE, maps.Frame(38.05, 23.72, zoom), most)
    assert path
    assert len(path) <= most
    assert _PATH.fullmatch(path)


def test_a_path_stays_near_its_frame_and_nothing_is_drawn_where_nothing_is() -> None:
    frame = maps.Frame(38.0, 23.7, 12)
    numbers = [int(number) for number in re.findall(r"M(-?\d+)", boundaries.path(OUTLINE, frame))]
    assert all(-20 <= number <= frame.width + 20 for number in numbers)
    assert boundaries.path(OUTLINE, maps.Frame(35.2, 25.1, 12)) == ""


def test_geojson_is_closed_lines_with_longitude_first() -> None:
    shape = boundaries.geojson(OUTLINE)
    assert shape["type"] == "MultiLineString"
    assert all(line[0] == line[-1] for line in shape["coordinates"])
    (west, south), *_ = sorted(shape["coordinates"][0])
    assert 23 < west < 24
    assert 37 < south < 39


def test_the_map_of_a_city_shows_all_of_it_and_names_the_source() -> None:
    here = _site(10)
    drawing = mapping.of_city(here, "en", "town-7", [])
    assert drawing is not None
    assert drawing.boundary
    assert drawing.credit == "Survey, CC BY 4.0"
    assert mapping.of_city(here, "en", "town-8", []) is None
    assert mapping.of_city(here, "en", "nowhere", []) is None


def test_few_municipalities_are_all_listed_of_many_those_with_something() -> None:
    few, many = _site(MANY), _site(325)
    assert len(few.listed("en", ())) == len(few.cities("en")) == MANY
    assert [slug for slug, _ in many.listed("en", {"town-9", "town-3", "nowhere"})] == ["town-3", "town-9"]
    assert {slug for slug, _ in many.cities("en")} == {f"town-{at}" for at in range(325 - FIRST, 325)}
