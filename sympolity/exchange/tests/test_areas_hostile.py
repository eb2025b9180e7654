"""Files of areas that are broken, foreign or hostile are refused as a whole, with the reason, soon, and in little memory."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sympolity.exchange.areas import collecting
from sympolity.exchange.areas.collecting import MOST_FILES, collect
from sympolity.exchange.areas.importing import import_areas
from sympolity.exchange.reading import Unreadable
from sympolity.exchange.tests import area_files as files
from sympolity.exchange.tests.area_files import ATHENS, CORFU, collection, feature, square
from sympolity.kit.limited import Spent, run_limited
from sympolity.places import queries
from sympolity.places.actions import load_areas
from sympolity.places.models import Boundary
from sympolity.trail.models import Entry

METRES = collection(feature(CORFU, [square(478000.0, 4204000.0, 500.0)]))
DEEP = '{"type": "FeatureCollection", "features": ' + "[" * 100_000 + "]" * 100_000 + "}"
MANY = '{"type":"Topology","objects":{},"arcs":[[' + ",".join(["[1,1]"] * 1_000_010) + "]]}"
TWICE = {**files.TOPOLOGY, "arcs": [[[0, 0]] * 20_000, *files.TOPOLOGY["arcs"][1:]]}
SHARED = {**TWICE, "objects": {"a": {"type": "GeometryCollection", "geometries": [
    {"type": "Polygon", "arcs": [[0, 0, 0, 0, 0, 0, 0, 0]], "properties": {"code": str(at)}} for at in range(50)
]}}}  # fmt: skip
CRS = collection(feature(CORFU, [square(19.6, 39.4, 0.4)]), crs={"type": "name", "properties": {"name": "EPSG:2100"}})
WRONG: dict[str, tuple[Any, str]] = {
    "metres": (METRES, "are no degrees"),
    "projection": (CRS, r"another projection \(EPSG:2100\)"),
    "not finite": ('{"type":"FeatureCollection","features":[{"geometry":{"type":"Polygon","coordinates":[[[1e999,1],[2,2],[3,1]]]}}]}', "no degrees"),
    "no number": ('{"type":"FeatureCollection","features":[NaN]}', "not JSON"),
    "cut": (json.dumps(files.boundaries())[:-40], "it was cut"),
    "garbage after": (json.dumps(files.boundaries()) + "{}", "after its end"),
    "deep": (DEEP, "nested too deeply"),
    "many points": (MANY, "more than 1,000,000 points"),
    "one arc a hundred times": (SHARED, "more than 1,000,000 points"),
    "empty": ("", "no table known here"),
    "binary": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "not written in UTF-8"),
    "old Excel": (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "old Excel"),
    "no workbook": (b"PK\x03\x04" + b"\0" * 600, "it was cut"),
    "UTF-16": ("[]".encode("utf-16"), "UTF-16"),
    "another list": ([{"a": 1}], "neither a code book"),
    "another object": ({"type": "Feature"}, "neither TopoJSON nor"),
    "another table": ("a,b\n1,2\n", "no table known here"),
    "a long cell": ('location,lat,lon\n"' + "x" * 5000 + '",1,1\n', "no table of commas"),
    "only lines": (collection({"properties": {"code": "1"}, "geometry": {"type": "LineString", "coordinates": []}}), "not a polygon"),
    "arcs that are none": ({**files.TOPOLOGY, "arcs": [[1, 2]]}, "no list of positions"),
    "a transform that is none": ({**files.TOPOLOGY, "transform": {"scale": [1]}}, "transform"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_refused_as_a_whole_with_the_reason_and_soon(name: str, tmp_path: Path) -> None:
    content, reason = WRONG[name]
    path = files.written(tmp_path, "wrong.file", content)
    begun = time.monotonic()
    with pytest.raises(Unreadable, match=reason) as caught:
        collect([path])
    assert str(caught.value).startswith("wrong.file: ")
    assert str(caught.value).endswith("Nothing was written.")
    assert time.monotonic() - begun < 10  # at most 1.5 s on a quiet machine


@pytest.mark.parametrize("name", ["many points", "one arc a hundred times", "deep"])
def test_no_child_takes_more_than_its_memory(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As the child says it of itself at its end; one that says nothing was ended, and is told so."""
    spent: list[Spent] = []

    def watched(*args: Any, **options: Any) -> Iterator[str]:
        spent.append(Spent())
        return run_limited(*args, **options, spent=spent[-1])

    monkeypatch.setattr(collecting, "run_limited", watched)
    with pytest.raises(Unreadable):
        collect([files.written(tmp_path, "wrong.file", WRONG[name][0])])
    assert spent
    assert all(one.memory < 150_000_000 for one in spent)


