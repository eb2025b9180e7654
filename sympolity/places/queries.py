"""Areas as they stand in the database. Areas are public: the gate lets everybody through."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from typing import Literal
from uuid import UUID

from django.db.models import QuerySet

from sympolity.kit.actor import Actor
from sympolity.kit.inside import Atlas, Sheet
from sympolity.kit.rings import Box
from sympolity.places.facts import AreaFact, NameFact
from sympolity.places.models import Area, AreaKind, AreaName, Boundary
from sympolity.places.names import Gazetteer

__all__ = [
    "COLUMNS",
    "SHORE",
    "Tree",
    "ancestors",
    "area_at_points",
    "boundaries",
    "by_slug",
    "drawings",
    "facts",
    "gazetteer",
    "sheets",
    "tree",
    "visible_to",
]

SHORE = 300.0  # metres off the coast that still belong to the nearest municipality: harbours, and rough outlines

COLUMNS = tuple(field.name for field in fields(AreaFact) if field.name != "names")


@dataclass(frozen=True, slots=True)
class Tree:
    """All areas at one moment; asks the database no more."""

    areas: dict[UUID, Area]
    below: dict[UUID | None, tuple[Area, ...]]

    def roots(self) -> tuple[Area, ...]:
        return self.children(None)

    def children(self, area: Area | None) -> tuple[Area, ...]:
        """What lies directly in ``area``, by slug."""
        return self.below.get(area.id if area else None, ())

    def within(self, area: Area) -> Iterator[Area]:
        """``area`` and all that lies in it, however deep."""
        yield area
        for child in self.children(area):
            yield from self.within(child)

    def ancestors(self, area: Area) -> list[Area]:
        """What ``area`` lies in, the nearest first."""
        above: list[Area] = []
        parent = area.parent_id
        while parent is not None:
            above.append(self.areas[parent])
            parent = above[-1].parent_id
        return above


def visible_to(actor: Actor) -> QuerySet[Area]:  # noqa: ARG001 - every gate takes the actor
    return Area.objects.all()


def tree() -> Tree:
    """All areas (one query)."""
    areas = {area.id: area for area in Area.objects.order_by("slug")}
    below: dict[UUID | None, list[Area]] = defaultdict(list)
    for area in areas.values():
        below[area.parent_id].append(area)
    return Tree(areas, {parent: tuple(children) for parent, children in below.items()})


def by_slug(*slugs: str) -> dict[str, Area]:
    """The areas with these slugs, or all (one query); a slug that nobody has is left out."""
    found = Area.objects.filter(slug__in=slugs) if slugs else Area.objects.all()
    return {area.slug: area for area in found}


def ancestors(area: Area) -> list[Area]:
    """What ``area`` lies in, the nearest first (one query for up to four levels).

    For many areas ask :func:`tree` once.
    """
    above: list[Area] = []
    if area.parent_id is None:
        return above
    parent: Area | None = Area.objects.select_related("parent__parent__parent").get(id=area.parent_id)
    while parent is not None:
        above.append(parent)
        parent = parent.parent
    return above


def facts() -> tuple[AreaFact, ...]:
    """All areas with their names as facts, by slug (two queries)."""
    names: dict[UUID, list[NameFact]] = defaultdict(list)
    for area_id, *name in AreaName.objects.order_by("pk").values_list("area_id", "language", "kind", "name"):
        names[area_id].append(NameFact(*name))
    rows = Area.objects.order_by("slug").values(*COLUMNS)
    return tuple(AreaFact(**row, names=tuple(names[row["id"]])) for row in rows)


def gazetteer() -> Gazetteer:
    """The finder of what stands in the database (two queries; build it once per process)."""
    return Gazetteer(facts())


def boundaries(area_ids: Sequence[UUID], detail: Literal["rings", "outline"] = "outline") -> dict[UUID, str]:
    """Boundaries of areas that have one, as texts of :mod:`sympolity.kit.rings` (one query).

    ``outline`` is for drawing, about 100 m; ``rings`` is what the source says.
    """
    return dict(Boundary.objects.filter(area__in=area_ids).values_list("area", detail))


def drawings(area_ids: Sequence[UUID]) -> dict[UUID, tuple[str, str]]:
    """Outlines for drawing, each with the words that name its source and licence (one query)."""
    rows = Boundary.objects.filter(area__in=area_ids).values_list("area", "outline", "source", "licence")
    return {area: (outline, ", ".join(filter(None, (source, licence)))) for area, outline, source, licence in rows}


def sheets() -> list[Sheet[UUID]]:
    """The boundaries of all municipalities as :mod:`sympolity.kit.inside` takes them (one query)."""
    found = Boundary.objects.filter(area__kind=AreaKind.MUNICIPALITY)
    rows = found.values_list("area", "area__slug", "south", "west", "north", "east", "rings")
    return [Sheet(area, slug, Box(*box), rings) for area, slug, *box, rings in rows]


def area_at_points(points: Sequence[tuple[float, float]]) -> list[UUID | None]:
    """The municipality in which each point (latitude, longitude) lies; None for those in none.

    A point within :data:`SHORE` of a municipality belongs to the nearest one. One on a common border
    belongs to one of the two, always the same. One query; boundaries are opened when a point comes
    near them, and kept until they change.
    """
    atlas = _atlas()
    return [atlas.find(lat, lon, shore=SHORE) for lat, lon in points]


_kept: tuple[frozenset[tuple[UUID, str]], Atlas[UUID]] = (frozenset(), Atlas[UUID](()))


def _atlas() -> Atlas[UUID]:
    """The boundaries of municipalities as they are now; made anew when one has changed."""
    global _kept  # one for the process; replaced as a whole
    found = Boundary.objects.filter(area__kind=AreaKind.MUNICIPALITY)
    version = frozenset(found.values_list("area", "digest"))
    if version != _kept[0]:
        _kept = version, Atlas(sheets())
    return _kept[1]
