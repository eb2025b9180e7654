"""What stands in a cell, as the value that a column of ours takes. :class:`Bad` says what is wrong and what to write."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from datetime import date
from functools import cache
from importlib import resources
from typing import Any

from babel import Locale
from django.utils.translation import override

from sympolity.directory import enums, needs
from sympolity.directory.reaching import EMAIL, PHONE, URL
from sympolity.exchange.tables.numbers import day_of_serial
from sympolity.kit.fold import fold
from sympolity.languages import registry

__all__ = [
    "Bad",
    "age",
    "category",
    "code",
    "coordinate",
    "day",
    "email",
    "language",
    "parts",
    "phones",
    "point",
    "url",
    "yes_or_no",
]

_NUMBER = re.compile(r"^[-+]?\d{1,3}(?:[.,]\d{1,20})?$")
_DEGREES = re.compile(
    r"^(\d{1,3})\s*[°º]\s*(?:(\d{1,2}(?:[.,]\d{1,6})?)\s*['′’]\s*)?(?:(\d{1,2}(?:[.,]\d{1,6})?)\s*(?:\"|″|''|”)\s*)?([NSEWΒΝΑΔ]?)$"
)
_PAIR = re.compile(r"^\(?\s*([-+]?\d{1,3}(?:[.,]\d+)?)\s*(?:;|,\s|\s+|/)\s*([-+]?\d{1,3}(?:[.,]\d+)?)\s*\)?$")
_DOT_PAIR = re.compile(r"^\(?\s*([-+]?\d{1,3}(?:\.\d+)?)\s*,\s*([-+]?\d{1,3}(?:\.\d+)?)\s*\)?$")
_WKT = re.compile(r"^POINT\s*\(\s*([-+]?\d{1,3}(?:\.\d+)?)\s+([-+]?\d{1,3}(?:\.\d+)?)\s*\)$", re.IGNORECASE)
_GRID = 1000.0  # no latitude or longitude is as large; coordinates of a national grid are
_ISO = re.compile(r"^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].{0,20})?$")
_DAY_FIRST = re.compile(r"^(\d{1,2})\s*[./-]\s*(\d{1,2})\s*[./-]\s*(\d{4}|\d{2})$")
_WITH_MONTH = re.compile(r"^(\d{1,2})[ηο]?\.?\s+([^\W\d_]{3,12})\.?,?\s+(\d{4})$")
_SERIAL = re.compile(r"^\d{5}(?:\.\d+)?$")
_PHONES = re.compile(r"\s*(?:[,;|\n]|\s/\s|\s(?:και|ή|or|and|et|ou|أو|و)\s)\s*")
_BEFORE_PHONE = re.compile(
    r"^(?:τηλ(?:έφωνο|\.)?|tel(?:ephone|\.)?|phone|هاتف|tél\.?|κιν(?:ητό|\.)?|mob(?:ile|\.)?)\s*[:.]?\s*", re.IGNORECASE
)
_BARE_URL = re.compile(r"^(?:[a-z0-9-]+\.)+[a-z]{2,24}(?:/[^\s<>\"']*)?$", re.IGNORECASE)
_SPLIT = re.compile(r"[,;|/\n،؛]")
_SPLIT_LINES = re.compile(r"[;|\n؛•]")
_ENUMS = {"for_whom": enums.ForWhom, "access": enums.Access, "legal_status": enums.LegalStatus, "cost": enums.Cost, "status": enums.ServiceStatus}  # fmt: skip
_PIVOT = 70  # two digits of a year below this lie after 2000


class Bad(ValueError):
    """The cell cannot be used."""


def _shown(text: str) -> str:
    return f'"{text[:60]}"'


def parts(text: str, *, lines: bool = False) -> list[str]:
    """The pieces of a cell with several values. ``lines``: a comma belongs to a piece, unless nothing else separates."""
    pattern = _SPLIT_LINES if lines and _SPLIT_LINES.search(text) else _SPLIT
    return [piece for part in pattern.split(text) if (piece := part.strip(" \t\r-–·*"))]


def coordinate(text: str, *, latitude: bool) -> float:
    """Degrees with a point or a comma, or degrees, minutes and seconds."""
    plain = text.strip().replace("\u2212", "-")
    match = _DEGREES.match(plain.upper())
    if match:
        value = sum(
            float((part or "0").replace(",", ".")) / scale
            for part, scale in zip(match.groups(), (1, 60, 3600), strict=False)
        )
        return -value if match[4] in {"S", "W", "Ν", "Δ"} else value
    if not _NUMBER.match(plain):
        big = re.fullmatch(r"[-+]?\d{4,9}(?:[.,]\d+)?", plain)
        if big and abs(float(plain.replace(",", "."))) > _GRID:
            raise Bad(
                f"{_shown(text)} is no degree; it looks like a national grid (such as ΕΓΣΑ87), or its comma was lost. "
                "Write degrees of WGS 84, such as 37.98"
            )
        raise Bad(f"{_shown(text)} is no degree. Write a number such as {'37.98' if latitude else '23.73'}")
    return float(plain.replace(",", "."))


def point(text: str) -> tuple[float, float]:
    """(latitude, longitude) of "37.98, 23.72", "37,98; 23,72" or "POINT (23.72 37.98)"."""
    plain = text.strip().replace("\u2212", "-")
    match = _WKT.match(plain)
    if match:
        return float(match[2]), float(match[1])
    match = _DOT_PAIR.match(plain) or _PAIR.match(plain)
    if match is None:
        raise Bad(f'{_shown(text)} is no point. Write latitude, longitude: "37.98, 23.73"')
    return coordinate(match[1], latitude=True), coordinate(match[2], latitude=False)


@cache
def _months() -> dict[str, int]:
    found: dict[str, int] = {}
    for code in ("en", "el", "fr", "ar"):
        months = Locale(code).months
        for form in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, name in months[form][width].items():
                    found[fold(name).strip(".")] = number
    return found


def day(text: str) -> date:
    """A date: ISO 8601, day first, with the name of the month, or the serial number of a spreadsheet."""
    plain = " ".join(text.translate(_DIGITS).split())
    try:
        if match := _ISO.match(plain):
            return date(int(match[1]), int(match[2]), int(match[3]))
        if match := _DAY_FIRST.match(plain):
            year = int(match[3])
            return date(year if year > 99 else year + (2000 if year < _PIVOT else 1900), int(match[2]), int(match[1]))
        if (match := _WITH_MONTH.match(plain)) and fold(match[2]) in _months():
            return date(int(match[3]), _months()[fold(match[2])], int(match[1]))
    except ValueError:
        raise Bad(f"{_shown(text)} is no date; the day is read first. Write 2026-12-31") from None
    moment = day_of_serial(float(plain)) if _SERIAL.match(plain) else None
    if moment is None:
        raise Bad(f"{_shown(text)} is no date. Write 2026-12-31")
    return moment.date()


_DIGITS = {base + digit: str(digit) for base in (0x0660, 0x06F0) for digit in range(10)}


def phones(text: str) -> list[str]:
    """The numbers of a cell, one after the other."""
    found = []
    for part in _PHONES.split(text.translate(_DIGITS).replace("\u2011", "-").replace("–", "-")):
        number = _BEFORE_PHONE.sub("", part.strip())
        if not number:
            continue
        if not PHONE.match(number) or sum(char.isdigit() for char in number) < 3:
            raise Bad(f"{_shown(part)} is no phone number")
        found.append(number)
    if not found:
        raise Bad(f"{_shown(text)} is no phone number")
    return found


def email(text: str) -> str:
    """One address."""
    plain = text.strip().removeprefix("mailto:")
    if not EMAIL.match(plain):
        raise Bad(f"{_shown(text)} is no e-mail address (one only)")
    return plain


def url(text: str) -> str:
    """The address of a page; ``https://`` is put before a bare name."""
    plain = text.strip()
    if _BARE_URL.match(plain):
        plain = f"https://{plain}"
    if not URL.match(plain):
        raise Bad(f"{_shown(text)} is no address of a page (one only, https://…)")
    return plain


