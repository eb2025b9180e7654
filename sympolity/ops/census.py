"""Whether somebody real works here, or only the demonstration."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q

from sympolity.kit import clock
from sympolity.people.enums import OrganizationState
from sympolity.people.models import Affiliation
from sympolity.post.queries import reserved

__all__ = ["is_real"]


def is_real(person: UUID | None = None) -> bool:
    """Whether this person, or without one anybody, has an address of their own and acts for an approved organization."""
    today = clock.local_today()
    rows = Affiliation.objects.filter(
        Q(until=None) | Q(until__gte=today),
        since__lte=today,
        person__is_active=True,
        organization__status=OrganizationState.APPROVED,
    )
    if person is not None:
        rows = rows.filter(person=person)
    return rows.exclude(reserved("person__email")).exists()
