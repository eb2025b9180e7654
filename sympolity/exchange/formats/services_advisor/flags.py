"""What the flags of a record say: words in each language, and facts (access, days, hours) where they are certain."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sympolity.exchange.formats.services_advisor.homes import Flag, Key, folded, key_of
from sympolity.kit.bidi import clean_line

__all__ = ["Flags", "flags_of", "set_words"]

_TIME = re.compile(r"(?<!\d)(\d{1,2})[:.](\d{2})\s*(am|pm|مساء|صباحا)?", re.IGNORECASE)
_TIMES = ("opens", "closes")  # keys whose words are times: no table has them
_MORNING = 5  # an office that opens before is rather a slip of the pen


def set_words(value: Any) -> list[str]:
    """The words that are set: keys of an object whose value is true, or the one word of a text."""
    if isinstance(value, dict):
        return [line for name, on in value.items() if _on(on) and (line := clean_line(name, 300))]
    line = clean_line(value, 300) if isinstance(value, str) else ""
    return [line] if line else []


def _on(value: Any) -> bool:
    return value.strip().casefold() in {"true", "yes", "1"} if isinstance(value, str) else bool(value)


@dataclass
class Flags:
    """The flags of a record by key. ``main``: the language whose words decide."""

    main: str
    keys: dict[str, Key] = field(default_factory=dict)
    names: dict[str, dict[str, str]] = field(default_factory=dict)  # key -> language -> name of the property
    given: dict[str, dict[str, list[str]]] = field(default_factory=dict)  # key -> language -> words
    notes: list[str] = field(default_factory=list)
    unsaid: set[tuple[str, str]] = field(default_factory=set)  # (key, language) whose words stand nowhere

    def facts(self, key: str) -> list[Flag | None]:
        """What is set, in the language that decides; None for a word that nobody knows or that is not sure."""
        known = self.keys.get(key)
        return [self._flag(known, word) for word in self.given[key].get(self.main, [])] if known else []

    def _flag(self, key: Key, word: str) -> Flag | None:
        # The English list is the one the others were made from.
        return None if self.main != "en" and folded(word) in key.unsure else key.flag(word)

    def words(self, key: str, lang: str) -> list[str]:
        """How we say in ``lang`` what is set; empty when that cannot be said rightly."""
        known, own = self.keys.get(key), self.given.get(key, {}).get(lang, [])
        if known is None:
            return []
        facts = self.facts(key)
        if lang == self.main:
            return [word for word in map(self._sure, facts, own, [known] * len(own)) if word]
        said = [flag.said[lang] for flag in facts if flag and lang in flag.said]
        if facts and len(said) == len(facts):
            return said
        if any(folded(word) in known.unsure for word in own):
            self.unsaid.add((key, lang))
            self.notes.append(f"{self.names[key][lang]}: words that stand for two things at the source were left out")
            return []
        return own

    def _sure(self, flag: Flag | None, word: str, key: Key) -> str:
        if flag:
            return flag.said.get(self.main, word)
        if self.main != "en" and folded(word) in key.unsure:
            self.unsaid.add((key.id, self.main))
            self.notes.append(
                f"{self.names[key.id][self.main]}: a word that stands for two things at the source was left out"
            )
            return ""
        if key.id not in _TIMES:
            self.notes.append(f"{self.names[key.id][self.main]}: {word[:60]!r} is unknown and stands as it is")
        return word

    def line(self, key: str, lang: str) -> str:
        """A line of text: what the key is called, and what is set; "" when nothing is."""
        words = self.words(key, lang)
        if not words:
            return ""
        title = self.keys[key].title.get(lang) or self.names[key].get(lang, key)
        return f"{title}: {'، '.join(words) if lang in {'ar', 'fa'} else ', '.join(words)}"

    def text(self, keys: Iterable[str], lang: str) -> str:
        """The lines of several keys."""
        return "\n".join(line for key in keys if (line := self.line(key, lang)))

    def one(self, key: str) -> str:
        """The one word that is set, in the language that decides; "" when there are none or several."""
        words = self.given.get(key, {}).get(self.main, [])
        return words[0] if len(words) == 1 else ""

    def means(self, key: str, what: str) -> list[Any]:
        """What the flags that are set mean by ``what``; None for those that do not say."""
        return [flag.means.get(what) if flag else None for flag in self.facts(key)]

    def access(self) -> list[str]:
        """Codes of access, where the flags do not contradict each other."""
        codes = [code for code in self.means("accessibility", "access") if code]
        needed = any(self.means("required", "required")) and not any(self.means("method", "unneeded"))
        if "walk_in" in codes and needed:
            self.notes.append(
                "walk-in and a required referral stand side by side: both are said in words, neither as a fact"
            )
            return [code for code in codes if code != "walk_in"]
        if needed and not any(self.means("accessibility", "any")) and "referral_only" not in codes:
            codes.append("referral_only")
        return list(dict.fromkeys(codes))

    def for_whom(self) -> list[str]:
        """Groups, when every criterion that is set names one: else they would narrow the rest."""
        groups = self.means("criteria", "for_whom")
        return list(dict.fromkeys(groups)) if groups and all(groups) else []

    def hours(self) -> str:
        """An OSM string when days, opening and closing are told once each and the service is there on all these days."""
        if self.means("opens", "always") == [True] and self.means("closes", "always") == [True]:
            return "24/7"
        days, often = self.means("days", "days"), self.facts("availability")
        opens, closes = _time(self.one("opens")), _time(self.one("closes"))
        if len(days) != 1 or not days[0] or len(often) != 1 or often[0] is None or not opens or not closes:
            return ""
        certain = often[0].means.get("daily") or (often[0].means.get("weekly") and len(days[0]) == 2)
        in_order = f"{_MORNING:02}:00" <= opens < closes
        return f"{days[0]} {opens}-{closes}" if certain and in_order else ""


def flags_of(properties: Mapping[str, Mapping[str, Any]], main: str) -> Flags:
    """The flags of a record; ``properties`` by language."""
    found = Flags(main)
    for lang, rows in properties.items():
        for name, value in rows.items():
            key = key_of(name)
            if key:
                found.keys[key.id] = key
                found.names.setdefault(key.id, {}).setdefault(lang, clean_line(name, 100))
                found.given.setdefault(key.id, {}).setdefault(lang, []).extend(set_words(value))
    return found


def _time(word: str) -> str:
    """A time of day as 08:30; "" when there is none, or it says two things at once."""
    match = _TIME.search(word)
    if not match:
        return ""
    hour, minute, half = int(match[1]), int(match[2]), (match[3] or "").casefold()
    if half in {"am", "صباحا"}:
        hour = 0 if hour == 12 else hour
        return f"{hour:02}:{minute:02}" if hour < 12 and minute < 60 else ""
    if half and hour < 12:
        hour += 12
    return f"{hour:02}:{minute:02}" if hour < 24 and minute < 60 else ""
