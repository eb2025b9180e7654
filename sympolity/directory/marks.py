"""The public mark "reported, being checked": computed from reports of facts, for pages and for the index.

Nothing here reads a report of conduct: that there is one is told to nobody.
"""

from __future__ import annotations

from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from sympolity.directory.enums import FACTS, ReportState
from sympolity.directory.models import Report, Service, ServiceAtLocation
from sympolity.directory.rules import LISTED_STATUS
from sympolity.people.enums import OrganizationState
from sympolity.places.models import Area, AreaKind

__all__ = ["cities_of", "counts_in", "doubted", "doubts"]

_STEPS = ("area", "area__parent", "area__parent__parent")  # from a location up to its municipality


def doubts() -> dict[str, Exists]:
    """For ``annotate`` on services: is this fact doubted in public? One column for each kind of fact."""
    checked = Report.objects.filter(service=OuterRef("pk"), conduct=False, state=ReportState.BEING_CHECKED)
    return {f"doubted_{kind.value}": Exists(checked.filter(kind=kind)) for kind in FACTS}


def doubted(service: Service) -> list[str]:
    """What is doubted in public of an annotated service: kinds of reports, in the order of the list."""
    return [kind.value for kind in FACTS if getattr(service, f"doubted_{kind.value}", False)]


def cities_of(service: UUID) -> list[UUID]:
    """The municipalities in which a service is given; none for one by phone only."""
    links = ServiceAtLocation.objects.filter(service=service).select_related("location__area__parent__parent")
    found: dict[UUID, None] = {}
    for link in links:
        area: Area | None = link.location.area
        while area is not None:
            if area.kind == AreaKind.MUNICIPALITY:
                found[area.id] = None
                break
            area = area.parent
    return sorted(found)


def counts_in(city: UUID | None) -> tuple[int, int]:
    """(services that everybody may find in a city, those of them that are marked). None: those of no city."""
    listed = Service.objects.filter(
        _inside(city), status__in=LISTED_STATUS, organization__status=OrganizationState.APPROVED
    )
    checked = Report.objects.filter(service=OuterRef("pk"), conduct=False, state=ReportState.BEING_CHECKED)
    return listed.count(), listed.filter(Exists(checked)).count()


def _inside(city: UUID | None) -> Q:
    found = Q()
    for step in _STEPS:
        name, wanted = (step, city) if city else (f"{step}__kind", AreaKind.MUNICIPALITY)
        found |= Q((f"location__{name}", wanted))
    inside = Exists(ServiceAtLocation.objects.filter(found, service=OuterRef("pk")))
    return Q(inside) if city else ~Q(inside)
