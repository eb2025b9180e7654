"""Rules of organizations and persons: pure functions on plain facts, no database."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sympolity.kit.actor import Actor, Role
from sympolity.kit.flow import Flow, Turn
from sympolity.kit.refusals import Allowed, Answer, Refused
from sympolity.people.enums import OrganizationKind, OrganizationState, StatementState

__all__ = [
    "FLOW",
    "MOST_WAITING",
    "OFFERS",
    "OVERSEERS",
    "STATEMENT_FLOW",
    "OrganizationFacts",
    "StatementFacts",
    "gives",
    "in_reach",
    "may_change_organization",
    "may_change_person",
    "may_decide_request",
    "may_end",
    "may_enrol",
    "may_found",
    "may_invite",
    "may_read_name",
    "may_record_statement",
    "may_register",
    "may_turn",
    "needs_factor",
    "needs_second",
]

_PENDING, _APPROVED = OrganizationState.PENDING, OrganizationState.APPROVED
_SUSPENDED, _CLOSED = OrganizationState.SUSPENDED, OrganizationState.CLOSED

_TURNERS = frozenset({Role.CURATOR, Role.ADMINISTRATOR, Role.SYSTEM})
OVERSEERS = (Role.CURATOR, Role.ADMINISTRATOR, Role.SYSTEM)  # they see every organization and person
# Before approval people prepare their own things; what reaches further waits for it.
_BEFORE_APPROVAL = frozenset({Role.EDITOR, Role.SUPPORTER})
# Roles a curator may hand out: they reach no further than the organization itself.
_BY_CURATORS = frozenset({Role.EDITOR, Role.SUPPORTER})
# Roles an editor may hand out in the own organization.
_BY_EDITORS = frozenset({Role.EDITOR, Role.SUPPORTER, Role.TRANSLATOR})
# Who writes what the public reads, decides, or sees data of staff (quality.md, takeover).
_WITHOUT_FACTOR = frozenset({Role.SUPPORTER, Role.SYSTEM})
MOST_WAITING = 3  # organizations, or requests to join one, of one person at a time
OFFERS = ("offers_housing", "offers_work")
# domain.md: a second person for kinds that may publish housing or work. Companies employ, supporters take people in.
_KINDS_FOR_TWO = frozenset({OrganizationKind.COMPANY, OrganizationKind.SUPPORTER})


@dataclass(frozen=True, slots=True)
class OrganizationFacts:
    """What rules ask of an organization. ``areas``: its area and all areas around it.

    ``second``: two persons must approve it; ``vouched_by``: who was the first. ``insiders``: whoever asked for
    it or belongs to it.
    """

    id: UUID
    status: str
    areas: frozenset[UUID] = frozenset()
    second: bool = False
    vouched_by: UUID | None = None
    insiders: frozenset[UUID] = frozenset()


def gives(status: str, role: Role) -> bool:
    """Does an affiliation in ``role`` count today, in an organization with this status?"""
    if role == Role.SYSTEM or status in {_SUSPENDED, _CLOSED}:
        return False
    return status == _APPROVED or role in _BEFORE_APPROVAL


def needs_factor(role: Role) -> bool:
    """Does ``role`` count only for whoever has a second factor?"""
    return role not in _WITHOUT_FACTOR


def needs_second(kind: str, offers: AbstractSet[str]) -> bool:
    """Must two persons approve an organization of this kind, or with these :data:`OFFERS`?"""
    return kind in _KINDS_FOR_TWO or bool(offers)


def in_reach(actor: Actor, areas: frozenset[UUID]) -> bool:
    """A curator reaches what lies in their areas; administrators and the system reach all."""
    if actor.has(Role.ADMINISTRATOR, Role.SYSTEM):
        return True
    reach = actor.areas_of(Role.CURATOR)
    return reach is None or bool(reach & areas)


def may_read_name(actor: Actor, organization: UUID, *, anonymous: bool) -> bool:
    """May the actor read what an organization is called? Of one that is anonymous: its own people and those who
    oversee; the same as ``queries.organizations_visible_to``, for things that are shown while their owner is not."""
    return not anonymous or actor.acting_for == organization or actor.has(*OVERSEERS)


def may_turn(actor: Actor, organization: OrganizationFacts) -> Answer:
    """Approve, suspend or close: a curator of the area or an administrator, never one's own."""
    if not actor.has(*_TURNERS):
        return Refused("not_curator")
    if actor.acting_for == organization.id or actor.person in organization.insiders:
        return Refused("own_organization")
    return Allowed() if in_reach(actor, organization.areas) else Refused("other_area")


