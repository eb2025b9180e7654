"""A format made up for tests: its records are mapped data as they stand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from sympolity.exchange.formats.shape import Box, Home, Mapped, Page, Point, Record, Wrong

__all__ = ["Rich", "a_place", "a_service", "rich"]


class Rich:
    """Records come from memory; ``paths`` are not looked at."""

    name, origin, paths = "rich", "Rich", (0, 9)
    page_keys: frozenset[str] = frozenset({"pages"})

    def __init__(self, rows: Sequence[Mapping[str, Any]]) -> None:
        self.rows = rows

    def read(self, paths: Sequence[Path], page: Page) -> Iterator[Record]:
        page.facts["pages"] = 1
        for number, row in enumerate(self.rows, 1):
            yield Record(number, 0, dict(row), where=f"row {number}")

    def id_of(self, raw: Mapping[str, Any]) -> str:
        return str(raw["id"])

    def points_of(self, raw: Mapping[str, Any]) -> list[Point]:
        return [(row["lat"], row["lon"]) for row in raw["locations"] if row.get("lat")]

    def map_record(self, raw: Mapping[str, Any], box: Box | None) -> Mapped:
        if raw.get("wrong"):
            raise Wrong(str(raw["wrong"]))
        data = {name: raw[name] for name in ("organization", "locations", "service")}
        return Mapped(str(raw["id"]), data, self.points_of(raw), set(raw), held=raw.get("held", ""))

    def home_of(self, key: str) -> Home | None:
        return Home("here", whole=True)

    def not_whole(self, page: Page, records: int) -> str:
        return ""


def rich(*rows: Mapping[str, Any]) -> Rich:
    return Rich(rows)


def a_place(key: str, number: float = 1, **more: Any) -> dict[str, Any]:
    return {
        "key": key,
        "lang": "en",
        "lat": 37 + number / 10,
        "lon": 23.7,
        "address": f"Street {number}",
        "texts": {},
    } | more


def a_service(number: int, *places: Mapping[str, Any], owner: str = "one", **more: Any) -> dict[str, Any]:
    """A service of ``owner`` at ``places`` (its own, when none are given); ``more``: what the service says beside."""
    service = {
        "name": f"Service {number}", "lang": "en", "texts": {"name": {"el": f"Υπηρεσία {number}"}}, "categories": ["food"],
        "status": "active", "columns": {},
    }  # fmt: skip
    organization = {"key": owner, "name": f"House {owner}", "lang": "en", "texts": {}}
    return {
        "id": number, "organization": organization, "locations": list(places) or [a_place(f"of-{number}", number)],
        "service": service | more,
    }  # fmt: skip
