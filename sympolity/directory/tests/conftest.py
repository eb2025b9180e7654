"""Two organizations, a hidden place of one of them, and who edits them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

import pytest

from sympolity.kit.actor import SYSTEM, Actor, Grant, Role

# This file is read before Django is ready: models are imported where they are used.
SPACE = UUID("6ba7b811-9dad-11d1-80b4-00c04fd430c8")
SECRET = "Zyxwstreet 77"


def an_id(name: str) -> UUID:
    """The id that tests give to a thing called ``name``."""
    return uuid5(SPACE, name)


@dataclass(frozen=True)
class House:
    """What stands: organizations ``shelter`` and ``other``, the hidden place ``refuge`` of the shelter."""

    shelter: UUID
    other: UUID
    refuge: UUID
    area: UUID

    def editor(self, organization: UUID) -> Actor:
        return Actor(uuid5(organization, "editor"), organization, frozenset({Grant(Role.EDITOR)}), approved=True)

    def service(self, key: str, organization: UUID, *locations: UUID, **columns: Any) -> Any:
        from sympolity.directory.drafts import ServiceDraft

        said = {"name": key, **columns}
        return ServiceDraft(an_id(key), organization, "en", said, categories=("sleep",), locations=locations)

    def place(self, key: str, organization: UUID, **columns: Any) -> Any:
        from sympolity.directory.drafts import LocationDraft

        return LocationDraft(an_id(key), organization, self.area, "en", {"visibility": "full", **columns})


@pytest.fixture
def house(db: None) -> House:
    return build()


def build() -> House:
    """The rows; for tests with transactions of their own too."""
    from sympolity.directory import actions
    from sympolity.directory.models import Category
    from sympolity.people.actions import OrganizationItem, register_organizations
    from sympolity.places.models import Area, AreaKind

    tree = {"greece": None, "attica": "greece", "athens": "attica", "kypseli": "athens"}
    for slug, parent in tree.items():
        kind = AreaKind.COUNTRY if parent is None else AreaKind.MUNICIPALITY
        Area.objects.create(id=an_id(slug), slug=slug, kind=kind, parent_id=parent and an_id(parent))
    Category.objects.create(id=an_id("sleep"), slug="sleep", position=0, icon="bed", name="Sleep", label="Sleep")
    kinds = {"shelter": "ngo", "other": "ngo", "centre": "coordination_centre"}
    items = [OrganizationItem(id=an_id(key), kind=kind, status="approved", name=key) for key, kind in kinds.items()]
    register_organizations(actor=SYSTEM, items=items)
    made = House(an_id("shelter"), an_id("other"), an_id("refuge"), an_id("kypseli"))
    draft = made.place("refuge", made.shelter, address=SECRET, visibility="hidden", lat=38.0, lon=23.7)
    actions.record_locations(actor=SYSTEM, drafts=[draft])
    return made
