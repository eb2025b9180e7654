"""Verbs of locations: places where services are given, hidden ones among them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sympolity.directory import models, rules
from sympolity.directory.drafts import LocationDraft
from sympolity.directory.shapes import (
    BATCH,
    Outcome,
    Stored,
    check_all,
    known_texts,
    plain,
    said,
    told,
    told_of,
    words_of,
)
from sympolity.directory.writing import keep, write_texts
from sympolity.kit.actor import Actor
from sympolity.kit.refusals import Refusal
from sympolity.trail.journal import Journal, action

__all__ = ["record_locations"]


def record_locations(*, actor: Actor, drafts: Sequence[LocationDraft]) -> dict[UUID, Outcome]:
    """Create or change locations. Address and point of a place that is not public are kept out of the trail."""
    check_all(actor, drafts)
    outcomes: dict[UUID, Outcome] = {}
    for start in range(0, len(drafts), BATCH):
        outcomes |= _record_batch(actor, start, drafts[start : start + BATCH])
    return outcomes


def _record_batch(actor: Actor, start: int, batch: Sequence[LocationDraft]) -> dict[UUID, Outcome]:
    """Read under lock, compare, write; the same few statements whatever the number."""
    outcomes: dict[UUID, Outcome] = {}
    changed: list[LocationDraft] = []
    with action(actor) as t:
        found = models.Location.objects.filter(id__in=[draft.id for draft in batch])
        known = {row.id: row for row in found.order_by("id").select_for_update()}
        stored = known_texts({"location": known})
        for index, draft in enumerate(batch, start):
            row = known.get(draft.id)
            if row is not None:
                Refusal.unless(rules.may_edit(actor, row.organization_id), where=str(index))
            if row is not None and _standing(row, draft, stored.get(draft.id, {})) == _wanted(draft):
                outcomes[draft.id] = Outcome.UNCHANGED
            else:
                outcomes[draft.id] = Outcome.CHANGED if row else Outcome.CREATED
                changed.append(draft)
        if changed:
            _write(t, changed, known)
    return outcomes


def _write(t: Journal, drafts: Sequence[LocationDraft], known: Mapping[UUID, models.Location]) -> None:
    public = {row.id for row in known.values() if rules.shows_address(row.visibility)}
    places = {draft.id: _filled(draft, known.get(draft.id)) for draft in drafts}
    keep(models.Location, places.values(), known)
    write_texts("location", [(draft.provenance, draft.id, draft.texts) for draft in drafts], places)
    for draft in drafts:
        hidden = draft.id in public and not rules.shows_address(places[draft.id].visibility)
        verb = "recorded" if draft.id not in known else "hidden" if hidden else "changed"
        t.record(verb, "location", draft.id, after={"fields": sorted(draft.columns)})


def _filled(draft: LocationDraft, old: models.Location | None) -> models.Location:
    place = old or models.Location(id=draft.id)
    place.organization_id, place.area_id, place.lang = draft.organization, draft.area, draft.lang
    for name, value in draft.columns.items():
        setattr(place, name, value)
    return place


def _wanted(draft: LocationDraft) -> dict[str, Any]:
    return {
        "organization": str(draft.organization),
        "area": str(draft.area),
        "lang": draft.lang,
        "columns": {name: plain(value) for name, value in draft.columns.items()},
        "texts": said(draft.texts, draft.lang),
        **told(draft.provenance),
    }


def _standing(row: models.Location, draft: LocationDraft, stored: Stored) -> dict[str, Any]:
    return {
        "organization": str(row.organization_id),
        "area": str(row.area_id),
        "lang": row.lang,
        "columns": {name: plain(getattr(row, name)) for name in draft.columns},
        "texts": words_of(stored, draft.texts),
        **told_of(draft.provenance, [(stored, draft.texts)]),
    }
