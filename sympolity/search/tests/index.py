"""A small index of invented documents, built by the real indexer from a source that tests hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from uuid import UUID

import pytest

from sympolity.kit.actor import SYSTEM
from sympolity.kit.hours import Hours
from sympolity.search import documents
from sympolity.search.documents import Document, Source
from sympolity.search.indexer import Indexer
from sympolity.trail.journal import action

__all__ = ["Shelf", "replaced", "thing"]

PUBLIC = frozenset({"public"})


def thing(at: int, words: str, *, doors: frozenset[str] = PUBLIC, hours: str | None = None, **more: object) -> Document:
    card = {"id": str(UUID(int=at)), "kind": "service", "sort": {"en": words}}
    found = Document("service", UUID(int=at), [(words, 2)], {"cost:free"}, doors, card)
    found.hours = [Hours(hours).to_json()] if hours is not None else None
    found.vocabulary = "public" in doors
    for name, value in more.items():
        setattr(found, name, value)
    return found


class Shelf:
    """Documents in a dictionary; ``touch`` writes the trail entries that the indexer follows."""

    def __init__(self, root: Path, patch: pytest.MonkeyPatch, rows: Iterable[Document]) -> None:
        self.root = root
        self.rows = {row.id: row for row in rows}
        patch.setattr(documents, "_sources", {})
        documents.register(Source("service", self._ids, self._build, self._affected))
        self.indexer = Indexer(root)

    def _ids(self) -> Iterator[Sequence[UUID]]:
        yield sorted(self.rows)

    def _build(self, ids: Sequence[UUID]) -> Iterable[Document]:
        return [self.rows[one] for one in ids if one in self.rows]

    def _affected(self, entries: Sequence[tuple[str, UUID]]) -> set[UUID] | None:
        return {noun_id for noun, noun_id in entries if noun == "service"}

    def touch(self, *ids: int) -> None:
        with action(SYSTEM) as t:
            for one in ids:
                t.record("changed", "service", UUID(int=one))

    def put(self, row: Document) -> None:
        self.rows[row.id] = row
        self.touch(row.id.int)

    def remove(self, at: int) -> None:
        del self.rows[UUID(int=at)]
        self.touch(at)


def replaced(path: Path, content: bytes) -> None:
    """Another file under this name: the one that is mapped stays whole, or this process would die (SIGBUS).

    A file cut in place is tried on real processes, in tests/find/test_server.py.
    """
    new = path.with_suffix(".harmed")
    new.write_bytes(content)
    new.replace(path)
