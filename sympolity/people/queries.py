"""What may be seen of organizations and persons, and what rules need to know of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef, Q, QuerySet

from sympolity.kit import clock
from sympolity.kit.actor import Actor, Role
from sympolity.kit.fold import fold
from sympolity.languages import registry
from sympolity.languages.models import Text
from sympolity.people.enums import OrganizationState, StatementState
from sympolity.people.models import (
    Affiliation,
    Application,
    Invitation,
    JoinRequest,
    Organization,
    Person,
    SignIn,
    Statement,
)
from sympolity.people.rules import OFFERS, OVERSEERS, OrganizationFacts, StatementFacts, needs_second
from sympolity.places.models import Area, AreaKind, AreaName, NameKind

__all__ = [
    "AROUND",
    "Standing",
    "acted_for",
    "affiliations_visible_to",
    "applications_visible_to",
    "area_chain",
    "area_choices",
    "chosen_first",
    "factors",
    "facts",
    "found_by_name",
    "in_force",
    "invitations_visible_to",
    "join_requests_visible_to",
    "joinable",
    "kept_by_owners",
    "organizations_visible_to",
    "persons_visible_to",
    "sign_ins_visible_to",
    "standings",
    "stands_in",
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
    factor: bool = False  # whether the person has a second factor


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


def applications_visible_to(actor: Actor) -> QuerySet[Application]:
    """Those of one's own organization; curators and administrators: all."""
    if actor.has(*OVERSEERS):
        return Application.objects.all()
    if actor.acting_for is None or not actor.has(Role.EDITOR):
        return Application.objects.none()
    return Application.objects.filter(organization_id=actor.acting_for)


def join_requests_visible_to(actor: Actor) -> QuerySet[JoinRequest]:
    """One's own, and to its editors those who ask for their organization; curators and administrators: all."""
    if actor.has(*OVERSEERS):
        return JoinRequest.objects.all()
    if actor.person is None:
        return JoinRequest.objects.none()
    seen = Q(person_id=actor.person)
    if actor.has(Role.EDITOR):
        seen |= Q(organization_id=actor.acting_for)
    return JoinRequest.objects.filter(seen)


def invitations_visible_to(actor: Actor) -> QuerySet[Invitation]:
    """To editors those of their organization; curators and administrators: all."""
    if actor.has(*OVERSEERS):
        return Invitation.objects.all()
    if actor.acting_for is None or not actor.has(Role.EDITOR):
        return Invitation.objects.none()
    return Invitation.objects.filter(organization_id=actor.acting_for)


def sign_ins_visible_to(actor: Actor) -> QuerySet[SignIn]:
    """One's own, and nobody else's."""
    return SignIn.objects.filter(person_id=actor.person) if actor.person else SignIn.objects.none()


def joinable() -> QuerySet[Organization]:
    """Organizations that everybody sees, and may therefore ask to join."""
    return Organization.objects.filter(status=OrganizationState.APPROVED, anonymous=False)


def found_by_name(wanted: str, most: int) -> list[Organization]:
    """Organizations one may ask to join whose name, in any language and spelling, has ``wanted`` in it; by name."""
    key = fold(wanted)
    names = dict(joinable().order_by("name", "id").values_list("id", "name"))
    said = Text.objects.filter(noun="organization", field="name").values_list("noun_id", "body")
    hits = {one for one, name in (*names.items(), *said) if one in names and key in fold(name)}
    found = [one for one in names if one in hits][:most]
    rows = Organization.objects.in_bulk(found)
    return [rows[one] for one in found]


def area_choices(lang: str) -> list[tuple[str, str]]:
    """(id, name in ``lang`` or in English) of every municipality, by name."""
    named = AreaName.objects.filter(
        kind=NameKind.COMMON, language__in=[lang, registry.FALLBACK], area__kind=AreaKind.MUNICIPALITY
    ).values_list("area_id", "language", "name")
    names: dict[UUID, str] = {}
    for area, language, name in named:
        if language == lang or area not in names:
            names[area] = name
    return sorted(((str(one), name) for one, name in names.items()), key=lambda row: (fold(row[1]), row[0]))


def acted_for(actor: Actor) -> Organization | None:
    """The organization that the actor acts for."""
    if actor.acting_for is None:
        return None
    return Organization.objects.select_related(AROUND).filter(id=actor.acting_for).first()


def stands_in(person: UUID | None, organization: UUID | None) -> bool:
    """Whether a person has any role in an organization today."""
    if person is None or organization is None:
        return False
    return in_force().filter(person_id=person, organization_id=organization).exists()


def kept_by_owners(organizations: Iterable[UUID]) -> set[UUID]:
    """Those of ``organizations`` that have an editor of their own today: what stands there is theirs to change."""
    found = in_force().filter(role=Role.EDITOR, organization_id__in=set(organizations))
    return set(found.values_list("organization_id", flat=True))


def in_force(on: date | None = None) -> QuerySet[Affiliation]:
    """Affiliations in force on a day (both ends in); today without one."""
    day = on or clock.local_today()
    return Affiliation.objects.filter(Q(until__isnull=True) | Q(until__gte=day), since__lte=day)


def standings(person: UUID) -> list[Standing]:
    """Where a person stands today.

    One query, in a steady order: approved organizations first, then the older affiliation.
    """
    rows = in_force().filter(person_id=person).order_by("since", "organization_id", "role", "areas__id")
    factor = Exists(factors().filter(user_id=OuterRef("person_id")))
    found = rows.values_list("organization_id", "organization__status", "role", "everywhere", "areas__id", factor)
    return sorted((Standing(*row) for row in found), key=lambda row: row.status != OrganizationState.APPROVED)


def factors() -> QuerySet[Authenticator]:
    """What counts as a second factor. Recovery codes stand in for one and are none."""
    found: QuerySet[Authenticator] = Authenticator.objects.filter(
        type__in=[Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
    )
    return found


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


def facts(organization: Organization, application: Application | None = None) -> OrganizationFacts:
    """What rules ask of an organization. With its ``application``, also what approving it asks."""
    areas = area_chain(organization.area)
    said = {name for name in OFFERS if application and getattr(application, name)}
    vouched = application.vouched_by_id if application else None
    second = needs_second(organization.kind, said)
    return OrganizationFacts(organization.id, organization.status, areas, second=second, vouched_by=vouched)


def statement_facts(statement: Statement) -> StatementFacts:
    """What rules ask of a statement."""
    return StatementFacts(facts(statement.organization), statement.status, statement.consent_on)
