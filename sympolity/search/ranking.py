"""The order of candidates: text match, open now, confirmation, language, distance. Read from columns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import tantivy

from sympolity.search import opening, tiles
from sympolity.search.clauses import POOL, Asked, Ranked, any_of, distances, start_of
from sympolity.search.columns import CALL, DAY, FRESH, KNOWN, LAST, UNKNOWN, speaks
from sympolity.search.counting import tally
from sympolity.search.few import Few
from sympolity.search.times import HALF, QUARTER, quarters_of_day

__all__ = ["Candidate", "pool", "ranked"]

MANY = 5 * POOL  # matches of words near a place, of which the nearest are candidates, and not the likest
FAR = 15.0  # km; what is farther from the place has nothing more to lose
Candidate = tuple[tantivy.DocAddress, float, float | None]  # with its match to the words, 1 at best, and its km
OPEN, LATER, UNSURE, OTHER = range(4)  # open now; opens today; hours unknown; closed, or without hours


def pool(asked: Asked, few: Few | None = None) -> tuple[int, Ranked]:
    """Number of matches, and the candidates: the likest to the words; without words, and where very many match near a
    place, the nearest; else the newest."""
    if few is not None:
        hits = few.ranked()
        return len(hits), hits
    told, sort = tally(asked), asked.query.sort
    by_words = asked.words is not None and sort in {"best", "name"}
    if asked.query.near and sort in {"best", "near"} and told.total > (MANY if by_words else POOL):
        return told.total, _nearest(asked, asked.query.near, told.total)
    if by_words or told.total <= POOL:
        return told.total, asked.snapshot.best(asked.build(), POOL) if told.hits is None else told.hits
    return told.total, asked.snapshot.newest(asked.build(), POOL)


def _nearest(asked: Asked, near: tuple[float, float], total: int) -> Ranked:
    """Candidates from the smallest block of tiles that seems to hold enough of them, and does."""
    share = total / max(1, asked.reached())
    for block, km in tiles.blocks(*near):
        if asked.snapshot.documents("x", block) * share < POOL:
            continue
        inside = asked.query.within is not None and km <= asked.query.within
        hits = asked.snapshot.best(asked.build("within" if inside else "", [any_of("x", block)]), POOL)
        if len(hits) >= POOL // 2:
            return hits
    return asked.snapshot.best(asked.build(), POOL)


def ranked(asked: Asked, hits: Ranked) -> list[Candidate]:
    """The candidates in exact order; of equal ones the one comes first that stands first in the index."""
    if not hits:
        return []
    addresses = [address for _, address in hits]
    far = _distances(asked, addresses)
    best = (max(score for score, _ in hits) or 1.0) if asked.words is not None else 0.0
    texts = [score / best for score, _ in hits] if best else [0.5] * len(hits)
    order = _order(asked, addresses, texts, far)
    within = asked.query.within if asked.query.near else None
    kept = [at for at, km in enumerate(far) if within is None or km is None or km <= within]
    return [(addresses[at], texts[at], far[at]) for at in sorted(kept, key=order.__getitem__)]


def _distances(asked: Asked, addresses: list[tantivy.DocAddress]) -> list[float | None]:
    """Exact where they decide of the order or of who is in the circle; else the order only wants to know who is near."""
    near, within = asked.query.near, asked.query.within
    if not near:
        return [None] * len(addresses)
    if asked.query.sort == "near":
        return distances(asked.snapshot, addresses, near)
    far = distances(asked.snapshot, addresses, near, rough=True)
    if within is not None:
        low, high = 0.9 * within, 1.1 * within
        edge = [at for at, km in enumerate(far) if km is not None and low < km < high]
        for at, km in zip(edge, distances(asked.snapshot, [addresses[at] for at in edge], near), strict=True):
            far[at] = km
    return far


def _order(asked: Asked, addresses: list[tantivy.DocAddress], texts: list[float], far: list[float | None]) -> list[Any]:
    """What each is put in order by: the least comes first."""
    near, sort = asked.query.near, asked.query.sort
    if sort == "near" and near:
        return [1e9 if km is None else km for km in far]
    if sort == "confirmed":
        return [-(rank >> FRESH & DAY) for rank in asked.snapshot.column("rank", addresses)]
    if sort == "name":
        return [_sort_key(asked.snapshot.card_of(address), asked.lang) for address in addresses]
    scores = _scores(asked, addresses, texts)
    if not near:
        return scores
    return [score + (0.6 if km is None or km > FAR else 0.6 * km / FAR) for score, km in zip(scores, far, strict=True)]


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