def age(text: str) -> int:
    """Whole years."""
    plain = text.translate(_DIGITS).strip()
    if not plain.isascii() or not plain.isdigit() or int(plain[:9]) > 120:
        raise Bad(f"{_shown(text)} is no age in years")
    return int(plain)


@cache
def _words() -> dict[str, dict[str, str]]:
    """Column -> folded word -> code: the file of words, and the labels in the languages of the interface."""
    text = resources.files(__package__).joinpath("words.toml").read_text(encoding="utf-8")
    told = {
        name: {fold(word): value for value, said in rows.items() for word in said}
        for name, rows in tomllib.loads(text).items()
    }
    for name, choices in _ENUMS.items():
        for row in registry.INTERFACE:
            with override(row.code):
                for value, label in choices.choices:
                    told[name].setdefault(fold(str(label)), value)
        for value in choices.values:
            told[name].setdefault(fold(value), value)
    return told


def code(column: str, text: str) -> str:
    """The code of a word in a column of codes, or "" when nobody knows it."""
    return _words()[column].get(" ".join(fold(text).split()).strip(" .:"), "")


def yes_or_no(text: str) -> bool | None:
    """True, False, or None when the word is neither."""
    return {"yes": True, "no": False}.get(code("yes_no", text))


@cache
def _needs() -> dict[str, str]:
    """Folded word -> slug of a need. Labels come before names and synonyms; a group before its members."""
    found = dict(_words()["category"])
    for word, slug in _need_words(needs.load()):
        if word:
            found.setdefault(" ".join(fold(word).split()), slug)
    return found


