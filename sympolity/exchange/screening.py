"""What free text should not hold: addresses, numbers and names of persons. Whoever finds one asks a person to look.

Contact columns are made for such things; a sentence is not. The finder errs towards asking.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from functools import cache
from typing import Any

from sympolity.directory.enums import AddressVisibility

__all__ = ["SHELTER", "exposed", "found_in", "held_in"]

SHELTER = "locations: a place for people in danger has an address here. Is it meant to be known?"
# Needs of people whom somebody may look for. Whoever looks reads the map, too.
_DANGER = frozenset({"women-shelter", "safety", "violence-at-home", "attacked", "trafficking", "child-alone"})
_BEDS = frozenset({"shelter", "night-shelter", "housing"})  # the same, when they are for these people:
_AT_RISK = frozenset({"survivors", "minors_alone", "lgbtqi"})
_LIMIT = 40_000  # characters looked at in one text
_DIGIT = re.compile(r"\d")
_SHORTEST = 7  # digits of a phone number
_EMAIL = re.compile(
    r"[^\s@<>()\[\],;:\"']{1,64}(?:@|\s?\[at\]\s?|\s?\(at\)\s?)[^\s@<>()\[\],;:\"']{1,200}\.[^\W\d_]{2,24}"
)
_PHONE = re.compile(r"(?<![\w.,:/-])(?:\+|00)?\(?\d(?:[ .()/\u00a0\u2010\u2011\u2013-]{0,3}\d){6,14}(?![\w:/-])")
# What looks like a number to call and is none: dates, spans of years, hours, thousands, points.
_NO_PHONE = re.compile(
    r"\b\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b|\b\d{4}[./-]\d{1,2}[./-]\d{1,2}\b|\b(?:19|20)\d\d\s?[-\u2013/]\s?(?:19|20)\d\d\b"
    r"|\b\d{1,2}[.:]\d\d\s?[-\u2013]\s?\d{1,2}[.:]\d\d\b|(?<![\d,])\d{1,3}(?:,\d{3})+(?!,?\d)"
    r"|-?\b\d{1,3}\.\d{3,}\s?,\s?-?\d{1,3}\.\d{3,}\b"
)
# A title or a phrase that a name follows. Latin and Greek names begin with a capital; Arabic has none.
_CAPITAL = r"[^\W\d_a-zά-ώ]"
_NAMED = (
    re.compile(rf"\b(?:Mr|Mrs|Ms|Miss|Mme|Mlle|Dr|Prof|Sr|Sra|Srta)\b\.?\s+{_CAPITAL}[^\W\d_]+"),
    re.compile(rf"(?<!\w)(?:κ\.|κος|κα|κύριος|κυρία|[Κκ]υρίου|[Κκ]υρίας|Κος|Κα|Κύριος|Κυρία|[Δδ]ρ\.?)\s+{_CAPITAL}[^\W\d_]+"),
    re.compile(
        r"\b(?:[Cc]ontact [Pp]erson|[Ff]ocal [Pp]oint|[Aa]sk for|[Ss]peak (?:to|with)|[Pp]ersona de contacto|[Pp]reguntar por)"
        rf"\s*[:\u2013-]?\s+{_CAPITAL}[^\W\d_]+\s+{_CAPITAL}[^\W\d_]+"
    ),
    re.compile(rf"(?<!\w)(?:[Υυ]πεύθυν(?:ος|η)|[Ζζ]ητήστε τ(?:ον|ην?))\s*:?\s+{_CAPITAL}[^\W\d_]+"),
    re.compile(r"(?<!\w)(?:السيد|السيدة|الآنسة|الأستاذ|الأستاذة|الدكتور|الدكتورة|الشخص المسؤول|مسؤول الاتصال)\s*:?\s+\w{2,}"),
)  # fmt: skip
# A name in an address is that of a street, its numbers are those of houses; a name of a thing may be that of a person.
_PLACES = frozenset({"address", "locality", "postal_code", "nearest_stop"})
_SERVICE = (
    "summary",
    "description",
    "eligibility",
    "how",
    "cost_note",
    "capacity_note",
    "nationality",
    "referral",
    "response_delay",
)


def found_in(texts: Mapping[str, str], own: Collection[str] = ()) -> str:
    """Why a person must look at ``texts`` (field -> words): the first field and what kind of thing it holds, or "".

    The reason never holds the thing itself. ``own``: numbers and addresses that stand in contact columns of the
    same record; said again in a sentence they tell nothing new.
    """
    known = {_bare(one) for one in own if one}
    for where, text in texts.items():
        kind = _kind(_plain(text[:_LIMIT]), known, where.rpartition(".")[2])
        if kind:
            return f"{where}: the text holds {kind}. Look at it before it is public"
    return ""


def held_in(data: Mapping[str, Any]) -> str:
    """The same for all free text of mapped data (``formats.shape.Mapped``), in every language."""
    return found_in(dict(_free(data)), own=list(_contacts(data)))


def exposed(data: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The places of mapped data whose address or point would be public though people in danger are there."""
    service = data["service"]
    needs, people = set(service["categories"]), set(service.get("columns", {}).get("for_whom") or ())
    if not needs & _DANGER and not (needs & _BEDS and people & _AT_RISK):
        return []
    return [
        row
        for row in data["locations"]
        if (row.get("visibility") or AddressVisibility.FULL) == AddressVisibility.FULL
        and (row.get("address") or row.get("lat") is not None)
    ]