def test_a_file_that_is_too_large_is_not_opened(tmp_path: Path) -> None:
    path = tmp_path / "large.json"
    with path.open("wb") as handle:
        handle.truncate(51_000_000)
    with pytest.raises(Unreadable, match="larger than 50 MB"):
        collect([path])


def test_folders_missing_files_and_far_too_many(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="it is no file") as caught:
        collect([tmp_path, tmp_path / "nowhere"])
    assert "there is no such file" in str(caught.value)
    with pytest.raises(Unreadable, match="at most"):
        collect([tmp_path] * (MOST_FILES + 1))


def test_one_wrong_thing_of_a_file_does_not_hold_up_the_others(tmp_path: Path) -> None:
    things = [
        {"type": "Feature"}, 7, feature("1", [[[1, 1], [2, 2]]]), feature("2", [square(1, 1, 0)]),
        feature("3", ["no ring"]), feature("4"), feature(CORFU, [square(19.6, 39.4, 0.4, closed=False)]),  # type: ignore[list-item]
        feature(CORFU, [square(19.6, 39.4, 0.3)]), {**feature("5"), "geometry": {"type": "Polygon", "coordinates": 3}},
    ]  # fmt: skip
    topology = {**files.TOPOLOGY, "objects": {"a": {"type": "Polygon", "arcs": [[99]], "properties": {"code": "6"}}, "b": {
        "type": "Polygon", "arcs": [[0, 1]], "properties": {"code": "7"}}}}  # fmt: skip
    paths = [files.written(tmp_path, "a.json", collection(*things)), files.written(tmp_path, "t.json", topology)]
    found = collect(paths)
    assert set(found.shapes) == {CORFU, "7"}
    assert [(file.rows, len(file.refused)) for file in found.files] == [(9, 8), (2, 1)]
    assert found.files[0].notes == [f"code {CORFU}: 1 rings were not closed; they are now"]


@pytest.mark.django_db
def test_latitude_before_longitude_is_told_by_what_we_know(tmp_path: Path) -> None:
    load_areas()
    before = Entry.objects.count()
    turned = collection(feature(ATHENS, [square(37.95, 23.68, 0.1)]))
    with pytest.raises(Unreadable, match="latitude stands before longitude"):
        import_areas([files.written(tmp_path, "turned.json", turned)])
    elsewhere = files.written(tmp_path, "elsewhere.json", collection(feature(ATHENS, [square(2.2, 48.8, 0.2)])))
    result = import_areas([elsewhere])
    assert result.refused == [(f"boundary {ATHENS}", "athens lies elsewhere")]
    assert (Entry.objects.count(), Boundary.objects.count()) == (before, 0)


@pytest.mark.django_db
def test_one_file_that_cannot_be_read_keeps_all_others_out(tmp_path: Path) -> None:
    load_areas()
    before = queries.facts(), Entry.objects.count()
    paths = [*files.all_files(tmp_path), files.written(tmp_path, "broken.json", "{")]
    with pytest.raises(Unreadable, match=r"^broken\.json: "):
        import_areas(paths)
    assert (queries.facts(), Entry.objects.count()) == before


@pytest.mark.django_db
def test_names_from_outside_cannot_do_anything_but_be_names(tmp_path: Path) -> None:
    load_areas()
    evil = "<script>alert(1)</script>\u202e" + "Ω" * 500
    book = json.loads(json.dumps(files.BOOK))
    book[0]["regional_units"][0]["municipalities"].append({"id": "9999", "name": evil})
    import_areas([files.written(tmp_path, "book.json", book)])
    (strange,) = (fact for fact in queries.facts() if fact.ypes_code == "9999")
    assert max(len(name.name) for name in strange.names) <= 120
    assert "\u202e" not in "".join(name.name for name in strange.names)
    assert strange.slug.replace("-", "").isalnum()