def _need_words(rows: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    for need in rows:
        yield need["slug"], need["slug"]
        yield need["slug"].replace("-", " "), need["slug"]
    for part in ("label", "name"):
        for need in rows:
            yield from ((word, need["slug"]) for word in need[part].values())
    yield from ((need.get("open_eligibility", ""), need["slug"]) for need in rows)
    for need in rows:
        yield from ((word, need["slug"]) for said in need["synonyms"].values() for word in said)
    sectors: dict[str, set[str]] = {}
    for need in rows:
        sectors.setdefault(need.get("unhcr", ""), set()).add(need["parent"] or need["slug"])
    # A sector of many groups (Protection) says too little.
    yield from ((sector, next(iter(groups))) for sector, groups in sectors.items() if len(groups) == 1)


def category(text: str, own: dict[str, str]) -> str:
    """The slug of a need for a word; ``own``: folded words of the mapping. "" when nobody knows it."""
    key = " ".join(fold(text).split())
    return own.get(key) or _needs().get(key.strip(" .:"), "")


@cache
def _languages() -> dict[str, str]:
    found: dict[str, str] = {}
    for row in registry.LANGUAGES.values():
        found |= {fold(row.name): row.code, fold(row.english): row.code}
    for code_ in ("en", "el", "ar", "fr", "fa"):
        for tag, name in Locale(code_).languages.items():
            ours = registry.canonical(tag) if "_" not in tag and "-" not in tag else None
            if ours:
                found.setdefault(fold(name), ours)
    # As people write them beside the names of CLDR.
    more = {"φαρσι": "fa", "farsi": "fa", "dari": "fa", "فارسي": "fa", "νταρι": "fa", "ουρντου": "ur", "kurdish": "kmr",
            "κουρδικα": "kmr", "كردي": "kmr", "انجليزي": "en", "عربي": "ar", "يوناني": "el", "فرنسي": "fr", "αραβικη": "ar",
            "ελληνικη": "el", "αγγλικη": "en", "γαλλικη": "fr", "panjabi": "pa"}  # fmt: skip
    return {fold(word): value for word, value in more.items()} | found


def language(text: str) -> str:
    """Our code of a language by its code or its name in five languages; "" when nobody knows it."""
    key = fold(text.strip(" ."))
    if key in _languages():
        return _languages()[key]
    return registry.canonical(text) or "" if re.fullmatch(r"[A-Za-z]{2,3}(?:[-_][A-Za-z]{2,4})?", text.strip()) else ""
