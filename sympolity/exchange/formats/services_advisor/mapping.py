"""A record of Services Advisor in our words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sympolity.directory.reaching import EMAIL, PHONE, URL
from sympolity.exchange.formats.services_advisor.flags import Flags, flags_of, set_words
from sympolity.exchange.formats.services_advisor.homes import contact_of, folded, is_detail, key_of, needs_of
from sympolity.exchange.formats.shape import FALLBACK, Box, Mapped, Point, Wrong
from sympolity.exchange.markup import plain
from sympolity.exchange.points import BadPoint, checked, pair_of
from sympolity.kit import clock
from sympolity.kit.bidi import clean_line, clean_text

__all__ = ["id_of", "id_of_feature", "map_record", "point_of"]

_ID = re.compile(r"^[\w.:-]{1,100}$")
_DAY = re.compile(r"^(\d{4}-\d{2}-\d{2})(?:[T ]|$)")
_PATTERNS = {"phone": PHONE, "email": EMAIL, "url": URL}
_SAME = ("startDate", "endDate", "partnerName")  # no words: the same in every language
_ELIGIBILITY = ("registration", "nationality", "criteria", "coverage")
_HOW = ("accessibility", "required", "availability", "days", "opens", "closes")
_REFERRAL = ("method", "next_step", "feedback", "feedback_delay")


def id_of_feature(feature: Any) -> str:
    """The id of a feature as text; "" when there is none that could be kept."""
    value = feature.get("id") if isinstance(feature, dict) else None
    if isinstance(value, bool) or not isinstance(value, int | str):
        return ""
    text = str(value).strip()
    return text if _ID.match(text) else ""


def _first(raw: Mapping[str, Any]) -> Mapping[str, Any]:
    one = raw.get("en") or next(iter(raw.values()), None)
    return one if isinstance(one, dict) else {}


def id_of(raw: Mapping[str, Any]) -> str:
    """The id of the record: that of its feature."""
    return id_of_feature(_first(raw))


def point_of(raw: Mapping[str, Any]) -> Point | None:
    """The point as written, unchecked."""
    geometry = _first(raw).get("geometry")
    return pair_of(geometry.get("coordinates")) if isinstance(geometry, dict) else None


def map_record(raw: Mapping[str, Any], box: Box | None) -> Mapped:
    """A record in our words; :class:`Wrong` when it cannot be used as it is. ``box``: where its neighbours lie."""
    source_id = id_of(raw)
    if not source_id:
        raise Wrong("id: it is missing or unusable. Give every feature its own id")
    mapper = _Mapper(raw, "en" if "en" in raw else next(iter(raw)))
    return mapper.mapped(source_id, box)


@dataclass
class _Mapper:
    raw: Mapping[str, Any]
    main: str
    used: set[str] = field(default_factory=set)
    notes: list[str] = field(default_factory=list)
    properties: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    flags: Flags = field(init=False)

    def __post_init__(self) -> None:
        for lang, feature in self.raw.items():
            if not isinstance(feature, dict) or feature.get("type") != "Feature":
                raise Wrong(f"{lang}.type: a GeoJSON Feature is expected")
            properties = feature.get("properties")
            if not isinstance(properties, dict):
                raise Wrong(f"{lang}.properties: an object is expected")
            self.properties[lang] = properties
            self.used |= {lang, f"{lang}.id", f"{lang}.properties"}
        self.flags = flags_of(self.properties, self.main)

    def mapped(self, source_id: str, box: Box | None) -> Mapped:
        """The whole record."""
        self.compare()
        point = self.point(box)
        needs, fallback = self.needs()
        name, names = self.name()
        columns, texts = self.columns()
        ends_on, starts_on = self.day("endDate"), self.day("startDate")
        service = {
            "name": name, "lang": self.main, "texts": {"name": names, **texts}, "categories": needs, "status": "active",
            "columns": columns | ({"ends_on": ends_on} if ends_on else {}),
            "opening_hours": self.flags.hours(), "exceptions": [], "documents": self.documents(),
        }  # fmt: skip
        location = self.location(source_id, point)
        data = {"organization": self.organization(), "locations": [location] if location else [], "service": service}
        self.use_flags()
        held = f"startDate: it begins only on {starts_on}" if starts_on > clock.local_today().isoformat() else ""
        notes = [*self.notes, *dict.fromkeys(self.flags.notes)]
        return Mapped(source_id, data, [point] if point else [], self.used, notes, fallback, held)

    def line(self, lang: str, name: str, limit: int) -> str:
        """A property as one clean line, without markup; what is cut is told."""
        value = self.properties[lang].get(name)
        if value is None:
            return ""
        if not isinstance(value, str):
            raise Wrong(f"{lang}.properties.{name}: a text is expected")
        text = clean_line(plain(value))
        if text:
            self.used.add(f"{lang}.properties.{name}")
        if len(text) > limit:
            self.notes.append(f"{name} cut to {limit} characters")
        return text[:limit].rstrip()

    def said(self, name: str, limit: int) -> tuple[str, dict[str, str]]:
        """A property in the main language, and in the others where they say something else."""
        own = self.line(self.main, name, limit)
        others = {lang: self.line(lang, name, limit) for lang in self.properties if lang != self.main}
        return own, {lang: text for lang, text in others.items() if text and text != own}

    def compare(self) -> None:
        """Facts are the same in every language; where the files differ the main one is taken, and that is told."""
        first = self.properties[self.main]
        for lang, properties in self.properties.items():
            differs = [name for name in _SAME if properties.get(name, first.get(name)) != first.get(name)]
            if self.raw[lang].get("geometry") != self.raw[self.main].get("geometry"):
                differs.append("geometry")
            self.notes += [f"{lang}.{name}: it differs from that of {self.main}, which was taken" for name in differs]
            self.used |= {f"{lang}.properties.{name}" for name in _SAME if name in properties and name not in differs}
        self.used -= {f"{lang}.properties.startDate" for lang in self.properties}

    def point(self, box: Box | None) -> Point | None:
        geometry = self.raw[self.main].get("geometry")
        if geometry is None:
            return None
        if not isinstance(geometry, dict) or geometry.get("type") != "Point":
            raise Wrong("geometry: a Point is expected")
        point = point_of(self.raw)
        if point is None:
            raise Wrong("geometry.coordinates: two numbers are expected, [longitude, latitude]")
        try:
            point = checked(point, box)
        except BadPoint as error:
            raise Wrong(f"geometry.coordinates: {error}") from None
        self.used |= {f"{lang}.geometry{rest}" for lang in self.raw for rest in ("", ".coordinates")}
        return point

    def day(self, name: str) -> str:
        value = self.properties[self.main].get(name)
        if value in (None, ""):
            return ""
        match = _DAY.match(value) if isinstance(value, str) else None
        try:
            return date.fromisoformat(match[1]).isoformat() if match else _no_day(name, value)
        except ValueError:
            return _no_day(name, value)

    def needs(self) -> tuple[list[str], str]:
        """Our needs for the activity, else for the sector; why there is none better than the fallback."""
        for name in ("activityName", "activityCategory"):
            for lang in dict.fromkeys([self.main, *self.properties]):
                found = needs_of(self.line(lang, name, 300))
                if found:
                    # The sector says less of the same thing; the table knows it too.
                    self.used |= {f"{one}.properties.activityCategory" for one in self.properties}
                    return list(found), ""
        self.used -= {f"{one}.properties.activityCategory" for one in self.properties}
        word = self.line(self.main, "activityName", 60) or "none"
        self.notes.append(f"unknown activity {word!r}")
        return [FALLBACK], "unknown activity and sector"

    def name(self) -> tuple[str, dict[str, str]]:
        """The activity; with what is given, when that is one thing: many services of a list are the same activity."""
        own, others = self.said("activityName", 200)
        if not own:
            raise Wrong("activityName: it is empty")
        names = {self.main: own, **others}
        for lang, text in names.items():
            given = self.indicators(lang)
            if len(given) == 1 and folded(given[0]) not in folded(text):
                whole = f"{text}: {given[0]}"
                names[lang] = whole if len(whole) <= 200 else text
        return names.pop(self.main), names

    def indicators(self, lang: str) -> list[str]:
        return set_words(self.properties[lang].get("indicators"))

    def organization(self) -> dict[str, Any]:
        name = self.line(self.main, "partnerName", 200)
        if not name:
            raise Wrong("partnerName: who gives the service is missing")
        return {"key": folded(name).replace(" ", "-")[:100] or name, "name": name, "lang": self.main, "texts": {}}

    def location(self, source_id: str, point: Point | None) -> dict[str, Any]:
        locality, localities = self.said("locationName", 120)
        if not locality and point is None:
            return {}
        lat, lon = point or (None, None)
        return {
            "key": source_id, "lang": self.main, "lat": lat, "lon": lon, "locality": locality,
            "texts": {"locality": localities},
        }  # fmt: skip

    def columns(self) -> tuple[dict[str, Any], dict[str, dict[str, str]]]:
        """Texts and codes of the service: (columns, texts in the other languages)."""
        flags, words = self.flags, {lang: self.words(lang) for lang in self.properties}
        own = {name: text for name, text in words[self.main].items() if text}
        texts = {
            name: {
                lang: said[name] for lang, said in words.items() if lang != self.main and said[name] not in ("", text)
            }
            for name, text in own.items()
        }
        columns: dict[str, Any] = {**own, **self.contacts()}
        columns |= {
            name: codes for name, codes in (("access", flags.access()), ("for_whom", flags.for_whom())) if codes
        }
        return columns, texts

    def words(self, lang: str) -> dict[str, str]:
        """The texts of the service in one language."""
        flags = self.flags
        free = {key for key in ("registration", "nationality") if any(flags.means(key, "none"))}
        several = {"registration"} if len(flags.facts("registration")) > 1 else set()
        eligibility = [key for key in _ELIGIBILITY if key in free | several | {"criteria", "coverage"}]
        how = [key for key in _HOW if not (flags.hours() and key in {"days", "opens", "closes"})]
        bound = "" if "nationality" in free else ", ".join(flags.words("nationality", lang))
        return {
            "description": self.description(lang),
            "eligibility": flags.text(eligibility, lang),
            "nationality": bound[:200],
            "how": flags.text(how, lang),
            "referral": flags.text(_REFERRAL, lang),
            "response_delay": ", ".join(flags.words("delay", lang))[:200],
        }

    def description(self, lang: str) -> str:
        """What is given, one thing a line, and what the source says beside."""
        lines = self.indicators(lang)
        if isinstance(self.properties[lang].get("indicators"), dict):
            self.used.add(f"{lang}.properties.indicators")
        for name, value in self.properties[lang].items():
            if isinstance(value, str) and is_detail(name) and value.strip():
                lines.append(clean_text(plain(value)))
                self.used.add(f"{lang}.properties.{name}")
        return "\n".join(lines)[:20000]

    def contacts(self) -> dict[str, str]:
        """Number, address and page of the service, where they are such."""
        found: dict[str, str] = {}
        for name, value in self.properties[self.main].items():
            column = contact_of(name)
            text = clean_line(str(value)) if column and isinstance(value, str | int) else ""
            if not text or column in found:
                continue
            if _PATTERNS[column].match(text):
                found[column] = text
                self.used |= {f"{lang}.properties.{name}" for lang in self.properties}
            else:
                self.notes.append(f"{name}: it is no {column}, and was left out")
        return found

    def documents(self) -> list[dict[str, Any]]:
        """What must be brought: the registration that is asked for. Of several one is enough: those stay words."""
        facts, flags = self.flags.facts("registration"), self.flags
        if len(facts) != 1 or any(flags.means("registration", "none")):
            return []
        words = {lang: flags.words("registration", lang) for lang in self.properties}
        own = words.pop(self.main)
        if not own:
            return []
        texts = {lang: said[0][:200] for lang, said in words.items() if said and said[0] != own[0]}
        return [{"key": "registration", "name": own[0][:200], "note": "", "texts": {"name": texts}}]

    def use_flags(self) -> None:
        """Every key with flags stands in a column, but where its words could not be said."""
        for lang, properties in self.properties.items():
            for name in properties:
                key = key_of(name)
                if key and (key.id, lang) not in self.flags.unsaid:
                    self.used.add(f"{lang}.properties.{name}")


def _no_day(name: str, value: Any) -> str:
    raise Wrong(f"{name}: {clean_line(str(value), 40)!r} is no date. Write it as 2026-12-31")
