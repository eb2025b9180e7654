"""The settlement after which a municipality is called, or which is its seat: where its people are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from uuid import UUID

from sympolity.kit.fold import fold
from sympolity.kit.inside import Atlas
from sympolity.places.facts import AreaFact

__all__ = ["seats"]


def seats(
    settlements: Iterable[tuple[str, tuple[float, float]]], areas: Sequence[AreaFact], atlas: Atlas[UUID]
) -> dict[UUID, tuple[float, float]]:
    """The point (latitude, longitude) of a settlement inside each area that bears one of its Greek names.

    An area without such a settlement, or without a boundary in ``atlas``, has none.
    """
    wanted: dict[str, list[tuple[UUID, int]]] = defaultdict(list)
    for area in areas:
        for rank, name in enumerate(_names(area)):
            wanted[_key(name)].append((area.id, rank))
    found: dict[UUID, tuple[int, tuple[float, float]]] = {}
    for name, point in settlements:
        for area_id, rank in wanted.get(_key(name), ()):
            better = area_id not in found or (rank, point) < found[area_id]
            if better and atlas.find(*point) == area_id:
                found[area_id] = rank, point
    return {area_id: point for area_id, (_, point) in found.items()}


def _names(area: AreaFact) -> Iterator[str]:
    """Its spoken name first, then the others in their order."""
    for kind in ("common", "other"):
        yield from (name.name for name in area.names if name.language == "el" and name.kind == kind)


def _key(name: str) -> str:
    """Folded, without the ν that the register writes at the end: Αίγιον, Αίγιο."""
    return fold(name).removesuffix("ν")
