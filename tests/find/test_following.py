"""Verbs of people and directory reach the index: what they touch is built again, and nothing is lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from sympolity.directory import actions, models, needs
from sympolity.directory import search as sources
from sympolity.kit.actor import SYSTEM
from sympolity.people.actions import suspend_organizations
from sympolity.people.models import Organization
from sympolity.search.indexer import Indexer, read_words
from tests.find.network import Network, point_reader


@pytest.fixture
def indexer(network: Network, tmp_path: Path) -> Indexer:
    made = Indexer(tmp_path / "index")
    made.step()
    point_reader(tmp_path / "index")
    return made


def test_an_ended_service_leaves_the_list(network: Network, indexer: Indexer) -> None:
    one = network.service("fanari-asylum-case")
    assert str(one) in network.ids()
    actions.end_services(actor=SYSTEM, services=[one], reason="closed")
    assert indexer.step() == 1
    assert str(one) not in network.ids()
    assert str(one) in network.ids("administrator")


def test_a_suspended_organization_takes_its_services_along(network: Network, indexer: Indexer) -> None:
    row = models.Service.objects.get(id=network.service("fanari-asylum-case"))
    own = {str(one) for one in row.organization.services.values_list("id", flat=True)}
    before = network.ids()
    assert own & before
    suspend_organizations(actor=SYSTEM, ids=[row.organization_id])
    indexer.step()
    assert network.ids() == before - own


@pytest.mark.parametrize("status", ["pending", "approved", "suspended"])
def test_words_of_services_are_offered_once_their_organization_is_approved(
    network: Network, tmp_path: Path, status: str
) -> None:
    """Correction and completion know the words of what everybody may see, and no others."""
    rows = models.Service.objects.filter(id=network.service("fanari-asylum-case"))
    rows.update(name="Quibbleflax")
    Organization.objects.filter(services__in=rows).update(status=status)
    made = Indexer(tmp_path / "index")
    made.step()
    assert ("quibbleflax" in read_words(made.folder)) == (status == "approved")


def test_new_words_of_a_need_find_its_services(network: Network, indexer: Indexer) -> None:
    assert network.ids(q="wibblewobble") == set()
    tree = needs.load()
    next(need for need in tree if need["slug"] == "legal-help")["synonyms"]["en"].append("wibblewobble")
    assert needs.record_needs(actor=SYSTEM, needs=tree) == 1
    indexer.step()
    assert network.ids(q="wibblewobble") == network.ids(need="legal-help") != set()


def test_what_an_entry_touches(network: Network) -> None:
    row = models.Service.objects.get(id=network.service("fanari-asylum-case"))
    place = row.locations.first()
    assert place is not None
    affected = sources._services_affected
    assert affected([("service", row.id)]) == {row.id}
    assert affected([("location", place.id)]) == set(place.services.values_list("id", flat=True))
    assert affected([("organization", row.organization_id)]) == set(
        row.organization.services.values_list("id", flat=True)
    )
    assert affected([("category", row.categories.all()[0].id)]) is None
    assert affected([("area", place.area_id)]) is None
    assert affected([("person", row.id), ("helpline", row.id)]) == set()
