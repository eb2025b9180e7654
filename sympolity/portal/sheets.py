"""Sheets for the printer: a service, or a list, in two languages side by side.

A sheet is read without us: it says what the public may know and nothing else, whoever prints it,
and only what stays true for a while (no "open now", no free places).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from babel.dates import format_date
from django.http import QueryDict
from django.utils import translation

from sympolity.directory.enums import ServiceStatus
from sympolity.directory.models import Service
from sympolity.directory.queries import Dossier, Place, dossiers, visible_to
from sympolity.kit import clock
from sympolity.kit.actor import PUBLIC
from sympolity.kit.hours import Hours
from sympolity.languages import registry
from sympolity.languages.texts import Bundle, Said
from sympolity.people.queries import organizations_visible_to
from sympolity.portal import face, filters, finding, passing, sheet_words, words
from sympolity.portal.site import Site

__all__ = ["PAPERS", "Side", "choices", "list_sheet", "other_language", "paper_of", "service_sheet"]

Spans = tuple[tuple[int, int], ...]  # minutes of a day

PAPERS = ("a4", "a6")
WEEKS = 4  # that must be alike, holidays and exceptions apart, for a table of weekdays
DATES = 6  # openings that are named when weeks are not alike
CLOSED_ON_HOLIDAYS = re.compile(r"\bPH (?:off|closed)\b")
LATIN_DIGITS = {0x0660 + n: str(n) for n in range(10)} | {0x06F0 + n: str(n) for n in range(10)}


@dataclass(frozen=True, slots=True)
class Line:
    """Words of a sheet. ``tag``: what the reader must know of them (another language, outdated);
    ``value``: times or a number, left to right; ``closed``: on these days."""

    said: Said
    tag: str = ""
    value: str = ""
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Fact:
    """A label with its lines."""

    label: Said
    lines: list[Line]


@dataclass(slots=True)
class Side:
    """One language of a sheet. ``labels`` may be in another one (``label_lang``)."""

    lang: str
    dir: str
    label_lang: str
    labels: dict[str, Said]
    name: Line = field(default_factory=lambda: Line(Said("", "en")))
    organization: Line = field(default_factory=lambda: Line(Said("", "en")))
    facts: dict[str, Fact] = field(default_factory=dict)
    dates: list[Said] = field(default_factory=list)
    drafted: bool = False  # a machine wrote some of the words: said once, at the end

    def line(self, said: Said) -> Line:
        """Words with what must be said of them: that they are in another language, or old."""
        notes = [registry.get(said.lang).name] if said and said.lang != self.lang else []
        notes += [self.labels["outdated"].body] if said.outdated else []
        self.drafted = self.drafted or said.machine
        return Line(said, " · ".join(notes))

    def own(self, words: str, value: str = "") -> Line:
        """Our own words, in the language of the labels."""
        return Line(Said(words, self.label_lang), "", value)

    def joined(self, parts: Iterable[str]) -> str:
        with translation.override(self.label_lang):
            return sheet_words.joined([part for part in parts if part])

    def label(self, name: str) -> Line:
        return Line(self.labels[name])

    def dated(self, name: str, day: date) -> Said:
        """A label and a day, both in the language of the labels."""
        return Said(f"{self.labels[name]} {_day(day, self.label_lang, 'd MMMM y')}", self.label_lang)

    def lines(self, *said: Said) -> list[Line]:
        return [self.line(one) for one in said if one]


def other_language(asked: str, reader: str, spoken: Iterable[str]) -> str:
    """The second language of a sheet: the one asked for when we can; else Greek, for Greeks English."""
    usual = "en" if reader == "el" else "el"
    code = registry.canonical(asked[:12]) if asked else None
    return code if code and code != reader and code in {*sheet_words.LANGUAGES, *spoken} else usual


def paper_of(asked: str) -> str:
    """The paper asked for, else A4."""
    return asked if asked in PAPERS else PAPERS[0]


def choices(reader: str, spoken: Iterable[str], chosen: str) -> list[dict[str, Any]]:
    """The languages that can stand beside the reader's, by their own names."""
    codes = [code for code in registry.LANGUAGES if code in {*sheet_words.LANGUAGES, *spoken} and code != reader]
    return [
        {"value": code, "label": registry.get(code).name, "lang": code, "dir": registry.direction(code), "selected": code == chosen}
        for code in codes
    ]  # fmt: skip


