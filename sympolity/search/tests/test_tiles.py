"""Circles of tiles against looking at every point."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from sympolity.search import tiles

LAT, LON = st.floats(34.0, 42.0), st.floats(19.0, 29.0)
KM = st.sampled_from([0.1, 0.5, 1.0, 5.0, 20.0, 77.7, 300.0, 500.0])


@settings(max_examples=100, deadline=None)
@given(LAT, LON, KM, st.lists(st.tuples(st.floats(-0.5, 0.5), st.floats(-0.5, 0.5)), max_size=30))
def test_a_circle_holds_exactly_the_points_within(
    lat: float, lon: float, km: float, steps: list[tuple[float, float]]
) -> None:
    inside, edge = map(set, tiles.circle(lat, lon, km))
    assert not inside & edge
    for dlat, dlon in steps:
        point = (lat + dlat * km / 40, lon + dlon * km / 40)
        within = tiles.distance((lat, lon), point) <= km
        tokens = set(tiles.tokens(*point))
        if tokens & inside:
            assert within
        if within:
            assert tokens & (inside | edge)


@settings(max_examples=100, deadline=None)
@given(st.floats(-90, 90), st.floats(-180, 180), st.floats(0.1, 500))
def test_any_circle_on_earth_is_a_bounded_set_of_tiles(lat: float, lon: float, km: float) -> None:
    inside, edge = tiles.circle(lat, lon, km)
    assert 0 < len(inside) + len(edge) <= 1500


@settings(max_examples=100, deadline=None)
@given(st.floats(-90, 90), st.floats(-180, 180))
def test_a_point_stands_in_one_tile_per_zoom_each_within_the_last(lat: float, lon: float) -> None:
    tokens = tiles.tokens(lat, lon)
    assert len(tokens) == len(tiles.ZOOMS)
    for wider, nearer in pairwise(tokens):
        zoom, x, y = map(int, wider.split("/"))
        assert nearer.split("/")[0] == str(zoom + 1)
        assert (int(nearer.split("/")[1]) // 2, int(nearer.split("/")[2]) // 2) == (x, y)


def test_distances_are_those_of_the_globe() -> None:
    athens, thessaloniki = (37.9838, 23.7275), (40.6401, 22.9444)
    assert tiles.distance(athens, athens) == 0
    assert 300 < tiles.distance(athens, thessaloniki) < 304
    assert abs(tiles.distance((0, 0), (0, 180)) - 20015.1) < 1


@settings(max_examples=100, deadline=None)
@given(LAT, LON, st.lists(st.tuples(LAT, LON), max_size=10))
def test_distances_to_many_are_those_to_each(lat: float, lon: float, others: list[tuple[float, float]]) -> None:
    each = [tiles.distance((lat, lon), other) for other in others]
    assert all(abs(a - b) < 1e-6 for a, b in zip(tiles.distances((lat, lon), others), each, strict=True))
