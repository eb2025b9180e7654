"""Small files of areas, written for tests: two islands in squares, beside the areas of ``areas.toml``."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

CORFU, LESVOS, ATHENS = "9118", "9261", "9186"

BOOK = [
    {"id": 6, "name": "Ιονιων Νησων", "regional_units": [
        {"id": "0603", "name": "Κερκυρας", "municipalities": [
            {"id": CORFU, "name": "Κερκυρας", "municipal_units": [{"id": "911801", "communities": [{}, {}]}]},
        ]},
    ]},
    {"id": 9, "name": "Αττικης", "regional_units": [
        {"id": "0903", "name": "Κεντρικου Τομεα Αθηνων", "municipalities": [{"id": ATHENS, "name": "Αθηναιων"}]},
    ]},
    {"id": 11, "name": "Βορειου Αιγαιου", "regional_units": [
        {"id": "1102", "name": "Λεσβου", "municipalities": [{"id": LESVOS, "name": "Λεσβου"}]},
    ]},
]  # fmt: skip
NAMES = [
    {"ypes": CORFU, "name": "Κέρκυρας"}, {"ypes": LESVOS, "name": "Λέσβου"}, {"ypes": ATHENS, "name": "Αθηναίων"},
    {"ypes": None, "name": "Άθως"},
]  # fmt: skip
SETTLEMENTS = 'location,lat,lon\nΜυτιλήνη,39.1,26.55\nΜυτιλήνη,37.0,22.0\n"Κέρκυρα",39.62,19.92\nΠουθενά,39.2,26.2\n'
P_CODES = "Location,Admin Level,P-Code,Name\n#country,#geo,#adm,#name\nGRC,2,GR0406,Ionion\nGRC,1,GR04,Notia\n"
FIGURES = "ypes_code,population,population_year\n9118,102071,2011\n9261,86436,2011\n"
POINTS = {
    "type": "FeatureCollection",
    "features": [
        {"type": "Feature", "properties": {"code": CORFU}, "geometry": {"type": "Point", "coordinates": [19.8, 39.6]}}
    ],
}


def square(west: float, south: float, size: float, *, closed: bool = True) -> list[list[float]]:
    """A ring in GeoJSON order."""
    ring = [[west, south], [west + size, south], [west + size, south + size], [west, south + size]]
    return [*ring, ring[0]] if closed else ring


def feature(code: str | None, *polygons: list[list[list[float]]], **more: Any) -> dict[str, Any]:
    geometry = {"type": "MultiPolygon", "coordinates": list(polygons)}
    return {"type": "Feature", "properties": {"code": code, **more}, "geometry": geometry}


def collection(*features: Any, **more: Any) -> dict[str, Any]:
    return {"type": "FeatureCollection", **more, "features": list(features)}


def boundaries(corners: int = 1) -> dict[str, Any]:
    """Corfu with an island, Lesvos with a hole, Athens as an open ring. ``corners``: so many times as many."""

    def fine(ring: list[list[float]]) -> list[list[float]]:
        steps = [(a, b, part / corners) for a, b in pairwise(ring) for part in range(corners)]
        return [*([a[0] + (b[0] - a[0]) * part, a[1] + (b[1] - a[1]) * part] for a, b, part in steps), ring[-1]]

    return collection(
        feature(CORFU, [fine(square(19.6, 39.4, 0.4))], [fine(square(20.2, 39.2, 0.05))]),
        feature(LESVOS, [fine(square(26.0, 39.0, 0.6)), fine(square(26.1, 39.1, 0.1))]),
        feature(ATHENS, [square(23.68, 37.95, 0.1, closed=False)]),
        feature(None, [square(24.0, 40.2, 0.2)], name_el="Άθως"),
    )


# Corfu and a neighbour that shares an edge with it, as arcs of whole numbers.
TOPOLOGY: dict[str, Any] = {
    "type": "Topology",
    "arcs": [[[0, 0], [0, 40]], [[0, 40], [-40, 0], [0, -40], [40, 0]], [[0, 40], [40, 0], [0, -40], [-40, 0]]],
    "transform": {"scale": [0.01, 0.01], "translate": [20.0, 39.4]},
    "objects": {"any": {"type": "GeometryCollection", "geometries": [
        {"type": "Polygon", "arcs": [[0, 1]], "properties": {"code": CORFU}},
        {"type": "Polygon", "arcs": [[2, -1]], "properties": {"code": LESVOS}},
    ]}},
}  # fmt: skip


def written(folder: Path, name: str, content: Any) -> Path:
    """A file with this content: text, bytes, or anything else as JSON."""
    path = folder / name
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        path.write_text(
            content if isinstance(content, str) else json.dumps(content, ensure_ascii=False), encoding="utf-8"
        )
    return path


def all_files(folder: Path) -> list[Path]:
    """One of each kind."""
    contents = {
        "book.json": BOOK, "names.json": NAMES, "settlements.csv": SETTLEMENTS, "p.csv": P_CODES, "people.csv": FIGURES,
        "points.geojson": POINTS, "edges.geojson": boundaries(),
    }  # fmt: skip
    return [written(folder, name, content) for name, content in contents.items()]
