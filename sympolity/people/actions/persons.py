"""Persons and what they are in organizations: enrolling and revoking."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.db.models import Q

from sympolity.kit import clock
from sympolity.kit.actor import Actor, Role
from sympolity.kit.refusals import Refusal
from sympolity.people import queries, rules
from sympolity.people.actions import checking
from sympolity.people.models import Affiliation, Organization, Person
from sympolity.places.models import Area
from sympolity.trail import journal

__all__ = ["AffiliationItem", "PersonItem", "enrol_persons", "revoke_affiliations"]

BATCH = 100
_ROLES = frozenset(role.value for role in Role)
Key = tuple[UUID, UUID, str]  # person, organization, role


@dataclass(frozen=True, slots=True, kw_only=True)
class AffiliationItem:
    """A role in an organization, for ``areas`` or ``everywhere``; without either it reaches no area.
    ``since`` None: today, or as it stands. Both days are in."""

    organization: UUID
    role: Role | str
    areas: Collection[UUID] = ()
    everywhere: bool = False
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonItem:
    """A person, known by ``id`` or by address. Affiliations that are not named stay as they are."""

    email: str
    name: str = ""
    language: str = "en"
    id: UUID | None = None
    affiliations: Sequence[AffiliationItem] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A checked affiliation."""

    person: UUID
    organization: UUID
    role: Role
    areas: frozenset[UUID]
    everywhere: bool
    since: date | None
    until: date | None


def enrol_persons(*, actor: Actor, items: Sequence[PersonItem]) -> list[UUID]:
    """Make persons with their affiliations, or change those that are known; the ids of persons
    that are new or changed, or whose affiliations are.

    A second identical call writes nothing. Raises Refusal; then nothing was written at all.
    The address stands only in the detail of the trail, which can be erased.
    """
    values = [_checked(item, str(place)) for place, item in enumerate(items)]
    checking.once(each["email"] for each in values)
    with journal.action(actor) as t:
        ids = _save_persons(t, actor, items, values)
        checking.once(ids)
        moved = {line.noun_id for line in t.lines}
        moved |= _save_affiliations(t, actor, _wanted(ids, items))
    return [one for one in ids if one in moved]


def revoke_affiliations(*, actor: Actor, ids: Sequence[UUID]) -> int:
    """End affiliations at once: they count no more on the next request. The number ended."""
    yesterday = clock.local_today() - timedelta(days=1)
    with journal.action(actor) as t:
        rows = list(Affiliation.objects.select_for_update().filter(id__in=ids).order_by("id"))
        missing = set(ids) - {row.id for row in rows}
        if missing:
            raise Refusal("unknown_affiliation", where=str(min(missing)))
        known = _organizations({row.organization_id for row in rows})
        running = [row for row in rows if row.until is None or row.until > yesterday]
        for row in running:
            facts = queries.facts(known[row.organization_id])
            answer = rules.may_end(actor, row.person_id, Role(row.role), facts, everywhere=row.everywhere)
            Refusal.unless(answer, where=str(row.id))
            t.record("revoked", "affiliation", row.id, before={"until": row.until}, after={"until": yesterday})
            row.until = yesterday
        # Whoever begins today or later never began: the row would end before its beginning.
        Affiliation.objects.filter(id__in=[row.id for row in running if row.since > yesterday]).delete()
        Affiliation.objects.bulk_update([row for row in running if row.since <= yesterday], ["until"], batch_size=BATCH)
    return len(running)


def _checked(item: PersonItem, where: str) -> dict[str, str]:
    return {
        "email": checking.address(item.email, where, needed=True),
        "name": checking.line(item.name, 120, "name", where),
        "language": checking.language(item.language, where),
    }


def _save_persons(
    t: journal.Journal, actor: Actor, items: Sequence[PersonItem], values: Sequence[dict[str, str]]
) -> list[UUID]:
    by_id, by_email = _known_persons(items, values)
    new: list[Person] = []
    changed: list[Person] = []
    ids: list[UUID] = []
    for item, row in zip(items, values, strict=True):
        person = by_id.get(item.id) if item.id else by_email.get(row["email"])
        if person is None:
            _refuse_strangers(actor, item, row)
            person = Person(id=item.id or uuid.uuid4(), password=make_password(None), **row)
            new.append(person)
            t.record("enrolled", "person", person.id, after=row)
        elif before := {name: getattr(person, name) for name, value in row.items() if getattr(person, name) != value}:
            Refusal.unless(rules.may_change_person(actor, person.id, frozenset(before)), where=str(person.id))
            t.record("changed", "person", person.id, before=before, after={name: row[name] for name in before})
            for name in before:
                setattr(person, name, row[name])
            changed.append(person)
        ids.append(person.id)
    _refuse_taken(by_email, changed + new)
    Person.objects.bulk_create(new, batch_size=BATCH)
    Person.objects.bulk_update(changed, ["email", "name", "language"], batch_size=BATCH)
    return ids


def _refuse_strangers(actor: Actor, item: PersonItem, row: Mapping[str, str]) -> None:
    """A new person comes in with an affiliation the actor may give, or by an administrator."""
    if not item.affiliations and not actor.has(Role.ADMINISTRATOR, Role.SYSTEM):
        raise Refusal("not_administrator", where=row["email"])


