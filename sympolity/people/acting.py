"""Who acts in a request: the provider of ``kit.actor`` for people who have signed in."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from uuid import UUID

from django.conf import settings
from django.db import Error as DatabaseError
from django.http import HttpRequest

from sympolity.kit.actor import Actor, Grant, Role
from sympolity.people import queries, rules
from sympolity.people.enums import OrganizationState

__all__ = ["CHOSEN", "actor_for", "from_request"]

CHOSEN = "acting_for"  # session key: the organization a person has chosen to act for
logger = logging.getLogger(__name__)


def from_request(request: HttpRequest) -> Actor | None:
    """The person of the session; None without a session, and when the database does not answer:
    pages that need no database go on as for the public. At most three queries.
    """
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return None
    try:
        person = request.user
        if not person.is_authenticated:
            return None
        return actor_for(person.pk, str(request.session.get(CHOSEN, "")))
    except DatabaseError as error:
        logger.warning("no actor, served as public: %s", type(error).__name__)
        return None


def actor_for(person: UUID, chosen: str = "") -> Actor:
    """The actor that ``person`` is today, acting for the organization ``chosen`` or their first.

    Only what they are in *that* organization counts: a role in one is no key to another. While a role of
    theirs waits for a second factor they act for nobody: all that is left is their own account.
    """
    rows = queries.standings(person)
    organization = queries.chosen_first(chosen, dict.fromkeys(row.organization for row in rows))
    acting = [row for row in rows if row.organization == organization]
    if any(rules.needs_factor(Role(row.role)) and not row.factor for row in acting):
        return Actor(person=person, lacks_factor=True)
    approved = any(row.status == OrganizationState.APPROVED for row in acting)
    return Actor(person=person, acting_for=organization, grants=_grants(acting), approved=approved)


def _grants(rows: Sequence[queries.Standing]) -> frozenset[Grant]:
    """One grant for each role. Administrators run the whole installation: theirs has no borders."""
    found: dict[Role, Grant] = {}
    for row in rows:
        role = Role(row.role)
        if rules.gives(row.status, role):
            before = found.get(role, Grant(role, everywhere=role == Role.ADMINISTRATOR))
            areas = before.areas | {row.area} if row.area else before.areas
            found[role] = Grant(role, areas, before.everywhere or row.everywhere)
    return frozenset(found.values())