def _may_approve(actor: Actor, organization: OrganizationFacts) -> Answer:
    """The last word. Of the two persons that some need it is the second, another one than the first."""
    if organization.second and organization.status == _PENDING and not actor.has(Role.SYSTEM):
        if organization.vouched_by is None:
            return Refused("first_of_two")
        if organization.vouched_by == actor.person:
            return Refused("second_person")
    return may_turn(actor, organization)


def _may_vouch(actor: Actor, organization: OrganizationFacts) -> Answer:
    """The first of the two."""
    if not organization.second or organization.vouched_by is not None:
        return Refused("not_asked_for")
    return may_turn(actor, organization)


def _may_answer(actor: Actor, organization: OrganizationFacts) -> Answer:
    return Allowed() if actor.acting_for == organization.id else Refused("not_yours")


# domain.md, Organization. Closed is the end.
FLOW = Flow(
    "organization",
    [
        Turn("vouch", frozenset({_PENDING}), _PENDING, _TURNERS, _may_vouch),
        Turn("approve", frozenset({_PENDING, _SUSPENDED}), _APPROVED, _TURNERS, _may_approve),
        Turn("ask", frozenset({_PENDING}), _PENDING, _TURNERS, may_turn),
        Turn("answer", frozenset({_PENDING}), _PENDING, frozenset({Role.EDITOR}), _may_answer),
        Turn("decline", frozenset({_PENDING}), _CLOSED, _TURNERS, may_turn),
        Turn("suspend", frozenset({_APPROVED}), _SUSPENDED, _TURNERS, may_turn),
        Turn("close", frozenset({_PENDING, _APPROVED, _SUSPENDED}), _CLOSED, _TURNERS, may_turn),
    ],
)


def may_found(actor: Actor, waiting: int) -> Answer:
    """Ask that a new organization takes part: whoever has proved an address. ``waiting``: how many of theirs wait."""
    if actor.person is None:
        return Refused("not_signed_in")
    return Allowed() if waiting < MOST_WAITING else Refused("too_many_wait")


def may_register(actor: Actor, areas: frozenset[UUID], status: str) -> Answer:
    """New organizations begin pending; only the system brings in others."""
    if not actor.has(Role.CURATOR, Role.ADMINISTRATOR, Role.SYSTEM):
        return Refused("not_curator")
    if status != _PENDING and not actor.has(Role.SYSTEM):
        return Refused("state_by_verb")
    return Allowed() if in_reach(actor, areas) else Refused("other_area")


def may_change_organization(actor: Actor, organization: OrganizationFacts, fields: frozenset[str]) -> Answer:
    """Its own editors, curators of its area, administrators. What kind it is was approved with it."""
    if actor.has(Role.CURATOR, Role.ADMINISTRATOR, Role.SYSTEM) and in_reach(actor, organization.areas):
        return Allowed()
    if not (actor.has(Role.EDITOR) and actor.acting_for == organization.id):
        return Refused("not_yours")
    return Refused("by_curator") if fields & {"kind", "example"} else Allowed()


def may_enrol(actor: Actor, role: Role, organization: OrganizationFacts, *, everywhere: bool = False) -> Answer:
    """Who may give or take ``role`` in ``organization``. Nobody is ever the system."""
    if role == Role.SYSTEM:
        return Refused("unknown_role")
    if actor.has(Role.ADMINISTRATOR, Role.SYSTEM):
        return Allowed()
    if not actor.has(Role.CURATOR):
        return Refused("not_curator")
    if role not in _BY_CURATORS or everywhere:
        return Refused("role_by_administrator")
    return Allowed() if in_reach(actor, organization.areas) else Refused("other_area")


