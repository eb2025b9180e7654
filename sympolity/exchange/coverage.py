"""Which key of a source reached which column: nothing of an import is lost without a word."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Any

from sympolity.kit.bidi import clean_line

__all__ = ["Coverage", "Home", "Row", "keys_of"]

_UNKNOWN = 200  # distinct unknown keys that are kept apart
_KNOWN = 5000  # keys whose home is remembered


@dataclass(frozen=True, slots=True)
class Home:
    """Where a key goes: a column, or none with the reason.

    ``whole``: what stands below the key is its content, not further keys (flags, free lists of names).
    """

    column: str = ""
    reason: str = ""
    whole: bool = False

    def __str__(self) -> str:
        return self.column or f"no home: {self.reason}"


HomeOf = Callable[[str], Home | None]


@dataclass(frozen=True, slots=True)
class Row:
    """One key of the source. ``filled``, ``reached``: numbers of records; ``home`` None: an unknown key."""

    key: str
    home: Home | None
    filled: int
    reached: int


def keys_of(value: Mapping[str, Any], home_of: HomeOf, path: str = "") -> Iterator[tuple[str, bool]]:
    """(key, has content) of a record: dotted, ``[]`` for the members of a list; no deeper than a key that is known."""
    for name, part in value.items():
        key = f"{path}{name}"
        members = part if isinstance(part, list) else [part]
        inner = [one for one in members if isinstance(one, dict)]
        yield key, part not in (None, "", [], {})
        home = home_of(key)
        if home is not None and not home.whole:
            below = f"{key}[]." if isinstance(part, list) else f"{key}."
            for one in inner:
                yield from keys_of(one, home_of, below)


@dataclass(slots=True)
class Coverage:
    """Counts over the records of a file."""

    home_of: HomeOf
    records: int = 0
    filled: Counter[str] = field(default_factory=Counter)
    reached: Counter[str] = field(default_factory=Counter)
    homes: dict[str, Home] = field(default_factory=dict)
    strange: int = 0  # unknown keys that were met

    def home(self, key: str) -> Home | None:
        """The home of a key; asked once of each that has one."""
        found = self.homes.get(key) or self.home_of(key)
        if found and len(self.homes) < _KNOWN:
            self.homes[key] = found
        return found

    def add(self, raw: Mapping[str, Any], used: AbstractSet[str]) -> None:
        """Count a record; ``used``: keys whose content stands in a column now."""
        self.records += 1
        said: dict[str, bool] = {}
        for key, has in keys_of(raw, self.home):
            said[key] = said.get(key, False) or has
        for key, has in said.items():
            self.filled[key if self.home(key) is not None else self._strange(key)] += has
        self.reached.update(key for key in used if said.get(key))

    def _strange(self, key: str) -> str:
        """Under which name an unknown key is counted: the first 200 apart, the others together."""
        name = clean_line(key, 120)
        if name not in self.filled:
            self.strange += 1
        return name if self.strange <= _UNKNOWN or name in self.filled else "(further unknown keys)"

    def unknown(self) -> list[str]:
        """Keys that the table does not know, in the order they came."""
        return [key for key in self.filled if self.home(key) is None]

    def rows(self) -> list[Row]:
        """All keys that occurred, in the order they came."""
        return [Row(key, self.home(key), count, self.reached[key]) for key, count in self.filled.items()]
