"""What the pages of cities show: counts, organizations, whom to ask. From the index alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import pgettext

from sympolity.kit.actor import Actor
from sympolity.kit.fold import fold
from sympolity.languages.texts import Said
from sympolity.people.enums import OrganizationKind
from sympolity.portal import finding, growth, mapping, notices, truth, words
from sympolity.portal import map as maps
from sympolity.portal.site import Member, Need, Owner, Site, best
from sympolity.search import tiles

__all__ = ["City", "Door", "all_cities", "city", "municipality_of", "region_of", "urgent"]

CARDS = 4  # services shown on the page of a city
OWNERS = 40
NEAREST = 5
LONGEST_NAME = 80  # characters of a name that is looked for
FEW = 10  # with fewer services than this the page leads to the cities around


@dataclass(frozen=True, slots=True)
class Door:
    """A need with the number of services for it, and where to press. ``elsewhere``: none in this city."""

    need: Need
    count: int
    url: str
    elsewhere: bool = False


@dataclass(frozen=True, slots=True)
class Membership:
    """A network that a city is a member of, and since when, in words."""

    slug: str
    name: Said
    short: Said
    since: str


@dataclass(frozen=True, slots=True)
class City:
    """A municipality in a list. ``distance`` is told where it was asked from somewhere."""

    slug: str
    url: str
    name: Said
    count: int
    memberships: list[Membership]
    distance: str = ""
    number: int = 0


@dataclass(frozen=True, slots=True)
class Provider:
    """An organization with the number of services it has in a city."""

    owner: Owner
    kind: str
    url: str
    count: int


def _ask(actor: Actor, lang: str, asked: Mapping[str, str], *, facets: bool = False, limit: int = 1) -> finding.Found:
    return finding.find(QueryDict(urlencode(asked)), actor=actor, lang=lang, facets=facets, limit=limit)


def _find(lang: str, asked: Mapping[str, str]) -> str:
    return f"/{lang}/find/?{urlencode(asked)}"


def municipality_of(here: Site, slug: str) -> str:
    """The municipality that an area is or lies in; "" when there is none."""
    return next((one for one in here.line(slug) if here.areas[one]["kind"] == "municipality"), "")


def urgent(here: Site, lang: str, counts: Mapping[str, int] | None = None, slug: str = "") -> list[Door]:
    """The needs that cannot wait. In a city that has none for one, the door leads to all cities."""
    needs = [need for need in here.needs(lang) if need.emergency and need.parent]
    found: list[Door] = []
    for need in needs:
        count = (counts or {}).get(need.slug, 0)
        asked = {"in": slug} if slug and count else {}
        found.append(Door(need, count, _find(lang, {"need": need.slug} | asked), elsewhere=bool(slug and not count)))
    return found


def city(slug: str, *, actor: Actor, lang: str, now: datetime) -> dict[str, Any]:
    """The page of a municipality. Raises ``IndexAway``."""
    found = _ask(actor, lang, {"in": slug}, facets=True)
    here, total, name = found.site, found.answer.total, found.site.area_name(slug, lang)
    needs = found.answer.facets.get("need", {})
    areas = found.answer.facets.get("in", {})
    doors = [
        Door(need, needs.get(need.slug, 0), _find(lang, {"need": need.slug, "in": slug}))
        for need in here.needs(lang, "")
    ]
    providers = _providers(here, lang, slug, found.answer.facets.get("organization", {}))
    contact = _contact(here, lang, slug)
    shown = _shown(found, actor, lang, slug)
    drawing = mapping.of_city(here, lang, slug, shown["items"])
    return {
        "slug": slug,
        "name": name,
        "crumbs": [{"label": pgettext("navigation", "Cities"), "url": f"/{lang}/cities/"}, {"label": name}],
        "region": _region(here, lang, slug),
        "board": notices.of_city(here, slug, lang, now),
        "total": total,
        "truth": truth.of_city(slug, actor, now) if total else None,
        "hidden": [{"name": "in", "value": slug}],
        "doors": [door for door in doors if door.count],
        "empty_doors": [door for door in doors if not door.count and not door.need.fallback],
        "city_url": _find(lang, {"in": slug}),
        "by_phone": _ask(actor, lang, {"access": "by_phone"}).answer.total,
        "by_phone_url": _find(lang, {"access": "by_phone"}),
        "providers": providers[:OWNERS],
        "more_providers": max(0, len(providers) - OWNERS),
        "contact": contact,
        "contact_is_centre": contact is not None and contact.kind == OrganizationKind.COORDINATION_CENTRE,
        "neighbourhoods": [(name, areas.get(one, 0), _find(lang, {"in": one})) for one, name in here.children(slug, lang)],
        "memberships": _memberships(here.members().get(slug, []), lang),
        "nearby": _nearby(here, lang, slug, areas) if total < FEW else [],
        "helplines": here.helplines(lang),
        "urgent": urgent(here, lang, needs, slug),
        "example": any(one.owner.example for one in providers),
        "drawing": drawing,
        **shown,
    }  # fmt: skip


def _shown(found: finding.Found, actor: Actor, lang: str, slug: str) -> dict[str, Any]:
    """A few services: those open now, else those confirmed last."""
    if not found.answer.total:
        return {"items": [], "open_count": 0}
    asked = {"in": slug} | ({"open": "now"} if found.answer.open_count else {"sort": "confirmed"})
    items = _ask(actor, lang, asked, limit=CARDS).items
    if found.answer.open_count:  # those whose hours nobody knows come after them
        items = items[: found.answer.open_count]
    return {"items": items, "open_count": found.answer.open_count, "items_url": _find(lang, asked)}


def _region(here: Site, lang: str, slug: str) -> Said:
    return next(
        (here.area_name(one, lang) for one in here.line(slug) if here.areas[one]["kind"] == "region"), Said("", lang)
    )


def _memberships(rows: list[Member], lang: str) -> list[Membership]:
    return [
        Membership(
            row.network,
            row.name(lang),
            best(row.texts, "short", lang, row.lang) or row.name(lang),
            growth.since(row.since, row.precision),
        )
        for row in rows
    ]


def _providers(here: Site, lang: str, slug: str, counts: Mapping[str, int]) -> list[Provider]:
    """Who offers something in the city or has its seat there; those with most to offer first."""
    known = {one: owner for one in counts if (owner := here.owner(one, lang)) is not None}
    inside = [slug, *(child for child, _ in here.children(slug, lang))]
    known |= {owner.id: owner for owner in here.owners(lang, (), inside)}
    found = [
        Provider(owner, _kind(owner), f"/{lang}/{owner.path}", counts.get(owner.id, 0)) for owner in known.values()
    ]
    return sorted(found, key=lambda row: (-row.count, fold(row.owner.name.body), row.owner.id))


def _kind(owner: Owner) -> str:
    return str(OrganizationKind(owner.kind).label) if owner.kind in OrganizationKind.values else ""


def _contact(here: Site, lang: str, slug: str) -> Owner | None:
    """The coordination centre nearest above the city, else the municipality; only with a way to reach it."""
    for area in here.line(slug):
        for owner in here.owners(lang, {OrganizationKind.COORDINATION_CENTRE}, {area}):
            if owner.reachable:
                return owner
    own = here.owners(lang, {OrganizationKind.MUNICIPALITY}, {slug})
    return next((owner for owner in own if owner.reachable), None)


def _nearby(here: Site, lang: str, slug: str, counts: Mapping[str, int]) -> list[City]:
    """The nearest cities in which there is something, with the distance between the town halls."""
    start = _point(here, slug)
    if start is None:
        return []
    far: list[tuple[float, str]] = []
    for one, _ in here.municipalities(lang):
        point = _point(here, one)
        if one != slug and point is not None and counts.get(one):
            far.append((tiles.distance(start, point), one))
    return [
        City(one, f"/{lang}/city/{one}/", here.area_name(one, lang), counts[one], [], words.kilometres(km))
        for km, one in sorted(far)[:NEAREST]
    ]


def _point(here: Site, slug: str) -> tuple[float, float] | None:
    card = here.areas[slug]
    return (card["lat"], card["lon"]) if card["lat"] is not None and card["lon"] is not None else None


def all_cities(*, actor: Actor, lang: str, now: datetime, asked: str = "") -> dict[str, Any]:
    """Municipalities below their region, numbered as on the map: all, or where the whole country is known those
    that are members or have something. ``asked``: the name of a place to look up. Raises ``IndexAway``."""
    found = _ask(actor, lang, {}, facets=True)
    here, counts, members = found.site, found.answer.facets.get("in", {}), found.site.members()
    groups: dict[str, list[City]] = {}
    filled = {slug for slug, count in counts.items() if count}
    rows = [(_region(here, lang, slug), slug, name) for slug, name in here.listed(lang, filled)]
    rows.sort(key=lambda row: (not row[0], fold(row[0].body), fold(row[2].body)))
    for number, (region, slug, name) in enumerate(rows, 1):
        known = _memberships(members.get(slug, []), lang)
        one = City(slug, f"/{lang}/city/{slug}/", name, counts.get(slug, 0), known, number=number)
        groups.setdefault(region.body, []).append(one)
    every = [one for group in groups.values() for one in group]
    return {
        "regions": [
            (_region(here, lang, group[0].slug), _region_slug(here, group[0].slug), group) for group in groups.values()
        ],
        "total": len(every),
        "others": len(here.municipalities(lang)) - len(every),
        "asked": asked[:LONGEST_NAME],
        "matches": _named(here, lang, asked[:LONGEST_NAME], counts),
        "in_force": len(here.notices(lang, now)),
        "drawing": _map(here, every),
        "moves": {},
    }


def _named(here: Site, lang: str, asked: str, counts: Mapping[str, int]) -> list[City]:
    """The municipalities that a name may mean, or in which the named place lies."""
    slugs = (municipality_of(here, match.slug) for match in here.gazetteer.find(asked, lang=lang))
    return [
        City(slug, f"/{lang}/city/{slug}/", here.area_name(slug, lang), counts.get(slug, 0), [])
        for slug in dict.fromkeys(slugs)
        if slug
    ]


def region_of(here: Site, slug: str) -> str:
    """The region that an area is or lies in; "" when there is none."""
    return next((one for one in here.line(slug) if here.areas[one]["kind"] == "region"), "")


def _region_slug(here: Site, slug: str) -> str:
    return region_of(here, slug) or "other"


def _map(here: Site, rows: list[City]) -> maps.Drawing | None:
    """Pins that lead to the cities; of very many, those with most services."""
    first = sorted(rows, key=lambda row: (-row.count, row.number))[: maps.MOST_PINS]
    spots = [(row, point) for row in sorted(first, key=lambda row: row.number) if (point := _point(here, row.slug))]
    if not spots:
        return None
    frame = maps.Frame.fit([point for _, point in spots])
    pins = [maps.Pin(*point, row.number, row.name.body, row.url, "" if row.count else "shut") for row, point in spots]
    return maps.draw(frame, pins=pins)
