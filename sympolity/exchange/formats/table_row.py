"""The cells of a row of a table: what a target says, its id, and its point; a fault names its column."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sympolity.exchange.formats.shape import Box, Point
from sympolity.exchange.points import BadPoint, checked
from sympolity.exchange.tables import mapping as mappings
from sympolity.exchange.tables import values
from sympolity.exchange.tables.values import Bad
from sympolity.exchange.tables.workbook import NO_VALUE
from sympolity.kit.bidi import clean_line
from sympolity.kit.fold import words

__all__ = ["At", "Cell", "cells_of", "first", "hashed", "id_of", "misplaced", "point", "points_of", "read"]

_ID = re.compile(r"^[\w.:-]{1,100}$")
_ERRORS = frozenset({"#REF!", "#N/A", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!", NO_VALUE})


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a column. ``key``: its heading, "" for a constant."""

    key: str
    text: str
    lang: str = ""


def cells_of(raw: Mapping[str, Any], mapping: mappings.Mapping, target: str) -> list[Cell]:
    """The cells of a target that say something; where there are none its constant."""
    found = [
        Cell(one.column, text, one.lang)
        for one in mapping.of(target)
        if isinstance(text := raw.get(one.column), str) and text.strip()
    ]
    constant = mapping.constants.get(target, "")
    return found or ([Cell("", constant)] if constant.strip() else [])


def first(raw: Mapping[str, Any], mapping: mappings.Mapping, target: str) -> str:
    return next((clean_line(cell.text) for cell in cells_of(raw, mapping, target)), "")


def id_of(raw: Mapping[str, Any], mapping: mappings.Mapping) -> str:
    """The id of a row: its own where it has one, else made from name, organization and address; "" without a name."""
    own = first(raw, mapping, "id")
    if own:
        return own if _ID.match(own) else f"id-{hashed(own)}"
    said = [first(raw, mapping, target) for target in ("name", "organization", "address")]
    return f"row-{hashed('|'.join(' '.join(words(one)) for one in said))}" if said[0] else ""


def hashed(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:24]


def points_of(raw: Mapping[str, Any], mapping: mappings.Mapping) -> list[Point]:
    """The point of a row as written, unchecked; none when it cannot be read."""
    try:
        found, _ = point(raw, mapping)
    except At:
        return []
    return [found] if found else []


class At(Exception):
    """A cell cannot be used."""

    def __init__(self, key: str, what: str) -> None:
        super().__init__(what)
        self.key, self.what = key, what


def read(cell: Cell, reader: Callable[[str], Any]) -> Any:
    if cell.text.strip() in _ERRORS:
        said = "a formula that was never computed. Open and save the file in a spreadsheet program"
        raise At(cell.key, said if cell.text.strip() == NO_VALUE else f"the cell shows the error {cell.text.strip()}")
    try:
        return reader(cell.text)
    except Bad as error:
        raise At(cell.key, str(error)) from None


def point(raw: Mapping[str, Any], mapping: mappings.Mapping) -> tuple[Point | None, list[str]]:
    """The point and the keys it came from."""
    whole = cells_of(raw, mapping, "point")
    if whole:
        return read(whole[0], values.point), [whole[0].key]
    lat, lon = cells_of(raw, mapping, "lat"), cells_of(raw, mapping, "lon")
    if not lat and not lon:
        return None, []
    if not lat or not lon:
        missing = "lon" if lat else "lat"
        key = next((one.column for one in mapping.of(missing)), "")
        raise At(key, "it is empty, but the other half of the point is there")
    there = (
        read(lat[0], lambda text: values.coordinate(text, latitude=True)),
        read(lon[0], lambda text: values.coordinate(text, latitude=False)),
    )
    return there, [lat[0].key, lon[0].key]


def misplaced(there: Point, box: Box | None) -> str:
    """What is wrong with a point, in the words of a table; "" when it may be right."""
    try:
        checked(there, box)
    except BadPoint:
        lat, lon = there
        if there == (0, 0):
            return "the point is 0, 0: it was never set. Set it, or leave it empty"
        try:
            checked((lon, lat), box)
        except BadPoint:
            return f"{lat:g}, {lon:g} lies outside the world"
        return f"{lat:g}, {lon:g} seems swapped. Latitude comes first"
    return ""
