"""Numbers of a workbook that are dates, and how other numbers are written.

Serial days and format codes: ECMA-376 part 1, 18.8.30 (numFmts) and 18.17.4 (dates).
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

__all__ = ["as_text", "day_of_serial", "kind_of_format"]

_DATES = frozenset({*range(14, 18), 22, *range(27, 32), 34, 35, 36, *range(50, 59)})
_TIMES = frozenset({18, 19, 20, 21, 32, 33, 45, 46, 47})
_SAID = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')  # words, colours, conditions: no part of the number
_FIRST_1900 = datetime(1899, 12, 30, tzinfo=UTC)  # so that the 29 February 1900 of the format falls out
_FIRST_1904 = datetime(1904, 1, 1, tzinfo=UTC)
_LAST = 2_958_466  # 1 January 10000


def kind_of_format(number: int, code: str) -> str:
    """What a number format shows: "date", "time", "both" or "". By its id, and where it is the file's own by its code."""
    if not code:
        return "both" if number == 22 else "date" if number in _DATES else "time" if number in _TIMES else ""
    plain = _SAID.sub("", code[:200].split(";", 1)[0]).lower()
    day, clock = "y" in plain or "d" in plain, "h" in plain or "s" in plain
    if not clock and "m" in plain:
        day = True
    if "general" in plain or "#" in plain or "e+" in plain:
        return ""
    return "both" if day and clock else "date" if day else "time" if clock else ""


def day_of_serial(serial: float, *, from_1904: bool = False) -> datetime | None:
    """The moment of a serial number of days; None when it lies outside 1900 to 9999."""
    if not 1 <= serial < _LAST:
        return None
    moment = (_FIRST_1904 if from_1904 else _FIRST_1900) + timedelta(days=serial)
    return moment + timedelta(microseconds=500_000) if moment.microsecond else moment


def as_text(value: str, kind: str, *, from_1904: bool) -> str:
    """A number of the file as it would be read: dates as ISO 8601, whole numbers without a point."""
    try:
        number = float(value)
    except ValueError:
        return value
    if kind and number == number:  # noqa: PLR0124 - not a number
        said = _dated(number, kind, from_1904)
        if said:
            return said
    if abs(number) < 1e15 and number == int(number):
        return str(int(number))
    return repr(number) if abs(number) < 1e300 else value


def _dated(number: float, kind: str, from_1904: bool) -> str:
    if kind == "time" or (kind == "both" and 0 <= number < 1):
        seconds = round((number % 1) * 86_400) % 86_400
        return f"{seconds // 3600:02}:{seconds % 3600 // 60:02}" if 0 <= number < 1 else ""
    moment = day_of_serial(number, from_1904=from_1904)
    if moment is None:
        return ""
    whole = moment.hour == moment.minute == 0
    return moment.date().isoformat() if kind == "date" or whole else f"{moment:%Y-%m-%dT%H:%M}"
