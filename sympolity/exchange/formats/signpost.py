"""The Signpost v2 page of services (Refugee.Info, Cuéntanos): from a record to a mapped service.

Facts of the shape: theirc/web (MIT), its v2 service list. Where each key goes: ``signpost_homes``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sympolity.exchange import reading
from sympolity.exchange.formats import signpost_homes
from sympolity.exchange.formats.shape import FALLBACK, Box, Home, Mapped, Options, Page, Point, Record, Wrong
from sympolity.exchange.formats.signpost_types import row_of
from sympolity.exchange.markup import plain
from sympolity.exchange.points import BadPoint, checked, pair_of
from sympolity.kit.bidi import clean_line
from sympolity.kit.fold import fold
from sympolity.languages import registry

__all__ = ["Signpost", "id_of", "made", "map_record", "point_of"]

LANGUAGE = "es"  # of the installation whose page this is, where a record does not tell
_ID = re.compile(r"^[\w.:-]{1,100}$")
# Signpost's states of a service; what is missing here is not meant for the public.
_STATUS = {"current": "active", "archived": "inactive", "canceled": "defunct", "cancelled": "defunct"}
_PLACEHOLDERS = frozenset({"name of service", "nombre del servicio"})
_LIMITS = {"name": 200, "address": 300, "locality": 120}


class Signpost:
    """A page of the Signpost v2 list of services."""

    name = "signpost"
    origin = "Signpost"
    paths = (1, 1)
    page_keys = frozenset({"count", "next", "previous", "results"})

    def read(self, paths: Sequence[Path], page: Page) -> Iterator[Record]:
        """The records of the one page."""
        with reading.opened(paths[0]) as handle:
            yield from reading.records(handle, page)

    def id_of(self, raw: Mapping[str, Any]) -> str:
        """See :func:`id_of`."""
        return id_of(raw)

    def points_of(self, raw: Mapping[str, Any]) -> list[Point]:
        """The one point, as written."""
        point = point_of(raw)
        return [point] if point else []

    def map_record(self, raw: Mapping[str, Any], box: Box | None) -> Mapped:
        """See :func:`map_record`."""
        return map_record(raw, box)

    def home_of(self, key: str) -> Home | None:
        """See ``signpost_homes``."""
        return signpost_homes.home_of(key)

    def not_whole(self, page: Page, records: int) -> str:
        """A page with others beside it, or one that says another number than it has, is a part."""
        if page.facts.get("next") or page.facts.get("previous"):
            return "it is one page of several"
        said = page.facts.get("count")
        return "" if said == records else f"count says {said}, the file has {records}"


def made(_options: Options) -> Signpost:
    """The format; a Signpost page tells everything itself."""
    return Signpost()


def id_of(raw: Mapping[str, Any], name: str = "id") -> str:
    """The id as text; "" when there is none that could be kept."""
    value = raw.get(name)
    if isinstance(value, bool) or not isinstance(value, int | str):
        return ""
    text = str(value).strip()
    return text if _ID.match(text) else ""


def point_of(raw: Mapping[str, Any]) -> Point | None:
    """The point as written, unchecked."""
    location = raw.get("location")
    return pair_of(location.get("coordinates")) if isinstance(location, dict) else None


def map_record(raw: Mapping[str, Any], box: Box | None) -> Mapped:
    """A record in our words; :class:`Wrong` when it cannot be used as it is. ``box``: where its neighbours lie."""
    source_id = id_of(raw)
    if not source_id:
        raise Wrong("id: it is missing or unusable. Give every record its own id")
    mapper = _Mapper(raw)
    status = mapper.status()
    point = mapper.point(box)
    service = mapper.service() | {"status": status}
    organization = mapper.organization()
    location = mapper.location(service["lang"], point)
    mapper.used.add("id")
    locations = [location | {"key": source_id}] if location else []
    data = {"organization": organization, "locations": locations, "service": service}
    return Mapped(source_id, data, [point] if point else [], mapper.used, mapper.notes, mapper.fallback)


@dataclass(slots=True)
class _Mapper:
    raw: Mapping[str, Any]
    used: set[str] = field(default_factory=set)
    notes: list[str] = field(default_factory=list)
    fallback: str = ""

    def part(self, name: str) -> Mapping[str, Any]:
        """The object under ``name``; empty when there is none."""
        value = self.raw.get(name)
        if value is None:
            return {}
        if not isinstance(value, dict):
            raise Wrong(f"{name}: an object is expected")
        return value

    def line(self, holder: Mapping[str, Any], path: str, name: str) -> str:
        """A text as one clean line, without markup."""
        value = holder.get(name)
        if value is None:
            return ""
        if not isinstance(value, str):
            raise Wrong(f"{path}{name}: a text is expected")
        return clean_line(plain(value))

    def short(self, text: str, column: str) -> str:
        """Cut to the column; that is told."""
        limit = _LIMITS[column]
        if len(text) > limit:
            self.notes.append(f"{column} cut to {limit} characters")
        return text[:limit].rstrip()

    def others(self, holder: Mapping[str, Any], path: str, base: str) -> dict[str, str]:
        """By language the text of ``base``, where there is one."""
        found: dict[str, str] = {}
        for key in holder:
            start, _, code = key.rpartition("_")
            if start == base and code in registry.LANGUAGES:
                text = self.line(holder, path, key)
                if text:
                    found[code] = text
        return found

    def said(self, holder: Mapping[str, Any], path: str, base: str, lang: str = "") -> tuple[str, str, dict[str, str]]:
        """(source text, its language, other languages) of a text that the source keeps in many columns."""
        whole, others = self.line(holder, path, base), self.others(holder, path, base)
        lang = lang or (
            LANGUAGE if LANGUAGE in others else next((c for c, text in others.items() if text == whole), LANGUAGE)
        )
        source = others.get(lang) or whole
        if whole and whole == source:
            self.used.add(f"{path}{base}")
        texts: dict[str, str] = {}
        for code, text in others.items():
            if fold(text) in _PLACEHOLDERS:
                self.notes.append(f"{path}{base}_{code} is a placeholder")
                continue
            self.used.add(f"{path}{base}_{code}")
            # The same words in another column are no translation: the source text is shown anyway.
            if text != source:
                texts[code] = text
        return source, lang, texts

    def status(self) -> str:
        value = self.line(self.raw, "", "status") or "current"
        if self.raw.get("update_of") not in (None, ""):
            raise Wrong("update_of: this is a draft of a change to another record, not a service of its own")
        if value not in _STATUS:
            raise Wrong(f'status: "{value[:40]}" is not meant for the public (known: {", ".join(sorted(_STATUS))})')
        self.used.add("status")
        return _STATUS[value]

    def service(self) -> dict[str, Any]:
        name, lang, texts = self.said(self.raw, "", "name")
        if not name or fold(name) in _PLACEHOLDERS:
            raise Wrong("name: it is empty, or a placeholder")
        needs, for_whom = self.needs()
        cut = {code: self.short(text, "name") for code, text in texts.items()}
        return {
            "name": self.short(name, "name"),
            "lang": lang,
            "texts": {"name": cut},
            "categories": needs,
            "columns": {"for_whom": for_whom},
        }

    def organization(self) -> dict[str, Any]:
        provider = self.part("provider")
        key = id_of(provider)
        if not key:
            raise Wrong("provider.id: who gives the service is missing")
        name, lang, texts = self.said(provider, "provider.", "name")
        if not name:
            raise Wrong("provider.name: it is empty")
        self.used |= {"provider", "provider.id"}
        cut = {code: self.short(text, "name") for code, text in texts.items()}
        return {"key": key, "name": self.short(name, "name"), "lang": lang, "texts": {"name": cut}}

    def point(self, box: Box | None) -> Point | None:
        location = self.part("location")
        if not location:
            return None
        if location.get("type", "Point") != "Point":
            raise Wrong("location.type: a Point is expected")
        point = point_of(self.raw)
        if point is None:
            raise Wrong("location.coordinates: two numbers are expected, [longitude, latitude]")
        try:
            point = checked(point, box)
        except BadPoint as error:
            raise Wrong(f"location.coordinates: {error}") from None
        self.used |= {"location", "location.coordinates"}
        return point

    def location(self, lang: str, point: Point | None) -> dict[str, Any]:
        """Where it is: point, address, and the region's name as the locality. Empty when nothing is known."""
        locality, localities = self.locality()
        address, _, addresses = self.said(self.raw, "", "address", lang)
        if not address:
            address = self.line(self.raw, "", "address_in_country_language")
            self.used |= {"address_in_country_language"} if address else set()
        address, addresses = self.with_city(lang, address, addresses, locality)
        if not address and not locality and point is None:
            return {}
        return {
            "lang": lang, "lat": point[0] if point else None, "lon": point[1] if point else None,
            "address": self.short(address, "address"), "locality": self.short(locality, "locality"),
            "texts": {
                "address": {code: self.short(text, "address") for code, text in addresses.items()},
                "locality": {code: self.short(text, "locality") for code, text in localities.items()},
            },
        }  # fmt: skip

    def locality(self) -> tuple[str, dict[str, str]]:
        region = self.part("region")
        name = self.line(region, "region.", "name")
        title, _, titles = self.said(region, "region.", "title")
        if name:
            self.used |= {"region", "region.name"}
        return name or title, titles

    def with_city(
        self, lang: str, address: str, addresses: dict[str, str], locality: str
    ) -> tuple[str, dict[str, str]]:
        """Addresses with their city at the end, where they do not name it."""
        city, _, cities = self.said(self.raw, "", "address_city", lang)
        out = {code: _joined(text, cities.get(code, city), locality) for code, text in addresses.items()}
        # A city in a language in which there is no address has nothing to stand beside.
        self.used -= {f"address_city_{code}" for code in cities if code not in out}
        return _joined(address, city, locality), out

    def needs(self) -> tuple[list[str], list[str]]:
        """Our needs for the types of the record, and for whom it is when the types tell nothing else."""
        rows: list[dict[str, Any]] = []
        some = self.kinds()
        for path, kind in some:
            names = ("name", "name_en", "name_es")
            row = row_of(kind, [self.line(kind, path, key) for key in names])
            if row is None:
                self.notes.append(f"unknown type {clean_line(str(kind.get('name') or kind.get('id')), 60)!r}")
                continue
            rows.append(row)
            self.used |= {path.rstrip(".[]"), *(f"{path}{key}" for key in names)}
            if kind.get("id") == row["id"]:
                self.used.add(f"{path}id")
        found = list(dict.fromkeys(need for row in rows for need in row["needs"]))
        # A group without a need of ours (older people) is told by for_whom once another type says what is done.
        bare = any(FALLBACK in row["needs"] and not row.get("group") for row in rows)
        better = [need for need in found if need != FALLBACK or bare]
        if not better or bare:
            self.fallback = (
                "no type in the record" if not some else "no need of ours for its type" if rows else "unknown type"
            )
        groups = rows if rows and all(row.get("group") for row in rows) else []
        return better or [FALLBACK], list(dict.fromkeys(code for row in groups for code in row.get("for_whom", ())))

    def kinds(self) -> list[tuple[str, Mapping[str, Any]]]:
        """(path, type): the main type, then the others."""
        main, types = self.part("type"), self.raw.get("types") or []
        if not isinstance(types, list) or not all(isinstance(one, dict) for one in types):
            raise Wrong("types: a list of objects is expected")
        return ([("type.", main)] if main else []) + [("types[].", one) for one in types]


def _joined(address: str, city: str, locality: str) -> str:
    city = city.rstrip(" .")
    if not city or fold(city) in fold(address) or fold(city) == fold(locality):
        return address
    return f"{address.rstrip(' .,')}, {city}" if address else city
