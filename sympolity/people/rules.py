"""Rules of organizations and persons: pure functions on plain facts, no database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sympolity.kit.actor import Actor, Role
from sympolity.kit.flow import Flow, Turn
from sympolity.kit.refusals import Allowed, Answer, Refused
from sympolity.people.enums import OrganizationState, StatementState

__all__ = [
    "FLOW",
    "OVERSEERS",
    "STATEMENT_FLOW",
    "OrganizationFacts",
    "StatementFacts",
    "gives",
    "in_reach",
    "may_change_organization",
    "may_change_person",
    "may_enrol",
    "may_read_name",
    "may_record_statement",
    "may_register",
    "may_turn",
]

_PENDING, _APPROVED = OrganizationState.PENDING, OrganizationState.APPROVED
_SUSPENDED, _CLOSED = OrganizationState.SUSPENDED, OrganizationState.CLOSED

_TURNERS = frozenset({Role.CURATOR, Role.ADMINISTRATOR, Role.SYSTEM})
OVERSEERS = (Role.CURATOR, Role.ADMINISTRATOR, Role.SYSTEM)  # they see every organization and person
# Before approval people prepare their own things; what reaches further waits for it.
_BEFORE_APPROVAL = frozenset({Role.EDITOR, Role.SUPPORTER})
# Roles a curator may hand out: they reach no further than the organization itself.
_BY_CURATORS = frozenset({Role.EDITOR, Role.SUPPORTER})


@dataclass(frozen=True, slots=True)
class OrganizationFacts:
    """What rules ask of an organization. ``areas``: its area and all areas around it."""

    id: UUID
    status: str
    areas: frozenset[UUID] = frozenset()


def gives(status: str, role: Role) -> bool:
    """Does an affiliation in ``role`` count today, in an organization with this status?"""
    if role == Role.SYSTEM or status in {_SUSPENDED, _CLOSED}:
        return False
    return status == _APPROVED or role in _BEFORE_APPROVAL


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
    if actor.acting_for == organization.id:
        return Refused("own_organization")
    return Allowed() if in_reach(actor, organization.areas) else Refused("other_area")


# domain.md, Organization. Closed is the end.
FLOW = Flow(
    "organization",
    [
        Turn("approve", frozenset({_PENDING, _SUSPENDED}), _APPROVED, _TURNERS, may_turn),
        Turn("suspend", frozenset({_APPROVED}), _SUSPENDED, _TURNERS, may_turn),
        Turn("close", frozenset({_PENDING, _APPROVED, _SUSPENDED}), _CLOSED, _TURNERS, may_turn),
    ],
)


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
