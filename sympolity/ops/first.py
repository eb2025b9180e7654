"""Entering a person from the console: how the first administrator of an installation comes in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from uuid import UUID

from django.db import transaction

from sympolity.kit import clock
from sympolity.kit.actor import Actor, Role
from sympolity.kit.refusals import Refusal
from sympolity.languages.models import Text
from sympolity.people import actions
from sympolity.people.enums import OrganizationState
from sympolity.people.models import Affiliation, Organization, Person
from sympolity.places.models import Area

__all__ = ["Enrolment", "enrol"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolment:
    """What the operator asks for. ``area``: slug, for a new organization and for the role; "" = none.

    ``approve``: also an organization that waits; a new one is approved in any case.
    """

    address: str
    name: str
    organization: str
    kind: str
    role: Role
    area: str = ""
    everywhere: bool = False
    approve: bool = False
    lang: str = "el"


def enrol(wanted: Enrolment, *, actor: Actor) -> list[str]:
    """Make what is missing, in one transaction; a sentence for each thing, made or there already.

    What is there stays as it is. Raises Refusal; then nothing was written.
    """
    with transaction.atomic():
        return list(_steps(wanted, actor))


def _steps(wanted: Enrolment, actor: Actor) -> Iterator[str]:
    area = _area(wanted.area)
    organization = _organization(wanted.organization)
    if organization is None:
        yield f"made: organization {wanted.organization} ({wanted.kind}, approved)"
        item = actions.OrganizationItem(
            kind=wanted.kind,
            name=wanted.organization,
            lang=wanted.lang,
            status=OrganizationState.APPROVED,
            area=area,
        )
        actions.register_organizations(actor=actor, items=[item])
        organization = _organization(wanted.organization)
        assert organization is not None  # noqa: S101 - written in this transaction
    else:
        yield from _known(organization, wanted, actor)
    yield from _person(wanted, actor, organization, area)


def _known(organization: Organization, wanted: Enrolment, actor: Actor) -> Iterator[str]:
    yield f"there already: organization {organization.name} ({organization.kind}, {organization.status}); it stays as it is"
    if organization.status in {OrganizationState.SUSPENDED, OrganizationState.CLOSED}:
        raise Refusal("organization_rests")
    if organization.status == OrganizationState.PENDING:
        if not wanted.approve:
            raise Refusal("organization_waits")
        actions.approve_organizations(actor=actor, ids=[organization.id], note="approved on the console")
        yield f"approved: organization {organization.name}"


def _person(wanted: Enrolment, actor: Actor, organization: Organization, area: UUID | None) -> Iterator[str]:
    item = actions.PersonItem(email=wanted.address, name=wanted.name, language=wanted.lang)
    person = Person.objects.filter(email__iexact=wanted.address.strip()).first()
    if person is None:
        yield f"made: {wanted.name}, {wanted.address.strip().lower()}"
    else:
        if not person.is_active:
            raise Refusal("person_rests")
        item = replace(item, email=person.email, name=person.name, language=person.language)
        yield f"there already: {person.name or 'a person without a name'}, {person.email}; name and language stay as they are"
    row = person and _affiliation(person, organization, wanted.role)
    rank = f"{item.name}, {wanted.role.value} of {organization.name}"
    if row and (row.until is None or row.until >= clock.local_today()) and (row.everywhere or not wanted.everywhere):
        yield f"there already: {rank}"
        return
    areas = {one.id for one in row.areas.all()} if row else set()
    affiliation = actions.AffiliationItem(
        organization=organization.id,
        role=wanted.role,
        areas=areas | ({area} if area else set()),
        everywhere=wanted.everywhere,
    )
    actions.enrol_persons(actor=actor, items=[replace(item, affiliations=[affiliation])])
    yield f"{'changed' if row else 'made'}: {rank}"


def _area(slug: str) -> UUID | None:
    if not slug:
        return None
    found = Area.objects.filter(slug=slug).values_list("id", flat=True).first()
    if found is None:
        raise Refusal("unknown_area")
    return found


def _organization(name: str) -> Organization | None:
    """The one of this name, in its own language or another."""
    said = Text.objects.filter(noun="organization", field="name", body__iexact=name).values("noun_id")
    found = list(Organization.objects.filter(name__iexact=name)[:2]) or list(
        Organization.objects.filter(id__in=said)[:2]
    )
    if len(found) > 1:
        raise Refusal("several_of_this_name")
    return found[0] if found else None


def _affiliation(person: Person, organization: Organization, role: Role) -> Affiliation | None:
    return Affiliation.objects.filter(person=person, organization=organization, role=role.value).first()
