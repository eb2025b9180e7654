"""Verbs of the directory. Each takes lists, checks its rule, writes rows, texts and entries in one transaction.

There is no other writer: pages, importers, commands and the demo all come in here. Places and
official numbers have files of their own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import IntegrityError

from sympolity.directory import models, queries, rules
from sympolity.directory.drafts import ConfirmationDraft, ServiceDraft, Texts
from sympolity.directory.enums import ServiceStatus
from sympolity.directory.helplines import record_helplines
from sympolity.directory.locations import record_locations
from sympolity.directory.notices import record_notices, turn_notices
from sympolity.directory.shapes import BATCH, Known, Outcome, check_all, known_of, shape, shape_of
from sympolity.kit import clock, codes
from sympolity.kit.actor import Actor
from sympolity.kit.refusals import Refusal
from sympolity.languages import texts
from sympolity.languages.models import Text
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
    slugs = _slugs(batch)
    with action(actor) as t:
        known = known_of([draft.id for draft in batch])
        _refuse_foreign(actor, start, batch, known)
        named = _codes([draft.id for draft in batch if draft.id not in known.services])
        for draft in batch:
            before, after = shape_of(known, draft), shape(draft)
            if before == after:
                outcomes[draft.id] = Outcome.UNCHANGED
                continue
            _write(draft, known, slugs, named)
            _note(t, draft, before, after)
            outcomes[draft.id] = Outcome.CHANGED if before else Outcome.CREATED
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


def _write(draft: ServiceDraft, known: Known, slugs: Mapping[str, UUID], named: Mapping[UUID, str]) -> None:
    service = known.services.get(draft.id) or models.Service(id=draft.id, code=named[draft.id])
    service.organization_id, service.lang = draft.organization, draft.lang
    for name, value in draft.columns.items():
        setattr(service, name, value)
    service.updated_at = clock.now()
    service.save(force_insert=draft.id not in known.services)
    service.categories.set(models.Category.objects.filter(id__in=[slugs[slug] for slug in draft.categories]))
    links = known.links[draft.id]
    gone = set(links) - set(draft.locations)
    models.ServiceAtLocation.objects.filter(id__in=[links[location] for location in gone]).delete()
    models.ServiceAtLocation.objects.bulk_create(
        [
            models.ServiceAtLocation(service=service, location_id=location)
            for location in draft.locations
            if location not in links
        ]
    )
    words: dict[UUID, Texts] = {}
    _write_schedule(draft, known)
    _write_documents(draft, known)
    texts.write(noun="service", texts={draft.id: draft.texts}, sources={draft.id: service})
    for noun, rows in (("required_document", draft.documents), ("schedule_exception", draft.exceptions)):
        words = {row.id: row.texts for row in rows if row.texts}
        if words:
            model = models.RequiredDocument if noun == "required_document" else models.ScheduleException
            texts.write(noun=noun, texts=words, sources=model.objects.in_bulk(list(words)))


def _write_schedule(draft: ServiceDraft, known: Known) -> None:
    schedule = known.schedules.get(draft.id)
    if schedule is None:
        if not draft.opening_hours and not draft.exceptions:
            return
        schedule = models.Schedule(service_id=draft.id)
    schedule.opening_hours = draft.opening_hours
    schedule.save()
    schedule.exceptions.all().delete()
    models.ScheduleException.objects.bulk_create(
        [
            models.ScheduleException(
                id=row.id,
                schedule=schedule,
                first=row.first,
                last=row.last,
                hours=row.hours,
                lang=draft.lang,
                note=row.note,
            )
            for row in draft.exceptions
        ]
    )
    _forget_texts("schedule_exception", known.exceptions[draft.id], {row.id for row in draft.exceptions})


def _write_documents(draft: ServiceDraft, known: Known) -> None:
    models.RequiredDocument.objects.filter(service=draft.id).delete()
    models.RequiredDocument.objects.bulk_create(
        [
            models.RequiredDocument(
                id=row.id,
                service_id=draft.id,
                position=place,
                icon=row.icon,
                lang=draft.lang,
                name=row.name,
                note=row.note,
            )
            for place, row in enumerate(draft.documents)
        ]
    )
    _forget_texts("required_document", known.documents[draft.id], {row.id for row in draft.documents})


def _forget_texts(noun: str, old: Iterable[Any], kept: set[UUID]) -> None:
    gone = [row.id for row in old if row.id not in kept]
    if gone:
        Text.objects.filter(noun=noun, noun_id__in=gone).delete()


def _note(t: Journal, draft: ServiceDraft, before: dict[str, Any], after: dict[str, Any]) -> None:
    changed = {key for key in after if before.get(key) != after[key]}
    confirmations = _confirmations(draft.id, draft.confirmations) if not before else []
    models.Confirmation.objects.bulk_create(confirmations)
    verb = "changed" if before else "recorded"
    if before and before["columns"].get("status") != after["columns"].get("status") == ServiceStatus.DEFUNCT:
        verb = "ended"
    t.record(
        verb, "service", draft.id,
        before={key: before[key] for key in changed if key in before},
        after={key: after[key] for key in changed},
    )  # fmt: skip


def _confirmations(service: UUID, rows: Iterable[ConfirmationDraft]) -> list[models.Confirmation]:
    return [
        models.Confirmation(
            service_id=service, group=row.group, at=row.at, how=row.how, by_organization_id=row.by_organization
        )
        for row in rows
    ]


def confirm(*, actor: Actor, confirmations: Mapping[UUID, Sequence[ConfirmationDraft]]) -> int:
    """Somebody says that groups of fields of services are true. The number of confirmations."""
    with action(actor) as t:
        count = 0
        line = "locations__area__parent__parent__parent"
        for service in models.Service.objects.filter(id__in=confirmations).prefetch_related(line):
            areas = [area for place in service.locations.all() for area in queries.area_line(place)]
            Refusal.unless(rules.may_confirm(actor, service.organization_id, areas), where=str(service.id))
            rows = _confirmations(service.id, confirmations[service.id])
            models.Confirmation.objects.bulk_create(rows)
            t.record("confirmed", "service", service.id, after={"groups": sorted(row.group for row in rows)})
            count += len(rows)
    return count


def end_services(*, actor: Actor, services: Sequence[UUID], reason: str) -> int:
    """Services that exist no longer leave the lists; their pages say so. The number that changed."""
    with action(actor) as t:
        found = models.Service.objects.filter(id__in=services).exclude(status=ServiceStatus.DEFUNCT)
        rows = list(found.order_by("id").select_for_update())
        for row in rows:
            Refusal.unless(rules.may_edit(actor, row.organization_id), where=str(row.id))
            before, row.status = row.status, ServiceStatus.DEFUNCT
            row.updated_at = clock.now()
            row.save(update_fields=["status", "updated_at"])
            t.record(
                "ended", "service", row.id, before={"status": before}, after={"status": "defunct"}, public_note=reason
            )
    return len(rows)
