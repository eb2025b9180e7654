"""How true the directory is: one line on the page of a city, a page about the method, a table for everybody."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from io import StringIO

from django.core.cache import cache

from sympolity.directory import rules
from sympolity.directory.truth import figures
from sympolity.directory.truth.figures import WINDOW
from sympolity.kit import clock
from sympolity.kit.actor import Actor
from sympolity.portal import site
from sympolity.search import engine

__all__ = ["COLUMNS", "KEPT", "Line", "as_csv", "lines", "of_city"]

KEPT = 600  # seconds: the tables are asked once in so long, however many ask
COLUMNS = (
    "date",
    "area",
    "ypes_code",
    "lau_code",
    "listed",
    "confirmed_90_days",
    "never_confirmed",
    "call_first",
    "left_lists",
)
COUNTRY = "all"  # in the column of the area


@dataclass(frozen=True, slots=True)
class Line:
    """One municipality, or the whole country (``area`` "all"). Counts as in ``directory.truth.figures.Truth``."""

    area: str
    ypes: str
    lau: str
    listed: int
    confirmed: int
    never: int
    call_first: int
    left: int


@dataclass(frozen=True, slots=True)
class City:
    """The line on the page of a city."""

    listed: int
    confirmed: int


def of_city(slug: str, actor: Actor, now: datetime) -> City:
    """From the index: what this reader finds there, and how much of it is confirmed. Raises ``IndexAway``."""
    since = now.astimezone(clock.ATHENS).date() - timedelta(days=WINDOW)
    found = engine.confirmed_count(site.READER, keys=rules.keys(actor), now=now, since=since, filters=(f"in:{slug}",))
    return City(*found)


def lines(today: date) -> list[Line]:
    """All lines as they are known, at most :data:`KEPT` seconds old."""
    key = f"portal.truth:{today}"
    known: list[Line] | None = cache.get(key)
    if known is None:
        known = [_line(one) for one in figures.by_city(today)]
        cache.set(key, known, KEPT)
    return known


def _line(one: figures.Truth) -> Line:
    area = one.area
    codes = (area.slug, area.ypes_code, area.lau_code) if area else (COUNTRY, "", "")
    return Line(*codes, one.listed, one.confirmed, one.never, one.call_first, one.left)


def as_csv(today: date) -> str:
    """The table (RFC 4180), without names: codes are the same in every language."""
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for one in lines(today):
        writer.writerow([
            today.isoformat(), one.area, one.ypes, one.lau, one.listed, one.confirmed, one.never, one.call_first, one.left,
        ])  # fmt: skip
    return out.getvalue()
