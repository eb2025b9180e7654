"""Boundaries in the database: written once, told in the trail, asked for points, and never in two states at once."""

from __future__ import annotations

from array import array
from dataclasses import replace
from datetime import date

import pytest
from pytest_django import DjangoAssertNumQueries

from sympolity.kit.refusals import Refusal
from sympolity.kit.rings import STEP, Box, box_of, encoded
from sympolity.places import queries
from sympolity.places.actions import Loaded, load_areas, record_boundaries
from sympolity.places.facts import BoundaryFact, area_id
from sympolity.places.models import Boundary
from sympolity.trail.models import Entry, EntryDetail

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _facts(db: None) -> None:
    load_areas()


def square(slug: str, south: float, west: float, size: float = 0.1) -> BoundaryFact:
    corners = [(south, west), (south, west + size), (south + size, west + size), (south + size, west)]
    ring = array("i", [round(axis / STEP) for corner in corners for axis in corner])
    box = Box(*(side * STEP for side in box_of([ring])))
    return BoundaryFact(
        area_id(slug), encoded([ring]), encoded([ring]), 4, box, "Survey", "CC BY 4.0", date(2011, 5, 31)
    )


ATHENS, PIRAEUS = square("athens", 37.95, 23.68), square("piraeus", 37.90, 23.58)


def test_written_once_and_told_without_its_points() -> None:
    entries = Entry.objects.count()
    assert record_boundaries(boundaries=[ATHENS, PIRAEUS]) == Loaded(recorded=2, changed=0, unchanged=0)
    assert record_boundaries(boundaries=[PIRAEUS, ATHENS]) == Loaded(recorded=0, changed=0, unchanged=2)
    assert Entry.objects.count() == entries + 2
    moved = square("athens", 37.96, 23.68)
    assert record_boundaries(boundaries=[moved]) == Loaded(recorded=0, changed=1, unchanged=0)
    last = Entry.objects.order_by("-position")[0]
    body = EntryDetail.objects.get(entry_id=last.position).body
    assert (last.verb, last.noun, last.noun_id) == ("changed", "area", area_id("athens"))
    assert set(body["before"]["boundary"]) == {"points", "digest", "source", "licence", "as_of"}
    assert body["before"]["boundary"]["digest"] != body["after"]["boundary"]["digest"]
    assert Boundary.objects.count() == 2


def test_refused_as_a_whole() -> None:
    nowhere = replace(ATHENS, area_id=area_id("atlantis"))
    for wrong, reason in (
        ([PIRAEUS, nowhere], "unknown_area"),
        ([ATHENS, ATHENS], "twice"),
        ([PIRAEUS, replace(ATHENS, rings="")], "no_boundary"),
        ([PIRAEUS, replace(ATHENS, points=2)], "no_boundary"),
    ):
        with pytest.raises(Refusal, match=reason):
            record_boundaries(boundaries=wrong)
    assert not Boundary.objects.exists()


def test_points_find_their_municipality_with_one_query_once_it_is_prepared(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    points = [(38.0, 23.7), (37.95, 23.6), (37.9, 23.95), (37.9489, 23.7)]
    assert queries.area_at_points(points) == [None] * 4
    record_boundaries(boundaries=[ATHENS, PIRAEUS])
    wanted = [area_id("athens"), area_id("piraeus"), None, area_id("athens")]  # the last lies 120 m off
    assert queries.area_at_points(points) == wanted
    with django_assert_num_queries(1):
        assert queries.area_at_points(points) == wanted


def test_a_changed_boundary_answers_at_once() -> None:
    record_boundaries(boundaries=[ATHENS])
    assert queries.area_at_points([(38.0, 23.7)]) == [area_id("athens")]
    record_boundaries(boundaries=[square("athens", 37.5, 23.68)])
    assert queries.area_at_points([(38.0, 23.7), (37.55, 23.7)]) == [None, area_id("athens")]


def test_only_municipalities_answer_for_points_and_every_area_can_be_drawn() -> None:
    record_boundaries(boundaries=[square("attica", 37.0, 23.0, 2.0), ATHENS])
    assert queries.area_at_points([(37.5, 23.5), (38.0, 23.7)]) == [None, area_id("athens")]
    ids = [area_id("attica"), area_id("athens"), area_id("crete")]
    assert set(queries.boundaries(ids)) == {area_id("attica"), area_id("athens")}
    assert queries.boundaries(ids, "rings")[area_id("athens")] == ATHENS.rings
    assert queries.drawings(ids)[area_id("athens")] == (ATHENS.outline, "Survey, CC BY 4.0")
