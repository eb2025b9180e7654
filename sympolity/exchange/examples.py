"""What a preview shows of single records: the first of each outcome, field by field, before and after."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sympolity.kit.bidi import clean_line

__all__ = ["Examples", "Seen", "changes", "fields_of"]

_OF_EACH = 10  # records of one outcome
_FIELDS = 40  # of a record
_LONG = 300  # characters of a value
_SHOWN = ("created", "updated", "returned", "waiting")


@dataclass(frozen=True, slots=True)
class Seen:
    """A record and what became of it. ``before``: what stands, ``after``: what the record says, both as mapped data."""

    outcome: str
    place: str
    key: str
    reason: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]


class Examples:
    """Keeps the first records of each outcome as plain JSON."""

    def __init__(self) -> None:
        self.met: Counter[str] = Counter()
        self.rows: list[dict[str, Any]] = []

    def __call__(self, seen: Seen) -> None:
        self.met[seen.outcome] += 1
        if seen.outcome not in _SHOWN or self.met[seen.outcome] > _OF_EACH:
            return
        found = changes(seen.before, seen.after)
        service = seen.after.get("service", {})
        self.rows.append({
            "outcome": seen.outcome, "place": seen.place, "id": seen.key, "reason": seen.reason,
            "name": clean_line(str(service.get("name", "")), 200), "lang": str(service.get("lang", "")),
            "fields": found[:_FIELDS], "more": max(0, len(found) - _FIELDS),
        })  # fmt: skip


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[list[str]]:
    """[path, what stands, what comes, language] of every field in which two versions differ, in their order."""
    old, new = dict(fields_of(before)), dict(fields_of(after))
    langs = {**_languages(before), **_languages(after)}
    return [
        [path, old.get(path, ""), new.get(path, ""), _language_of(path, langs)]
        for path in dict.fromkeys([*new, *old])
        if old.get(path, "") != new.get(path, "")
    ]


def fields_of(data: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, str]]:
    """(dotted path, words) of everything that mapped data says; members of lists are numbered from 1."""
    for name, value in data.items():
        if name in {"key", "lang"}:
            continue
        here = f"{path}.{name}" if path else str(name)
        if isinstance(value, Mapping):
            yield from fields_of(value, here)
        elif isinstance(value, list) and any(isinstance(one, Mapping) for one in value):
            for number, one in enumerate(value, 1):
                if isinstance(one, Mapping):
                    yield from fields_of(one, f"{here}.{number}")
        elif value not in (None, "", []):
            yield here, _words(value)


def _words(value: Any) -> str:
    words = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return clean_line(words, _LONG) + ("…" if len(words) > _LONG else "")


def _languages(data: Mapping[str, Any]) -> dict[str, str]:
    """Part of mapped data -> language of its own columns."""
    found = {part: str(data.get(part, {}).get("lang", "")) for part in ("organization", "service")}
    for number, one in enumerate(data.get("locations", ()), 1):
        found[f"locations.{number}"] = str(one.get("lang", ""))
    return found


def _language_of(path: str, langs: Mapping[str, str]) -> str:
    parts = path.split(".")
    if "texts" in parts:
        return parts[-1]
    own = ".".join(parts[:2]) if parts[0] == "locations" else parts[0]
    return langs.get(own, "")
