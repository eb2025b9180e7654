"""The pages of cooperation on small installations: what they cost, and what an empty one shows."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from sympolity.kit.actor import SYSTEM
from sympolity.network import actions
from sympolity.network.actions import AccessionItem, AgreementItem, NetworkItem, PartyItem
from sympolity.people import actions as people
from tests.reader import Reader

pytestmark = pytest.mark.django_db

COOPERATION_QUERIES = 9
NETWORK_QUERIES = 6


def _small(n: int) -> None:
    """``n`` networks with ``n`` members each, ``n`` partnerships and ``n`` statements."""
    cities = [
        people.OrganizationItem(
            id=UUID(int=100 + at), kind="municipality", status="approved", lang="en", name=f"City {at}"
        )
        for at in range(n)
    ]
    people.register_organizations(actor=SYSTEM, items=cities)
    for at in range(n):
        actions.record_networks(
            actor=SYSTEM, items=[NetworkItem(id=UUID(int=200 + at), slug=f"net-{at}", lang="en", name=f"Net {at}")]
        )
        parties = [PartyItem(organization=city.id) for city in cities if city.id]
        agreements = [
            AgreementItem(
                id=UUID(int=300 + at), kind="mou", network=UUID(int=200 + at), lang="en", title="M", status="in_force"
            ),
            AgreementItem(
                id=UUID(int=400 + at), kind="cooperation", lang="en", title=f"Together {at}", status="in_force",
                flows_out="a", flows_in="b", parties=parties,
            ),
        ]  # fmt: skip
        actions.record_agreements(actor=SYSTEM, items=agreements)
        entries = [
            AccessionItem(
                agreement=UUID(int=300 + at), organization=city.id, status="in_force", since=date(2020, 1, 1), precision="day"
            )
            for city in cities if city.id
        ]  # fmt: skip
        actions.record_accessions(actor=SYSTEM, items=entries)
        statement = people.StatementItem(
            id=UUID(int=500 + at), organization=UUID(int=100 + at), lang="en", body="Good.", consent_on=date(2020, 1, 1)
        )
        people.record_statements(actor=SYSTEM, items=[statement])
    people.publish_statements(actor=SYSTEM, ids=[UUID(int=500 + at) for at in range(n)])


@pytest.mark.parametrize("n", [1, 3])
def test_one_row_and_three_cost_the_same(n: int, reader: Reader, django_assert_num_queries: Any) -> None:
    _small(n)
    with django_assert_num_queries(COOPERATION_QUERIES):
        page = reader.get("/en/cooperation/")
    assert (len(page.response.context["networks"]), len(page.response.context["statements"])) == (n, n)
    assert "at least" not in page.text
    with django_assert_num_queries(NETWORK_QUERIES):
        page = reader.get("/en/network/net-0/")
    assert len(page.response.context["members"]) == n
    assert "1 January 2020" in page.text


def test_an_empty_installation_offers_a_way_on(reader: Reader) -> None:
    page = reader.get("/en/cooperation/")
    assert "No network is written down here yet." in page.text
    assert "/en/find/" in page.links
