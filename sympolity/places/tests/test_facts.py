"""The written facts: complete, consistent, and equal to the sources they name."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

from sympolity.places import facts
from sympolity.places.facts import FactError
from sympolity.places.models import Area, AreaKind, AreaName, NameKind

AREAS = {fact.slug: fact for fact in facts.load()}
SHARED = Path(__file__).resolve().parents[4] / "shared" / "data"
MEMBERS = (  # noqa: SIM905 - one line a reader can compare with the register
    "athens thessaloniki piraeus heraklion chania delta agios-dimitrios ioannina kalamaria karditsa katerini larissa"
    " livadia neapoli-sykees nea-filadelfeia tilos trikala tripoli"
).split()


def municipalities() -> dict[str, dict[str, str]]:
    path = SHARED / "municipalities.csv"
    if not path.exists():
        pytest.skip(f"NOT TESTED: {path} is absent, the facts are not compared with it")
    with path.open(encoding="utf-8") as handle:
        return {row["ypes_code"]: row for row in csv.DictReader(handle)}


def test_the_tree_holds_the_country_its_regions_and_every_member() -> None:
    kinds = Counter(fact.kind for fact in AREAS.values())
    assert kinds == {"country": 1, "region": 13, "municipality": 19, "neighbourhood": 12, "outside": 1}
    assert {slug for slug, fact in AREAS.items() if fact.kind == "municipality"} == {*MEMBERS, "irakleio-attica"}


def test_every_area_lies_where_its_kind_belongs() -> None:
    slugs = {fact.id: fact for fact in AREAS.values()}
    parents = {(fact.kind, slugs[fact.parent_id].kind if fact.parent_id else "") for fact in AREAS.values()}
    assert parents == {
        ("country", ""),
        ("outside", ""),
        ("region", "country"),
        ("municipality", "region"),
        ("neighbourhood", "municipality"),
    }


@pytest.mark.parametrize("slug", sorted(AREAS))
def test_every_area_has_one_common_name_in_each_language_of_the_file(slug: str) -> None:
    common = Counter(name.language for name in AREAS[slug].names if name.kind == "common")
    assert common == {"el": 1, "en": 1, "fr": 1, "ar": 1, "fa": 1}


@pytest.mark.parametrize("slug", MEMBERS)
def test_every_member_has_its_official_names_and_its_seat(slug: str) -> None:
    kinds = {(name.language, name.kind) for name in AREAS[slug].names}
    assert {("el", "official"), ("el", "seat"), ("en", "official"), ("ar", "official")} <= kinds


def test_every_place_has_a_point_and_a_source() -> None:
    assert [slug for slug, fact in AREAS.items() if fact.lat is None] == ["elsewhere"]
    assert all(0 < len(fact.source) <= 300 for fact in AREAS.values())


@pytest.mark.parametrize("slug", MEMBERS)
def test_the_facts_of_a_member_are_those_of_the_registers(slug: str) -> None:
    fact = AREAS[slug]
    row = municipalities()[fact.ypes_code]
    official = {name.name for name in fact.names if (name.language, name.kind) == ("el", "official")}
    seat = {name.name for name in fact.names if (name.language, name.kind) == ("el", "seat")}
    assert (fact.lat, fact.lon) == (float(row["lat"]), float(row["lon"]))
    assert (fact.population, fact.population_year) == (int(row["population"]), int(row["population_year"]))
    assert (fact.elstat_code, fact.nuts_code) == (row["elstat_code"], row["nuts3"])
    assert (official, seat) == ({row["name_el"]}, {row["seat_el"]})
    assert fact.parent_id in {region.id for region in AREAS.values() if region.p_code == row["region_pcode"]}


def test_the_p_codes_are_those_of_the_operational_datasets() -> None:
    path = SHARED / "geo-greece" / "pcodes_GRC.csv"
    if not path.exists():
        pytest.skip(f"NOT TESTED: {path} is absent, the p-codes are not compared with it")
    with path.open(encoding="utf-8-sig") as handle:
        known = {row["P-Code"] for row in csv.DictReader(handle) if row["Admin Level"] == "2"}
    mount_athos = "GR0900"  # governs itself; no region of the register
    assert {fact.p_code for fact in AREAS.values() if fact.kind == "region"} == known - {mount_athos}


def test_an_id_is_the_same_on_every_installation() -> None:
    assert str(facts.area_id("athens")) == "f3d0886b-e51f-54ea-af69-23140f9fccb3"


def test_the_words_and_lengths_of_the_file_are_those_of_the_model() -> None:
    names = [name for fact in AREAS.values() for name in fact.names]
    longest = max(len(name.name) for name in names)
    assert {fact.kind for fact in AREAS.values()} | {"regional_unit"} == set(AreaKind.values)
    assert {name.kind for name in names} == set(NameKind.values)
    assert longest <= (AreaName._meta.get_field("name").max_length or 0)
    assert max(map(len, AREAS)) <= (Area._meta.get_field("slug").max_length or 0)


REGION = {"slug": "r", "kind": "region", "source": "s"}


@pytest.mark.parametrize(
    ("rows", "what"),
    [
        ([{"kind": "region", "source": "s"}], "no slug"),
        ([REGION, REGION], "twice"),
        ([REGION | {"kind": "galaxy"}], "unknown kind"),
        ([REGION | {"parent": "r"}], "before its parent"),
        ([REGION | {"lat": 1.0}], "half a point"),
        ([REGION | {"lat": 91.0, "lon": 0.0}], "off the globe"),
        ([REGION | {"names": {"en": {"other": ["a", "a"]}}}], "a name twice"),
        ([REGION | {"names": {"en": {"nickname": "a"}}}], "unknown kind"),
        ([REGION | {"names": {"en": {"common": ""}}}], "empty or endless"),
        ([REGION | {"source": "hearsay"}], "missing"),
    ],
)
def test_a_file_that_contradicts_itself_is_refused(rows: list[dict[str, object]], what: str) -> None:
    with pytest.raises(FactError, match=what):
        facts.read({"sources": {"s": "said"}, "area": rows})
