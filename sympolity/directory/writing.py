"""Services into the tables: a batch at a time, the same few statements whatever stands in it.

Only the verbs of this room call this, inside their transaction: what is refused and what the trail
is told is decided there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Model

from sympolity.directory import models
from sympolity.directory.drafts import ConfirmationDraft, DocumentDraft, ExceptionDraft, ServiceDraft, Texts
from sympolity.directory.shapes import Known
from sympolity.kit import clock
from sympolity.languages import texts
from sympolity.languages.models import Text
from sympolity.languages.texts import Provenance

__all__ = ["Change", "confirmations_of", "keep", "write", "write_texts"]

Row = TypeVar("Row", bound=Model)
_Part = TypeVar("_Part", DocumentDraft, ExceptionDraft)


@dataclass(frozen=True, slots=True)
class Change:
    """A draft that differs from what stands. ``before`` is empty when nothing does."""

    draft: ServiceDraft
    before: dict[str, Any]
    after: dict[str, Any]


def write(changes: Sequence[Change], known: Known, slugs: Mapping[str, UUID], codes: Mapping[UUID, str]) -> None:
    """Let services be as their drafts say, with all that hangs on them. ``codes``: of the new ones."""
    drafts = [change.draft for change in changes]
    services = {draft.id: _service(draft, known.services.get(draft.id), codes) for draft in drafts}
    keep(models.Service, services.values(), known.services)
    _write_categories(drafts, known, slugs)
    _write_links(drafts, known)
    exceptions = _write_schedules(drafts, known)
    documents = _write_documents(drafts, known)
    models.Confirmation.objects.bulk_create([
        row for change in changes if not change.before for row in confirmations_of(change.draft.id, change.draft.confirmations)
    ])  # fmt: skip
    write_texts("service", [(draft.provenance, draft.id, draft.texts) for draft in drafts], services)
    write_texts("schedule_exception", _words(drafts, lambda draft: draft.exceptions), exceptions)
    write_texts("required_document", _words(drafts, lambda draft: draft.documents), documents)


def keep(model: type[Row], rows: Iterable[Row], known: Mapping[UUID, Any]) -> None:
    """Write rows: new ones as new, so that nobody's row is overwritten; known ones together.

    In the order of their ids, so that two writers of the same new ones wait for each other and never both.
    """
    ordered = sorted(rows, key=lambda row: row.pk)
    manager: Any = model._meta.default_manager
    manager.bulk_create([row for row in ordered if row.pk not in known])
    manager.bulk_create(
        [row for row in ordered if row.pk in known],
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=[column.name for column in model._meta.concrete_fields if not column.primary_key],
    )


def confirmations_of(service: UUID, rows: Iterable[ConfirmationDraft]) -> list[models.Confirmation]:
    """Confirmations of a service as rows."""
    return [
        models.Confirmation(
            service_id=service, group=row.group, at=row.at, how=row.how, by_organization_id=row.by_organization
        )
        for row in rows
    ]


def write_texts(noun: str, said: Iterable[tuple[Provenance, UUID, Texts]], sources: Mapping[UUID, Any]) -> None:
    """The translations of things of a noun, those of one provenance together."""
    groups: dict[Provenance, dict[UUID, Texts]] = {}
    for provenance, noun_id, words in said:
        if words:
            groups.setdefault(provenance, {})[noun_id] = words
    for provenance, group in groups.items():
        texts.write(noun=noun, texts=group, sources=sources, state=provenance.state, origin=provenance.origin)


def _words(
    drafts: Iterable[ServiceDraft], parts: Callable[[ServiceDraft], Iterable[_Part]]
) -> list[tuple[Provenance, UUID, Texts]]:
    return [(draft.provenance, row.id, row.texts) for draft in drafts for row in parts(draft)]


def _service(draft: ServiceDraft, old: models.Service | None, codes: Mapping[UUID, str]) -> models.Service:
    service = old or models.Service(id=draft.id, code=codes[draft.id])
    service.organization_id, service.lang = draft.organization, draft.lang
    for name, value in draft.columns.items():
        setattr(service, name, value)
    service.updated_at = clock.now()
    return service


def _write_categories(drafts: Sequence[ServiceDraft], known: Known, slugs: Mapping[str, UUID]) -> None:
    through = models.Service.categories.through
    gone = [row for draft in drafts for slug, row in known.categories[draft.id].items() if slug not in draft.categories]
    if gone:
        through.objects.filter(id__in=gone).delete()
    through.objects.bulk_create([
        through(service_id=draft.id, category_id=slugs[slug])
        for draft in drafts
        for slug in dict.fromkeys(draft.categories)
        if slug not in known.categories[draft.id]
    ])  # fmt: skip


def _write_links(drafts: Sequence[ServiceDraft], known: Known) -> None:
    gone = [
        link for draft in drafts for location, link in known.links[draft.id].items() if location not in draft.locations
    ]
    if gone:
        models.ServiceAtLocation.objects.filter(id__in=gone).delete()
    models.ServiceAtLocation.objects.bulk_create([
        models.ServiceAtLocation(service_id=draft.id, location_id=location)
        for draft in drafts
        for location in dict.fromkeys(draft.locations)
        if location not in known.links[draft.id]
    ])  # fmt: skip


def _write_schedules(drafts: Sequence[ServiceDraft], known: Known) -> dict[UUID, models.ScheduleException]:
    """Hours and other days; the rows of the latter."""
    schedules: dict[UUID, models.Schedule] = {}
    for draft in drafts:
        schedule = known.schedules.get(draft.id)
        if schedule is None and (draft.opening_hours or draft.exceptions):
            schedule = models.Schedule(service_id=draft.id)
        if schedule is not None:
            schedule.opening_hours = draft.opening_hours
            schedules[draft.id] = schedule
    standing = {row.id for one, row in known.schedules.items() if one in schedules}
    keep(models.Schedule, schedules.values(), dict.fromkeys(standing))
    rows = [
        models.ScheduleException(
            id=row.id, schedule=schedules[draft.id], first=row.first, last=row.last, hours=row.hours, lang=draft.lang,
            note=row.note,
        )
        for draft in drafts
        for row in draft.exceptions
    ]  # fmt: skip
    _replace(models.ScheduleException, "schedule_exception", [known.exceptions[draft.id] for draft in drafts], rows)
    return {row.id: row for row in rows}


def _write_documents(drafts: Sequence[ServiceDraft], known: Known) -> dict[UUID, models.RequiredDocument]:
    """What to take along; its rows."""
    rows = [
        models.RequiredDocument(
            id=row.id, service_id=draft.id, position=place, icon=row.icon, lang=draft.lang, name=row.name, note=row.note
        )
        for draft in drafts
        for place, row in enumerate(draft.documents)
    ]  # fmt: skip
    _replace(models.RequiredDocument, "required_document", [known.documents[draft.id] for draft in drafts], rows)
    return {row.id: row for row in rows}


def _replace(model: type[Row], noun: str, old: Iterable[Sequence[Row]], new: Sequence[Row]) -> None:
    """The parts of services: those that stood go, those that shall be come, texts of what is gone are forgotten."""
    manager: Any = model._meta.default_manager
    former = [row.pk for group in old for row in group]
    if former:
        manager.filter(pk__in=former).delete()
        gone = set(former) - {row.pk for row in new}
        if gone:
            Text.objects.filter(noun=noun, noun_id__in=gone).delete()
    manager.bulk_create(sorted(new, key=lambda row: row.pk))
