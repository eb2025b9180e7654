"""Answering a question from the index alone: matches, order, facets, correction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from time import perf_counter
from typing import Any
from uuid import UUID

import tantivy

from sympolity.kit import clock
from sympolity.search import analyzer, indexer, opening, tiles, vocabulary
from sympolity.search.query import GROUPS, PAGE_SIZE, FindQuery
from sympolity.search.store import SCHEMA, Reader, Snapshot, gate

__all__ = ["RADII", "Answer", "Hit", "answer", "listed_count", "listed_ids", "site_documents"]

Q, Occur = tantivy.Query, tantivy.Occur
POOL = 500  # candidates that are put in exact order
EDGE = 5000  # candidates looked at one by one for an exact count
RADII = (1.0, 5.0, 20.0)
BUCKETS = 5000  # values of all groups that are counted
LANGUAGE_BOOST = 0.15
RARE = 200  # documents; a word in more is taken as known without looking who may see them


@dataclass(slots=True)
class Hit:
    """One result: ``card`` is what its room prepared; the rest was computed for this moment."""

    key: str
    card: dict[str, Any]
    state: str  # open · closed · unknown · none
    until: datetime | None
    opens: datetime | None
    must_call: bool
    km: float | None
    score: float = 0.0


@dataclass(slots=True)
class Answer:
    """A page of results. ``facets``: group → value → count; ``open``: now and unknown."""

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
    keys: list[str] = field(default_factory=list)
    points: list[list[tuple[float, float]]] = field(default_factory=list)


def _term(name: str, token: str) -> tantivy.Query:
    return Q.term_query(SCHEMA, name, token)


def _any(name: str, values: Iterable[str]) -> tantivy.Query:
    kept = list(values)
    if not kept:
        return Q.empty_query()
    return Q.term_set_query(SCHEMA, name, kept) if len(kept) > 1 else _term(name, kept[0])


def _free(query: tantivy.Query) -> tantivy.Query:
    """A condition that adds nothing to the score."""
    return Q.const_score_query(query, 0.0)


@dataclass(slots=True)
class _Asked:
    """A question with everything that its clauses need."""

    query: FindQuery
    keys: frozenset[str]
    lang: str
    now: datetime
    snapshot: Snapshot
    words: tantivy.Query | None = None
    today: int = field(init=False)  # epoch day where the services are
    midnight: datetime = field(init=False)  # the end of that day
    pooled: tuple[tantivy.Query | None, tuple[int, list[tuple[float, tantivy.DocAddress]]]] | None = None

    def __post_init__(self) -> None:
        day = self.now.astimezone(clock.ATHENS).date()
        self.today = (day - date(1970, 1, 1)).days
        self.midnight = datetime.combine(day + timedelta(days=1), time.min, clock.ATHENS).astimezone(UTC)

    def base(self) -> list[tuple[Any, tantivy.Query]]:
        """What the actor may see now."""
        kinds = ("kind:service", "kind:organization") if self.query.q else ("kind:service",)
        return [
            (Occur.Must, _free(_any("d", sorted(self.keys)))),
            (Occur.MustNot, Q.range_query(SCHEMA, "gone", tantivy.FieldType.Unsigned, 0, self.today)),
            (Occur.Must, _free(_any("f", kinds))),
        ]

    def finds(self, words: tantivy.Query) -> bool:
        """Whether words find anything for the actor, whatever the filters: how they are read must
        not change with a filter, or the counts would not be those after choosing it."""
        return self.snapshot.search(Q.boolean_query([*self.base(), (Occur.Must, words)]), 1)[0] > 0

    def clauses(self, without: str = "") -> list[tuple[Any, tantivy.Query]]:
        """Conditions of the question, but for one group."""
        asked, out = self.query, self.base()
        if self.words is not None:
            out.append((Occur.Must, self.words))
        for group, prefix in GROUPS.items():
            values = asked.chosen.get(group, ())
            if values and group != without:
                out.append((Occur.Must, _free(_any("f", [f"{prefix}:{value}" for value in values]))))
        if asked.near and asked.within is not None and without != "within":
            out.append((Occur.Must, _free(self.circle(asked.within))))
        if asked.open_now and without != "open":
            out.append(
                (Occur.Must, _free(Q.boolean_query([(Occur.Should, self.open_()), (Occur.Should, self.unknown())])))
            )
        return out

    def build(self, without: str = "", extra: Sequence[tantivy.Query] = ()) -> tantivy.Query:
        return Q.boolean_query([*self.clauses(without), *((Occur.Must, _free(query)) for query in extra)])

    def pool(self) -> tuple[int, list[tuple[float, tantivy.DocAddress]]]:
        """Number of matches, and the best of them; asked once for the same text clause."""
        if self.pooled is None or self.pooled[0] is not self.words:
            self.pooled = self.words, self.snapshot.search(self.build(), POOL)
        return self.pooled[1]

    def unknown(self) -> tantivy.Query:
        return _term("x", "o?")

    def open_(self) -> tantivy.Query:
        """Open at this moment: whole quarters from the index, others looked at one by one."""
        quarter = int(self.now.timestamp()) // 900
        known = self.snapshot.memo.get("start")
        if known is None:
            known = self.snapshot.memo["start"] = _start(self.snapshot)
        first, last = indexer.span(known)
        if first <= quarter < last:
            partly = self._open_keys(_term("x", f"p{quarter}"), ("p", int(self.now.timestamp()) // 60))
            whole = _term("x", f"o{quarter}")
            return Q.boolean_query([(Occur.Should, whole), (Occur.Should, _any("key", partly))]) if partly else whole
        return _any("key", self._open_keys(_term("x", "oh"), ("all", int(self.now.timestamp()) // 60)))

    def _open_keys(self, candidates: tantivy.Query, memo: tuple[str, int]) -> list[str]:
        held = self.snapshot.memo.get(memo[0])
        if held is not None and held[0] == memo[1]:
            return list(held[1])
        _, hits = self.snapshot.search(candidates, 200_000)
        facts = [self.snapshot.facts_of(address) for _, address in hits]
        found = [row["key"] for row in facts if opening.state(row, self.now)[0] == "open"]
        self.snapshot.memo[memo[0]] = (memo[1], found)
        return found

    def circle(self, km: float) -> tantivy.Query:
        """Within ``km`` of the place, exactly: edge tiles are looked at one by one."""
        near = self.query.near
        if near is None:
            return Q.all_query()
        memo = ("circle", near, km)
        known = self.snapshot.memo.get(memo)
        if known is None:
            inside, edge = tiles.circle(*near, km)
            _, hits = self.snapshot.search(_any("x", edge), EDGE)
            facts = [self.snapshot.facts_of(address) for _, address in hits]
            known = (
                inside,
                [row["key"] for row in facts if any(tiles.distance(near, (lat, lon)) <= km for lat, lon in row["p"])],
            )
            if len(self.snapshot.memo) < 500:
                self.snapshot.memo[memo] = known
        inside, keys = known
        return Q.boolean_query([(Occur.Should, _any("x", inside)), (Occur.Should, _any("key", keys))])


def _start(snapshot: Snapshot) -> datetime:
    """The midnight at which the quarter tokens of this generation begin."""
    _, hits = snapshot.search(_term("key", "meta:cursor"), 1)
    return (
        datetime.fromisoformat(snapshot.card_of(hits[0][1])["start"])
        if hits
        else datetime.fromtimestamp(0, clock.ATHENS)
    )


def _km(facts: Mapping[str, Any], near: tuple[float, float]) -> float | None:
    points = facts["p"]
    return min(tiles.distance(near, (lat, lon)) for lat, lon in points) if points else None


def _word(snapshot: Snapshot, vocab: vocabulary.Vocabulary, word: analyzer.Word) -> tantivy.Query:
    """One word of the question: any of its forms; the last one may be unfinished."""
    exact = [(token, weight) for token, weight in word.alternatives if not token.startswith("^")]
    parts = [Q.boost_query(_term("t", token), weight) for token, weight in exact]
    found = sum(snapshot.searcher.doc_freq("t", token) for token, _ in exact)
    if word.prefix:
        parts += [
            Q.boost_query(_term("t", other), 0.6) for other in vocab.beginning(word.text, 6) if other != word.text
        ]
    if not found:  # Greeklish keys only where the words themselves find nothing
        parts += [
            Q.boost_query(_term("t", token), weight) for token, weight in word.alternatives if token.startswith("^")
        ]
    return Q.disjunction_max_query(parts, 0.1)


def _is_known(asked: _Asked, word: analyzer.Word) -> bool:
    """Whether a word stands in anything that the actor may see.

    Not only in the index: what is corrected or suggested would tell the words of hidden things.
    """
    freq = {token: asked.snapshot.searcher.doc_freq("t", token) for token, _ in word.alternatives}
    if max(freq.values()) > RARE:
        return True
    return any(freq.values()) and asked.finds(_any("t", [token for token, count in freq.items() if count]))


def _lost(asked: _Asked, vocab: vocabulary.Vocabulary, subject: Iterable[analyzer.Word]) -> set[str]:
    """The words that find nothing, neither whole nor as the beginning of one."""

    def begins(word: analyzer.Word) -> bool:
        return word.prefix and asked.finds(_any("t", vocab.beginning(word.text, 6)))

    return {word.text for word in subject if not _is_known(asked, word) and not begins(word)}


def _words(asked: _Asked, vocab: vocabulary.Vocabulary) -> tuple[str, bool]:
    """Give ``asked`` its text clause. (corrected words, relaxed: not all words had to fit)."""
    parsed = analyzer.parse(asked.query.q)
    subject = parsed.subject
    if not subject:
        if asked.query.q.strip():
            asked.words = Q.empty_query()  # signs only: nothing can be found by them
        return "", False
    corrected = ""
    better = {
        text: vocab.nearest(text, lambda other: asked.finds(_term("t", other))) for text in _lost(asked, vocab, subject)
    }
    if any(better.values()):
        corrected = " ".join(better.get(word.text) or word.text for word in parsed.words)
        subject = analyzer.parse(f"{corrected} ").subject
    clauses = [_word(asked.snapshot, vocab, word) for word in subject]
    if asked.query.meant:  # the words are a known name of something: the same answer in every language
        meant = (Occur.Must, _free(_term("f", asked.query.meant)))
        if asked.finds(Q.boolean_query([meant])):
            asked.words = Q.boolean_query([meant, *((Occur.Should, clause) for clause in clauses)])
            return "", False
    boost = (Occur.Should, Q.const_score_query(_term("x", f"l:{asked.lang}"), LANGUAGE_BOOST))
    asked.words = Q.boolean_query([*((Occur.Must, clause) for clause in clauses), boost])
    if len(clauses) > 1 and not asked.pool()[0] and not asked.finds(asked.words):  # the first tells it mostly
        some = Q.boolean_query([(Occur.Should, clause) for clause in clauses])
        asked.words = Q.boolean_query([(Occur.Must, some), boost])
        return corrected, True
    return corrected, False


def answer(
    reader: Reader,
    query: FindQuery,
    *,
    keys: frozenset[str],
    lang: str,
    now: datetime | None = None,
    facets: bool = True,
    limit: int = PAGE_SIZE,
) -> Answer:
    """The page that a question asks for. Raises ``IndexAway`` when there is no index now.

    ``keys``: what the actor may see (``directory.rules.keys``). ``now``: the clock's by default.
    """
    begun = perf_counter()
    snapshot = reader.snapshot()
    with gate(reader.root, snapshot.stamp[0]):
        asked = _Asked(query, keys, lang, now or clock.now(), snapshot)
        vocab = vocabulary.of(snapshot)
        corrected, relaxed = _words(asked, vocab)
        total, hits = asked.pool()
        pages = max(1, -(-min(total, POOL) // limit))
        page = min(query.page, pages)
        ranked = _ranked(asked, hits)
        found = Answer(total, page, pages, [], corrected=corrected, relaxed=relaxed)
        found.keys = [facts["key"] for _, facts, _ in ranked]
        found.points = [[(lat, lon) for lat, lon in facts["p"]] for _, facts, _ in ranked]
        for score, facts, address in ranked[(page - 1) * limit : page * limit]:
            found.hits.append(_hit(asked, score, facts, snapshot.card_of(address)))
        if facets:
            _count(asked, found)
        if not total and query.q:
            begun_word = analyzer.parse(query.q).folded.split(" ")[-1][:4]
            found.suggestions = [word for word in vocab.beginning(begun_word, 12) if asked.finds(_term("t", word))][:6]
    found.milliseconds = (perf_counter() - begun) * 1000
    return found


def _hit(asked: _Asked, score: float, facts: dict[str, Any], card: dict[str, Any]) -> Hit:
    state, until, opens = opening.state(facts, asked.now)
    km = _km(facts, asked.query.near) if asked.query.near else None
    must_call = facts["c"] is not None and facts["c"] <= asked.today
    return Hit(facts["key"], card, state, until, opens, must_call, km, score)


def _ranked(
    asked: _Asked, hits: list[tuple[float, tantivy.DocAddress]]
) -> list[tuple[float, dict[str, Any], tantivy.DocAddress]]:
    """The pool in exact order: text match, open now, confirmation, distance. Ties by key."""
    best = max((score for score, _ in hits), default=0.0) or 1.0
    rows = [(score / best, asked.snapshot.facts_of(address), address) for score, address in hits]
    near = asked.query.near
    scored = [(_score(asked, text, facts, near), facts, address) for text, facts, address in rows]
    if asked.query.sort == "near" and near:
        return sorted(scored, key=lambda row: (_km(row[1], near) if row[1]["p"] else 1e9, row[1]["key"]))
    if asked.query.sort == "confirmed":
        return sorted(scored, key=lambda row: (-row[1]["n"], row[1]["key"]))
    if asked.query.sort == "name":
        cards = {row[1]["key"]: asked.snapshot.card_of(row[2]) for row in scored}
        return sorted(scored, key=lambda row: (_sort_key(cards[row[1]["key"]], asked.lang), row[1]["key"]))
    open_first = asked.query.open_now
    return sorted(scored, key=lambda row: (_unknown(row[1], asked.now) if open_first else 0, -row[0], row[1]["key"]))


def _unknown(facts: dict[str, Any], now: datetime) -> int:
    return 0 if opening.state(facts, now)[0] == "open" else 1


def _sort_key(card: Mapping[str, Any], lang: str) -> str:
    keys = card.get("sort", {})
    return str(keys.get(lang) or keys.get("en") or next(iter(keys.values()), ""))


def _score(asked: _Asked, text: float, facts: dict[str, Any], near: tuple[float, float] | None) -> float:
    state, _, opens = opening.state(facts, asked.now)
    score = text if asked.words is not None else 0.5
    if state == "open":
        score += 0.35
    elif opens is not None and opens < asked.midnight:
        score += 0.15
    elif state == "unknown":
        score += 0.05
    age = asked.today - facts["n"] if facts["n"] else 999
    score += 0.15 if age <= 60 else 0.05 if age <= 180 else 0.0
    score -= 0.2 if not facts["n"] else 0.0  # nobody ever confirmed it
    score += 0.1 if asked.lang in facts["l"] else 0.0
    if facts["c"] is not None and facts["c"] <= asked.today:
        score -= 0.4
    if near:
        km = _km(facts, near)
        score -= 0.6 * min(1.0, (km if km is not None else 15.0) / 15.0)
    return score


def _values(snapshot: Snapshot, prefix: str) -> list[str]:
    """All filter tokens of a group but the organizations', of which there may be thousands; kept per snapshot."""
    known: dict[str, list[str]] | None = snapshot.memo.get("values")
    if known is None:
        known = {}
        found = snapshot.searcher.aggregate(
            Q.all_query(), {"f": {"terms": {"field": "f", "size": BUCKETS, "exclude": "org:.*"}}}
        )
        for bucket in found["f"]["buckets"]:
            known.setdefault(bucket["key"].partition(":")[0], []).append(bucket["key"])
        snapshot.memo["values"] = known
    return known.get(prefix, [])


