"""What a record says reaches its column in our words; what cannot be right is refused with what to do."""

from __future__ import annotations

import csv
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sympolity.directory import needs
from sympolity.directory.enums import ForWhom
from sympolity.exchange.coverage import Coverage
from sympolity.exchange.formats import signpost_types
from sympolity.exchange.formats.shape import Wrong
from sympolity.exchange.formats.signpost import map_record
from sympolity.exchange.formats.signpost_homes import home_of
from sympolity.exchange.markup import plain
from sympolity.exchange.points import Box, box_of
from sympolity.exchange.tests.pages import FOOD, LEGAL, a_record
from sympolity.kit.fold import fold

HERE = Box(13.6, -89.3, 13.8, -89.1)


def refusal(box: Box | None = None, **more: Any) -> str:
    with pytest.raises(Wrong) as caught:
        map_record(a_record(1, **more), box)
    return str(caught.value)


def at(lon: Any, lat: Any) -> dict[str, Any]:
    return {"type": "Point", "coordinates": [lon, lat]}


def test_a_record_in_our_words() -> None:
    mapped = map_record(a_record(4), None)
    assert mapped.data == {
        "organization": {"key": "1", "name": "Casa 1", "lang": "es", "texts": {"name": {}}},
        "locations": [{
            "key": "4", "lang": "es", "lat": 13.7, "lon": -89.196, "address": "Calle 4", "locality": "Villa Clara",
            "texts": {"address": {}, "locality": {}},
        }],
        "service": {
            "name": "Comedor 4", "lang": "es", "texts": {"name": {"en": "Kitchen 4"}}, "status": "active",
            "categories": ["food"], "columns": {"for_whom": []},
        },
    }  # fmt: skip


def test_every_language_reaches_a_text_and_the_same_words_are_no_translation() -> None:
    mapped = map_record(a_record(1, name_ar="مطبخ", name_fr="Comedor 1", name_en="name of service"), None)
    assert mapped.data["service"]["texts"] == {"name": {"ar": "مطبخ"}}
    assert {"name", "name_es", "name_ar", "name_fr"} <= mapped.used
    assert "name_en" not in mapped.used
    assert mapped.notes == ["name_en is a placeholder"]


def test_without_spanish_the_language_is_that_of_the_same_words() -> None:
    mapped = map_record(a_record(1, name="Kitchen", name_es="", name_en="Kitchen", name_fr="Cuisine"), None)
    assert (mapped.data["service"]["lang"], mapped.data["service"]["texts"]) == ("en", {"name": {"fr": "Cuisine"}})


def test_without_a_point_the_place_is_words() -> None:
    place = map_record(a_record(1, location=None), None).data["locations"][0]
    assert (place["lat"], place["lon"], place["locality"], place["address"]) == (None, None, "Villa Clara", "Calle 1")
    nothing = a_record(1, location=None, region=None, address="", address_es="", address_city="")
    assert map_record(nothing, None).data["locations"] == []


def test_the_city_stands_once() -> None:
    def address(**more: Any) -> Any:
        return map_record(a_record(1, **more), None).data["locations"][0]["address"]

    assert address(address_city="Otra Villa.") == "Calle 1, Otra Villa"
    assert address(address_city="villa clara") == "Calle 1"
    assert address(address="Calle 1, Otra Villa", address_es="", address_city="Otra Villa") == "Calle 1, Otra Villa"
    assert address(address="", address_es="", address_in_country_language="Pasaje 2", address_city="") == "Pasaje 2"


@pytest.mark.parametrize(
    ("location", "says"),
    [
        (at(0, 0), "0, 0: it was never set"),
        (at(13.7, -89.2), "seems swapped. GeoJSON wants longitude first: write [-89.2, 13.7]"),
        (at(10.0, 120.5), "seems swapped"),
        (at(200, 13.7), "outside the world"),
        (at(-89.2, 900), "outside the world"),
        (at(-89.2, None), "two numbers are expected, [longitude, latitude]"),
        (at("-89.2", "13.7"), "two numbers are expected"),
        (at(True, False), "two numbers are expected"),
        ({"type": "Point"}, "two numbers are expected"),
        ({"type": "Polygon", "coordinates": []}, "a Point is expected"),
        ("13.7,-89.2", "location: an object is expected"),
    ],
)
def test_a_point_that_cannot_be_right(location: Any, says: str) -> None:
    assert says in refusal(HERE, location=location)