def _side(lang: str) -> Side:
    label_lang = sheet_words.label_language(lang)
    with translation.override(label_lang):
        labels = {name: Said(words, label_lang) for name, words in sheet_words.labels().items()}
        return Side(lang, registry.direction(lang), label_lang, labels)


# --- days and times ---------------------------------------------------------------------------


def _day(day: date, lang: str, pattern: str) -> str:
    known = registry.get(lang)
    return str(format_date(day, pattern, locale=known.cldr or known.code)).translate(LATIN_DIGITS)


def _days(first: date, last: date, lang: str, pattern: str) -> str:
    ends = dict.fromkeys(_day(day, lang, pattern) for day in (first, last))
    return " – ".join(ends)


def _times(spans: Iterable[tuple[int, int]]) -> str:
    return ", ".join(f"{_clock(start)}–{_clock(end)}" for start, end in spans)


def _clock(minutes: int) -> str:
    return "24:00" if minutes == 1440 else f"{minutes // 60 % 24:02d}:{minutes % 60:02d}"


def _weekly(hours: Hours, monday: date) -> list[Spans] | None:
    """Monday to Sunday, when the coming weeks are alike; None when they are not."""
    seen: list[set[Spans]] = [set() for _ in range(7)]
    for week in range(WEEKS):
        for day in hours.week(monday + timedelta(days=7 * week)):
            if not (day.is_holiday or day.is_exception):
                seen[day.date.weekday()].add(tuple(day.spans))
    return None if any(len(spans) > 1 for spans in seen) else [next(iter(spans), ()) for spans in seen]


def _grouped(week: Sequence[Spans]) -> list[tuple[list[tuple[int, int]], Spans]]:
    """Days with the same times together, as runs of days: ([(first, last), …], times); closed days come last."""
    found: dict[Spans, list[tuple[int, int]]] = {}
    for number, spans in enumerate(week):
        runs = found.setdefault(spans, [])
        if runs and runs[-1][1] == number - 1:
            runs[-1] = (runs[-1][0], number)
        else:
            runs.append((number, number))
    return sorted(((runs, spans) for spans, runs in found.items()), key=lambda row: not row[1])


def _hours(side: Side, hours: Hours, today: date) -> list[Line]:
    """The table of hours: days in words, times as numbers."""
    if not hours.known:
        return [side.label("no_hours")]
    monday = today - timedelta(days=today.weekday())
    week = _weekly(hours, monday)
    if week is None:
        return _next_dates(side, hours, today)
    if week == [((0, 1440),)] * 7:
        return [side.own(side.labels["day_and_night"].body, "24/7")]
    lines = []
    for runs, spans in _grouped(week):
        days = [[monday + timedelta(days=number) for number in run] for run in runs]
        names = [_days(first, last, side.lang, "EEEE") for first, last in days]
        lines.append(Line(Said(side.joined(names), side.lang), "", _times(spans), closed=not spans))
    if CLOSED_ON_HOLIDAYS.search(hours.spec):
        lines.append(Line(side.labels["holidays"], closed=True))
    return lines


def _next_dates(side: Side, hours: Hours, today: date) -> list[Line]:
    lines: list[Line] = []
    for start in range(0, 70, 7):
        for day in hours.week(today + timedelta(days=start)):
            if day.spans and len(lines) < DATES:
                lines.append(Line(Said(_day(day.date, side.lang, "EEEE d MMMM"), side.lang), "", _times(day.spans)))
    return [side.label("next_dates"), *lines] if lines else [side.label("no_hours")]


