"""Areas and boundaries as facts, out of what files hold and what stands already.

The areas of ``areas.toml`` keep all they have; only the regional unit comes between a municipality
and its region, and they get their boundary. Everything else is made from its official code, so that
every installation gives it the same id.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from uuid import UUID

from sympolity.exchange.areas import names
from sympolity.exchange.areas.collecting import Collected
from sympolity.exchange.areas.seats import seats
from sympolity.exchange.reading import Unreadable
from sympolity.kit.fold import fold
from sympolity.kit.inside import Atlas, Sheet
from sympolity.kit.rings import Box
from sympolity.places import facts as written
from sympolity.places.facts import AreaFact, BoundaryFact, NameFact

__all__ = ["Composed", "Origin", "compose"]

REGISTER = "code and names: YPES register 2011"
# How a point was found, the poorest first: a better one is not replaced by a poorer one.
POINTS = (
    "point: inner point of the boundary",
    "point: label point",
    "point: seat settlement, ELSTAT settlement coordinates",
)
_MARGIN = 0.1  # degrees that a seat may lie outside the box of its boundary


@dataclass(frozen=True, slots=True)
class Origin:
    """What the operator says about the boundaries: where they are from and under which licence."""

    source: str = ""
    licence: str = ""
    as_of: date | None = None


@dataclass(slots=True)
class Composed:
    """Facts to be written. ``refused``: what of the files has no area here."""

    areas: dict[UUID, AreaFact] = field(default_factory=dict)
    boundaries: list[BoundaryFact] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def compose(
    found: Collected, known: Sequence[AreaFact], origin: Origin, stored: Sequence[Sheet[UUID]] = ()
) -> Composed:
    """Facts of all areas that the files tell of; ``stored``: boundaries that stand already.

    :class:`Unreadable` when the files cannot be of this country.
    """
    return _Composer(found, known, origin, stored).composed()


class _Composer:
    def __init__(
        self, found: Collected, known: Sequence[AreaFact], origin: Origin, stored: Sequence[Sheet[UUID]]
    ) -> None:
        self.found, self.origin, self.stored, self.out = found, origin, stored, Composed()
        self.known = {fact.id: fact for fact in known}
        self.by_slug = {fact.slug: fact for fact in known}
        self.by_code = {(fact.kind, fact.ypes_code): fact for fact in known if fact.ypes_code}
        self.own = {fact.id for fact in written.load()}
        missing = sorted(set(names.region_slugs().values()) - set(self.by_slug))
        if missing:
            raise Unreadable(f"The regions are not loaded here yet ({missing[0]}). Run: sympolity serve --prepare-only")

    def composed(self) -> Composed:
        self._refuse_elsewhere()
        for row in self.found.municipalities.values():
            self._unit(row)
        codes = sorted({*self.found.municipalities, *(code for kind, code in self.by_code if kind == "municipality")})
        taken = self._taken(codes)
        for code in codes:
            self._municipality(code, taken)
        self._units_named(taken)
        self._points()
        self._boundaries()
        self._others()
        return self.out

    def _put(self, fact: AreaFact) -> None:
        self.out.areas[fact.id] = fact
        self.by_code[fact.kind, fact.ypes_code] = fact

    def _unit(self, row: Mapping[str, Any]) -> None:
        """The regional unit of a row of the code book, once."""
        area_id = written.area_id(f"ypes-unit:{row['unit']}")
        region = self.by_slug.get(names.region_slugs().get(row["region"], ""))
        if area_id in self.out.areas:
            return
        if region is None:
            self.out.refused.append((f"regional unit {row['unit']}", f"no region has the number {row['region']!r}"))
            return
        before = self.by_code.get(("regional_unit", row["unit"])) or AreaFact(
            area_id, "", "regional_unit", ypes_code=row["unit"]
        )
        slug = before.slug or self._slug(
            names.slug_of(names.spoken("unit", row["unit"], row["unit_name"]), "-unit"), row["unit"], area_id
        )
        self._put(replace(before, slug=slug, parent_id=region.id, source=before.source or REGISTER))

    def _slug(self, wanted: str, code: str, area_id: UUID) -> str:
        there = self.by_slug.get(wanted)
        slug = wanted if wanted and (there is None or there.id == area_id) else f"{wanted[:50]}-{code}".strip("-")
        self.by_slug[slug] = AreaFact(area_id, slug, "")
        return slug

    def _taken(self, codes: Iterable[str]) -> frozenset[str]:
        """Folded names that a municipality or region goes by: nobody else's other name may be one of them."""
        said = [names.spoken("municipality", code, "") for code in codes if ("municipality", code) not in self._owned()]
        common = [
            name.name
            for fact in self.known.values()
            if fact.id in self.own
            for name in fact.names
            if name.kind != "seat"
        ]
        return frozenset(fold(name) for name in (*common, *(name for one in said for name in (one.greek, one.latin))))

    def _owned(self) -> set[tuple[str, str]]:
        return {key for key, fact in self.by_code.items() if fact.id in self.own}

    def _municipality(self, code: str, taken: frozenset[str]) -> None:
        row = self.found.municipalities.get(code)
        before = self.by_code.get(("municipality", code))
        unit = self.by_code.get(("regional_unit", row["unit"])) if row else None
        parent = unit.id if unit else before.parent_id if before else None
        if before is not None and before.id in self.own:
            self._put(replace(before, parent_id=parent))
            return
        if parent is None:
            self.out.refused.append((f"municipality {code}", "its regional unit was refused"))
            return
        register = row["name"] if row else ""
        told = (
            self.found.names.get(code),
            *(kept.get(code, {}).get("name") for kept in (self.found.shapes, self.found.points)),
        )
        accented = next((name for name in told if name), "")
        said = names.spoken("municipality", code, accented or register)
        area_id = written.area_id(f"ypes:{code}")
        if before is None:
            before = AreaFact(
                area_id, self._slug(names.slug_of(said), code, area_id), "municipality", ypes_code=code, source=REGISTER
            )
        # What two municipalities are both called by their parts is left to those that are called so alone.
        more = names.municipality_names(said, register, accented, taken)
        figures = self.found.figures.get(code, {}) or (row if row and "population" in row else {})
        self._put(_with_figures(replace(before, parent_id=parent, names=_joined(before.names, more)), figures))

    def _units_named(self, taken: frozenset[str]) -> None:
        for row in self.found.municipalities.values():
            unit = self.by_code.get(("regional_unit", row["unit"]))
            if unit is not None and unit.id in self.out.areas:
                said = names.spoken("unit", row["unit"], row["unit_name"])
                more = names.unit_names(said, row["unit_name"], taken)
                self._put(replace(unit, names=_joined(unit.names, more)))

    def _points(self) -> None:
        """The best point there is for every municipality that is not of ``areas.toml``."""
        seated = seats(self.found.settlements, self._mine(), self._atlas()) if self.found.settlements else {}
        for fact in self._mine():
            label, shape = self.found.points.get(fact.ypes_code), self.found.shapes.get(fact.ypes_code)
            there: list[Sequence[float] | None] = [
                shape["inner"] if shape else None, label["point"] if label else None, seated.get(fact.id),
            ]  # fmt: skip
            rank = next((at for at, how in enumerate(POINTS) if how in fact.source), -1)
            best, point = max(((at, point) for at, point in enumerate(there) if point), default=(-1, (0.0, 0.0)))
            if best >= max(rank, 0):
                source = "; ".join([*_without_point(fact.source), POINTS[best]])
                self._put(replace(fact, lat=point[0], lon=point[1], source=source))

    def _mine(self) -> list[AreaFact]:
        return [fact for fact in self.out.areas.values() if fact.kind == "municipality" and fact.id not in self.own]

    def _atlas(self) -> Atlas[UUID]:
        """The boundaries of this run, and those that stand for areas that have none in it."""
        areas = {fact.ypes_code: fact for fact in self.out.areas.values() if fact.kind == "municipality"}
        here = {
            areas[code].id: Sheet(areas[code].id, areas[code].slug, Box(*shape["box"]), shape["rings"])
            for code, shape in self.found.shapes.items()
            if code in areas
        }
        there = [sheet for sheet in self.stored if sheet.key not in here]
        if not here and not there:
            self.out.notes.append("settlements are only used with boundaries: import those first, or with them")
        return Atlas([*here.values(), *there])

    def _boundaries(self) -> None:
        for code, shape in sorted(self.found.shapes.items()):
            area = self.by_code.get(("municipality", code))
            if area is None:
                self.out.refused.append(
                    (f"boundary {code} {shape['name']}".strip(), "no municipality here has this code")
                )
                continue
            box = Box(*shape["box"])
            if (
                area.lat is not None
                and area.lon is not None
                and not box.wider(_MARGIN, _MARGIN).holds(area.lat, area.lon)
            ):
                self.out.refused.append((f"boundary {code} {shape['name']}".strip(), f"{area.slug} lies elsewhere"))
                continue
            self.out.boundaries.append(
                BoundaryFact(
                    area.id, shape["rings"], shape["outline"], shape["points"], box,
                    self.origin.source or shape["file"], self.origin.licence, self.origin.as_of,
                )
            )  # fmt: skip

    def _others(self) -> None:
        """What the files say of things that are not here, or that we know otherwise."""
        for what, kept in (("name", self.found.names), ("point", self.found.points), ("figures", self.found.figures)):
            for code in sorted(set(kept) - {code for kind, code in self.by_code if kind == "municipality"}):
                self.out.refused.append(
                    (f"{what} {code}", "no municipality here has this code; import the code book first")
                )
        for number, code in sorted(self.found.p_codes.items()):
            region = self.by_slug.get(names.region_slugs().get(number, ""))
            if region is None:
                self.out.refused.append((f"p-code {code}", "no region has this number"))
            elif region.p_code != code:
                self.out.notes.append(
                    f"{region.slug} has the p-code {region.p_code} here, {code} in the file; ours was kept"
                )

    def _refuse_elsewhere(self) -> None:
        """Boundaries whose municipalities we know must lie where these lie."""
        right = swapped = 0
        for code, shape in self.found.shapes.items():
            fact = self.by_code.get(("municipality", code))
            if fact is None or fact.id not in self.own or fact.lat is None or fact.lon is None:
                continue
            box = Box(*shape["box"]).wider(_MARGIN, _MARGIN)
            right += box.holds(fact.lat, fact.lon)
            swapped += box.holds(fact.lon, fact.lat)
        if swapped > right:
            raise Unreadable(
                "In the boundaries latitude stands before longitude. Save them again with longitude first (RFC 7946). "
                "Nothing was written."
            )


def _without_point(source: str) -> Iterator[str]:
    return (part for part in source.split("; ") if not part.startswith("point:"))


def _with_figures(fact: AreaFact, figures: Mapping[str, Any]) -> AreaFact:
    """Newer figures replace older ones."""
    if not figures or (fact.population_year or 0) > figures["year"]:
        return fact
    return replace(
        fact, population=figures["population"], population_year=figures["year"],
        elstat_code=figures.get("elstat") or fact.elstat_code, nuts_code=figures.get("nuts") or fact.nuts_code,
    )  # fmt: skip


def _joined(before: Sequence[NameFact], more: Sequence[NameFact]) -> tuple[NameFact, ...]:
    """Names that stand, and those that are not there in other letters of the same word."""
    kept = list(before)
    there = {(name.language, name.kind, fold(name.name)) for name in kept}
    called = {(name.language, fold(name.name)) for name in kept}
    for name in more:
        if name.kind == "other" and (name.language, fold(name.name)) in called:
            continue
        if (name.language, name.kind, fold(name.name)) not in there:
            kept.append(name)
            called.add((name.language, fold(name.name)))
    return tuple(kept)
