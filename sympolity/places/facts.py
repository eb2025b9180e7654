"""Areas as written facts: read from ``data/areas.toml``, without a database.

The id of an area is made from its slug, so that every installation names Athens alike.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

from sympolity.kit.rings import Box

__all__ = ["FILE", "AreaFact", "BoundaryFact", "FactError", "NameFact", "area_id", "false_friends", "load", "read"]

FILE = Path(__file__).with_name("data") / "areas.toml"
NAMESPACE = UUID("5e0f7a0c-3a0e-5d1b-9a55-6c1f7f2d4b10")
_KINDS = frozenset({"country", "region", "regional_unit", "municipality", "neighbourhood", "outside"})
_NAME_KINDS = ("official", "common", "seat", "other")
_NAME_LENGTH = 120


class FactError(ValueError):
    """The file says something that cannot be; the message names the area."""


@dataclass(frozen=True, slots=True, order=True)
class NameFact:
    """One name in one language; ``kind`` is a NameKind."""

    language: str
    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class AreaFact:
    """One area; the fields are those of the model, ``names`` in the order of the file."""

    id: UUID
    slug: str
    kind: str
    parent_id: UUID | None = None
    lat: float | None = None
    lon: float | None = None
    population: int | None = None
    population_year: int | None = None
    ypes_code: str = ""
    elstat_code: str = ""
    lau_code: str = ""
    nuts_code: str = ""
    p_code: str = ""
    source: str = ""
    names: tuple[NameFact, ...] = ()


@dataclass(frozen=True, slots=True)
class BoundaryFact:
    """Where an area ends; the fields are those of the model. ``box`` in degrees."""

    area_id: UUID
    rings: str
    outline: str
    points: int
    box: Box
    source: str
    licence: str = ""
    as_of: date | None = None


def area_id(slug: str) -> UUID:
    """The id of the area with this slug, the same everywhere."""
    return uuid5(NAMESPACE, slug)


def load(path: Path = FILE) -> tuple[AreaFact, ...]:
    """The areas of a file, parents before children; :class:`FactError` when it contradicts itself."""
    return read(tomllib.loads(path.read_text(encoding="utf-8")))


def false_friends(path: Path = FILE) -> tuple[str, ...]:
    """Names of places outside the file that must not be taken for typing mistakes."""
    return tuple(tomllib.loads(path.read_text(encoding="utf-8")).get("false_friends", ()))


def read(document: Mapping[str, Any]) -> tuple[AreaFact, ...]:
    """The areas of a parsed file."""
    sources = document.get("sources", {})
    facts: dict[str, AreaFact] = {}
    for row in document.get("area", ()):
        fact = _area(row, sources)
        _check(fact, row.get("parent", ""), facts)
        facts[fact.slug] = fact
    return tuple(facts.values())


def _area(row: Mapping[str, Any], sources: Mapping[str, str]) -> AreaFact:
    slug = row.get("slug", "")
    parent = row.get("parent", "")
    try:
        return AreaFact(
            id=area_id(slug),
            slug=slug,
            kind=row["kind"],
            parent_id=area_id(parent) if parent else None,
            lat=row.get("lat"),
            lon=row.get("lon"),
            population=row.get("population"),
            population_year=row.get("population_year"),
            ypes_code=row.get("ypes", ""),
            elstat_code=row.get("elstat", ""),
            lau_code=row.get("lau", ""),
            nuts_code=row.get("nuts", ""),
            p_code=row.get("p_code", ""),
            source=sources[row["source"]],
            names=tuple(_names(row.get("names", {}))),
        )
    except KeyError as error:
        msg = f"{slug or 'an area'}: {error} is missing"
        raise FactError(msg) from None


def _names(languages: Mapping[str, Mapping[str, str | list[str]]]) -> Iterable[NameFact]:
    for language, kinds in languages.items():
        for kind, value in kinds.items():
            for name in [value] if isinstance(value, str) else value:
                yield NameFact(language, kind, name)


def _check(fact: AreaFact, parent: str, before: Mapping[str, AreaFact]) -> None:
    """Refuse what the tree or the columns could not hold."""
    wrong = [
        (not fact.slug, "has no slug"),
        (fact.slug in before, "stands here twice"),
        (fact.kind not in _KINDS, f"is of unknown kind {fact.kind!r}"),
        (bool(parent) and parent not in before, f"stands before its parent {parent!r}"),
        ((fact.lat is None) != (fact.lon is None), "has half a point"),
        (not -90 <= (fact.lat or 0) <= 90 or not -180 <= (fact.lon or 0) <= 180, "lies off the globe"),
        (len(set(fact.names)) < len(fact.names), "has a name twice"),
        (any(name.kind not in _NAME_KINDS for name in fact.names), "has a name of unknown kind"),
        (any(not 0 < len(name.name) <= _NAME_LENGTH for name in fact.names), "has an empty or endless name"),
    ]
    for is_wrong, what in wrong:
        if is_wrong:
            msg = f"{fact.slug or 'an area'} {what}"
            raise FactError(msg)
