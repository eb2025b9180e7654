"""Services Advisor (UNHCR): lists of services as GeoJSON, one file per language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from sympolity.exchange.formats.services_advisor import homes, joining, mapping
from sympolity.exchange.formats.shape import Box, Home, Mapped, Options, Page, Point, Record

__all__ = ["ServicesAdvisor", "made"]


class ServicesAdvisor:
    """One or two files; of two, the same record in two languages is one: ``{"en": feature, "ar": feature}``."""

    name = "services_advisor"
    origin = "Services Advisor"
    paths = (1, 2)
    page_keys = frozenset(
        {"type", "features", "name", "bbox", "crs", "totalFeatures", "numberMatched", "numberReturned"}
    )

    def __init__(self, language: str = "") -> None:
        self.language = language

    def read(self, paths: Sequence[Path], page: Page) -> Iterator[Record]:
        """The records, joined by id and order; the language of each file is found from its letters."""
        return joining.read(paths, page, self.language)

    def id_of(self, raw: Mapping[str, Any]) -> str:
        """The id of the feature."""
        return mapping.id_of(raw)

    def points_of(self, raw: Mapping[str, Any]) -> list[Point]:
        """The point of the feature, as written."""
        point = mapping.point_of(raw)
        return [point] if point else []

    def map_record(self, raw: Mapping[str, Any], box: Box | None) -> Mapped:
        """See ``mapping.map_record``."""
        return mapping.map_record(raw, box)

    def home_of(self, key: str) -> Home | None:
        """See ``homes.home_of``."""
        return homes.home_of(key)

    def not_whole(self, page: Page, records: int) -> str:
        """A map server says how many features there are; when it gave fewer, absent ones have not ended."""
        for name in ("numberMatched", "totalFeatures"):
            said = page.facts.get(name)
            if isinstance(said, int) and said > records:
                return f"{name} says {said}, the file has {records}"
        return ""


def made(options: Options) -> ServicesAdvisor:
    """The format; ``options.language`` holds for a single file."""
    return ServicesAdvisor(options.language)
