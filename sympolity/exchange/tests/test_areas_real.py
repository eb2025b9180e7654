"""The real files of the country: all 325 municipalities stand, are found by name, and points fall into them."""

from __future__ import annotations

import csv
import json
import time
from pathlib import Path

import pytest

from sympolity.exchange.areas.importing import import_areas
from sympolity.places import queries
from sympolity.places.actions import load_areas
from sympolity.places.models import Area, Boundary

MOST_SECONDS = 60  # 6 s on a quiet machine; nine files, each in a child


@pytest.fixture
def paths(shared: Path) -> list[Path]:
    geo, greece = shared / "data/geo", shared / "data/geo-greece"
    return [
        geo / "gr-municipalities-kallikratis-40m.topojson", geo / "gr-municipalities-kallikratis-250m.topojson",
        geo / "gr-municipality-label-points.geojson", greece / "kallikratis.json", greece / "ypesCodeMapping.json",
        greece / "kallikraths_kwdikologio1_31_5_11.xlsx", greece / "ELSTAT_coord.csv", greece / "pcodes_GRC.csv",
        shared / "data/municipalities.csv",
    ]  # fmt: skip


@pytest.mark.django_db
def test_the_whole_country(paths: list[Path]) -> None:
    load_areas()
    begun = time.monotonic()
    result = import_areas(paths)
    print(
        f"\n{time.monotonic() - begun:.1f} s", {kind: dict(row) for kind, row in result.counts.items()}, result.coverage
    )
    assert time.monotonic() - begun < MOST_SECONDS
    assert {kind: {name: n for name, n in row.items() if n} for kind, row in result.counts.items()} == {
        "region": {"unchanged": 13}, "regional_unit": {"created": 74}, "municipality": {"created": 306, "changed": 19},
        "boundary": {"created": 325, "refused": 2},
    }  # fmt: skip
    assert result.municipalities == 325
    assert {name for name, count in result.coverage.items() if count == 325} == {
        "official name", "spoken name", "name in Latin letters", "regional unit", "point", "population", "boundary"
    }  # fmt: skip
    _all_are_found_by_each_of_their_names()
    _points_fall_into_their_municipalities(paths)


def _all_are_found_by_each_of_their_names() -> None:
    finder = queries.gazetteer()
    for area in queries.facts():
        if area.kind != "municipality":
            continue
        for name in area.names:
            found = [match.slug for match in finder.find(name.name) if match.exact]
            assert area.slug in found, (area.slug, name)


def _points_fall_into_their_municipalities(paths: list[Path]) -> None:
    slugs = {area.id: area.slug for area in Area.objects.all()}
    towns = list(csv.DictReader(paths[-1].read_text(encoding="utf-8").splitlines()))
    codes = dict(Area.objects.values_list("ypes_code", "slug"))
    found = queries.area_at_points([(float(town["lat"]), float(town["lon"])) for town in towns])
    pairs = [
        (codes[town["ypes_code"]], slugs.get(one) if one else None) for town, one in zip(towns, found, strict=True)
    ]
    # The official point of Sykies lies beyond the border that the file draws.
    assert {pair for pair in pairs if pair[0] != pair[1]} == {("neapoli-sykees", "thessaloniki")}
    labels = json.loads(paths[2].read_text(encoding="utf-8"))["features"]
    labels = [label for label in labels if label["properties"]["code"]]
    found = queries.area_at_points([tuple(label["geometry"]["coordinates"][::-1]) for label in labels])
    assert [slugs.get(one) if one else None for one in found] == [
        codes[label["properties"]["code"]] for label in labels
    ]
    _ten_thousand_points_are_quick()


def _ten_thousand_points_are_quick() -> None:
    boxes = list(Boundary.objects.values_list("south", "west", "north", "east"))
    points = [
        (south + (north - south) * part / 31, west + (east - west) * part / 31)
        for south, west, north, east in boxes
        for part in range(31)
    ][:10_000]
    begun = time.monotonic()
    found = queries.area_at_points(points)
    seconds = time.monotonic() - begun
    print(f"{len(points)} points in {seconds:.2f} s, {sum(one is not None for one in found)} in a municipality")
    assert seconds < 10  # 0.9 s on a quiet machine
