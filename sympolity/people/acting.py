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

Standing = tuple[UUID, str, str, UUID | None]


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

    Only what they are in *that* organization counts: a role in one is no key to another.
    """
    rows = queries.standings(person)
    organization = queries.chosen_first(chosen, dict.fromkeys(row[0] for row in rows))
    acting = [row for row in rows if row[0] == organization]
    approved = any(status == OrganizationState.APPROVED for _, status, _, _ in acting)
    return Actor(person=person, acting_for=organization, grants=_grants(acting), approved=approved)


def _grants(rows: Sequence[Standing]) -> frozenset[Grant]:
    areas: dict[Role, set[UUID]] = {}
    for _, status, name, area in rows:
        role = Role(name)
        if rules.gives(status, role):
            reach = areas.setdefault(role, set())
            if area is not None:
                reach.add(area)
    return frozenset(Grant(role, frozenset(each)) for role, each in areas.items())
