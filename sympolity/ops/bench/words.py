"""Made-up words of five languages in three scripts, with the frequencies of natural text (Zipf's law).

Real words would make the vocabulary a matter of one language; made-up ones of a seed give
every size of the network the vocabulary that Heaps' law expects of it.
"""

from __future__ import annotations

from bisect import bisect
from dataclasses import dataclass
from itertools import accumulate
from random import Random

from sympolity.search import analyzer

__all__ = ["SCRIPTS", "Lexicon", "misspelt"]

# language -> (first letters of a syllable, vowels, endings)
SCRIPTS: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "en": ("bcdfghklmnprstvw", "aeiou", ("", "n", "r", "s", "t", "ing", "tion", "ment")),
    "el": ("βγδζθκλμνπρστφχ", "αεηιο", ("ς", "σ", "ν", "α", "ος", "ους", "ία", "ση")),
    "ar": ("بتثجحخدرزسشصطعفقكلمنه", "اوي", ("", "ة", "ات", "ين", "ي", "ون")),
    "fr": ("bcdfgjlmnpqrstv", "aeéiou", ("", "s", "e", "er", "age", "tion", "eur", "eau")),
    "fa": ("بپتجچخدرزژسشفقکگلمنه", "اوی", ("", "ها", "ان", "ات", "ی", "گی")),
}
RUNNING = 200_000  # words of running text of each language
EXPONENT = 1.07  # Zipf's s of ordinary prose is a little above 1


def vocabulary_size(services: int) -> int:
    """Words per script: Heaps' law with an exponent of one half (60 √N; 6,000 for 10,000 services)."""
    return max(300, int(60 * services**0.5))


def _word(rng: Random, lang: str) -> str:
    letters, vowels, endings = SCRIPTS[lang]
    syllables = rng.choices((1, 2, 3, 4), (1, 5, 4, 1))[0]
    return "".join(rng.choice(letters) + rng.choice(vowels) for _ in range(syllables)) + rng.choice(endings)


def _distinct(rng: Random, lang: str, count: int) -> list[str]:
    found: dict[str, None] = {}
    while len(found) < count:
        word = _word(rng, lang)
        if len(word) > 2:
            found[word] = None
    return list(found)


@dataclass(frozen=True, slots=True)
class Text:
    """Words and their index tokens; those of a word were made once."""

    words: str
    tokens: str

    def __add__(self, other: Text) -> Text:
        return Text(f"{self.words} {other.words}", f"{self.tokens} {other.tokens}")


class Lexicon:
    """The words of each language, the commonest first, and running text of each to cut texts from."""

    def __init__(self, rng: Random, size: int) -> None:
        self.weights = list(accumulate(1 / rank**EXPONENT for rank in range(1, size + 1)))
        self.words = {lang: _distinct(rng, lang, size) for lang in SCRIPTS}
        self._running: dict[str, tuple[list[str], list[str]]] = {}
        for lang, words in self.words.items():
            forms = [" ".join(analyzer.tokens(word)) for word in words]
            ranks = rng.choices(range(size), cum_weights=self.weights, k=RUNNING)
            self._running[lang] = [words[rank] for rank in ranks], [forms[rank] for rank in ranks]

    def text(self, rng: Random, lang: str, length: int) -> Text:
        """``length`` words as they would stand in a text."""
        words, forms = self._running[lang]
        start = int(rng.random() * (RUNNING - length))
        return Text(" ".join(words[start : start + length]), " ".join(forms[start : start + length]))

    def ranked(self, rng: Random, lang: str, first: float, last: float) -> str:
        """A word of the ranks between two shares of the vocabulary (0 = the commonest)."""
        words = self.words[lang]
        start = int(first * len(words))
        return words[rng.randrange(start, max(start + 1, int(last * len(words))))]

    def frequent(self, rng: Random, lang: str, first: float, last: float) -> str:
        """A word by its share of running text: between ``first`` and ``last`` of all that is written."""
        total = self.weights[-1]
        return self.words[lang][min(len(self.weights) - 1, bisect(self.weights, rng.uniform(first, last) * total))]


def misspelt(rng: Random, word: str) -> str:
    """One typing mistake after the first letter: two letters swapped, one left out, or one doubled."""
    at = rng.randrange(1, len(word) - 1)
    return rng.choice((
        word[:at] + word[at + 1] + word[at] + word[at + 2 :],
        word[:at] + word[at + 1 :],
        word[:at] + word[at] + word[at:],
    ))  # fmt: skip
