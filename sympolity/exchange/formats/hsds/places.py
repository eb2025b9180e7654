"""Where a service is given: the locations of HSDS in our words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sympolity.exchange.formats.hsds.kinds import name_of
from sympolity.exchange.formats.hsds.words import Taker, number_of, paragraphs, truth
from sympolity.exchange.points import BadPoint, Box, Point, checked
from sympolity.kit.bidi import clean_line
from sympolity.kit.fold import fold

__all__ = ["Place", "places_of", "points_of"]

_PO_BOX = re.compile(r"^\s*(?:p\.?\s*o\.?\s*box|post office box|τ\.?\s*θ\.?)\b", re.IGNORECASE)
# Words of HSDS 1 (Ohana) for what a place has.
_HAS = {
    "wheelchair": "step_free", "ramp": "step_free", "elevator": "lift", "restroom": "toilet",
    "disabled_parking": "", "tape_braille": "", "cd": "", "deaf_interpreter": "", "information_on_tape_or_in_braille": "",
}  # fmt: skip
_WORDS = 10  # rows of accessibility of one place that are told
_MOST = 50  # places of one service


@dataclass(slots=True)
class Place:
    """A location and what it tells of its service. ``row``: the location; ``path``: to it, for keys below."""

    data: dict[str, Any]
    row: Mapping[str, Any]
    path: str
    at: Mapping[str, Any]
    at_path: str
    words: list[str] = field(default_factory=list)
    point: Point | None = None


def _locations(raw: Mapping[str, Any], take: Taker) -> Iterator[tuple[str, Mapping[str, Any], str, Mapping[str, Any]]]:
    for at_path, at in take.rows(raw, "", "service_at_locations"):
        inner = take.rows(at, at_path, "location")
        if inner:
            yield (at_path, at, *inner[0])
    for path, row in take.rows(raw, "", "locations"):
        yield "", {}, path, row


def points_of(raw: Mapping[str, Any]) -> list[Point]:
    """The points of all places of a record as written, unchecked."""
    found = []
    for _, _, _, row in _locations(raw, Taker()):
        lat, lon = number_of(row.get("latitude")), number_of(row.get("longitude"))
        if lat is not None and lon is not None:
            found.append((lat, lon))
    return found[:_MOST]


def places_of(raw: Mapping[str, Any], take: Taker, box: Box | None, lang: str) -> list[Place]:
    """The places to go to, or to be met online; those that tell nothing are left out."""
    found: dict[str, Place] = {}
    for number, (at_path, at, path, row) in enumerate(_locations(raw, take)):
        if len(found) >= _MOST:
            take.notes.append(f"only the first {_MOST} places are kept")
            break
        key = name_of(row.get("id")) or f"{name_of(raw.get('id'))}-{number + 1}"[:100]
        place = Place({"key": key, "lang": lang, "texts": {}}, row, path, at, at_path)
        if key not in found and _filled(place, take, box):
            found[key] = place
            take.used |= {part.rstrip(".").removesuffix("[]") for part in (at_path, path) if part}
            if name_of(row.get("id")):
                take.used.add(f"{path}id")
    return list(found.values())


def _filled(place: Place, take: Taker, box: Box | None) -> bool:
    """Fill in a place; False when people can neither go there nor find it."""
    kind = fold(str(place.row.get("location_type") or ""))
    if kind == "postal":
        take.notes.append(f"{place.path}location_type is postal: letters go there, people do not")
        return False
    virtual = kind == "virtual" or (not kind and truth(place.row.get("virtual")) is True)
    key = "location_type" if kind else "virtual"
    if place.row.get(key) not in (None, ""):
        take.used.add(f"{place.path}{key}")
    place.data["kind"] = "virtual" if virtual else "physical"
    if not virtual:
        place.point = _point(place, take, box)
        place.data |= {"lat": place.point[0] if place.point else None, "lon": place.point[1] if place.point else None}
        _address(place, take)
    _access(place, take)
    name = take.line(place.row, place.path, "name", 200)
    address = place.data.get("address", "")
    if name and fold(name) != fold(address):
        place.data["name"] = name
    stop = take.line(place.row, place.path, "transportation", 200)
    if stop:
        place.data["nearest_stop"] = stop
    return virtual or place.point is not None or any(place.data.get(one) for one in ("address", "locality", "name"))


def _point(place: Place, take: Taker, box: Box | None) -> Point | None:
    """The point, when it can be right. A wrong one is left out: the address still tells the way."""
    lat, lon = number_of(place.row.get("latitude")), number_of(place.row.get("longitude"))
    if lat is None or lon is None:
        if (lat, lon) != (None, None):
            take.notes.append(f"{place.path}latitude and longitude: one of them is missing; the point is left out")
        return None
    try:
        point = checked((lat, lon), box)
    except BadPoint as error:
        take.notes.append(f"{place.path}latitude, longitude: {str(error).split('. ')[0]}; the point is left out")
        return None
    take.used |= {f"{place.path}latitude", f"{place.path}longitude"}
    return point


def _address(place: Place, take: Taker) -> None:
    """The address of the door: a physical one; else one that is marked as postal and is a street."""
    rows = take.rows(place.row, place.path, "addresses", "addresss", "physical_addresses")
    doors = [one for one in rows if fold(str(one[1].get("address_type") or "physical")) == "physical"]
    streets = [one for one in rows if not _PO_BOX.match(str(one[1].get("address_1") or ""))]
    if not doors and not streets:
        return
    path, row = (doors or streets)[0]
    if not doors:
        take.notes.append(f"{path}address_type is not physical; it is the only address of a place to go to")
    parts = [take.line(row, path, key) for key in ("address_1", "address_2")]
    address = ", ".join(one.rstrip(" ,.") for one in parts if one)
    locality = take.line(row, path, "city", 120)
    for key in ("region", "state_province"):
        locality = locality or take.line(row, path, key, 120)
    if len(address) > 300:
        take.notes.append(f"{path}address cut to 300 characters")
    place.data |= {"address": address[:300].rstrip(), "locality": locality}
    code = take.line(row, path, "postal_code", 12)
    if code:
        place.data["postal_code"] = code
    if address or locality:
        take.whole(path)


def _access(place: Place, take: Taker) -> None:
    """What a place has: words of HSDS 1 become columns, sentences of HSDS 3 are told with the service."""
    value = place.row.get("accessibility")
    if isinstance(value, str):
        words = {fold(one).strip().replace(" ", "_") for one in value[:2000].split(",")} - {""}
        columns = {_HAS.get(word, "") for word in words} - {""}
        place.data |= dict.fromkeys(sorted(columns), True)
        if columns:
            take.used.add(f"{place.path}accessibility")
        unknown = sorted(words - set(_HAS))
        if unknown:
            place.words.append(clean_line(", ".join(unknown), 400))
    for path, row in take.rows(place.row, place.path, "accessibility", "accessibilitys"):
        words_of = paragraphs(take.text(row, path, "description"), take.text(row, path, "details"))
        if words_of and len(place.words) < _WORDS:
            place.words.append(words_of)
            take.whole(path)
