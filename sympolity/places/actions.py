"""Verbs of places."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sympolity.kit.actor import SYSTEM
from sympolity.kit.refusals import Refusal
from sympolity.places import queries
from sympolity.places.facts import AreaFact, BoundaryFact, NameFact, load
from sympolity.places.models import Area, AreaKind, AreaName, Boundary
from sympolity.trail import journal

__all__ = ["Loaded", "load_areas", "record_boundaries", "told"]

_BATCH = 80  # rows of one statement: SQLite's limit of variables, and a short lock
_CHANGING = tuple(column for column in queries.COLUMNS if column != "id")


@dataclass(frozen=True, slots=True)
class Loaded:
    """How many areas were new, had changed, and were as the facts say."""

    recorded: int
    changed: int
    unchanged: int


def load_areas(*, facts: Sequence[AreaFact] | None = None) -> Loaded:
    """Write the areas of ``areas.toml`` (or ``facts``) where the database differs from them.

    The names of an area become those of its fact. Areas without a fact stay as they are.
    A regional unit that an import put between a municipality and its region stays there.
    Refused as a whole: ``slug_taken`` when another area has the slug of a fact.
    """
    with journal.action(SYSTEM) as trail:
        known = {fact.id: fact for fact in queries.facts()}
        wanted = [_in_its_unit(fact, known) for fact in load()] if facts is None else facts
        _refuse_taken_slugs(wanted, known.values())
        new = [fact for fact in wanted if fact.id not in known]
        changed = [fact for fact in wanted if fact.id in known and told(fact) != told(known[fact.id])]
        _write(new, changed)
        for fact in new:
            trail.record("recorded", "area", fact.id, after=told(fact))
        for fact in changed:
            before, after = _difference(known[fact.id], fact)
            trail.record("changed", "area", fact.id, before=before, after=after)
    return Loaded(len(new), len(changed), len(wanted) - len(new) - len(changed))


def record_boundaries(*, boundaries: Sequence[BoundaryFact]) -> Loaded:
    """Write boundaries where they differ from those that stand; an area has one.

    Refused as a whole: ``unknown_area``, ``twice`` and ``no_boundary`` (nothing is inside it).
    """
    with journal.action(SYSTEM) as trail:
        wanted = {fact.area_id: fact for fact in boundaries}
        known = {row.area_id: row for row in Boundary.objects.filter(area__in=wanted).defer("rings", "outline")}
        _refuse_wrong_boundaries(boundaries)
        rows = {fact.area_id: _boundary(fact) for fact in boundaries}
        differing = [one for one, row in rows.items() if one not in known or _summary(known[one]) != _summary(row)]
        Boundary.objects.filter(area__in=differing).delete()
        Boundary.objects.bulk_create([rows[one] for one in differing], batch_size=_BATCH)
        for one in differing:
            before = {"boundary": _summary(known[one])} if one in known else None
            trail.record("changed", "area", one, before=before, after={"boundary": _summary(rows[one])})
    new = sum(one not in known for one in differing)
    return Loaded(new, len(differing) - new, len(rows) - len(differing))


def _in_its_unit(fact: AreaFact, known: Mapping[UUID, AreaFact]) -> AreaFact:
    """The fact, below the regional unit in which the database has it."""
    parent = known[fact.id].parent_id if fact.id in known else None
    unit = known.get(parent) if parent else None
    if unit and unit.kind == AreaKind.REGIONAL_UNIT and unit.parent_id == fact.parent_id:
        return replace(fact, parent_id=unit.id)
    return fact


def _refuse_wrong_boundaries(boundaries: Sequence[BoundaryFact]) -> None:
    ids = {fact.area_id for fact in boundaries}
    if len(ids) < len(boundaries):
        raise Refusal("twice")
    missing = ids - set(Area.objects.filter(id__in=ids).values_list("id", flat=True))
    if missing:
        raise Refusal("unknown_area", where=str(min(missing)))
    for fact in boundaries:
        if fact.points < 3 or not fact.rings or not fact.outline:
            raise Refusal("no_boundary", where=str(fact.area_id))


def _boundary(fact: BoundaryFact) -> Boundary:
    south, west, north, east = fact.box
    return Boundary(
        area_id=fact.area_id, rings=fact.rings, outline=fact.outline, points=fact.points,
        south=south, west=west, north=north, east=east, source=fact.source, licence=fact.licence, as_of=fact.as_of,
        digest=hashlib.sha256(f"{fact.rings}\n{fact.outline}".encode()).hexdigest(),
    )  # fmt: skip


def _summary(row: Boundary) -> dict[str, Any]:
    """A boundary as the trail tells it: which one it is, not its points."""
    as_of = row.as_of.isoformat() if row.as_of else ""
    return {
        "points": row.points,
        "digest": row.digest,
        "source": row.source,
        "licence": row.licence,
        "as_of": as_of,
    }


def _refuse_taken_slugs(wanted: Iterable[AreaFact], known: Iterable[AreaFact]) -> None:
    ids = {fact.slug: fact.id for fact in known}
    for fact in wanted:
        if ids.get(fact.slug, fact.id) != fact.id:
            raise Refusal("slug_taken", where=fact.slug)


def _write(new: Sequence[AreaFact], changed: Sequence[AreaFact]) -> None:
    Area.objects.bulk_create([_row(fact) for fact in new], batch_size=_BATCH)
    Area.objects.bulk_update([_row(fact) for fact in changed], _CHANGING, batch_size=_BATCH)
    AreaName.objects.filter(area_id__in=[fact.id for fact in changed]).delete()
    names = [_name(fact, name) for fact in (*new, *changed) for name in fact.names]
    AreaName.objects.bulk_create(names, batch_size=_BATCH)


def _row(fact: AreaFact) -> Area:
    return Area(**{column: getattr(fact, column) for column in queries.COLUMNS})


def _name(fact: AreaFact, name: NameFact) -> AreaName:
    return AreaName(area_id=fact.id, language=name.language, kind=name.kind, name=name.name)


def told(fact: AreaFact) -> dict[str, Any]:
    """A fact as the trail tells it: what is empty is left out, names in order."""
    plain = {column: getattr(fact, column) for column in _CHANGING}
    plain["names"] = sorted([name.language, name.kind, name.name] for name in fact.names)
    return {key: value for key, value in plain.items() if value not in (None, "", [])}


def _difference(before: AreaFact, after: AreaFact) -> tuple[dict[str, Any], dict[str, Any]]:
    """What differs: as it was, and as it is."""
    old, new = told(before), told(after)
    differing = sorted(key for key in {*old, *new} if old.get(key) != new.get(key))
    return {key: old.get(key) for key in differing}, {key: new.get(key) for key in differing}