def _exceptions(side: Side, dossier: Dossier, today: date) -> list[Line]:
    lines = []
    for row, bundle in dossier.exceptions:
        if row.last < today:
            continue
        said = Said(_days(row.first, row.last, side.lang, "d MMMM"), side.lang)
        closed = row.hours in {"off", "closed"}
        lines.append(Line(said, "", "" if closed else row.hours.replace("-", "–"), closed))
        lines += side.lines(bundle.said("note", side.lang))
    return lines


# --- the other facts --------------------------------------------------------------------------


def _place(side: Side, place: Place, here: Site | None) -> list[Line]:
    """Where it is: of a place that is not public its area, and that the address is told by phone."""
    location = place.location
    if location.kind == "virtual":
        return [side.label("from_anywhere")]
    known = here is not None and location.area.slug != "elsewhere"
    area = here.area_name(location.area.slug, side.lang) if here and known else Said("", side.lang)
    lines = [] if not place.shows_address else _address(side, place.texts)
    if area:
        lines.append(Line(area, "", location.postal_code if place.shows_address else ""))
    if not place.shows_address:
        lines.append(side.label("hidden"))
    if location.women_only:
        lines.append(side.label("women_only"))
    return lines


def _address(side: Side, said: Bundle) -> list[Line]:
    return side.lines(*(said.said(name, side.lang) for name in ("name", "address", "locality", "nearest_stop")))


def _whom(side: Side, dossier: Dossier) -> list[Line]:
    words = sheet_words.whom(dossier.service)
    return ([side.own(words)] if words else []) + side.lines(dossier.texts.said("eligibility", side.lang))


def _how(side: Side, dossier: Dossier) -> list[Line]:
    """Cost, appointment, and what the organization says of both."""
    service, said = dossier.service, dossier.texts
    words = side.joined([sheet_words.cost(service.cost), sheet_words.access(service.access)])
    return [side.own(words), *side.lines(said.said("how", side.lang), said.said("cost_note", side.lang))]


def _languages(service: Service) -> dict[str, list[registry.Language]]:
    """By their own names: they read the same for everybody."""
    codes = {"speak": service.languages, "interpreter": service.interpretation}
    return {name: words.language_names(given) for name, given in codes.items() if given}


def _take(side: Side, dossier: Dossier) -> list[Line]:
    return [
        line
        for _, said in dossier.documents
        for line in side.lines(said.said("name", side.lang), said.said("note", side.lang))
    ]


def _told_once(lines: list[Line]) -> list[Line]:
    """What holds for several lines in a row is said after the last of them."""
    after = [line.tag for line in lines[1:]] + [""]
    return [replace(line, tag="") if line.tag == tag else line for line, tag in zip(lines, after, strict=True)]


def _fill(side: Side, dossier: Dossier, here: Site | None, today: date) -> Side:
    """All that a side says of a service."""
    said, labels = dossier.texts, side.labels
    side.name = side.line(said.said("name", side.lang))
    side.organization = (
        side.line(dossier.organization.said("name", side.lang)) if dossier.named else side.label("unnamed")
    )
    with translation.override(side.label_lang):
        facts = {
            "what": Fact(labels["what"], side.lines(said.said("summary", side.lang))),
            "where": Fact(labels["where"], [line for place in dossier.places for line in _place(side, place, here)]),
            "take": Fact(labels["take"], _take(side, dossier)),
            "whom": Fact(labels["whom"], _whom(side, dossier)),
            "how": Fact(labels["how"], _how(side, dossier)),
        }  # fmt: skip
    side.facts = {key: Fact(fact.label, _told_once(fact.lines)) for key, fact in facts.items() if fact.lines}
    side.facts["hours"] = Fact(
        labels["hours"], _hours(side, _table(dossier), today) + _exceptions(side, dossier, today)
    )
    side.dates = _dates(side, dossier, today)
    return side


def _table(dossier: Dossier) -> Hours:
    """The hours of the first place that has any, as on the page."""
    return next((place.hours for place in dossier.places if place.hours.known), dossier.hours)


