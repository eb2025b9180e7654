"""Greek in Latin letters: the official way, and one key for all the ways people type it.

``greek_to_latin`` follows ELOT 743 (ISO 843 type 2): what stands in passports and on road
signs. ``skeleton`` gives one key to a Greek word and to its Greeklish spellings, by sound
(dikigoros, voithia) and by shape (dikhgoros, bohtheia, 8elw). Keys are compared, never shown.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from .bidi import shallow
from .fold import fold, words

__all__ = ["greek_to_latin", "readings", "skeleton"]

_LETTERS = dict(zip("αβγδεζηικλμνξοπρστυφω", "avgdeziiklmnxoprstyfo", strict=True)) | {"θ": "th", "χ": "ch", "ψ": "ps"}
_VOICELESS = "θκξπστφχψ"
_PAIRS = {"γγ": "ng", "γξ": "nx", "γχ": "nch", "ου": "ou"}
_DIALYTIKA = "ϊϋΐΰ"
_ACCENTED = "άέή"


def _next_is_voiceless(text: str, at: int) -> bool:
    return at >= len(text) or not text[at].isalpha() or text[at] in _VOICELESS


def _at_edge(text: str, at: int) -> bool:
    """True when the two letters at ``at`` begin or end a word (ELOT 743: μπ is b there)."""
    before = text[at - 1] if at else " "
    after = text[at + 2] if at + 2 < len(text) else " "
    return not before.isalpha() or not after.isalpha()


def _romanize_at(plain: str, lower: str, at: int) -> tuple[str, int]:
    """Latin letters for the Greek at ``at``, and how many letters they stand for."""
    pair = plain[at : at + 2]  # one sound, unless an accent on its first vowel or a dialytika parts it
    if pair == "μπ" and _at_edge(plain, at):
        return "b", 2
    if len(pair) == 2 and lower[at] not in _ACCENTED and lower[at + 1] not in _DIALYTIKA:
        if pair in _PAIRS:
            return _PAIRS[pair], 2
        if pair in {"αυ", "ευ", "ηυ"}:
            return _LETTERS[pair[0]] + ("f" if _next_is_voiceless(plain, at + 2) else "v"), 2
    return _LETTERS.get(plain[at], lower[at]), 1


def greek_to_latin(text: str) -> str:
    """``text`` with its Greek letters in Latin ones (ELOT 743); case is kept, the rest stays."""
    text = unicodedata.normalize("NFC", shallow(text))
    # Letter by letter, so that every index means the same letter in all three.
    plain = "".join(_plain(char) for char in text)
    lower = "".join(_lower(char) for char in text)
    out: list[str] = []
    at = 0
    while at < len(text):
        if plain[at] not in _LETTERS:
            out.append(text[at])
            at += 1
            continue
        latin, taken = _romanize_at(plain, lower, at)
        out.append(_cased(latin, text[at : at + taken + 1]))
        at += taken
    return "".join(out)


def _plain(char: str) -> str:
    folded = fold(char)
    return folded if len(folded) == 1 else "\0"


def _lower(char: str) -> str:
    low = char.lower()
    return low if len(low) == 1 else "\0"


def _cased(latin: str, source: str) -> str:
    """``latin`` in the case of ``source``: the Greek letters it stands for and the next one."""
    if not source[0].isupper():
        return latin
    return latin.upper() if source[1:2].isupper() or (len(latin) == 1) else latin.capitalize()


# One letter of a key each: q = θ, x = χ and ξ, v = β and μπ.
_GREEK_KEY = str.maketrans(dict(zip("αβγδεζηθικλμνξοπρστυφχω", "avgdeziqiklmnxoprstyfxo", strict=True)) | {"ψ": "ps"})

_Rules = tuple[tuple[re.Pattern[str], str], ...]


def _rules(*pairs: tuple[str, str]) -> _Rules:
    return tuple((re.compile(pattern), to) for pattern, to in pairs)


# h is χ before a vowel and η elsewhere, unless it belongs to the letter before it.
_LATIN = _rules(
    (r"(?<=[a-z])8|8(?=[a-z])", "Q"),
    (r"(?<=[a-z])3|3(?=[a-z])", "x"),
    (r"ch|ks", "x"),
    (r"[cq]", "k"),
    (r"w", "o"),
    (r"^rh(?=[aeiouy])", "r"),
    (r"([gd])h(?=[aeiouy])", r"\1"),
    (r"th(?=[aeiouyrlnm])", "Q"),
    (r"ph(?=[aeiouyrlt])", "f"),
    (r"kh(?=[aeiouyrln])", "x"),
    (r"h(?=[aeiouy])", "x"),
    (r"h", "i"),
    (r"Q", "q"),
    (r"j|dz", "tz"),
    (r"(^|(?<=[aeo]))yi", "gi"),
    (r"(^|(?<=[aeo]))y(?=e)", "g"),
    (r"(^|(?<=[ae]))y(?=[aou])", "gi"),
)
# What both scripts write in more than one way.
_COMMON = _rules(
    (r"ks", "x"),
    (r"m[pbv]|b", "v"),
    (r"n[td]", "d"),
    (r"gx", "nx"),
    (r"gk|gg|ng|nk", "g"),
    (r"o[uy]", "U"),
    (r"([ae])(?:[uy]|f(?![aeiouyU]|$))", r"\1v"),
    (r"ai", "e"),
    (r"[oey]i|y", "i"),
    (r"(.)\1+", r"\1"),
    (r"on$", "o"),
)
# The other ways in which a Latin spelling may be meant.
_READINGS = _rules(
    (r"(?<![aeo])u", "y"),  # u for υ by shape: ugeia
    (r"^h[ey]", "i"),  # the classical h: Heraklion
    (r"^h(?=[aeiouy])", ""),
    (r"th(?=[rlnm])", "ti"),  # th for τη: thlefono
)


def _key(word: str, latin: _Rules) -> str:
    key = word.translate(_GREEK_KEY)
    if key == word:
        for pattern, to in latin:
            key = pattern.sub(to, key)
    for pattern, to in _COMMON:
        key = pattern.sub(to, key)
    return key.lower()


@lru_cache(maxsize=65536)
def _word_key(word: str) -> str:
    return _key(word, _LATIN)


def skeleton(text: str) -> str:
    """The key of ``text``, word by word: equal for a Greek spelling and its Greeklish ones."""
    return " ".join(map(_word_key, words(text)))


def readings(text: str) -> tuple[str, ...]:
    """The keys that ``text`` may have been meant for, likeliest first (its skeleton), without doubles."""
    typed = words(text)
    found = [" ".join(map(_word_key, typed))]
    found += [" ".join(_word_key(pattern.sub(to, word)) for word in typed) for pattern, to in _READINGS]
    return tuple(dict.fromkeys(found))
