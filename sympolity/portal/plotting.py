"""What the interactive map draws: this page's results, the other places of the answer, words for its parts.

Everything comes from the find index, for the same question and reader as the page. Hidden places stand in the index
with the centre of their area only; they are told as an area, never as a point.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import QueryDict
from django.templatetags.static import static
from django.utils.translation import pgettext

from sympolity.directory import rules
from sympolity.kit import clock
from sympolity.kit.actor import Actor
from sympolity.portal import basemap, boundaries, finding, mapping
from sympolity.portal.map_frame import usable
from sympolity.portal.site import READER, Site, site
from sympolity.search import engine

__all__ = ["MOST", "of_answer", "of_city", "of_organization", "of_service", "setting"]

MOST = 5000  # places beside this page's results
MOST_BOUNDARIES = 12  # values of one filter
ON_A_CARD = 3  # places of one service
_DECIMALS = 5  # of a degree: 1 m


def of_answer(given: QueryDict, *, actor: Actor, lang: str) -> dict[str, Any]:
    """The places of a page of Find. Raises ``IndexAway``."""
    found = finding.find(given, actor=actor, lang=lang, facets=False, reach=MOST)
    return _drawn(found, _others(found)) | _bounded(found.site, _areas(found))


def of_organization(id: UUID, *, actor: Actor, lang: str) -> dict[str, Any]:
    """The places of what one organization offers. Raises ``IndexAway``."""
    given = QueryDict(mutable=True)
    given["organization"] = str(id)
    return _drawn(finding.find(given, actor=actor, lang=lang, facets=False, limit=100), [])


def of_city(slug: str, *, actor: Actor, lang: str) -> dict[str, Any] | None:
    """All places of a municipality, and where it ends; None where there is none of that name. Raises ``IndexAway``."""
    if site().areas.get(slug, {}).get("kind") != "municipality":
        return None
    given = QueryDict(mutable=True)
    given["in"] = slug
    found = finding.find(given, actor=actor, lang=lang, facets=False, reach=MOST)
    every = _others(replace(found, items=[]))
    return {"items": [], "others": every, "total": found.answer.total} | _bounded(found.site, [slug])


def of_service(id: UUID, *, actor: Actor, lang: str) -> dict[str, Any] | None:
    """The places of one service, listed or not; None when this reader may not see it. Raises ``IndexAway``."""
    here, now = site(), clock.now()
    hit = engine.one(READER, f"service:{id}", keys=rules.keys(actor), lang=lang, now=now)
    if hit is None:
        return None
    item = finding.item_of(hit, here, lang, now, 1)
    hidden = [place["area"] for place in hit.card.get("places", ()) if place["visibility"] != "full"]
    return {"items": [_item(item, hit, here, lang)], "others": [], "total": 1} | _bounded(here, hidden)


def _drawn(found: finding.Found, others: list[list[Any]]) -> dict[str, Any]:
    rows = zip(found.items, found.answer.hits, strict=True)
    items = [_item(item, hit, found.site, found.lang) for item, hit in rows]
    return {"items": items, "others": others, "total": found.answer.total}


def _item(item: finding.Item, hit: engine.Hit, here: Site, lang: str) -> dict[str, Any]:
    needs = [here.need(slug, lang).label for slug in hit.card.get("needs", ())[:1] if here.has_need(slug)]
    state = item.state
    return {
        "number": item.number,
        "anchor": item.anchor,
        "url": item.url,
        "name": item.name.body,
        "lang": item.name.lang,
        "need": needs[0].body if needs else "",
        "state": state.css if state else "",
        "says": f"{state.label} {state.more}".strip() if state else "",
        "at": [[*_spot(lat, lon), int(exact)] for lat, lon, exact in item.points[:ON_A_CARD] if usable(lat, lon)],
    }


def _others(found: finding.Found) -> list[list[Any]]:
    """[longitude, latitude, whether it is the place itself] of what stands on other pages of the list.

    Names are asked for when somebody presses one: with them the answer would be three times as large.
    """
    first = found.items[0].number - 1 if found.items else 0
    here = range(first, first + len(found.items))
    centres = {(card["lat"], card["lon"]) for card in found.site.areas.values()}
    out = [
        [*_spot(lat, lon), int((lat, lon) not in centres)]
        for at, points in enumerate(found.answer.points)
        if at not in here
        for lat, lon in points[:ON_A_CARD]
        if usable(lat, lon)
    ]
    return out[:MOST]


def _areas(found: finding.Found) -> tuple[str, ...]:
    """What the question is about: the areas chosen, or the one that was named."""
    return found.query.chosen.get("in", ()) or (mapping.area_of(found),)


def _bounded(here: Site, slugs: Iterable[str]) -> dict[str, Any]:
    """Boundaries of areas as far as they are known, and whom to name for them."""
    found = [one for slug in dict.fromkeys(slugs) if (one := boundaries.of_area(here, slug))][:MOST_BOUNDARIES]
    if not found:
        return {}
    parts = [boundaries.geojson(one.outline)["coordinates"] for one in found]
    lines = {"type": "MultiLineString", "coordinates": [line for part in parts for line in part]}
    return {
        "boundary": {"type": "Feature", "properties": {}, "geometry": lines},
        "credit": " · ".join(dict.fromkeys(one.credit for one in found)),
    }


def _spot(lat: float, lon: float) -> tuple[float, float]:
    """As GeoJSON orders them: longitude first."""
    return round(lon, _DECIMALS), round(lat, _DECIMALS)


def setting(lang: str) -> dict[str, Any]:
    """What the script needs once, whatever is drawn: files, basemap, names of cities, words. Raises ``IndexAway``."""
    under = basemap.of_settings()
    return {
        "basemap": {"kind": under.kind, "url": under.url},
        "credit": settings.MAP_CREDIT if under.kind != "built-in" else "",
        "files": {
            "maplibre": static("maplibre-gl/maplibre-gl.mjs"),
            "worker": static("maplibre-gl/maplibre-gl-worker.mjs"),
            "sheets": [static("maplibre-gl/maplibre-gl.css"), static("design/map.css")],
            "pmtiles": static("pmtiles/pmtiles.js"),
            "view": static("design/map-view.js"),
            "style": static("design/map-style.js"),
            "land": static("design/map/land.json"),
            "borders": static("design/map/borders.json"),
        },
        "cities": [
            [*_spot(city.lat, city.lon), city.name] for city in mapping.cities(site(), lang) if usable(city.lat, city.lon)
        ],
        "words": words(),
        "maplibre": locale(),
    }  # fmt: skip


def words() -> dict[str, str]:
    """Words of our own parts."""
    return {
        "map": pgettext("interactive map", "Interactive map"),
        "how": pgettext("interactive map", "Arrow keys move the map, + and − change its size, Escape leaves it."),
        "close": pgettext("interactive map", "Back to the simple map"),
        "failed": pgettext("interactive map", "The interactive map could not be loaded. The list has every place."),
        "partly": pgettext("interactive map", "A part of the map could not be loaded."),
        "here": pgettext("interactive map", "Search in this area"),
        "list": pgettext("interactive map", "Show in the list"),
        "area": pgettext("interactive map", "Somewhere in this area"),
        "more": pgettext("interactive map", "%(n)s more here"),
        "coast": pgettext("map", "Coast: Natural Earth. Streets are not shown."),
        "private": pgettext("interactive map", "Where you are is shown on this device only. It is not sent."),
    }


def locale() -> dict[str, str]:
    """Names of MapLibre's own controls, by its keys."""
    return {
        "Map.Title": pgettext("interactive map", "Interactive map"),
        "Marker.Title": pgettext("interactive map", "A place"),
        "NavigationControl.ZoomIn": pgettext("map", "Closer"),
        "NavigationControl.ZoomOut": pgettext("map", "Wider"),
        "GeolocateControl.FindMyLocation": pgettext("interactive map", "Show where I am"),
        "GeolocateControl.LocationNotAvailable": pgettext("interactive map", "This device does not tell where it is"),
        "Popup.Close": pgettext("interactive map", "Close"),
        "ScaleControl.Meters": pgettext("map, metres after a number", "m"),
        "ScaleControl.Kilometers": pgettext("map, kilometres after a number", "km"),
        "CooperativeGesturesHandler.WindowsHelpText": pgettext("interactive map", "Hold Ctrl and scroll to change the size of the map"),
        "CooperativeGesturesHandler.MacHelpText": pgettext("interactive map", "Hold ⌘ and scroll to change the size of the map"),
        "CooperativeGesturesHandler.MobileHelpText": pgettext("interactive map", "Move the map with two fingers"),
    }  # fmt: skip