def test_neighbours_tell_a_swapped_point_only_where_there_are_enough() -> None:
    assert box_of([(13.7, -89.2)] * 4) is None
    box = box_of([(13.7, -89.2), (13.71, -89.21), (13.69, -89.19), (-89.2, 13.7), (13.7, -89.2), (13.7, -89.2)])
    assert box
    assert box.near((13.0, -88.5))
    assert not box.near((-89.2, 13.7))
    assert map_record(a_record(1, location=at(23.7, 38.0)), box).points == [(38.0, 23.7)]  # far away, but not turned


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"id": None}, "id: it is missing"),
        ({"id": True}, "id: it is missing"),
        ({"id": "a b"}, "id: it is missing"),
        ({"name": "", "name_es": ""}, "name: it is empty"),
        ({"name": "\u202e\u200b", "name_es": None}, "name: it is empty"),
        ({"name_es": ["x"]}, "name_es: a text is expected"),
        ({"provider": None}, "provider.id: who gives the service is missing"),
        ({"provider": "Casa"}, "provider: an object is expected"),
        ({"provider": {"id": 1, "name": ""}}, "provider.name: it is empty"),
        ({"types": {"id": 1}}, "types: a list of objects is expected"),
        ({"status": "draft"}, 'status: "draft" is not meant for the public'),
        ({"update_of": 7}, "update_of: this is a draft of a change"),
    ],
)
def test_a_record_that_cannot_be_used(more: dict[str, Any], says: str) -> None:
    assert says in refusal(**more)


def test_types_become_needs() -> None:
    def wants(*kinds: Any) -> tuple[Any, Any, str]:
        mapped = map_record(a_record(1, type=None, types=list(kinds)), None)
        return mapped.data["service"]["categories"], mapped.data["service"]["columns"]["for_whom"], mapped.fallback

    women, older, funeral = (
        {"id": 0, "name": name}
        for name in ("Servicios para Mujeres", "Personas Adultas Mayores", "Servicios funerarios")
    )
    assert wants(LEGAL, FOOD) == (["legal-help", "food"], [], "")
    assert wants(women) == (["women"], ["women"], "")
    assert wants(women, FOOD) == (["women", "food"], [], "")  # the kitchen is not for women only
    assert wants(older) == (["other-help"], ["older_people"], "no need of ours for its type")
    assert wants(older, FOOD) == (["food"], [], "")
    assert wants(funeral, FOOD) == (["other-help", "food"], [], "no need of ours for its type")
    assert wants() == (["other-help"], [], "no type in the record")
    assert wants({"id": 5, "name": "Algo nuevo"}) == (["other-help"], [], "unknown type")
    assert wants({"id": 5}) == (["legal-help"], [], "")


def test_the_table_of_types_names_needs_that_exist() -> None:
    slugs = {need["slug"] for need in needs.load()}
    assert {need for row in signpost_types.types() for need in row["needs"]} <= slugs
    assert {code for row in signpost_types.types() for code in row.get("for_whom", ())} <= set(ForWhom.values)


def test_every_category_of_the_source_is_in_the_table(shared: Path) -> None:
    with (shared / "data/services-signpost/categories.csv").open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    ours = {row["id"]: {fold(name) for name in row["names"]} for row in signpost_types.types()}
    assert len(rows) == 27
    for row in rows:
        names = {fold(row[f"name_{code}"]) for code in ("en", "es")} - {""}
        assert names == ours[int(row["id"])], row["id"]


def test_markup_becomes_words() -> None:
    assert plain("<p>Lunes &amp; martes<br>9&ndash;13</p><script>alert(1)</script>") == "Lunes & martes\n9–13\n "
    assert plain("edad < 18 y > 3") == "edad < 18 y > 3"
    mapped = map_record(a_record(1, name_es="<b>Come\u202edor</b> <!-- x -->", name=""), None)
    assert mapped.data["service"]["name"] == "Comedor"


@settings(max_examples=60, deadline=500)
@given(st.text(alphabet="<>&/ab!-#;script ", max_size=400).map(lambda text: text * 50))
def test_markup_of_any_kind_costs_little(text: str) -> None:
    assert isinstance(plain(text), str)


def test_what_is_longer_than_its_column_is_cut_and_told() -> None:
    mapped = map_record(a_record(1, name_es="a" * 900, name=""), None)
    assert len(mapped.data["service"]["name"]) == 200
    assert mapped.notes == ["name cut to 200 characters"]


def test_keys_have_a_column_a_reason_or_are_unknown() -> None:
    coverage = Coverage(home_of)
    raw = a_record(1, phone_number="123", extra={"a": 1}, tags=[3])
    coverage.add(raw, map_record(raw, None).used)
    assert coverage.unknown() == ["phone_number", "extra"]
    rows = {row.key: (row.filled, row.reached) for row in coverage.rows()}
    assert rows["name_en"] == (1, 1)
    assert rows["tags"] == (1, 0)
    assert rows["phone_number"] == (1, 0)
    assert rows["types[].name_en"] == (1, 1)
    home = home_of("tags")
    assert home
    assert str(home) == "no home: numbers without words; the page does not say what they mean"


def test_a_flood_of_unknown_keys_is_held_together() -> None:
    coverage = Coverage(home_of)
    coverage.add({f"k{n}": 1 for n in range(5000)}, frozenset())
    assert len(coverage.unknown()) == 201


_ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from([*a_record(1), "name_fr", "coordinates"]), inner, max_size=4)
    ),
    max_leaves=12,
)


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(st.sampled_from(sorted(a_record(1))), _ANY, max_size=4))
def test_whatever_stands_in_a_record_it_is_mapped_or_refused(more: dict[str, Any]) -> None:
    with suppress(Wrong):
        map_record(a_record(1, **{key: value for key, value in more.items() if key != "id"}), HERE)
