"""The fields of the index, and the columns from which candidates are put in order without reading documents.

A column holds one number for each document. Five hundred of them are read in 0.02 ms; the same documents in 1 ms.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Iterable, Mapping, Sequence

import tantivy

from sympolity.languages import registry
from sympolity.search.documents import Document
from sympolity.search.query import GROUPS
from sympolity.search.times import HALF, Times

__all__ = [
    "CALL",
    "CLOSED",
    "COUNTED",
    "HAS_MORE",
    "KNOWN",
    "SCHEMA",
    "UNKNOWN",
    "VERSION",
    "columns",
    "doors_of",
    "point",
    "roughly",
    "speaks",
]

# "rank", from the lowest bit: state of the hours (2; 0: has none by its nature), more than two points (1), the epoch
# day of the last confirmation (16; 0: never), the one from which one must call first (16; 0: never), languages.
UNKNOWN, KNOWN, CLOSED = 1, 2, 3
HAS_MORE = 4
FRESH, CALL, _SPEAKS = 3, 19, 35
DAY = 0xFFFF
LAST = HALF  # in "part…", above the bits of its quarters: one more than the last quarter of the day that is open at all
_LANGUAGES = tuple(sorted(registry.LANGUAGES))
_BIT = {code: 1 << (_SPEAKS + at) for at, code in enumerate(_LANGUAGES)}
VERSION = f"{zlib.crc32(' '.join(_LANGUAGES).encode()):08x}"  # other languages, other bits
COUNTED: Mapping[str, str] = {group: f"c_{prefix}" for group, prefix in GROUPS.items()}
LISTED = frozenset({"service", "organization"})  # kinds that are found by words
_EARTH = 6371.0088  # mean radius in km, IUGG
_UNIT = 100_000  # of a degree: five decimals
_HALF_BITS = (1 << HALF) - 1


def _schema() -> tantivy.Schema:
    b = tantivy.SchemaBuilder()
    b.add_text_field("key", stored=True, tokenizer_name="raw", index_option="basic")
    b.add_text_field("t", tokenizer_name="whitespace", index_option="freq")  # tokens of all languages
    b.add_text_field("f", tokenizer_name="raw", index_option="basic")  # filters
    for name in COUNTED.values():  # the same filters by group, counted by facets
        b.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=True)
    b.add_text_field("x", tokenizer_name="raw", index_option="basic")  # tiles, hours, languages
    b.add_text_field("d", tokenizer_name="raw", index_option="basic")  # doors, see doors_of
    b.add_unsigned_field("gone", indexed=True)  # epoch day from which it leaves the lists
    b.add_unsigned_field("fresh", fast=True)  # epoch day of the last confirmation, 0: never
    b.add_unsigned_field("rank", fast=True)  # what speaks for a document, see columns()
    for name in ("at1", "at2", "whole1", "whole2", "part1", "part2"):  # points; quarters of the first day
        b.add_unsigned_field(name, fast=True)
    b.add_bytes_field("facts", stored=True)  # JSON: points, hours, dates
    b.add_bytes_field("card", stored=True)  # JSON for pages
    return b.build()


SCHEMA = _schema()


def doors_of(kind: str, doors: Iterable[str], *, gone: bool) -> list[str]:
    """The doors of a document, and what it is not, after a "-".

    Nearly everything is public and listed: to leave out the few that are not costs a broad question a tenth of what it
    costs to ask each match for its door. "-found": is in no list; "-service": in none without words; "-public": not
    everybody sees it; "-now": had left the lists on the first day of the generation; "-found|public",
    "-service|public": any of these, in one. For the others a list is also a term with the door: "service|…",
    "found|…".
    """
    kept = sorted(doors)
    lists = ("service", "found") if kind == "service" else ("found",) if kind in LISTED else ()
    out = [f"-{name}" for name in ("service", "found") if name not in lists]
    shut = "public" not in kept
    out += [f"-{name}|public" for name in ("service", "found") if shut or gone or name not in lists]
    out += [*(["-public"] if shut else []), *(["-now"] if gone else [])]
    return kept + out + [f"{name}|{door}" for name in lists for door in kept]


def _packed(lat: float, lon: float) -> int:
    return (round((lat + 90) * _UNIT) << 26) | round((lon + 180) * _UNIT)


def point(packed: int) -> tuple[float, float]:
    """Latitude and longitude in degrees of a point in a column."""
    return ((packed >> 26) - 90 * _UNIT) / _UNIT, ((packed & 0x3FFFFFF) - 180 * _UNIT) / _UNIT


def roughly(near: tuple[float, float], packed: Sequence[int | None]) -> list[float | None]:
    """How far points in a column lie from a place (degrees), in km, on a flat map around it; None for none.

    Within 60 km, and away from the poles and the date line, right to three parts in a hundred, in the latitudes of
    Europe's south to one; and much quicker than on the globe.
    """
    north, east = (near[0] + 90) * _UNIT, (near[1] + 180) * _UNIT
    up = math.radians(_EARTH / _UNIT)
    side, mask, hypot = up * math.cos(math.radians(near[0])), 0x3FFFFFF, math.hypot
    return [None if one is None else hypot(((one >> 26) - north) * up, ((one & mask) - east) * side) for one in packed]


def speaks(lang: str) -> int:
    """The bit of "rank" for a language; 0 for an unknown one."""
    return _BIT.get(lang, 0)


def _state(document: Document, opening: Times) -> int:
    if document.hours is None:
        return 0
    return CLOSED if document.closed else KNOWN if opening.known else UNKNOWN


def columns(document: Document, opening: Times) -> dict[str, list[int]]:
    """The numbers of a document; a field without one is left out."""
    rank = _state(document, opening) | (HAS_MORE if len(document.points) > 2 else 0)
    rank |= _day(document.fresh) << FRESH | _day(document.call_from) << CALL
    rank |= sum(_BIT.get(lang, 0) for lang in document.languages)
    found = {"rank": rank, "fresh": _day(document.fresh)}
    for name, place in zip(("at1", "at2"), document.points, strict=False):
        found[name] = _packed(*place)
    if opening.known and not document.closed:
        last = (opening.whole | opening.part).bit_length() << LAST
        found["whole1"], found["whole2"] = opening.whole & _HALF_BITS, opening.whole >> HALF
        found["part1"], found["part2"] = last | opening.part & _HALF_BITS, last | opening.part >> HALF
    return {name: [value] for name, value in found.items()}


def _day(day: int | None) -> int:
    return min(max(1, day), DAY) if day else 0
