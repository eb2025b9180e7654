"""Reading what the room keeps."""

from __future__ import annotations

from django.db.models import QuerySet

from sympolity.exchange.models import ImportRun, Mapping
from sympolity.exchange.rules import may_import, may_keep_mappings
from sympolity.kit.actor import Actor

__all__ = ["mappings_visible_to", "runs_visible_to"]


def mappings_visible_to(actor: Actor) -> QuerySet[Mapping]:
    """Saved mappings: for those who bring in tables."""
    return Mapping.objects.order_by("name") if may_keep_mappings(actor) else Mapping.objects.none()


def runs_visible_to(actor: Actor) -> QuerySet[ImportRun]:
    """Runs, the newest first: for those who may import."""
    found = ImportRun.objects.order_by("-created_at", "id")
    return found if may_import(actor) else found.none()