def _refuse_taken(by_email: Mapping[str, Person], written: Sequence[Person]) -> None:
    for person in written:
        holder = by_email.get(person.email)
        if holder is not None and holder.id != person.id:
            raise Refusal("email_taken", where=str(person.id))


def _known_persons(
    items: Sequence[PersonItem], values: Sequence[dict[str, str]]
) -> tuple[dict[UUID, Person], dict[str, Person]]:
    by_id: dict[UUID, Person] = {}
    for start in range(0, len(items), BATCH):
        ids = [item.id for item in items[start : start + BATCH] if item.id]
        emails = [row["email"] for row in values[start : start + BATCH]]
        found = Person.objects.filter(Q(id__in=ids) | Q(email__in=emails)).order_by("id")
        by_id |= {person.id: person for person in found.select_for_update()}
    return by_id, {person.email.lower(): person for person in by_id.values()}


def _wanted(ids: Sequence[UUID], items: Sequence[PersonItem]) -> list[_Wanted]:
    today = clock.local_today()
    found: list[_Wanted] = []
    for person, item in zip(ids, items, strict=True):
        for each in item.affiliations:
            if str(each.role) not in _ROLES:
                raise Refusal("unknown_role", where=str(person))
            if each.until and each.until < (each.since or today):
                raise Refusal("ends_before_it_begins", where=str(person))
            found.append(
                _Wanted(
                    person,
                    each.organization,
                    Role(each.role),
                    frozenset(each.areas),
                    bool(each.everywhere),
                    each.since,
                    each.until,
                )
            )
    checking.once(f"{one.person} {one.organization} {one.role}" for one in found)
    return found


def _save_affiliations(t: journal.Journal, actor: Actor, wanted: Sequence[_Wanted]) -> set[UUID]:
    """Write what differs; the persons it concerns."""
    _refuse_unknown_areas(wanted)
    organizations = _organizations({one.organization for one in wanted})
    known = _known_affiliations({one.person for one in wanted})
    new: list[Affiliation] = []
    changed: list[Affiliation] = []
    areas: dict[UUID, frozenset[UUID]] = {}
    for one in wanted:
        row, there = known.get((one.person, one.organization, one.role.value), (None, frozenset()))
        since = one.since or (row.since if row else clock.local_today())
        if row and (row.since, row.until, row.everywhere, there) == (since, one.until, one.everywhere, one.areas):
            continue
        facts = queries.facts(organizations[one.organization])
        wide = one.everywhere or bool(row and row.everywhere)
        Refusal.unless(rules.may_enrol(actor, one.role, facts, everywhere=wide), where=str(one.person))
        before = _told(row, there) if row else None
        kept = row or Affiliation(person_id=one.person, organization_id=one.organization, role=one.role.value)
        kept.since, kept.until, kept.everywhere = since, one.until, one.everywhere
        (changed if row else new).append(kept)
        areas[kept.id] = one.areas
        t.record("changed" if row else "enrolled", "affiliation", kept.id, before=before, after=_told(kept, one.areas))
    Affiliation.objects.bulk_create(new, batch_size=BATCH)
    Affiliation.objects.bulk_update(changed, ["since", "until", "everywhere"], batch_size=BATCH)
    _save_areas(areas)
    return {row.person_id for row in new + changed}


def _told(row: Affiliation, areas: frozenset[UUID]) -> dict[str, Any]:
    names = ("person_id", "organization_id", "role", "since", "until", "everywhere")
    return {name: getattr(row, name) for name in names} | {"areas": sorted(map(str, areas))}


def _refuse_unknown_areas(wanted: Sequence[_Wanted]) -> None:
    named: frozenset[UUID] = frozenset().union(*(one.areas for one in wanted))
    missing = named - set(Area.objects.filter(id__in=named).values_list("id", flat=True))
    if missing:
        raise Refusal("unknown_area", where=str(min(missing)))


def _organizations(ids: set[UUID]) -> dict[UUID, Organization]:
    found = Organization.objects.select_related(queries.AROUND).in_bulk(sorted(ids))
    missing = ids - set(found)
    if missing:
        raise Refusal("unknown_organization", where=str(min(missing)))
    return found


def _known_affiliations(persons: set[UUID]) -> dict[Key, tuple[Affiliation, frozenset[UUID]]]:
    rows = Affiliation.objects.filter(person_id__in=persons).order_by("id").prefetch_related("areas")
    found: dict[Key, tuple[Affiliation, frozenset[UUID]]] = {}
    for row in rows.select_for_update():
        found[row.person_id, row.organization_id, row.role] = (row, frozenset(area.id for area in row.areas.all()))
    return found


def _save_areas(areas: Mapping[UUID, frozenset[UUID]]) -> None:
    through: Any = Affiliation.areas.through
    through.objects.filter(affiliation_id__in=list(areas)).delete()
    rows = [through(affiliation_id=one, area_id=area) for one, each in areas.items() for area in sorted(each)]
    through.objects.bulk_create(rows, batch_size=BATCH)
