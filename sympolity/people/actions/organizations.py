"""Organizations: registering, changing, and the turns of their state."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sympolity.kit import clock
from sympolity.kit.actor import Actor
from sympolity.kit.bidi import clean_text
from sympolity.kit.refusals import Refusal
from sympolity.languages.texts import HUMAN, Provenance
from sympolity.people import queries, rules
from sympolity.people.actions import checking, wording
from sympolity.people.actions.wording import Texts
from sympolity.people.enums import OrganizationKind, OrganizationState
from sympolity.people.models import Organization
from sympolity.places.models import Area
from sympolity.trail import journal

__all__ = [
    "OrganizationItem",
    "checked",
    "close_organizations",
    "locked",
    "register_organizations",
    "suspend_organizations",
]

BATCH = 100
TEXT_FIELDS = ("name", "description")


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationItem:
    """What is said of an organization. ``name`` and ``description`` are in ``lang``; other
    languages stand in ``texts``. ``status`` counts at registration only; later it is turned by verbs.
    """

    kind: str
    name: str
    lang: str = "el"
    id: UUID | None = None
    status: str = OrganizationState.PENDING
    description: str = ""
    area: UUID | None = None
    phone: str = ""
    email: str = ""
    url: str = ""
    anonymous: bool = False
    example: bool = False
    texts: Texts = field(default_factory=dict)
    provenance: Provenance = HUMAN  # of the texts
    keep: frozenset[str] = frozenset()  # columns that are not said: they stay where the organization is known


@dataclass(frozen=True, slots=True)
class _Row:
    """A checked item."""

    id: UUID
    status: str
    values: dict[str, Any]
    texts: dict[str, dict[str, str]]
    provenance: Provenance
    keep: frozenset[str]


def register_organizations(*, actor: Actor, items: Sequence[OrganizationItem]) -> list[UUID]:
    """Make organizations, or change those whose id is known; the ids of what is new or changed.

    A second identical call writes nothing. Raises Refusal; then nothing was written at all.
    """
    rows = [checked(item, str(place)) for place, item in enumerate(items)]
    checking.once(row.id for row in rows)
    areas = _areas(rows)
    with journal.action(actor) as t:
        known = locked([row.id for row in rows])
        new = [row for row in rows if row.id not in known]
        old = [row for row in rows if row.id in known]
        made = _make(actor, new, areas)
        before = _change(actor, old, known)
        said = wording.write_new(
            "organization", {row.id: row.texts for row in rows}, {**known, **made},
            {row.id: row.provenance for row in rows},
        )  # fmt: skip
        moved = set(made)
        for row in new:
            t.record(
                "registered", "organization", row.id, after=_told(row.values | {"status": row.status}, said.get(row.id))
            )
        for row in old:
            was = before.get(row.id, {})
            now = {name: row.values[name] for name in was}
            if now or row.id in said:
                moved.add(row.id)
                # "hidden" makes the find index forget what its older files say (search.documents.PURGING).
                verb = "hidden" if now.get("anonymous") else "changed"
                t.record(verb, "organization", row.id, before=was, after=_told(now, said.get(row.id), every=True))
    return [row.id for row in rows if row.id in moved]


def suspend_organizations(*, actor: Actor, ids: Sequence[UUID], note: str = "") -> int:
    """Suspend: from the next request on its people act for it no more; the number that changed."""
    return _turn(actor, ids, "suspend", "suspended", note)


def close_organizations(*, actor: Actor, ids: Sequence[UUID], note: str = "") -> int:
    """Close for good; the number that changed."""
    return _turn(actor, ids, "close", "closed", note)


def _turn(actor: Actor, ids: Sequence[UUID], verb: str, done: str, note: str) -> int:
    changed: list[Organization] = []
    with journal.action(actor) as t:
        known = locked(ids)
        for one in dict.fromkeys(ids):
            organization = known.get(one)
            if organization is None:
                raise Refusal("unknown_organization", where=str(one))
            facts = queries.facts(organization)
            Refusal.unless(rules.may_turn(actor, facts), where=str(one))
            if organization.status == done:
                continue
            before = organization.status
            Refusal.unless(rules.FLOW.may(actor, before, verb, facts), where=str(one))
            organization.status, organization.updated_at = rules.FLOW.next(before, verb) or before, clock.now()
            t.record(done, "organization", one, before={"status": before}, after={"status": organization.status}, private_note=clean_text(note[:2000]))  # fmt: skip
            changed.append(organization)
        Organization.objects.bulk_update(changed, ["status", "updated_at"], batch_size=BATCH)
    return len(changed)


def checked(item: OrganizationItem, where: str) -> _Row:
    """An item whose words are fit for the columns. Raises Refusal with ``where``."""
    if item.kind not in OrganizationKind.values:
        raise Refusal("unknown_kind", where=where)
    if item.status not in OrganizationState.values:
        raise Refusal("unknown_state", where=where)
    lang = checking.language(item.lang, where)
    values = {
        "kind": str(item.kind),
        "lang": lang,
        "name": checking.line(item.name, 200, "name", where, needed=True),
        "description": checking.text(item.description, "description", where),
        "area_id": item.area,
        "phone": checking.line(item.phone, 40, "phone", where),
        "email": checking.address(item.email, where),
        "url": checking.web(item.url, where),
        "anonymous": bool(item.anonymous),
        "example": bool(item.example),
    }
    texts = wording.checked(item.texts, TEXT_FIELDS, lang, where)
    item.provenance.check(where)
    return _Row(item.id or uuid.uuid4(), str(item.status), values, texts, item.provenance, item.keep)


def _areas(rows: Sequence[_Row]) -> dict[UUID, Area]:
    wanted = {row.values["area_id"] for row in rows} - {None}
    found = {area.id: area for area in Area.objects.filter(id__in=wanted).select_related("parent__parent__parent")}
    for place, row in enumerate(rows):
        if row.values["area_id"] not in found and row.values["area_id"] is not None:
            raise Refusal("unknown_area", where=str(place))
    return found


def locked(ids: Sequence[UUID]) -> dict[UUID, Organization]:
    """Those of ``ids`` that there are, held until the transaction ends."""
    found: dict[UUID, Organization] = {}
    for start in range(0, len(ids), 500):
        some = Organization.objects.filter(id__in=ids[start : start + 500]).order_by("id")
        found |= {one.id: one for one in some.select_related(queries.AROUND).select_for_update(of=("self",))}
    return found


def _make(actor: Actor, rows: Sequence[_Row], areas: Mapping[UUID, Area]) -> dict[UUID, Organization]:
    for row in rows:
        chain = queries.area_chain(areas.get(row.values["area_id"]))
        Refusal.unless(rules.may_register(actor, chain, row.status), where=str(row.id))
    made = {row.id: Organization(id=row.id, status=row.status, **row.values) for row in rows}
    # In the order of ids: two writers of the same new ones wait for each other and never both.
    Organization.objects.bulk_create([made[one] for one in sorted(made)])
    return made


def _change(actor: Actor, rows: Sequence[_Row], known: Mapping[UUID, Organization]) -> dict[UUID, dict[str, Any]]:
    """Write what differs; the former values of it, by id."""
    before: dict[UUID, dict[str, Any]] = {}
    for row in rows:
        organization = known[row.id]
        was = {name: getattr(organization, name) for name in row.values if name not in row.keep}
        differs = {name: value for name, value in was.items() if value != row.values[name]}
        fields = frozenset(differs) | frozenset(row.texts)
        Refusal.unless(rules.may_change_organization(actor, queries.facts(organization), fields), where=str(row.id))
        for name in differs:
            setattr(organization, name, row.values[name])
        if differs:
            organization.updated_at = clock.now()
            before[row.id] = differs
    # All are locked: one statement writes them anew, where bulk_update would make a case of each value.
    Organization.objects.bulk_create(
        [known[one] for one in before], update_conflicts=True, unique_fields=["id"],
        update_fields=[*(rows[0].values if rows else ()), "updated_at"],
    )  # fmt: skip
    return before


def _told(values: Mapping[str, Any], texts: Mapping[str, Any] | None, *, every: bool = False) -> dict[str, Any]:
    """What the trail says: at registration only what is not empty."""
    told = dict(values) if every else {name: value for name, value in values.items() if value not in {"", None, False}}
    return told | ({"texts": texts} if texts else {})
