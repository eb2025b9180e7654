"""How true the directory is, city by city: plain counts that anybody can compute again.

Counted are services that everybody finds in the lists; one that is given in two cities counts in both. "Confirmed"
means that somebody who knows (its organization, a partner, or a coordination centre) said within 90 days that phone
and address, or the hours, are right. For the page of a city the index says the same (``search.engine``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, Max, OuterRef, Q, Subquery

from sympolity.directory import due, models, rules
from sympolity.directory.enums import FieldGroup
from sympolity.directory.queries import corrections, visible_to
from sympolity.kit import clock
from sympolity.kit.actor import PUBLIC
from sympolity.places.models import Area, AreaKind

__all__ = ["WINDOW", "Truth", "by_city"]

WINDOW = 90  # days within which a confirmation counts
_STEPS = ("area", "area__parent", "area__parent__parent")  # from a place up to its municipality


@dataclass(frozen=True, slots=True)
class Truth:
    """One municipality on one day, or the whole country (``area`` None).

    ``listed`` services are in the lists; of them ``confirmed`` within 90 days, ``never`` confirmed by anybody, marked
    ``call_first``. ``left`` the lists because nobody confirmed them for too long; they are in no other count.
    """

    area: Area | None
    listed: int = 0
    confirmed: int = 0
    never: int = 0
    call_first: int = 0
    left: int = 0


def by_city(today: date) -> list[Truth]:
    """The whole country first, then the municipalities in which something is given, by slug. Three queries."""
    facts = {row["id"]: _facts(row, today) for row in _services(today)}
    counts: dict[UUID | None, list[int]] = defaultdict(lambda: [0] * 5)
    for fact in facts.values():
        _add(counts[None], fact)
    cities = Area.objects.in_bulk()
    for service, city in _cities(facts, cities):
        _add(counts[city], facts[service])
    found = [Truth(cities[one] if one else None, *numbers) for one, numbers in counts.items()]
    return sorted(found, key=lambda one: (one.area is not None, one.area.slug if one.area else ""))


def _add(numbers: list[int], fact: tuple[int, ...]) -> None:
    for at, value in enumerate(fact):
        numbers[at] += value


def _services(today: date) -> Iterable[Mapping[str, Any]]:
    """What is needed of each service that is public and has not ended."""
    said = (
        models.Confirmation.objects.filter(service=OuterRef("pk")).order_by().values("service").annotate(last=Max("at"))
    )
    running = Q(ends_on__isnull=True) | Q(ends_on__gte=today)
    disputed = corrections().filter(noun_id=OuterRef("pk")).order_by("received_at").values("received_at")
    return (
        visible_to(PUBLIC)
        .filter(running)
        .annotate(
            contact=Subquery(said.filter(group=FieldGroup.CONTACT).values("last")),
            hours=Subquery(said.filter(group=FieldGroup.HOURS).values("last")),
            has_hours=due.with_hours(),
            emergency=Exists(models.Category.objects.filter(services=OuterRef("pk"), emergency=True)),
            disputed=Subquery(disputed[:1]),
        )
        .values("id", "contact", "hours", "has_hours", "emergency", "disputed", "created_at", "ends_on")
    )


def _facts(row: Mapping[str, Any], today: date) -> tuple[int, ...]:
    """listed, confirmed, never, call first, left: 1 or 0 each."""
    said = {group: row[group].astimezone(clock.ATHENS).date() for group in ("contact", "hours") if row[group]}
    standing = rules.standing(
        confirmed=said,
        known_since=row["created_at"].astimezone(clock.ATHENS).date(),
        has_hours=row["has_hours"],
        emergency=row["emergency"],
        ends_on=row["ends_on"],
        disputed=row["disputed"].astimezone(clock.ATHENS).date() if row["disputed"] else None,
    )
    if standing.is_gone(today):
        return 0, 0, 0, 0, 1
    fresh = bool(said) and max(said.values()) >= today - timedelta(days=WINDOW)
    return 1, int(fresh), int(not said), int(standing.must_call(today)), 0


def _cities(services: Mapping[UUID, Any], areas: Mapping[UUID, Area]) -> set[tuple[UUID, UUID]]:
    """(service, municipality) for each municipality in which a service is given."""
    links = models.ServiceAtLocation.objects.values_list("service_id", "location__area_id")
    return {
        (service, city)
        for service, area in links
        if service in services and (city := _municipality(areas.get(area), areas))
    }


def _municipality(area: Area | None, areas: Mapping[UUID, Area]) -> UUID | None:
    for _ in _STEPS:
        if area is None or area.kind == AreaKind.MUNICIPALITY:
            break
        area = areas.get(area.parent_id) if area.parent_id else None
    return area.id if area and area.kind == AreaKind.MUNICIPALITY else None
