"""Rows, texts and parts that differ from what stands, written and told to the trail."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sympolity.kit import clock
from sympolity.kit.refusals import Refusal
from sympolity.network.actions.rows import Row
from sympolity.network.models import Party
from sympolity.people.actions import checking, wording
from sympolity.trail import journal

__all__ = ["BATCH", "PartyParts", "refuse_missing", "refuse_unknown", "store"]

BATCH = 100


def refuse_unknown(model: type[Any], ids: set[UUID], reason: str) -> None:
    missing = ids - set(model.objects.filter(id__in=ids).values_list("id", flat=True))
    if missing:
        raise Refusal(reason, where=str(min(missing)))


def refuse_missing(rows: Sequence[Any], ids: Sequence[UUID], reason: str) -> None:
    missing = set(ids) - {row.id for row in rows}
    if missing:
        raise Refusal(reason, where=str(min(missing)))


class _Parts:
    """What goes with a row and stands in tables of its own: nothing, unless a noun has some."""

    def differ(self, one: UUID) -> tuple[Any, Any] | None:  # noqa: ARG002 - as those that have some
        """(before, after) as the trail tells them, or None."""
        return None

    def save(self, ids: Sequence[UUID]) -> None:
        """Write those of ``ids``."""


class PartyParts(_Parts):
    """Parties of agreements: those of an agreement that differ are written anew."""

    def __init__(self, wanted: Mapping[UUID, Sequence[Party]]) -> None:
        self.wanted = wanted
        self.there: dict[UUID, list[list[str]]] = {}
        for party in Party.objects.filter(agreement_id__in=list(wanted)).order_by("position", "id"):
            self.there.setdefault(party.agreement_id, []).append(self._told(party))

    @staticmethod
    def _told(party: Party) -> list[str]:
        return [str(party.organization_id), party.role]

    def differ(self, one: UUID) -> tuple[Any, Any] | None:
        before, after = self.there.get(one, []), [self._told(party) for party in self.wanted[one]]
        return None if before == after else (before, after)

    def save(self, ids: Sequence[UUID]) -> None:
        Party.objects.filter(agreement_id__in=ids).delete()
        Party.objects.bulk_create([party for one in ids for party in self.wanted[one]], batch_size=BATCH)


def store(
    t: journal.Journal, model: type[Any], noun: str, rows: Sequence[Row], parts: _Parts | None = None
) -> set[UUID]:
    """Write rows, texts and parts where they differ from what stands, and tell the trail; the ids of those."""
    parts = parts or _Parts()
    checking.once(row.id for row in rows)
    known = {one.id: one for one in model.objects.filter(id__in=[row.id for row in rows]).select_for_update()}
    new = {row.id: model(id=row.id, **row.first, **row.values) for row in rows if row.id not in known}
    before: dict[UUID, dict[str, Any]] = {}
    for row in rows:
        old = known.get(row.id)
        if old and "since" in row.values and old.until and old.until < row.values["since"]:
            raise Refusal("ends_before_it_begins", where=str(row.id))
        was = {name: getattr(old, name) for name in row.values if getattr(old, name) != row.values[name]} if old else {}
        if was:
            before[row.id] = was
            for name in was:
                setattr(old, name, row.values[name])
            known[row.id].updated_at = clock.now()
    model.objects.bulk_create(new.values(), batch_size=BATCH)
    if before:
        fields = {name for was in before.values() for name in was} | {"updated_at"}
        model.objects.bulk_update([known[one] for one in before], sorted(fields), batch_size=BATCH)
    differing = {row.id: found for row in rows if (found := parts.differ(row.id))}
    parts.save(list(differing))
    said = wording.write_new(
        noun, {row.id: row.texts for row in rows}, {**known, **new}, {row.id: row.provenance for row in rows}
    )
    moved = [row for row in rows if row.id in {*new, *before, *differing, *said}]
    for row in moved:
        was = dict(before.get(row.id, {}))
        now = row.first | row.values if row.id in new else {name: row.values[name] for name in was}
        if row.id in differing:
            was, now = was | {"parties": differing[row.id][0]}, now | {"parties": differing[row.id][1]}
        if row.id in said:
            now["texts"] = said[row.id]
        t.record(
            "recorded" if row.id in new else "changed", noun, row.id, before={} if row.id in new else was, after=now
        )
    return {row.id for row in moved}
