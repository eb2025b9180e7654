"""The map beside a list: this page's results as pins, the others as clusters, links to zoom and move."""

from __future__ import annotations

from typing import Any

from sympolity.portal import map as maps
from sympolity.portal.finding import Found
from sympolity.portal.site import Site

__all__ = ["cities", "context", "of_places"]

COAST_ZOOM = 10
PIN_STATES = {"call": "call", "shut": "shut", "stop": "shut"}


def context(found: Found, wanted: str) -> dict[str, Any]:
    """Drawing and links for ``portal/_map.html``; empty when nothing has a place."""
    spots = [(lat, lon) for item in found.items for lat, lon, _ in item.points]
    if not spots:
        return {}
    frame = maps.Frame.parse(wanted) or maps.Frame.fit(spots)
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
    return {"drawing": drawing, "moves": moves}


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