def _dates(side: Side, dossier: Dossier, today: date) -> list[Said]:
    days = [day for group, day in dossier.confirmed.items() if group in {"contact", "hours"}]
    confirmed = side.dated("confirmed", max(days)) if days else side.labels["never_confirmed"]
    return [confirmed, side.dated("printed", today)]


def _warnings(dossier: Dossier, today: date) -> list[str]:
    """Names of the labels that must stand at the top."""
    found = []
    if dossier.standing.has_ended(today):
        found.append("ended")
    elif dossier.standing.must_call(today):
        found.append("call_first")
    if dossier.service.status == ServiceStatus.TEMPORARILY_CLOSED:
        found.append("closed_now")
    return found


ORDER = ("what", "where", "take", "how", "whom")


def service_sheet(dossier: Dossier, *, lang: str, second: str, here: Site | None, now: datetime) -> dict[str, Any]:
    """Everything ``portal/sheet_service.html`` shows."""
    today = now.astimezone(clock.ATHENS).date()
    one, two = (_fill(_side(code), dossier, here, today) for code in (lang, second))
    newcomer = second if lang == "el" else lang
    seen = face.context(dossier, actor=PUBLIC, lang=newcomer, here=here, now=now)
    service = dossier.service
    return {
        "sides": (one, two),
        "warnings": [[(side, side.labels[name]) for side in (one, two)] for name in _warnings(dossier, today)],
        "pairs": [(key, [(side, side.facts[key]) for side in (one, two)]) for key in ORDER if key in one.facts],
        "hours": list(zip(one.facts["hours"].lines, two.facts["hours"].lines, strict=True)),
        "spoken_there": _languages(service),
        "phone": service.phone or service.whatsapp,
        "email": "" if service.phone or service.whatsapp else service.email,
        "door": seen["door"],
        "newcomer": newcomer,
        "drawing": seen.get("drawing"),
        "example": service.example,
        "spoken": dossier.texts.languages(),
        **passing.of_service(dossier),
    }


# --- a list -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Entry:
    """One service (or organization) of a printed list."""

    number: int
    sides: tuple[Side, Side]
    phone: str
    code: str
    example: bool


def list_sheet(given: QueryDict, *, lang: str, second: str) -> dict[str, Any]:
    """Everything ``portal/sheet_list.html`` shows: one page of what Find gives the public. Raises ``IndexAway``."""
    found = finding.find(given, actor=PUBLIC, lang=lang, facets=False)
    today = found.now.astimezone(clock.ATHENS).date()
    ids = [item.id for item in found.items]
    known = {str(row.service.id): row for row in dossiers(visible_to(PUBLIC).filter(id__in=ids))}
    owners = [item.id for item in found.items if item.kind == "organization"]
    phones = (
        {str(row.id): row.phone for row in organizations_visible_to(PUBLIC).filter(id__in=owners)} if owners else {}
    )
    entries = []
    for item in found.items:
        sides = (_side(lang), _side(second))
        if item.kind == "service" and item.id in known:
            dossier = known[item.id]
            for side in sides:
                _fill(side, dossier, found.site, today)
            row = dossier.service
            entries.append(
                Entry(item.number, sides, row.phone or row.whatsapp, passing.shown_code(row.code), row.example)
            )
        elif item.id in phones:
            for side in sides:
                side.name = side.line(item.name)
            entries.append(Entry(item.number, sides, phones[item.id], "", item.example))
    heads = (_side(lang), _side(second))
    for side in heads:
        side.dates = [side.dated("printed", today)]
    return {
        "sides": heads,
        "entries": entries,
        "title": filters.title(found),
        "asked": filters.in_words(found),
        "count": finding.count_words(found.answer.total),
        "total": found.answer.total,
        "first": found.items[0].number if found.items else 0,
        "last": found.items[-1].number if found.items else 0,
        "example": any(entry.example for entry in entries),
        "pairs_of_query": found.query.pairs(),
        "back": found.url(),
        **passing.of_list(found),
    }
