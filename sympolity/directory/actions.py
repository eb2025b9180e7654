"""Verbs of the directory. Each takes lists, checks its rule, writes rows, texts and entries in one transaction.

There is no other writer: pages, importers, commands and the demo all come in here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from sympolity.directory import models, queries, rules
from sympolity.directory.drafts import ConfirmationDraft, LocationDraft, ServiceDraft, Texts
from sympolity.directory.enums import ServiceStatus
from sympolity.directory.helplines import record_helplines
from sympolity.kit import clock
from sympolity.kit.actor import Actor
from sympolity.kit.refusals import Refusal
from sympolity.languages import texts
from sympolity.languages.models import Text
from sympolity.trail.journal import Journal, action

__all__ = ["Outcome", "confirm", "record_helplines", "record_locations", "record_services"]

BATCH = 100  # records under one write lock (architecture.md, Storage)


class Outcome(StrEnum):
    CREATED = "created"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


@dataclass(slots=True)
class _Known:
    """What stands in the tables for a set of ids, in the shape of a draft."""

    services: dict[UUID, models.Service]
    links: dict[UUID, dict[UUID, UUID]]  # service -> location -> link
    categories: dict[UUID, set[str]]
    schedules: dict[UUID, models.Schedule]
    exceptions: dict[UUID, list[models.ScheduleException]]
    documents: dict[UUID, list[models.RequiredDocument]]
    texts: dict[UUID, dict[tuple[str, str], str]]


def record_services(*, actor: Actor, drafts: Sequence[ServiceDraft]) -> dict[UUID, Outcome]:
    """Create or change services so that they are as their drafts say; what is already so is not touched.

    Translations that a draft does not mention stay: a person may have made them.
    Raises :class:`Refusal` with ``where`` = index and field; then nothing of its batch is written.
    """
    _check_all(actor, drafts)
    outcomes: dict[UUID, Outcome] = {}
    for start in range(0, len(drafts), BATCH):
        outcomes |= _record_batch(actor, start, drafts[start : start + BATCH])
    return outcomes


def _check_all(actor: Actor, drafts: Sequence[ServiceDraft | LocationDraft]) -> None:
    """Every draft is the actor's to write and right in itself, before anything is written."""
    for index, draft in enumerate(drafts):
        Refusal.unless(rules.may_edit(actor, draft.organization), where=str(index))
        try:
            draft.checked()
        except Refusal as refusal:
            raise Refusal(refusal.reason, where=f"{index}.{refusal.where}", facts=refusal.facts) from refusal


def _record_batch(actor: Actor, start: int, batch: Sequence[ServiceDraft]) -> dict[UUID, Outcome]:
    """Read under lock, compare, write: what the trail calls "before" is what stood when this writer came."""
    outcomes: dict[UUID, Outcome] = {}
    slugs = _slugs(batch)
    with action(actor) as t:
        known = _known([draft.id for draft in batch])
        _refuse_foreign(actor, start, batch, known)
        for draft in batch:
            before, after = _shape_of(known, draft), _shape(draft)
            if before == after:
                outcomes[draft.id] = Outcome.UNCHANGED
                continue
            _write(draft, known, slugs)
            _note(t, draft, before, after)
            outcomes[draft.id] = Outcome.CHANGED if before else Outcome.CREATED
    return outcomes


def _refuse_foreign(actor: Actor, start: int, batch: Sequence[ServiceDraft], known: _Known) -> None:
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


def _known(ids: list[UUID]) -> _Known:
    # Locked in one order, so that two writers wait for each other and never both.
    services = {row.id: row for row in models.Service.objects.filter(id__in=ids).order_by("id").select_for_update()}
    known = _Known(
        services, defaultdict(dict), defaultdict(set), {}, defaultdict(list), defaultdict(list), defaultdict(dict)
    )
    if not services:
        return known
    for link in models.ServiceAtLocation.objects.filter(service__in=services):
        known.links[link.service_id][link.location_id] = link.id
    through = models.Service.categories.through.objects.filter(service__in=services).select_related("category")
    for row in through:
        known.categories[row.service_id].add(row.category.slug)
    for schedule in models.Schedule.objects.filter(service__in=services):
        if schedule.service_id:
            known.schedules[schedule.service_id] = schedule
    for exception in models.ScheduleException.objects.filter(schedule__service__in=services).select_related("schedule"):
        known.exceptions[exception.schedule.service_id or exception.id].append(exception)
    for document in models.RequiredDocument.objects.filter(service__in=services).order_by("position"):
        known.documents[document.service_id].append(document)
    parts = [row.id for group in known.documents.values() for row in group]
    parts += [row.id for group in known.exceptions.values() for row in group]
    for text in Text.objects.filter(noun_id__in=[*services, *parts]):
        known.texts[text.noun_id][text.field, text.language] = text.body
    return known


def _said(given: Texts, lang: str) -> dict[str, dict[str, str]]:
    kept = {
        name: {code: body.strip() for code, body in words.items() if code != lang and body.strip()}
        for name, words in given.items()
    }
    return {name: words for name, words in kept.items() if words}


