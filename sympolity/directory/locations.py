"""Verbs of locations: places where services are given, hidden ones among them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sympolity.directory import models, rules
from sympolity.directory.drafts import LocationDraft
from sympolity.directory.shapes import BATCH, Outcome, check_all, plain, said
from sympolity.kit.actor import Actor
from sympolity.kit.refusals import Refusal
from sympolity.languages import texts
from sympolity.languages.models import Text
from sympolity.trail.journal import Journal, action

__all__ = ["record_locations"]


def record_locations(*, actor: Actor, drafts: Sequence[LocationDraft]) -> dict[UUID, Outcome]:
    """Create or change locations. Address and point of a place that is not public are kept out of the trail."""
    check_all(actor, drafts)
    outcomes: dict[UUID, Outcome] = {}
    for start in range(0, len(drafts), BATCH):
        batch = drafts[start : start + BATCH]
        with action(actor) as t:
            found = (
                models.Location.objects.filter(id__in=[draft.id for draft in batch]).order_by("id").select_for_update()
            )
            known = {row.id: row for row in found}
            stored: dict[UUID, dict[tuple[str, str], str]] = defaultdict(dict)
            for text in Text.objects.filter(noun="location", noun_id__in=known):
                stored[text.noun_id][text.field, text.language] = text.body
            for index, draft in enumerate(batch, start):
                row = known.get(draft.id)
                if row is not None:
                    Refusal.unless(rules.may_edit(actor, row.organization_id), where=str(index))
                if row is not None and _standing(row, draft, stored[draft.id]) == _wanted(draft):
                    outcomes[draft.id] = Outcome.UNCHANGED
                else:
                    outcomes[draft.id] = Outcome.CHANGED if row else Outcome.CREATED
                    _write(t, draft, row)
    return outcomes


def _write(t: Journal, draft: LocationDraft, row: models.Location | None) -> None:
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


def _wanted(draft: LocationDraft) -> dict[str, Any]:
    return {
        "organization": str(draft.organization),
        "area": str(draft.area),
        "lang": draft.lang,
        "columns": {name: plain(value) for name, value in draft.columns.items()},
        "texts": said(draft.texts, draft.lang),
    }


def _standing(row: models.Location, draft: LocationDraft, stored: Mapping[tuple[str, str], str]) -> dict[str, Any]:
    words: dict[str, dict[str, str]] = defaultdict(dict)
    for (name, code), body in stored.items():
        if code in draft.texts.get(name, {}):
            words[name][code] = body
    return {
        "organization": str(row.organization_id),
        "area": str(row.area_id),
        "lang": row.lang,
        "columns": {name: plain(getattr(row, name)) for name in draft.columns},
        "texts": dict(words),
    }
