"""What may be seen of organizations and persons, and what rules need to know of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple
from uuid import UUID

from django.db.models import Q, QuerySet

from sympolity.kit import clock
from sympolity.kit.actor import Actor
from sympolity.people.enums import OrganizationState, StatementState
from sympolity.people.models import Affiliation, Organization, Person, Statement
from sympolity.people.rules import OVERSEERS, OrganizationFacts, StatementFacts
from sympolity.places.models import Area

__all__ = [
    "AROUND",
    "Standing",
    "affiliations_visible_to",
    "area_chain",
    "chosen_first",
    "facts",
    "in_force",
    "organizations_visible_to",
    "persons_visible_to",
    "standings",
    "statement_facts",
    "statements_visible_to",
]

# An area and what lies around it: neighbourhood, municipality, region, country.
AROUND = "area__parent__parent__parent"


class Standing(NamedTuple):
    """What somebody is in an organization today; a row for each of the areas."""

    organization: UUID
    status: str  # of the organization
    role: str
    everywhere: bool
    area: UUID | None


def organizations_visible_to(actor: Actor) -> QuerySet[Organization]:
    """Approved ones that do not hide; one's own in any state; curators and administrators: all.

    An anonymous organization is counted elsewhere and listed nowhere.
    """
    if actor.has(*OVERSEERS):
        return Organization.objects.all()
    public = Q(status=OrganizationState.APPROVED, anonymous=False)
    return Organization.objects.filter(public | Q(id=actor.acting_for) if actor.acting_for else public)


def persons_visible_to(actor: Actor) -> QuerySet[Person]:
    """Oneself and today's colleagues; curators and administrators: all; the public: nobody."""
    if actor.has(*OVERSEERS):
        return Person.objects.all()
    if actor.person is None:
        return Person.objects.none()
    if actor.acting_for is None:
        return Person.objects.filter(id=actor.person)
    colleagues = in_force().filter(organization_id=actor.acting_for).values("person_id")
    return Person.objects.filter(Q(id=actor.person) | Q(id__in=colleagues))


def affiliations_visible_to(actor: Actor) -> QuerySet[Affiliation]:
    """One's own and those of the organization acted for; curators and administrators: all."""
    if actor.has(*OVERSEERS):
        return Affiliation.objects.all()
    if actor.person is None:
        return Affiliation.objects.none()
    mine = Q(person_id=actor.person)
    return Affiliation.objects.filter(mine | Q(organization_id=actor.acting_for) if actor.acting_for else mine)


def statements_visible_to(actor: Actor) -> QuerySet[Statement]:
    """Published ones of organizations that everybody sees; one's own in any state; overseers: all."""
    if actor.has(*OVERSEERS):
        return Statement.objects.all()
    public = Q(
        status=StatementState.PUBLISHED, organization__status=OrganizationState.APPROVED, organization__anonymous=False
    )
    return Statement.objects.filter(public | Q(organization_id=actor.acting_for) if actor.acting_for else public)


def in_force(on: date | None = None) -> QuerySet[Affiliation]:
    """Affiliations in force on a day (both ends in); today without one."""
    day = on or clock.local_today()
    return Affiliation.objects.filter(Q(until__isnull=True) | Q(until__gte=day), since__lte=day)


def standings(person: UUID) -> list[Standing]:
    """Where a person stands today.

    One query, in a steady order: approved organizations first, then the older affiliation.
    """
    rows = in_force().filter(person_id=person).order_by("since", "organization_id", "role", "areas__id")
    found = rows.values_list("organization_id", "organization__status", "role", "everywhere", "areas__id")
    return sorted((Standing(*row) for row in found), key=lambda row: row.status != OrganizationState.APPROVED)


def chosen_first(wanted: str, organizations: Iterable[UUID]) -> UUID | None:
    """The organization that ``wanted`` names, if it is among them; else the first."""
    known = list(organizations)
    return next((one for one in known if str(one) == wanted), known[0] if known else None)


def area_chain(area: Area | None) -> frozenset[UUID]:
    """An area and the areas around it; without further queries after ``select_related(AROUND)``."""
    found: set[UUID] = set()
    while area is not None and area.id not in found:
        found.add(area.id)
        area = area.parent
    return frozenset(found)


def facts(organization: Organization) -> OrganizationFacts:
    """What rules ask of an organization."""
    return OrganizationFacts(organization.id, organization.status, area_chain(organization.area))


def statement_facts(statement: Statement) -> StatementFacts:
    """What rules ask of a statement."""
    return StatementFacts(facts(statement.organization), statement.status, statement.consent_on)
