"""Turning codes, dates and moments into words, in the active language.

Words are made when a page is rendered: "opens at 12:00" is true only for a moment.
Dates and plurals follow CLDR through Babel; digits are Latin (experience.md, Languages).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from babel.dates import format_date
from babel.numbers import format_decimal
from django.utils.translation import get_language, npgettext, pgettext

from sympolity.directory import enums
from sympolity.kit import clock
from sympolity.languages import registry

__all__ = [
    "State",
    "clock_time",
    "day_words",
    "kilometres",
    "labels",
    "language_names",
    "long_date",
    "long_month",
    "state_of",
    "weekday",
]


@dataclass(frozen=True, slots=True)
class State:
    """Shape + word + colour. ``css``: open · shut · call · stop; ``shape``: see ``state_shape``."""

    css: str
    shape: str
    label: str
    more: str = ""


def _locale() -> str:
    lang = get_language() or "en"
    known = registry.LANGUAGES.get(lang)
    return (known.cldr or known.code) if known else "en"


def _latin(text: str) -> str:
    return text.translate({0x0660 + n: str(n) for n in range(10)} | {0x06F0 + n: str(n) for n in range(10)})


def clock_time(moment: datetime) -> str:
    """The time of day where the services are: 09:05."""
    return moment.astimezone(clock.ATHENS).strftime("%H:%M")


def day_words(day: date, today: date) -> str:
    """A day, with its year only when it is another one: 12 November."""
    pattern = "d MMMM" if day.year == today.year else "d MMMM y"
    return _latin(format_date(day, pattern, locale=_locale()))


def long_date(day: date) -> str:
    """A day with its year: 12 November 2026."""
    return _latin(format_date(day, "d MMMM y", locale=_locale()))


def long_month(day: date) -> str:
    """The month of a day with its year: November 2026."""
    return _latin(format_date(day, "LLLL y", locale=_locale()))


def weekday(day: date) -> str:
    """The name of a day of the week."""
    return str(format_date(day, "EEEE", locale=_locale()))


def ago(day: date, today: date) -> str:
    """How long ago: today, yesterday, 5 days ago, 3 months ago."""
    days = (today - day).days
    if days <= 0:
        return pgettext("how long ago", "today")
    if days == 1:
        return pgettext("how long ago", "yesterday")
    if days < 60:
        return npgettext("how long ago", "%(n)d day ago", "%(n)d days ago", days) % {"n": days}
    months = days // 30
    return npgettext("how long ago", "%(n)d month ago", "%(n)d months ago", months) % {"n": months}


def kilometres(km: float) -> str:
    """A distance: 450 m, 1.6 km, 12 km."""
    if km < 0.95:
        return pgettext("distance", "%(n)s m") % {"n": str(max(50, round(km * 20) * 50))}
    return pgettext("distance", "%(n)s km") % {
        "n": _latin(format_decimal(round(km, 1 if km < 10 else 0), format="0.0" if km < 10 else "0", locale=_locale()))
    }


def _opens(opens: datetime, now: datetime) -> tuple[str, bool]:
    """(words, today?) of the next opening."""
    local, today = opens.astimezone(clock.ATHENS), now.astimezone(clock.ATHENS).date()
    days = (local.date() - today).days
    time = clock_time(opens)
    if days == 0:
        return time, True
    if days == 1:
        return pgettext("opens", "opens tomorrow %(time)s") % {"time": time}, False
    if days < 7:
        return pgettext("opens", "opens %(weekday)s %(time)s") % {"weekday": weekday(local.date()), "time": time}, False
    return pgettext("opens", "opens %(date)s") % {"date": day_words(local.date(), today)}, False


def state_of(
    *, status: str, kind: str, until: datetime | None, opens: datetime | None, must_call: bool, since: date | None,
    capacity: tuple[str, date] | None, ended_on: date | None, now: datetime,
) -> State:  # fmt: skip
    """The first line of a card: what matters most for somebody who wants to go now."""
    today = now.astimezone(clock.ATHENS).date()
    if ended_on is not None and ended_on < today:
        return State("stop", "stop", pgettext("state", "Ended"), day_words(ended_on, today))
    if status != enums.ServiceStatus.ACTIVE:
        return State("shut", "closed", str(enums.ServiceStatus(status).label))
    if must_call:
        more = pgettext("state", "not confirmed since %(date)s") % {"date": day_words(since, today)} if since else ""
        return State("call", "call", pgettext("state", "Call first"), more or pgettext("state", "never confirmed"))
    if capacity and capacity[1] >= today and capacity[0] != enums.CapacityState.OPEN:
        return State("shut", "waiting", str(enums.CapacityState(capacity[0]).label))
    if kind == "open":
        return State("open", "open", pgettext("state", "Open now"), _until(until, now))
    if kind == "closed" and opens is not None:
        words, later = _opens(opens, now)
        if later:
            label = pgettext("state", "Opens at %(time)s") % {"time": words}
            return State("shut", "later", label, pgettext("state", "today"))
        return State("shut", "closed", pgettext("state", "Closed now"), words)
    if kind == "closed":
        return State("shut", "closed", pgettext("state", "Closed now"))
    return State("call", "call", pgettext("state", "Hours not known"), pgettext("state", "ask before you go"))


def _until(until: datetime | None, now: datetime) -> str:
    if until is None:
        return pgettext("state", "day and night")
    local, today = until.astimezone(clock.ATHENS), now.astimezone(clock.ATHENS).date()
    days = (local.date() - today).days
    if days == 0 or (days == 1 and local.hour == 0 and local.minute == 0):
        return pgettext("state", "until %(time)s") % {"time": clock_time(until) if days == 0 else "24:00"}
    if days == 1:
        return pgettext("state", "until tomorrow %(time)s") % {"time": clock_time(until)}
    return pgettext("state", "until %(weekday)s %(time)s") % {
        "weekday": weekday(local.date()),
        "time": clock_time(until),
    }


def labels(choices: type, codes: list[str]) -> list[str]:
    """The public words of codes, in order."""
    return [str(choices(code).label) for code in codes if code in choices.values]  # type: ignore[attr-defined]


def language_names(codes: list[str]) -> list[registry.Language]:
    """Languages by their own names."""
    return [registry.get(code) for code in codes if code in registry.LANGUAGES]
