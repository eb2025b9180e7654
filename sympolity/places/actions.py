"""Verbs of places."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sympolity.kit.actor import SYSTEM
from sympolity.kit.refusals import Refusal
from sympolity.places import queries
from sympolity.places.facts import AreaFact, NameFact, load
from sympolity.places.models import Area, AreaName
from sympolity.trail import journal

__all__ = ["Loaded", "load_areas"]

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
    Refused as a whole: ``slug_taken`` when another area has the slug of a fact.
    """
    wanted = load() if facts is None else facts
    with journal.action(SYSTEM) as trail:
        known = {fact.id: fact for fact in queries.facts()}
        _refuse_taken_slugs(wanted, known.values())
        new = [fact for fact in wanted if fact.id not in known]
        changed = [fact for fact in wanted if fact.id in known and _plain(fact) != _plain(known[fact.id])]
        _write(new, changed)
        for fact in new:
            trail.record("recorded", "area", fact.id, after=_plain(fact))
        for fact in changed:
            before, after = _difference(known[fact.id], fact)
            trail.record("changed", "area", fact.id, before=before, after=after)
    return Loaded(len(new), len(changed), len(wanted) - len(new) - len(changed))


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


def _plain(fact: AreaFact) -> dict[str, Any]:
    """A fact as the trail tells it: what is empty is left out, names in order."""
    plain = {column: getattr(fact, column) for column in _CHANGING}
    plain["names"] = sorted([name.language, name.kind, name.name] for name in fact.names)
    return {key: value for key, value in plain.items() if value not in (None, "", [])}


def _difference(before: AreaFact, after: AreaFact) -> tuple[dict[str, Any], dict[str, Any]]:
    """What differs: as it was, and as it is."""
    old, new = _plain(before), _plain(after)
    differing = sorted(key for key in {*old, *new} if old.get(key) != new.get(key))
    return {key: old.get(key) for key in differing}, {key: new.get(key) for key in differing}
