"""Opening hours as the index holds them: tokens that a question asks for, and the bits of its first day.

``o<n>``: open in all of the quarter of an hour n (epoch seconds // 900). Of the quarters that are partly open,
``s<n>``: open in all of the five minutes n (epoch seconds // 300); ``p<n>``: in part of them, to be looked at one by
one. ``oh``: hours are known; ``o?``: they are not.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from sympolity.kit import clock
from sympolity.kit.hours import Hours
from sympolity.kit.intervals import Span, merged

__all__ = ["HALF", "HORIZON_DAYS", "QUARTER", "SLOT", "Times", "epoch_day", "quarters_of_day", "span", "times"]

HORIZON_DAYS = 8
QUARTER, SLOT = 900, 300  # seconds
HALF = 50  # quarters in one of the two words of a day; 25 hours are the longest day


@dataclass(frozen=True, slots=True)
class Times:
    """``whole`` and ``part``: bits of the quarters of the first day that are wholly and only partly open."""

    tokens: tuple[str, ...] = ()
    whole: int = 0
    part: int = 0
    known: bool = False


def epoch_day(moment: datetime) -> int:
    """The day since 1970-01-01 where the services are."""
    return (moment.astimezone(clock.ATHENS).date() - date(1970, 1, 1)).days


def span(start: datetime) -> tuple[int, int]:
    """First quarter and the one after the last that an index begun at ``start`` knows."""
    first = int(start.timestamp()) // QUARTER
    return first, first + int(timedelta(days=HORIZON_DAYS).total_seconds()) // QUARTER


def quarters_of_day(start: datetime) -> int:
    """How many quarters the local day has that begins at ``start``: 96, or 92 and 100 when clocks change."""
    after: date = start.date() + timedelta(days=1)
    end = start.replace(year=after.year, month=after.month, day=after.day)
    return (int(end.timestamp()) - int(start.timestamp())) // QUARTER


def times(hours: list[dict[str, object]], start: datetime) -> Times:
    """What the index holds of the hours of all places of one thing; many things share theirs."""
    return _times(json.dumps(hours, sort_keys=True), start)


@lru_cache(maxsize=4096)
def _times(written: str, start: datetime) -> Times:
    known = [one for one in map(Hours.from_json, json.loads(written)) if one.known]
    if not known:
        return Times(("o?",))
    first, last = span(start)
    # On the clock that does not change: a wall clock would end an hour early in the week in which summer begins.
    end = (start.astimezone(UTC) + timedelta(seconds=(last - first) * QUARTER)).astimezone(start.tzinfo)
    whole, slots, parts = _cut(merged([found for one in known for found in one.spans(start, end)]))
    tokens = ("oh", *(f"o{n}" for n in whole), *(f"s{n}" for n in slots), *(f"p{n}" for n in parts))
    today = range(first, first + quarters_of_day(start))
    partly = {n * SLOT // QUARTER for n in (*slots, *parts)}
    return Times(tokens, _bits(whole, today), _bits(partly, today), known=True)


def _cut(spans: list[Span]) -> tuple[list[int], list[int], list[int]]:
    """Openings that do not touch as whole quarters, whole slots beside them, and slots that are partly open."""
    whole: list[int] = []
    slots: list[int] = []
    parts: set[int] = set()
    for found in spans:
        since, until = int(found.start.timestamp()), int(found.end.timestamp())
        inner = range(-(-since // QUARTER), until // QUARTER)
        whole.extend(inner)
        fine = range(-(-since // SLOT), until // SLOT)
        slots.extend(n for n in fine if n * SLOT // QUARTER not in inner)
        parts.update(edge // SLOT for edge in (since, until) if edge % SLOT)
    return whole, slots, sorted(parts)


def _bits(quarters: Iterable[int], today: range) -> int:
    return sum(1 << (n - today.start) for n in set(quarters) if n in today)
