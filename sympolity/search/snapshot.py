"""One state of the index as a worker sees it, with what was read of it; all that is remembered is bounded."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import tantivy

from sympolity.search.memo import Kept

__all__ = ["Snapshot"]

FACTS = 10_000  # documents, some 20 MB
CARDS = 1_000  # some 15 MB
ANSWERS = 2_000  # circles, corrections


@dataclass(slots=True)
class Snapshot:
    """One state of the index, as a worker sees it."""

    folder: Path
    searcher: tantivy.Searcher
    index: tantivy.Index
    stamp: tuple[str, int]
    facts: Kept[tuple[int, int], dict[str, Any]] = field(default_factory=lambda: Kept(FACTS))
    cards: Kept[tuple[int, int], Mapping[str, Any]] = field(default_factory=lambda: Kept(CARDS))
    memo: dict[Any, Any] = field(default_factory=dict)  # what there is one of in a state of the index
    kept: Kept[Any, Any] = field(default_factory=lambda: Kept(ANSWERS))  # what visitors' questions bring

    def search(self, query: tantivy.Query, limit: int) -> tuple[int, list[tuple[float, tantivy.DocAddress]]]:
        """(number of matches, best hits). Limit 0 would panic: it becomes 1."""
        found = self.searcher.search(query, limit=max(1, limit), count=True)
        return getattr(found, "count", 0) or 0, found.hits

    def best(self, query: tantivy.Query, limit: int) -> list[tuple[float, tantivy.DocAddress]]:
        """The best hits, without their number."""
        return self.searcher.search(query, limit=max(1, limit), count=False).hits

    def documents(self, name: str, tokens: Iterable[str]) -> int:
        """How many documents hold the tokens, each counted for each of them, and also those just deleted."""
        return sum(self.searcher.doc_freq(name, token) for token in tokens)

    def newest(self, query: tantivy.Query, limit: int) -> list[tuple[Any, tantivy.DocAddress]]:
        """The matches that were confirmed last; the first of each pair says nothing."""
        return self.searcher.search(query, limit=max(1, limit), count=False, order_by_field="fresh").hits

    def column(self, name: str, addresses: list[tantivy.DocAddress]) -> list[Any]:
        """A fast field of many documents, in their order; None where a document has no value."""
        return self.searcher.fast_field_values(name, addresses)

    def key_of(self, address: tantivy.DocAddress) -> str:
        """The key of a document: ``kind:id``."""
        return str(self.searcher.doc(address).get_first("key"))

    def facts_of(self, address: tantivy.DocAddress) -> dict[str, Any]:
        """The ranking facts of a document, remembered for this snapshot."""
        at = (address.segment_ord, address.doc)
        known = self.facts.get(at)
        if known is None:
            document = self.searcher.doc(address)
            known = json.loads(document.get_first("facts") or b"{}")
            known["key"] = document.get_first("key")
            self.facts.put(at, known)
        return known

    def card_of(self, address: tantivy.DocAddress) -> Mapping[str, Any]:
        """The card of a document, remembered for this snapshot: nobody writes on it."""
        at = (address.segment_ord, address.doc)
        known = self.cards.get(at)
        if known is None:
            known = self.cards.put(at, json.loads(self.searcher.doc(address).get_first("card") or b"{}"))
        return known
