"""Verbs of the directory. Each takes lists, checks its rule, writes rows, texts and entries in one transaction.

There is no other writer: pages, importers, commands and the demo all come in here. Places and
official numbers have files of their own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import IntegrityError
from django.db.models import Model

from sympolity.directory import confirming, models, queries, rules, writing
from sympolity.directory.drafts import ConfirmationDraft, ServiceDraft
from sympolity.directory.enums import ServiceStatus
from sympolity.directory.helplines import record_helplines
from sympolity.directory.locations import record_locations
from sympolity.directory.notices import record_notices, turn_notices
from sympolity.directory.shapes import BATCH, Known, Outcome, check_all, known_of, shape, shape_of
from sympolity.directory.writing import Change
from sympolity.kit import clock, codes
from sympolity.kit.actor import Actor
from sympolity.kit.refusals import Refusal
from sympolity.trail.journal import Journal, action

__all__ = [
    "Outcome",
    "confirm",
    "end_services",
    "record_helplines",
    "record_locations",
    "record_notices",
    "record_services",
    "turn_notices",
]

TRIES = 4  # of one batch, when another writer took one of its codes in the same moment


def record_services(*, actor: Actor, drafts: Sequence[ServiceDraft]) -> dict[UUID, Outcome]:
    """Create or change services so that they are as their drafts say; what is already so is not touched.

    Translations that a draft does not mention stay: a person may have made them.
    Raises :class:`Refusal` with ``where`` = index and field; then nothing of its batch is written.
    """
    check_all(actor, drafts)
    outcomes: dict[UUID, Outcome] = {}
    for start in range(0, len(drafts), BATCH):
        outcomes |= _recorded(actor, start, drafts[start : start + BATCH])
    return outcomes


def _recorded(actor: Actor, start: int, batch: Sequence[ServiceDraft]) -> dict[UUID, Outcome]:
    """One batch; anew when a code, free when it was looked up, was taken before it was written."""
    for _ in range(TRIES - 1):
        try:
            return _record_batch(actor, start, batch)
        except IntegrityError:
            # Nothing of the batch stands. What else may be wrong with it is wrong again, and told at the last try.
            continue
    return _record_batch(actor, start, batch)


def _record_batch(actor: Actor, start: int, batch: Sequence[ServiceDraft]) -> dict[UUID, Outcome]:
    """Read under lock, compare, write: what the trail calls "before" is what stood when this writer came."""
    outcomes: dict[UUID, Outcome] = {}
    changes: list[Change] = []
    slugs = _slugs(batch)
    wanted = [shape(draft) for draft in batch]
    with action(actor) as t:
        known = known_of([draft.id for draft in batch])
        _refuse_foreign(actor, start, batch, known)
        for draft, after in zip(batch, wanted, strict=True):
            before = shape_of(known, draft)
            if before == after:
                outcomes[draft.id] = Outcome.UNCHANGED
                continue
            outcomes[draft.id] = Outcome.CHANGED if before else Outcome.CREATED
            changes.append(Change(draft, before, after))
        if changes:
            _refuse_taken(start, batch, known)
            named = _codes([change.draft.id for change in changes if not change.before])
            writing.write(changes, known, slugs, named)
        for change in changes:
            _note(t, change)
    return outcomes


def _refuse_foreign(actor: Actor, start: int, batch: Sequence[ServiceDraft], known: Known) -> None:
    """No service of others is changed, and no place of others that is not public is linked."""
    linked = {draft.id: set(draft.locations) - set(known.links.get(draft.id, ())) for draft in batch}
    places = models.Location.objects.in_bulk(list(set().union(*linked.values())))
    for index, draft in enumerate(batch, start):
        old = known.services.get(draft.id)
        if old is not None:
            Refusal.unless(rules.may_edit(actor, old.organization_id), where=str(index))
        for one in sorted(linked[draft.id]):
            where, place = f"{index}.locations", places.get(one)
            if place is None:
                raise Refusal("unknown_location", where=where)
            answer = rules.may_link(actor, draft.organization, owner=place.organization_id, visibility=place.visibility)
            Refusal.unless(answer, where=where)


def _slugs(drafts: Iterable[ServiceDraft]) -> dict[str, UUID]:
    wanted = {slug for draft in drafts for slug in draft.categories}
    found = dict(models.Category.objects.filter(slug__in=wanted).values_list("slug", "id"))
    for slug in sorted(wanted - set(found)):
        raise Refusal("unknown_category", where="categories", facts={"value": slug})
    return found


def _codes(ids: Sequence[UUID]) -> dict[UUID, str]:
    """The short code of each new service: the first of its own that is free. One query."""
    wanted = {one: [codes.make(one, attempt) for attempt in range(codes.ATTEMPTS)] for one in ids}
    asked = [code for own in wanted.values() for code in own]
    taken = set(models.Service.objects.filter(code__in=asked).values_list("code", flat=True)) if asked else set()
    found: dict[UUID, str] = {}
    for one, own in wanted.items():
        code = next((code for code in own if code not in taken), "")
        if not code:
            raise Refusal("no_free_code", where=str(one))
        taken.add(code)
        found[one] = code
    return found


def _refuse_taken(start: int, batch: Sequence[ServiceDraft], known: Known) -> None:
    """No document and no other days of another service are taken over, and none stands twice."""
    kinds: tuple[tuple[str, Any, Mapping[UUID, Sequence[Model]]], ...] = (
        ("documents", models.RequiredDocument, known.documents),
        ("exceptions", models.ScheduleException, known.exceptions),
    )
    for name, model, standing in kinds:
        given = [(index, draft.id, row.id) for index, draft in enumerate(batch, start) for row in getattr(draft, name)]
        own = {draft.id: {row.pk for row in standing.get(draft.id, ())} for draft in batch}
        new = [row for _, service, row in given if row not in own[service]]
        taken = set(model.objects.filter(pk__in=new).values_list("pk", flat=True)) if new else set()
        seen: set[UUID] = set()
        for index, service, row in given:
            if row in seen or (row in taken and row not in own[service]):
                raise Refusal("not_yours", where=f"{index}.{name}")
            seen.add(row)


def _note(t: Journal, change: Change) -> None:
    before, after = change.before, change.after
    changed = {key for key in after if before.get(key) != after[key]}
    verb = "changed" if before else "recorded"
    if before and before["columns"].get("status") != after["columns"].get("status") == ServiceStatus.DEFUNCT:
        verb = "ended"
    t.record(
        verb, "service", change.draft.id,
        before={key: before[key] for key in changed if key in before},
        after={key: after[key] for key in changed},
    )  # fmt: skip


def confirm(*, actor: Actor, confirmations: Mapping[UUID, Sequence[ConfirmationDraft]]) -> int:
    """Somebody says that groups of fields of services are true. The number of confirmations.

    Nobody confirms for another organization than the one they act for, and nothing is confirmed in advance: that would
    keep a service fresh for ever.
    """
    now = clock.now()
    for one, drafts in confirmations.items():
        for row in drafts:
            Refusal.unless(rules.may_speak_for(actor, row.by_organization), where=str(one))
            if row.at > now:
                raise Refusal("confirmed_in_advance", where=str(one))
    with action(actor) as t:
        line = "locations__area__parent__parent__parent"
        found = models.Service.objects.filter(id__in=confirmations).order_by("id").prefetch_related(line)
        for service in found:
            areas = [area for place in service.locations.all() for area in queries.area_line(place)]
            Refusal.unless(rules.may_confirm(actor, service.organization_id, areas), where=str(service.id))
        return confirming.write(t, {service.id: confirmations[service.id] for service in found})


def end_services(*, actor: Actor, services: Sequence[UUID], reason: str) -> int:
    """Services that exist no longer leave the lists; their pages say so. The number that changed."""
    with action(actor) as t:
        found = models.Service.objects.filter(id__in=services).exclude(status=ServiceStatus.DEFUNCT)
        rows = list(found.order_by("id").select_for_update())
        for row in rows:
            Refusal.unless(rules.may_edit(actor, row.organization_id), where=str(row.id))
            after = {"status": "defunct"}
            t.record("ended", "service", row.id, before={"status": row.status}, after=after, public_note=reason)
        ended = models.Service.objects.filter(id__in=[row.id for row in rows])
        ended.update(status=ServiceStatus.DEFUNCT, updated_at=clock.now())
    return len(rows)
