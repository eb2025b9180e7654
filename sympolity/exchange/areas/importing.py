"""Areas of the country from official files: one run. The same files again change nothing.

All files are read before anything is written; one that cannot be used as a whole stops the run.
Areas are written in one transaction, boundaries in a second: a run that was stopped in between is
ended by the next.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from sympolity.exchange.areas.collecting import Collected, File, collect
from sympolity.exchange.areas.composing import POINTS, Composed, Origin, compose
from sympolity.exchange.areas.names import region_slugs
from sympolity.exchange.reading import Unreadable
from sympolity.kit.refusals import Refusal
from sympolity.places import actions, queries
from sympolity.places.facts import AreaFact, BoundaryFact
from sympolity.places.models import Boundary

__all__ = ["KINDS", "OUTCOMES", "Result", "import_areas"]

KINDS = ("region", "regional_unit", "municipality", "boundary")
OUTCOMES = ("created", "changed", "unchanged", "coarser", "refused")


@dataclass(slots=True)
class Result:
    """What became of the files. ``coverage``: of so many municipalities, how many have each fact."""

    files: list[File] = field(default_factory=list)
    counts: dict[str, Counter[str]] = field(default_factory=dict)
    refused: list[tuple[str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    municipalities: int = 0
    coverage: dict[str, int] = field(default_factory=dict)
    seconds: float = 0.0


def import_areas(
    paths: Sequence[Path], *, origin: Origin | None = None, dry_run: bool = False, replace_finer: bool = False
) -> Result:
    """Bring in code books, names, points and boundaries; ``paths`` in any order.

    A boundary with more points than the new one stays, unless ``replace_finer``.
    Raises :class:`Unreadable` when a file or all of them together cannot be used; then nothing was written.
    """
    begun = time.monotonic()
    found = collect(paths)
    known = queries.facts()
    composed = compose(found, known, origin or Origin(), queries.sheets() if found.settlements else ())
    result = Result(found.files, {kind: Counter() for kind in KINDS})
    result.refused = [(f"{file.path.name}: {place}", why) for file in found.files for place, why in file.refused]
    result.refused += composed.refused
    result.notes = [f"{file.path.name}: {note}" for file in found.files for note in file.notes] + composed.notes
    result.notes += [
        f"{name}: {count} boundaries are coarser than those of another file; those were taken"
        for name, count in sorted(found.coarser.items())
    ]
    if found.shapes and origin and not (origin.source and origin.licence):
        result.notes.append(
            "Source and licence of the boundaries were not said (--source, --licence): maps name the file instead"
        )
    drawn = _chosen(composed, result, replace_finer=replace_finer)
    _count_areas(composed, {fact.id: fact for fact in known}, result)
    told = {*found.p_codes, *(row["region"] for row in found.municipalities.values())}
    result.counts["region"]["unchanged"] += len(told & set(region_slugs()))
    result.counts["boundary"]["refused"] += sum("boundary" in place for place, _ in composed.refused)
    result.counts["boundary"]["refused"] += _without_code(found)
    if not dry_run:
        _write(list(composed.areas.values()), drawn)
    result.municipalities, result.coverage = _coverage(composed, known, drawn)
    result.seconds = time.monotonic() - begun
    return result


def _write(areas: Sequence[AreaFact], drawn: Sequence[BoundaryFact]) -> None:
    try:
        actions.load_areas(facts=_parents_first(areas))
        actions.record_boundaries(boundaries=drawn)
    except Refusal as error:
        raise Unreadable(f"Refused: {error}. Areas have changed meanwhile; run it again.") from error


def _parents_first(areas: Sequence[AreaFact]) -> list[AreaFact]:
    return sorted(areas, key=lambda fact: (KINDS.index(fact.kind), fact.slug))


def _without_code(found: Collected) -> int:
    return sum(len(file.refused) for file in found.files if file.kind == "boundaries")


def _chosen(composed: Composed, result: Result, *, replace_finer: bool) -> list[BoundaryFact]:
    """The boundaries to be written: those that differ and are not coarser than what stands."""
    rows = Boundary.objects.filter(area__in=[fact.area_id for fact in composed.boundaries])
    stand = {row.area_id: row for row in rows.defer("outline")}
    counts, chosen = result.counts["boundary"], list[BoundaryFact]()
    for fact in composed.boundaries:
        row = stand.get(fact.area_id)
        if row is None:
            counts["created"] += 1
        elif row.rings == fact.rings:
            same = (row.source, row.licence, row.as_of) == (fact.source, fact.licence, fact.as_of)
            counts["unchanged" if same else "changed"] += 1
        elif row.points > fact.points and not replace_finer:
            counts["coarser"] += 1
            continue
        else:
            counts["changed"] += 1
        chosen.append(fact)
    return chosen


def _count_areas(composed: Composed, known: dict[UUID, AreaFact], result: Result) -> None:
    for fact in composed.areas.values():
        before = known.get(fact.id)
        same = before is not None and (actions.told(before) == actions.told(fact))
        result.counts[fact.kind]["created" if before is None else "unchanged" if same else "changed"] += 1
    for kind, word in (("municipality", "municipality "), ("regional_unit", "regional unit ")):
        result.counts[kind]["refused"] += sum(place.startswith(word) for place, _ in composed.refused)


def _coverage(
    composed: Composed, known: Sequence[AreaFact], drawn: Sequence[BoundaryFact]
) -> tuple[int, dict[str, int]]:
    """Facts of all municipalities as they are afterwards."""
    after = {fact.id: fact for fact in known} | composed.areas
    all_ = [fact for fact in after.values() if fact.kind == "municipality"]
    bounded = {*Boundary.objects.values_list("area", flat=True), *(fact.area_id for fact in drawn)}
    kinds = [{(name.language, name.kind) for name in fact.names} for fact in all_]
    rows = {
        "official name": sum(("el", "official") in kind for kind in kinds),
        "spoken name": sum(("el", "common") in kind for kind in kinds),
        "name in Latin letters": sum(("en", "common") in kind for kind in kinds),
        "name in Arabic": sum(("ar", "common") in kind for kind in kinds),
        "regional unit": sum(after[fact.parent_id].kind == "regional_unit" for fact in all_ if fact.parent_id in after),
        "point": sum(fact.lat is not None for fact in all_),
        "point of its seat": sum(fact.lat is not None and POINTS[0] not in fact.source and POINTS[1] not in fact.source for fact in all_),
        "population": sum(fact.population is not None for fact in all_),
        "boundary": sum(fact.id in bounded for fact in all_),
    }  # fmt: skip
    return len(all_), rows
