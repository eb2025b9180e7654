"""What rooms hand to the find index: documents without anything that may not leave.

Rooms on one step do not know each other; each registers a *source* here. The index is a read
model: a document carries its cards, so that Find asks no database.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

__all__ = ["PURGING", "Document", "Source", "all_sources", "register"]

# Verbs of the trail after which not even the files of the index may remember what stood there:
# deleting a document only marks it, so the whole index is built anew and older ones are removed.
PURGING = frozenset({"hidden", "retracted"})


@dataclass(slots=True)
class Document:
    """One thing of the index.

    ``texts``: (words, weight 1–4) in any language. ``filters``: tokens ``group:value``.
    ``doors``: see ``directory.rules.doors``. ``points``: only what everybody may know.
    ``hours``: JSON of ``kit.hours.Hours`` for each place; None = has no hours by its nature.
    ``gone_from``: epoch day from which it is in no list. ``card``: plain JSON for the pages.
    ``vocabulary``: whether its words may be suggested to anybody.
    """

    kind: str
    id: UUID
    texts: list[tuple[str, int]]
    filters: set[str]
    doors: frozenset[str]
    card: dict[str, Any]
    points: list[tuple[float, float]] = field(default_factory=list)
    hours: list[dict[str, object]] | None = None
    closed: bool = False
    call_from: int | None = None
    gone_from: int | None = None
    fresh: int = 0
    languages: set[str] = field(default_factory=set)
    vocabulary: bool = True

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.id}"


@dataclass(frozen=True, slots=True)
class Source:
    """Where documents of a kind come from.

    ``ids()``: all of them, in batches. ``build(ids)``: documents; an id without one is removed.
    ``affected(entries)``: which ids of this kind entries of the trail (noun, id) touch; None = all.
    """

    kind: str
    ids: Callable[[], Iterator[Sequence[UUID]]]
    build: Callable[[Sequence[UUID]], Iterable[Document]]
    affected: Callable[[Sequence[tuple[str, UUID]]], set[UUID] | None]


_sources: dict[str, Source] = {}


def register(source: Source) -> None:
    """Add a source (rooms do this when they are ready)."""
    _sources[source.kind] = source


def all_sources() -> tuple[Source, ...]:
    return tuple(_sources.values())
