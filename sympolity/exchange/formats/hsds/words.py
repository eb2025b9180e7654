"""Taking words out of a record: clean, bounded, and with a memory of which keys were used."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from sympolity.directory.reaching import EMAIL, PHONE, URL
from sympolity.exchange.markup import plain
from sympolity.kit.bidi import clean_line, clean_text
from sympolity.kit.fold import fold
from sympolity.languages import registry

__all__ = ["LONGEST", "Taker", "language_by_letters", "language_of", "languages_in", "number_of", "paragraphs", "truth"]

LONGEST = 20_000  # characters of one text
_ROWS = 300  # members of a list that are looked at
# ISO 639-2 and 639-3 codes of the languages of the registry that are not folded there, and names in use.
_CODES = {
    "urd": "ur", "spa": "es", "fra": "fr", "fre": "fr", "deu": "de", "ger": "de", "rus": "ru", "ukr": "uk", "tur": "tr",
    "sqi": "sq", "alb": "sq", "ben": "bn", "pan": "pa", "amh": "am", "tir": "ti", "pus": "ps", "som": "so", "lin": "ln",
    "ita": "it", "por": "pt", "kat": "ka", "geo": "ka", "hye": "hy", "arm": "hy", "swa": "sw", "gre": "el", "kur": "kmr",
}  # fmt: skip
_NAMES = {
    "farsi": "fa", "dari": "fa", "kurdish": "kmr", "castilian": "es", "modern greek": "el", "punjabi": "pa",
    "panjabi": "pa", "bangla": "bn", "kiswahili": "sw", "pushto": "ps",
}  # fmt: skip
_NO = re.compile(r"\b(?:no|not|none|without|never|unavailable)\b", re.IGNORECASE)
_LETTERS = (
    ("el", re.compile("[\u0370-\u03ff\u1f00-\u1fff]")),
    ("fa", re.compile("[\u067e\u0686\u0698\u06af]")),  # letters that Arabic has not
    ("ar", re.compile("[\u0600-\u06ff]")),
    ("uk", re.compile("[\u0456\u0457\u0454\u0491]")),  # letters that Russian has not
    ("ru", re.compile("[\u0400-\u04ff]")),
    ("am", re.compile("[\u1200-\u137f]")),
    ("ka", re.compile("[\u10a0-\u10ff]")),
    ("hy", re.compile("[\u0530-\u058f]")),
    ("bn", re.compile("[\u0980-\u09ff]")),
)


@dataclass(slots=True)
class Taker:
    """``used``: keys whose content was taken; ``notes``: what was left out and why."""

    used: set[str] = field(default_factory=set)
    notes: list[str] = field(default_factory=list)

    def text(self, holder: Mapping[str, Any], path: str, key: str) -> str:
        """The words under a key, of several lines; numbers as their digits; "" when there are none."""
        value = holder.get(key)
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            return ""
        words = clean_text(plain(value)) if isinstance(value, str) else str(value)
        if words:
            self.used.add(f"{path}{key}")
        return words

    def line(self, holder: Mapping[str, Any], path: str, key: str, limit: int = 400) -> str:
        """The words as one line; what is longer than the column is cut, and told."""
        words = clean_line(self.text(holder, path, key))
        if len(words) > limit:
            self.notes.append(f"{path}{key} cut to {limit} characters")
        return words[:limit].rstrip()

    def rows(self, holder: Mapping[str, Any], path: str, *keys: str) -> list[tuple[str, Mapping[str, Any]]]:
        """(path below, object) of the lists under ``keys``; a single object counts as a list of one."""
        found: list[tuple[str, Mapping[str, Any]]] = []
        for key in keys:
            value = holder.get(key)
            if isinstance(value, dict):
                found.append((f"{path}{key}.", value))
            elif isinstance(value, list):
                found += [(f"{path}{key}[].", one) for one in value[:_ROWS] if isinstance(one, dict)]
                if any(not isinstance(one, dict) for one in value[:_ROWS]):
                    self.notes.append(f"{path}{key}: members that are no objects are left out")
                if len(value) > _ROWS:
                    self.notes.append(f"{path}{key}: only the first {_ROWS} are read")
        return found

    def whole(self, path: str) -> None:
        """The list or object at ``path`` ("phones[].") has told something."""
        self.used.add(path.rstrip(".").removesuffix("[]"))

    def email(self, holder: Mapping[str, Any], path: str, key: str = "email") -> str:
        """An e-mail address, when it is one."""
        words = clean_line(self.text(holder, path, key))
        if words and (len(words) > 254 or not EMAIL.match(words)):
            return self._refused(f"{path}{key}", "no e-mail address")
        return words

    def url(self, holder: Mapping[str, Any], path: str, key: str) -> str:
        """A web address, when it is one."""
        words = clean_line(self.text(holder, path, key))
        if words and (len(words) > 400 or not URL.match(words)):
            return self._refused(f"{path}{key}", "no web address (https://…)")
        return words

    def _refused(self, key: str, says: str) -> str:
        self.used.discard(key)
        self.notes.append(f"{key} is {says}; left out")
        return ""

    def phone(self, holder: Mapping[str, Any], path: str) -> str:
        """A number that can be called, as it is written; "" when it holds anything else."""
        digits = clean_line(self.text(holder, path, "number"), 80).strip("\"' ").removeprefix("tel:")
        before = clean_line(self.text(holder, path, "country_prefix"), 8)
        number = f"{before} {digits}" if before and digits and not digits.startswith("+") else digits
        if number and (not PHONE.match(number) or sum(char.isdigit() for char in number) < 2):
            self.used -= {f"{path}number", f"{path}country_prefix"}
            self.notes.append(f"{path}number is no number that can be called; left out")
            return ""
        return number


def paragraphs(*parts: str) -> str:
    """The parts that say something, each once, with an empty line between them."""
    kept: list[str] = []
    for part in parts:
        if part and not any(part in one for one in kept):
            kept.append(part)
    return "\n\n".join(kept)[:20000]


def number_of(value: Any) -> float | None:
    """A number, also when it is written as text; None when it is none."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        number = float(str(value).strip()[:40].replace(",", "."))
    except ValueError:
        return None
    return number if abs(number) < 1e15 else None


