"""Spellings of place names: the words around a name, and names a typing mistake away."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from sympolity.kit.fold import words
from sympolity.kit.mistakes import distance

__all__ = ["Spellings", "bare"]

# Words that say what kind of thing follows, or how it stands in the sentence.
_GREEK = """δήμος δήμου δήμο περιφέρεια περιφέρειας νησί νήσος dimos dimou dhmos dhmou perifereia
    ο η το οι τα του της των τον την τη στο στη στην στον στα στους στις σε από κοντά"""
_LATIN = """municipality city town of region the in at near from stadt gemeinde
    ville commune municipalité de du des d la le l les à dans"""
_ARABIC = "بلدية مدينة محافظة إقليم في من قرب شهرداری شهر در نزدیک"
_BEFORE = frozenset(words(f"{_GREEK} {_LATIN} {_ARABIC}"))
_AFTER = frozenset(words("municipality city town region dimos"))
_SHORT, _LONG = 5, 8  # letters from which one and two mistakes are forgiven
_LONGEST = 40


def bare(parts: list[str]) -> list[str]:
    """Folded words without those around a name ("municipality of"); [] if nothing else is left."""
    start, end = 0, len(parts)
    while start < end and parts[start] in _BEFORE:
        start += 1
    while end > start and parts[end - 1] in _AFTER:
        end -= 1
    return parts[start:end]


class Spellings:
    """Keys to compare a mistyped one with; a bit per letter rules most out before they are."""

    def __init__(self, keys: Iterable[str]) -> None:
        self._by_length: dict[int, list[tuple[int, str]]] = defaultdict(list)
        for key in keys:
            self._by_length[len(key)].append((_letters(key), key))

    def near(self, key: str) -> Iterator[tuple[str, int]]:
        """The keys within the mistakes forgiven to ``key``, with their number."""
        most = _forgiven(key)
        if not most:
            return
        letters = _letters(key)
        for length in range(len(key) - most, len(key) + most + 1):
            for there, other in self._by_length.get(length, ()):
                if (letters ^ there).bit_count() > 2 * most or _forgiven(other) < 1:
                    continue
                mistakes = distance(key, other, most)
                if mistakes <= most:
                    yield other, mistakes


def _forgiven(key: str) -> int:
    if not _SHORT <= len(key) <= _LONGEST:
        return 0
    return 2 if len(key) >= _LONG else 1


def _letters(key: str) -> int:
    bits = 0
    for letter in key:
        bits |= 1 << (ord(letter) % 61)
    return bits
