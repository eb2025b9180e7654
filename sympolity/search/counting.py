"""What the filters would give: for every group the counts without its own filter."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import tantivy

from sympolity.search.clauses import POOL, Asked, Tally
from sympolity.search.columns import COUNTED
from sympolity.search.query import GROUPS
from sympolity.search.snapshot import Snapshot

__all__ = ["COUNTS", "RADII", "facets", "openings", "tally", "within"]

COUNTS = frozenset({*GROUPS, "open", "within"})
RADII = (1.0, 5.0, 20.0)
VALUES = 5000  # of a group, the commonest
_ALL = {"all": {"value_count": {"field": "rank"}}}  # every document has one
Counts = dict[str, dict[str, int]]


def _counted(snapshot: Snapshot, query: tantivy.Query, groups: Collection[str]) -> tuple[int, Counts]:
    """How many match, and the counts of groups among them, in one pass over them."""
    terms: dict[str, Any] = {group: {"terms": {"field": COUNTED[group], "size": VALUES}} for group in groups}
    found = snapshot.searcher.aggregate(query, terms | _ALL)
    counts = {group: {row["key"]: row["doc_count"] for row in found[group]["buckets"]} for group in groups}
    return int(found["all"]["value"]), counts


def tally(asked: Asked) -> Tally:
    """Number of matches, and the counts of the groups that are wanted and not chosen; one pass for each text clause."""
    if asked.tally is None or asked.tally.words is not asked.words:
        asked.tally = _tally(asked)
    return asked.tally


def _tally(asked: Asked) -> Tally:
    free = [group for group in asked.wanted if not asked.query.chosen.get(group)]
    if free:
        return Tally(asked.words, *_counted(asked.snapshot, asked.build(), free))
    total, hits = asked.snapshot.search(asked.build(), POOL)
    return Tally(asked.words, total, hits=hits)


def facets(asked: Asked) -> Counts:
    """Group → value → count of the groups wanted; one pass more for each that is chosen."""
    counted = dict(tally(asked).counts)
    for group in asked.wanted:
        if group not in counted:
            counted |= _counted(asked.snapshot, asked.build(without=group), [group])[1]
    return counted


def openings(asked: Asked) -> tuple[int, int]:
    """How many are open now, and of how many the hours are unknown."""
    snapshot = asked.snapshot
    return (
        snapshot.search(asked.build(without="open", extra=[asked.open_()]), 1)[0],
        snapshot.search(asked.build(without="open", extra=[asked.unknown()]), 1)[0],
    )


def within(asked: Asked) -> dict[str, int]:
    """How many lie within each of the distances."""
    if not asked.query.near:
        return {}
    return {
        f"{km:g}": asked.snapshot.search(asked.build(without="within", extra=[asked.circle(km)]), 1)[0] for km in RADII
    }
