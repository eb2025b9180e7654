"""Legal and odd values, put anywhere into a record: what other platforms may send one day."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any

__all__ = ["bent", "places_in"]

ODD: tuple[Any, ...] = (
    None, "", " ", "\n\t", True, False, 0, -1, 1, 10**17, 1.5, -0.0, 1e300, 91, 181, "0", "٣٧", "37,98", "١٢:٣٠", "24:00", "09:00:00+03:00",
    "2026-02-30", "2026-12-31T23:59:59Z", "31/12/2026", "MO,TU,XX", "P1D", "yes", "NO", "active", "ACTIVE ", "closed", "http://", "https://a.example/\u202e",
    "a@b.example", "+30 210 000 0000", "tel:+302100000000", "1-800-KITCHEN", "<b>bold</b>", "&amp;lt;script&amp;gt;", "x" * 400, "λέξη " * 2000,
    "\u202eabc\u2066", "e\u0301" * 50, "\U0001f600" * 30, "\x00", "\ud800", "مرحبا", "Ελλάδα", "- item\n- item", "=1+1",
    [], {}, [None], [[]], {"a": None}, ["a", 1, None], [{}], {"id": "x"}, {"name": ["a"]}, [[[[1]]]],
)  # fmt: skip
_KEYS = ("id", "name", "", "x" * 200, "name_xx", "name_el", "τίτλος", "a.b", "a[]", "\u202e", "update", "children")


def places_in(value: Any) -> Iterator[tuple[Any, Any]]:
    """(holder, key) of everything that stands in a value."""
    rows = list(value.items()) if isinstance(value, dict) else list(enumerate(value)) if isinstance(value, list) else []
    for key, part in rows:
        yield value, key
        yield from places_in(part)


def bent(value: Any, chance: Random, times: int) -> Any:
    """``value`` itself, with odd values in some places, some left out, doubled, or under names that nobody knows."""
    for _ in range(times):
        holder, key = chance.choice(list(places_in(value)) or [({}, "")])
        match chance.randrange(6):
            case 0 | 1 | 2:
                holder[key] = chance.choice(ODD)
            case 3 if isinstance(holder, dict):
                del holder[key]
            case 4 if isinstance(holder, dict):
                holder[chance.choice(_KEYS)] = holder[key]
            case _ if isinstance(holder, list):
                holder.append(holder[key])
    return value
