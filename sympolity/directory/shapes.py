"""A service as plain JSON: what a writer wants beside what stands in the tables. Compared, and kept by the trail."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from sympolity.directory import models, rules
from sympolity.directory.drafts import LocationDraft, ServiceDraft, Texts
from sympolity.kit.actor import Actor
from sympolity.kit.refusals import Refusal
from sympolity.languages.models import Text

__all__ = ["BATCH", "Known", "Outcome", "check_all", "known_of", "plain", "said", "shape", "shape_of"]

BATCH = 100  # records under one write lock (architecture.md, Storage)


class Outcome(StrEnum):
    CREATED = "created"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


def check_all(actor: Actor, drafts: Sequence[ServiceDraft | LocationDraft]) -> None:
    """Every draft is the actor's to write and right in itself, before anything is written."""
    for index, draft in enumerate(drafts):
        Refusal.unless(rules.may_edit(actor, draft.organization), where=str(index))
        try:
            draft.checked()
        except Refusal as refusal:
            raise Refusal(refusal.reason, where=f"{index}.{refusal.where}", facts=refusal.facts) from refusal


@dataclass(slots=True)
class Known:
    """What stands in the tables for a set of ids, in the shape of a draft."""

    services: dict[UUID, models.Service]
    links: dict[UUID, dict[UUID, UUID]]  # service -> location -> link
    categories: dict[UUID, set[str]]
    schedules: dict[UUID, models.Schedule]
    exceptions: dict[UUID, list[models.ScheduleException]]
    documents: dict[UUID, list[models.RequiredDocument]]
    texts: dict[UUID, dict[tuple[str, str], str]]


def known_of(ids: list[UUID]) -> Known:
    # Locked in one order, so that two writers wait for each other and never both.
    services = {row.id: row for row in models.Service.objects.filter(id__in=ids).order_by("id").select_for_update()}
    known = Known(
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


def said(given: Texts, lang: str) -> dict[str, dict[str, str]]:
    kept = {
        name: {code: body.strip() for code, body in words.items() if code != lang and body.strip()}
        for name, words in given.items()
    }
    return {name: words for name, words in kept.items() if words}


def shape(draft: ServiceDraft) -> dict[str, Any]:
    """A draft as plain JSON: what is compared and what the trail keeps."""
    return {
        "organization": str(draft.organization),
        "lang": draft.lang,
        "columns": {name: plain(value) for name, value in sorted(draft.columns.items())},
        "texts": said(draft.texts, draft.lang),
        "categories": sorted(draft.categories),
        "locations": sorted(str(location) for location in draft.locations),
        "opening_hours": draft.opening_hours,
        "exceptions": sorted(
            [str(row.id), str(row.first), str(row.last), row.hours, row.note, said(row.texts, draft.lang)]
            for row in draft.exceptions
        ),
        "documents": [
            [str(row.id), row.icon, row.name, row.note, said(row.texts, draft.lang)] for row in draft.documents
        ],
    }


def shape_of(known: Known, draft: ServiceDraft) -> dict[str, Any]:
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
        "columns": {name: plain(getattr(service, name)) for name in sorted(draft.columns)},
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


def plain(value: Any) -> Any:
    if isinstance(value, date | UUID):
        return str(value)
    return str(value.value) if isinstance(value, StrEnum) else value
