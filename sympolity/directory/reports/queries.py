"""Who sees a report: the same as ``rules``, as conditions on rows. There is no other way to one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from sympolity.directory.models import MissingService, Report
from sympolity.directory.queries import line_of
from sympolity.directory.reports.rules import ConductFacts, FactFacts, MissingFacts
from sympolity.directory.rules import keys
from sympolity.kit.actor import Actor, Role
from sympolity.people.enums import OrganizationState
from sympolity.people.models import Affiliation
from sympolity.people.queries import factors, in_force

__all__ = [
    "REPORT_LINE",
    "Guard",
    "by_code",
    "conduct_facts",
    "fact_facts",
    "guards",
    "missing_facts",
    "missing_visible_to",
    "readers_guarding",
    "readers_of",
    "reports_visible_to",
]

_STEPS = ("area", "area__parent", "area__parent__parent", "area__parent__parent__parent")
REPORT_LINE = _STEPS[-1]  # for select_related
_NOBODY = Q(pk__in=[])
_ALL = ~_NOBODY


@dataclass(frozen=True, slots=True)
class Guard:
    """Somebody who may read reports of conduct. ``areas`` None: everywhere. ``belonged``: ever, to which organizations."""

    person: UUID
    role: Role
    areas: frozenset[UUID] | None
    belonged: frozenset[UUID]

    def covers(self, accused: UUID, areas: Iterable[UUID]) -> bool:
        """Whether this person may read what is said of an organization in some place."""
        return accused not in self.belonged and (self.areas is None or not self.areas.isdisjoint(areas))


def guards(role: Role = Role.SAFEGUARDING) -> list[Guard]:
    """Everybody who holds a role today, and has the second factor without which it does not count. Two queries."""
    counts = Exists(factors().filter(user_id=OuterRef("person_id")))
    held = in_force().filter(counts, role=role, organization__status=OrganizationState.APPROVED, person__is_active=True)
    areas: dict[UUID, set[UUID]] = defaultdict(set)
    everywhere: set[UUID] = set()
    for person, whole, area in held.values_list("person_id", "everywhere", "areas__id"):
        reach = areas[person]
        if area is not None:
            reach.add(area)
        everywhere |= {person} if whole or role == Role.ADMINISTRATOR else set()
    belonged = _belonged(areas)
    return [
        Guard(one, role, None if one in everywhere else frozenset(found), belonged[one]) for one, found in areas.items()
    ]


def _belonged(persons: Iterable[UUID]) -> dict[UUID, frozenset[UUID]]:
    """Every organization that persons ever acted for: who has left may still have friends there."""
    found: dict[UUID, set[UUID]] = defaultdict(set)
    rows = Affiliation.objects.filter(person_id__in=list(persons)).values_list("person_id", "organization_id")
    for person, organization in rows:
        found[person].add(organization)
    return defaultdict(frozenset, {one: frozenset(some) for one, some in found.items()})


def _within(areas: Iterable[UUID]) -> Q:
    wanted, found = list(areas), Q()
    for step in _STEPS:
        found |= Q(**{f"{step}__in": wanted})
    return found if wanted else _NOBODY


def _facts(actor: Actor) -> Q:
    if "curator:*" in keys(actor):
        return _ALL
    found = _NOBODY
    if actor.acting_for and actor.has(Role.EDITOR):
        found |= Q(service__organization_id=actor.acting_for)
    if scope := actor.areas_of(Role.CURATOR):
        found |= _within(scope)
    return found


def _conduct(actor: Actor) -> Q:
    """Of what is about conduct. Nothing for the system: nothing of it may be sent anywhere."""
    if actor.person is None or not actor.has(Role.SAFEGUARDING, Role.ADMINISTRATOR):
        return _NOBODY
    found = _NOBODY
    if actor.has(Role.SAFEGUARDING):
        scope = actor.areas_of(Role.SAFEGUARDING)
        found = _ALL if scope is None else _within(scope)
    if actor.has(Role.ADMINISTRATOR):
        covered = _NOBODY
        for guard in guards():
            reach = _ALL if guard.areas is None else _within(guard.areas)
            covered |= reach & ~Q(organization_id__in=guard.belonged)
        found |= ~covered
    theirs = {*_belonged([actor.person])[actor.person], *([actor.acting_for] if actor.acting_for else [])}
    return found & ~Q(organization_id__in=theirs)


def reports_visible_to(actor: Actor) -> QuerySet[Report]:
    """Facts: editors of whoever runs the service, curators of its area, administrators, the system. Conduct: contacts
    for safeguarding in whose area it was and who never belonged to the accused; see ``rules``."""
    return Report.objects.filter(Q(conduct=False) & _facts(actor) | Q(conduct=True) & _conduct(actor))


def missing_visible_to(actor: Actor) -> QuerySet[MissingService]:
    """The lines of the board that are a curator's; all for administrators and the system."""
    if "curator:*" in keys(actor):
        return MissingService.objects.all()
    if not actor.has(Role.CURATOR):
        return MissingService.objects.none()
    return MissingService.objects.filter(Q(area=None) | _within(actor.areas_of(Role.CURATOR) or ()))


def readers_guarding(accused: UUID, areas: Iterable[UUID]) -> list[Guard]:
    """Who would read a report of conduct: contacts for safeguarding, else administrators; empty: nobody."""
    around = frozenset(areas)
    for role in (Role.SAFEGUARDING, Role.ADMINISTRATOR):
        found = [guard for guard in guards(role) if guard.covers(accused, around)]
        if found:
            return found
    return []


def readers_of(accused: UUID, areas: Iterable[UUID]) -> Role | None:
    """In which role they would read it."""
    found = readers_guarding(accused, areas)
    return found[0].role if found else None


def fact_facts(report: Report) -> FactFacts:
    """What rules ask of a report of a fact; no query after ``select_related("service", REPORT_LINE)``."""
    return FactFacts(report.service.organization_id, line_of(report.area))


def conduct_facts(report: Report, actor: Actor) -> ConductFacts:
    """What rules ask of a report of conduct."""
    belonged = _belonged([actor.person])[actor.person] if actor.person else frozenset()
    areas = line_of(report.area)
    covered = any(guard.covers(report.organization_id, areas) for guard in guards())
    return ConductFacts(report.organization_id, areas, belonged, covered)


def missing_facts(line: MissingService) -> MissingFacts:
    """What rules ask of a line on the board."""
    return MissingFacts(line_of(line.area))


def by_code(code: str) -> Report | None:
    """The report with a code, for whoever was given it: only ``state``, ``outcome``, ``answer`` and the day are told."""
    told = ("state", "outcome", "answer", "answer_lang", "created_at")
    return Report.objects.filter(code=code).only(*told).first()
