"""Keys of Services Advisor: which column each has, or why it has none. Numbers before a name ("3. …") do not count."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from sympolity.exchange.formats.shape import Home
from sympolity.kit.fold import words
from sympolity.languages import registry

__all__ = ["Flag", "Key", "contact_of", "folded", "home_of", "is_detail", "key_of", "needs_of"]

_TABLE = Path(__file__).with_name("table.toml")
_LONGEST = 400  # characters of a name that are compared
_NUMBER = re.compile(r"^\s*\d{1,2}\s*[.)]\s*")

# Properties with one value. Details and contacts go by several names in the installations of the shape.
_COLUMNS = {
    "locationName": Home("location.locality"),
    "partnerName": Home("service.organization, organization.name"),
    "activityCategory": Home("service.categories (by the table of sectors)"),
    "activityName": Home("service.name, service.categories (by the table of activities)"),
    "endDate": Home("service.ends_on"),
    "indicators": Home("service.description (names; their numbers are the plan of the source)", whole=True),
}
_NO_HOME = {
    "activity": "a number of the source; the activity is known by its name",
    "startDate": "services here have no first day; one that is still to come waits for a person",
}
_DETAILS = ("comments", "comment", "description", "details", "activityDetails", "additionalDetails", "notes")
_CONTACTS = {
    "phone": "phone", "phones": "phone", "telephone": "phone", "hotline": "phone", "phoneNumber": "phone", "contactPhone": "phone",
    "email": "email", "e-mail": "email", "contactEmail": "email", "website": "url", "url": "url", "web": "url",
}  # fmt: skip
_PERSONS = ("contact", "contactPerson", "contactName", "focalPoint", "focal point", "contact person", "contact name")
_FEATURE = {
    "type": Home(reason="always Feature; anything else is refused"),
    "id": Home("proposal.source_id"),
    "geometry": Home("location.lat, location.lon"),
    "geometry.type": Home(reason="always Point; anything else is refused"),
    "geometry.coordinates": Home("location.lat, location.lon"),
    "properties": Home("the columns of its keys"),
}


@dataclass(frozen=True)
class Flag:
    """A word that a source sets: how we say it by language, and what else it means."""

    said: Mapping[str, str]
    means: Mapping[str, Any]


@dataclass(frozen=True)
class Key:
    """A property with flags below it. ``unsure``: folded words that alone say nothing."""

    id: str
    title: Mapping[str, str]
    home: Home
    flags: Mapping[str, Flag]
    unsure: frozenset[str]

    def flag(self, word: str) -> Flag | None:
        return self.flags.get(folded(word))


def folded(name: str) -> str:
    """A name as it is compared: without its number, case, accents and signs."""
    return _folded(name[:_LONGEST])


@lru_cache(maxsize=4096)
def _folded(name: str) -> str:
    return " ".join(words(_NUMBER.sub("", name)))


def home_of(key: str) -> Home | None:
    """The column of a key ("en.properties.endDate"), or why it has none; None: an unknown key."""
    code, _, rest = key.partition(".")
    if code not in registry.LANGUAGES:
        return None
    if not rest:
        return Home("the texts in this language")
    if rest in _FEATURE:
        return _FEATURE[rest]
    top, _, name = rest.partition(".")
    return _property(name) if top == "properties" else None


def _property(name: str) -> Home | None:
    if name in _COLUMNS:
        return _COLUMNS[name]
    if name in _NO_HOME:
        return Home(reason=_NO_HOME[name])
    known = key_of(name)
    if known:
        return known.home
    if is_detail(name):
        return Home("service.description")
    if contact_of(name):
        return Home(f"service.{contact_of(name)}")
    named = folded(name) in map(folded, _PERSONS)
    return (
        Home(reason="names a person; a service here has a number or an address of its own", whole=True)
        if named
        else None
    )


def is_detail(name: str) -> bool:
    """Does the property hold free text about the service?"""
    return folded(name) in map(folded, _DETAILS)


def contact_of(name: str) -> str:
    """The contact column that a property fills: "phone", "email", "url", or ""."""
    return _contacts().get(folded(name), "")


@cache
def _contacts() -> dict[str, str]:
    return {folded(name): column for name, column in _CONTACTS.items()}


def key_of(name: str) -> Key | None:
    """The property with flags that goes by this name."""
    return _keys().get(folded(name))


def needs_of(name: str) -> tuple[str, ...]:
    """Our needs for an activity or a sector; empty when the table does not know it."""
    return _needs().get(folded(name), ())


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(_TABLE.read_text(encoding="utf-8"))


@cache
def _needs() -> dict[str, tuple[str, ...]]:
    return {folded(name): tuple(row["needs"]) for row in _table()["need"] for name in row["names"]}


@cache
def _keys() -> dict[str, Key]:
    found: dict[str, Key] = {}
    for row in _table()["key"]:
        key = Key(
            row["id"], row["title"], Home(row["home"], whole=True), _flags(row["flags"]),
            frozenset(folded(one) for one in row.get("unsure", ())),
        )  # fmt: skip
        found |= {folded(name): key for name in row["names"]}
    return found


def _flags(rows: list[dict[str, Any]]) -> dict[str, Flag]:
    found: dict[str, Flag] = {}
    for row in rows:
        means = {name: value for name, value in row.items() if name not in {"en", "ar", "also"}}
        flag = Flag({"en": row["en"], "ar": row["ar"]}, means)
        found |= {folded(name): flag for name in (row["en"], row["ar"], *row.get("also", ()))}
    return found