def _free(data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    service, organization = data["service"], data["organization"]
    columns = service.get("columns", {})
    yield "service.name", service["name"]
    yield from ((f"service.{name}", columns[name]) for name in _SERVICE if columns.get(name))
    yield from _translated("service", service)
    yield "organization.name", organization["name"]
    yield "organization.description", organization.get("description", "")
    yield from _translated("organization", organization)
    for place in data["locations"]:
        yield from ((f"location.{name}", place[name]) for name in sorted({"name", *_PLACES}) if place.get(name))
        yield from _translated("location", place)
    for noun, rows in (("document", service.get("documents", ())), ("exception", service.get("exceptions", ()))):
        for row in rows:
            yield from ((f"{noun}.{name}", row[name]) for name in ("name", "note") if row.get(name))
            yield from _translated(noun, row)


def _translated(noun: str, row: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, words in row.get("texts", {}).items():
        for code, text in words.items():
            # The language stands in the middle, so that the end still names the field.
            yield f"{noun}.{code}.{name}", text


def _contacts(data: Mapping[str, Any]) -> Iterator[str]:
    for row in (data["service"].get("columns", {}), data["organization"]):
        yield from (str(row[name]) for name in ("phone", "whatsapp", "direct_line", "email") if row.get(name))


def _kind(text: str, known: Collection[str], column: str) -> str:
    signed = "@" in text or "at]" in text or "at)" in text
    if signed and any(_bare(match[0]) not in known for match in _EMAIL.finditer(text)):
        return "an e-mail address"
    if column in _PLACES:
        return ""
    if len(_DIGIT.findall(text)) >= _SHORTEST and _calls(text, known):
        return "a phone number"
    named = column != "name" and any(pattern.search(text) for pattern in _NAMED)
    return "the name of a person, it seems" if named else ""


def _calls(text: str, known: Collection[str]) -> bool:
    return any(_bare(match[0]) not in known for match in _PHONE.finditer(_NO_PHONE.sub(" ", text)))


def _bare(text: str) -> str:
    """A number as its digits, an address in small letters."""
    return text.strip(" .").casefold() if "@" in text else "".join(char for char in text if char.isdigit())


def _plain(text: str) -> str:
    """Full-width, circled and other letters of fashion as their plain ones, digits of every script as 0 to 9."""
    return text if text.isascii() else unicodedata.normalize("NFKC", text)[:_LIMIT].translate(_digits())


@cache
def _digits() -> dict[int, str]:
    return {code: str(unicodedata.decimal(chr(code))) for code in range(sys.maxunicode + 1) if chr(code).isdecimal()}
