"""The first reading of the files: are they whole, which ids are in them, where do their points lie. Nothing is written."""

from __future__ import annotations

import hashlib
import json
from array import array
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from sympolity.exchange.formats.shape import Format, Page, Record
from sympolity.exchange.points import Box, Point, box_of
from sympolity.trail.journal import plain

__all__ = ["Item", "Survey", "item_of", "second_id", "survey"]

_CROWD = 5  # records at one and the same point: it is the middle of a place, not an address


@dataclass(frozen=True, slots=True)
class Item:
    """A record as it is kept: its id ("" when unusable), plain JSON, and the hash of that."""

    source_id: str
    raw: Any
    raw_hash: str
    size: int  # characters of its JSON

    @property
    def key(self) -> str:
        """Under which id it is kept: one without an id is known by what it says."""
        return self.source_id or f"no-id-{self.raw_hash[:24]}"


def item_of(form: Format, record: Record) -> Item:
    """A record as it is kept."""
    raw = plain(record.value)
    text = json.dumps(raw, sort_keys=True, ensure_ascii=True)
    source_id = form.id_of(raw) if isinstance(raw, Mapping) else ""
    return Item(source_id, raw, hashlib.sha256(text.encode()).hexdigest(), len(text))


def second_id(source_id: str, raw_hash: str) -> str:
    """Under which id a record is kept whose id another record of the files has."""
    return f"{source_id}~{raw_hash[:8]}"


@dataclass
class Survey:
    """What the first reading saw; small, however long the files are."""

    records: int = 0
    ids: set[str] = field(default_factory=set)
    nameless: int = 0
    page: Page = field(default_factory=Page)
    coordinates: array[float] = field(default_factory=lambda: array("d"))  # latitude, longitude, latitude …

    def points(self) -> list[Point]:
        """All points as written."""
        numbers = iter(self.coordinates)
        return list(zip(numbers, numbers, strict=True))

    @cached_property
    def box(self) -> Box | None:
        """Where the middle half of the points lie."""
        return box_of(self.points())

    @cached_property
    def crowded(self) -> frozenset[Point]:
        """Points that so many records share that they say nothing about where each of them is."""
        return frozenset(point for point, number in Counter(self.points()).items() if number >= _CROWD)

    def not_whole(self, form: Format) -> str:
        """Why what is absent has not ended; "" when the files hold everything."""
        said = form.not_whole(self.page, self.records)
        return said or (f"{self.nameless} records have no id" if self.nameless else "")


def survey(form: Format, paths: Sequence[Path]) -> Survey:
    """Read the files once to their end; :class:`Unreadable` when they are not what they should be."""
    seen = Survey()
    for record in form.read(paths, seen.page):
        seen.records += 1
        value = record.value if isinstance(record.value, dict) else {}
        name = form.id_of(value) if value else ""
        if not name:
            seen.nameless += 1
        elif name in seen.ids:
            seen.ids.add(second_id(name, item_of(form, record).raw_hash))
        seen.ids.add(name)
        if not record.fault:
            for point in form.points_of(value):
                seen.coordinates.extend(point)
    seen.ids.discard("")
    return seen
