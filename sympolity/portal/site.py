"""What the pages know of areas, needs and helplines: read from the find index, no database."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from django.conf import settings

from sympolity.kit.fold import words as fold_words
from sympolity.kit.translit import readings, skeleton
from sympolity.languages.registry import preference
from sympolity.languages.texts import Said
from sympolity.places.facts import AreaFact, NameFact
from sympolity.places.names import Gazetteer
from sympolity.search.engine import site_documents
from sympolity.search.store import Reader

__all__ = ["READER", "Need", "Site", "best", "site"]

READER = Reader(settings.INDEX_ROOT)


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


class Site:
    """Areas and needs of one state of the index."""

    def __init__(
        self, areas: list[dict[str, Any]], needs: list[dict[str, Any]], helplines: list[dict[str, Any]]
    ) -> None:
        self.areas = {card["slug"]: card for card in areas}
        self._needs = {card["slug"]: card for card in needs}
        self._helplines = helplines

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
        known = Site(*(site_documents(READER, kind) for kind in ("area", "category", "helpline")))
        snapshot.memo["site"] = known
    return known
