"""A small network: a centre, two organizations in two cities, and who works where."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid5

import pytest

from sympolity.kit.actor import SYSTEM, Role

if TYPE_CHECKING:
    from sympolity.people.models import Person

# This file is read before Django is ready: models are imported where they are used.
SPACE = UUID("6ba7b811-9dad-11d1-80b4-00c04fd430c8")


def an_id(name: str) -> UUID:
    """The id that tests give to a thing called ``name``."""
    return uuid5(SPACE, name)


@pytest.fixture(autouse=True)
def _no_counts_of_other_tests() -> Iterator[None]:
    from django.core.cache import cache

    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def areas(db: None) -> dict[str, UUID]:
    """Greece, two cities, a neighbourhood of the first."""
    from sympolity.places.models import Area, AreaKind

    tree = {"greece": None, "athens": "greece", "tilos": "greece", "kypseli": "athens"}
    for slug, parent in tree.items():
        kind = AreaKind.COUNTRY if parent is None else AreaKind.MUNICIPALITY
        Area.objects.create(id=an_id(slug), slug=slug, kind=kind, parent_id=parent and an_id(parent))
    return {slug: an_id(slug) for slug in tree}


@pytest.fixture
def network(areas: dict[str, UUID]) -> dict[str, UUID]:
    """Organizations by key: centre, legal (approved, Kypseli), island (approved), bench (pending), quiet (anonymous)."""
    from sympolity.people import actions

    rows: list[tuple[str, str, str, str, bool]] = [
        ("centre", "coordination_centre", "approved", "athens", False),
        ("legal", "ngo", "approved", "kypseli", False),
        ("island", "ngo", "approved", "tilos", False),
        ("bench", "citizens_group", "pending", "athens", False),
        ("quiet", "individual_supporter", "approved", "athens", True),
    ]
    items = [
        actions.OrganizationItem(
            id=an_id(key), kind=kind, status=status, area=areas[area], name=key.title(), anonymous=anonymous
        )
        for key, kind, status, area, anonymous in rows
    ]
    actions.register_organizations(actor=SYSTEM, items=items)
    return {key: an_id(key) for key, *_ in rows}


@pytest.fixture
def enrol(network: dict[str, UUID]) -> Callable[..., Person]:
    """``enrol("eleni", legal="editor")``: a person at …@work.example with one role per organization.

    With a second factor, as everybody needs it whose role should count; ``factor=False``: without.
    """
    from sympolity.people import actions
    from sympolity.people.models import Person

    def enrolled(
        name: str,
        *,
        areas: Any = (),
        everywhere: bool = False,
        since: date = date(2024, 1, 1),
        until: date | None = None,
        factor: bool = True,
        **roles: str,
    ) -> Person:
        affiliations = [
            actions.AffiliationItem(
                organization=network[key],
                role=Role(role),
                areas=frozenset(areas),
                everywhere=everywhere,
                since=since,
                until=until,
            )
            for key, role in roles.items()
        ]
        item = actions.PersonItem(id=an_id(name), email=f"{name}@work.example", name=name, affiliations=affiliations)
        actions.enrol_persons(actor=SYSTEM, items=[item])
        if factor:
            actions.equip_examples(actor=SYSTEM, persons=[an_id(name)])
        return Person.objects.get(id=an_id(name))

    return enrolled
