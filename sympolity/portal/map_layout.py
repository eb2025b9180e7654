"""Where marks and words find room on a map: no mark over another, no word over a mark.

Units are pixels of the frame, x to the east and y to the south. The order of what is given
decides who gives way, so that the same map is always the same.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from sympolity.portal.coast import Box

__all__ = [
    "APART", "PIN_HIGH", "PIN_WIDE", "beside", "pin_box", "room_for", "spread", "text_width",
]  # fmt: skip

PIN_WIDE, PIN_HIGH = 28, 38  # a door with its tip; on a phone of 320 px it is still over 22 px wide
APART = 24  # pixels between two pins at the least: WCAG 2.2, success criterion 2.5.8
_STEP_X, _STEP_Y = PIN_WIDE + 2, PIN_HIGH + 2  # from tip to tip
_EDGE = 1  # kept free along the edge of the frame
_RING = 10  # from one turn of the spiral to the next
_FAR = 760  # across the largest frame
_LETTER = 6.4  # pixels, generous for a sans of 11 px
_LINE = 13

Spot = tuple[float, float]


def pin_box(tip: Spot) -> Box:
    """What a pin covers whose tip stands at ``tip``."""
    return Box(tip[0] - PIN_WIDE / 2, tip[1] - PIN_HIGH, tip[0] + PIN_WIDE / 2, tip[1])


def spread(wanted: Sequence[Spot], taken: Sequence[Box], frame: Box) -> list[Spot]:
    """For every pin the place of its tip nearest to the wanted one where it covers nothing.

    Pins keep free of each other and of ``taken``; where that cannot be, first ``taken`` is
    given up, then that pins do not overlap; that they stand :data:`APART` and inside
    ``frame`` is never given up while there is any such place.
    """
    inner = _inner(frame, Box(-PIN_WIDE / 2, -PIN_HIGH, PIN_WIDE / 2, 0))
    walls = [_grown(box, Box(-PIN_WIDE / 2, -PIN_HIGH, PIN_WIDE / 2, 0)) for box in taken]
    placed: list[Spot] = []
    for spot in wanted:
        near = _inside(spot, inner)
        doors = [Box(x - _STEP_X, y - _STEP_Y, x + _STEP_X, y + _STEP_Y) for x, y in placed]
        close = [Box(x - APART, y - APART, x + APART, y + APART) for x, y in placed]
        rules = ([*doors, *walls], doors, close)
        found = (place for blocked in rules if (place := _first_free(near, blocked, inner, far=_FAR)) is not None)
        placed.append(next(found, near))
    return placed


def room_for(spot: Spot, radius: float, taken: Sequence[Box], frame: Box, *, far: float) -> Spot | None:
    """The place nearest to ``spot``, at most ``far`` from it, where a round mark covers nothing."""
    shape = Box(-radius, -radius, radius, radius)
    inner = _inner(frame, shape)
    return _first_free(_inside(spot, inner), [_grown(box, shape) for box in taken], inner, far=far)


def _inner(frame: Box, shape: Box) -> Box:
    """Where the anchor of a shape may stand so that all of it is in the frame."""
    return Box(
        frame.left - shape.left + _EDGE,
        frame.low - shape.low + _EDGE,
        frame.right - shape.right - _EDGE,
        frame.high - shape.high - _EDGE,
    )


def _grown(box: Box, shape: Box) -> Box:
    """Where the anchor of a shape may not stand, lest it cover some of ``box``."""
    return Box(box.left - shape.right, box.low - shape.high, box.right - shape.left, box.high - shape.low)


def _inside(spot: Spot, box: Box) -> Spot:
    return min(max(spot[0], box.left), box.right), min(max(spot[1], box.low), box.high)


def _first_free(spot: Spot, blocked: Sequence[Box], inner: Box, *, far: float) -> Spot | None:
    """The first place along a spiral from ``spot`` that lies in no blocked box."""
    for distance, dx, dy in _spiral():
        if distance > far:
            return None
        x, y = round(spot[0] + dx, 1), round(spot[1] + dy, 1)
        if inner.left <= x <= inner.right and inner.low <= y <= inner.high:
            for left, low, right, high in blocked:
                if left < x < right and low < y < high:
                    break
            else:
                return x, y
    return None


@lru_cache(maxsize=1)
def _spiral() -> tuple[tuple[float, float, float], ...]:
    """Distance and steps from the true place outwards, the nearest first, across the largest frame."""
    steps = [(0.0, 0.0, 0.0)]
    for ring in range(1, _FAR // _RING + 1):
        radius, count = ring * _RING, max(8, ring * 4)
        turns = (turn * math.tau / count for turn in range(count))
        steps += ((radius, radius * math.cos(turn), radius * math.sin(turn)) for turn in turns)
    return tuple(steps)


def text_width(text: str) -> float:
    """About how wide a name is drawn; marks over letters take no room, wide letters take two."""
    shown = (char for char in text if not unicodedata.combining(char))
    return sum(2 * _LETTER if unicodedata.east_asian_width(char) in "WF" else _LETTER for char in shown)


def beside(spot: Spot, text: str, taken: Sequence[Box], frame: Box) -> tuple[Spot, str, Box] | None:
    """Place, anchor and box of a name beside its dot: right, left, under, over; ``None`` without room."""
    (x, y), width = spot, text_width(text)
    tries = (
        ((x + 7, y + 4), "start", x + 6),
        ((x - 7, y + 4), "end", x - 6 - width),
        ((x, y + 16), "middle", x - width / 2),
        ((x, y - 8), "middle", x - width / 2),
    )
    for place, anchor, left in tries:
        words = Box(left, place[1] - _LINE + 3, left + width, place[1] + 3)
        if frame.covers(words) and all(words.apart(box) for box in taken):
            return place, anchor, words
    return None
