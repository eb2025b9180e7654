"""Is the find index what the tables say? Compared by ids and by what each document holds."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import tantivy

from sympolity.directory import queries, rules
from sympolity.kit import clock
from sympolity.kit.actor import PUBLIC, SYSTEM, Actor
from sympolity.search import documents, engine, store
from sympolity.search.indexer import to_engine
from sympolity.search.query import FindQuery
from sympolity.trail import followers

__all__ = ["Comparison", "compare", "settled"]

BATCH = 200
MOST = 1_000_000  # documents looked at in the index
CHEAP = 20_000  # documents that are all built again; of more, every tenth batch is
_CURSOR = "meta:cursor"
_EPOCH = date(1970, 1, 1)


@dataclass(slots=True)
class Comparison:
    """``position`` of the index and ``head`` of the trail; ``faults`` are sentences."""

    position: int = 0
    head: int = 0
    listed: dict[str, int] = field(default_factory=dict)
    built: int = 0
    faults: list[str] = field(default_factory=list)

    @property
    def behind(self) -> int:
        return max(0, self.head - self.position)


def settled(root: Path, patience: float = 10.0) -> Comparison:
    """Compare; while the site is written to, again, for ``patience`` seconds, until both are of one moment."""
    limit = time.monotonic() + patience
    while True:
        head = followers.head()
        found = compare(root)
        moving = bool(found.listed) and (found.behind > 0 or followers.head() != head)  # not one that is away
        if not found.faults or not moving or time.monotonic() > limit:
            return found
        time.sleep(0.3)


def compare(root: Path) -> Comparison:
    """One look at the index under ``root`` and at the tables."""
    found = Comparison(head=followers.head())
    try:
        snapshot = store.Reader(root).snapshot()
        with store.gate():
            held = _documents(snapshot)
            found.position = _position(snapshot)
            lists = {name: _listed(snapshot, rules.keys(actor)) for name, actor in _ACTORS.items()}
        totals = {name: _total(root, actor) for name, actor in _ACTORS.items()}
    except store.IndexAway:
        found.faults.append("the find index is missing or damaged: sympolity index --rebuild")
        return found
    for name, wanted in _by_tables().items():
        found.listed[name] = len(wanted)
        _differences(found, name, lists[name], wanted, totals[name])
    _look_into(found, held)
    if found.behind:
        found.faults.append(
            f"the find index is {found.behind} entries behind the trail: start the site, or run sympolity index --once"
        )
    if found.position > found.head:
        found.faults.append("the find index is of another or a newer database: sympolity index --rebuild")
    return found


_ACTORS: dict[str, Actor] = {"system": SYSTEM, "public": PUBLIC}


def _differences(found: Comparison, name: str, by_index: set[str], by_tables: set[str], total: int) -> None:
    for what, ids in (("has", by_index - by_tables), ("lacks", by_tables - by_index)):
        if ids:
            found.faults.append(
                f"the find index {what} {len(ids)} services in the list of {name}, {min(ids)} among them: "
                "sympolity index --rebuild"
            )
    if total != len(by_index):
        found.faults.append(
            f"Find answers {total} services to {name}, its index holds {len(by_index)}: sympolity index --rebuild"
        )


def _total(root: Path, actor: Actor) -> int:
    return engine.answer(store.Reader(root), FindQuery(), keys=rules.keys(actor), lang="en", facets=False).total


def _sum(document: tantivy.Document) -> bytes:
    """What a document shows and is ranked by, whatever the order of its keys."""
    plain = [json.dumps(json.loads(document.get_first(part) or b"{}"), sort_keys=True) for part in ("card", "facts")]
    return hashlib.sha256("\n".join(plain).encode()).digest()


def _documents(snapshot: store.Snapshot) -> dict[str, bytes]:
    """The sum of each document by its key; the cursor is none."""
    found: dict[str, bytes] = {}
    for _, address in snapshot.search(tantivy.Query.all_query(), MOST)[1]:
        one = snapshot.searcher.doc(address)
        found[str(one.get_first("key"))] = _sum(one)
    found.pop(_CURSOR, None)
    return found


def _position(snapshot: store.Snapshot) -> int:
    _, hits = snapshot.search(tantivy.Query.term_query(store.SCHEMA, "key", _CURSOR), 1)
    return int(snapshot.card_of(hits[0][1])["position"]) if hits else 0


def _listed(snapshot: store.Snapshot, keys: frozenset[str]) -> set[str]:
    """Ids of the services that somebody with these keys finds today without a filter."""
    occur, query, schema = tantivy.Occur, tantivy.Query, store.SCHEMA
    today = (clock.local_today() - _EPOCH).days
    asked = query.boolean_query(
        [
            (occur.Must, query.term_query(schema, "f", "kind:service")),
            (occur.Must, query.term_set_query(schema, "d", sorted(keys))),
            (occur.MustNot, query.range_query(schema, "gone", tantivy.FieldType.Unsigned, 0, today)),
        ]
    )
    hits = snapshot.search(asked, MOST)[1]
    return {str(snapshot.searcher.doc(address).get_first("key")).partition(":")[2] for _, address in hits}


def _by_tables() -> dict[str, set[str]]:
    """The same ids by the tables: who sees them is asked of the database, when they end is computed."""
    today = clock.local_today()
    seen = {name: set(queries.visible_to(actor).values_list("id", flat=True)) for name, actor in _ACTORS.items()}
    ids = sorted(set[UUID]().union(*seen.values()))
    lists: dict[str, set[str]] = {name: set() for name in _ACTORS}
    everything = queries.visible_to(SYSTEM)
    for start in range(0, len(ids), BATCH):
        for dossier in queries.dossiers(everything.filter(id__in=ids[start : start + BATCH])):
            if not dossier.standing.is_gone(today):
                for name, of in seen.items():
                    if dossier.service.id in of:
                        lists[name].add(str(dossier.service.id))
    return lists


def _batches(every: int) -> Iterator[tuple[documents.Source, Any]]:
    for source in documents.all_sources():
        for number, ids in enumerate(source.ids()):
            if number % every == 0:
                yield source, ids


def _look_into(found: Comparison, held: dict[str, bytes]) -> None:
    """Build documents again and compare them; of an index with many, a part."""
    whole = len(held) <= CHEAP
    odd: list[str] = []
    wanted: set[str] = set()
    start = clock.now()  # hours are not compared: the quarters that the index knows begin at its midnight
    for source, ids in _batches(1 if whole else 10):
        for document in source.build(ids):
            made = to_engine(document, start)
            found.built += 1
            wanted.add(document.key)
            if held.get(document.key) != _sum(made):
                odd.append(document.key)
    if whole:
        odd += sorted(held.keys() - wanted)
    if odd:
        found.faults.append(
            f"{len(odd)} documents of the find index differ from the tables, {odd[0]} among them: sympolity index --rebuild"
        )
