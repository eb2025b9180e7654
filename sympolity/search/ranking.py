"""The order of candidates: text match, open now, confirmation, language, distance. Read from columns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import tantivy

from sympolity.search import opening, tiles
from sympolity.search.clauses import Asked, Ranked, any_of, distances, points, start_of
from sympolity.search.columns import CALL, DAY, FRESH, KNOWN, LAST, UNKNOWN, speaks
from sympolity.search.times import HALF, QUARTER, quarters_of_day

__all__ = ["POOL", "Candidate", "pool", "ranked"]

POOL = 500  # candidates that are put in exact order
RINGS = (1.0, 5.0, 20.0, 60.0, 200.0)  # km; where candidates are the nearest, not the likest
Candidate = tuple[tantivy.DocAddress, float, float | None]  # with its match to the words, 1 at best, and its km
OPEN, LATER, UNSURE, OTHER = range(4)  # open now; opens today; hours unknown; closed, or without hours


def pool(asked: Asked) -> tuple[int, Ranked]:
    """Number of matches, and the candidates: the likest to the words; without words the nearest or newest. They are
    looked for once for the same text clause."""
    if asked.pooled is None or asked.pooled[0] is not asked.words:
        asked.pooled = asked.words, _pool(asked)
    return asked.pooled[1]


def _pool(asked: Asked) -> tuple[int, Ranked]:
    total, hits = asked.snapshot.search(asked.build(), POOL)
    if total <= POOL or (asked.words is not None and asked.query.sort in {"best", "name"}):
        return total, hits
    if asked.query.near and asked.query.sort in {"best", "near"}:
        return total, _nearest(asked)
    return total, asked.snapshot.newest(asked.build(), POOL)


def _nearest(asked: Asked) -> Ranked:
    """Candidates from the smallest ring of tiles that holds enough of them."""
    found: Ranked = []
    for km in RINGS:
        if asked.query.near:
            inside, edge = tiles.circle(*asked.query.near, km)
            count, found = asked.snapshot.search(asked.build(extra=[any_of("x", [*inside, *edge])]), POOL)
            if count >= POOL // 2:
                return found
    return asked.snapshot.search(asked.build(), POOL)[1]


def ranked(asked: Asked, hits: Ranked) -> list[Candidate]:
    """The candidates in exact order; of equal ones the one comes first that stands first in the index."""
    if not hits:
        return []
    addresses = [address for _, address in hits]
    near, sort = asked.query.near, asked.query.sort
    far: list[float | None] = [None] * len(hits)
    if near:
        far = distances(points(asked.snapshot, addresses), near)
    best = (max(score for score, _ in hits) or 1.0) if asked.words is not None else 0.0
    texts = [score / best if best else 0.5 for score, _ in hits]
    order: list[Any]
    if sort == "near" and near:
        order = [1e9 if km is None else km for km in far]
    elif sort == "confirmed":
        order = [-(rank >> FRESH & DAY) for rank in asked.snapshot.column("rank", addresses)]
    elif sort == "name":
        order = [_sort_key(asked.snapshot.card_of(address), asked.lang) for address in addresses]
    else:
        order = _scores(asked, addresses, texts)
        if near:
            order = [
                score + 0.6 * min(1.0, (15.0 if km is None else km) / 15.0)
                for score, km in zip(order, far, strict=True)
            ]
    within = asked.query.within if near else None
    kept = [at for at, km in enumerate(far) if within is None or km is None or km <= within]
    return [(addresses[at], texts[at], far[at]) for at in sorted(kept, key=order.__getitem__)]


def _scores(asked: Asked, addresses: list[tantivy.DocAddress], texts: list[float]) -> list[float]:
    """What speaks for each of them, negative: the least comes first. Where what is open comes first, it has 10 more."""
    today, bit, column = asked.today, speaks(asked.lang), asked.snapshot.column
    bonus = {OPEN: 10.35 if asked.query.open_now else 0.35, LATER: 0.15, UNSURE: 0.05, OTHER: 0.0}
    states = _openings(asked, addresses, ranks := column("rank", addresses))
    found = []
    for text, state, rank in zip(texts, states, ranks, strict=True):
        day, call = rank >> FRESH & DAY, rank >> CALL & DAY
        score = text + bonus[state]
        if not day:  # nobody ever confirmed it
            score -= 0.2
        elif today - day <= 180:
            score += 0.15 if today - day <= 60 else 0.05
        if rank & bit:
            score += 0.1
        if call and call <= today:
            score -= 0.4
        found.append(-score)
    return found


def _today(asked: Asked) -> int | None:
    """Which quarter of the first day of the index it is; None on any other day."""
    start = start_of(asked.snapshot)
    at = int(asked.now.timestamp()) // QUARTER - int(start.timestamp()) // QUARTER
    return at if 0 <= at < quarters_of_day(start) else None


def _openings(asked: Asked, addresses: list[tantivy.DocAddress], ranks: list[int]) -> list[int]:
    """Whether each of them is open: from the bits of the day; in a quarter that is partly open, and on other days,
    from the hours."""
    at = _today(asked)
    if at is None:
        return [_looked_at(asked, address) for address in addresses]
    half, bit = ("2", 1 << (at - HALF)) if at >= HALF else ("1", 1 << at)
    wholes, parts = (asked.snapshot.column(f"{name}{half}", addresses) for name in ("whole", "part"))
    found = []
    for number, (rank, whole, part) in enumerate(zip(ranks, wholes, parts, strict=True)):
        if rank & 3 != KNOWN:
            found.append(UNSURE if rank & 3 == UNKNOWN else OTHER)
        elif whole & bit:
            found.append(OPEN)
        elif part & bit:
            found.append(_looked_at(asked, addresses[number]))
        else:
            found.append(LATER if part >> LAST > at else OTHER)
    return found


def _looked_at(asked: Asked, address: tantivy.DocAddress) -> int:
    state, _, opens = opening.state(asked.snapshot.facts_of(address), asked.now)
    if state == "open":
        return OPEN
    if opens is not None and opens < asked.midnight:
        return LATER
    return UNSURE if state == "unknown" else OTHER


def _sort_key(card: Mapping[str, Any], lang: str) -> str:
    keys = card.get("sort", {})
    return str(keys.get(lang) or keys.get("en") or next(iter(keys.values()), ""))
