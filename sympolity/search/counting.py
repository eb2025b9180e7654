"""What the filters would give: for every group the counts without its own filter."""

from __future__ import annotations

from collections.abc import Collection

import tantivy

from sympolity.search.clauses import Asked
from sympolity.search.columns import COUNTED
from sympolity.search.query import GROUPS
from sympolity.search.snapshot import Snapshot

__all__ = ["COUNTS", "RADII", "facets", "openings", "within"]

COUNTS = frozenset({*GROUPS, "open", "within"})
RADII = (1.0, 5.0, 20.0)
VALUES = 5000  # of a group, the commonest


def _facet(snapshot: Snapshot, query: tantivy.Query, groups: Collection[str]) -> dict[str, dict[str, int]]:
    """The counts of groups among the matches of a query, in one pass over them."""
    if not groups:
        return {}
    terms = {group: {"terms": {"field": COUNTED[group], "size": VALUES}} for group in groups}
    found = snapshot.searcher.aggregate(query, terms)
    return {group: {row["key"]: row["doc_count"] for row in found[group]["buckets"]} for group in groups}


def facets(asked: Asked, groups: Collection[str]) -> dict[str, dict[str, int]]:
    """Group → value → count; one pass for all groups that are not chosen, one for each that is."""
    free = [group for group in groups if not asked.query.chosen.get(group)]
    counted = _facet(asked.snapshot, asked.build(), free)
    for group in groups:
        if group not in free:
            counted |= _facet(asked.snapshot, asked.build(without=group), [group])
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
