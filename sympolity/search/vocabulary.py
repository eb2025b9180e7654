"""The words of public documents: correcting a word that finds nothing, and finishing one."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable

from sympolity.kit.mistakes import distance
from sympolity.search import indexer
from sympolity.search.snapshot import Snapshot

__all__ = ["Vocabulary", "of"]


class Vocabulary:
    """Words with their counts. Words of things that not everybody sees are not in it."""

    def __init__(self, counts: dict[str, int]) -> None:
        self._counts = counts
        self._sorted = sorted(counts)
        self._buckets: dict[tuple[str, int], list[str]] = defaultdict(list)
        for word in self._sorted:
            self._buckets[word[0], len(word)].append(word)
            self._buckets["2" + word[1], len(word)].append(word)  # a typing mistake in the first letter

    def beginning(self, prefix: str, limit: int) -> list[str]:
        """Words that begin with ``prefix``, the commonest first."""
        if not prefix:
            return []
        at = bisect_left(self._sorted, prefix)
        found: list[str] = []
        while at < len(self._sorted) and self._sorted[at].startswith(prefix) and len(found) < 2000:
            found.append(self._sorted[at])
            at += 1
        return sorted(found, key=lambda word: (-self._counts[word], word))[:limit]

    def nearest(self, word: str, good: Callable[[str], bool] = bool) -> str:
        """The likeliest word within one mistake (two from 8 letters on), "" when there is none.

        ``good``: asked of words that would be taken; a costly question is asked of few.
        """
        allowed = 0 if len(word) < 4 else 1 if len(word) < 8 else 2
        if not allowed or word.isdigit() or (word in self._counts and good(word)):
            return ""
        best = ""
        rank = (allowed + 1, 0)
        for length in range(len(word) - allowed, len(word) + allowed + 1):
            swapped = self._buckets.get((word[1], length), ())  # the first two letters changed places
            for other in {
                *self._buckets.get((word[0], length), ()),
                *self._buckets.get(("2" + word[1], length), ()),
                *(one for one in swapped if one[1] == word[0]),
            }:
                far = distance(word, other, allowed)
                here = (far, -self._counts[other])
                if far <= allowed and (here < rank or (here == rank and other < best)) and good(other):
                    best, rank = other, here
        return best


def of(snapshot: Snapshot) -> Vocabulary:
    """The vocabulary of a snapshot, read when it is first asked for."""
    known = snapshot.memo.get("vocabulary")
    if known is None:
        known = snapshot.memo["vocabulary"] = Vocabulary(dict(indexer.read_words(snapshot.folder)))
    return known
