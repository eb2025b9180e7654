"""Schedules of HSDS as an OSM ``opening_hours`` string, when nothing is in doubt.

HSDS 3 writes a schedule as an iCal rule (RFC 5545) with opens_at and closes_at, HSDS 1 as rows of a weekday.
One doubtful row makes the whole week doubtful: half of the hours would send people to a closed door.
Times are taken as those of the clock at the place; a time in UTC ("Z") is a doubt, because the clock moves.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import Any

from sympolity.exchange.formats.hsds.words import truth
from sympolity.kit.fold import fold
from sympolity.kit.hours import BadHours, DatedException, check

__all__ = ["Doubt", "Holiday", "date_of", "exception_of", "last_day", "opening_hours"]

_DAYS = ("mo", "tu", "we", "th", "fr", "sa", "su")
_OSM = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_DAY = 1440
_EVENING, _MORNING = 18 * 60, 10 * 60  # an opening across midnight begins after the one and ends before the other
_TIME = re.compile(
    r"^(\d{1,2})(?::(\d{2}))?(?::\d{2}(?:\.\d+)?)?\s*([ap]\.?m\.?)?\s*(z|[+-]\d{1,2}:?\d{2})?$", re.IGNORECASE
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_EMPTY: tuple[Any, ...] = (None, "", [], {})
_YEARS = (2000, 2100)
_LONGEST = 366  # days of an exception

Range = tuple[date | None, date | None]


class Doubt(ValueError):
    """The hours are not certain; the message says why."""


@dataclass(frozen=True, slots=True)
class Holiday:
    """Days on which other hours hold."""

    first: date
    last: date
    hours: str


@dataclass(frozen=True, slots=True)
class _Slot:
    days: tuple[int, ...]
    opens: int
    closes: int
    when: Range


def date_of(value: Any) -> date | None:
    """A day: ISO, "January 01, 2015", or day and month in the only order that is possible; None when uncertain."""
    text = str(value or "").strip()[:40]
    try:
        return datetime.fromisoformat(text).date() if len(text) > 10 else date.fromisoformat(text)
    except ValueError:
        pass
    try:
        named = re.fullmatch(r"([A-Za-z]{3,9})\.? (\d{1,2}),? (\d{4})", text)
        if named:
            return date(int(named[3]), _MONTHS.index(named[1][:3].casefold()) + 1, int(named[2]))
        digits = re.fullmatch(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4}|\d{2})", text)
        if digits:
            one, two, year = int(digits[1]), int(digits[2]), int(digits[3])
            year += 2000 if year < 100 else 0
            if one == two or (one > 12) != (two > 12):
                return date(year, two, one) if one > 12 else date(year, one, two)
    except ValueError:
        return None
    return None


def _minutes(value: Any) -> tuple[int, bool]:
    """(minutes of the day, whether am or pm is said)."""
    match = _TIME.match(str(value).strip()[:40])
    if match is None:
        raise Doubt(f"{str(value)[:20]!r} is no time of day")
    hour, minute, half, zone = int(match[1]), int(match[2] or 0), (match[3] or "").casefold(), match[4] or ""
    if zone.casefold() == "z":
        raise Doubt("the hours are given in UTC")
    if half:
        if not 1 <= hour <= 12:
            raise Doubt(f"{str(value)[:20]!r} is no time of day")
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    elif match[2] is None:
        raise Doubt(f"{str(value)[:20]!r} does not say which half of the day")
    if hour > 24 or minute > 59 or (hour == 24 and minute):
        raise Doubt(f"{str(value)[:20]!r} is no time of day")
    return hour * 60 + minute, bool(half)


def _span(row: Mapping[str, Any]) -> tuple[int, int]:
    """Opening and closing in minutes; the closing exceeds a day when it lies after midnight."""
    if row.get("opens_at") in _EMPTY or row.get("closes_at") in _EMPTY:
        raise Doubt("a schedule has no opening or closing time")
    opens, _ = _minutes(row["opens_at"])
    closes, said = _minutes(row["closes_at"])
    if closes == 0:
        closes = _DAY
    if closes > opens:
        return opens, closes
    if closes < _MORNING and opens >= _EVENING:
        return opens, closes + _DAY
    raise Doubt("it closes before it opens" if said else "it closes before it opens; is am or pm missing?")


def _days(row: Mapping[str, Any]) -> tuple[int, ...]:
    weekday = str(row.get("weekday") or "").strip()
    if weekday:
        found = _day(weekday) if not weekday.isdigit() else int(weekday) - 1
        if found not in range(7):
            raise Doubt(f"{weekday[:20]!r} is no day of the week")
        return (found,)
    freq = str(row.get("freq") or "WEEKLY").strip().upper()
    interval = str(row.get("interval") or "1").strip()
    if freq != "WEEKLY" or interval not in {"1", "1.0"}:
        raise Doubt("it is not given every week")
    if any(row.get(key) not in _EMPTY for key in ("count", "byweekno", "bymonthday", "byyearday")):
        raise Doubt("the days are chosen by number, not by week")
    byday = row.get("byday")
    names = byday if isinstance(byday, list) else re.split(r"[,\s]+", str(byday or "").strip())
    days = [_day(str(name)) for name in names if str(name).strip()]
    if -1 in days:
        raise Doubt("the days are not days of the week alone")
    start = date_of(row.get("dtstart"))
    if not days and start is not None and row.get("freq") not in _EMPTY:
        days = [start.weekday()]
    if not days:
        raise Doubt("a schedule has no days")
    return tuple(sorted(set(days)))


def _day(name: str) -> int:
    word = fold(name)
    full = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    if word in _DAYS:
        return _DAYS.index(word)
    return next((number for number, one in enumerate(full) if len(word) >= 3 and one.startswith(word)), -1)


def _when(row: Mapping[str, Any]) -> Range:
    """From when to when it holds; None where it is open."""
    found: list[date | None] = []
    for keys in (("valid_from",), ("valid_to", "until")):
        said = [row[key] for key in keys if row.get(key) not in _EMPTY]
        days = [date_of(one) for one in said]
        if None in days:
            raise Doubt(f"{str(said[days.index(None)])[:20]!r} is no date")
        found.append(min(day for day in days if day) if days else None)
    first, last = found
    if first and last and last < first:
        raise Doubt("a schedule ends before it begins")
    return first, last


def opening_hours(rows: Sequence[Mapping[str, Any]], today: date) -> str:
    """The hours of the rows together, "" for no rows; :class:`Doubt` when they are not certain.

    Rows whose last day has passed say nothing any more; when all of them have, that is a doubt.
    """
    slots = [_Slot(_days(row), *_span(row), _when(row)) for row in rows]
    alive = [one for one in slots if one.when[1] is None or one.when[1] >= today]
    if slots and not alive:
        last = max(one.when[1] for one in slots if one.when[1])
        raise Doubt(f"the hours were valid until {last.isoformat()}")
    ranges: dict[Range, list[_Slot]] = {}
    for one in alive:
        first = one.when[0] if one.when[0] and one.when[0] > today else None
        ranges.setdefault((first, one.when[1]), []).append(one)
    if _overlap(list(ranges)):
        raise Doubt("schedules of different times of the year overlap")
    spec = "; ".join(rule for when in ranges for rule in _rules(when, ranges[when]))
    try:
        return check(spec)
    except BadHours as error:
        raise Doubt(f"the hours cannot be written as opening_hours ({error.reason})") from None


def _overlap(ranges: list[Range]) -> bool:
    ends = sorted((first or date.min, last or date.max) for first, last in ranges)
    return any(later[0] <= earlier[1] for earlier, later in pairwise(ends))


def _rules(when: Range, slots: Sequence[_Slot]) -> list[str]:
    """A rule for each group of days with the same hours."""
    first, last = when
    before = ""
    if first or last:
        before = f"{_dated(first or date(_YEARS[0], 1, 1))}-{_dated(last or date(9999, 12, 31))} "
    by_day = {day: _merged([(one.opens, one.closes) for one in slots if day in one.days]) for day in range(7)}
    groups: dict[tuple[tuple[int, int], ...], list[int]] = {}
    for day, spans in by_day.items():
        if spans:
            groups.setdefault(spans, []).append(day)
    return [
        f"{before}{_named(days)} " + ",".join(f"{_clock(opens)}-{_clock(closes)}" for opens, closes in spans)
        for spans, days in groups.items()
    ]


def _dated(day: date) -> str:
    return f"{day.year} {_MONTHS[day.month - 1].title()} {day.day:02}"


def _merged(spans: Sequence[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    out: list[tuple[int, int]] = []
    for opens, closes in sorted(spans):
        if out and opens <= out[-1][1]:
            out[-1] = (out[-1][0], max(out[-1][1], closes))
        else:
            out.append((opens, closes))
    return tuple(out)


def _named(days: Sequence[int]) -> str:
    runs: list[list[int]] = []
    for day in days:
        if runs and day == runs[-1][-1] + 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    return ",".join(_OSM[run[0]] if len(run) == 1 else f"{_OSM[run[0]]}-{_OSM[run[-1]]}" for run in runs)


def _clock(minutes: int) -> str:
    within = minutes if minutes <= _DAY else minutes - _DAY
    return f"{within // 60:02}:{within % 60:02}"


def exception_of(row: Mapping[str, Any]) -> Holiday:
    """A row of holiday_schedules; :class:`Doubt` when its dates or hours are not certain (HSDS 1 writes the year 1 for "each year")."""
    first = date_of(row.get("start_date"))
    last = date_of(row.get("end_date")) if row.get("end_date") not in _EMPTY else first
    if first is None or last is None or not all(_YEARS[0] <= day.year <= _YEARS[1] for day in (first, last)):
        raise Doubt("its dates are not certain")
    if last < first or (last - first).days >= _LONGEST:
        raise Doubt("it ends before it begins" if last < first else "it is longer than a year")
    closed = truth(row.get("closed"))
    hours = "off"
    if closed is not True:
        opens, closes = _span(row)
        hours = f"{_clock(opens)}-{_clock(closes)}"
    DatedException(first, last, hours)
    return Holiday(first, last, hours)


def last_day(rows: Sequence[Mapping[str, Any]]) -> date | None:
    """The day on which the last of the series of dates ends (iCal ``until``); None when one of them has no end."""
    days = [date_of(row.get("until")) for row in rows]
    return max(day for day in days if day) if days and all(days) else None