def truth(value: Any) -> bool | None:
    """Yes or no, also as text or number; None when it says neither."""
    word = str(value).strip().casefold()
    if word in {"true", "1", "yes", "t", "y"}:
        return True
    return False if word in {"false", "0", "no", "f", "n"} else None


@cache
def _languages() -> dict[str, str]:
    names = {fold(row.english): row.code for row in registry.LANGUAGES.values()}
    return names | {fold(row.name): row.code for row in registry.LANGUAGES.values()} | _NAMES


def language_of(word: str) -> str:
    """Our code for a code or a name of a language ("urd", "pt-BR", "Farsi", "Arabic (Levantine)"); "" when unknown."""
    bare = re.split(r"[(\[]", word, maxsplit=1)[0].strip()
    if re.fullmatch(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{1,8})*", bare):
        start = re.split("[-_]", bare.casefold(), maxsplit=1)[0]
        code = registry.canonical(start) or _CODES.get(start)
        if code:
            return code
    return _languages().get(fold(bare), "")


def languages_in(text: str) -> list[str]:
    """The languages that a sentence names, when it says no "not" or "no"."""
    if _NO.search(text[:2000]):
        return []
    words = re.split(r"[\s,;./]+", fold(text[:2000]))
    return list(dict.fromkeys(code for word in words if (code := _languages().get(word))))


def language_by_letters(texts: Iterable[str]) -> str:
    """The language that the letters of the texts show; "" for Latin letters, which show none."""
    text = " ".join(texts)[:4000]
    letters = sum(char.isalpha() for char in text)
    for code, form in _LETTERS:
        share = len(form.findall(text))
        if share and (share * 2 > letters or (code in {"fa", "uk"} and _mostly(text, letters, code))):
            return code
    return ""


def _mostly(text: str, letters: int, code: str) -> bool:
    block = re.compile("[\u0600-\u06ff]" if code == "fa" else "[\u0400-\u04ff]")
    return len(block.findall(text)) * 2 > letters