def may_invite(actor: Actor, role: Role, organization: OrganizationFacts) -> Answer:
    """Who may offer ``role`` by mail: its own editors once it is approved, and whoever may enrol."""
    if organization.status != _APPROVED:
        return Refused("not_approved")
    if actor.has(Role.EDITOR) and actor.acting_for == organization.id:
        return Allowed() if role in _BY_EDITORS else Refused("role_by_administrator")
    return may_enrol(actor, role, organization)


def may_decide_request(actor: Actor, organization: OrganizationFacts, *, owned: bool) -> Answer:
    """Who lets somebody in as an editor. Of one that has editors they alone: a curator decides where nobody is."""
    if organization.status != _APPROVED:
        return Refused("not_approved")
    if actor.has(Role.EDITOR) and actor.acting_for == organization.id:
        return Allowed()
    if owned and not actor.has(Role.ADMINISTRATOR, Role.SYSTEM):
        return Refused("by_its_editors")
    return may_enrol(actor, Role.EDITOR, organization)


def may_end(actor: Actor, person: UUID, role: Role, organization: OrganizationFacts, *, everywhere: bool) -> Answer:
    """Who may end an affiliation: oneself, editors those that editors hand out, and whoever may give it."""
    if actor.person is not None and actor.person == person:
        return Allowed()
    if actor.has(Role.EDITOR) and actor.acting_for == organization.id and role in _BY_EDITORS:
        return Allowed()
    return may_enrol(actor, role, organization, everywhere=everywhere)


def may_change_person(actor: Actor, person: UUID, fields: frozenset[str]) -> Answer:
    """Name and language: the person, or an administrator. Who holds the address holds the
    account, so address and activity are an administrator's alone."""
    if actor.has(Role.ADMINISTRATOR, Role.SYSTEM):
        return Allowed()
    if fields <= {"name", "language"} and actor.person == person:
        return Allowed()
    return Refused("not_administrator")


@dataclass(frozen=True, slots=True)
class StatementFacts:
    """What rules ask of a statement. ``consented``: the organization agreed to these words."""

    organization: OrganizationFacts
    status: str = StatementState.DRAFT
    consent_on: date | None = None


def may_record_statement(
    actor: Actor, statement: StatementFacts, fields: frozenset[str], consent: date | None
) -> Answer:
    """Write or change a statement: the organization's own editors, curators of its area, administrators.

    ``fields``: what changes of one that is known. Consent was given to certain words, so published
    words stay as they are, and those of a draft change only without it or with a newer one.
    """
    own = actor.has(Role.EDITOR) and actor.acting_for == statement.organization.id
    overseer = actor.has(*_TURNERS) and in_reach(actor, statement.organization.areas)
    if not (own or overseer):
        return Refused("not_yours")
    if fields and statement.status == StatementState.WITHDRAWN:
        return Refused("withdrawn")
    if fields & {"body", "said_by", "lang", "organization_id"}:
        if statement.status == StatementState.PUBLISHED:
            return Refused("words_are_published")
        if consent is not None and consent == statement.consent_on:
            return Refused("consent_to_other_words")
    if "consent_on" in fields and consent is None and statement.status == StatementState.PUBLISHED:
        return Refused("no_consent")
    return Allowed()


def _may_publish_statement(actor: Actor, statement: StatementFacts) -> Answer:
    if statement.consent_on is None:
        return Refused("no_consent")
    return Allowed() if in_reach(actor, statement.organization.areas) else Refused("other_area")


def _may_withdraw_statement(actor: Actor, statement: StatementFacts) -> Answer:
    """Whoever said it may take it back at any time, without giving a reason."""
    if actor.has(Role.EDITOR) and actor.acting_for == statement.organization.id:
        return Allowed()
    if not actor.has(*_TURNERS):
        return Refused("not_yours")
    return Allowed() if in_reach(actor, statement.organization.areas) else Refused("other_area")


# domain.md, Statement. Withdrawn is the end: what is said again is a new statement.
STATEMENT_FLOW = Flow(
    "statement",
    [
        Turn("publish", frozenset({StatementState.DRAFT}), StatementState.PUBLISHED, _TURNERS, _may_publish_statement),
        Turn(
            "withdraw",
            frozenset({StatementState.DRAFT, StatementState.PUBLISHED}),
            StatementState.WITHDRAWN,
            _TURNERS | {Role.EDITOR},
            _may_withdraw_statement,
        ),
    ],
)
