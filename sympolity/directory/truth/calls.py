"""The call list of a coordination centre: what nobody has answered for, where a wrong entry hurts most first.

Reading only; what is told on the phone is taken down by ``answers.answer_by_phone``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet, Subquery

from sympolity.directory import due, models, rules
from sympolity.directory.asking_models import Asking
from sympolity.directory.enums import AskingState, FieldGroup, Said
from sympolity.directory.queries import Dossier, corrections, dossiers, in_areas_of
from sympolity.directory.truth.asking import open_services
from sympolity.directory.truth.steps import risk
from sympolity.kit import clock
from sympolity.kit.actor import Actor
from sympolity.sharing.models import Proposal

__all__ = ["Board", "Call", "board", "corrections_of", "count"]

MOST = 3000  # services that are put in order; a centre calls some dozens in a week
LATER = timedelta(days=2)  # after a call that nobody took, the organization stands at the end for so long
COUNTED = 100  # corrections; more are told as so many
EVERYBODY = 10**8  # readers of a service that is given by phone, wherever one is


@dataclass(slots=True)
class Call:
    """One organization to be called, with its services that are open. ``tries``: calls that nobody took."""

    asking: Asking
    risk: int
    dossiers: list[Dossier] = field(default_factory=list)
    tries: int = 0
    tried_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Board:
    """A page of the call list. ``total``: organizations in all. ``said``: what organizations wrote, and of what;
    ``said_total``: how much of it waits, as far as it is counted."""

    calls: list[Call]
    total: int
    said: list[tuple[Proposal, Dossier]]
    said_total: int


@dataclass(frozen=True, slots=True)
class _Line:
    service: UUID
    organization: UUID
    risk: int
    readers: int


def _to_call(actor: Actor, today: date) -> QuerySet[models.Service]:
    """Services in the areas of the actor that are open, and whose organization has not answered any letter."""
    calling = Asking.objects.filter(organization=OuterRef("organization"), state=AskingState.CALLING)
    return in_areas_of(actor).filter(pk__in=open_services(today).values("pk")).filter(Exists(calling))


def count(actor: Actor, today: date) -> int:
    """How many services wait on the call list of an actor. One query."""
    return _to_call(actor, today).count()


def board(actor: Actor, today: date, *, first: int, size: int, most_said: int) -> Board:
    """Organizations to be called, from number ``first`` on, and what others wrote. Nine queries, whatever the number.

    The order: risk of the worst of its services (``steps.risk``), then how many people live where its services are
    given. Readers are not counted here: nobody shall be followed for it.
    """
    groups: dict[UUID, list[_Line]] = defaultdict(list)
    for line in _lines(_to_call(actor, today), today):
        groups[line.organization].append(line)
    askings = {row.organization_id: row for row in _askings(groups)}
    order = sorted(
        (own for one, own in groups.items() if one in askings),
        key=lambda own: _place(own, askings[own[0].organization]),
    )
    shown = order[first : first + size]
    wrote = list(corrections_of(actor)[:COUNTED])
    wanted = [line.service for own in shown for line in own] + [row.noun_id for row in wrote[:most_said] if row.noun_id]
    known = {one.service.id: one for one in dossiers(models.Service.objects.filter(id__in=wanted), actor)}
    said = [(row, known[row.noun_id]) for row in wrote[:most_said] if row.noun_id in known]
    return Board([_call(own, askings[own[0].organization], known) for own in shown], len(order), said, len(wrote))


def _askings(organizations: Iterable[UUID]) -> QuerySet[Asking]:
    """The askings of organizations that are to be called, with the calls that nobody took."""
    nobody = Q(replies__said=Said.NO_ANSWER)
    return (
        Asking.objects.filter(organization__in=list(organizations), state=AskingState.CALLING)
        .select_related("organization")
        .annotate(tries=Count("replies__at", filter=nobody, distinct=True), tried_at=Max("replies__at", filter=nobody))
    )


def _place(own: list[_Line], asking: Any) -> tuple[bool, int, int, UUID]:
    """Where an organization stands: after a call that nobody took at the end, for two days."""
    later = asking.tried_at is not None and asking.tried_at > clock.now() - LATER
    return later, -max(line.risk for line in own), -sum(line.readers for line in own), own[0].organization


def _call(own: list[_Line], asking: Any, known: Mapping[UUID, Dossier]) -> Call:
    worst = sorted(own, key=lambda line: -line.risk)
    found = [known[line.service] for line in worst if line.service in known]
    return Call(asking, worst[0].risk, found, asking.tries, asking.tried_at)


def _lines(found: QuerySet[models.Service], today: date) -> list[_Line]:
    """The services with their risk, from one query."""
    latest = models.Confirmation.objects.filter(service=OuterRef("pk")).order_by("-at").values("at")
    emergency = models.Category.objects.filter(services=OuterRef("pk"), emergency=True)
    places = models.ServiceAtLocation.objects.filter(service=OuterRef("pk")).order_by(
        F("location__area__population").desc(nulls_last=True)
    )
    rows = (
        found.annotate(
            contact=Subquery(latest.filter(group=FieldGroup.CONTACT)[:1]),
            hours=Subquery(latest.filter(group=FieldGroup.HOURS)[:1]),
            has_hours=due.with_hours(),
            emergency=Exists(emergency),
            readers=Subquery(places.values("location__area__population")[:1]),
            placed=Exists(
                models.ServiceAtLocation.objects.filter(service=OuterRef("pk")).exclude(location__kind="virtual")
            ),
        )
        .order_by("-emergency", "created_at", "id")
        .values(
            "id",
            "organization_id",
            "contact",
            "hours",
            "has_hours",
            "emergency",
            "readers",
            "placed",
            "created_at",
            "ends_on",
        )
    )
    return [_line(row, today) for row in rows[:MOST]]


def _line(row: Mapping[str, Any], today: date) -> _Line:
    said = {"contact": row["contact"], "hours": row["hours"]}
    standing = rules.standing(
        confirmed={group: at.astimezone(clock.ATHENS).date() for group, at in said.items() if at},
        known_since=row["created_at"].astimezone(clock.ATHENS).date(),
        has_hours=row["has_hours"],
        emergency=row["emergency"],
        ends_on=row["ends_on"],
    )
    readers = (row["readers"] or 0) if row["placed"] else EVERYBODY
    how_bad = risk(standing, emergency=row["emergency"], disputed=False, today=today)
    return _Line(row["id"], row["organization_id"], how_bad, readers)


def corrections_of(actor: Actor) -> QuerySet[Proposal]:
    """What organizations in the areas of the actor say of their services; the oldest first."""
    return corrections().filter(noun_id__in=in_areas_of(actor).values("pk")).order_by("received_at", "id")
