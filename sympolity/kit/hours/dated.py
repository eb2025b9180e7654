"""A dated exception: days on which other times hold (a closure, August, Ramadan)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import pairwise

from sympolity.kit.hours.spec import LIMIT, BadHours

__all__ = ["DatedException", "exception_on", "times"]

_RANGE = re.compile(r"([0-9]{1,2}):([0-9]{2}) ?[-\u2010-\u2015] ?([0-9]{1,2}):([0-9]{2})")
_DAY = 1440


def _range(text: str) -> tuple[int, int]:
    match = _RANGE.fullmatch(text.strip())
    if match is None:
        raise BadHours("exception_hours")
    h1, m1, h2, m2 = (int(group) for group in match.groups())
    start, end = h1 * 60 + m1, h2 * 60 + m2
    if m1 > 59 or m2 > 59 or start >= _DAY or end > 2 * _DAY:
        raise BadHours("exception_hours")
    return start, end if end > start else end + _DAY


@lru_cache(maxsize=4096)
def _times(hours: str) -> tuple[tuple[int, int], ...] | None:
    if hours.strip().lower() in {"off", "closed"}:
        return ()
    if hours.strip() == "24/7":
        return ((0, _DAY),)
    try:
        ranges = sorted(_range(part) for part in hours.split(","))
    except BadHours:
        return None
    if any(later[0] < earlier[1] for earlier, later in pairwise(ranges)):
        return None
    if any(end - start > _DAY for start, end in ranges):
        return None
    return tuple(ranges)


def times(hours: str) -> tuple[tuple[int, int], ...]:
    """Minutes of the local day, "off" = none; past midnight the end exceeds 1440.

    :raises BadHours: ``exception_hours`` when unreadable, overlapping or longer than a day.
    """
    found = _times(hours) if len(hours) <= LIMIT else None
    if found is None:
        raise BadHours("exception_hours")
    return found


@dataclass(frozen=True, slots=True)
class DatedException:
    """From ``first`` to ``last`` (both in), ``hours`` replace all that the ordinary rules say.

    An opening belongs to the day on which it starts: an "off" day loses the openings that
    start on it, with their hours after midnight, and keeps the tail of the night before.
    """

    first: date
    last: date
    hours: str
    note: str = ""

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise BadHours("exception_days")
        times(self.hours)

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last

    @property
    def length(self) -> int:
        """Days."""
        return (self.last - self.first).days + 1


def exception_on(day: date, exceptions: Iterable[DatedException]) -> DatedException | None:
    """The exception that rules ``day``: the shortest (a day off in a summer timetable), else the later one."""
    ruling: DatedException | None = None
    for exception in exceptions:
        if day in exception and (ruling is None or exception.length <= ruling.length):
            ruling = exception
    return ruling
