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


@dataclass(frozen=True, slots=True)
class Home:
    """Where a key goes: a column, or none with the reason."""

    column: str = ""
    reason: str = ""

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
    """(key, has content) of a record: dotted, ``[]`` for the members of a list; no deeper than a key with a home."""
    for name, part in value.items():
        key = f"{path}{name}"
        members = part if isinstance(part, list) else [part]
        inner = [one for one in members if isinstance(one, dict)]
        yield key, part not in (None, "", [], {})
        if home_of(key) is not None:
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

    def add(self, raw: Mapping[str, Any], used: AbstractSet[str]) -> None:
        """Count a record; ``used``: keys whose content stands in a column now."""
        self.records += 1
        said: dict[str, bool] = {}
        for key, has in keys_of(raw, self.home_of):
            said[key] = said.get(key, False) or has
        for key, has in said.items():
            name = key if self.home_of(key) is not None else clean_line(key, 120)
            if name not in self.filled and self.home_of(key) is None and len(self.unknown()) >= _UNKNOWN:
                name = "(further unknown keys)"
            self.filled[name] += has
        self.reached.update(key for key in used if said.get(key))

    def unknown(self) -> list[str]:
        """Keys that the table does not know, in the order they came."""
        return [key for key in self.filled if self.home_of(key) is None]

    def rows(self) -> list[Row]:
        """All keys that occurred, in the order they came."""
        return [Row(key, self.home_of(key), count, self.reached[key]) for key, count in self.filled.items()]