def _facet(snapshot: Snapshot, query: tantivy.Query, prefixes: Sequence[str]) -> dict[str, dict[str, int]]:
    """Counts of the groups; of one small group alone, only its own tokens are counted."""
    terms: dict[str, Any] = {"field": "f", "size": BUCKETS}
    if len(prefixes) == 1 and prefixes[0] != "org":
        terms["include"] = _values(snapshot, prefixes[0])
        if not terms["include"]:
            return {}
    out: dict[str, dict[str, int]] = {}
    for bucket in snapshot.searcher.aggregate(query, {"f": {"terms": terms}})["f"]["buckets"]:
        prefix, _, value = bucket["key"].partition(":")
        if prefix in prefixes:
            out.setdefault(prefix, {})[value] = bucket["doc_count"]
    return out


def _count(asked: _Asked, found: Answer) -> None:
    """Facets: for each group the counts without its own filter; one pass for all that are not chosen."""
    free = [group for group in GROUPS if not asked.query.chosen.get(group)]
    counted = _facet(asked.snapshot, asked.build(), [GROUPS[group] for group in free])
    for group in GROUPS:
        if group not in free:
            counted |= _facet(asked.snapshot, asked.build(without=group), [GROUPS[group]])
    found.facets = {group: counted.get(prefix, {}) for group, prefix in GROUPS.items()}
    found.open_count = asked.snapshot.search(asked.build(without="open", extra=[asked.open_()]), 1)[0]
    found.unknown_count = asked.snapshot.search(asked.build(without="open", extra=[asked.unknown()]), 1)[0]
    if asked.query.near:
        for km in RADII:
            found.within[f"{km:g}"] = asked.snapshot.search(asked.build(without="within", extra=[asked.circle(km)]), 1)[
                0
            ]


def site_documents(reader: Reader, kind: str) -> list[dict[str, Any]]:
    """The cards of all public documents of a small kind (areas, notices, organizations), kept per snapshot."""
    snapshot = reader.snapshot()
    known = snapshot.memo.get(("site", kind))
    if known is None:
        with gate(reader.root, snapshot.stamp[0]):
            public = Q.boolean_query([(Occur.Must, _term("f", f"kind:{kind}")), (Occur.Must, _term("d", "public"))])
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


def _listed(snapshot: Snapshot, keys: frozenset[str], now: datetime, filters: Sequence[str]) -> tantivy.Query:
    return _Asked(FindQuery(), keys, "", now, snapshot).build(extra=[_term("f", name) for name in filters])
