"""Answering a question from the index alone: matches, order, facets, correction."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from time import perf_counter
from typing import Any
from uuid import UUID

import tantivy

from sympolity.kit import clock
from sympolity.search import counting, opening, ranking, tiles, vocabulary, wording
from sympolity.search.clauses import POOL, Asked, Occur, Q, any_of, points, term
from sympolity.search.columns import SCHEMA
from sympolity.search.counting import COUNTS, RADII
from sympolity.search.few import Few
from sympolity.search.query import GROUPS, PAGE_SIZE, FindQuery
from sympolity.search.snapshot import Snapshot
from sympolity.search.store import Reader, gate

__all__ = [
    "COUNTS", "POOL", "RADII", "Answer", "Hit", "answer", "confirmed_count", "listed_count", "listed_ids", "one", "site_documents",
]  # fmt: skip


_LAST_DAY = 0xFFFF  # epoch day, in the year 2149


@dataclass(slots=True)
class Hit:
    """One result: ``card`` is what its room prepared; the rest was computed for this moment."""

    key: str
    card: Mapping[str, Any]
    state: str  # open · closed · unknown · none
    until: datetime | None
    opens: datetime | None
    must_call: bool
    km: float | None
    score: float = 0.0


@dataclass(frozen=True, slots=True)
class Candidates:
    """Where the matches stand that are told of beside a page, in their order."""

    root: Path
    snapshot: Snapshot
    addresses: list[tantivy.DocAddress]

    def keys(self) -> list[str]:
        """``kind:id`` of each."""
        with gate(self.root, self.snapshot.stamp[0]):
            return [self.snapshot.key_of(address) for address in self.addresses]

    def points(self) -> list[list[tuple[float, float]]]:
        """The points of each, in degrees."""
        with gate(self.root, self.snapshot.stamp[0]):
            return points(self.snapshot, self.addresses)


@dataclass(slots=True)
class Answer:
    """A page of results. ``facets``: group → value → count; ``open``: now and unknown.

    ``keys`` and ``points`` of all candidates, in their order, are read when somebody asks.
    """

    total: int
    page: int
    pages: int
    hits: list[Hit]
    facets: dict[str, dict[str, int]] = field(default_factory=dict)
    corrected: str = ""
    relaxed: bool = False
    open_count: int = 0
    unknown_count: int = 0
    within: dict[str, int] = field(default_factory=dict)
    suggestions: list[str] = field(default_factory=list)
    milliseconds: float = 0.0
    candidates: Candidates | None = None

    @property
    def keys(self) -> list[str]:
        return self.candidates.keys() if self.candidates else []

    @property
    def points(self) -> list[list[tuple[float, float]]]:
        return self.candidates.points() if self.candidates else []


def answer(
    reader: Reader,
    query: FindQuery,
    *,
    keys: frozenset[str],
    lang: str,
    now: datetime | None = None,
    facets: Collection[str] | bool = True,
    limit: int = PAGE_SIZE,
    reach: int = POOL,
) -> Answer:
    """The page that a question asks for. Raises ``IndexAway`` when there is no index now.

    ``keys``: what the actor may see (``directory.rules.keys``). ``now``: the clock's by default.
    ``facets``: which of :data:`COUNTS` are wanted; each costs a pass over the matches.
    ``reach``: of so many matches keys and points are told; those after the first :data:`POOL` in no order.
    """
    begun = perf_counter()
    snapshot = reader.snapshot()
    wanted = COUNTS if facets is True else facets or ()
    with gate(reader.root, snapshot.stamp[0]):
        asked = Asked(query, keys, lang, now or clock.now(), snapshot)
        asked.wanted = [group for group in GROUPS if group in wanted]
        if query.near and query.within is not None:
            asked.radius = max(query.within, *(RADII if "within" in wanted else ()), 0.0)
        vocab = vocabulary.of(snapshot)
        reading = wording.read(asked, vocab)
        total, hits = ranking.pool(asked, reading.few)
        ranked = ranking.ranked(asked, hits)
        total -= len(hits) - len(ranked)
        pages = max(1, -(-min(total, len(ranked)) // limit))
        page = min(query.page, pages)
        found = Answer(total, page, pages, [], corrected=reading.corrected, relaxed=reading.relaxed)
        found.hits = [_hit(asked, row) for row in ranked[(page - 1) * limit : page * limit]]
        addresses = [address for address, _, _ in ranked]
        if reach > POOL < total:
            addresses = _reached(asked, addresses, reach)
        found.candidates = Candidates(reader.root, snapshot, addresses)
        _count(asked, found, reading.few, wanted)
        if not total and query.q:
            found.suggestions = wording.suggested(asked, vocab)
    found.milliseconds = (perf_counter() - begun) * 1000
    return found


def _count(asked: Asked, found: Answer, few: Few | None, wanted: Collection[str]) -> None:
    found.facets = few.facets(asked.wanted) if few else counting.facets(asked)
    if "open" in wanted:
        found.open_count, found.unknown_count = few.openings() if few else counting.openings(asked)
    if "within" in wanted and asked.query.near:
        found.within = few.within(RADII) if few else counting.within(asked)


def _reached(asked: Asked, addresses: list[tantivy.DocAddress], reach: int) -> list[tantivy.DocAddress]:
    """The candidates, and matches beside them up to ``reach``."""
    known = {(one.segment_ord, one.doc) for one in addresses}
    others = [address for _, address in asked.snapshot.search(asked.build(), reach)[1]]
    return [*addresses, *(one for one in others if (one.segment_ord, one.doc) not in known)][:reach]


def _hit(asked: Asked, row: ranking.Candidate) -> Hit:
    address, text, _ = row
    facts, card = asked.snapshot.facts_of(address), asked.snapshot.card_of(address)
    state, until, opens = opening.state(facts, asked.now)
    must_call = facts["c"] is not None and facts["c"] <= asked.today
    near = asked.query.near
    km = min(tiles.distances(near, facts["p"]), default=None) if near else None
    return Hit(facts["key"], card, state, until, opens, must_call, km, text)


def one(reader: Reader, key: str, *, keys: frozenset[str], lang: str, now: datetime) -> Hit | None:
    """One document ("service:…") that the actor may see, listed or not. Raises ``IndexAway``."""
    snapshot = reader.snapshot()
    with gate(reader.root, snapshot.stamp[0]):
        asked = Asked(FindQuery(), keys, lang, now, snapshot)
        both = [(Occur.Must, term("key", key)), (Occur.Must, any_of("d", sorted(keys)))]
        _, hits = snapshot.search(Q.boolean_query(both), 1)
        return _hit(asked, (hits[0][1], 0.0, None)) if hits else None


def site_documents(reader: Reader, kind: str) -> list[Mapping[str, Any]]:
    """The cards of all public documents of a small kind (areas, notices, organizations), kept per snapshot."""
    snapshot = reader.snapshot()
    known = snapshot.memo.get(("site", kind))
    if known is None:
        with gate(reader.root, snapshot.stamp[0]):
            public = Q.boolean_query([(Occur.Must, term("f", f"kind:{kind}")), (Occur.Must, term("d", "public"))])
            _, hits = snapshot.search(public, 20_000)
            known = [snapshot.card_of(address) for _, address in hits]
        known.sort(key=lambda card: (card.get("position", 0), str(card.get("id"))))
        snapshot.memo["site", kind] = known
    return list(known)


def listed_ids(
    reader: Reader, *, keys: frozenset[str], now: datetime, filters: Sequence[str] = (), part: slice = slice(None)
) -> list[UUID]:
    """The ids of every service in the lists of an actor at ``now``, in the order of ids; of them, ``part``.

    ``filters``: "need:…", "in:…"; all of them hold. 10,000 ids are read in about 0.1 s and sorted in 2.5 MB, of which
    those of ``part`` stay. Raises ``IndexAway``.
    """
    snapshot = reader.snapshot()
    with gate(reader.root, snapshot.stamp[0]):
        _, hits = snapshot.search(_listed(snapshot, keys, now, filters), snapshot.searcher.num_docs)
        names = sorted(str(snapshot.searcher.doc(address).get_first("key")) for _, address in hits)
    return [UUID(name.partition(":")[2]) for name in names[part]]


def listed_count(reader: Reader, *, keys: frozenset[str], now: datetime) -> int:
    """How many :func:`listed_ids` there are, without reading them. Raises ``IndexAway``."""
    snapshot = reader.snapshot()
    with gate(reader.root, snapshot.stamp[0]):
        return snapshot.search(_listed(snapshot, keys, now, ()), 1)[0]


def confirmed_count(
    reader: Reader, *, keys: frozenset[str], now: datetime, since: date, filters: Sequence[str] = ()
) -> tuple[int, int]:
    """(services in the lists of an actor, those of them that were confirmed on ``since`` or later).

    ``filters``: as for :func:`listed_ids`. Two counts, no document is read. Raises ``IndexAway``.
    """
    snapshot = reader.snapshot()
    with gate(reader.root, snapshot.stamp[0]):
        listed = _listed(snapshot, keys, now, filters)
        day = (since - date(1970, 1, 1)).days
        fresh = Q.range_query(SCHEMA, "fresh", tantivy.FieldType.Unsigned, day, _LAST_DAY)
        both = Q.boolean_query([(Occur.Must, listed), (Occur.Must, fresh)])
        return snapshot.search(listed, 1)[0], snapshot.search(both, 1)[0]


def _listed(snapshot: Snapshot, keys: frozenset[str], now: datetime, filters: Sequence[str]) -> tantivy.Query:
    return Asked(FindQuery(), keys, "", now, snapshot).build(extra=[term("f", name) for name in filters])
