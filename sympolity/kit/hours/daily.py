"""The openings of each local day, in minutes of that day's clock, and their moments.

An opening belongs to the day on which it starts and may run past midnight (to > 1440); one of
24 hours or more has no such day and is cut at each midnight.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

import opening_hours as osm

from sympolity.kit.hours.spec import parsed

__all__ = ["FIRST", "LAST", "Kind", "Minutes", "days_between", "holidays", "moment", "ordinary", "zone_named"]

Minutes = tuple[tuple[int, int], ...]
Kind = Literal["open", "unknown"]

_DAY = timedelta(days=1)
_STATES = {"open": osm.State.OPEN, "unknown": osm.State.UNKNOWN}
# Outside these days nothing is evaluated: the library ends with the year 9999.
FIRST, LAST = date(1901, 1, 1), date(9990, 12, 31)


@lru_cache(maxsize=64)
def zone_named(name: str) -> ZoneInfo:
    """:raises KeyError, ValueError, OSError: there is no such zone."""
    return ZoneInfo(name)


def days_between(first: date, last: date) -> Iterator[date]:
    """The days from ``first`` to ``last``, both in, that can be evaluated."""
    start, end = max(first, FIRST).toordinal(), min(last, LAST).toordinal()
    return (date.fromordinal(number) for number in range(start, end + 1))


def _intervals(hours: osm.OpeningHours, first: date, last: date, kind: Kind) -> Iterator[tuple[datetime, datetime]]:
    """Intervals of one state, asked day by day: over several days the library (2.1) loses days behind ``|| 24/7``."""
    wanted = _STATES[kind]
    for day in days_between(first, last):
        midnight = datetime.combine(day, time())
        for since, until, state, _ in hours.intervals(midnight, midnight + _DAY):
            if state == wanted:
                end: datetime | None = until  # the stub does not know that it may be open
                yield since, end or midnight + _DAY


def _stretches(intervals: Iterator[tuple[datetime, datetime]]) -> list[tuple[datetime, datetime]]:
    """Intervals that touch made one; neither midnight nor a change of comment parts them."""
    out: list[tuple[datetime, datetime]] = []
    for since, until in intervals:
        if out and out[-1][1] == since:
            out[-1] = (out[-1][0], until)
        else:
            out.append((since, until))
    return out


def _pieces(since: datetime, until: datetime) -> Iterator[tuple[date, int, int]]:
    """Day and minutes of a stretch; cut at midnights when it lasts a whole day or longer."""
    while since < until:
        midnight = datetime.combine(since.date(), time())
        end = until if until - since < _DAY else min(until, midnight + _DAY)
        yield since.date(), (since - midnight) // timedelta(minutes=1), (end - midnight) // timedelta(minutes=1)
        since = end


@lru_cache(maxsize=2048)
def ordinary(spec: str, country: str | None, first: date, last: date, kind: Kind = "open") -> Mapping[date, Minutes]:
    """What the rules alone say for the days from ``first`` to ``last``; days without openings are left out."""
    hours = parsed(spec, country)
    first, last = max(first, FIRST), min(last, LAST)
    if hours is None or last < first:
        return {}
    # A day more on each side: where an opening starts and how long it lasts must be seen whole.
    out: dict[date, Minutes] = {}
    for since, until in _stretches(_intervals(hours, first - _DAY, last + _DAY, kind)):
        for day, begin, finish in _pieces(since, until):
            if first <= day <= last:
                out[day] = (*out.get(day, ()), (begin, finish))
    return out


@lru_cache(maxsize=256)
def holidays(country: str | None, year: int) -> frozenset[date]:
    """The public holidays of a country, as the rules ``PH`` know them."""
    if country is None:
        return frozenset()
    return frozenset(ordinary("PH", country, date(year, 1, 1), date(year, 12, 31)))


def moment(day: date, minutes: int, zone: ZoneInfo) -> datetime:
    """When the clock in ``zone`` shows ``minutes`` of ``day``, in UTC.

    An hour that is skipped in spring gives the moment of the change; of an hour that comes
    twice in autumn the second is meant (so do the intervals of the library).
    """
    wall = datetime.combine(day, time()) + timedelta(minutes=minutes)
    late = wall.replace(tzinfo=zone, fold=1)
    early = wall.replace(tzinfo=zone, fold=0)
    # In a gap fold=0 counts with the offset before it, which is then the smaller one.
    if _offset(early) < _offset(late):
        return _change(late.astimezone(UTC), early.astimezone(UTC), zone)
    return late.astimezone(UTC)


def _offset(aware: datetime) -> timedelta:
    return aware.utcoffset() or timedelta(0)


def _change(low: datetime, high: datetime, zone: ZoneInfo) -> datetime:
    """The moment between the two at which the offset of ``zone`` changes, to the second."""
    before = _offset(low.astimezone(zone))
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) // 2
        middle = middle.replace(microsecond=0)
        if _offset(middle.astimezone(zone)) == before:
            low = middle
        else:
            high = middle
    return high
