"""Loading the facts into the database, and asking it for the tree."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from sympolity.kit import nouns
from sympolity.kit.actor import PUBLIC
from sympolity.kit.refusals import Refusal
from sympolity.places import facts, queries
from sympolity.places.actions import Loaded, load_areas
from sympolity.places.facts import NameFact
from sympolity.places.models import Area, AreaName
from sympolity.trail.models import Entry, EntryDetail

FACTS = facts.load()
pytestmark = pytest.mark.django_db


def by_slug(*slugs: str) -> list[facts.AreaFact]:
    return [fact for fact in FACTS if fact.slug in slugs]


def test_the_database_says_afterwards_what_the_file_says() -> None:
    assert load_areas() == Loaded(recorded=len(FACTS), changed=0, unchanged=0)
    assert {fact.id: fact for fact in queries.facts()} == {fact.id: fact for fact in FACTS}
    assert set(Entry.objects.values_list("verb", "noun", "noun_id")) == {("recorded", "area", f.id) for f in FACTS}


def test_a_second_run_writes_nothing() -> None:
    load_areas()
    entries = Entry.objects.count()
    with CaptureQueriesContext(connection) as queries_made:
        assert load_areas() == Loaded(recorded=0, changed=0, unchanged=len(FACTS))
    verbs = {query["sql"].split()[0] for query in queries_made.captured_queries}
    assert verbs.isdisjoint({"INSERT", "UPDATE", "DELETE"})
    assert Entry.objects.count() == entries


def test_a_corrected_fact_changes_its_area_alone_and_the_trail_tells_what() -> None:
    load_areas()
    (athens,) = by_slug("athens")
    corrected = [fact if fact is not athens else replace(athens, population=643452) for fact in FACTS]
    assert load_areas(facts=corrected) == Loaded(recorded=0, changed=1, unchanged=len(FACTS) - 1)
    entry = Entry.objects.order_by("-position")[0]
    assert (entry.verb, entry.noun_id) == ("changed", athens.id)
    assert EntryDetail.objects.get(entry_id=entry.position).body == {
        "before": {"population": 664046},
        "after": {"population": 643452},
    }
    assert Area.objects.get(slug="athens").population == 643452


def test_a_name_taken_out_of_the_file_leaves_the_database() -> None:
    load_areas(facts=by_slug("greece"))
    (greece,) = by_slug("greece")
    fewer = replace(greece, names=(NameFact("el", "common", "Ελλάδα"),))
    load_areas(facts=[fewer])
    assert list(AreaName.objects.values_list("language", "kind", "name")) == [("el", "common", "Ελλάδα")]


def test_an_area_without_a_fact_stays() -> None:
    Area.objects.create(slug="ours", kind="neighbourhood")
    load_areas()
    assert Area.objects.filter(slug="ours").exists()


def test_a_slug_that_another_area_has_refuses_the_whole_load() -> None:
    Area.objects.create(slug="athens", kind="municipality")
    with pytest.raises(Refusal, match="athens: slug_taken"):
        load_areas()
    assert list(Area.objects.values_list("slug", flat=True)) == ["athens"]
    assert not Entry.objects.exists()


def test_the_tree_is_one_query_whatever_is_asked_of_it(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    load_areas()
    with django_assert_num_queries(1):
        tree = queries.tree()
        inner = {area.slug for root in tree.roots() for area in tree.within(root)}
        above = {area.slug: [a.slug for a in tree.ancestors(area)] for area in tree.areas.values()}
    assert inner == {fact.slug for fact in FACTS}
    assert [area.slug for area in tree.roots()] == ["elsewhere", "greece"]
    assert above["athens-omonia"] == ["athens", "attica", "greece"]


@pytest.mark.parametrize(
    ("slug", "above", "asked"),
    [
        ("athens-omonia", ["athens", "attica", "greece"], 1),
        ("chania", ["crete", "greece"], 1),
        ("greece", [], 0),
        ("elsewhere", [], 0),
    ],
)
def test_ancestors_are_asked_for_at_once(
    slug: str, above: list[str], asked: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    load_areas()
    area = queries.by_slug(slug)[slug]
    with django_assert_num_queries(asked):
        assert [parent.slug for parent in queries.ancestors(area)] == above


def test_areas_by_slug_are_one_query(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    load_areas()
    with django_assert_num_queries(1):
        assert set(queries.by_slug("athens", "tilos", "atlantis")) == {"athens", "tilos"}
    with django_assert_num_queries(1):
        assert set(queries.by_slug()) == {fact.slug for fact in FACTS}


def test_the_finder_of_the_database_finds_what_that_of_the_file_finds() -> None:
    load_areas()
    assert [match.slug for match in queries.gazetteer().find("Ηράκλειο")] == ["heraklion", "irakleio-attica"]


def test_everybody_sees_every_area_and_every_column_has_its_privacy_class() -> None:
    load_areas()
    noun = nouns.noun("area")
    assert noun.visible_to is not None
    assert noun.visible_to(PUBLIC).count() == len(FACTS)
    assert set(noun.privacy) == {field.name for field in Area._meta.concrete_fields}
