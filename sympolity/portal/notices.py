"""Notices in words: which of them stand where, how grave they are, until when."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.translation import pgettext

from sympolity.kit import clock
from sympolity.languages.texts import Said
from sympolity.portal import words
from sympolity.portal.site import Notice, Site

__all__ = ["Board", "Card", "everywhere", "of_city", "of_home"]

ON_HOME = 3
BRIEF = 300  # characters of a body where a notice stands above other things
WHOLE, FIRST, NONE = "whole", "first paragraph", "title alone"
TONES = {"danger": "stop", "warning": "call", "info": "info"}


@dataclass(frozen=True, slots=True)
class Card:
    """A notice as ``portal/_notice.html`` shows it. ``cut``: the body goes on, on the page of all notices.

    ``original``: title and body as they were written, where a machine translated them: a warning must not
    hang on its mistakes (experience.md, safety texts).
    """

    notice: Notice
    tone: str
    severity: str
    body: Said
    original: tuple[Said, ...]
    cut: bool
    until: str


@dataclass(frozen=True, slots=True)
class Board:
    """What stands on a page, and how many more are in force."""

    cards: list[Card]
    more: int = 0


def _severity(code: str) -> str:
    return {
        "danger": pgettext("severity of a notice", "Danger"),
        "warning": pgettext("severity of a notice", "Warning"),
        "info": pgettext("severity of a notice", "Good to know"),
    }[code]


def _cards(rows: Iterable[Notice], now: datetime, shows: Callable[[Notice], str]) -> list[Card]:
    today = now.astimezone(clock.ATHENS).date()
    found: list[Card] = []
    for row in rows:
        body = _brief(row.body, shows(row))
        day = words.day_words(row.until.astimezone(clock.ATHENS).date(), today)
        until = pgettext("notice", "until %(date)s, %(time)s") % {"date": day, "time": words.clock_time(row.until)}
        cut = body.body != row.body.body
        doubted = row.title.machine or row.body.machine
        original = (row.original[0], _brief(row.original[1], shows(row))) if doubted else ()
        found.append(Card(row, TONES[row.severity], _severity(row.severity), body, original, cut, until))
    return found


def _brief(body: Said, how: str) -> Said:
    """The body, its first paragraph (of a long one the first words), or nothing."""
    if how == WHOLE:
        return body
    first = body.body.split("\n\n", 1)[0] if how == FIRST else ""
    if len(first) > BRIEF:
        first = f"{first[:BRIEF].rsplit(None, 1)[0]} …"
    return replace(body, body=first)


def everywhere(here: Site, lang: str, now: datetime) -> Board:
    """All notices in force, the gravest first, then by area."""
    return Board(_cards(here.notices(lang, now), now, lambda _: WHOLE))


def of_home(here: Site, lang: str, now: datetime) -> Board:
    """Those for the whole country, and danger wherever it is, in few words; the others are counted."""
    rows = here.notices(lang, now)
    shown = [row for row in rows if row.severity == "danger" or here.areas[row.area]["kind"] == "country"][:ON_HOME]
    return Board(_cards(shown, now, lambda row: FIRST if row.severity == "danger" else NONE), len(rows) - len(shown))


def of_city(here: Site, slug: str, lang: str, now: datetime) -> Board:
    """Those for a city, for what it lies in, and for its neighbourhoods."""
    inside = [child for child, _ in here.children(slug, lang)]
    rows = here.notices(lang, now, {*here.line(slug), *inside})
    return Board(_cards(rows, now, lambda row: WHOLE if row.severity == "danger" else FIRST))
