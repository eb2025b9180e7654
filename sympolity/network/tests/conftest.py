"""Municipalities, a network and its memorandum."""

from __future__ import annotations

from uuid import UUID, uuid5

import pytest

# This file is read before Django is ready: models are imported where they are used.
SPACE = UUID("6ba7b811-9dad-11d1-80b4-00c04fd430c8")
CITIES = ("athens", "karditsa", "tilos")


def an_id(name: str) -> UUID:
    """The id that tests give to a thing called ``name``."""
    return uuid5(SPACE, name)


@pytest.fixture
def cities(db: None) -> dict[str, UUID]:
    """Three approved municipalities, and a supporter who stays anonymous."""
    from sympolity.kit.actor import SYSTEM
    from sympolity.people import actions as people
    from sympolity.places.models import Area, AreaKind

    for slug in CITIES:
        Area.objects.create(id=an_id(f"area {slug}"), slug=slug, kind=AreaKind.MUNICIPALITY)
    items = [
        people.OrganizationItem(
            id=an_id(slug), kind="municipality", status="approved", name=slug.title(), area=an_id(f"area {slug}")
        )
        for slug in CITIES
    ]
    quiet = people.OrganizationItem(
        id=an_id("quiet"), kind="individual_supporter", status="approved", name="Quiet", anonymous=True
    )
    people.register_organizations(actor=SYSTEM, items=[*items, quiet])
    return {name: an_id(name) for name in (*CITIES, "quiet")}


@pytest.fixture
def memorandum(cities: dict[str, UUID]) -> UUID:
    """A memorandum open for accession, of a network called "net"."""
    from sympolity.kit.actor import SYSTEM
    from sympolity.network import actions

    actions.record_networks(
        actor=SYSTEM,
        items=[actions.NetworkItem(id=an_id("net"), slug="net", name="Δίκτυο", texts={"name": {"en": "Net"}})],
    )
    item = actions.AgreementItem(
        id=an_id("mou"), kind="mou", network=an_id("net"), title="Μνημόνιο", status="open_for_accession",
        parties=[actions.PartyItem(organization=cities["athens"], role="founder")],
    )  # fmt: skip
    actions.record_agreements(actor=SYSTEM, items=[item])
    return an_id("mou")
