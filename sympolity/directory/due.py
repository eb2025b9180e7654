"""What waits for a confirmation: the rule of ``rules.due``, said in SQL for all services at once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from sympolity.directory import models, rules
from sympolity.directory.enums import FieldGroup
from sympolity.directory.queries import visible_to
from sympolity.kit import clock
from sympolity.kit.actor import PUBLIC
from sympolity.people.enums import OrganizationState

__all__ = ["kept_true", "late", "waiting", "with_hours"]


def _fresh(group: FieldGroup, today: date) -> Exists:
    """Confirmed within the period of its group."""
    first = datetime.combine(today - timedelta(days=rules.PERIODS[group]), time(), clock.ATHENS)
    return Exists(models.Confirmation.objects.filter(service=OuterRef("pk"), group=group, at__gte=first))


def with_hours() -> Q:
    """Services with opening hours: their own, of a place of theirs, or of the link to it."""
    filled = models.Schedule.objects.exclude(opening_hours="")
    places = models.ServiceAtLocation.objects.filter(service=OuterRef("pk"))
    at_places = places.filter(location__in=filled.filter(location__isnull=False).values("location"))
    own, of_link = filled.filter(service=OuterRef("pk")), filled.filter(at_location__service=OuterRef("pk"))
    return Q(Exists(own)) | Q(Exists(of_link)) | Q(Exists(at_places))


def late(groups: Iterable[FieldGroup], today: date) -> Q:
    """Services of which one of ``groups`` is due on ``today``. Hours count where there are any."""
    found = Q()
    for group in groups:
        stale = ~Q(_fresh(group, today))
        found |= stale & with_hours() if group == FieldGroup.HOURS else stale  # in this order: most are fresh
    return found


def kept_true(today: date) -> QuerySet[models.Service]:
    """Services that somebody may rely on: of approved organizations, in a status that is listed, not ended."""
    running = Q(ends_on__isnull=True) | Q(ends_on__gte=today)
    return models.Service.objects.filter(
        running, organization__status=OrganizationState.APPROVED, status__in=rules.LISTED_STATUS
    )


def waiting(today: date) -> int:
    """Public services whose contact was not confirmed within its period, or whose hours were not. One query."""
    stale = late((FieldGroup.CONTACT, FieldGroup.HOURS), today)
    return visible_to(PUBLIC).filter(pk__in=kept_true(today).filter(stale).values("pk")).count()
