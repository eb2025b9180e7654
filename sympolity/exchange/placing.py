"""Which area a point lies in: the municipality whose boundary holds it, else the area outside the tree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from uuid import UUID

from sympolity.directory import needs
from sympolity.directory.models import Category
from sympolity.exchange.points import Point
from sympolity.exchange.reading import Unreadable
from sympolity.places import queries as places

__all__ = ["Placing", "placing"]

_ELSEWHERE = "elsewhere"
_SAMPLE = 200  # points looked at to see where the organizations of a file are at home


@dataclass(frozen=True, slots=True)
class Placing:
    """Where the things of a source are placed. ``home``: the area of its organizations (None: no single one)."""

    elsewhere: UUID
    home: UUID | None

    def of(self, points: Sequence[Point]) -> dict[Point, UUID]:
        """The area of each point."""
        wanted = list(dict.fromkeys(points))
        return {point: area or self.elsewhere for point, area in zip(wanted, _areas(wanted), strict=True)}


def placing(points: Sequence[Point] = ()) -> Placing:
    """Where a file with these points places its things; :class:`Unreadable` while the facts are not loaded."""
    area = places.by_slug(_ELSEWHERE).get(_ELSEWHERE)
    missing = _needs() - set(Category.objects.values_list("slug", flat=True))
    if area is None or missing:
        raise Unreadable("Areas and needs are not loaded here yet. Run: sympolity serve --prepare-only")
    some = list(points[:: max(1, len(points) // _SAMPLE)])
    inside = sum(one is not None for one in _areas(some))
    # Organizations of a file of this country have no area of their own; those of others lie outside the tree.
    return Placing(area.id, None if 2 * inside > len(some) else area.id)


@cache
def _needs() -> frozenset[str]:
    return frozenset(need["slug"] for need in needs.load())


def _areas(points: Sequence[Point]) -> Sequence[UUID | None]:
    return places.area_at_points(points) if points else ()
