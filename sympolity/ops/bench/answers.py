"""Asking the engine: every question cold and warm, beside the bare term query of the same run."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import tantivy

from sympolity.kit import clock
from sympolity.ops.bench.measure import Samples, percentile
from sympolity.ops.bench.questions import Question
from sympolity.portal import filters
from sympolity.search import engine
from sympolity.search.columns import SCHEMA
from sympolity.search.query import PAGE_SIZE
from sympolity.search.store import Reader

__all__ = ["Day", "ask", "ask_all"]

KEYS = frozenset({"public"})
PACE = 2.0  # seconds of the day between two questions
BARE_REPEATS = 3


class Day:
    """The time of the benchmark: a morning on which a question comes every other second.

    Time must move: an answer that holds for a minute may be kept for that minute and no longer.
    """

    def __init__(self) -> None:
        local = clock.now().astimezone(clock.ATHENS)
        self._next = local.replace(hour=9, minute=0, second=0, microsecond=0)

    def next(self) -> datetime:
        self._next += timedelta(seconds=PACE)
        return self._next


@dataclass(slots=True)
class _Asked:
    cold: Samples
    warm: Samples
    bare: Samples
    matches: list[int]
    corrected: int = 0
    relaxed: int = 0

    def figures(self) -> dict[str, Any]:
        bare = percentile(self.bare.cpu, 0.5) or 1e-6
        matches = {f"p{share}": percentile(self.matches, share / 100) for share in (5, 50, 95)}
        return {
            "cold": self.cold.figures(), "warm": self.warm.figures(), "bare": self.bare.figures(),
            "ratio": percentile(self.warm.cpu, 0.5) / bare, "matches": matches,
            "empty": sum(not count for count in self.matches), "corrected": self.corrected, "relaxed": self.relaxed,
        }  # fmt: skip


def ask(reader: Reader, question: Question, now: datetime) -> engine.Answer:
    """Ask the engine as the find page does."""
    counts = filters.COUNTED if question.counts is None else question.counts
    return engine.answer(reader, question.query, keys=KEYS, lang=question.lang, now=now, facets=counts)


def _ask(reader: Reader, question: Question, now: datetime, samples: Samples) -> engine.Answer:
    with samples.take():
        return ask(reader, question, now)


def _bare(reader: Reader, question: Question, samples: Samples) -> None:
    """The same engine, asked for one term and a page of hits: what finding cannot be cheaper than."""
    snapshot = reader.snapshot()
    query = tantivy.Query.term_query(SCHEMA, *question.bare)
    for _ in range(BARE_REPEATS):
        with samples.take():
            snapshot.search(query, PAGE_SIZE)


def ask_all(
    reader: Reader,
    asked: Mapping[str, Sequence[Question]],
    day: Day,
    *,
    budget: float,
    progress: Callable[[str, int, int], None],
) -> dict[str, dict[str, Any]]:
    """Figures of each class. The second, warm, round ends after ``budget`` seconds of CPU (five of each class at least)."""
    found = {kind: _Asked(Samples(), Samples(), Samples(), []) for kind in asked}
    mixed = [row for rank in zip(*asked.values(), strict=False) for row in rank]
    mixed += [row for rows in asked.values() for row in rows[len(mixed) // max(1, len(asked)) :]]
    for number, question in enumerate(mixed, 1):
        mine = found[question.kind]
        answer = _ask(reader, question, day.next(), mine.cold)
        mine.matches.append(answer.total)
        mine.corrected += bool(answer.corrected)
        mine.relaxed += answer.relaxed
        if number % 20 == 0:
            progress("cold", number, len(mixed))
    begun = time.process_time()
    for number, question in enumerate(mixed, 1):
        if time.process_time() - begun > budget and number > len(asked) * 5:
            break
        _ask(reader, question, day.next(), found[question.kind].warm)
        _bare(reader, question, found[question.kind].bare)
        if number % 20 == 0:
            progress("warm", number, len(mixed))
    return {kind: row.figures() for kind, row in found.items()}
