"""Outlines: as text and back, simpler, and what lies inside them."""

from __future__ import annotations

import math
from array import array

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sympolity.kit import inside
from sympolity.kit.inside import Atlas, Sheet
from sympolity.kit.rings import STEP, Box, box_of, decoded, encoded, inner_point, outline, points_of, size_of

lats, lons = st.integers(-9_000_000, 9_000_000), st.integers(-18_000_000, 18_000_000)
ring_texts = st.lists(st.lists(st.tuples(lats, lons), min_size=1, max_size=20), min_size=1, max_size=4)


def ring(*points: tuple[float, float]) -> array[int]:
    """A ring of degrees (latitude, longitude)."""
    return array("i", [round(axis / STEP) for point in points for axis in point])


def square(south: float, west: float, size: float) -> array[int]:
    return ring((south, west), (south, west + size), (south + size, west + size), (south + size, west))


def sheet(key: str, *rings: array[int]) -> Sheet[str]:
    return Sheet(key, key, Box(*(side * STEP for side in box_of(rings))), encoded(rings))


@given(ring_texts)
def test_what_is_written_is_read_again(rings: list[list[tuple[int, int]]]) -> None:
    flat = [array("i", [axis for point in one for axis in point]) for one in rings]
    text = encoded(flat)
    assert decoded(text) == flat
    assert text.isascii()
    assert text.isprintable()


def test_the_text_is_that_of_the_published_format() -> None:
    # The example of Google's description of the format.
    assert encoded([ring((38.5, -120.2), (40.7, -120.95), (43.252, -126.453))]) == "_p~iF~ps|U_ulLnnqC_mqNvxq`@"


def test_an_outline_stays_near_and_becomes_short() -> None:
    circle = ring(*((38 + math.sin(at / 500) / 10, 23.7 + math.cos(at / 500) / 8) for at in range(3141)))
    (simple,) = outline([circle], metres=100, most=400)
    assert 12 < len(simple) // 2 < 120
    assert size_of(simple) == pytest.approx(size_of(circle), rel=0.02)
    (shorter,) = outline([circle], metres=100, most=12)
    assert 3 <= len(shorter) // 2 <= 12


def test_specks_are_left_out_and_a_small_island_alone_is_not() -> None:
    large, speck = square(37, 23, 0.2), square(37.5, 23.5, 0.0005)
    assert outline([speck, large], metres=120, most=100) == [large]
    assert [len(one) // 2 for one in outline([speck], metres=120, most=100)] == [4]


def test_an_inner_point_lies_inside_also_of_a_bay_and_beside_a_hole() -> None:
    bay = ring((0, 0), (0, 3), (3, 3), (3, 2), (1, 2), (1, 1), (3, 1), (3, 0))
    hole = square(0.2, 0.2, 0.7)
    assert Atlas([sheet("bay", bay, hole)]).find(*inner_point([bay, hole])) == "bay"


def test_holes_islands_and_what_lies_in_a_hole() -> None:
    land, hole, island = square(0, 0, 1), square(0.4, 0.4, 0.2), square(2, 2, 0.5)
    atlas = Atlas([sheet("around", land, hole, island), sheet("enclave", hole)])
    found = {point: atlas.find(*point) for point in [(0.1, 0.1), (0.5, 0.5), (2.2, 2.2), (1.5, 1.5), (-0.1, 0.5)]}
    assert list(found.values()) == ["around", "enclave", "around", None, None]


def test_a_common_border_belongs_to_exactly_one_whatever_the_order() -> None:
    west, east = sheet("west", square(0, 0, 1)), sheet("east", square(0, 1, 1))
    corner, edge = (0.0, 1.0), (0.5, 1.0)
    for point in (corner, edge, (0.25, 1.0)):
        answers = {Atlas(order).find(*point) for order in ([west, east], [east, west])}
        assert len(answers) == 1
        assert answers <= {"west", "east"}


def test_off_the_coast_the_nearest_within_reach_answers() -> None:
    atlas = Atlas([sheet("a", square(38, 23, 0.1)), sheet("b", square(38, 23.105, 0.1))])
    metre = 1 / 111_195
    assert atlas.find(38 - 250 * metre, 23.05, shore=300) == "a"
    assert atlas.find(38 - 350 * metre, 23.05, shore=300) is None
    assert atlas.find(38.05, 23.102, shore=300) == "a"  # 175 m from one, 263 m from the other
    assert atlas.find(38.05, 23.104, shore=300) == "b"
    assert atlas.find(38 - 250 * metre, 23.05) is None


@pytest.mark.parametrize("point", [(math.nan, 23.0), (38.0, math.inf), (95.0, 23.0), (38.0, -181.0)])
def test_what_is_no_point_lies_nowhere(point: tuple[float, float]) -> None:
    assert Atlas([sheet("a", square(38, 23, 0.1))]).find(*point, shore=300) is None


def _slowly(points: list[tuple[int, int]], y: int, x: int) -> bool:
    """The same question by sine and cosine: the sum of the angles under which the edges are seen."""
    turn = 0.0
    for a, b in zip(points, [*points[1:], points[0]], strict=True):
        first, second = math.atan2(a[0] - y, a[1] - x), math.atan2(b[0] - y, b[1] - x)
        turn += (second - first + math.pi) % (2 * math.pi) - math.pi
    return abs(turn) > math.pi


@settings(max_examples=60, deadline=None)
@given(
    st.integers(3, 90),
    st.integers(0, 10**6),
    st.lists(st.tuples(st.integers(-120, 120), st.integers(-120, 120)), max_size=30),
)
def test_inside_is_what_a_slow_way_says(corners: int, seed: int, points: list[tuple[int, int]]) -> None:
    """Stars of many corners, so that runs of edges are used; points on a corner or edge aside."""
    radii = [40 + (seed * (at + 7) * 7919) % 70 for at in range(corners)]
    star = [
        (round(radius * math.sin(2 * math.pi * at / corners)), round(radius * math.cos(2 * math.pi * at / corners)))
        for at, radius in enumerate(radii)
    ]
    flat = array("i", [axis for point in star for axis in point])
    atlas = Atlas([sheet("star", flat)])
    for y, x in points:
        if min(_from_edges(star, y, x)) > 0.01:
            assert (atlas.find(y * STEP, x * STEP) == "star") == _slowly(points_of(flat), y, x)


def _from_edges(star: list[tuple[int, int]], y: int, x: int) -> list[float]:
    from sympolity.kit.rings import squared_distance

    return [squared_distance(y, x, a, b) for a, b in zip(star, [*star[1:], star[0]], strict=True)]


def test_memory_is_bounded_and_answers_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inside, "MOST_OPEN", 10)
    atlas = Atlas([sheet(str(at), square(at, 0, 0.9)) for at in range(8)])
    for _ in range(2):
        assert [atlas.find(at + 0.5, 0.5) for at in range(8)] == [str(at) for at in range(8)]
        assert len(atlas._open) <= 2
