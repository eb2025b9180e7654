"""A question as clauses of the engine: what the actor may see, filters, openings, circles."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Any

import tantivy

from sympolity.kit import clock
from sympolity.search import opening, tiles
from sympolity.search.columns import HAS_MORE, SCHEMA, point
from sympolity.search.query import GROUPS, FindQuery
from sympolity.search.snapshot import Snapshot
from sympolity.search.times import QUARTER, SLOT, epoch_day, span

__all__ = ["Asked", "Occur", "Q", "Ranked", "any_of", "distances", "free", "points", "start_of", "term"]

Q, Occur = tantivy.Query, tantivy.Occur
Ranked = list[tuple[Any, tantivy.DocAddress]]  # (score, document), the best first
RARE = 100  # documents
FEW = 500  # documents on the edge of a circle that are looked at one by one; each costs a question 0.01 ms


def term(name: str, token: str) -> tantivy.Query:
    """Documents with a token in a field."""
    return Q.term_query(SCHEMA, name, token)


def any_of(name: str, values: Iterable[str]) -> tantivy.Query:
    """Documents with any of the tokens; nothing for none."""
    kept = list(values)
    if not kept:
        return Q.empty_query()
    return Q.term_set_query(SCHEMA, name, kept) if len(kept) > 1 else term(name, kept[0])


def free(query: tantivy.Query) -> tantivy.Query:
    """A condition that adds nothing to the score."""
    return Q.const_score_query(query, 0.0)


def _either(queries: Sequence[tantivy.Query]) -> tantivy.Query:
    return queries[0] if len(queries) == 1 else Q.boolean_query([(Occur.Should, query) for query in queries])


def start_of(snapshot: Snapshot) -> datetime:
    """The midnight at which the hours of this generation begin."""
    known: datetime | None = snapshot.memo.get("start")
    if known is None:
        _, hits = snapshot.search(term("key", "meta:cursor"), 1)
        known = datetime.fromtimestamp(0, clock.ATHENS)
        if hits:
            known = datetime.fromisoformat(snapshot.card_of(hits[0][1])["start"])
        snapshot.memo["start"] = known
    return known


def points(snapshot: Snapshot, addresses: list[tantivy.DocAddress]) -> list[list[tuple[float, float]]]:
    """The points of documents, in their order (degrees, five decimals); those of the few with many from their facts."""
    firsts, seconds = snapshot.column("at1", addresses), snapshot.column("at2", addresses)
    found = [[] if first is None else [point(first)] for first in firsts]
    for number, second in enumerate(seconds):
        if second is not None:
            found[number].append(point(second))
    if any(second is not None for second in seconds):
        for number, rank in enumerate(snapshot.column("rank", addresses)):
            if rank and rank & HAS_MORE:
                found[number] = [(lat, lon) for lat, lon in snapshot.facts_of(addresses[number])["p"]]
    return found


def distances(places: Sequence[Sequence[tuple[float, float]]], near: tuple[float, float]) -> list[float | None]:
    """How far, in km, the nearest point of each is; None for what has none."""
    firsts = tiles.distances(near, [where[0] if where else near for where in places])
    found: list[float | None] = []
    for where, km in zip(places, firsts, strict=True):
        found.append(km if len(where) == 1 else min(tiles.distances(near, where)) if where else None)
    return found


@dataclass(slots=True)
class Asked:
    """A question with everything that its clauses need."""

    query: FindQuery
    keys: frozenset[str]
    lang: str
    now: datetime
    snapshot: Snapshot
    words: tantivy.Query | None = None
    today: int = field(init=False)  # epoch day where the services are
    midnight: datetime = field(init=False)  # the end of that day
    seen: list[tuple[Any, tantivy.Query]] = field(init=False)  # what the actor may see now
    rare: bool = False  # a word of it stands in at most RARE documents
    about: list[tuple[str, float]] | None = None
    pooled: tuple[tantivy.Query | None, tuple[int, Ranked]] | None = None  # candidates for a text clause

    def __post_init__(self) -> None:
        day = self.now.astimezone(clock.ATHENS).date()
        self.today = epoch_day(self.now)
        self.midnight = datetime.combine(day + timedelta(days=1), time.min, clock.ATHENS).astimezone(UTC)
        self.seen = self._doors("found" if self.query.q else "service") + self._gone()

    def _gone(self) -> list[tuple[Any, tantivy.Query]]:
        """What leaves out the things that have left the lists: mostly one term, that of the day the index began."""
        first = epoch_day(start_of(self.snapshot))
        since = Q.range_query(
            SCHEMA, "gone", tantivy.FieldType.Unsigned, first + 1 if first <= self.today else 0, self.today
        )
        out = [(Occur.MustNot, term("d", "-now"))] if first <= self.today else []
        if first == self.today:
            return out
        known = self.snapshot.memo.get("gone")
        if known is None or known[0] != self.today:
            known = self.snapshot.memo["gone"] = self.today, self.snapshot.search(since, 1)[0] > 0
        return [*out, (Occur.MustNot, since)] if known[1] else out

    def _doors(self, listed: str) -> list[tuple[Any, tantivy.Query]]:
        """What the actor may see of a list. With words or a filter the few others are left out; without, one term says
        what is in the list."""
        bare = not (self.query.q or self.query.chosen)
        if bare or "public" not in self.keys:
            return [(Occur.Must, free(any_of("d", [f"{listed}|{key}" for key in sorted(self.keys)])))]
        more = sorted(self.keys - {"public"})
        shut = term("d", "-public")
        if more:
            shut = Q.boolean_query([(Occur.Must, shut), (Occur.MustNot, any_of("d", more))])
        return [(Occur.MustNot, term("d", f"-{listed}")), (Occur.MustNot, shut)]

    def finds(self, words: tantivy.Query) -> bool:
        """Whether words find anything for the actor, whatever the filters: how they are read must
        not change with a filter, or the counts would not be those after choosing it."""
        return bool(
            self.snapshot.searcher.search(Q.boolean_query([*self.seen, (Occur.Must, words)]), 1, count=False).hits
        )

    def clauses(self, without: str = "") -> list[tuple[Any, tantivy.Query]]:
        """Conditions of the question, but for one group."""
        asked, out = self.query, list(self.seen)
        if self.words is not None:
            out.append((Occur.Must, self.words))
        for group, prefix in GROUPS.items():
            values = asked.chosen.get(group, ())
            if values and group != without:
                out.append((Occur.Must, free(any_of("f", [f"{prefix}:{value}" for value in values]))))
        if asked.near and asked.within is not None and without != "within":
            out.append((Occur.Must, free(self.circle(asked.within))))
        if asked.open_now and without != "open":
            out.append((Occur.Must, free(_either([self.open_(), self.unknown()]))))
        return out

    def build(self, without: str = "", extra: Sequence[tantivy.Query] = ()) -> tantivy.Query:
        """The question, but for one group, and with more conditions."""
        found = [*self.clauses(without), *((Occur.Must, free(query)) for query in extra)]
        if all(occur == Occur.MustNot for occur, _ in found):
            found.append((Occur.Must, free(Q.all_query())))
        return Q.boolean_query(found)

    def unknown(self) -> tantivy.Query:
        """Nothing is known of the hours."""
        return term("x", "o?")

    def open_(self) -> tantivy.Query:
        """Open at this moment: from the index; only what opens or closes within these five minutes is looked at."""
        moment = int(self.now.timestamp())
        first, last = span(start_of(self.snapshot))
        if not first <= moment // QUARTER < last:
            return any_of("key", self._open_keys("oh"))
        keys = self._open_keys(f"p{moment // SLOT}")
        known = [term("x", f"o{moment // QUARTER}"), term("x", f"s{moment // SLOT}")]
        return _either([*known, any_of("key", keys)] if keys else known)

    def _open_keys(self, candidates: str) -> list[str]:
        """Of the documents with a token those that are open in this minute."""
        minute = int(self.now.timestamp()) // 60
        held = self.snapshot.memo.get(candidates[0])
        if held is not None and held[0] == minute:
            return list(held[1])
        _, hits = self.snapshot.search(term("x", candidates), 200_000)
        facts = [self.snapshot.facts_of(address) for _, address in hits]
        found = [row["key"] for row in facts if opening.state(row, self.now)[0] == "open"]
        self.snapshot.memo[candidates[0]] = (minute, found)
        return found

    def circle(self, km: float) -> tantivy.Query:
        """Within ``km`` of the place; what stands in tiles on the edge is looked at one by one.

        Where many stand there, the edge is cut finer and its tiles count by their middle: of thousands of places some
        then lie up to a twentieth of the radius nearer or farther. Lists leave out those that are farther.
        """
        near = self.query.near
        if near is None:
            return Q.all_query()
        if self.rare:
            if self.about is None:
                self.about = self._about(near)
            return any_of("key", [key for key, far in self.about if far <= km])
        made: tantivy.Query = self.snapshot.kept.of(("circle", near, km), lambda: self._cut(near, km))
        return made

    def _about(self, near: tuple[float, float]) -> list[tuple[str, float]]:
        """Key and distance of everything that a question with a rare word finds: so few are nearer at hand than tiles."""
        # Of the words alone: the counts of a group are asked without its own filter.
        said = [(Occur.Must, self.words)] if self.words is not None else []
        addresses = [address for _, address in self.snapshot.search(Q.boolean_query([*self.seen, *said]), RARE)[1]]
        far = distances(points(self.snapshot, addresses), near)
        return [(self.snapshot.key_of(one), km) for one, km in zip(addresses, far, strict=True) if km is not None]

    def _cut(self, near: tuple[float, float], km: float) -> tantivy.Query:
        inside, edge = tiles.circle(*near, km)
        count, hits = self.snapshot.search(any_of("x", edge), FEW)
        if count > FEW:
            inside, edge = tiles.circle(*near, km, parts=16)
            return any_of("x", [*inside, *(one for one in edge if tiles.distance(near, tiles.middle(one)) <= km)])
        addresses = [address for _, address in hits]
        far = distances(points(self.snapshot, addresses), near)
        keys = [self.snapshot.key_of(one) for one, away in zip(addresses, far, strict=True) if (away or 0.0) <= km]
        return _either([any_of("x", inside), any_of("key", keys)] if keys else [any_of("x", inside)])
