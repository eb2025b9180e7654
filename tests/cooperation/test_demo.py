"""The network of the demo: facts without contact data, in three languages, each with its entry."""

from __future__ import annotations

import pytest

from sympolity.kit.nouns import all_nouns
from sympolity.languages.texts import bundles
from sympolity.network.models import Accession, Agreement, Party
from sympolity.ops import demo
from sympolity.people import actions as people
from sympolity.people.models import Organization, Statement
from sympolity.trail.models import Entry
from sympolity.trail.verify import verify
from tests.find.network import Network

pytestmark = pytest.mark.django_db


def test_real_organizations_stand_without_any_contact(network: Network) -> None:
    real = list(Organization.objects.filter(example=False))
    assert len(real) == 23
    assert [(one.phone, one.email, one.url) for one in real] == [("", "", "")] * 23
    assert {one.status for one in real} == {"approved"}


def test_only_invented_organizations_are_quoted(network: Network) -> None:
    rows = list(Statement.objects.select_related("organization"))
    assert [(row.example, row.organization.example, row.status) for row in rows] == [(True, True, "published")] * 4
    assert {row.lang for row in rows} == {"el", "en", "ar"}
    assert all(row.organization.name not in row.said_by for row in rows)


def test_every_word_stands_in_three_languages(network: Network) -> None:
    for noun in all_nouns():
        if noun.name not in {"network", "agreement", "statement"}:
            continue
        rows = list(noun.model.objects.all())
        assert rows
        for row, bundle in ((row, bundles(noun.name, rows)[row.id]) for row in rows):
            for field in noun.text_fields:
                said = bundle.all(field)
                assert not said or set(said) >= {"el", "en", "ar"}, (noun.name, row.id, field)
                assert not any(one.outdated for one in said.values())
    real = list(Organization.objects.filter(example=False))
    names = bundles("organization", real)
    assert {frozenset(names[row.id].all("name")) for row in real} == {frozenset({"el", "en", "ar"})}


def test_every_row_has_its_entry(network: Network) -> None:
    for noun in all_nouns():
        if noun.name in {"network", "agreement", "accession", "statement", "organization"}:
            rows = set(noun.model.objects.values_list("id", flat=True))
            assert rows
            assert rows <= set(Entry.objects.filter(noun=noun.name).values_list("noun_id", flat=True)), noun.name
    assert verify().sound


def test_every_accession_names_its_source(network: Network) -> None:
    assert Accession.objects.count() == 18
    assert not Accession.objects.filter(source="").exists()
    assert not Agreement.objects.filter(source="").exists()
    assert {row.agreement_id for row in Party.objects.all()} == set(Agreement.objects.values_list("id", flat=True))


def test_loading_again_changes_nothing(network: Network) -> None:
    before = Entry.objects.count()
    demo.load()
    assert Entry.objects.count() == before


def test_what_somebody_withdrew_stays_withdrawn(network: Network) -> None:
    one = Statement.objects.order_by("position").first()
    assert one
    people.withdraw_statements(actor=network.actor("administrator"), ids=[one.id])
    demo.load()
    one.refresh_from_db()
    assert one.status == "withdrawn"
