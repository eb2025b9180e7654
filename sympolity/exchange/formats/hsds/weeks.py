"""The hours of a service among those of the service, of its places, and of both together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sympolity.exchange.formats.hsds import hours
from sympolity.exchange.formats.hsds.hours import Doubt
from sympolity.exchange.formats.hsds.kinds import name_of
from sympolity.exchange.formats.hsds.places import Place
from sympolity.exchange.formats.hsds.words import Taker, paragraphs
from sympolity.kit import clock

__all__ = ["Weeks", "weeks_of"]

_LISTS = ("schedules", "regular_schedules")
_USED = ("valid_from", "valid_to", "until", "dtstart", "freq", "interval", "byday", "weekday", "opens_at", "closes_at")
_EXCEPTIONS = 60
_WORDS = 40  # schedules whose words are told

Rows = list[tuple[str, Mapping[str, Any]]]


class Weeks:
    """What the schedules say. ``words``: for people to read; ``ends_on``: ISO day after which there is nothing more."""

    def __init__(self) -> None:
        self.spec = ""
        self.words: list[str] = []
        self.exceptions: list[dict[str, Any]] = []
        self.ends_on = ""
        self.url = ""


def weeks_of(raw: Mapping[str, Any], places: Sequence[Place], take: Taker) -> Weeks:
    """The hours: those of the service itself, else those that all its places share."""
    found = Weeks()
    own = take.rows(raw, "", *_LISTS)
    at_places = [_of_place(place, take) for place in places]
    rows = [own, *at_places]
    if own:
        found.spec = _certain(own, take)
    elif any(at_places):
        found.spec = _shared(places, at_places, take, found)
    for path, row in (one for group in rows for one in group):
        words = paragraphs(take.text(row, path, "description"), take.text(row, path, "notes"))
        if words and words not in found.words and len(found.words) < _WORDS:
            found.words.append(words)
        if words:
            take.whole(path)
        link = take.url(row, path, "schedule_link")
        if link and found.url and link != found.url:
            take.used.discard(f"{path}schedule_link")
        found.url = found.url or link
    last = hours.last_day([row for group in rows for _, row in group])
    if last:
        found.ends_on = last.isoformat()
        take.used |= {f"{path}until" for group in rows for path, _ in group}
    _exceptions(raw, places, take, found)
    return found


def _of_place(place: Place, take: Taker) -> Rows:
    """The rows of a service at a place; else those of the place."""
    return take.rows(place.at, place.at_path, *_LISTS) or take.rows(place.row, place.path, *_LISTS)


def _certain(rows: Rows, take: Taker) -> str:
    """The hours of rows as opening_hours; "" with a note when they are in doubt."""
    try:
        spec = hours.opening_hours([row for _, row in rows], clock.local_today())
    except Doubt as doubt:
        take.notes.append(f"{rows[0][0].rstrip('.')}: hours are left out, {doubt}")
        return ""
    _use(rows, take)
    return spec


def _use(rows: Rows, take: Taker) -> None:
    for path, row in rows:
        take.whole(path)
        take.used |= {f"{path}{key}" for key in _USED if row.get(key) not in (None, "")}


def _shared(places: Sequence[Place], groups: list[Rows], take: Taker, found: Weeks) -> str:
    """The hours when every place has the same; else each place's hours in words beside its name."""
    specs: list[str] = []
    for rows in groups:
        specs.append(_certain(rows, take) if rows else "")
    if len(set(specs)) == 1:
        return specs[0]
    for place, spec in zip(places, specs, strict=True):
        name = place.data.get("name") or place.data.get("address") or place.data.get("locality")
        if spec and name:
            found.words.append(f"{name}: {spec}")
    take.notes.append("places have different hours; they are told in words")
    return ""


def _exceptions(raw: Mapping[str, Any], places: Sequence[Place], take: Taker, found: Weeks) -> None:
    """Dated exceptions of the service; those of its place when there is one place only."""
    rows = take.rows(raw, "", "holiday_schedules")
    for place in places:
        of_place = take.rows(place.row, place.path, "holiday_schedules")
        if of_place and len(places) == 1:
            rows += of_place
        elif of_place:
            take.notes.append(f"{place.path}holiday_schedules: one of several places; left out")
    seen: set[str] = set()
    for number, (path, row) in enumerate(rows):
        key = name_of(row.get("id")) or f"day-{number + 1}"
        if key in seen or len(seen) >= _EXCEPTIONS:
            continue
        try:
            day = hours.exception_of(row)
        except (Doubt, ValueError) as error:
            take.notes.append(f"{path}start_date, end_date: {error}; left out")
            continue
        seen.add(key)
        found.exceptions.append({
            "key": key, "first": day.first.isoformat(), "last": day.last.isoformat(), "hours": day.hours, "note": "",
        })  # fmt: skip
        take.whole(path)
        take.used |= {
            f"{path}{name}"
            for name in ("id", "start_date", "end_date", "closed", "opens_at", "closes_at")
            if row.get(name) not in (None, "")
        }
