"""``Hours``: what pages, the index and the open data ask about the opening of one service."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from sympolity.kit import clock
from sympolity.kit.hours.daily import Kind, Minutes, days_between, holidays, moment, ordinary, zone_named
from sympolity.kit.hours.dated import DatedException, exception_on, times
from sympolity.kit.hours.spec import BadHours, country_of, is_weekly, parsed
from sympolity.kit.intervals import Span, merged

__all__ = ["Day", "Hours", "State"]

_ATHENS = "Europe/Athens"
_QUARTER = 900
_DAY = timedelta(days=1)
# An end further away than this is not worth a word: "open" says enough.
_UNTIL = timedelta(days=8)
_OPENS = timedelta(days=60)
# An ordinary week of which no day is special: evaluated without a country, so without holidays.
_ORDINARY_MONDAY = date(2024, 1, 8)


@dataclass(frozen=True, slots=True)
class State:
    """``until``: end of this opening (None = never closes, or in more than 8 days);
    ``opens``: next opening within 60 days, if it is not open. Both in UTC."""

    kind: Literal["open", "closed", "unknown"]
    until: datetime | None = None
    opens: datetime | None = None


@dataclass(frozen=True, slots=True)
class Day:
    """A row of the table on the page. Minutes of the local day; ``to`` exceeds 1440 past midnight.

    ``maybe`` are times of which the rules say only "unknown" (by appointment).
    """

    date: date
    spans: Minutes
    note: str = ""
    is_holiday: bool = False
    is_exception: bool = False
    maybe: Minutes = ()


@dataclass(frozen=True, slots=True)
class Hours:
    """An OSM string ("" = unknown), its exceptions and the zone of the place.

    A stored string that cannot be read counts as unknown; write only what ``check`` gave back.
    :raises BadHours: ``zone`` when there is no such time zone.
    """

    spec: str
    exceptions: tuple[DatedException, ...] = ()
    zone: str = _ATHENS

    def __post_init__(self) -> None:
        try:
            zone_named(self.zone)
        except (KeyError, ValueError, OSError) as error:
            raise BadHours("zone") from error

    @property
    def known(self) -> bool:
        """Whether the ordinary hours are known (exceptions alone do not make them so)."""
        return parsed(self.spec, self._country) is not None

    @property
    def is_weekly(self) -> bool:
        """Whether every ordinary week is the same."""
        return is_weekly(self.spec)

    def spans(self, start: datetime, end: datetime) -> list[Span]:
        """The openings between two moments, in order, in UTC, clipped to them."""
        start, end = _utc(start), _utc(end)
        return [Span(max(span.start, start), min(span.end, end)) for span in self._openings(start, end)]

    def state(self, now: datetime) -> State:
        """Whether it is open at ``now``, and when that changes."""
        now = _utc(now)
        near = self._openings(now, now + _UNTIL + _DAY)
        if near and now in near[0]:
            return State("open", until=near[0].end if near[0].end - now <= _UNTIL else None)
        ahead = near or self._openings(now, now + _OPENS)
        opens = ahead[0].start if ahead else None
        return State("unknown" if self._is_unsure(now) else "closed", opens=opens)

    def quarters(self, start: datetime, days: int = 8) -> tuple[list[int], list[int]]:
        """Quarters of an hour (epoch seconds // 900) that are wholly, and only partly, open.

        Counted from the quarter in which ``start`` lies, over ``days`` times 24 hours.
        """
        first = int(_utc(start).timestamp()) // _QUARTER
        end = first + days * 96
        full: list[int] = []
        partial: set[int] = set()
        for span in self.spans(_moment(first * _QUARTER), _moment(end * _QUARTER)):
            since, until = int(span.start.timestamp()), int(span.end.timestamp())
            full.extend(range(-(-since // _QUARTER), until // _QUARTER))
            partial.update(edge // _QUARTER for edge in (since, until) if edge % _QUARTER)
        return full, sorted(partial)

    def week(self, monday: date) -> list[Day]:
        """Seven days from ``monday`` with holidays and exceptions (fewer at the ends of the calendar)."""
        last = date.fromordinal(min(monday.toordinal() + 6, date.max.toordinal()))
        plain = self._ordinary(monday, last)
        unsure = self._ordinary(monday, last, "unknown")
        return [self._day(day, plain.get(day, ()), unsure.get(day, ())) for day in days_between(monday, last)]

    def regular(self) -> list[list[tuple[int, int]]]:
        """Monday to Sunday in minutes: the ordinary week; if there is none, the current one."""
        if self.is_weekly:
            week = ordinary(self.spec, None, _ORDINARY_MONDAY, _ORDINARY_MONDAY + 6 * _DAY)
            return [list(week.get(_ORDINARY_MONDAY + number * _DAY, ())) for number in range(7)]
        today = clock.local_today(self._zone)
        return [list(day.spans) for day in self.week(today - today.weekday() * _DAY)]

    def to_json(self) -> dict[str, object]:
        """Plain data for an index card; what is empty or the default is left out."""
        out: dict[str, object] = {}
        if self.spec:
            out["s"] = self.spec
        if self.exceptions:
            out["x"] = [_row(exception) for exception in self.exceptions]
        if self.zone != _ATHENS:
            out["z"] = self.zone
        return out

    @classmethod
    def from_json(cls, data: object) -> Hours:
        """The reverse of ``to_json``; takes its JSON text too. :raises BadHours:"""
        try:
            plain = json.loads(data) if isinstance(data, str) else data
            if not isinstance(plain, dict):
                raise BadHours("json")
            exceptions = tuple(_exception(row) for row in plain.get("x", ()))
            return cls(_text(plain.get("s", "")), exceptions, _text(plain.get("z", _ATHENS)))
        except BadHours:
            raise
        except (TypeError, ValueError, RecursionError) as error:
            raise BadHours("json") from error

    @property
    def _country(self) -> str | None:
        return country_of(self.zone)

    @property
    def _zone(self) -> ZoneInfo:
        return zone_named(self.zone)

    def _ordinary(self, first: date, last: date, kind: Kind = "open") -> Mapping[date, Minutes]:
        if not self.known:  # such a string may be of any length: keep it out of the cache
            return {}
        return ordinary(self.spec, self._country, first, last, kind)

    def _day(self, day: date, plain: Minutes, unsure: Minutes) -> Day:
        exception = exception_on(day, self.exceptions)
        is_holiday = day in holidays(self._country, day.year)
        if exception is None:
            return Day(day, plain, is_holiday=is_holiday, maybe=unsure)
        return Day(day, times(exception.hours), exception.note, is_holiday, is_exception=True)

    def _daily(self, first: date, last: date, kind: Kind) -> list[tuple[date, Minutes]]:
        plain = self._ordinary(first, last, kind)
        if not self.exceptions:
            return list(plain.items())
        return [(day, self._minutes(day, plain.get(day, ()), kind)) for day in days_between(first, last)]

    def _minutes(self, day: date, plain: Minutes, kind: Kind) -> Minutes:
        exception = exception_on(day, self.exceptions)
        if exception is None:
            return plain
        return times(exception.hours) if kind == "open" else ()

    def _openings(self, start: datetime, end: datetime, kind: Kind = "open") -> list[Span]:
        """Openings that touch the time between two moments, whole as far as the days asked for go."""
        zone = self._zone
        # The night before: an opening may run into the first day.
        first, last = start.astimezone(zone).date() - _DAY, end.astimezone(zone).date()
        found = merged(
            Span(moment(day, since, zone), moment(day, until, zone))
            for day, minutes in self._daily(first, last, kind)
            for since, until in minutes
        )
        return [span for span in found if span.end > start and span.start < end]

    def _is_unsure(self, now: datetime) -> bool:
        """Whether nothing can be said of a moment that lies in no opening."""
        if any(now in span for span in self._openings(now, now + _DAY, "unknown")):
            return True
        return not self.known and exception_on(now.astimezone(self._zone).date(), self.exceptions) is None


def _utc(value: datetime) -> datetime:
    """In UTC, and far enough from the ends of the calendar to count days. :raises ValueError: naive."""
    if value.tzinfo is None:
        raise ValueError("an aware moment is needed")
    if not 1901 <= value.year <= 9990:
        value = value.replace(year=min(max(value.year, 1901), 9990), month=1, day=2)
    return value.astimezone(UTC)


def _moment(epoch: int) -> datetime:
    return datetime.fromtimestamp(epoch, UTC)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise BadHours("json")
    return value


def _row(exception: DatedException) -> list[str]:
    row = [exception.first.isoformat(), exception.last.isoformat(), exception.hours]
    return [*row, exception.note] if exception.note else row


def _exception(row: object) -> DatedException:
    if not isinstance(row, list) or not 3 <= len(row) <= 4:
        raise BadHours("json")
    first, last, hours, *note = (_text(value) for value in row)
    return DatedException(date.fromisoformat(first), date.fromisoformat(last), hours, *note)
