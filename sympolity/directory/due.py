"""How many services wait for a confirmation: one figure for whoever runs the installation."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.db.models import Exists, OuterRef, Q

from sympolity.directory import models, rules
from sympolity.directory.enums import FieldGroup
from sympolity.directory.queries import visible_to
from sympolity.kit import clock
from sympolity.kit.actor import PUBLIC

__all__ = ["waiting"]


def _fresh(group: FieldGroup, today: date) -> Exists:
    """Confirmed within the period of its group (rules.due, said in SQL)."""
    first = datetime.combine(today - timedelta(days=rules.PERIODS[group]), time(), clock.ATHENS)
    return Exists(models.Confirmation.objects.filter(service=OuterRef("pk"), group=group, at__gte=first))


def waiting(today: date) -> int:
    """Public services whose contact was not confirmed within its period, or whose hours were not.

    Hours count where there are any, of the service or of a place of it. One query.
    """
    of_it = (
        Q(service=OuterRef("pk"))
        | Q(at_location__service=OuterRef("pk"))
        | Q(location__at_services__service=OuterRef("pk"))
    )
    hours = Exists(models.Schedule.objects.exclude(opening_hours="").filter(of_it))
    late = ~_fresh(FieldGroup.CONTACT, today) | (hours & ~_fresh(FieldGroup.HOURS, today))
    running = Q(ends_on__isnull=True) | Q(ends_on__gte=today)
    return visible_to(PUBLIC).filter(running).filter(late).count()
