"""The map beside a list: this page's results as pins, the others as clusters, links to zoom and move."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sympolity.portal import boundaries
from sympolity.portal import map as maps
from sympolity.portal.finding import Found, Item
from sympolity.portal.site import Site

__all__ = ["area_of", "cities", "context", "of_city", "of_places"]

COAST_ZOOM = 10
NEARER = 3  # zooms that a map of results may be nearer than the whole area that was asked for
PIN_STATES = {"call": "call", "shut": "shut", "stop": "shut"}


def context(found: Found, wanted: str) -> dict[str, Any]:
    """Drawing and links for ``portal/_map.html``; empty when nothing has a place."""
    spots = [(lat, lon) for item in found.items for lat, lon, _ in item.points]
    if not spots:
        return {}
    boundary = boundaries.of_area(found.site, area_of(found))
    frame = maps.Frame.parse(wanted) or _fitted(spots, boundary)
    pins: list[maps.Pin] = []
    areas: list[maps.Area] = []
    for item in found.items:
        for lat, lon, exact in item.points[:3]:
            if exact:
                state = PIN_STATES.get(item.state.css, "") if item.state else ""
                pins.append(maps.Pin(lat, lon, item.number, item.name.body, f"#{item.anchor}", state))
            else:
                areas.append(maps.Area(lat, lon, item.number, item.name.body, f"#{item.anchor}"))
    first = found.items[0].number - 1
    here = range(first, first + len(found.items))
    others = [point for at, points in enumerate(found.answer.points) if at not in here for point in points[:1]]
    clusters = maps.gather(frame, others, lambda target: f"{found.url(map=target.text())}#map")
    moves = {name: f"{found.url(map=target.text())}#map" for name, target in frame.moves().items()}
    drawing = maps.draw(frame, pins=pins, clusters=clusters, areas=areas, cities=cities(found.site, found.lang))
    return {"drawing": _bounded(drawing, frame, boundary, boundaries.BRIEF), "moves": moves}


def area_of(found: Found) -> str:
    """The one area that a question is about: chosen, or named with a distance around it; "" without one."""
    chosen = found.query.chosen.get("in", ())
    if chosen:
        return chosen[0] if len(chosen) == 1 else ""
    if found.query.within is None or not found.query.near_name:
        return ""
    sure = [match.slug for match in found.site.gazetteer.find(found.query.near_name, lang=found.lang) if match.exact]
    return sure[0] if sure else ""


def of_city(here: Site, lang: str, slug: str, items: Sequence[Item]) -> maps.Drawing | None:
    """The map of a city inside its boundary with the services shown; None where no boundary is known."""
    boundary = boundaries.of_area(here, slug)
    if boundary is None:
        return None
    frame = maps.Frame.fit(boundaries.corners(boundary.outline))
    spots = [(item, lat, lon, exact) for item in items for lat, lon, exact in item.points[:1]]
    pins = [
        maps.Pin(lat, lon, item.number, item.name.body, f"#{item.anchor}") for item, lat, lon, exact in spots if exact
    ]
    areas = [
        maps.Area(lat, lon, item.number, item.name.body, f"#{item.anchor}")
        for item, lat, lon, exact in spots
        if not exact
    ]
    drawing = maps.draw(frame, pins=pins, areas=areas, cities=cities(here, lang))
    return _bounded(drawing, frame, boundary, boundaries.LONG)


def _fitted(spots: list[tuple[float, float]], boundary: boundaries.Boundary | None) -> maps.Frame:
    """The frame of results: with the whole of the area asked for, as far as they can still be told apart."""
    near = maps.Frame.fit(spots)
    if boundary is None:
        return near
    whole = maps.Frame.fit([*spots, *boundaries.corners(boundary.outline)])
    return whole if near.zoom - whole.zoom <= NEARER else near.zoomed(whole.zoom + NEARER - near.zoom)


def _bounded(drawing: maps.Drawing, frame: maps.Frame, boundary: boundaries.Boundary | None, most: int) -> maps.Drawing:
    line = boundaries.path(boundary.outline, frame, most) if boundary else ""
    return replace(drawing, boundary=line, credit=boundary.credit) if boundary and line else drawing


def warm_up() -> None:
    """Decode the coast of the country once."""
    maps.draw(maps.Frame(38.0, 23.7, 12))


def cities(here: Site, lang: str) -> list[maps.City]:
    """Municipalities as labels of the map, the largest first."""
    rows = [card for card in here.areas.values() if card["kind"] == "municipality" and card["lat"] is not None]
    rows.sort(key=lambda card: -(card["population"] or 0))
    out: list[maps.City] = []
    for card in rows:
        name = here.area_name(card["slug"], lang)
        out.append(maps.City(card["lat"], card["lon"], name.body, name.lang))
    return out


def of_places(points: list[tuple[float, float, bool, str]], labels: list[maps.City]) -> dict[str, Any]:
    """The map of a service's own places (lat, lon, exact, label)."""
    if not points:
        return {}
    frame = maps.Frame.fit([(lat, lon) for lat, lon, _, _ in points], width=420, height=260)
    frame = frame.zoomed(min(0, COAST_ZOOM - frame.zoom))  # nearer there is no street and often no coast to go by
    pins = [maps.Pin(lat, lon, at, label, "#where") for at, (lat, lon, exact, label) in enumerate(points, 1) if exact]
    areas = [
        maps.Area(lat, lon, at, label, "#where") for at, (lat, lon, exact, label) in enumerate(points, 1) if not exact
    ]
    return {"drawing": maps.draw(frame, pins=pins, areas=areas, cities=labels), "moves": {}}
