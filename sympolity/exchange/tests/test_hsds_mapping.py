"""A service of HSDS in our words: every field has a column or a reason, and nothing is made up."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sympolity.directory import enums, needs
from sympolity.exchange import screening
from sympolity.exchange.coverage import Coverage
from sympolity.exchange.formats.hsds import Hsds, terms
from sympolity.exchange.formats.hsds.homes import FIELDS, PARTS
from sympolity.exchange.formats.shape import Mapped, Wrong
from sympolity.exchange.tests.hsds_samples import Maker, a_service

HSDS = Hsds()


def mapped(**more: Any) -> Mapped:
    return HSDS.map_record(a_service(1, **more), None)


def columns(**more: Any) -> dict[str, Any]:
    found: dict[str, Any] = mapped(**more).data["service"]["columns"]
    return found


def test_a_kitchen() -> None:
    found = mapped()
    assert found.data == {
        "organization": {"key": "house-1", "name": "House 1", "lang": "en", "texts": {}, "description": "A house."},
        "locations": [{
            "key": "place-1", "lang": "en", "texts": {}, "kind": "physical", "lat": 37.9001, "lon": 23.7,
            "address": "Street 1", "locality": "Old Town", "postal_code": "10000",
        }],
        "service": {
            "columns": {"description": "A warm meal, number 1.", "cost": "unknown"},
            "opening_hours": "Mo-Tu 09:00-12:00", "exceptions": [], "documents": [],
            "name": "Kitchen 1", "lang": "en", "texts": {}, "categories": ["meals"], "status": "active",
        },
    }  # fmt: skip
    assert (found.source_id, found.points, found.notes, found.fallback, found.held) == (
        "kitchen-1",
        [(37.9001, 23.7)],
        [],
        "",
        "",
    )
    assert {"name", "status", "schedules[].byday", "attributes[].taxonomy_term.name", "organization.name"} <= found.used


@pytest.mark.parametrize(
    ("said", "stands"),
    [
        ("active", "active"),
        (" Inactive ", "inactive"),
        ("defunct", "defunct"),
        ("temporarily closed", "temporarily_closed"),
    ],
)
def test_status(said: str, stands: str) -> None:
    assert mapped(status=said).data["service"]["status"] == stands


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"status": "draft"}, "status"),
        ({"name": " "}, "name"),
        ({"id": "a b"}, "id"),
        ({"id": None}, "id"),
        ({"name": {}}, "name"),
    ],
)
def test_what_cannot_be_used_names_its_key(more: dict[str, Any], says: str) -> None:
    with pytest.raises(Wrong, match=f"^{says}: "):
        mapped(**more)


def test_odd_values_are_left_out_and_told() -> None:
    found = mapped(
        phones=None, languages="Spanish, Klingon", minimum_age="12", maximum_age="0", email="nobody", url="www.x",
        service_areas=[1, 2], schedules=[], cost_options={"amount": "5", "currency": "eur"}, capacities=None,
    )  # fmt: skip
    assert found.data["service"]["columns"]["languages"] == ["es"]
    assert found.data["service"]["columns"]["cost_note"] == "5 EUR"
    assert {note.split(" ")[0].split(":")[0] for note in found.notes} == {
        "languages", "minimum_age", "email", "url", "service_areas",
    }  # fmt: skip


def test_the_first_number_that_people_can_call() -> None:
    phones = [
        {"number": "111", "type": "fax"},
        {"number": "703-ABC"},
        {"number": '"+30 210 1"', "type": "voice", "extension": 7},
    ]
    found = mapped(phones=phones)
    assert found.data["service"]["columns"]["phone"] == "+30 210 1"
    assert found.data["service"]["columns"]["how"] == "+30 210 1 ext. 7"
    assert (
        columns(phones=[], organization={"id": "1", "name": "O", "phones": [{"number": "2"}, {"number": "210"}]})[
            "phone"
        ]
        == "210"
    )
    assert "phone" not in columns(contacts=[{"name": "A Person", "phones": [{"number": "2100000000"}]}])


@pytest.mark.parametrize(
    ("more", "cost"),
    [
        ({"fees": "None."}, "free"),
        ({"fees_description": "Free of charge"}, "free"),
        ({"fees": "None, except for copies"}, "unknown"),
        ({"cost_options": [{"amount": 0}]}, "free"),
        ({"cost_options": [{"amount": "5"}]}, "paid"),
        ({"cost_options": [{"amount": 5, "valid_to": "2022-01-01"}]}, "unknown"),
        ({"cost_options": [{"amount": 5}, {"amount": 0}]}, "unknown"),
        ({"fees": "None", "cost_options": [{"amount": 5}]}, "unknown"),
    ],
)
def test_a_cost_is_told_only_when_certain(more: dict[str, Any], cost: str) -> None:
    assert columns(**more)["cost"] == cost


def test_hours_of_several_places_are_told_in_words() -> None:
    def at(name: str, day: str) -> dict[str, Any]:
        return {"location": {"id": name, "location_type": "physical", "name": name}, "schedules": [
            {"byday": day, "opens_at": "09:00", "closes_at": "10:00"}]}  # fmt: skip

    same = mapped(schedules=[], service_at_locations=[at("A", "MO"), at("B", "MO")]).data["service"]
    other = mapped(schedules=[], service_at_locations=[at("A", "MO"), at("B", "TU")]).data["service"]
    assert same["opening_hours"] == "Mo 09:00-10:00"
    assert (other["opening_hours"], other["columns"]["how"]) == ("", "A: Mo 09:00-10:00\n\nB: Tu 09:00-10:00")


def test_a_series_that_is_over_arrives_as_ended() -> None:
    rows = [{"freq": "WEEKLY", "byday": "MO", "opens_at": "09:00", "closes_at": "10:00", "until": "2024-03-31"}]
    found = mapped(schedules=rows)
    assert found.data["service"]["columns"]["ends_on"] == "2024-03-31"
    assert found.data["service"]["opening_hours"] == ""
    assert "schedules[].until" in found.used


def test_points_that_cannot_be_right_are_left_out() -> None:
    place = {"id": "p", "location_type": "physical", "name": "Hall", "latitude": 0, "longitude": 0}
    for more, note in (
        ({}, "0, 0"),
        ({"latitude": 100, "longitude": 101}, "outside the world"),
        ({"latitude": None, "longitude": 5}, "missing"),
    ):
        found = mapped(service_at_locations=[{"location": place | more}])
        assert (found.points, found.data["locations"][0]["lat"]) == ([], None)
        assert any(note in one for one in found.notes)


def test_letters_go_there_people_do_not() -> None:
    box = {"address_1": "PO Box 7", "city": "Town", "address_type": "postal"}
    door = {"address_1": "Mill Road 1", "address_2": "2nd floor", "city": "Town", "address_type": "physical"}
    where = {"id": "p", "location_type": "physical"}
    assert mapped(service_at_locations=[{"location": where | {"addresses": [box]}}]).data["locations"] == []
    both = mapped(service_at_locations=[{"location": where | {"addresses": [box, door]}}]).data["locations"][0]
    assert (both["address"], both["locality"]) == ("Mill Road 1, 2nd floor", "Town")
    assert mapped(service_at_locations=[{"location": where | {"location_type": "postal"}}]).data["locations"] == []


def test_what_a_place_has() -> None:
    place = {"id": "p", "location_type": "physical", "name": "Hall", "accessibility": "wheelchair, elevator, cd"}
    found = mapped(service_at_locations=[{"location": place}]).data["locations"][0]
    assert (found["step_free"], found["lift"], found.get("toilet")) == (True, True, None)


def test_a_safe_house_with_an_address_is_found() -> None:
    term = [{"taxonomy_term": {"name": "Safe Housing"}}]
    assert len(screening.exposed(mapped(attributes=term).data)) == 1
    assert screening.exposed(mapped(attributes=term, service_at_locations=[]).data) == []


def test_words_that_are_cut_are_told() -> None:
    found = mapped(description="soup " * 5000)
    assert len(found.data["service"]["columns"]["description"]) == 20_000
    assert "description: the words after 20000 characters are cut" in found.notes


def test_a_record_that_does_not_say_who_gives_it_waits_for_a_person() -> None:
    found = mapped(organization=None, organization_id="house-1")
    assert found.held.startswith("organization.name: ")
    assert found.data["organization"]["key"] == "of-kitchen-1", "it must not rename an organization that others name"


def test_the_name_of_a_contact_in_a_sentence_waits_for_a_person() -> None:
    contacts = [{"name": "Maria Example, MA"}]
    found = mapped(contacts=contacts, description="Ask at the desk for Maria Example.")
    assert found.held.startswith("service.description: ")
    assert "Maria" not in found.held
    assert mapped(contacts=contacts).held == ""


def test_terms_by_name_code_address_and_parent() -> None:
    def needs_of(**term: Any) -> list[str]:
        found: list[str] = mapped(attributes=[{"taxonomy_term": term}]).data["service"]["categories"]
        return found

    assert needs_of(name="FOOD PANTRY") == ["groceries"]
    assert needs_of(code="106-02-07", name="?") == ["dentist"]
    assert needs_of(term_uri="https://taxonomy.example/terms/legal-aid/") == ["legal-help"]
    assert needs_of(name="?", parents=[{"name": "?"}, {"name": "Housing"}]) == ["shelter"]
    assert needs_of(name="Νομική βοήθεια") == ["legal"]
    assert needs_of(name="Nothing of ours") == ["other-help"]
    assert mapped(attributes=[]).fallback == "no term in the record"
    audience = [{"link_type": "eligibility", "taxonomy_term": {"name": "Older Adults"}}]
    assert columns(attributes=audience)["for_whom"] == ["older_people"]


def test_the_table_of_terms_names_needs_that_there_are() -> None:
    slugs = {need["slug"] for need in needs.load()}
    assert {slug for row in terms.table()["term"] for slug in row["needs"]} <= slugs
    assert {code for row in terms.table()["group"] for code in row["for_whom"]} <= set(enums.ForWhom.values)
    open_eligibility = {need["open_eligibility"] for need in needs.load()} - {""}
    names = {name for row in terms.table()["term"] for name in row["names"]}
    assert open_eligibility <= names, "the names that our own needs give"


def test_the_language_of_the_letters() -> None:
    assert mapped(name="Κουζίνα", description="Ζεστό φαγητό κάθε μέρα.").data["service"]["lang"] == "el"
    assert mapped(name="مطبخ", description="وجبة ساخنة كل يوم").data["service"]["lang"] == "ar"
    assert Hsds("fr").map_record(a_service(1), None).data["service"]["lang"] == "fr"


@pytest.mark.parametrize("seed", range(40))
def test_any_valid_service_is_accounted_for(seed: int) -> None:
    raw = Maker(seed, rich=0.2 + seed % 5 / 5).service()
    found = HSDS.map_record(raw, None)
    coverage = Coverage(HSDS.home_of)
    coverage.add(raw, found.used)
    assert coverage.unknown() == []
    told = {key: HSDS.home_of(key) for key in found.used}
    assert {key for key, home in told.items() if home is None or not home.column} == set(), (
        "used, but said to have no home"
    )
    assert found.data == HSDS.map_record(raw, None).data
    slugs = {need["slug"] for need in needs.load()}
    assert set(found.data["service"]["categories"]) <= slugs


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(sorted(FIELDS["service"] | PARTS["service"])), inner)
    ),
    max_leaves=12,
)


@settings(max_examples=40, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(sorted(FIELDS["service"] | PARTS["service"] | PARTS["location"])), _JSON, max_size=8
    )
)
def test_any_json_at_any_key_is_mapped_or_wrong(more: dict[str, Any]) -> None:
    raw = a_service(1) | more
    HSDS.points_of(raw)
    HSDS.id_of(raw)
    try:
        HSDS.map_record(raw, None)
    except Wrong:
        return
