"""What the pages know of areas, needs, helplines and networks: read from the find index, no database."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from django.conf import settings

from sympolity.kit import clock
from sympolity.kit.fold import fold
from sympolity.kit.fold import words as fold_words
from sympolity.kit.translit import readings, skeleton
from sympolity.languages.registry import preference
from sympolity.languages.texts import Said
from sympolity.network import rules as network
from sympolity.places.facts import AreaFact, NameFact
from sympolity.places.names import Gazetteer
from sympolity.search.engine import site_documents
from sympolity.search.store import Reader

__all__ = ["READER", "Member", "Need", "Notice", "Owner", "Site", "best", "site"]

READER = Reader(settings.INDEX_ROOT)
SEVERITIES = ("danger", "warning", "info")
MANY = 60  # municipalities; where more are known, lists name those that are members or have something
FIRST = 20  # of them where nobody is a member
SITE_KINDS = ("area", "category", "helpline", "network", "notice", "organization")


def best(texts: dict[str, dict[str, Any]], name: str, lang: str, source: str) -> Said:
    """The best words of a card's texts for a reader."""
    for code in (*preference(lang, source), *texts):
        said = texts.get(code, {})
        if said.get(name):
            return Said(said[name], code, bool(said.get("o")), bool(said.get("m")))
    return Said("", lang)


@dataclass(frozen=True, slots=True)
class Need:
    """A category in the reader's language."""

    slug: str
    parent: str
    icon: str
    name: Said
    label: Said
    emergency: bool
    fallback: bool


@dataclass(frozen=True, slots=True)
class Member:
    """A city's membership. ``since``: with another ``precision`` than "day" the last day it may have
    begun; None when no day is documented."""

    network: str  # slug
    lang: str
    texts: dict[str, dict[str, Any]]
    since: date | None
    precision: str

    def name(self, lang: str) -> Said:
        """The name of the network for a reader."""
        return best(self.texts, "name", lang, self.lang)


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice in force, in the reader's language. ``area``: slug of the area it is for."""

    id: str
    area: str
    area_name: Said
    severity: str
    title: Said
    body: Said
    original: tuple[Said, Said]  # title and body as they were written
    source: str
    starts: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Owner:
    """An organization that everybody sees, in the reader's language. ``area``: slug, or ""."""

    id: str
    path: str
    name: Said
    kind: str
    area: str
    example: bool
    phone: str
    email: str
    url: str

    @property
    def reachable(self) -> bool:
        """Whether there is any way to write or call."""
        return bool(self.phone or self.email or self.url)


def _membership(row: dict[str, Any]) -> network.Membership:
    def day(said: str | None) -> date | None:
        return date.fromisoformat(said) if said else None

    pauses = tuple((date.fromisoformat(start), day(end)) for start, end in row["suspensions"])
    return network.Membership(
        UUID(row["organization"]), row["status"], day(row["since"]), row["precision"], day(row["until"]),
        date.fromisoformat(row["noted_on"]), pauses,
    )  # fmt: skip


