"""The one analyzer: text of any language → folded tokens, the same for the index and for queries.

A token is a folded word, or one of its other forms with a mark before it, so that a form is
never taken for a word: ``~`` a light stem, ``^`` the Greeklish key of a Greek word. Tokens hold
no white space: the engine's field is cut at white space alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from ..kit.fold import words
from ..kit.translit import readings, skeleton
from .stems import Script, script_of, stems
from .stopwords import STOPWORDS

__all__ = ["MAX_CHARACTERS", "MAX_WORDS", "VERSION", "Query", "Word", "parse", "split", "tokens"]

VERSION = 1  # raise it when tokens change: an index of another version is rebuilt
MAX_CHARACTERS = 200  # of a query
MAX_WORDS = 24

_LONGEST = 48  # characters of a token; longer runs are not words
_PREFIX_FROM = 3  # letters of an unfinished word
_KEY_KEEPS = 4  # letters of a Greeklish key that lost its ending

# Weights beside the exact form's 1.0. On the train split of the question data all pairs from (0.6, 0.4)
# to (1.3, 0.8) differ by less than 0.003 in mean recall@5; the key's and the pairs' weights are not measured.
_STEM_WEIGHTS = (0.8, 0.5)
_KEY_WEIGHT = 0.3
_PAIR_WEIGHT = 0.5

_APOSTROPHE = "['’ʼ]"
# French: l'aide, d'un, qu'il; before folding, which joins what an apostrophe parts.
_ELISION = re.compile(rf"\b(?:(?:lors|puis|jus|quel)?qu|[ldjmtscn]){_APOSTROPHE}(?=\w\w)", re.IGNORECASE)
# Α.Φ.Μ., U.N.H.C.R.
_INITIALS = re.compile(r"(?<![\w.])(?:[^\W\d_]\.){2,10}(?:[^\W\d_](?!\w))?")
_KEY_ENDING = re.compile(r"[aeiou]+[sn]?$")


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a query; ``alternatives`` are index tokens with their weights, the exact form first.

    ``prefix``: the last word, perhaps unfinished. ``stop``: a function word.
    """

    text: str
    alternatives: tuple[tuple[str, float], ...]
    prefix: bool = False
    stop: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """A query as the engine wants it; ``folded`` is its words with single spaces."""

    words: tuple[Word, ...]
    folded: str

    @property
    def subject(self) -> tuple[Word, ...]:
        """The words without function words, or all of them when there are no others."""
        return tuple(word for word in self.words if not word.stop) or self.words


@lru_cache(maxsize=64)
def split(text: str) -> tuple[str, ...]:
    """The folded words of ``text``, in order; a text is asked twice in a row, for its tokens and for the vocabulary."""
    text = _INITIALS.sub(lambda found: found[0].replace(".", ""), text)
    return tuple(word[:_LONGEST] for word in words(_ELISION.sub("", text)))


def _trimmed(key: str) -> str:
    """A Greeklish key without the ending of a long word: dikigoros, dikigorou, dikigoroi."""
    found = _KEY_ENDING.search(key, _KEY_KEEPS)
    return key[: found.start()] if found else key


def _pairs(word: str) -> list[str]:
    """Neighbouring letters of a run that is written without spaces."""
    return [word[at : at + 2] for at in range(len(word) - 1)] if len(word) > 2 else []


@lru_cache(maxsize=65536)
def _forms(word: str) -> tuple[str, ...]:
    """The index tokens of a folded word, itself first."""
    if word in STOPWORDS:
        return (word,)
    script = script_of(word)
    forms = [word, *(f"~{stem}" for stem in stems(word))]
    if script is Script.GREEK:
        forms.append(f"^{_trimmed(skeleton(word))}")
    elif script is Script.UNSPACED:
        forms += _pairs(word)
    return tuple(dict.fromkeys(forms))


def tokens(text: str) -> list[str]:
    """The index tokens of ``text``, in order: each word followed by its other forms."""
    return [form for word in split(text) for form in _forms(word)]


@lru_cache(maxsize=4096)
def _alternatives(word: str) -> tuple[tuple[str, float], ...]:
    weights = {word: 1.0}
    if word in STOPWORDS:
        return tuple(weights.items())
    script = script_of(word)
    for stem, weight in zip(stems(word), _STEM_WEIGHTS, strict=False):
        weights.setdefault(f"~{stem}", weight)
    if script is Script.LATIN:
        for key in readings(word):
            weights.setdefault(f"^{_trimmed(key)}", _KEY_WEIGHT)
    elif script is Script.UNSPACED:
        for pair in _pairs(word):
            weights.setdefault(pair, _PAIR_WEIGHT)
    return tuple(weights.items())


def parse(query: str) -> Query:
    """What a visitor typed, as words; what stands beyond 200 characters or 24 words is not read."""
    typed = query[:MAX_CHARACTERS]
    found = split(typed)[:MAX_WORDS]
    unfinished = bool(typed) and (typed[-1].isalnum() or (not typed[-1].isascii() and bool(words(typed[-1]))))
    last = len(found) - 1
    parsed = tuple(
        Word(
            text=word,
            alternatives=_alternatives(word),
            prefix=unfinished and at == last and len(word) >= _PREFIX_FROM,
            stop=word in STOPWORDS,
        )
        for at, word in enumerate(found)
    )
    return Query(words=parsed, folded=" ".join(found))
