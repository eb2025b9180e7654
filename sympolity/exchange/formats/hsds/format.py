"""HSDS as a format of the import: how its files are read, and what is known of them as a whole."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

from sympolity.exchange.formats.hsds import homes, kinds, pages, places, tables
from sympolity.exchange.formats.hsds.mapping import map_record
from sympolity.exchange.formats.shape import Box, Home, Mapped, Options, Page, Point, Record, Unreadable
from sympolity.languages import registry

__all__ = ["Hsds", "made"]


class Hsds:
    """Human Services Data Specification, 3.1 and 1."""

    name = "hsds"
    origin = "HSDS"
    paths: ClassVar[tuple[int, int]] = (1, 40)
    page_keys = pages.PAGE_KEYS

    def __init__(self, language: str = "") -> None:
        self._language = language

    def read(self, paths: Sequence[Path], page: Page) -> Iterator[Record]:
        """Pages or lists of JSON in the order given, or the tables of a folder."""
        if not tables.is_tables(paths):
            yield from pages.read_pages(paths, page)
            return
        if not all(path.is_dir() or path.suffix.casefold() == ".csv" for path in paths):
            raise Unreadable("JSON and CSV tables are mixed. Import one after the other.")
        page.facts["shape"] = "tables"
        yield from tables.read_tables(paths, page)

    def id_of(self, raw: Mapping[str, Any]) -> str:
        """The id of the service; that of another row begins with its kind ("phone:12")."""
        return kinds.id_of(raw)

    def points_of(self, raw: Mapping[str, Any]) -> list[Point]:
        """The points of its places as written."""
        return places.points_of(raw)

    def map_record(self, raw: Mapping[str, Any], box: Box | None) -> Mapped:
        """A service in our words."""
        return map_record(raw, box, self._language)

    def home_of(self, key: str) -> Home | None:
        """The home of a dotted key."""
        return homes.home_of(key)

    def not_whole(self, page: Page, records: int) -> str:
        """A page says how many there are; lists and tables are taken as whole, lines and single objects are not."""
        facts = page.facts
        shape = facts.get("shape")
        if shape == "object":
            return "it is one object, not a list"
        if shape == "ndjson":
            return "lines do not tell whether they are all there"
        if shape != "page":
            return "" if records else "it is empty"
        total, all_pages = facts.get("total_items"), facts.get("total_pages")
        if isinstance(all_pages, int) and all_pages > facts["pages"]:
            return f"it has {facts['pages']} of {all_pages} pages"
        if total != facts["items"]:
            return f"total_items says {total}, the file has {facts['items']}"
        return ""


def made(options: Options) -> Hsds:
    """The format; ``options.language`` is that of texts that do not show it by their letters."""
    language = registry.canonical(options.language) if options.language else ""
    if language is None:
        raise Unreadable(f"The language {options.language!r} is not known here. Name it by its code: en, el, ar.")
    return Hsds(language)