class Site:
    """Areas and needs of one state of the index."""

    def __init__(self, cards: Mapping[str, Sequence[Mapping[str, Any]]]) -> None:
        """``cards``: those of each of :data:`SITE_KINDS`."""
        self.areas = {card["slug"]: card for card in cards["area"]}
        self._needs = {card["slug"]: card for card in cards["category"]}
        self._helplines = cards["helpline"]
        self._networks = cards["network"]
        self._notices = cards["notice"]
        self._organizations = {card["id"]: card for card in cards["organization"]}

    @cached_property
    def gazetteer(self) -> Gazetteer:
        ids = {slug: UUID(card["id"]) for slug, card in self.areas.items()}
        return Gazetteer(
            AreaFact(
                id=UUID(card["id"]), slug=slug, kind=card["kind"], parent_id=ids.get(card["parent"]), lat=card["lat"],
                lon=card["lon"], population=card["population"],
                names=tuple(NameFact(language, kind, name) for language, kind, name in card["all"]),
            )
            for slug, card in self.areas.items()
        )  # fmt: skip

    def area_name(self, slug: str, lang: str) -> Said:
        """An area's common name for a reader; empty for an unknown one."""
        names = self.areas.get(slug, {}).get("names", {})
        for code in preference(lang, "el"):
            if names.get(code):
                return Said(names[code], code)
        return Said(slug, "en") if slug in self.areas else Said("", lang)

    @cached_property
    def _phrases(self) -> dict[str, str]:
        """Known names of needs, folded, and the Greeklish keys of Greek ones; the more special need wins."""
        found: dict[str, str] = {}
        for card in sorted(self._needs.values(), key=lambda card: bool(card["parent"]), reverse=True):
            if card["fallback"]:
                continue
            said = [words[name] for words in card["texts"].values() for name in ("label", "name") if words.get(name)]
            for phrase in (*said, *card["words"]):
                found.setdefault(" ".join(fold_words(phrase)), card["slug"])
                if any("\u0370" <= char <= "\u03ff" for char in phrase):
                    found.setdefault(f"^{skeleton(phrase)}", card["slug"])
        return found

    def meaning(self, words: str) -> str:
        """The need that a visitor's words name, in any language or in Greeklish; "" when they are other words."""
        folded = " ".join(fold_words(words[:200]))
        if not folded:
            return ""
        keys = (f"^{key}" for key in readings(folded)) if folded.isascii() else ()
        return next((self._phrases[key] for key in (folded, *keys) if key in self._phrases), "")

    def municipalities(self, lang: str) -> list[tuple[str, Said]]:
        """Municipalities by name in the reader's language."""
        found = [
            (slug, self.area_name(slug, lang)) for slug, card in self.areas.items() if card["kind"] == "municipality"
        ]
        return sorted(found, key=lambda row: row[1].body)

    def members(self, on: date | None = None) -> dict[str, list[Member]]:
        """The municipalities that are members of a network on a day, today without one: slug of the
        area -> its memberships."""
        day = on or clock.local_today()
        found: dict[str, list[Member]] = {}
        for card in self._networks:
            for row in card["members"]:
                facts = _membership(row)
                if network.in_force_on(facts, day):
                    one = Member(card["slug"], card["lang"], card["texts"], facts.since, facts.precision)
                    found.setdefault(row["area"], []).append(one)
        return found

    def line(self, slug: str) -> list[str]:
        """An area and what it lies in, itself first."""
        found: list[str] = []
        while slug in self.areas and slug not in found:
            found.append(slug)
            slug = self.areas[slug]["parent"]
        return found

    def children(self, slug: str, lang: str) -> list[tuple[str, Said]]:
        """The areas directly in an area, by name."""
        found = [(one, self.area_name(one, lang)) for one, card in self.areas.items() if card["parent"] == slug]
        return sorted(found, key=lambda row: fold(row[1].body))

    def cities(self, lang: str) -> list[tuple[str, Said]]:
        """Municipalities that are members of a network, by name; where no network has members all of them, or the largest."""
        members, known = self.members(), self.municipalities(lang)
        found = [row for row in known if row[0] in members]
        if found or len(known) <= MANY:
            return found or known
        largest = sorted(known, key=lambda row: -(self.areas[row[0]]["population"] or 0))[:FIRST]
        return sorted(largest, key=lambda row: row[1].body)

    def listed(self, lang: str, also: Collection[str]) -> list[tuple[str, Said]]:
        """Municipalities to choose from, by name: all while they are few, else members and ``also``."""
        known = self.municipalities(lang)
        if len(known) <= MANY:
            return known
        wanted = {*self.members(), *also}
        return [row for row in known if row[0] in wanted]

    def notices(self, lang: str, now: datetime, areas: Collection[str] | None = None) -> list[Notice]:
        """Notices in force at ``now``, of some areas only if they are named: the gravest first, then by area."""
        found = []
        for card in self._notices:
            starts, until = datetime.fromisoformat(card["starts"]), datetime.fromisoformat(card["until"])
            if not starts <= now < until or (areas is not None and card["area"] not in areas):
                continue
            title, body = (best(card["texts"], name, lang, card["lang"]) for name in ("title", "body"))
            written = (card["texts"], card["lang"], card["lang"])
            original = (best(written[0], "title", *written[1:]), best(written[0], "body", *written[1:]))
            found.append(
                Notice(
                    card["id"], card["area"], self.area_name(card["area"], lang), card["severity"], title, body,
                    original, card["source"], starts, until,
                )
            )  # fmt: skip
        return sorted(
            found, key=lambda row: (SEVERITIES.index(row.severity), fold(row.area_name.body), row.until, row.id)
        )

    def owner(self, id: str, lang: str) -> Owner | None:
        """An organization by its id; None for one that not everybody sees."""
        card = self._organizations.get(id)
        if card is None:
            return None
        return Owner(
            card["id"], card["path"], best(card["texts"], "name", lang, card["lang"]), card["organization_kind"],
            card["area"], card["example"], card["phone"], card["email"], card["url"],
        )  # fmt: skip

    def has_owner(self, id: str) -> bool:
        """Whether everybody sees this organization."""
        return id in self._organizations

    def owners(self, lang: str, kinds: Collection[str], areas: Collection[str]) -> list[Owner]:
        """Organizations of some kinds, or of any when none is named, in one of ``areas``, by name."""
        wanted = [
            one
            for one, card in self._organizations.items()
            if card["area"] in areas and (not kinds or card["organization_kind"] in kinds)
        ]
        found = [owner for owner in (self.owner(one, lang) for one in wanted) if owner]
        return sorted(found, key=lambda row: (fold(row.name.body), row.id))

    def has_need(self, slug: str) -> bool:
        return slug in self._needs

    def need(self, slug: str, lang: str) -> Need:
        """A need in the reader's language; KeyError when unknown."""
        card = self._needs[slug]
        return Need(
            slug, card["parent"], card["icon"], best(card["texts"], "name", lang, card["lang"]),
            best(card["texts"], "label", lang, card["lang"]), card["emergency"], card["fallback"],
        )  # fmt: skip

    def door(self, slug: str, lang: str) -> Said:
        """The sentence to show at the door; only in exactly this language, else empty."""
        texts = self._needs.get(slug, {}).get("texts", {})
        body = texts.get(lang, {}).get("door", "")
        return Said(body, lang)

    def needs(self, lang: str, parent: str | None = None) -> list[Need]:
        """Needs in order: all, or the children of one ("" = the top level)."""
        return [
            self.need(slug, lang) for slug, card in self._needs.items() if parent is None or card["parent"] == parent
        ]

    def helplines(self, lang: str) -> list[dict[str, Any]]:
        """Official numbers with their words for a reader."""
        return [
            {
                "number": card["number"],
                "original": best(card["texts"], "name", card["lang"], card["lang"]),
                "source": card["source"],
                "checked_on": card["checked_on"],
                "name": best(card["texts"], "name", lang, card["lang"]),
                "description": best(card["texts"], "description", lang, card["lang"]),
            }
            for card in self._helplines
        ]


def site() -> Site:
    """The site facts of the index as it is now. Raises ``IndexAway``."""
    snapshot = READER.snapshot()
    known = snapshot.memo.get("site")
    if known is None:
        known = Site({kind: site_documents(READER, kind) for kind in SITE_KINDS})
        snapshot.memo["site"] = known
    return known
