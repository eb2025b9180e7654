"""Reading the directory. ``visible_to`` is the only way to a protected thing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject

from sympolity.directory import marks, models, rules
from sympolity.directory.enums import ConfirmedHow, FieldGroup, NoticeState
from sympolity.kit import clock
from sympolity.kit.actor import PUBLIC, Actor, Role
from sympolity.kit.hours import BadHours, DatedException, Hours
from sympolity.languages import texts
from sympolity.languages.texts import Bundle
from sympolity.people.enums import OrganizationKind, OrganizationState
from sympolity.people.rules import may_read_name
from sympolity.places.models import Area
from sympolity.sharing.models import Proposal
from sympolity.sharing.rules import WAITING

__all__ = [
    "AREA_LINE",
    "CORRECTION",
    "Dossier",
    "Place",
    "Seal",
    "area_line",
    "corrections",
    "dossiers",
    "helplines_visible_to",
    "in_areas_of",
    "line_of",
    "listed",
    "notice_facts",
    "notices_visible_to",
    "origins",
    "visible_to",
]

CORRECTION = "correction"  # noun of such proposals; not "service": nothing is mapped that an import could apply

# From a location up: neighbourhood, municipality, region, country. A curator of any of them reaches it.
_LINE = ("area", "area__parent", "area__parent__parent", "area__parent__parent__parent")


def area_line(location: models.Location) -> list[UUID]:
    """The ids of the areas a location lies in, the nearest first; no query for the places of a dossier."""
    found: list[UUID] = []
    area: Area | None = location.area
    while area is not None:
        found.append(area.id)
        area = area.parent if len(found) < len(_LINE) else None
    return found


def _lies_in(areas: Iterable[UUID]) -> Q:
    """The same for links of services and locations, as a condition."""
    wanted, found = list(areas), Q()
    for step in _LINE:
        found |= Q(**{f"location__{step}__in": wanted})
    return found


def visible_to(actor: Actor) -> QuerySet[models.Service]:
    """Services the actor may see at all, in lists or by link. The same rule as ``rules.doors``."""
    found = models.Service.objects.all()
    if "curator:*" in rules.keys(actor):
        return found
    allowed = Q(
        organization__status=OrganizationState.APPROVED,
        status__in=rules.LISTED_STATUS,
        audience__in=rules.levels(actor),
    )
    if actor.acting_for and actor.has(Role.EDITOR):
        allowed |= Q(organization_id=actor.acting_for)
    scope = actor.areas_of(Role.CURATOR)
    if scope:
        allowed |= Q(Exists(models.ServiceAtLocation.objects.filter(_lies_in(scope), service=OuterRef("pk"))))
    return found.filter(allowed)


def in_areas_of(actor: Actor) -> QuerySet[models.Service]:
    """Services that a curator answers for: those given in their areas; all, for whoever answers for everything."""
    if "curator:*" in rules.keys(actor):
        return models.Service.objects.all()
    scope = actor.areas_of(Role.CURATOR)
    if not scope:
        return models.Service.objects.none()
    inside = models.ServiceAtLocation.objects.filter(_lies_in(scope), service=OuterRef("pk"))
    return models.Service.objects.filter(Exists(inside))


@dataclass(frozen=True, slots=True)
class Seal:
    """Who confirmed a group of fields last, when and how.

    ``by``: a name, or "" where nobody is known or named; ``named`` False: somebody who is not named to this reader.
    ``vouched``: a coordination centre did, for somebody else's service. ``visited``: by going there.
    """

    group: str
    at: datetime
    how: str
    by: str
    by_owner: bool
    vouched: bool
    visited: bool
    named: bool = True


@dataclass(slots=True)
class Place:
    """A location of a service with the hours that hold there."""

    location: models.Location
    texts: Bundle
    hours: Hours

    @property
    def shows_address(self) -> bool:
        return rules.shows_address(self.location.visibility)

    @property
    def point(self) -> tuple[float, float] | None:
        """The point that may be shown: its own, or the centre of its area."""
        location = self.location
        if self.shows_address and location.lat is not None and location.lon is not None:
            return location.lat, location.lon
        if location.kind == "virtual" or location.area.lat is None or location.area.lon is None:
            return None
        return location.area.lat, location.area.lon


@dataclass
class Dossier:
    """Everything about one service, from six queries for any number of services.

    ``organization`` says nothing, and ``named`` is False, where its reader may not know whose service it is.
    What is shown of the owner comes from here, never from ``service.organization``.
    """

    service: models.Service
    texts: Bundle
    organization: Bundle
    categories: list[models.Category]
    places: list[Place]
    hours: Hours
    documents: list[tuple[models.RequiredDocument, Bundle]]
    exceptions: list[tuple[models.ScheduleException, Bundle]]
    seals: dict[str, Seal] = field(default_factory=dict)
    named: bool = True

    @property
    def confirmed(self) -> dict[str, date]:
        """The day of the latest confirmation of each group."""
        return {group: seal.at.astimezone(clock.ATHENS).date() for group, seal in self.seals.items()}

    @property
    def emergency(self) -> bool:
        return any(category.emergency for category in self.categories)

    @property
    def has_hours(self) -> bool:
        return self.hours.known or any(place.hours.known for place in self.places)

    @property
    def disputed_on(self) -> date | None:
        """Since when its organization says that something has changed, while nobody has written down what."""
        at: datetime | None = getattr(self.service, "disputed_at", None)
        return at.astimezone(clock.ATHENS).date() if at else None

    @property
    def doubted(self) -> list[str]:
        """Facts that two people reported as wrong, and nobody has answered: kinds of reports."""
        return marks.doubted(self.service)

    @cached_property
    def standing(self) -> rules.Standing:
        return rules.standing(
            confirmed=self.confirmed,
            known_since=self.service.created_at.astimezone(clock.ATHENS).date(),
            has_hours=self.has_hours,
            emergency=self.emergency,
            ends_on=self.service.ends_on,
            disputed=self.disputed_on,
        )


def _with_seals(found: QuerySet[models.Service]) -> QuerySet[models.Service]:
    latest = models.Confirmation.objects.filter(service=OuterRef("pk")).order_by("-at")
    as_json = JSONObject(
        at=F("at"),
        how=F("how"),
        by=F("by_organization__name"),
        owner=F("by_organization_id"),
        kind=F("by_organization__kind"),
        anonymous=F("by_organization__anonymous"),
    )
    disputed = corrections().filter(noun_id=OuterRef("pk")).order_by("received_at")
    return found.annotate(
        disputed_at=Subquery(disputed.values("received_at")[:1]),
        **marks.doubts(),
        **{
            f"seal_{group}": Subquery(latest.filter(group=group).values(seal=as_json)[:1])
            for group in FieldGroup.values
        },
    )


def corrections() -> QuerySet[Proposal]:
    """What organizations say of their services in their own words, until a person has looked (``truth.corrections``).

    Whose they are to read is decided by the service they are about.
    """
    return Proposal.objects.filter(noun=CORRECTION, state__in=WAITING)


def dossiers(found: QuerySet[models.Service], actor: Actor = PUBLIC) -> list[Dossier]:
    """The dossiers of a (visible) query set, in its order. Six queries, whatever the number.

    ``actor``: who reads the names of organizations; the public's reader, and the index, learn no hidden one.
    """
    services = list(_with_seals(found).select_related("organization", "organization__area"))
    if not services:
        return []
    ids = [service.id for service in services]
    links = models.ServiceAtLocation.objects.filter(service__in=ids).select_related(f"location__{_LINE[-1]}")
    at_locations: dict[UUID, list[models.ServiceAtLocation]] = defaultdict(list)
    for link in links.order_by("service_id", "id"):
        at_locations[link.service_id].append(link)
    schedules, exceptions = _schedules(ids, [link for group in at_locations.values() for link in group])
    documents: dict[UUID, list[models.RequiredDocument]] = defaultdict(list)
    for document in models.RequiredDocument.objects.filter(service__in=ids).order_by("service_id", "position"):
        documents[document.service_id].append(document)
    categories = _categories(ids)
    words = texts.bundles_of(
        {
            "service": services,
            "organization": [service.organization for service in services],
            "location": [link.location for group in at_locations.values() for link in group],
            "required_document": [document for group in documents.values() for document in group],
            "schedule_exception": [row for group in exceptions.values() for row in group],
        }
    )
    out: list[Dossier] = []
    for service in services:
        own = schedules.get(service.id, Hours(""))
        places = [
            Place(
                link.location,
                words["location"][link.location_id],
                schedules.get(link.id) or schedules.get(link.location_id) or own,
            )
            for link in at_locations[service.id]
        ]
        keys = [service.id, *(link.id for link in at_locations[service.id])]
        keys += [link.location_id for link in at_locations[service.id]]
        owner = service.organization
        named = may_read_name(actor, owner.id, anonymous=owner.anonymous)
        out.append(
            Dossier(
                service=service,
                texts=words["service"][service.id],
                organization=words["organization"][owner.id] if named else Bundle(owner.lang, {}),
                categories=categories[service.id],
                places=places,
                hours=own,
                documents=[(row, words["required_document"][row.id]) for row in documents[service.id]],
                exceptions=[(row, words["schedule_exception"][row.id]) for key in keys for row in exceptions[key]],
                seals=_seals(service, actor),
                named=named,
            )
        )
    return out


def _is(value: Any, wanted: UUID) -> bool:
    """Whether an id as JSON gives it (with or without hyphens) is ``wanted``."""
    return bool(value) and str(value).replace("-", "") == wanted.hex


def _seals(service: models.Service, actor: Actor) -> dict[str, Seal]:
    found: dict[str, Seal] = {}
    for group in FieldGroup.values:
        row: dict[str, Any] | None = getattr(service, f"seal_{group}")
        if row:
            at = datetime.fromisoformat(str(row["at"]))
            if at.tzinfo is None:
                at = at.replace(tzinfo=UTC)
            own = _is(row["owner"], service.organization_id)
            vouched = row["kind"] == OrganizationKind.COORDINATION_CENTRE and not own
            named = not row["anonymous"] or may_read_name(actor, UUID(str(row["owner"])), anonymous=True)
            by = (row["by"] or "") if named else ""
            found[group] = Seal(group, at, row["how"], by, own, vouched, row["how"] == ConfirmedHow.VISIT, named)
    return found


def _schedules(
    services: Sequence[UUID], links: Sequence[models.ServiceAtLocation]
) -> tuple[dict[UUID, Hours], dict[UUID, list[models.ScheduleException]]]:
    """Hours and exceptions by the id of the service, location or link they belong to. One query."""
    wanted = Q(service__in=services)
    if links:
        wanted |= Q(at_location__in=[link.id for link in links])
        wanted |= Q(location__in=[link.location_id for link in links])
    columns = ("id", "first", "last", "hours", "lang", "note")
    rows = (
        models.Schedule.objects.filter(wanted)
        .order_by("id", "exceptions__first")
        .values(
            "id", "opening_hours", "service_id", "location_id", "at_location_id", *(f"exceptions__{c}" for c in columns)
        )
    )
    specs: dict[UUID, str] = {}
    exceptions: dict[UUID, list[models.ScheduleException]] = defaultdict(list)
    for row in rows:
        owner = row["service_id"] or row["location_id"] or row["at_location_id"]
        specs[owner] = row["opening_hours"]
        if row["exceptions__id"]:
            exceptions[owner].append(models.ScheduleException(**{c: row[f"exceptions__{c}"] for c in columns}))
    return {owner: _hours(spec, exceptions[owner]) for owner, spec in specs.items()}, exceptions


def _hours(spec: str, exceptions: Iterable[models.ScheduleException]) -> Hours:
    dated: list[DatedException] = []
    for row in exceptions:
        try:
            dated.append(DatedException(row.first, row.last, row.hours, row.note))
        except BadHours:
            continue
    return Hours(spec, tuple(dated))


def _categories(services: Sequence[UUID]) -> dict[UUID, list[models.Category]]:
    links = (
        models.Service.categories.through.objects.filter(service__in=services)
        .select_related("category__parent")
        .order_by("service_id", "category__position")
    )
    found: dict[UUID, list[models.Category]] = defaultdict(list)
    for link in links:
        found[link.service_id].append(link.category)
    return found


def listed(actor: Actor, today: date) -> list[Dossier]:
    """What Find shows an actor without any filter, computed from the tables (the oracle of tests)."""
    return [d for d in dossiers(visible_to(actor)) if not d.standing.is_gone(today)]


AREA_LINE = _LINE[-1]  # for select_related: an area with all that it lies in


def line_of(area: Area | None) -> frozenset[UUID]:
    """An area and the areas around it; no query after ``select_related(AREA_LINE)``."""
    found: list[UUID] = []
    while area is not None:
        found.append(area.id)
        area = area.parent if len(found) < len(_LINE) else None
    return frozenset(found)


def notice_facts(notice: models.Notice) -> rules.NoticeFacts:
    """What rules ask of a notice."""
    return rules.NoticeFacts(line_of(notice.area), notice.state)


def notices_visible_to(actor: Actor, now: datetime | None = None) -> QuerySet[models.Notice]:
    """Published ones in force at ``now`` (else the clock's); curators see those of their areas in any state."""
    moment = now or clock.now()
    if "curator:*" in rules.keys(actor):
        return models.Notice.objects.all()
    allowed = Q(state=NoticeState.PUBLISHED, starts_at__lte=moment, until__gt=moment)
    scope = actor.areas_of(Role.CURATOR)
    for step in _LINE if scope else ():
        allowed |= Q(**{f"{step}__in": scope})
    return models.Notice.objects.filter(allowed)


def helplines_visible_to(actor: Actor) -> QuerySet[models.Helpline]:
    """Official numbers: everybody's."""
    del actor
    return models.Helpline.objects.order_by("position")


def origins(actor: Actor) -> list[tuple[str, int]]:
    """Where records of services came from that an actor sees: (name of the source, how many). One query."""
    found = visible_to(actor).exclude(origin="").order_by("origin").values_list("origin")
    return [(name, count) for name, count in found.annotate(n=Count("pk", distinct=True))]
