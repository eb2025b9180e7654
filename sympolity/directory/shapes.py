"""A service as plain JSON: what a writer wants beside what stands in the tables. Compared, and kept by the trail."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db.models import Q

from sympolity.directory import models, rules
from sympolity.directory.drafts import LocationDraft, ServiceDraft, Texts
from sympolity.kit.actor import Actor
from sympolity.kit.refusals import Refusal
from sympolity.languages.models import Text, TextState
from sympolity.languages.texts import Provenance, keeps

__all__ = [
    "BATCH",
    "Known",
    "Outcome",
    "Stored",
    "check_all",
    "known_of",
    "known_texts",
    "plain",
    "said",
    "shape",
    "shape_of",
    "told",
    "told_of",
    "words_of",
]

BATCH = 100  # records under one write lock (architecture.md, Storage)


Stored = Mapping[tuple[str, str], tuple[str, str]]  # (field, language) -> (words, state)


class Outcome(StrEnum):
    CREATED = "created"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


def check_all(actor: Actor, drafts: Sequence[ServiceDraft | LocationDraft]) -> None:
    """Every draft is the actor's to write, right in itself and there once, before anything is written."""
    seen: set[UUID] = set()
    for index, draft in enumerate(drafts):
        if draft.id in seen:
            raise Refusal("twice", where=f"{index}.id")
        seen.add(draft.id)
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
    categories: dict[UUID, dict[str, int]]  # service -> slug -> row of the table between
    schedules: dict[UUID, models.Schedule]
    exceptions: dict[UUID, list[models.ScheduleException]]
    documents: dict[UUID, list[models.RequiredDocument]]
    texts: dict[UUID, Stored]  # of services, exceptions and documents


def known_of(ids: list[UUID]) -> Known:
    """Read under lock; a fixed number of statements."""
    # Locked in one order, so that two writers wait for each other and never both.
    services = {row.id: row for row in models.Service.objects.filter(id__in=ids).order_by("id").select_for_update()}
    known = Known(services, defaultdict(dict), defaultdict(dict), {}, defaultdict(list), defaultdict(list), {})
    if not services:
        return known
    for link in models.ServiceAtLocation.objects.filter(service__in=services):
        known.links[link.service_id][link.location_id] = link.id
    through = models.Service.categories.through.objects.filter(service__in=services)
    for row, service, slug in through.values_list("id", "service_id", "category__slug"):
        known.categories[service][slug] = row
    for schedule in models.Schedule.objects.filter(service__in=services):
        if schedule.service_id:
            known.schedules[schedule.service_id] = schedule
    for exception in models.ScheduleException.objects.filter(schedule__service__in=services).select_related("schedule"):
        known.exceptions[exception.schedule.service_id or exception.id].append(exception)
    for document in models.RequiredDocument.objects.filter(service__in=services).order_by("position"):
        known.documents[document.service_id].append(document)
    known.texts = known_texts({
        "service": services,
        "schedule_exception": [row.id for group in known.exceptions.values() for row in group],
        "required_document": [row.id for group in known.documents.values() for row in group],
    })  # fmt: skip
    return known


def known_texts(ids: Mapping[str, Collection[UUID]]) -> dict[UUID, Stored]:
    """The stored texts of things, by noun. One query; it names the noun, as the index of the table does."""
    found: dict[UUID, dict[tuple[str, str], tuple[str, str]]] = defaultdict(dict)
    wanted = Q()
    for noun, group in ids.items():
        if group:
            wanted |= Q(noun=noun, noun_id__in=list(group))
    if wanted:
        rows = Text.objects.filter(wanted).values_list("noun_id", "field", "language", "body", "state")
        for noun_id, name, language, body, state in rows:
            found[noun_id][name, language] = (body, state)
    return dict(found)


def words_of(stored: Stored, wanted: Texts) -> dict[str, dict[str, str]]:
    """Of the stored words those of the fields and languages that a draft speaks of."""
    out: dict[str, dict[str, str]] = defaultdict(dict)
    for (name, code), (body, _) in stored.items():
        if code in wanted.get(name, {}):
            out[name][code] = body
    return dict(out)


def told(provenance: Provenance) -> dict[str, str]:
    """What a shape says of its texts: nothing where they count as a person's."""
    return {} if provenance.state == TextState.HUMAN else {"texts_are": provenance.state}


def told_of(provenance: Provenance, pairs: Iterable[tuple[Stored, Texts]]) -> dict[str, str]:
    """The same of what stands; what would not be touched counts as said."""
    if provenance.state == TextState.HUMAN:
        return {}
    states = {
        state for stored, wanted in pairs for (name, code), (_, state) in stored.items() if code in wanted.get(name, {})
    }
    return {
        "texts_are": next((state for state in sorted(states) if not keeps(state, provenance.state)), provenance.state)
    }


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
        **told(draft.provenance),
    }


def shape_of(known: Known, draft: ServiceDraft) -> dict[str, Any]:
    """The same of what stands in the tables, for the columns and languages that the draft speaks of."""
    service = known.services.get(draft.id)
    if service is None:
        return {}
    schedule = known.schedules.get(service.id)
    wanted: dict[UUID, Texts] = {draft.id: draft.texts}
    wanted |= {row.id: row.texts for row in draft.documents}
    wanted |= {row.id: row.texts for row in draft.exceptions}

    def words(noun_id: UUID) -> dict[str, dict[str, str]]:
        return words_of(known.texts.get(noun_id, {}), wanted.get(noun_id, {}))

    return {
        "organization": str(service.organization_id),
        "lang": service.lang,
        "columns": {name: plain(getattr(service, name)) for name in sorted(draft.columns)},
        "texts": words(service.id),
        "categories": sorted(known.categories[service.id]),
        "locations": sorted(str(location) for location in known.links[service.id]),
        "opening_hours": schedule.opening_hours if schedule else "",
        "exceptions": sorted(
            [str(row.id), str(row.first), str(row.last), row.hours, row.note, words(row.id)]
            for row in known.exceptions[service.id]
        ),
        "documents": [
            [str(row.id), row.icon, row.name, row.note, words(row.id)] for row in known.documents[service.id]
        ],
        **told_of(draft.provenance, [(known.texts.get(one, {}), texts) for one, texts in wanted.items()]),
    }


def plain(value: Any) -> Any:
    if isinstance(value, date | UUID):
        return str(value)
    return str(value.value) if isinstance(value, StrEnum) else value
