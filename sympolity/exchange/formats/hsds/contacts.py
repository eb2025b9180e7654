"""Who gives a service and how to reach it. Rows of contact persons are never taken: they name people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sympolity.exchange.formats.hsds.kinds import name_of
from sympolity.exchange.formats.hsds.places import Place
from sympolity.exchange.formats.hsds.words import Taker, language_by_letters
from sympolity.kit.bidi import clean_line
from sympolity.kit.fold import fold

__all__ = ["Contact", "contact_of", "names_of", "organization_of"]

_VOICE = ("", "voice", "cell", "mobile", "phone", "hotline", "landline", "telephone")
_NAMES = 40  # contact persons of a record whose names are looked for

Rows = Sequence[tuple[str, Mapping[str, Any]]]


@dataclass(frozen=True, slots=True)
class Contact:
    """``words``: a number with its extension, which no column of ours holds."""

    phone: str = ""
    email: str = ""
    url: str = ""
    words: str = ""


def contact_of(raw: Mapping[str, Any], places: Sequence[Place], take: Taker) -> Contact:
    """The nearest number, mail and web address: of the service, at its places, of its places, of its organization."""
    groups = [take.rows(raw, "", "phones")]
    groups += [take.rows(place.at, place.at_path, "phones") for place in places]
    groups += [take.rows(place.row, place.path, "phones") for place in places]
    groups += [take.rows(row, path, "phones") for path, row in take.rows(raw, "", "organization")]
    phone, words = _first_phone([one for group in groups for one in group], take)
    urls = [(raw, "", "url"), (raw, "", "website")]
    urls += [(row, path, "url") for path, row in take.rows(raw, "", "additional_urls")]
    urls += [(place.row, place.path, key) for place in places for key in ("url", "website")]
    emails = [(raw, "", "email"), *((place.row, place.path, "email") for place in places)]
    return Contact(
        phone, next(filter(None, (take.email(*one) for one in emails)), ""),
        next(filter(None, (take.url(*one) for one in urls)), ""), words,
    )  # fmt: skip


def _first_phone(rows: Rows, take: Taker) -> tuple[str, str]:
    """(number, number with its extension)."""
    for path, row in rows:
        kind = fold(clean_line(str(row.get("type") or row.get("number_type") or ""), 40))
        number = take.phone(row, path) if kind in _VOICE else ""
        if number:
            take.whole(path)
            extension = take.line(row, path, "extension", 12)
            return number, f"{number} ext. {extension}" if extension else ""
    return "", ""


def organization_of(raw: Mapping[str, Any], take: Taker, language: str) -> tuple[dict[str, Any], str]:
    """The organization, and why a person must look when the record does not name it."""
    for path, row in take.rows(raw, "", "organization"):
        name = take.line(row, path, "name", 200)
        if not name:
            continue
        take.whole(path)
        key = name_of(row.get("id")) or name_of(raw.get("organization_id"))
        if not key:
            # Without a number of its own it is known by its name.
            key = f"name:{fold(name)}"[:100]
        else:
            take.used.add(f"{path}id")
        description = take.text(row, path, "description")
        lang = language_by_letters([name, description]) or language or "en"
        found = {"key": key, "name": name, "lang": lang, "texts": {}, "description": description[:5000]}
        found["email"] = take.email(row, path)
        found["url"] = next(filter(None, (take.url(*one) for one in _websites(row, path, take))), "")
        phone, _ = _first_phone(take.rows(row, path, "phones"), take)
        take.used.discard(f"{path}phones[].extension")  # no column here; with the service it may be told
        found["phone"] = phone
        return {key: value for key, value in found.items() if value != ""}, ""
    name = clean_line(str(raw.get("name") or ""), 200)
    made = {
        "key": f"of-{name_of(raw.get('id'))}"[:100],
        "name": name,
        "lang": language_by_letters([name]) or language or "en",
        "texts": {},
    }
    return (
        made,
        "organization.name: the record does not tell who gives the service; the name of the service stands for it",
    )


def _websites(row: Mapping[str, Any], path: str, take: Taker) -> list[tuple[Mapping[str, Any], str, str]]:
    more = [(one, below, "url") for below, one in take.rows(row, path, "additional_websites")]
    return [(row, path, "website"), (row, path, "url"), *more]


def names_of(raw: Mapping[str, Any], take: Taker) -> list[str]:
    """The folded names of the contact persons of a record, of two words at least, with blanks around them."""
    rows = take.rows(raw, "", "contacts")
    for path, row in [*take.rows(raw, "", "organization"), *take.rows(raw, "", "service_at_locations")]:
        rows += take.rows(row, path, "contacts")
        for below, one in take.rows(row, path, "location"):
            rows += take.rows(one, below, "contacts")
    names = [fold(clean_line(str(row.get("name") or ""), 80).split(",")[0]) for _, row in rows[:_NAMES]]
    return [name for name in dict.fromkeys(names) if len(name.split()) >= 2]