def _shape(draft: ServiceDraft) -> dict[str, Any]:
    """A draft as plain JSON: what is compared and what the trail keeps."""
    return {
        "organization": str(draft.organization),
        "lang": draft.lang,
        "columns": {name: _plain(value) for name, value in sorted(draft.columns.items())},
        "texts": _said(draft.texts, draft.lang),
        "categories": sorted(draft.categories),
        "locations": sorted(str(location) for location in draft.locations),
        "opening_hours": draft.opening_hours,
        "exceptions": sorted(
            [str(row.id), str(row.first), str(row.last), row.hours, row.note, _said(row.texts, draft.lang)]
            for row in draft.exceptions
        ),
        "documents": [
            [str(row.id), row.icon, row.name, row.note, _said(row.texts, draft.lang)] for row in draft.documents
        ],
    }


def _shape_of(known: _Known, draft: ServiceDraft) -> dict[str, Any]:
    """The same of what stands in the tables, for the columns and languages that the draft speaks of."""
    service = known.services.get(draft.id)
    if service is None:
        return {}
    schedule = known.schedules.get(service.id)

    def words(noun_id: UUID, wanted: Texts) -> dict[str, dict[str, str]]:
        out: dict[str, dict[str, str]] = defaultdict(dict)
        for (name, code), body in known.texts[noun_id].items():
            if code in wanted.get(name, {}):
                out[name][code] = body
        return dict(out)

    new_documents = {row.id: row.texts for row in draft.documents}
    new_exceptions = {row.id: row.texts for row in draft.exceptions}
    return {
        "organization": str(service.organization_id),
        "lang": service.lang,
        "columns": {name: _plain(getattr(service, name)) for name in sorted(draft.columns)},
        "texts": words(service.id, draft.texts),
        "categories": sorted(known.categories[service.id]),
        "locations": sorted(str(location) for location in known.links[service.id]),
        "opening_hours": schedule.opening_hours if schedule else "",
        "exceptions": sorted(
            [
                str(row.id),
                str(row.first),
                str(row.last),
                row.hours,
                row.note,
                words(row.id, new_exceptions.get(row.id, {})),
            ]
            for row in known.exceptions[service.id]
        ),
        "documents": [
            [str(row.id), row.icon, row.name, row.note, words(row.id, new_documents.get(row.id, {}))]
            for row in known.documents[service.id]
        ],
    }


def _plain(value: Any) -> Any:
    if isinstance(value, date | UUID):
        return str(value)
    return str(value.value) if isinstance(value, StrEnum) else value


def _write(draft: ServiceDraft, known: _Known, slugs: Mapping[str, UUID]) -> None:
    service = known.services.get(draft.id) or models.Service(id=draft.id)
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


def _write_schedule(draft: ServiceDraft, known: _Known) -> None:
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


def _write_documents(draft: ServiceDraft, known: _Known) -> None:
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


def record_locations(*, actor: Actor, drafts: Sequence[LocationDraft]) -> dict[UUID, Outcome]:
    """Create or change locations. Address and point of a place that is not public are kept out of the trail."""
    _check_all(actor, drafts)
    outcomes: dict[UUID, Outcome] = {}
    for start in range(0, len(drafts), BATCH):
        batch = drafts[start : start + BATCH]
        with action(actor) as t:
            found = (
                models.Location.objects.filter(id__in=[draft.id for draft in batch]).order_by("id").select_for_update()
            )
            known = {row.id: row for row in found}
            said: dict[UUID, dict[tuple[str, str], str]] = defaultdict(dict)
            for text in Text.objects.filter(noun="location", noun_id__in=known):
                said[text.noun_id][text.field, text.language] = text.body
            for index, draft in enumerate(batch, start):
                row = known.get(draft.id)
                if row is not None:
                    Refusal.unless(rules.may_edit(actor, row.organization_id), where=str(index))
                if row is not None and _location_shape(row, draft, said[draft.id]) == _location_wanted(draft):
                    outcomes[draft.id] = Outcome.UNCHANGED
                else:
                    outcomes[draft.id] = Outcome.CHANGED if row else Outcome.CREATED
                    _write_location(t, draft, row)
    return outcomes


def _write_location(t: Journal, draft: LocationDraft, row: models.Location | None) -> None:
    was_public = row is not None and rules.shows_address(row.visibility)
    place = row or models.Location(id=draft.id)
    place.organization_id, place.area_id, place.lang = draft.organization, draft.area, draft.lang
    for name, value in draft.columns.items():
        setattr(place, name, value)
    place.save(force_insert=row is None)
    texts.write(noun="location", texts={place.id: draft.texts}, sources={place.id: place})
    hidden = was_public and not rules.shows_address(place.visibility)
    verb = "recorded" if row is None else "hidden" if hidden else "changed"
    t.record(verb, "location", place.id, after={"fields": sorted(draft.columns)})


def _location_wanted(draft: LocationDraft) -> dict[str, Any]:
    return {
        "organization": str(draft.organization),
        "area": str(draft.area),
        "lang": draft.lang,
        "columns": {name: _plain(value) for name, value in draft.columns.items()},
        "texts": _said(draft.texts, draft.lang),
    }


def _location_shape(row: models.Location, draft: LocationDraft, said: Mapping[tuple[str, str], str]) -> dict[str, Any]:
    words: dict[str, dict[str, str]] = defaultdict(dict)
    for (name, code), body in said.items():
        if code in draft.texts.get(name, {}):
            words[name][code] = body
    return {
        "organization": str(row.organization_id),
        "area": str(row.area_id),
        "lang": row.lang,
        "columns": {name: _plain(getattr(row, name)) for name in draft.columns},
        "texts": dict(words),
    }
