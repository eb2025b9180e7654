"""What may be seen of networks and agreements, and who is a member on a day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import F, Q, QuerySet

from sympolity.kit import clock
from sympolity.kit.actor import SYSTEM, Actor
from sympolity.network import rules
from sympolity.network.enums import AgreementKind, AgreementState
from sympolity.network.models import Accession, Agreement, Network
from sympolity.network.rules import Count, Membership, Step
from sympolity.people.queries import organizations_visible_to

__all__ = [
    "Register",
    "accessions_visible_to",
    "agreement_facts",
    "agreements_visible_to",
    "member_areas",
    "members_on",
    "membership",
    "networks_visible_to",
    "registers",
]


def networks_visible_to(actor: Actor) -> QuerySet[Network]:  # noqa: ARG001 - every gate takes the actor
    """Networks are public."""
    return Network.objects.all()


def agreements_visible_to(actor: Actor) -> QuerySet[Agreement]:
    """All but drafts; drafts for those who keep them and for their parties."""
    if actor.has(*rules.KEEPERS):
        return Agreement.objects.all()
    public = ~Q(status=AgreementState.DRAFT)
    if actor.acting_for is None:
        return Agreement.objects.filter(public)
    return Agreement.objects.filter(public | Q(parties__organization_id=actor.acting_for)).distinct()


def accessions_visible_to(actor: Actor) -> QuerySet[Accession]:
    """What has been in force; one's own on its way; whoever keeps them: all."""
    if actor.has(*rules.KEEPERS):
        return Accession.objects.all()
    public = Q(status__in=rules.PUBLIC_ACCESSIONS) & ~Q(agreement__status=AgreementState.DRAFT)
    return Accession.objects.filter(public | Q(organization_id=actor.acting_for) if actor.acting_for else public)


@dataclass(frozen=True, slots=True)
class Register:
    """The accessions of one network. ``hidden``: organizations that the reader may not see; they
    count, and are not listed."""

    accessions: tuple[Accession, ...]
    memberships: dict[UUID, Membership]  # by id of the accession
    hidden: frozenset[UUID]

    def count(self, on: date) -> Count:
        return rules.count_on(self.memberships.values(), on)

    def history(self, today: date) -> list[Step]:
        return rules.history(self.memberships.values(), today)

    def members(self, on: date) -> list[Accession]:
        """The accessions in force on a day whose organizations the reader may see."""
        return [
            one for one in self.accessions
            if one.organization_id not in self.hidden and rules.in_force_on(self.memberships[one.id], on)
        ]  # fmt: skip


def registers(networks: Iterable[UUID], *, actor: Actor) -> dict[UUID, Register]:
    """The register of each network, with organizations and their areas. Three queries for all."""
    wanted = list(networks)
    rows = (
        accessions_visible_to(actor)
        .filter(agreement__network_id__in=wanted, agreement__kind=AgreementKind.MOU)
        .select_related("agreement", "organization__area")
        .prefetch_related("suspensions")
        .order_by(F("since").asc(nulls_last=True), "organization__name", "id")
    )
    found: dict[UUID | None, list[Accession]] = {one: [] for one in wanted}
    for row in rows:
        found[row.agreement.network_id].append(row)
    members = {row.organization_id for own in found.values() for row in own}
    seen = (
        set(organizations_visible_to(actor).filter(id__in=members).values_list("id", flat=True)) if members else set()
    )
    return {
        one: Register(
            tuple(found[one]),
            {row.id: membership(row) for row in found[one]},
            frozenset(row.organization_id for row in found[one]) - seen,
        )
        for one in wanted
    }


def members_on(network: UUID, on: date, *, actor: Actor = SYSTEM) -> list[Accession]:
    """The accessions to a network in force on a day (three queries)."""
    return registers([network], actor=actor)[network].members(on)


def member_areas(slug: str, on: date | None = None, *, actor: Actor = SYSTEM) -> set[str]:
    """The slugs of the municipalities that are members of a network on a day, today without one;
    empty for an unknown network. (Pages that ask no database: ``portal.site.Site.members``.)"""
    network = Network.objects.filter(slug=slug).values_list("id", flat=True).first()
    if network is None:
        return set()
    rows = members_on(network, on or clock.local_today(), actor=actor)
    return {row.organization.area.slug for row in rows if row.organization.area is not None}


def membership(row: Accession) -> Membership:
    """An accession as a fact; no further query after ``prefetch_related("suspensions")``."""
    return Membership(
        row.organization_id, row.status, row.since, row.precision, row.until, row.noted_on,
        tuple((one.since, one.until) for one in row.suspensions.all()),
    )  # fmt: skip


def agreement_facts(row: Agreement) -> rules.AgreementFacts:
    """What rules ask of an agreement."""
    return rules.AgreementFacts(row.parties.count() + (row.network_id is not None))
