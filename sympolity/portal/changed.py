"""When what everybody can read of a thing changed: the one date that sitemap and feeds tell.

A confirmation says that something is still true: it is no change. Time that passes is none either.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Greatest

from sympolity.directory.enums import AddressVisibility
from sympolity.directory.models import Location, ServiceAtLocation
from sympolity.directory.queries import visible_to
from sympolity.kit.actor import PUBLIC
from sympolity.people.queries import organizations_visible_to
from sympolity.trail.models import Entry

__all__ = ["organizations", "services"]

_ORGANIZATION_VERBS = ("registered", "changed", "approved")


def _latest(entries: QuerySet[Entry]) -> Any:
    """The newest moment of some entries; a maximum, since an order by position would read the whole trail."""
    return Subquery(entries.order_by().values("noun").annotate(newest=Max("at")).values("newest"))


def services() -> QuerySet[Any]:
    """Services that everybody may see, with ``changed``.

    ``updated_at`` moves with columns, texts, hours and papers. A place has no date of its own: the trail tells
    when it changed. Of a place that is not public only the hiding counts, for nothing else of it can be read.
    """
    places = ServiceAtLocation.objects.filter(service=OuterRef(OuterRef("pk"))).values("location_id")
    public = Exists(Location.objects.filter(pk=OuterRef("noun_id"), visibility=AddressVisibility.FULL))
    moved = Q(public, verb="changed") | Q(verb="hidden")
    latest = _latest(Entry.objects.filter(moved, noun="location", noun_id__in=places))
    return visible_to(PUBLIC).annotate(changed=Greatest(F("updated_at"), Coalesce(latest, F("updated_at"))))


def organizations() -> QuerySet[Any]:
    """Organizations that everybody may see, with ``changed``; a text alone leaves ``updated_at`` as it was."""
    own = Entry.objects.filter(noun="organization", noun_id=OuterRef("pk"), verb__in=_ORGANIZATION_VERBS)
    return organizations_visible_to(PUBLIC).annotate(
        changed=Greatest(F("updated_at"), Coalesce(_latest(own), F("updated_at")))
    )
