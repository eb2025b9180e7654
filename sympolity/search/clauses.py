"""A question as clauses of the engine: what the actor may see, filters, openings, circles."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Any

import tantivy

from sympolity.kit import clock
from sympolity.search import opening, tiles
from sympolity.search.columns import HAS_MORE, SCHEMA, point, roughly
from sympolity.search.query import GROUPS, FindQuery
from sympolity.search.snapshot import Snapshot
from sympolity.search.times import QUARTER, SLOT, epoch_day, span

__all__ = [
    "POOL", "RARE", "SPARSE", "Asked", "Occur", "Q", "Ranked", "Tally", "any_of", "distances", "free", "points", "start_of", "term",
]  # fmt: skip

Q, Occur = tantivy.Query, tantivy.Occur
Ranked = list[tuple[Any, tantivy.DocAddress]]  # (score, document), the best first
Point = tuple[float, float]  # latitude and longitude in degrees
RARE = 100  # documents; so few are looked at one by one
SPARSE = 1500  # documents; of so many it is soon said which of them lie near a place
POOL = 500  # candidates that are put in exact order
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


def points(snapshot: Snapshot, addresses: list[tantivy.DocAddress]) -> list[list[Point]]:
    """The points of documents, in their order (degrees, five decimals); those of the few with many from their facts."""
    firsts, seconds = snapshot.column("at1", addresses), snapshot.column("at2", addresses)
    found = [[point(one) for one in pair if one is not None] for pair in zip(firsts, seconds, strict=True)]
    for at in _of_many(snapshot, addresses, seconds):
        found[at] = [(lat, lon) for lat, lon in snapshot.facts_of(addresses[at])["p"]]
    return found


def _of_many(snapshot: Snapshot, addresses: list[tantivy.DocAddress], seconds: list[int | None]) -> list[int]:
    """Which of the documents have more points than stand in the columns."""
    if not any(seconds):
        return []
    return [at for at, rank in enumerate(snapshot.column("rank", addresses)) if rank & HAS_MORE]


def distances(
    snapshot: Snapshot, addresses: list[tantivy.DocAddress], near: Point, *, rough: bool = False
) -> list[float | None]:
    """How far, in km, the nearest point of each is; None for what has none. ``rough``: see ``columns.roughly``."""
    firsts, seconds = snapshot.column("at1", addresses), snapshot.column("at2", addresses)
    count = roughly if rough and abs(near[0]) < 70 and abs(near[1]) < 175 else _exactly
    far = count(near, firsts)
    if any(seconds):
        far = [
            one if other is None or one is None else min(one, other)
            for one, other in zip(far, count(near, seconds), strict=True)
        ]
    for at in _of_many(snapshot, addresses, seconds):
        far[at] = min(tiles.distances(near, snapshot.facts_of(addresses[at])["p"]))
    return far


def _exactly(near: Point, packed: Sequence[int | None]) -> list[float | None]:
    found = iter(tiles.distances(near, [point(one) for one in packed if one is not None]))
    return [None if one is None else next(found) for one in packed]


@dataclass(frozen=True, slots=True)
class Tally:
    """What one pass over the matches told. ``counts``: of the groups that are not chosen. ``hits``: the likest to the
    words, where they were asked for in the same pass."""

    words: tantivy.Query | None
    total: int
    counts: dict[str, dict[str, int]] = field(default_factory=dict)
    hits: Ranked | None = None


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
    wanted: Sequence[str] = ()  # groups to be counted
    radius: float = 0.0  # km; nothing that lies farther from the place is counted; 0: there is no such limit
    tally: Tally | None = None  # of a text clause, see counting.tally

    def __post_init__(self) -> None:
        day = self.now.astimezone(clock.ATHENS).date()
        self.today = epoch_day(self.now)
        self.midnight = datetime.combine(day + timedelta(days=1), time.min, clock.ATHENS).astimezone(UTC)
        listed = "found" if self.query.q else "service"
        first = epoch_day(start_of(self.snapshot))
        if self.keys == {"public"} and first <= self.today and (self.query.q or self.query.chosen):
            self.seen = [(Occur.MustNot, term("d", f"-{listed}|public")), *self._gone_since(first)]
        else:
            left = [(Occur.MustNot, term("d", "-now"))] if first <= self.today else []
            self.seen = [*self._doors(listed), *left, *self._gone_since(first)]

    def _gone_since(self, first: int) -> list[tuple[Any, tantivy.Query]]:
        """Leaves out what has left the lists since the day the index began; mostly there is no such thing."""
        if first == self.today:
            return []
        since = Q.range_query(
            SCHEMA, "gone", tantivy.FieldType.Unsigned, first + 1 if first <= self.today else 0, self.today
        )
        known = self.snapshot.memo.get("gone")
        if known is None or known[0] != self.today:
            known = self.snapshot.memo["gone"] = self.today, self.snapshot.search(since, 1)[0] > 0
        return [(Occur.MustNot, since)] if known[1] else []

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
        return self._circle(near, km)[0] if near else Q.all_query()

    def reached(self) -> int:
        """About how many documents lie where the question looks."""
        near, km = self.query.near, self.query.within
        return self._circle(near, km)[1] if near and km is not None else int(self.snapshot.searcher.num_docs)

    def _circle(self, near: tuple[float, float], km: float) -> tuple[tantivy.Query, int]:
        made: tuple[tantivy.Query, int] = self.snapshot.kept.of(("circle", near, km), lambda: self._cut(near, km))
        return made

    def _cut(self, near: tuple[float, float], km: float) -> tuple[tantivy.Query, int]:
        inside, edge = tiles.circle(*near, km)
        count, hits = self.snapshot.search(any_of("x", edge), FEW)
        if count > FEW:
            inside, edge = tiles.circle(*near, km, parts=16)
            inside += [one for one in edge if tiles.distance(near, tiles.middle(one)) <= km]
            return any_of("x", inside), self.snapshot.documents("x", inside)
        addresses = [address for _, address in hits]
        far = distances(self.snapshot, addresses, near)
        keys = [self.snapshot.key_of(one) for one, away in zip(addresses, far, strict=True) if (away or 0.0) <= km]
        held = self.snapshot.documents("x", inside) + len(keys)
        return _either([any_of("x", inside), any_of("key", keys)] if keys else [any_of("x", inside)]), held
