"""What a page says of a service or an organization, as schema.org data in JSON-LD.

Made from what everybody may read, whoever reads the page: a curator's page of a hidden place carries the same
data as the public one. Nothing is said of services that are not public, have left the lists, or have ended.

A service of a municipality, a coordination centre of municipalities or a state body is a GovernmentService;
others are a Service: schema.org keeps the first for what government organizations provide.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

from django.utils.safestring import SafeString

from sympolity.directory import rules
from sympolity.directory.enums import Audience, Cost, LocationKind, ServiceStatus
from sympolity.directory.queries import Dossier, Place
from sympolity.kit import clock
from sympolity.kit.hours import DatedException, Day, Hours
from sympolity.languages.texts import Bundle, Said
from sympolity.people.enums import OrganizationKind, OrganizationState
from sympolity.people.models import Organization
from sympolity.places.models import AreaKind
from sympolity.portal.addresses import absolute
from sympolity.portal.site import Site

__all__ = ["organization", "service"]

Node = dict[str, Any]
_SCHEMA = "https://schema.org"
_STATE = frozenset({OrganizationKind.MUNICIPALITY, OrganizationKind.COORDINATION_CENTRE, OrganizationKind.STATE_BODY})
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_AREAS = {AreaKind.COUNTRY: "Country", AreaKind.NEIGHBOURHOOD: "Place"}  # others: AdministrativeArea
_DAY = 1440  # minutes
_WEEKS = 4  # told one by one where they differ
_HOLIDAYS = timedelta(days=60)  # how far ahead the hours of public holidays are told
_FURTHEST = timedelta(days=400)  # and those of dated exceptions
# In a data block "<" could end the block or begin a comment; the others are for readers that take it for HTML or script.
_ESCAPES = {ord(char): f"\\u{ord(char):04x}" for char in "<>&\u2028\u2029"}


def service(dossier: Dossier, *, lang: str, here: Site | None, now: datetime) -> SafeString:
    """The data of the page of a service in ``lang``; empty where nothing may be said."""
    today = now.astimezone(clock.ATHENS).date()
    row = dossier.service
    told = row.audience == Audience.PUBLIC and row.status in rules.LISTED_STATUS
    if not told or row.organization.status != OrganizationState.APPROVED or dossier.standing.is_gone(today):
        return SafeString()
    said = dossier.texts
    url = absolute(f"/{lang}/service/{row.id}/")
    # The page says "call before you go" where hours are old or it is closed for a time; data cannot say it, so it is silent.
    sure = row.status == ServiceStatus.ACTIVE and not dossier.standing.must_call(today)
    return _block({
        "@type": "GovernmentService" if _is_state(row.organization) else "Service",
        "@id": row.id.urn,
        "name": _words(said.said("name", lang), lang),
        "description": _words(said.said("description", lang) or said.said("summary", lang), lang),
        "url": url,
        "mainEntityOfPage": {"@type": "WebPage", "@id": url, "inLanguage": lang},
        "serviceType": [_words(here.need(need.slug, lang).label, lang) for need in dossier.categories if here and here.has_need(need.slug)],
        "provider": _provider(dossier, lang),
        "areaServed": _served(dossier, lang, here),
        "availableChannel": [
            one
            for one in [_channel(place, dossier, lang, here, today, sure=sure) for place in dossier.places]
            or [_reach(dossier)]
            if len(one) > 1
        ],
        "hoursAvailable": [*_usual(_shown(dossier), today), *_dated(_shown(dossier), today)] if sure else [],
        **_cost(row.cost),
    })  # fmt: skip


def organization(row: Organization, bundle: Bundle, *, lang: str, here: Site | None) -> SafeString:
    """The data of the page of an organization; empty while only some may see it."""
    if row.status != OrganizationState.APPROVED or row.anonymous:
        return SafeString()
    url = absolute(f"/{lang}/organization/{row.id}/")
    area = row.area.slug if row.area else ""
    return _block({
        "@type": _kind(row.kind),
        "@id": row.id.urn,
        "name": _words(bundle.said("name", lang), lang),
        "description": _words(bundle.said("description", lang), lang),
        "url": url,
        "mainEntityOfPage": {"@type": "WebPage", "@id": url, "inLanguage": lang},
        "sameAs": row.url,
        "telephone": row.phone,
        "email": row.email,
        "areaServed": _area(area, lang, here),
    })  # fmt: skip


def _block(node: Node) -> SafeString:
    text = json.dumps({"@context": _SCHEMA, **_full(node)}, ensure_ascii=False, separators=(",", ":"))
    return SafeString(text.translate(_ESCAPES))


def _full(node: Node) -> Node:
    """Without what is empty: silence, not an empty claim. A cost of nothing and "not free" are claims."""
    return {name: value for name, value in node.items() if value or value == 0}


def _words(said: Said, lang: str) -> str | Node:
    """Words in the language of the page as they are; others name their language."""
    if not said or said.lang == lang:
        return said.body
    return {"@value": said.body, "@language": said.lang}


def _is_state(row: Organization) -> bool:
    """Whether a state body is said to provide it; the kind of one that hides would name it in a small town."""
    return row.kind in _STATE and not row.anonymous


def _kind(kind: str) -> str:
    if kind in _STATE:
        return "GovernmentOrganization"
    return "NGO" if kind == OrganizationKind.NGO else "Organization"


def _provider(dossier: Dossier, lang: str) -> Node:
    row = dossier.service.organization
    if row.anonymous:
        return {}
    return {
        "@type": _kind(row.kind),
        "@id": row.id.urn,
        "name": _words(dossier.organization.said("name", lang), lang),
        "url": absolute(f"/{lang}/organization/{row.id}/"),
    }


def _area(slug: str, lang: str, here: Site | None) -> Node:
    card = here.areas.get(slug) if here else None
    if here is None or card is None or card["kind"] == AreaKind.OUTSIDE:
        return {}
    return {"@type": _AREAS.get(card["kind"], "AdministrativeArea"), "name": _words(here.area_name(slug, lang), lang)}


def _served(dossier: Dossier, lang: str, here: Site | None) -> list[Node]:
    """Where people must live, if that is said; else the areas of the places."""
    slugs = [_slug(dossier.service.residence_area_id, here)] if dossier.service.residence_area_id else []
    slugs = slugs or list(dict.fromkeys(place.location.area.slug for place in dossier.places))
    return [area for slug in slugs if (area := _area(slug, lang, here))]


def _slug(area: UUID, here: Site | None) -> str:
    wanted = str(area)
    return next((slug for slug, card in here.areas.items() if card["id"] == wanted), "") if here else ""


def _cost(cost: str) -> Node:
    if cost == Cost.FREE:
        return {"isAccessibleForFree": True, "offers": {"@type": "Offer", "price": 0, "priceCurrency": "EUR"}}
    return {} if cost == Cost.UNKNOWN else {"isAccessibleForFree": False}


def _reach(dossier: Dossier) -> Node:
    """By phone and on the web, in the languages that are spoken, with interpreters too."""
    row = dossier.service
    languages = list(dict.fromkeys([*row.languages, *row.interpretation]))  # our codes are BCP 47
    phone = {"@type": "ContactPoint", "telephone": row.phone, "email": row.email} if row.phone or row.email else {}
    node = _full({"availableLanguage": languages, "servicePhone": _full(phone), "serviceUrl": row.url})
    return {"@type": "ServiceChannel", **node} if node else {}


def _channel(place: Place, dossier: Dossier, lang: str, here: Site | None, today: date, *, sure: bool) -> Node:
    where = {} if place.location.kind == LocationKind.VIRTUAL else _place(place, dossier, lang, here)
    if where and sure:
        where |= _full({
            "openingHoursSpecification": _usual(place.hours, today),
            "specialOpeningHoursSpecification": _dated(place.hours, today),
        })  # fmt: skip
    return {"@type": "ServiceChannel", **_reach(dossier), **_full({"serviceLocation": where})}


def _place(place: Place, dossier: Dossier, lang: str, here: Site | None) -> Node:
    """A place; of one that is not public its area and nothing else."""
    location = place.location
    area = (
        here.area_name(location.area.slug, lang) if here and location.area.kind != AreaKind.OUTSIDE else Said("", lang)
    )
    address: Node = {"@type": "PostalAddress", "addressLocality": _words(area, lang)}
    if not place.shows_address:
        return {"@type": "Place", "address": _full(address)}
    said = place.texts
    address |= {"streetAddress": _words(said.said("address", lang), lang), "postalCode": location.postal_code}
    node: Node = {"@type": "Place", "name": _words(said.said("name", lang), lang), "address": _full(address)}
    # The points of the example network are invented: they lead to somebody else's house.
    if location.lat is not None and location.lon is not None and not dossier.service.example:
        node["geo"] = {"@type": "GeoCoordinates", "latitude": location.lat, "longitude": location.lon}
    return _full(node)


def _shown(dossier: Dossier) -> Hours:
    """The hours that the table of the page shows: those of the first place that has any."""
    return next((place.hours for place in dossier.places if place.hours.known), dossier.hours)


def _times(start: int, end: int) -> Node:
    """An opening. Past midnight ``closes`` is the smaller; a whole day is written until 23:59, as search engines read it."""
    if end - start >= _DAY:
        return {"opens": "00:00", "closes": "23:59"}
    return {"opens": _clock(start), "closes": _clock(end)}


def _clock(minutes: int) -> str:
    return f"{minutes // 60 % 24:02d}:{minutes % 60:02d}"


def _usual(hours: Hours, today: date) -> list[Node]:
    """The ordinary week, days with the same opening together. Where weeks differ: each of the next, with its dates."""
    if not hours.known:
        return []
    if hours.is_weekly:
        return [_opening(names, span) for span, names in _by_opening(hours.regular())]
    monday = today - timedelta(days=today.weekday())
    weeks = [monday + timedelta(days=7 * number) for number in range(_WEEKS)]
    out: list[Node] = []
    for week, run in groupby(weeks, key=lambda first: [list(day.spans) for day in hours.week(first)]):
        mondays = list(run)
        dates = {"validFrom": str(mondays[0]), "validThrough": str(mondays[-1] + timedelta(days=6))}
        out += [_opening(names, span) | dates for span, names in _by_opening(week)]
    return out


def _by_opening(week: list[list[tuple[int, int]]]) -> Iterable[tuple[tuple[int, int], list[str]]]:
    """Openings, each with the days of the week on which it is."""
    days: dict[tuple[int, int], list[str]] = {}
    for name, spans in zip(_DAYS, week, strict=True):
        for span in spans:
            days.setdefault(span, []).append(f"{_SCHEMA}/{name}")
    return days.items()


def _opening(days: list[str], span: tuple[int, int]) -> Node:
    return {"@type": "OpeningHoursSpecification", "dayOfWeek": days, **_times(*span)}


def _dated(hours: Hours, today: date) -> list[Node]:
    """Days to come on which other hours hold: dated exceptions, and public holidays where the rules name them."""
    runs = groupby(enumerate(_unusual(hours, today)), key=lambda one: (one[1].date.toordinal() - one[0], one[1].spans))
    out: list[Node] = []
    for (_, spans), run in runs:
        days = [day for _, day in run]
        dates = {"validFrom": str(days[0].date), "validThrough": str(days[-1].date)}
        # Closed: an opening of no length, which every reader understands.
        times = [_times(*span) for span in spans] or [{"opens": "00:00", "closes": "00:00"}]
        out += [{"@type": "OpeningHoursSpecification", **dates, **one} for one in times]
    return out


def _unusual(hours: Hours, today: date) -> Iterator[Day]:
    """Every day to come of a dated exception, and holidays soon that are not as their day of the week is."""
    soon = (
        today + _HOLIDAYS if "PH" in hours.spec and hours.is_weekly else today
    )  # without such a rule holidays change nothing
    usual = hours.regular() if hours.is_weekly else []
    for monday in _mondays(hours.exceptions, today, soon):
        for day in hours.week(monday):
            holiday = day.is_holiday and day.date <= soon and list(day.spans) != usual[day.date.weekday()]
            if day.date >= today and (day.is_exception or holiday):
                yield day


def _mondays(exceptions: Iterable[DatedException], today: date, soon: date) -> Iterator[date]:
    """The weeks that may hold such days."""
    monday = today - timedelta(days=today.weekday())
    last = min(today + _FURTHEST, max([soon, *(one.last for one in exceptions)]))
    while monday <= last:
        sunday = monday + timedelta(days=6)
        if monday <= soon or any(one.first <= sunday and one.last >= monday for one in exceptions):
            yield monday
        monday += timedelta(days=7)
