"""What a question with a rare word finds: so few things that they are looked at one by one.

Every word of a question must fit, so one that stands in few documents leaves few to look at; and of some more those that
lie near the place that is asked for. Their facts tell all that filters, counts and distances ask, and the index is
asked once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

import tantivy

from sympolity.search import opening, tiles
from sympolity.search.clauses import RARE, SPARSE, Asked, Occur, Q, Ranked, distances
from sympolity.search.query import GROUPS, FindQuery

__all__ = ["Few", "Row", "found"]

_NONE: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Row:
    """A thing that the words find. ``failed``: the filters of the question that it does not pass."""

    score: float
    address: tantivy.DocAddress
    filters: Collection[str]
    state: str  # see opening.counted
    km: float | None
    failed: frozenset[str]


@dataclass(frozen=True, slots=True)
class Few:
    """All things that the words find for the actor, whatever the filters; with a circle perhaps only those near it."""

    rows: list[Row]
    total: int  # of all, wherever they are

    def ranked(self) -> Ranked:
        """Those that pass every filter."""
        return [(row.score, row.address) for row in self.rows if not row.failed]

    def _but_for(self, name: str) -> Iterator[Row]:
        """Those that pass every filter but one, which may fail."""
        return (row for row in self.rows if not row.failed or row.failed == {name})

    def facets(self, groups: Collection[str]) -> dict[str, dict[str, int]]:
        """Group → value → count, each without its own filter."""
        return {group: self._counted(group) for group in groups}

    def _counted(self, group: str) -> dict[str, int]:
        begins = f"{GROUPS[group]}:"
        after = len(begins)
        names = [name for row in self._but_for(group) for name in row.filters]
        return Counter([name[after:] for name in names if name.startswith(begins)])

    def openings(self) -> tuple[int, int]:
        """How many are open now, and of how many the hours are unknown."""
        states = Counter(row.state for row in self._but_for("open"))
        return states["open"], states["unknown"]

    def within(self, radii: Collection[float]) -> dict[str, int]:
        """How many lie within each of the distances (km)."""
        far = [row.km for row in self._but_for("within") if row.km is not None]
        return {f"{km:g}": sum(one <= km for one in far) for km in radii}


def found(asked: Asked, words: tantivy.Query, boost: float) -> Few | None:
    """What words find; None where that is more than is looked at one by one. ``boost``: weight of the reader's language."""
    total, hits = asked.snapshot.search(
        Q.boolean_query([*asked.seen, (Occur.Must, words)]), SPARSE if asked.radius else RARE
    )
    if total > RARE and asked.radius and total <= SPARSE:
        hits = _near(asked, hits)
    elif total > RARE:
        return None
    if len(hits) > RARE:
        return None
    sieve = _Sieve(asked.query)
    rows = []
    for score, address in hits:
        facts = asked.snapshot.facts_of(address)
        speaks = boost if asked.lang in facts["l"] else 0.0
        rows.append(sieve.row(score + speaks, address, facts, opening.counted(facts, asked.now)))
    return Few(sorted(rows, key=lambda row: -row.score), total)


def _near(asked: Asked, hits: Ranked) -> Ranked:
    """Those that lie near enough to count."""
    if asked.query.near is None:
        return hits
    far = distances(asked.snapshot, [address for _, address in hits], asked.query.near, rough=True)
    return [hit for hit, km in zip(hits, far, strict=True) if km is not None and km < 1.1 * asked.radius]


class _Sieve:
    """The filters of a question, for many things."""

    def __init__(self, query: FindQuery) -> None:
        self.near, self.within = query.near, query.within if query.near else None
        self.open_now = query.open_now
        self.chosen = [
            (group, frozenset(f"{GROUPS[group]}:{value}" for value in values))
            for group, values in query.chosen.items()
            if values and group in GROUPS
        ]

    def row(self, score: float, address: tantivy.DocAddress, facts: dict[str, Any], state: str) -> Row:
        km = min(tiles.distances(self.near, facts["p"]), default=None) if self.near else None
        failed = [group for group, values in self.chosen if values.isdisjoint(facts["f"])]
        if self.within is not None and (km is None or km > self.within):
            failed.append("within")
        if self.open_now and state not in {"open", "unknown"}:
            failed.append("open")
        return Row(score, address, facts["f"], state, km, frozenset(failed) if failed else _NONE)
